# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every run must be like, whatever it met: ended by itself, its words plain and short, no secret in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from hostile.module_run import Run

LONGEST_TEXT = 10_000
DEFECT = "This is a defect"
TRACEBACK = "Traceback (most recent call last)"
# So many letters of a token's signature in a row are not there by chance, and are too many to show.
TELLING = 20
# What is made to be shown is searched as it is, and with such encodings undone.
ENCODED_TIMES = 2


def complaints(run: Run, secrets: Iterable[str] = ()) -> list[str]:
    """In words, what is wrong with a run; nothing for one that failed as it should."""
    if not run.has_ended:
        return [f"had not ended after {run.seconds:.0f} s"]
    if run.code not in (0, 1):
        return [f"ended with {run.code}: {run.complained[-500:]}"]
    try:
        result = run.result
    except ValueError as error:
        return [f"printed what is no JSON object: {error}"]
    found = [f"showed a defect: {text}" for text in words_of(result) if DEFECT in text]
    found += ["wrote to stderr: " + run.complained[-500:]] if run.complained else []
    found += ["showed a traceback"] if TRACEBACK in run.printed or "exception" in result else []
    found += [f"ended with {run.code}, and failed is {run.failed}"] if run.code != int(run.failed) else []
    found += ["failed without a message"] if run.failed and not run.message.strip() else []
    for text in words_of(result):
        found += [f"showed {len(text)} characters: {text[:200]}"] if len(text) > LONGEST_TEXT else []
        found += [f"showed unprintable characters: {text[:200]!r}"] if not is_plain(text) else []
    whole = json.dumps(_without_returned_tokens(result), ensure_ascii=False)
    return found + [f"showed a secret: {part}" for part in shown_of(whole, secrets)]


def words_of(result: dict[str, Any]) -> list[str]:
    """What a run says in its own words: message, warnings, and what it knows of a failed call."""
    messages = [result.get("msg", ""), *result.get("warnings", []), *result.get("deprecations", [])]
    failure = result.get("failure") or {}
    return [text for value in (*messages, *failure.values()) for text in _texts(value)]


def is_plain(text: str) -> bool:
    """Whether a terminal shows it as it is: nothing that moves the cursor, turns the direction, or cannot be encoded."""
    return text.replace("\n", "").isprintable()


def shown_of(text: str, secrets: Iterable[str]) -> list[str]:
    """The parts of secrets that a text shows: a whole one, or of a token a piece of its signature."""
    texts = [text]
    while "%" in texts[-1] and len(texts) <= ENCODED_TIMES:
        texts.append(unquote(texts[-1]))
    parts = (_shown(text, secret) for secret in secrets for text in texts)
    return [part for part in parts if part is not None]


def _shown(text: str, secret: str) -> str | None:
    return secret if secret in text else _piece_of_signature(text, secret)


def _piece_of_signature(text: str, secret: str) -> str | None:
    """Every piece that is long enough to tell holds one of the blocks whole, so that only those are looked for."""
    signature = secret.rpartition(".")[2] if secret.count(".") == 2 else ""
    half = TELLING // 2
    for begin in range(0, len(signature) - half + 1, half):
        if signature[begin : begin + half] not in text:
            continue
        for start in range(max(0, begin - half), min(begin, len(signature) - TELLING) + 1):
            if signature[start : start + TELLING] in text:
                return signature[start : start + TELLING]
    return None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _without_returned_tokens(result: dict[str, Any]) -> dict[str, Any]:
    """The token of a new key is to be returned, where it is documented, and nowhere else."""
    kept = {name: value for name, value in result.items() if name != "token"}
    records = kept.get("api_keys")
    if isinstance(records, list):
        kept["api_keys"] = [
            {name: value for name, value in record.items() if name != "token"} if isinstance(record, dict) else record
            for record in records
        ]
    return kept


def returned_tokens(result: dict[str, Any]) -> list[str]:
    """The tokens that a run gives its caller."""
    records = [result, *(result.get("api_keys") or [])]
    return [record["token"] for record in records if isinstance(record, dict) and isinstance(record.get("token"), str)]
