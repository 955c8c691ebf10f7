# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says of one tenant, in one line."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.summary import format_summary
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW, after
from ansible_collections.tenantops.qlik_cloud.tests.unit.plugins.module_utils._findings.snapshots import (
    owned,
    snapshot,
    stored,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import HOSTILE


def summarize(*keys, severities: str = "", **more) -> str:
    return format_summary("host", snapshot(*keys, **more), [{"severity": each} for each in severities.split()], NOW)


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("host: 0 active keys; nothing to be done", []),
        ("host: 1 active key, the first to expire in 59 days: nightly reload; nothing to be done", [owned()]),
        ("host: 1 active key; nothing to be done", [owned(successor="key-2")]),
        ("host: 1 active key; nothing to be done", [owned(expiry=None)]),
        ("host: 0 active keys; nothing to be done", [owned(status="expired", expiry=after(days=-1))]),
    ],
)
def test_it_counts_active_keys_and_names_the_first_to_expire_that_has_no_successor(line, keys):
    assert summarize(*keys) == line


def test_the_first_to_expire_is_the_first_in_order_that_counts():
    keys = [owned("a", successor="x", expiry=after(days=1)), owned("b", description="b", expiry=after(hours=30))]
    assert summarize(*keys, owned("c", expiry=None)).startswith("host: 3 active keys, the first to expire in 1 day: b;")


def test_stored_tokens_are_counted_as_far_as_they_could_be_read():
    tokens = [stored(True), stored(False), stored(None)]
    assert summarize(stored_tokens=tokens) == "host: 0 active keys; stored tokens: 1 of 2 valid; nothing to be done"
    assert summarize(stored_tokens=[stored(None)]) == "host: 0 active keys; nothing to be done"


def test_findings_are_counted_the_most_severe_first():
    assert summarize(severities="note error warning warning").endswith("; 1 error, 2 warnings, 1 note")
    assert summarize(severities="note note").endswith("; 2 notes")


@pytest.mark.parametrize("text", HOSTILE)
def test_it_is_one_line_whatever_a_key_is_called(text):
    line = summarize(owned(description=text))
    assert line.isprintable() and len(line) <= 2000
    assert line.endswith("; nothing to be done")
