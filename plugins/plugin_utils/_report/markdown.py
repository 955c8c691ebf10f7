# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as Markdown, for a job's output, a ticket or a wiki."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.rows import build_rows
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.texts import format_count, mark_unseen

# What means something inside a line of Markdown or of what is added to it, such as links from addresses without brackets, also
# from bare host names. Each may be escaped by a backslash (CommonMark, section 2.4).
SPECIAL = re.compile(r"[\\`*_\[\]<>|~&@!#$]|(?<=www)\.|(?<=\w)\.(?=\w)|[:/](?=/)", re.IGNORECASE)
# What GitHub and GitLab take for a person or an issue, and notify or link. A backslash does not stop that, only code does.
REFERENCE = re.compile(r"((?<![a-z0-9_])@[a-z0-9_](?:[./-]?[a-z0-9_])*|#[0-9]+)", re.ASCII | re.IGNORECASE)
COLUMNS = ("tenant", "key", "kind", "owner", "expires", "days left", "stored token", "remark")
STORED = {True: "valid", False: "NOT VALID", None: ""}


def render(document: Mapping[str, Any]) -> str:
    """What must be done, then a table of all keys."""
    summary = document["summary"]
    counts = summary["findings"]
    lines = [
        "# API keys of Qlik Cloud tenants",
        "",
        (
            f"As of {document['made_at'].replace('T', ' ')[:16]} UTC: {format_count(summary['active_keys'], 'active key')} of "
            f"{format_count(summary['tenants'], 'tenant')}, {summary['unreachable']} of which could not be read. "
            f"Errors: {counts['error']}, warnings: {counts['warning']}, notes: {counts['note']}."
        ),
        "",
        "## What must be done",
        "",
        *_format_table(
            ("severity", "tenant", "what", "whose", "to do"),
            [_build_finding_cells(found) for found in _sort_findings(document)],
        ),
        "",
        "## Keys",
        "",
        *_format_table(
            COLUMNS, [_build_key_cells(row) for row in build_rows(document) if row.get("description") is not None]
        ),
    ]
    return "\n".join(lines) + "\n"


def _sort_findings(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    order = list(document["summary"]["findings"])
    found = [finding for tenant in document["tenants"] for finding in tenant["findings"]]
    return sorted(found, key=lambda finding: order.index(finding["severity"]))


def _build_finding_cells(found: Mapping[str, Any]) -> tuple[Any, ...]:
    return found["severity"], found["tenant"], found["what"], found["whose"], found["advice"]


def _build_key_cells(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        *(row["tenant"], row["description"], row["sub_type"], row["owner"], row["expiry"], row["days_left"]),
        *(STORED[row["stored_token_valid"]], row["remark"]),
    )


def _format_table(names: Sequence[str], lines: Sequence[Sequence[Any]]) -> list[str]:
    if not lines:
        return ["Nothing."]
    return [
        _format_row(names),
        f"|{'---|' * len(names)}",
        *(_format_row([_format_cell(value) for value in line]) for line in lines),
    ]


def _format_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _format_cell(value: Any) -> str:
    if value is None:
        return ""
    # By turns what is between references, and a reference.
    parts = REFERENCE.split(mark_unseen(str(value)))
    parts[::2] = [SPECIAL.sub(r"\\\g<0>", part) for part in parts[::2]]
    parts[1::2] = [f"`{part}`" for part in parts[1::2]]
    return "".join(parts)
