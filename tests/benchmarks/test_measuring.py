# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command costs is measured with its descendants, and a command that did not do its work is no measurement."""

from __future__ import annotations

import os
import sys

import pytest

from benchmarks.measuring import Cost, FailedRun, measure, median, take_turns

BUSY_CHILD = (
    "import time; kept = bytearray(150 << 20); end = time.process_time() + 1\nwhile time.process_time() < end: pass"
)
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY_CHILD!r}], check=True)"


def test_cpu_and_memory_of_a_commands_children_are_counted(tmp_path):
    cost = measure([sys.executable, "-c", PARENT], tmp_path, os.environ)
    assert cost.wall >= 1
    assert cost.cpu >= 1
    assert 150 < cost.memory < 300


@pytest.mark.parametrize(("program", "fails"), [("exit(3)", False), ("print('done')", True)])
def test_a_run_that_did_not_end_as_it_must_says_what_it_printed(tmp_path, program, fails):
    with pytest.raises(FailedRun, match="exit code"):
        measure([sys.executable, "-c", program], tmp_path, os.environ, fails=fails)


def test_contenders_take_turns():
    order = []

    def contender(name):
        return lambda: order.append(name) or Cost(len(order), 0, 0)

    costs = take_turns({"a": contender("a"), "b": contender("b")}, rounds=3)
    assert order == ["a", "b", "a", "b", "a", "b"]
    assert median(costs["b"]) == Cost(4, 0, 0)


def test_in_each_round_quick_ones_have_more_turns():
    order = []

    def contender(name, seconds):
        return lambda: order.append(name) or Cost(seconds, 0, 0)

    contenders = {"slow": contender("slow", 60), "a": contender("a", 1), "b": contender("b", 2)}
    costs = take_turns(contenders, rounds=2, quick_turns=3)
    assert order == ["slow", "a", "b", "a", "b", "a", "b"] * 2
    assert {name: len(taken) for name, taken in costs.items()} == {"slow": 2, "a": 6, "b": 6}
