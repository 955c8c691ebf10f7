# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real processes that work on one token file take turns."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens import token_file_lock
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import TokenFile
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file_lock import TokenFileLock
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import interrupted
from ansible_collections.tenantops.qlik_cloud.tests.unit.processes import FORK, MAX_SECONDS, beside
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import token_of

TOKEN = token_of("new")
PROCESSES, ROUNDS = 4, 25


@pytest.fixture
def file(tmp_path):
    return TokenFile(str(tmp_path / "entra.token"))


def hold_and_store(connection, file: TokenFile) -> None:
    with TokenFileLock(file) as lock:
        lock.prepare(interrupted())
        connection.send("holding")
        connection.recv()
        lock.store(TOKEN, None)
        lock.remove_leftovers()


def test_a_run_waits_for_the_one_before_it_and_then_sees_what_that_has_stored(file, monkeypatch):
    states_seen = []
    with beside(hold_and_store, file) as other:
        assert other.recv() == "holding"

        def look(seconds):
            states_seen.append(file.read())
            if len(states_seen) == 1:
                other.send("go on")

        monkeypatch.setattr(token_file_lock.time, "sleep", look)
        with TokenFileLock(file):
            assert file.read().text == TOKEN
    assert states_seen[0] is None
    assert os.listdir(file.folder) == ["entra.token"]


def test_a_run_does_not_wait_for_ever_and_leaves_the_other_alone(file, monkeypatch):
    monkeypatch.setattr(token_file_lock, "MAX_WAIT_SECONDS", 0.0)
    with beside(hold_and_store, file) as other:
        assert other.recv() == "holding"
        with pytest.raises(TokenFileError, match="^token_file: another run has been working on .* for 0 s; run again"):
            TokenFileLock(file).__enter__()
        assert os.path.exists(file.lock_path) and os.path.exists(file.new_path)
        other.send("go on")
    assert file.read().text == TOKEN


def count_up(file: TokenFile, counter: Path) -> None:
    for _round in range(ROUNDS):
        with TokenFileLock(file):
            counter.write_text(str(int(counter.read_text()) + 1))


def test_no_two_of_many_hold_the_lock_at_once_though_each_removes_its_file(file, tmp_path):
    counter = tmp_path / "counter"
    counter.write_text("0")
    processes = [FORK.Process(target=count_up, args=(file, counter)) for _process in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(MAX_SECONDS)
        assert process.exitcode == 0
    assert (counter.read_text(), os.listdir(file.folder)) == (str(PROCESSES * ROUNDS), ["counter"])
