# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.markdown import render
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.shown import MOST_UNASKED, shown
from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import document

SMALL, LARGE = document(keys=20), document(keys=2000)


@pytest.mark.parametrize(
    ("asked", "lose_it", "is_shown"),
    [(None, False, False), (None, True, True), (True, False, True), (True, True, True), (False, True, False)],
)
def test_it_is_shown_where_that_was_said_or_it_would_be_lost(asked, lose_it, is_shown):
    assert shown(SMALL, asked, lose_it=lose_it) == (render(SMALL).splitlines() if is_shown else [])


def test_unasked_not_more_than_is_of_use_is_shown_and_the_rest_is_told():
    lines = shown(LARGE, None, lose_it=True)
    everything = render(LARGE).splitlines()
    assert lines[:-1] == everything[:MOST_UNASKED]
    assert lines[-1] == f"… and {len(everything) - MOST_UNASKED} lines more, which show: true would show."
    assert shown(LARGE, True, lose_it=True) == everything
