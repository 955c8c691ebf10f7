# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people can do with the page of the report, in each width and colour scheme, by keyboard, on paper, and without script."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import MADE_AT

WIDTHS = (390, 1024, 1600)
SCHEMES = ("light", "dark")
FOCUSED = "document.activeElement.id || document.activeElement.textContent.trim()"
SHOWN = "Array.from(document.querySelectorAll('#table tbody tr')).filter(row => row.getClientRects().length).length"
OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true; })"
LAY_OUT_ALL = "document.querySelectorAll('tbody tr').forEach(row => { row.style.contentVisibility = 'visible'; })"
TIMED = """text => {
    const field = document.getElementById("f-text"), started = performance.now();
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.body.getBoundingClientRect();
    return performance.now() - started;
}"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["small", "unreachable", "empty"])
def test_axe_finds_nothing(open_page, name, scheme, width):
    page = open_page(name, width=width, scheme=scheme)
    assert violations(page) == []
    page.evaluate(OPEN_ALL)
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, *WIDTHS])
@pytest.mark.parametrize("name", ["large", "small", "unreachable", "empty"])
def test_the_page_never_scrolls_sideways(open_page, name, width):
    page = open_page(name, width=width)
    page.evaluate(OPEN_ALL)
    page.evaluate(LAY_OUT_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wider = (
        "Array.from(document.querySelectorAll('td, th, li, dd')).filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert page.evaluate(wider) == 0


def test_nothing_of_a_text_becomes_an_element(open_page):
    page = open_page("large")
    page.evaluate(OPEN_ALL)
    assert page.locator("img, iframe, template, plaintext, [style], [onload], [onerror], [onfocus]").count() == 0
    assert page.locator("script").count() == 2
    assert page.locator("a:not([href^='#'])").count() == 0


def test_by_keyboard_alone_one_skips_filters_sorts_and_clears(open_page, documents):
    page = open_page("small")
    keys = page.keyboard
    keys.press("Tab")
    assert page.evaluate(FOCUSED) == "Skip to the report"
    keys.press("Enter")
    assert page.evaluate(FOCUSED) == "main"
    tab_to(page, "f-text")
    keys.type("BACKUP prod-eu")
    fits = [key for host, key in all_keys(documents["small"]) if host == "prod-eu" and "backup" in row_text(key)]
    assert page.evaluate(SHOWN) == len(fits) > 0
    assert page.locator("#shown").inner_text() == f"{len(fits)} of 60 API keys are shown"
    tab_to(page, "f-kind")
    keys.press("ArrowDown")
    assert page.locator("#f-kind").evaluate("field => field.selectedOptions[0].text") == "User"
    tab_to(page, "f-days")
    keys.type("30")
    until = (MADE_AT + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    fits = [key for key in fits if key["sub_type"] == "user" and key["status"] == "active" and key["expiry"] <= until]
    assert page.evaluate(SHOWN) == len(fits)
    tab_to(page, "Clear filters")
    keys.press("Enter")
    assert page.evaluate(SHOWN) == 60
    assert page.locator("#shown").inner_text() == "All 60 API keys are shown"
    tab_to(page, "Created")
    keys.press("Enter")
    assert created(page) == sorted(created(page))
    keys.press("Space")
    assert created(page) == sorted(created(page), reverse=True)
    assert page.evaluate(FOCUSED) == "Created"
    sorts = page.locator("#table thead th").evaluate_all("all => all.map(each => each.getAttribute('aria-sort'))")
    assert sorts == ["none"] * 4 + ["descending"] + ["none"] * 4


def test_whatever_has_the_focus_shows_it(open_page):
    page = open_page("small", scheme="dark")
    for press in range(60):
        page.keyboard.press("Tab")
        style = page.evaluate("(s => [s.outlineStyle, s.outlineWidth])(getComputedStyle(document.activeElement))")
        assert style == ["solid", "3px"], f"after {press + 1}: {page.evaluate(FOCUSED)}"


def test_every_column_sorts_both_ways_and_loses_no_row(open_page):
    page = open_page("small")
    for column in range(9):
        header = page.locator("#table thead th").nth(column)
        first = "descending" if header.get_attribute("aria-sort") == "ascending" else "ascending"
        for order in (first, "ascending" if first == "descending" else "descending"):
            header.locator("button").click()
            assert header.get_attribute("aria-sort") == order
            assert page.evaluate(SHOWN) == 60
    header.locator("button").click()
    worst = page.locator("#table tbody tr td:last-child").evaluate_all(
        "all => all.map(each => ['Error', 'Warning', 'Note'].findIndex(word => each.textContent.includes(word)) & 3)"
    )
    assert worst == sorted(worst)


def test_filters_by_tenant_and_finding_show_what_the_document_says(open_page, documents):
    page = open_page("large")
    tenants = documents["large"]["tenants"]
    page.select_option("#f-tenant", label="test-eu")
    assert page.evaluate(SHOWN) == len(next(each for each in tenants if each["host"] == "test-eu")["api_keys"])
    page.get_by_role("button", name="Clear filters").click()
    for label, severity in (("Errors", "error"), ("Warnings", "warning"), ("Notes", "note")):
        page.select_option("#f-finding", label=label)
        assert page.evaluate(SHOWN) == len(found(tenants, severity=severity))
    page.select_option("#f-finding", label="Warning: owner gone")
    assert page.evaluate(SHOWN) == len(found(tenants, rule="owner_gone"))
    page.select_option("#f-finding", label="Without findings")
    without = page.evaluate(SHOWN)
    page.select_option("#f-finding", label="With findings")
    assert without + page.evaluate(SHOWN) == 2000


def test_a_week_a_group_and_a_link_show_their_keys(open_page):
    page = open_page("large")
    week = page.locator(".weeks tbody tr").nth(1)
    keys = int(week.locator("td").first.inner_text())
    week.get_by_role("button").click()
    assert page.evaluate(SHOWN) == keys
    assert page.evaluate(FOCUSED) == "keys"
    assert "only those that expire from 2026-12-07 to 2026-12-13" in page.locator("#shown").inner_text()
    group = page.locator(".group").filter(has_text="Owners are disabled")
    group.get_by_role("button", name="Show these API keys").click()
    assert page.locator("#f-finding option:checked").inner_text() == "Warning: owner disabled"
    assert page.evaluate(SHOWN) == int(group.locator(".count").inner_text())
    page.fill("#f-text", "nothing has this text")
    assert page.evaluate(SHOWN) == 0
    link = group.get_by_role("link", name="Show its row").first
    link.click()
    assert page.locator(str(link.get_attribute("href"))).is_visible()


def test_filters_are_kept_nowhere(open_page):
    page = open_page("small")
    page.fill("#f-text", "backup")
    assert "#" not in page.url
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.reload()
    assert page.input_value("#f-text") == ""
    assert page.evaluate(SHOWN) == 60


def test_two_thousand_rows_are_filtered_rightly(open_page, documents, capsys):
    page = open_page("large")
    texts = ("w", "wo", "zz", "backup", "prod-eu scim", "")
    times = [f"{text!r} {page.evaluate(TIMED, text):.0f} ms" for text in texts]
    page.fill("#f-text", "backup")
    assert page.evaluate(SHOWN) == sum("backup" in row_text(each[1]) for each in all_keys(documents["large"]))
    with capsys.disabled():
        print(f"\nfilters of 2000 rows, layout included: {', '.join(times)}")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_on_paper_all_rows_and_no_filters(open_page, scheme):
    page = open_page("small", scheme=scheme)
    page.fill("#f-text", "nothing has this text")
    page.emulate_media(media="print")
    assert page.evaluate(SHOWN) == 60
    assert not page.locator("#filters").is_visible() and not page.locator("nav").is_visible()
    assert page.locator("#table thead").evaluate("each => getComputedStyle(each).display") == "table-header-group"
    # With the box of a button in it, Chromium would not repeat the header on each page.
    assert page.locator("#table thead button").first.evaluate("each => getComputedStyle(each).display") == "contents"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".tenant dl").first.is_visible()
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF") and printed.count(b"/Type /Page\n") > 5


@pytest.mark.parametrize("width", WIDTHS)
def test_without_script_the_whole_table_is_there(open_page, width):
    page = open_page("small", width=width, script=False)
    assert page.locator("#table tbody tr:visible").count() == 60
    assert page.locator("button:visible, input:visible, select:visible").count() == 0


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['impact']}: {each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what has this id or text has the focus."""
    passed = []
    while (focused := page.evaluate(FOCUSED)) != wanted:
        passed.append(focused)
        assert len(passed) < 200, f"{wanted} cannot be reached, but {passed}"
        page.keyboard.press("Tab")


def created(page: Page) -> list[str]:
    return page.locator("#table tbody td:nth-child(5)").all_text_contents()


def all_keys(report: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(tenant["host"], key) for tenant in report["tenants"] for key in tenant["api_keys"]]


def row_text(key: dict[str, Any]) -> str:
    """What of a row's text can hold a word such as "backup"."""
    return f"{key['description']} {key['owner']['name']}".lower()


def found(tenants: list[dict[str, Any]], **wanted: str) -> set[str]:
    """The keys that have such a finding."""
    findings = [finding for tenant in tenants for finding in tenant["findings"] if wanted.items() <= finding.items()]
    return {finding["key_id"] for finding in findings} - {None}
