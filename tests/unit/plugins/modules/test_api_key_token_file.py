# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys whose token is kept in a file."""

from __future__ import annotations

import os
import stat

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import record, result_of, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.small_disk import no_space_left
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    KEYS,
    expect_creation,
    expect_my_keys,
    expect_new_key,
    expect_retirement,
)

TOKEN = token_of("key-1")


def test_the_first_run_stores_the_token_for_its_owner_alone_and_does_not_return_it(wire, path, ensure):
    expect_my_keys(wire)
    expect_new_key(wire, "key-1")
    result = ensure(diff=True)
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == (TOKEN + "\n", 0o600)
    assert list(path.parent.iterdir()) == [path]
    assert (result.results["changed"], result.results["token_file"]) == (True, str(path))
    assert TOKEN not in result.text


def test_the_token_is_returned_as_well_when_that_is_asked_for(wire, path, ensure):
    expect_my_keys(wire)
    expect_new_key(wire, "key-1")
    result = ensure(return_token=True)
    assert (result.results["token"], path.read_text(), result.text.count(TOKEN)) == (TOKEN, TOKEN + "\n", 1)


@pytest.mark.parametrize("check", [False, True])
def test_the_second_run_sends_reads_only_and_leaves_the_file_alone(wire, path, stored, ensure, check):
    stored("key-1")
    inode = path.stat().st_ino
    expect_my_keys(wire, record("key-1"))
    result = ensure(check=check)
    assert result.results == {
        "changed": False,
        "api_key": result_of(record("key-1")),
        "token_file": str(path),
        "actions": [],
    }
    assert (path.read_text(), path.stat().st_ino, result.warnings) == (TOKEN + "\n", inode, [])
    assert TOKEN not in result.text


def test_check_mode_sends_reads_only_and_touches_no_file(wire, path, ensure):
    expect_my_keys(wire)
    result = ensure(check=True)
    assert (result.results["changed"], result.results["token_file"]) == (True, str(path))
    assert list(path.parent.iterdir()) == []


def test_a_token_that_others_may_read_is_a_warning(wire, path, ensure):
    path.write_text(TOKEN)
    path.chmod(0o644)
    expect_my_keys(wire, record("key-1"))
    (warning,) = ensure().warnings
    assert f"token_file {path} has mode 0644" in warning


def test_a_full_disk_is_noticed_before_the_key_is_made(wire, path, ensure, monkeypatch):
    expect_my_keys(wire)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", no_space_left)
        result = ensure()
    assert f"token_file: no token can be stored at {path}: No space left on device" in result.message
    assert list(path.parent.iterdir()) == []


def test_a_token_no_file_can_hold_is_no_token_and_its_key_is_retired_again(wire, path, ensure):
    expect_my_keys(wire)
    expect_creation(wire, BODY, record("key-1"), "half of a character: \ud800")
    expect_retirement(wire, "key-1")
    assert "The API key just made, key-1, was retired again (deleted)" in ensure().message
    assert list(path.parent.iterdir()) == []


def test_a_refused_creation_leaves_no_file(wire, path, ensure):
    expect_my_keys(wire)
    wire.expects("POST", KEYS, json=BODY).answers(403)
    result = ensure()
    assert "needs the Manage API keys permission" in result.message
    assert list(path.parent.iterdir()) == []
