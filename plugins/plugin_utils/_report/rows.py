# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as rows of a table: one for each key, and one for whatever else was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

DAY = 24 * 60 * 60
COLUMNS = (
    *("tenant", "hostname", "id", "description", "sub_type", "sub", "expiry", "days_left"),
    *("stored_token_valid", "remark", "owner", "owner_email", "owner_status", "created", "successor", "severity"),
)


def build_rows(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """By the names in ``COLUMNS``; None where there is nothing to say. ``remark``: what was found, or how the stored token is."""
    for tenant in document["tenants"]:
        place = {"tenant": tenant["host"], "hostname": tenant["hostname"]}
        ids = {key["id"] for key in tenant["api_keys"]}
        stored = {token["key_id"]: token for token in tenant["stored_tokens"] if token["key_id"] in ids}
        found: dict[str | None, list[Mapping[str, Any]]] = defaultdict(list)
        for finding in tenant["findings"]:
            found[finding["key_id"]].append(finding)
        for key in tenant["api_keys"]:
            token = stored.get(key["id"])
            yield {**place, **_describe_key(key, token), **_describe_findings(found[key["id"]], token)}
        for finding in tenant["findings"]:
            if finding["key_id"] not in ids:
                yield {**place, "id": finding["key_id"], **_describe_findings([finding], None)}


def _describe_key(key: Mapping[str, Any], stored: Mapping[str, Any] | None) -> dict[str, Any]:
    owner = key["owner"] or {}
    same = ("id", "description", "sub_type", "sub", "expiry", "created", "successor")
    return {
        **{name: key[name] for name in same},
        "days_left": None if key["expires_in"] is None else key["expires_in"] // DAY,
        "stored_token_valid": stored and stored["valid"],
        "owner": owner.get("name") or owner.get("id"),
        "owner_email": owner.get("email"),
        "owner_status": owner.get("status"),
    }


def _describe_findings(found: list[Mapping[str, Any]], stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """The findings of a row come with the most severe first, which is that of the row."""
    remarks = [finding["what"] for finding in found] or [stored["reason"] if stored else None]
    return {
        "remark": " ".join(filter(None, remarks)) or None,
        "severity": found[0]["severity"] if found else None,
    }
