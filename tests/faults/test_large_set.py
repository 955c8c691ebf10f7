# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of keys of which half are made when its run is killed: the next run makes the rest. ``make kills`` takes 300."""

from __future__ import annotations

from ansible_collections.tenantops.qlik_cloud.tests.faults.large_set import Stop, stopped_in_the_middle, table
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Stage

KEYS = 60
HALF = KEYS // 2


def test_the_next_run_goes_on_from_there(stage: Stage) -> None:
    stops, violations = stopped_in_the_middle(stage, KEYS)
    assert violations == []
    # The tenant had made one key more than it had answered for: nobody holds that token, so the key is retired.
    assert stops == [
        Stop(active=HALF, held=HALF - 1, writes={}),
        Stop(active=KEYS, held=KEYS, writes={"DELETE": 1, "POST": HALF + 1}),
        Stop(active=KEYS, held=KEYS, writes={}),
    ]


def test_the_table_has_a_line_for_each_run() -> None:
    stops = [Stop(2, 1, {}), Stop(4, 4, {"POST": 3, "DELETE": 1}), Stop(4, 4, {})]
    assert table(stops).splitlines()[2:] == [
        "| run 1, killed | 2 | 1 | |",
        "| run 2 | 4 | 4 | 1 DELETE, 3 POST |",
        "| run 3 | 4 | 4 | none |",
    ]
