# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that fails at any step must leave the typed error, the old content, and nothing beside it."""

from __future__ import annotations

import errno
import os
import stat

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import TokenFile
from unit.samples import token_of

TOKEN = token_of("key-1")


@pytest.fixture
def file(tmp_path):
    return TokenFile(str(tmp_path / "entra.token"))


def failing(code: int):
    def fail(*_arguments, **_options):
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize("step", ["write", "fsync"])
def test_a_full_disk_is_noticed_before_a_key_is_made(file, tmp_path, monkeypatch, step):
    with monkeypatch.context() as patch:
        patch.setattr(os, step, failing(errno.ENOSPC))
        with pytest.raises(OptionError, match="^token_file: no token can be stored at .*: No space left on device"):
            file.prepare()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("steps", [["write"], ["fsync"], ["ftruncate"], ["link", "replace"]])
@pytest.mark.parametrize("before", [None, ""])
def test_a_token_that_cannot_be_stored_leaves_what_was_there_and_nothing_else(
    file, tmp_path, monkeypatch, steps, before
):
    if before is not None:
        (tmp_path / "entra.token").write_text(before)
    file.prepare()
    with monkeypatch.context() as patch:
        for step in steps:
            patch.setattr(os, step, failing(errno.EIO))
        with pytest.raises(TokenFileError) as failed:
            file.store(TOKEN)
    assert str(failed.value) == f"token_file: the token could not be written to {file.path}: Input/output error."
    assert [path.read_text() for path in tmp_path.iterdir()] == ([] if before is None else [before])


def test_a_disk_that_takes_only_a_part_at_a_time_gets_the_rest(file, monkeypatch):
    write = os.write
    file.prepare()
    monkeypatch.setattr(os, "write", lambda descriptor, content: write(descriptor, content[:7]))
    file.store(TOKEN)
    assert file.read().text == TOKEN


def test_a_disk_that_keeps_something_else_is_noticed_and_the_dead_token_does_not_stay(file, tmp_path, monkeypatch):
    file.prepare()
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: write(descriptor, b"?" * len(content)))
    with pytest.raises(TokenFileError, match="does not hold what was written to it"):
        file.store(TOKEN)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_opened_for_syncing_is_noticed_before_a_key_is_made_or_does_no_harm(
    file, tmp_path, monkeypatch
):
    """Mode 0300: new files can be made in it, but it cannot be opened itself."""
    really_open = os.open

    def open_no_folder(path, flags, *more, **options):
        if flags & os.O_DIRECTORY == os.O_DIRECTORY:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return really_open(path, flags, *more, **options)

    monkeypatch.setattr(os, "open", open_no_folder)
    try:
        file.prepare()
    except OptionError:
        assert list(tmp_path.iterdir()) == []
    else:
        file.store(TOKEN)
        assert file.read().text == TOKEN


def test_a_file_system_that_cannot_sync_folders_keeps_the_token_nevertheless(file, monkeypatch):
    really_fsync = os.fsync

    def fsync_files_only(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        really_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync_files_only)
    file.prepare()
    file.store(TOKEN)
    assert file.read().text == TOKEN


@pytest.mark.parametrize("also", ["close", "unlink"])
def test_a_failing_clean_up_does_not_hide_that_the_token_is_not_stored(file, monkeypatch, also):
    file.prepare()
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", failing(errno.EROFS))
        patch.setattr(os, also, failing(errno.EROFS))
        with pytest.raises(TokenFileError, match="the token could not be written"):
            file.store(TOKEN)


def test_a_file_that_cannot_be_looked_at_is_refused(file, monkeypatch):
    monkeypatch.setattr(os, "lstat", failing(errno.EACCES))
    with pytest.raises(OptionError, match="^token_file: .* cannot be looked at: Permission denied"):
        file.check()


def test_a_file_that_cannot_be_opened_is_told(file, monkeypatch):
    monkeypatch.setattr(os, "open", failing(errno.EACCES))
    with pytest.raises(TokenFileError, match="^token_file: .* cannot be read: Permission denied"):
        file.read()
