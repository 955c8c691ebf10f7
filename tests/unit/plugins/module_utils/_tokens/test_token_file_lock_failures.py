# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that fails at any step must leave the typed error, what was there before, and nothing beside it."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Callable

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.marker import read_marker
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import TokenFile
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file_lock import TokenFileLock
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import interrupted
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.token_files import mark, put

OLD, NEW = token_of("old"), token_of("new")
NOTED = interrupted("old")
MARKED = interrupted("before")
WRITES = ["open", "write", "ftruncate", "fsync", "pread"]


@pytest.fixture
def file(tmp_path):
    return TokenFile(str(tmp_path / "entra.token"))


def left(file: TokenFile) -> dict[str, str]:
    """The names in the folder and what they hold."""
    found = {}
    for name in os.listdir(file.folder):
        with open(os.path.join(file.folder, name)) as stream:
            found[name] = stream.read()
    return found


def failing(step: str, on_call: int = 1, code: int = errno.ENOSPC) -> Callable:
    """The function of ``os`` of that name, but from the ``on_call``-th call on the disk is broken."""
    really, calls = getattr(os, step), []

    def sometimes(*arguments, **options):
        calls.append(arguments)
        if len(calls) >= on_call:
            raise OSError(code, os.strerror(code))
        return really(*arguments, **options)

    return sometimes


@pytest.mark.parametrize(("step", "on_call"), [("replace", 1), *((step, call) for step in WRITES for call in (1, 2))])
@pytest.mark.parametrize("marked", [False, True])
def test_a_full_disk_is_noticed_before_a_key_is_made_and_the_marker_of_an_earlier_run_stays(
    file, monkeypatch, step, on_call, marked
):
    """First the marker is written, then the new file."""
    if marked:
        mark(file, MARKED)
    with TokenFileLock(file) as lock:
        with monkeypatch.context() as patch:
            patch.setattr(os, step, failing(step, on_call))
            with pytest.raises(OptionError, match="^token_file: no token can be stored at .*: No space left on device"):
                lock.prepare(NOTED)
    assert list(left(file)) == ([os.path.basename(file.marker_path)] if marked else [])
    if marked:
        # The orphans it tells of are not retired yet, and the newer one does not count them as known either.
        assert read_marker(file) in (MARKED, NOTED)


@pytest.mark.parametrize("steps", [["write"], ["ftruncate"], ["fsync"], ["pread"], ["link", "replace"]])
@pytest.mark.parametrize("before", [None, "", OLD])
def test_a_token_that_cannot_be_stored_leaves_what_was_there_and_nothing_else(file, monkeypatch, steps, before):
    if before is not None:
        put(file, before)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        with monkeypatch.context() as patch:
            for step in steps:
                patch.setattr(os, step, failing(step, code=errno.EIO))
            with pytest.raises(TokenFileError) as failed:
                lock.store(NEW, file.read())
        lock.remove_leftovers()
    assert str(failed.value) == f"token_file: the token could not be written to {file.path}: Input/output error."
    assert left(file) == ({} if before is None else {"entra.token": before})


def test_a_disk_that_takes_only_a_part_at_a_time_gets_the_rest(file, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: write(descriptor, content[:7]))
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        lock.store(NEW, None)
        lock.remove_leftovers()
    assert left(file) == {"entra.token": NEW + "\n"}


def test_a_disk_that_keeps_something_else_is_noticed_before_the_old_token_is_given_up(file, monkeypatch):
    write = os.write
    put(file, OLD)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        monkeypatch.setattr(os, "write", lambda descriptor, content: write(descriptor, b"?" * len(content)))
        with pytest.raises(TokenFileError, match="does not hold what was written to it"):
            lock.store(NEW, file.read())
        lock.remove_leftovers()
    assert left(file) == {"entra.token": OLD}


def test_a_token_that_cannot_be_read_back_once_it_is_in_place_is_told_and_stays(file, monkeypatch):
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        lock.store(NEW, None)
        with monkeypatch.context() as patch:
            patch.setattr(os, "open", failing("open", code=errno.EIO))
            with pytest.raises(TokenFileError, match=f"^token_file: {file.path} cannot be read: Input/output error"):
                lock.verify(NEW)
    assert file.read().text == NEW


def test_another_token_than_the_one_put_in_place_is_noticed(file):
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        lock.store(NEW, None)
        with pytest.raises(TokenFileError, match="does not hold the token that was put there"):
            lock.verify(OLD)


def test_a_link_that_was_made_though_the_disk_said_otherwise_counts(file, monkeypatch):
    """As a network file system may, whose answer was lost and which was asked again."""
    link = os.link

    def link_and_deny(source, target, **options):
        link(source, target, **options)
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))

    monkeypatch.setattr(os, "link", link_and_deny)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        lock.store(NEW, None)
        lock.remove_leftovers()
    assert left(file) == {"entra.token": NEW + "\n"}


def without_folders(error: int) -> Callable:
    """``os.open`` that cannot open folders to list them, as one of mode 0300, where new files can be made nevertheless."""
    really = os.open

    def open_no_folder(path, flags, *more, **options):
        if flags & os.O_DIRECTORY and not flags & os.O_PATH:
            raise OSError(error, os.strerror(error), path)
        return really(path, flags, *more, **options)

    return open_no_folder


def files_only() -> Callable:
    """``os.fsync`` of a file system that cannot sync folders."""
    really = os.fsync

    def fsync_no_folder(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        really(descriptor)

    return fsync_no_folder


@pytest.mark.parametrize(("step", "stand_in"), [("open", without_folders(errno.EACCES)), ("fsync", files_only())])
def test_a_folder_that_cannot_be_synced_does_no_harm(file, monkeypatch, step, stand_in):
    monkeypatch.setattr(os, step, stand_in)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        lock.store(NEW, None)
        lock.verify(NEW)
        lock.remove_leftovers()
    assert left(file) == {"entra.token": NEW + "\n"}


def test_files_and_their_folder_reach_the_disk_before_the_next_step(file, monkeypatch):
    """In the order: the marker, its name, the new file, and then, with the token in it, that again and its name."""
    synced = []
    fsync = os.fsync

    def note(descriptor):
        synced.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        assert synced == ["file", "folder", "file"]
        lock.store(NEW, None)
        assert synced == ["file", "folder", "file", "file", "folder"]


@pytest.mark.parametrize("also", ["close", "unlink"])
def test_a_failing_clean_up_does_not_hide_that_the_token_is_not_stored(file, monkeypatch, also):
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", failing("write", code=errno.EROFS))
            patch.setattr(os, also, failing(also, code=errno.EROFS))
            with pytest.raises(TokenFileError, match="the token could not be written"):
                lock.store(NEW, None)
            lock.remove_leftovers()


def test_a_file_system_without_locks_is_told(file, monkeypatch):
    def flock(descriptor, operation):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(TokenFileError, match=f"^token_file: {file.path} cannot be locked: No locks available"):
        TokenFileLock(file).__enter__()
