# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys whose token is kept in a file."""

from __future__ import annotations

import errno
import os
import stat

import pytest
from unit.samples import USER_ID, record, result_of, token_of
from unit.tenant_calls import expect_creation, expect_listing, expect_requester, expect_retirement

TOKEN = token_of("key-1")
BODY = {"description": "nightly reload", "subType": "user"}
MINE = {"status": "active", "sub": USER_ID}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "nightly.token"


@pytest.fixture
def ensure(run, path):
    """Runs the module for the key and its token file."""

    def ensurer(**options):
        return run("api_key", **{"description": "nightly reload", "token_file": str(path), **options})

    return ensurer


def test_the_first_run_stores_the_token_for_its_owner_alone_and_does_not_return_it(wire, path, ensure):
    expect_requester(wire)
    expect_listing(wire, **MINE)
    expect_creation(wire, BODY, record("key-1"), TOKEN)
    result = ensure(diff=True)
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == (TOKEN + "\n", 0o600)
    assert list(path.parent.iterdir()) == [path]
    assert (result.results["changed"], result.results["token_file"]) == (True, str(path))
    assert TOKEN not in result.text


def test_the_token_is_returned_as_well_when_that_is_asked_for(wire, path, ensure):
    expect_requester(wire)
    expect_listing(wire, **MINE)
    expect_creation(wire, BODY, record("key-1"), TOKEN)
    result = ensure(return_token=True)
    assert (result.results["token"], path.read_text(), result.text.count(TOKEN)) == (TOKEN, TOKEN + "\n", 1)


@pytest.mark.parametrize("check", [False, True])
def test_the_second_run_sends_reads_only_and_leaves_the_file_alone(wire, path, ensure, check):
    path.write_text(TOKEN)
    path.chmod(0o600)
    inode = path.stat().st_ino
    expect_requester(wire)
    expect_listing(wire, record("key-1"), **MINE)
    result = ensure(check=check)
    assert result.results == {
        "changed": False,
        "api_key": result_of(record("key-1")),
        "token_file": str(path),
        "actions": [],
    }
    assert (path.read_text(), path.stat().st_ino, result.warnings) == (TOKEN, inode, [])
    assert TOKEN not in result.text


def test_check_mode_sends_reads_only_and_touches_no_file(wire, path, ensure):
    expect_requester(wire)
    expect_listing(wire, **MINE)
    result = ensure(check=True)
    assert (result.results["changed"], result.results["token_file"]) == (True, str(path))
    assert list(path.parent.iterdir()) == []


def test_a_token_that_others_may_read_is_a_warning(wire, path, ensure):
    path.write_text(TOKEN)
    path.chmod(0o644)
    expect_requester(wire)
    expect_listing(wire, record("key-1"), **MINE)
    (warning,) = ensure().warnings
    assert f"token_file {path} has mode 0644" in warning


@pytest.mark.parametrize(
    ("content", "records", "told"),
    [
        ("", [record("key-1")], "(id key-1), but token_file"),
        (token_of("key-9"), [record("key-1")], "holds the token of key key-9"),
        (token_of("key-9"), [], "if it has ended, remove the file"),
        ("my shopping list", [record("key-1")], "not the token of an API key"),
    ],
)
@pytest.mark.parametrize("check", [False, True])
def test_a_lost_token_fails_with_reads_only_and_the_file_stays_as_it_is(
    wire, path, ensure, check, content, records, told
):
    path.write_text(content)
    expect_requester(wire)
    expect_listing(wire, *records, **MINE)
    result = ensure(check=check)
    assert told in result.message
    assert "changed" not in result.results
    assert path.read_text() == content
    assert not content or content not in result.text


def test_a_full_disk_is_noticed_before_the_key_is_made(wire, path, ensure, monkeypatch):
    def write(descriptor, content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    expect_requester(wire)
    expect_listing(wire, **MINE)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        result = ensure()
    assert f"token_file: no token can be stored at {path}: No space left on device" in result.message
    assert list(path.parent.iterdir()) == []


@pytest.fixture
def broken_replace(monkeypatch):
    """The disk fails in the very last step, when the key has been made."""

    def replace(source, target):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "link", replace)
    monkeypatch.setattr(os, "replace", replace)


@pytest.mark.parametrize(("left", "outcome"), [(None, "deleted"), (record("key-1", status="revoked"), "revoked")])
def test_a_key_whose_token_cannot_be_stored_is_retired_again(wire, path, ensure, broken_replace, left, outcome):
    expect_requester(wire)
    expect_listing(wire, **MINE)
    expect_creation(wire, BODY, record("key-1"), TOKEN)
    expect_retirement(wire, "key-1", left)
    result = ensure(return_token=True, diff=True, verbosity=3)
    assert "Input/output error" in result.message
    assert f"The API key just made, key-1, was retired again ({outcome})" in result.message
    told = [(action["action"], action["id"], action.get("outcome")) for action in result.results["actions"]]
    assert told == [("create", "key-1", None), ("retire", "key-1", outcome)]
    assert result.results["changed"] is True
    assert TOKEN not in result.text
    assert list(path.parent.iterdir()) == []


def test_a_key_that_cannot_be_retired_again_is_named(wire, ensure, broken_replace):
    expect_requester(wire)
    expect_listing(wire, **MINE)
    expect_creation(wire, BODY, record("key-1"), TOKEN)
    wire.expects("DELETE", "/api/v1/api-keys/key-1").answers(500)
    result = ensure()
    assert (
        "API key key-1 is active and nobody holds its token: retire it, with state: absent and its id" in result.message
    )
    assert [action["action"] for action in result.results["actions"]] == ["create"]
    assert TOKEN not in result.text


def test_a_token_no_file_can_hold_is_no_token_and_its_key_is_retired_again(wire, path, ensure):
    expect_requester(wire)
    expect_listing(wire, **MINE)
    expect_creation(wire, BODY, record("key-1"), "half of a character: \ud800")
    expect_retirement(wire, "key-1")
    assert "The API key just made, key-1, was retired again (deleted)" in ensure().message
    assert list(path.parent.iterdir()) == []


def test_a_token_that_does_not_name_its_key_is_stored_with_a_warning(wire, path, ensure):
    expect_requester(wire)
    expect_listing(wire, **MINE)
    expect_creation(wire, BODY, record("key-1"), "an-opaque-token")
    result = ensure()
    assert path.read_text() == "an-opaque-token\n"
    assert "does not carry the key's id as its jti" in result.warnings[0]
    assert "an-opaque-token" not in result.text


def test_a_refused_creation_leaves_no_file(wire, path, ensure):
    expect_requester(wire)
    expect_listing(wire, **MINE)
    wire.expects("POST", "/api/v1/api-keys", json=BODY).answers(403)
    result = ensure()
    assert "needs the Manage API keys permission" in result.message
    assert list(path.parent.iterdir()) == []


def test_after_a_failure_the_next_run_converges(wire, path, ensure, monkeypatch):
    with monkeypatch.context() as patch:
        for step in ("link", "replace"):
            patch.setattr(os, step, lambda source, target: os.open("/nowhere/at/all", os.O_RDONLY))
        expect_requester(wire)
        expect_listing(wire, **MINE)
        expect_creation(wire, BODY, record("key-1"), TOKEN)
        expect_retirement(wire, "key-1")
        assert ensure().results["failed"] is True
    expect_requester(wire)
    expect_listing(wire, **MINE)
    expect_creation(wire, BODY, record("key-2"), token_of("key-2"))
    assert ensure().results["api_key"]["id"] == "key-2"
    assert path.read_text() == token_of("key-2") + "\n"
