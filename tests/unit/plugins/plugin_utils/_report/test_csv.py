# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as CSV, read back by Python and as spreadsheets read it."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.csv import render
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.rows import COLUMNS
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.texts import mark_unseen
from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import HOSTILE, document

BEGINNINGS = "=+-@|%＝＋－＠"
FORMULAS = [
    f"{before}{sign}1+1" for sign in BEGINNINGS for before in ("", " ", "\u00a0", "\t", "\r\n", "a;", "a; ", "a;b;")
]


def cells(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def table(report: dict[str, Any]) -> list[dict[str, str]]:
    names, *rows = cells(render(report))
    assert tuple(names) == COLUMNS
    assert {len(row) for row in rows} <= {len(COLUMNS)}
    return [dict(zip(names, row)) for row in rows]


def without_marks(text: str) -> str:
    """The text without the apostrophes that may stand before a formula."""
    return text.replace("'", "")


def with_description(text: str) -> dict[str, Any]:
    report = document(1, 1, False)
    report["tenants"][0]["api_keys"][0]["description"] = text
    return report


def test_each_key_has_one_row_and_so_has_each_finding_without_a_key(large):
    rows = table(large)
    keys = [(tenant, key) for tenant in large["tenants"] for key in tenant["api_keys"]]
    others = [each for tenant in large["tenants"] for each in tenant["findings"] if each["key_id"] is None]
    assert len(rows) == len(keys) + len(others)
    assert len(render(large).splitlines()) == 1 + len(rows)
    by_id = {row["id"]: row for row in rows if row["id"]}
    for tenant, key in keys:
        row, owner = by_id[key["id"]], key["owner"]
        assert without_marks(row["description"]) == without_marks(mark_unseen(key["description"]))
        assert without_marks(row["owner"]) == without_marks(mark_unseen(owner["name"] or owner["id"]))
        assert (row["tenant"], row["expiry"], row["sub"]) == (tenant["host"], key["expiry"], key["sub"])
        assert (row["owner_email"], row["owner_status"]) == (owner["email"] or "", owner["status"] or "")
    assert [row["remark"] for row in rows if not row["id"]] == [each["what"] for each in others]


def test_a_spreadsheet_takes_every_cell_for_text_or_a_number(large):
    sheet = openpyxl.Workbook().active
    for row in cells(render(large)):
        # Whoever opens a file of that suffix has its cells taken for what they look like.
        sheet.append([int(cell) if cell.lstrip("-").isdigit() and len(cell) < 12 else cell or None for cell in row])
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert kinds == {"s", "n"}
    assert sheet.max_column == len(COLUMNS)


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("text", [*FORMULAS, *HOSTILE, "'=1+1", '";=1+1', '"";"=1+1', "a\n=1+1"])
def test_no_cell_begins_like_a_formula_whichever_sign_a_spreadsheet_separates_cells_by(text, delimiter):
    for row in cells(render(with_description(text)), delimiter):
        for cell in row:
            assert not cell.lstrip().startswith(tuple(BEGINNINGS)) or cell.lstrip("-").isdigit()


def test_with_commas_in_a_text_it_stays_one_cell():
    (row,) = [row for row in table(with_description('a,"b",=c')) if row["id"]]
    assert row["description"] == 'a,"b",=c'


@pytest.mark.parametrize("text", ["nightly reload", "a-b", "a = b", "a; b", "50 %", "Ana's", "5", "ключ"])
def test_harmless_texts_are_as_they_were(text):
    assert text in [row["description"] for row in table(with_description(text))]


def test_what_is_not_known_is_empty_and_what_is_true_is_a_word():
    report = with_description("x")
    (key,) = report["tenants"][0]["api_keys"]
    key |= {"expiry": None, "expires_in": None, "created": None, "owner": None, "successor": None}
    token = {
        "description": "x",
        "token_file": None,
        "key_id": key["id"],
        "valid": True,
        "reason": "the tenant accepts it",
    }
    report["tenants"][0] |= {"stored_tokens": [token], "findings": [], "hostname": None}
    (row,) = table(report)
    assert {name for name, value in row.items() if not value} == {
        *("hostname", "expiry", "days_left", "owner", "owner_email", "owner_status", "created", "successor", "severity")
    }
    assert (row["stored_token_valid"], row["remark"]) == ("true", "the tenant accepts it")


@pytest.mark.parametrize(("seconds", "days"), [(0, "0"), (86399, "0"), (86400, "1"), (-1, "-1"), (-86401, "-2")])
def test_days_are_whole_ones(seconds, days):
    report = with_description("x")
    report["tenants"][0]["api_keys"][0]["expires_in"] = seconds
    assert [row["days_left"] for row in table(report) if row["description"] == "x"] == [days]


def test_a_row_has_the_severity_of_the_worst_that_was_found_and_all_remarks():
    report = with_description("x")
    (tenant,), key_id = report["tenants"], report["tenants"][0]["api_keys"][0]["id"]
    more = {"whose": None, "advice": "a", "key_id": key_id, "tenant": "t"}
    tenant["findings"] = [
        {"rule": "expires_soon", "severity": "error", "what": "One.", **more},
        {"rule": "not_rotated", "severity": "note", "what": "Two.", **more},
    ]
    assert [(row["severity"], row["remark"]) for row in table(report)] == [("error", "One. Two.")]


def test_without_anything_there_are_the_names():
    assert cells(render(document(0, 0))) == [list(COLUMNS)]
