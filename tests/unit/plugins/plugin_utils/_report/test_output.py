# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.markdown import render
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.output import MAX_UNASKED_LINES, show_report
from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import document

SMALL, LARGE = document(keys=20), document(keys=2000)


@pytest.mark.parametrize(
    ("asked", "lose_it", "is_shown"),
    [(None, False, False), (None, True, True), (True, False, True), (True, True, True), (False, True, False)],
)
def test_it_is_shown_where_that_was_said_or_it_would_be_lost(asked, lose_it, is_shown):
    assert show_report(SMALL, asked, is_lost_otherwise=lose_it) == (render(SMALL).splitlines() if is_shown else [])


def test_unasked_not_more_than_is_of_use_is_shown_and_the_rest_is_told():
    lines = show_report(LARGE, None, is_lost_otherwise=True)
    everything = render(LARGE).splitlines()
    assert lines[:-1] == everything[:MAX_UNASKED_LINES]
    assert lines[-1] == f"… and {len(everything) - MAX_UNASKED_LINES} lines more, which show: true would show."
    assert show_report(LARGE, True, is_lost_otherwise=True) == everything
