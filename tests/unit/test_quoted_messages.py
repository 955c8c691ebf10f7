# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages that the documentation explains are those that the collection tells."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What stands for a value in a quoted message, or is one.
VALUE = re.compile(r"…|keys\[\d\]|https?://\S*|/etc/\S*|'[^']*'|\d+")
AROUND = " .:,()"
# Shorter ones occur in other messages by chance.
MIN_LENGTH = 7
# What HTTP and Ansible say.
NOT_OURS = {"Unauthorized", "could not be verified by inventory plugin"}


def quoted_messages() -> Iterator[tuple[str, str]]:
    """The documents, and what they quote in the first column of their tables of messages."""
    for path in sorted((ROOT / "docs").glob("*.md")):
        is_table = False
        for line in path.read_text(encoding="utf-8").splitlines():
            is_table = line.startswith("|") and (is_table or line.startswith(("| the message says", "| message ")))
            if is_table:
                for message in re.findall(r"`([^`]+)`", line.split(" | ")[0]):
                    yield path.name, message


def message_texts() -> list[str]:
    """All texts in the source of plugins, roles and playbooks, those of f-strings without their values."""
    folders = (ROOT / "roles", ROOT / "playbooks")
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.rglob("*.yml"))]
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
            elif isinstance(node, ast.JoinedStr):
                texts.append("\0".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)))
    return texts


TEXTS = message_texts()
PIECES = {
    piece for text in TEXTS for piece in (each.strip(AROUND) for each in text.split("\0")) if len(piece) >= MIN_LENGTH
}


def is_message(part: str) -> bool:
    """Whether the part stands in a text, or has values in it and a piece of a text between them."""
    return any(part in text for text in TEXTS) or any(piece in part for piece in PIECES)


@pytest.mark.parametrize(("document", "message"), list(quoted_messages()))
def test_a_quoted_message_is_told(document, message):
    parts = [part.strip(AROUND) for part in VALUE.split(message)]
    assert [part for part in parts if len(part) >= MIN_LENGTH and part not in NOT_OURS and not is_message(part)] == []


def test_what_is_not_told_is_found_out():
    assert len(list(quoted_messages())) > 30
    assert not is_message("matches as well, and it is neither known to be older than")
