# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the report, read by a parser. What a browser makes of it is in tests/browser."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import RULES
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.html import render
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.html_page import TITLES
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.texts import mark_unseen
from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import HOSTILE, document, texts, with_summary

VOID = {"meta", "col", "input", "br"}
ATTRIBUTES = {
    *("id", "class", "lang", "hidden", "open", "tabindex", "role", "scope", "href", "for", "type", "value", "label"),
    *("charset", "content", "name", "http-equiv", "datetime", "autocomplete", "inputmode", "min", "max", "step"),
    *("aria-label", "aria-labelledby", "aria-hidden", "aria-sort", "data-group", "data-week"),
    *("focusable", "width", "height", "x"),
}
ENABLED_BY = [("permission", "by the permission Manage API keys"), ("switch", "by the tenant's switch, which is on")]


class Page(HTMLParser):
    """Elements with their attributes and the text of each; fails where tags do not match."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = source
        self.tags: list[str] = []
        self.attributes: list[dict[str, str | None]] = []
        self.pieces: list[str] = []
        self.extents: list[slice] = []
        self.open: list[tuple[str, int]] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.tags.append(tag)
        self.attributes.append(dict(attrs))
        self.extents.append(slice(len(self.pieces), len(self.pieces)))
        if tag not in VOID:
            self.open.append((tag, len(self.tags) - 1))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        opened, index = self.open.pop()
        assert opened == tag
        self.extents[index] = slice(self.extents[index].start, len(self.pieces))

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def text_of(self, index: int) -> str:
        return "".join(self.pieces[self.extents[index]])

    def all(self, tag: str, **attributes: str) -> list[str]:
        """The texts of elements, in the order of the page."""
        found = enumerate(zip(self.tags, self.attributes, strict=True))
        return [
            self.text_of(index) for index, (name, own) in found if name == tag and attributes.items() <= own.items()
        ]

    def text(self) -> str:
        return " ".join(self.all("body")[0].split())

    def script(self) -> str:
        """The script that runs."""
        (script,) = [index for index, tag in enumerate(self.tags) if tag == "script" and not self.attributes[index]]
        return self.text_of(script)

    def rows(self) -> list[str]:
        """The rows of the table of keys."""
        ids = [own.get("id") for own in self.attributes]
        table = range(ids.index("table"), ids.index("data"))
        rows = [self.text_of(index) for index in table if self.tags[index] == "tr"]
        return rows[1:]


@pytest.fixture(scope="module")
def large_page(large: dict[str, Any]) -> Page:
    return Page(render(large))


def test_two_thousand_keys_make_less_than_two_megabytes(large_page):
    assert len(large_page.source.encode()) < 2_000_000


def test_every_key_has_a_row_with_its_description(large, large_page):
    keys = {key["id"]: key for tenant in large["tenants"] for key in tenant["api_keys"]}
    rows = large_page.rows()
    assert len(rows) == len(keys) == 2000
    row_of = {key_id: row for row in rows for key_id in re.findall(r"[0-9a-f]{16}-\d+-\d+", row)[:1]}
    assert row_of.keys() == keys.keys()
    missing = [
        key["description"]
        for key_id, key in keys.items()
        if key["description"].strip(" ") and mark_unseen(key["description"]) not in row_of[key_id]
    ]
    assert missing == []


def test_every_finding_is_told(large, large_page):
    page_text = large_page.text()
    findings = [finding for tenant in large["tenants"] for finding in tenant["findings"]]
    assert [f for f in findings if " ".join(mark_unseen(f["what"]).split()) not in page_text] == []


def test_the_script_is_given_one_entry_a_row(large_page):
    (source,) = large_page.all("script", id="data")
    assert "<" not in source
    data = json.loads(source)
    assert len(data["rows"]) == 2000
    assert {number for row in data["rows"] for number in row[2]} <= set(range(len(data["severities"])))


def test_what_may_run_is_named_by_hashes_of_what_is_in_the_page(large_page):
    (policy,) = [own["content"] for own in large_page.attributes if own.get("http-equiv") == "Content-Security-Policy"]
    (style,) = large_page.all("style")
    script = large_page.script()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src '{sha256(style)}'",
        f"script-src '{sha256(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    named = [own.get("http-equiv") for own in large_page.attributes].index("Content-Security-Policy")
    assert named < large_page.tags.index("style") < large_page.tags.index("script")


def test_nothing_is_loaded_and_no_address_leads_out_of_the_page(large_page):
    addresses = [own["href"] for own in large_page.attributes if "href" in own]
    ids = [own["id"] for own in large_page.attributes if "id" in own]
    assert addresses and {address[0] for address in addresses} == {"#"}
    assert {address[1:] for address in addresses} <= set(ids)
    assert len(ids) == len(set(ids))
    assert not {"img", "link", "iframe", "object", "embed", "base"} & set(large_page.tags)
    (style,) = large_page.all("style")
    assert not re.search(r"url\(|@import|@font-face|image-set|\\", style)
    uses = r"innerHTML|insertAdjacent|document\.write|eval|Function\(|fetch|Storage|location|cookie"
    assert not re.search(uses, large_page.script())


@pytest.mark.parametrize("text", list(filter(None, HOSTILE)))
def test_no_element_or_attribute_comes_of_a_text(text):
    page, plain = (Page(render(filled_with(each))) for each in (text, "harmless"))
    assert set(page.tags) - set(plain.tags) <= {"span", "details", "summary"}
    assert {name for own in page.attributes for name in own} <= ATTRIBUTES
    # Apart from marks, and from the parts of a text that is folded up, all is as with harmless texts.
    added = ({"class": "mark"}, {"class": "long"}, {"class": "soft"}, {})
    values = [[own for own in which.attributes if own not in added and "content" not in own] for which in (page, plain)]
    assert values[0] == values[1]


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip(" ")])
def test_a_text_is_isolated_and_shown_as_it_is_but_for_marks(text):
    shown = Page(render(filled_with(text))).all("bdi")
    assert mark_unseen(text) in shown
    assert not [each for each in shown if not each.isprintable()]


def test_a_mark_cannot_be_written_by_others():
    page = Page(render(filled_with("a⟨U+202E⟩b\u202e")))
    assert set(page.all("span", **{"class": "mark"})) == {"⟨U+202E⟩"}
    assert "a⟨U+202E⟩b⟨U+202E⟩" in page.all("bdi")


def test_a_long_text_is_folded_up_and_there_as_a_whole():
    page = Page(render(filled_with("W" * 600)))
    assert "W" * 600 in page.all("bdi")
    starts = [text for text in page.all("bdi") if text.endswith("W…")]
    assert starts and max(map(len, starts)) <= 301


@pytest.mark.parametrize(("empty", "words"), [("", "empty"), ("   ", "only spaces"), (None, "no description")])
def test_an_absent_description_is_said_to_be_so(empty, words):
    report = document(1, 1, False)
    report["tenants"][0]["api_keys"][0]["description"] = empty
    assert words in Page(render(report)).rows()[0]


def test_any_value_may_be_null():
    report = document(2, 1, False)
    for path in leaves(report):
        without = copy.deepcopy(report)
        put(without, path, None)
        Page(render(without))


def test_all_values_may_be_null_at_once():
    report = document(2, 4, False)
    for path in leaves(report):
        put(report, path, None)
    page = Page(render(report))
    assert len(page.rows()) == 4
    assert "None" not in page.text().replace("None are known.", "")


@pytest.mark.parametrize("name", ["config", "makers", "owner", "identity_provider", "summary", "policy"])
def test_what_is_a_dictionary_may_be_null(name):
    report = document(1, 30, False)
    for holder in (report, *report["tenants"], *report["tenants"][0]["api_keys"]):
        if name in holder:
            holder[name] = None
    assert len(Page(render(report)).rows()) == 30


def test_without_tenants_there_is_a_page():
    page = Page(render(document(0, 0)))
    assert "This report has no tenants." in page.text()
    assert page.all("table") == page.all("script", id="data") == []


def test_where_no_tenant_could_be_read_each_is_named_with_the_reason():
    page = Page(render(document(3, 0, False, unreachable=3)))
    assert "3 errors must be mended now." in page.text()
    assert "3 could not be read: dead-1, dead-2, dead-3" in page.text()
    for number in (1, 2, 3):
        assert f"Could not connect to dead-{number}.eu.qlikcloud.com: name or service not known." in page.text()


def test_where_nothing_is_found_that_is_said():
    report = document(1, 3, False)
    report["tenants"][0]["findings"] = []
    assert "Nothing needs to be done." in Page(render(with_summary(report["tenants"]))).text()


def test_what_could_not_be_read_is_no_all_clear():
    report = document(2, 3, False)
    for tenant in report["tenants"]:
        tenant["findings"] = []
    page = Page(render(with_summary(report["tenants"])))
    assert "Nothing needs to be done as far as is known. Nothing is known of 1 tenant." in page.text()
    assert page.all("p", **{"class": "verdict warning"})


def test_findings_come_worst_first_and_are_counted_in_words(large, large_page):
    titles = [" ".join(title.split()) for title in large_page.all("h3")]
    severities = [title.split()[0] for title in titles if title.split()[0] in ("Error", "Warning", "Note")]
    assert severities == sorted(severities, key=["Error", "Warning", "Note"].index)
    assert titles[0] == "Error Tenants could not be read 1"
    counts = large["summary"]["findings"]
    assert f"{counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes" in large_page.text()


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_title_in_words(rule):
    report = document(1, 1, False)
    found = {"rule": rule, "severity": "note", "what": "w", "whose": None, "advice": "a", "key_id": None, "tenant": "t"}
    report["tenants"][0]["findings"] = [found]
    titles = [" ".join(title.split()) for title in Page(render(report)).all("h3")]
    assert f"Note {TITLES[rule]} 1" in titles


@pytest.mark.parametrize(
    ("fail_on", "words"),
    [
        ("error", "A run fails on findings of severity error."),
        ("warning", "A run fails on findings of severity warning or worse."),
        ("never", "A run fails on no finding."),
    ],
)
def test_it_says_what_fails_a_run(fail_on, words):
    assert words in Page(render({**document(1, 1, False), "fail_on": fail_on})).text()


def test_times_are_in_utc_and_machines_can_read_them():
    report = document(1, 1, False)
    key = report["tenants"][0]["api_keys"][0]
    key["expiry"], key["expires_in"], key["created"] = "2026-12-03T15:00:59.123+01:00", 300_000, "yesterday <b>"
    page = Page(render(report))
    assert page.all("time", datetime="2026-12-03T14:00:59Z") == ["2026-12-03 14:00 UTC"]
    assert "2026-12-03 14:00 UTCin 3 days" in page.rows()[0]
    assert "yesterday <b>" in page.rows()[0]


def test_weeks_have_all_active_keys_that_expire_later(large, large_page):
    expiring = [key for tenant in large["tenants"] for key in tenant["api_keys"] if key["status"] == "active"]
    counts = list(map(int, large_page.all("td", **{"class": "number"})))
    assert len(counts) == 2 * 14
    assert sum(counts[::2]) == len(expiring)
    assert sum(counts[1::2]) == sum(key["successor"] is not None for key in expiring)


@pytest.mark.parametrize(("enabled_by", "words"), ENABLED_BY)
def test_a_tenant_is_shown_with_its_limits_and_who_may_make_keys(enabled_by, words):
    report = document(1, 5, False)
    tenant = report["tenants"][0]
    tenant |= {"enabled_by": enabled_by, "config": {**tenant["config"], "api_keys_enabled": True}}
    tenant["makers"] |= {"everybody": True, "complete": False}
    page_text = Page(render(report)).text()
    for part in (
        words,
        "24 hours",
        "365 days",
        "Everybody in the tenant",
        "there may be more",
        "Ana Silva ana@corp.example",
    ):
        assert part in page_text


def filled_with(text: str) -> dict[str, Any]:
    """A report with that text in every place where a text of others can be."""
    report = document(3, 12, False)
    fixed = {
        "status",
        "sub_type",
        "severity",
        "rule",
        "enabled_by",
        "expiry",
        "created",
        "last_updated",
        "key_id",
        "id",
    }
    for tenant in report["tenants"]:
        for path in leaves(tenant):
            if path[-1] not in fixed and texts(get(tenant, path)):
                put(tenant, path, text)
    return report


def leaves(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """The paths of all values that hold no others."""
    if isinstance(value, (dict, list)):
        for name, entry in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(entry, (*path, name))
    else:
        yield path


def get(value: Any, path: tuple) -> Any:
    for name in path:
        value = value[name]
    return value


def put(value: Any, path: tuple, new: Any) -> None:
    get(value, path[:-1])[path[-1]] = new


def sha256(source: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"
