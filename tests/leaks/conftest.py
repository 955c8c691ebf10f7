# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of the playbook for each way to run it, searched by all tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from kinds import run_by_runner, run_plainly
from plays import PLAYS, TRIED, give_hosts, give_playbook
from stage import Stage, set_stage

KINDS: dict[str, Callable[..., None]] = {
    "ansible-playbook": run_plainly,
    "ansible-runner": run_by_runner,
}
# Each way meets another generation of tenant; neither knows of the other.
GENERATIONS = {"ansible-playbook": "permission", "ansible-runner": "switch"}
# So it is with where tasks run.
IN_WORKER = {"ansible-playbook": False, "ansible-runner": True}


@pytest.fixture(scope="session", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def finished(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage on which the whole playbook has been run."""
    with set_stage(tmp_path_factory.mktemp(kind), GENERATIONS[kind]) as stage:
        stage.give_variables(
            exported=kind == "ansible-playbook", given=str(stage.given), qlik_cloud_in_process=IN_WORKER[kind]
        )
        give_hosts(stage)
        KINDS[kind](stage, give_playbook(stage, "try", TRIED), "--check")
        KINDS[kind](stage, give_playbook(stage, "all", PLAYS))
        yield stage
