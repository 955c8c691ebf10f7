# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run's lock at a token file, from the lock to the last thing that is taken away."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.marker import read_marker
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import StoredToken, TokenFile
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file_lock import TokenFileLock
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import interrupted
from ansible_collections.tenantops.qlik_cloud.tests.unit.processes import killed_in
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.token_files import mark, put

OLD, NEW = token_of("old"), token_of("new")
NOTED = interrupted("old")
MARKED = interrupted("before")


@pytest.fixture
def file(tmp_path):
    return TokenFile(str(tmp_path / "entra.token"))


def names(file: TokenFile) -> list[str]:
    """What lies in the folder, in short: ``token``, and ``lock``, ``pending`` and ``new`` beside it."""
    return sorted(name.rpartition("-")[2].rpartition(".")[2] for name in os.listdir(file.folder))


def store(file: TokenFile, token: str) -> None:
    """All that a run does that makes a key."""
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        lock.store(token, file.read())
        lock.verify(token)
        lock.remove_leftovers()


@pytest.mark.parametrize("before", [None, "", OLD + "\n"])
def test_a_token_is_stored_with_a_final_line_break_and_nothing_is_left_beside_it(file, before):
    path = Path(file.path)
    if before is not None:
        path.write_text(before)
        path.chmod(0o644)
    old_mask = os.umask(0)
    try:
        store(file, NEW)
    finally:
        os.umask(old_mask)
    assert (path.read_text(), names(file)) == (NEW + "\n", ["token"])
    # Whoever could read the token before still can.
    assert stat.S_IMODE(path.stat().st_mode) == (0o644 if before else 0o600)


def test_all_that_lies_beside_it_meanwhile_is_its_owners_alone_and_holds_no_token(file, tmp_path):
    put(file, OLD)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        assert names(file) == ["lock", "new", "pending", "token"]
        for path in (file.lock_path, file.marker_path, file.new_path):
            assert stat.S_IMODE(os.lstat(path).st_mode) == 0o600
            assert OLD not in Path(path).read_text()
    assert Path(file.path).read_text() == OLD


def test_a_marker_outlives_a_run_that_did_not_remove_it_and_all_else_does_not(file):
    with pytest.raises(ZeroDivisionError), TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        raise ZeroDivisionError
    assert (names(file), read_marker(file)) == (["pending"], NOTED)


def test_settling_takes_all_away_and_may_be_repeated(file):
    mark(file, MARKED)
    Path(file.new_path).write_text("left")
    with TokenFileLock(file) as lock:
        lock.remove_leftovers()
        assert names(file) == ["lock"]
        lock.remove_leftovers()
    assert names(file) == []


def work_until(step: str, file: TokenFile) -> None:
    """The steps of ``store`` up to one of them, in a lock that does not end."""
    lock = TokenFileLock(file).__enter__()
    if step in ("prepared", "stored"):
        lock.prepare(NOTED)
    if step == "stored":
        lock.store(NEW, file.read())


@pytest.mark.parametrize(
    ("step", "left"),
    [
        ("lock", ["lock", "token"]),
        ("prepared", ["lock", "new", "pending", "token"]),
        ("stored", ["lock", "pending", "token"]),
    ],
)
def test_after_a_kill_the_next_lock_comes_at_once_and_leaves_nothing(file, step, left):
    put(file, OLD)
    killed_in(work_until, step, file)
    assert (names(file), file.has_leftovers()) == (left, True)
    assert file.read().text == (NEW if step == "stored" else OLD)
    store(file, token_of("next"))
    assert (names(file), file.read().text) == (["token"], token_of("next"))


def test_a_kill_between_linking_and_tidying_leaves_a_second_name_and_the_token_is_not_written_over_by_it(file):
    killed_in(work_until, "stored", file)
    assert (names(file), file.read().text) == (["lock", "new", "pending", "token"], NEW)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        assert file.read().text == NEW
        lock.remove_leftovers()
    assert (names(file), file.read().text) == (["token"], NEW)


@pytest.mark.parametrize("expected", [None, StoredToken.parse(OLD)])
@pytest.mark.parametrize("found", ["the other run's", token_of("other")])
def test_a_token_that_was_not_expected_is_never_overwritten(file, expected, found):
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        Path(file.path).write_text(found)
        with pytest.raises(
            TokenFileError, match="holds something that was not there before. See what else writes to it"
        ):
            lock.store(NEW, expected)
        lock.remove_leftovers()
    assert (names(file), Path(file.path).read_text()) == (["token"], found)


def test_a_token_that_vanished_meanwhile_is_told(file):
    put(file, OLD)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        os.unlink(file.path)
        with pytest.raises(TokenFileError, match="what else writes to it"):
            lock.store(NEW, StoredToken.parse(OLD))
        lock.remove_leftovers()
    assert names(file) == []


def test_a_link_that_appears_after_the_check_is_not_followed_and_its_target_is_not_written(file, tmp_path):
    (tmp_path / "target").write_text("target")
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        os.symlink(tmp_path / "target", file.path)
        with pytest.raises(TokenFileError, match="could not be written to .*: Too many levels of symbolic links"):
            lock.store(NEW, None)
        lock.remove_leftovers()
    assert (os.path.islink(file.path), (tmp_path / "target").read_text()) == (True, "target")


@pytest.mark.parametrize("name", ["lock_path", "new_path"])
def test_what_somebody_planted_beside_the_file_is_not_written_through(file, tmp_path, name):
    (tmp_path / "target").write_text("target")
    os.symlink(tmp_path / "target", getattr(file, name))
    try:
        store(file, NEW)
    except OptionError as refused:
        assert name == "lock_path" and "Too many levels of symbolic links" in str(refused)
    else:
        assert file.read().text == NEW
    assert (tmp_path / "target").read_text() == "target"


def test_what_somebody_plants_just_after_the_tidying_is_not_written_into(file, monkeypatch):
    unlink = os.unlink

    def unlink_and_plant(name, *, dir_fd):
        unlink(name, dir_fd=dir_fd)
        if name == file.new_name:
            Path(file.new_path).write_text("planted")

    Path(file.new_path).write_text("left by a killed run")
    with TokenFileLock(file) as lock:
        monkeypatch.setattr(os, "unlink", unlink_and_plant)
        with pytest.raises(OptionError, match="^token_file: no token can be stored at .*: File exists"):
            lock.prepare(NOTED)
        monkeypatch.undo()
    assert names(file) == []


def test_a_file_system_without_hard_links_serves_as_well(file, monkeypatch):
    def link(*_arguments, **_options):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)
    store(file, NEW)
    assert (names(file), file.read().text) == (["token"], NEW)


def test_a_name_as_long_as_it_may_be_is_usable(tmp_path):
    file = TokenFile(str(tmp_path / ("字" * 80)))
    store(file, NEW)
    assert (file.read().text, len(list(tmp_path.iterdir()))) == (NEW, 1)


def test_a_token_file_is_removed_and_its_absence_is_no_error(file):
    put(file, OLD)
    with TokenFileLock(file) as lock:
        lock.remove(StoredToken.parse(OLD))
        lock.remove(StoredToken.parse(OLD))
    assert names(file) == []


def test_a_token_file_that_cannot_be_removed_is_an_error_that_names_it(file):
    os.mkdir(file.path)
    with (
        TokenFileLock(file) as lock,
        pytest.raises(TokenFileError, match=f"^token_file: {file.path} could not be removed"),
    ):
        lock.remove(StoredToken.parse(OLD))


@pytest.mark.parametrize("found", ["A=1\n", NEW])
def test_what_took_the_place_of_a_token_meanwhile_is_not_removed(file, found):
    put(file, found)
    with TokenFileLock(file) as lock, pytest.raises(TokenFileError, match="holds something that was not there before"):
        lock.remove(StoredToken.parse(OLD))
    assert Path(file.path).read_text() == found


def test_a_folder_that_is_gone_ends_the_run_before_it_begins(tmp_path):
    with pytest.raises(OptionError, match="^token_file: .*No such file or directory"):
        TokenFileLock(TokenFile(str(tmp_path / "gone" / "t"))).__enter__()
