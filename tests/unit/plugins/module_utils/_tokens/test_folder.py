# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token file's folder is opened once for each phase, and what is found at the names in it is never waited for."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.marker import read_marker
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import StoredToken, TokenFile
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file_lock import TokenFileLock
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import interrupted
from ansible_collections.tenantops.qlik_cloud.tests.unit.processes import can_become_others, done_by_nobody
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.token_files import mark, put

OLD, NEW = token_of("old"), token_of("new")
NOTED = interrupted("old")
ANOTHER = "is another folder than it was when this run began"


@pytest.fixture
def file(tmp_path):
    (tmp_path / "tokens").mkdir()
    return TokenFile(str(tmp_path / "tokens" / "entra.token"))


def swap(file: TokenFile) -> Path:
    """Another folder comes to the path, with the same files in it; gives the path of the one before."""
    moved = Path(f"{file.folder}-before")
    os.rename(file.folder, moved)
    os.mkdir(file.folder)
    for path in moved.iterdir():
        Path(file.folder, path.name).write_bytes(path.read_bytes())
    return moved


def swap_by_link(file: TokenFile) -> Path:
    moved = Path(f"{file.folder}-before")
    os.rename(file.folder, moved)
    os.mkdir(f"{file.folder}-other")
    os.symlink(f"{file.folder}-other", file.folder)
    return moved


def all_below(path: str) -> list[str]:
    return sorted(
        os.path.relpath(os.path.join(folder, name), path) for folder, _folders, names in os.walk(path) for name in names
    )


@pytest.mark.parametrize("swapping", [swap, swap_by_link])
@pytest.mark.parametrize("phase", ["check_kind", "read"])
def test_a_lock_in_another_folder_than_was_looked_at_is_refused_before_anything_is_written(file, swapping, phase):
    put(file, OLD)
    getattr(file, phase)()
    swapping(file)
    before = all_below(os.path.dirname(file.folder))
    with pytest.raises(TokenFileError, match=f"^token_file: {file.folder} {ANOTHER}"):
        TokenFileLock(file).__enter__()
    for look in (file.read, file.check_kind, file.has_leftovers, lambda: read_marker(file)):
        with pytest.raises(TokenFileError, match=ANOTHER):
            look()
    assert all_below(os.path.dirname(file.folder)) == before


def test_a_folder_that_is_swapped_while_a_run_waits_for_the_lock_is_noticed_as_well(file, monkeypatch):
    moved: list[Path] = []

    def swap_and_release_the_other_lock(seconds: float) -> None:
        moved.append(swap(file))
        (moved[0] / file.lock_name).unlink()

    with TokenFileLock(file):
        monkeypatch.setattr("time.sleep", swap_and_release_the_other_lock)
        with pytest.raises(TokenFileError, match=ANOTHER):
            TokenFileLock(TokenFile(file.path)).__enter__()
        assert (len(moved), os.listdir(moved[0]), os.listdir(file.folder)) == (1, [], [file.lock_name])


def test_a_folder_that_is_gone_when_the_lock_is_there_ends_the_run(file, monkeypatch):
    file.check()
    opened = file.open_folder
    calls = []

    def opened_once():
        if calls:
            raise FileNotFoundError(2, "No such file or directory")
        calls.append(1)
        return opened()

    monkeypatch.setattr(file, "open_folder", opened_once)
    with pytest.raises(OptionError, match="^token_file: .* cannot be worked on: No such file or directory"):
        TokenFileLock(file).__enter__()
    assert os.listdir(file.folder) == []


def test_under_a_lock_everything_stays_in_the_folder_in_which_it_began(file):
    put(file, OLD)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        moved = swap(file)
        other = {path.name: path.read_bytes() for path in Path(file.folder).iterdir()}
        lock.store(NEW, StoredToken.parse(OLD))
        with pytest.raises(TokenFileError, match=ANOTHER):
            lock.verify(NEW)
        lock.remove_leftovers()
    assert {path.name: path.read_text() for path in moved.iterdir()} == {"entra.token": NEW + "\n"}
    assert {path.name: path.read_bytes() for path in Path(file.folder).iterdir()} == other


def test_a_folder_reached_by_a_link_is_a_folder(file, tmp_path):
    (tmp_path / "link").symlink_to(file.folder)
    linked = TokenFile(str(tmp_path / "link" / "entra.token"))
    linked.check()
    with TokenFileLock(linked) as lock:
        lock.prepare(NOTED)
        lock.store(NEW, None)
        lock.remove_leftovers()
    assert file.read().text == NEW


def test_no_folder_stays_open_between_the_phases(file):
    put(file, OLD)
    before = os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else None
    file.check()
    mark(file, NOTED)
    assert (file.read().text, read_marker(file), file.has_leftovers()) == (OLD, NOTED, True)
    assert (file.find_exposed_mode(file.read()), file.find_attribute_change()) == (None, None)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        lock.set_attributes()
        lock.remove_leftovers()
    assert before is None or os.listdir("/proc/self/fd") == before


def test_a_lock_that_has_become_a_pipe_ends_the_run_before_it_begins(file):
    os.mkfifo(file.lock_path)
    with pytest.raises(OptionError, match="cannot be worked on: it is a special file, not a regular file"):
        TokenFileLock(file).__enter__()


def test_a_token_file_that_has_become_a_pipe_holds_up_nobody(file):
    file.check()
    os.mkfifo(file.path)
    with pytest.raises(TokenFileError, match="cannot be read: it is a special file, not a regular file"):
        file.read()
    with TokenFileLock(file) as lock:
        with pytest.raises(OptionError, match="no token can be stored at .*: it is a special file"):
            lock.prepare(NOTED)
        with pytest.raises(TokenFileError, match="cannot be changed: it is a special file"):
            lock.set_attributes()
        with pytest.raises(TokenFileError, match="could not be removed: it is a special file"):
            lock.remove(StoredToken.parse(OLD))
    assert os.listdir(file.folder) == ["entra.token"]


def test_a_token_file_that_becomes_a_pipe_while_the_key_is_made_holds_up_nobody(file):
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        os.mkfifo(file.path)
        with pytest.raises(TokenFileError, match="could not be written to .*: it is a special file"):
            lock.store(NEW, None)
        lock.remove_leftovers()
    assert stat.S_ISFIFO(os.lstat(file.path).st_mode)


def test_a_new_file_that_somebody_made_a_pipe_is_removed_as_anything_left_there(file):
    os.mkfifo(file.new_path)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        lock.store(NEW, None)
        lock.remove_leftovers()
    assert file.read().text == NEW


def store_with_umask(path: str, mask: int) -> list[tuple[str, int]]:
    """Modes of what lies in the folder while a key is made, and at the end."""
    os.umask(mask)
    file, modes = TokenFile(path), []
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        modes += [
            (name, os.lstat(os.path.join(file.folder, name)).st_mode & 0o7777) for name in os.listdir(file.folder)
        ]
        lock.store(NEW, None)
        lock.verify(NEW)
        lock.remove_leftovers()
    return [*sorted(modes), ("end", os.lstat(path).st_mode & 0o7777)]


@pytest.mark.parametrize("mask", [0o277, 0o777, 0])
def test_whatever_the_umask_files_are_for_their_owner_to_read_and_to_write(open_folder, mask):
    if not can_become_others("a umask that takes rights away from others than root"):
        return
    path = str(open_folder / "t")
    modes = done_by_nobody(store_with_umask, path, mask)
    assert modes == [(".t.qlik-lock", 0o600), (".t.qlik-new", 0o600), (".t.qlik-pending", 0o600), ("end", 0o600)]


def use_lock(path: str) -> str:
    try:
        with TokenFileLock(TokenFile(path)) as lock:
            lock.prepare(NOTED)
            lock.store(NEW, None)
            lock.remove_leftovers()
    except (OptionError, TokenFileError) as error:
        return str(error)
    return "done"


def test_a_lock_that_a_killed_run_left_without_the_right_to_write_it_serves_as_well(open_folder):
    if not can_become_others("a lock that its owner may not write to"):
        return
    lock = open_folder / ".t.qlik-lock"
    lock.touch()
    os.chown(lock, 65534, 65534)
    lock.chmod(0o400)
    assert done_by_nobody(use_lock, str(open_folder / "t")) == "done"
    assert [path.name for path in open_folder.iterdir()] == ["t"]


def test_a_lock_of_another_user_that_this_one_may_not_open_is_told(open_folder):
    if not can_become_others("a lock of another user"):
        return
    (open_folder / ".t.qlik-lock").touch(0o600)
    message = done_by_nobody(use_lock, str(open_folder / "t"))
    assert message == f"token_file: {open_folder}/t cannot be worked on: Permission denied."


@pytest.mark.parametrize(
    ("mode", "message"), [(0o300, "done"), (0o700, "done"), (0o500, "Permission denied"), (0o600, "Permission denied")]
)
def test_a_folder_serves_whose_names_may_not_be_listed_but_not_one_that_may_not_be_changed(open_folder, mode, message):
    if not can_become_others("folders without rights"):
        return
    folder = open_folder / "inside"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    folder.chmod(mode)
    assert message in done_by_nobody(use_lock, str(folder / "t"))


def test_a_lock_that_is_a_hard_link_to_another_file_is_refused_and_that_file_left_as_it_is(tmp_path):
    other = tmp_path / "other"
    other.touch()
    other.chmod(0o644)
    os.link(other, tmp_path / ".t.qlik-lock")
    assert use_lock(str(tmp_path / "t")) == (
        f"token_file: {tmp_path}/t cannot be worked on: .t.qlik-lock beside it is a hard link to another file."
    )
    assert stat.S_IMODE(other.stat().st_mode) == 0o644
    assert sorted(path.name for path in tmp_path.iterdir()) == [".t.qlik-lock", "other"]
