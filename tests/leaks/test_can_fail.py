# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The leak tests find what they are for: a module that leaks in every way there is, by each way to run it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from conftest import GENERATIONS, KINDS
from plays import give_hosts, give_playbook
from stage import HERE, Stage, set_stage
from tasks import SHOWS
from written import find_findings

IN_THE_RESULT = ("message", "part", "encoded", f"twice {SHOWS}", "failure", "warning", "diff", "fact")


@pytest.fixture(scope="session")
def leaky_stage(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage on which the telltale module has been run, once for each way to leak."""
    tasks = [
        {"name": name, "telltale": {"path": "{{ tokens }}/admin.token", "how": name.split()[0]}, "ignore_errors": True}
        for name in (*IN_THE_RESULT, "file")
    ]
    with set_stage(tmp_path_factory.mktemp(f"telltale-{kind}"), GENERATIONS[kind]) as stage:
        stage.give_variables()
        play = {"name": "Leak", "hosts": "tenant_info", "gather_facts": False, "tasks": tasks}
        playbook = give_playbook(stage, "leak", [play])
        (stage.given / "library").symlink_to(HERE / "leaky")
        give_hosts(stage)
        KINDS[kind](stage, playbook)
        yield stage


def test_each_way_to_leak_is_found_in_the_results(leaky_stage: Stage) -> None:
    lines = (leaky_stage.written / "results.jsonl").read_text(encoding="utf-8").splitlines()
    found = [finding.line for finding in find_findings(leaky_stage) if finding.place == "results.jsonl"]
    assert {json.loads(lines[number - 1])["task"] for number in found} == set(IN_THE_RESULT)


def test_leaks_are_found_in_the_output_the_log_the_fact_cache_and_other_files(leaky_stage: Stage, kind: str) -> None:
    facts = {"ansible-playbook": "facts/", "ansible-runner": "/fact_cache/"}[kind]
    places = {finding.place for finding in find_findings(leaky_stage)}
    for wanted in ("output", "ansible.log", facts, "home/left"):
        assert any(wanted in place for place in places), f"nothing was found in {wanted}, only in {sorted(places)}"


def test_events_of_ansible_runner_are_searched(leaky_stage: Stage, kind: str) -> None:
    events = [finding for finding in find_findings(leaky_stage) if "/job_events/" in finding.place]
    assert bool(events) == (kind == "ansible-runner")
