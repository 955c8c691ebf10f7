# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Owner, group and mode of a token file: kept by a renewal, brought to what is asked for, and told."""

from __future__ import annotations

import fcntl
import grp
import os
import pwd
import stat
from pathlib import Path

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.processes import NOBODY, can_become_others
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    MINE,
    NIGHTLY,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_retirement,
    steps,
)

ACTIVE = record("active")
NOBODYS = {"token_file_owner": str(NOBODY), "token_file_group": str(NOBODY)}


def whose(path: Path) -> tuple[int, int, int]:
    status = os.lstat(path)
    return status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)


@pytest.fixture
def open_to_all(path, stored):
    """A file whose token everybody may read."""
    stored("active")
    path.chmod(0o644)
    return path


@pytest.mark.parametrize("check", [False, True])
def test_a_file_is_brought_to_the_mode_that_is_asked_for(wire, open_to_all, ensure, check):
    expect_my_keys(wire, ACTIVE)
    result = ensure(token_file_mode="0600", check=check, diff=True)
    assert (result.results["changed"], result.results["actions"], result.warnings) == (True, [], [])
    diff, path = result.results["diff"], str(open_to_all)
    assert diff["before"]["token_file"] == {"path": path, "mode": "0644"}
    assert diff["after"]["token_file"] == {"path": path, "mode": "0600"}
    assert diff["before"]["api_keys"] == diff["after"]["api_keys"]
    assert whose(open_to_all)[2] == (0o644 if check else 0o600)
    assert (open_to_all.read_text(), os.listdir(open_to_all.parent)) == (f"{token_of('active')}\n", [open_to_all.name])


@pytest.mark.parametrize(
    ("asked", "mode"),
    [
        ("0640", 0o640),
        ("640", 0o640),
        (0o640, 0o640),
        ("u=rw,g=r,o=", 0o640),
        ("o-r", 0o640),
        ("a=r", 0o444),
        ("g+w", 0o664),
    ],
)
def test_a_second_run_changes_nothing(wire, open_to_all, ensure, asked, mode):
    for changed in (True, False):
        expect_my_keys(wire, ACTIVE)
        result = ensure(token_file_mode=asked, diff=True)
        assert (result.results["changed"], whose(open_to_all)[2]) == (changed, mode)
        # That the group may read it is what such a mode is asked for.
        warnings = (
            [f"token_file {open_to_all} has mode {mode:04o}, so others than its owner may read"] if mode & 0o007 else []
        )
        assert [warning.partition(" the token")[0] for warning in result.warnings] == warnings
    assert result.results["diff"]["before"] == result.results["diff"]["after"]


def test_owner_and_group_are_given_by_name_or_by_id(wire, path, stored, ensure):
    if not can_become_others("files of other users"):
        return
    user, group = pwd.getpwuid(NOBODY).pw_name, grp.getgrgid(NOBODY).gr_name
    root = {"owner": pwd.getpwuid(0).pw_name, "group": grp.getgrgid(0).gr_name}
    stored("active")
    for asked in (NOBODYS, {"token_file_owner": user, "token_file_group": group}):
        os.chown(path, 0, 0)
        expect_my_keys(wire, ACTIVE)
        result = ensure(**asked, diff=True)
        assert result.results["diff"]["before"]["token_file"] == {"path": str(path), **root}
        assert result.results["diff"]["after"]["token_file"] == {"path": str(path), "owner": user, "group": group}
        assert whose(path) == (NOBODY, NOBODY, 0o600)
        expect_my_keys(wire, ACTIVE)
        assert ensure(**asked).results["changed"] is False


def test_a_new_file_is_as_asked_from_the_first_run_on(wire, path, ensure):
    if not can_become_others("files of other users"):
        return
    asked = {**NOBODYS, "token_file_mode": "g=r"}
    expect_my_keys(wire)
    expect_new_key(wire, "new")
    result = ensure(**asked)
    assert (whose(path), path.read_text()) == ((NOBODY, NOBODY, 0o640), f"{token_of('new')}\n")
    assert result.warnings == []
    expect_my_keys(wire, record("new"))
    assert ensure(**asked).results["changed"] is False


@pytest.mark.parametrize("options", [{"overlap": "PT0S"}, {"retire_first": True}])
def test_a_renewal_keeps_what_is_not_asked_for(wire, path, stored, ensure, options):
    if not can_become_others("files of other users"):
        return
    stored("old")
    path.chmod(0o440)
    os.chown(path, NOBODY, NOBODY)
    expect_my_keys(wire, record("old"))
    if "retire_first" in options:
        expect_retirement(wire, "old")
    expect_new_key(wire, "new")
    if "overlap" in options:
        expect_retirement(wire, "old")
    result = ensure(force_renew=True, **options)
    assert sorted(steps(result.results)) == ["create new", "retire old"]
    assert (whose(path), path.read_text()) == ((NOBODY, NOBODY, 0o440), f"{token_of('new')}\n")
    assert any("has mode 0440" in warning for warning in result.warnings)


def test_a_renewal_brings_what_is_asked_for(wire, open_to_all, ensure):
    expect_my_keys(wire, ACTIVE)
    expect_new_key(wire, "new")
    result = ensure(force_renew=True, token_file_mode="0600", diff=True)
    assert (steps(result.results), whose(open_to_all)[2], result.warnings) == (["create new"], 0o600, [])
    assert result.results["diff"]["before"]["token_file"]["mode"] == "0644"


def test_in_a_set_each_file_is_as_its_entry_asks(run, wire, tmp_path):
    paths = [tmp_path / name for name in ("a", "b", "c")]
    keys = []
    for number, path in enumerate(paths):
        path.write_text(token_of(f"key-{number}"))
        path.chmod(0o644)
        keys.append({"description": f"key {number}", "token_file": str(path), "token_file_mode": "0640"})
    keys[1]["token_file_mode"] = "0644"
    del keys[2]["token_file_mode"]
    records = [record(f"key-{number}", description=f"key {number}") for number in range(3)]
    expect_my_keys(wire, *records)
    result = run("api_keys", keys=keys, diff=True)
    assert (result.results["changed"], result.results["actions"], len(result.warnings)) == (True, [], 2)
    assert [whose(path)[2] for path in paths] == [0o640, 0o644, 0o644]
    assert result.results["diff"]["before"]["token_files"] == [{"path": str(paths[0]), "mode": "0644"}]
    assert result.results["diff"]["after"]["token_files"] == [{"path": str(paths[0]), "mode": "0640"}]
    expect_my_keys(wire, *records)
    assert run("api_keys", keys=keys).results["changed"] is False


def test_the_file_of_a_key_named_by_its_id_is_brought_to_it_as_well(run, wire, open_to_all):
    for changed in (True, False):
        wire.expects("GET", "/api/v1/api-keys/active").answers(json=ACTIVE)
        result = run("api_key", id="active", token_file=str(open_to_all), token_file_mode="0600")
        assert (result.results["changed"], whose(open_to_all)[2]) == (changed, 0o600)


def test_a_file_that_cannot_be_brought_to_it_is_told_before_anything_is_retired(
    wire, path, stored, ensure, monkeypatch
):
    stored("active")

    def refuse(*_arguments):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", refuse)
    expect_my_keys(wire, ACTIVE, record("old", created="2026-11-20T00:00:00Z"))
    result = ensure(overlap="PT0S", token_file_group="4000000001")
    assert result.message == (
        f"token_file_group: {path} cannot be given the group 4000000001: Operation not permitted. Ask for another, or run as "
        "a user who may do that."
    )
    assert "actions" not in result.results


def test_when_another_run_renews_the_token_meanwhile_its_file_is_brought_to_it(
    wire, open_to_all, stored, ensure, monkeypatch
):
    """The plan is made anew, and the file is not as asked for either."""
    lock = open_to_all.parent / f".{open_to_all.name}.qlik-lock"
    held = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)

    def end_the_other_turn(seconds: float) -> None:
        stored("new")
        open_to_all.chmod(0o644)
        lock.unlink()
        os.close(held)

    monkeypatch.setattr("time.sleep", end_the_other_turn)
    expect_my_keys(wire, ACTIVE)
    both = (record("new", created="2026-11-23T00:00:00Z"), ACTIVE)
    expect_listing(wire, *both, **MINE)
    result = ensure(token_file_mode="0600")
    assert (result.results["changed"], result.results["api_key"]["id"], whose(open_to_all)[2]) == (True, "new", 0o600)


@pytest.mark.parametrize("option", ["token_file_owner", "token_file_group", "token_file_mode"])
def test_without_a_file_there_is_nothing_to_be_asked_for(run, wire, option):
    message = f"missing parameter(s) required by '{option}': token_file"
    assert run("api_key", **NIGHTLY, **{option: "0600"}).message == message
    assert run("api_keys", keys=[{**NIGHTLY, option: "0600"}]).message == f"{message} found in keys"
    assert wire.sent == []


REFUSED = [
    ({"token_file_owner": "no such user"}, "token_file_owner: there is no user 'no such user' on this machine; give"),
    ({"token_file_owner": "-1"}, "token_file_owner: there is no user '-1'"),
    ({"token_file_owner": "4294967295"}, "token_file_owner: there is no user '4294967295'"),
    ({"token_file_owner": "ro\aot"}, "token_file_owner: has characters that are not to be seen"),
    ({"token_file_owner": " "}, "token_file_owner: must not be empty"),
    ({"token_file_group": "no such group"}, "token_file_group: there is no group 'no such group' on this machine"),
    ({"token_file_group": ""}, "token_file_group: must not be empty"),
    ({"token_file_mode": ""}, "token_file_mode: '' is not a mode; give octal digits as text such as '0640'"),
    ({"token_file_mode": "rw"}, "token_file_mode: 'rw' is not a mode"),
    ({"token_file_mode": "u"}, "token_file_mode: 'u' is not a mode"),
    ({"token_file_mode": "u=rw,"}, "token_file_mode: 'u=rw,' is not a mode"),
    ({"token_file_mode": "z=r"}, "token_file_mode: 'z=r' is not a mode"),
    ({"token_file_mode": "u=rz"}, "token_file_mode: 'u=rz' is not a mode"),
    ({"token_file_mode": "0888"}, "token_file_mode: '0888' is not a mode"),
    ({"token_file_mode": "-600"}, "token_file_mode: '-600' is not a mode"),
    ({"token_file_mode": -1}, "token_file_mode: -1 is not a mode"),
    ({"token_file_mode": 6.4}, "token_file_mode: 6.4 is not a mode"),
    ({"token_file_mode": True}, "token_file_mode: True is not a mode"),
    ({"token_file_mode": ["0640"]}, "token_file_mode: ['0640'] is not a mode"),
    ({"token_file_mode": {"u": "rw"}}, "token_file_mode: {'u': 'rw'} is not a mode"),
    (
        {"token_file_mode": 600},
        "token_file_mode: 600 without quotes is mode 1130, which has more in it than who may read and write; "
        'write "0600".',
    ),
    (
        {"token_file_mode": 640},
        'token_file_mode: 640 without quotes is mode 1200, which has more in it than who may read and write; write "0640".',
    ),
    ({"token_file_mode": 644}, "token_file_mode: 644 without quotes is mode 1204, which"),
    (
        {"token_file_mode": 400},
        "token_file_mode: 400 without quotes is mode 0620, which would let somebody execute it, or write to it without reading "
        'it; write "0400".',
    ),
    ({"token_file_mode": 440}, "token_file_mode: 440 without quotes is mode 0670"),
    ({"token_file_mode": 444}, "token_file_mode: 444 without quotes is mode 0674"),
    ({"token_file_mode": 1640}, "token_file_mode: 1640 without quotes is mode 3150, which has more in it than who"),
    ({"token_file_mode": 999}, "token_file_mode: 999 without quotes is mode 1747, which has more in it than who"),
    (
        {"token_file_mode": 40},
        "token_file_mode: 40 without quotes is mode 0050, which would not let its owner read it; give",
    ),
    (
        {"token_file_mode": "rw-r-----"},
        "token_file_mode: 'rw-r-----' is how a mode is shown, not how it is given; write \"0640\".",
    ),
    ({"token_file_mode": "rw-r----"}, "token_file_mode: 'rw-r----' is not a mode; give"),
    ({"token_file_mode": "01640"}, "token_file_mode: '01640' has more in it than who may read and write"),
    ({"token_file_mode": "u+s"}, "token_file_mode: 'u+s' has more in it"),
    ({"token_file_mode": "9" * 5000}, "token_file_mode: '999"),
    ({"token_file_mode": "7" * 5000}, "token_file_mode: '777"),
    ({"token_file_mode": "0040"}, "token_file_mode: '0040' would not let its owner read it"),
    ({"token_file_mode": "u-r"}, "token_file_mode: 'u-r' would not let its owner read it"),
]


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(("options", "expected"), REFUSED)
def test_what_cannot_be_is_refused_before_anything_is_sent(run, wire, path, options, expected, check):
    result = run("api_key", **NIGHTLY, token_file=str(path), check=check, **options)
    assert result.message.startswith(expected)
    in_a_list = run("api_keys", keys=[{**NIGHTLY, "token_file": str(path), **options}], check=check)
    assert in_a_list.message.startswith(f"keys[0].{expected}")
    assert (wire.sent, os.listdir(path.parent)) == ([], [])


def test_what_letters_make_of_the_files_own_mode_is_looked_at_as_well(wire, path, stored, ensure):
    if not can_become_others("a file that its owner may not read"):
        return
    stored("active")
    path.chmod(0o000)
    expect_my_keys(wire, ACTIVE)
    result = ensure(token_file_mode="g+r")
    assert result.message.startswith("token_file_mode: 'g+r' would not let its owner read it")
