# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as Markdown, rendered with tables, strike-through and links from bare addresses."""

from __future__ import annotations

from typing import Any

import pytest
from markdown_it import MarkdownIt

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.markdown import COLUMNS, render
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.texts import mark_unseen
from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import HOSTILE, document

FINDINGS = ["severity", "tenant", "what", "whose", "to do"]
HOSTILE_HERE = (
    *HOSTILE,
    *(
        "see http://evil.example/x",
        "www.evil.example",
        "evil.com/path?x=1",
        "//localhost/x",
        "ftp://x.example",
        "WWW.evil.com",
    ),
    *("mailto:a@evil.com", "a@evil.com", "https://[::1]/", "ex.ämple.com", "1.2.3.4:80", "http:\\\\evil.com"),
    *("![x](http://evil.com/x.png)", "[x]: http://evil.com", "[^1]", "<https://evil.com>", "<b>", "&lt;b&gt;", "&#60;"),
    *("a|b", "a\\|b", "a\\\\|b", "\\", "\\\\", "`a|b`", "``", "~~x~~", "**x**", "__x__", "_x_", "$x$", "# x", "- x"),
    *(
        "@octocat",
        "ask @org/team-a.",
        "(@a.b)",
        "`@a`",
        "``@a",
        "x@y",
        "@",
        "@ a",
        "#12",
        "see org/repo#12",
        "\\@a",
        "@a|b",
        "a_@b",
    ),
    *("1. x", "> x", "---", "```", "| --- |", "\\<b>", "a\n\nb", "a\n| b |", "- [ ] x", "    x", "x  "),
)


def rendered(report: dict[str, Any]) -> tuple[list[list[list[str]]], set[str]]:
    """The tables, as rows of texts, and the kinds of everything in the page."""
    tables: list[list[list[str]]] = []
    kinds = set()
    for token in MarkdownIt("gfm-like").parse(render(report)):
        kinds.add(token.type)
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type == "inline":
            kinds.update(child.type for child in token.children)
            if token.level > 2:
                tables[-1][-1].append("".join(child.content for child in token.children))
    return tables, kinds


PLAIN = {
    *(
        f"{part}_{end}"
        for part in ("heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td")
        for end in ("open", "close")
    ),
    *("inline", "text", "text_special", "code_inline"),
}


def test_a_large_hostile_report_comes_out_as_the_same_texts_in_two_tables_and_nothing_else(large):
    (findings, keys), kinds = rendered(large)
    assert kinds <= PLAIN
    assert (findings[0], keys[0]) == (FINDINGS, list(COLUMNS))
    found = [each for tenant in large["tenants"] for each in tenant["findings"]]
    order = ["error", "warning", "note"]
    expected = [
        [mark_unseen(each[name] or "").strip() for name in ("severity", "tenant", "what", "whose", "advice")]
        for each in sorted(found, key=lambda each: order.index(each["severity"]))
    ]
    assert findings[1:] == expected
    expected = [(tenant["host"], key) for tenant in large["tenants"] for key in tenant["api_keys"]]
    assert [(row[0], row[1], row[4]) for row in keys[1:]] == [
        (host, mark_unseen(key["description"]).strip(), key["expiry"]) for host, key in expected
    ]


@pytest.mark.parametrize("text", HOSTILE_HERE)
def test_a_text_comes_out_as_it_is_wherever_it_stands(text):
    report = document(2, 4, False)
    tenant = report["tenants"][0]
    key = tenant["api_keys"][0]
    key["description"] = tenant["host"] = key["owner"]["name"] = key["sub_type"] = text
    more = {"rule": "expires_soon", "severity": "error", "advice": text, "whose": text, "tenant": text}
    tenant["findings"] = [{"what": text, "key_id": None, **more}, {"what": text, "key_id": key["id"], **more}]
    (findings, keys), kinds = rendered(report)
    assert kinds <= PLAIN
    same = mark_unseen(text).strip()
    assert findings[1] == findings[2] == ["error", same, same, same, same]
    assert keys[1][:4] == [same, same, same, same if text else key["owner"]["id"]]
    assert keys[1][7] == same


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ask @octocat.", "ask `@octocat`."),
        ("@org/team-a, @b_c", "`@org/team-a`, `@b_c`"),
        ("org/repo#12", "org/repo`#12`"),
        ("ana@tenant.example", r"ana\@tenant\.example"),
        ("a @ b # c", r"a \@ b \# c"),
    ],
)
def test_nobody_is_notified_and_no_issue_linked_where_it_is_pasted(text, written):
    report = document(1, 1, False)
    report["tenants"][0]["api_keys"][0]["description"] = text
    assert f"| {written} |" in render(report)


def test_it_says_in_front_when_it_was_made_and_how_much_there_is(large):
    counts = large["summary"]["findings"]
    assert render(large).splitlines()[2] == (
        f"As of 2026-11-30 02:30 UTC: {large['summary']['active_keys']} active keys of 5 tenants, 1 of which could not be read. "
        f"Errors: {counts['error']}, warnings: {counts['warning']}, notes: {counts['note']}."
    )


@pytest.mark.parametrize(("valid", "word"), [(True, "valid"), (False, "NOT VALID"), (None, "")])
def test_a_stored_token_is_told_by_a_word(valid, word):
    report = document(1, 1, False)
    (tenant,) = report["tenants"]
    key_id = tenant["api_keys"][0]["id"]
    tenant["findings"] = []
    tenant["stored_tokens"] = [
        {"description": "d", "token_file": None, "key_id": key_id, "valid": valid, "reason": "why"}
    ]
    ((_names, row),), _kinds = rendered(report)
    assert row[6:] == [word, "why"]


def test_without_anything_it_says_so():
    text = render(document(0, 0))
    assert text.count("\nNothing.\n") == 2
    assert "0 active keys of 0 tenants" in text


def test_one_key_of_one_tenant_is_not_several():
    report = document(1, 1, unreachable=0)
    report["summary"].update(active_keys=1, tenants=1)
    assert "UTC: 1 active key of 1 tenant, " in render(report)
