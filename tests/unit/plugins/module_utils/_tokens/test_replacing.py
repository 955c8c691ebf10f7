# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""That a token can take the place of another one is proven before a key is made or retired: by putting that one there."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.attributes import WantedAttributes
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.marker import read_marker
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import UNCHANGED, TokenFile
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file_lock import TokenFileLock
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import interrupted
from ansible_collections.tenantops.qlik_cloud.tests.unit.processes import (
    NOBODY,
    can_become_others,
    done_by_nobody,
    killed_in,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import jwt, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.token_files import mark, put

OLD, NEW = token_of("old"), token_of("new")
NOTED = interrupted("old")
MARKED = interrupted("before")


@pytest.fixture
def file(tmp_path):
    return TokenFile(str(tmp_path / "entra.token"))


def read_all(file: TokenFile) -> tuple:
    """All of a file that a copy of it shares."""
    status = os.lstat(file.path)
    return Path(file.path).read_bytes(), status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns


def failing_at(file: TokenFile, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can take the place of the token file any more."""
    replace = os.replace

    def failing(source, target, **options):
        if target == file.name:
            raise OSError(code, os.strerror(code))
        replace(source, target, **options)

    monkeypatch.setattr(os, "replace", failing)


@pytest.mark.parametrize("content", [OLD, f"\n{OLD}\r\n", "", "\n", jwt({})])
@pytest.mark.parametrize("mode", [0o600, 0o444])
def test_the_file_is_put_in_place_of_itself_and_is_as_it_was(file, content, mode):
    put(file, content, mode)
    os.utime(file.path, ns=(10**18 + 1, 10**18 + 2))
    before, inode = read_all(file), os.lstat(file.path).st_ino
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        after = read_all(file)
        assert (after[0], after[4]) == (before[0], before[4])
        assert os.lstat(file.path).st_ino != inode
        lock.remove_leftovers()
    assert os.listdir(file.folder) == ["entra.token"]
    if content.strip():
        assert after == before


def test_where_there_is_no_file_there_is_nothing_to_be_proven(file, monkeypatch):
    failing_at(file, errno.EBUSY, monkeypatch)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        lock.store(NEW, None)
        lock.remove_leftovers()
    assert file.read().text == NEW


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (
            errno.EBUSY,
            "Device or resource busy. It is mounted by itself, so nothing can take its place: mount its folder",
        ),
        (errno.EXDEV, "Invalid cross-device link. It lies on another file system than its folder"),
        (
            errno.EPERM,
            "Operation not permitted. Give a path in a folder where this user may change the files of others",
        ),
        (errno.EACCES, "Permission denied. Give a path in a folder that this user may change"),
        (errno.EROFS, "Read-only file system. Give a path in a folder that this user may change"),
    ],
)
@pytest.mark.parametrize("marked", [False, True])
def test_a_file_that_cannot_be_replaced_is_told_with_what_to_do_and_nothing_is_left(
    file, monkeypatch, code, advice, marked
):
    put(file, OLD)
    if marked:
        mark(file, MARKED)
    before = read_all(file)
    with TokenFileLock(file) as lock:
        with monkeypatch.context() as patch:
            failing_at(file, code, patch)
            with pytest.raises(OptionError) as refused:
                lock.prepare(NOTED)
    assert str(refused.value).startswith(f"token_file: what is in {file.path} could not be replaced: {advice}")
    assert str(refused.value).endswith(" No key was made or retired for it.")
    assert read_all(file) == before
    # What an earlier run has noted is still to be looked after.
    assert read_marker(file) == (MARKED if marked else None)
    assert sorted(os.listdir(file.folder)) == sorted(["entra.token", *([file.marker_name] if marked else [])])


def prepare_and_report(path: str, asked: WantedAttributes = UNCHANGED) -> str:
    try:
        with TokenFileLock(TokenFile(path, asked)) as lock:
            lock.prepare(NOTED)
            lock.remove_leftovers()
    except (OptionError, TokenFileError) as error:
        return str(error)
    return "done"


@pytest.mark.parametrize("is_sticky", [False, True])
def test_another_users_file_in_a_sticky_folder_is_told(open_folder, is_sticky):
    if not can_become_others("a file of another user's in a sticky folder"):
        return
    path = open_folder / "t"
    path.write_text(OLD)
    path.chmod(0o644)
    open_folder.chmod(0o1777 if is_sticky else 0o777)
    message = done_by_nobody(prepare_and_report, str(path), WantedAttributes(NOBODY, NOBODY))
    assert ("could not be replaced: Operation not permitted" in message) is is_sticky
    assert (message == "done") is not is_sticky
    assert (path.read_text(), os.listdir(open_folder)) == (OLD, ["t"])


TELL = f"import sys; from {__name__} import prepare_and_report; print(prepare_and_report(sys.argv[1]))"
# Where nobody else sees it, and gone with the process.
MOUNTING = ["unshare", "--map-root-user", "--mount", "--propagation", "private", "sh", "-c"]


def test_a_file_that_is_mounted_by_itself_is_told(tmp_path):
    source, target = tmp_path / "source", tmp_path / "inside" / "t"
    target.parent.mkdir()
    for path in (source, target):
        path.write_text(OLD)
    mount = [*MOUNTING, 'mount --bind "$0" "$1" && shift && exec "$@"', str(source), str(target)]
    try:
        subprocess.run([*mount, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        warnings.warn(f"No file can be mounted on this machine, so none was tried: {error}", stacklevel=1)
        return
    ran = subprocess.run(
        [*mount, sys.executable, "-c", TELL, str(target)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=True,
        capture_output=True,
        text=True,
    )
    assert f"what is in {target} could not be replaced: Device or resource busy. It is mounted by itself" in ran.stdout
    assert [path.name for path in target.parent.iterdir()] == ["t"]
    assert (source.read_text(), target.read_text()) == (OLD, OLD)


def rewritten(file: TokenFile) -> None:
    Path(file.path).write_text(NEW)


def replaced(file: TokenFile) -> None:
    Path(f"{file.path}-other").write_text(OLD)
    os.replace(f"{file.path}-other", file.path)


@pytest.mark.parametrize("meddling", [rewritten, replaced])
def test_a_file_that_changes_meanwhile_is_not_replaced_by_what_it_was(file, monkeypatch, meddling):
    put(file, OLD)
    utime = os.utime

    def utime_and_meddle(*arguments, **options):
        utime(*arguments, **options)
        meddling(file)

    with TokenFileLock(file) as lock:
        with monkeypatch.context() as patch:
            patch.setattr(os, "utime", utime_and_meddle)
            with pytest.raises(
                TokenFileError, match="holds something that was not there before. See what else writes to it"
            ):
                lock.prepare(NOTED)
    assert (file.read().text, os.listdir(file.folder)) == (NEW if meddling is rewritten else OLD, ["entra.token"])


def test_a_file_that_is_gone_before_it_could_be_replaced_is_told(file, monkeypatch):
    put(file, OLD)
    utime = os.utime

    def utime_and_remove(*arguments, **options):
        utime(*arguments, **options)
        os.unlink(file.path)

    with TokenFileLock(file) as lock:
        with monkeypatch.context() as patch:
            patch.setattr(os, "utime", utime_and_remove)
            with pytest.raises(OptionError, match="no token can be stored at .*: No such file or directory"):
                lock.prepare(NOTED)
    assert os.listdir(file.folder) == []


def test_a_file_system_that_keeps_no_times_serves_as_well(file, monkeypatch):
    def none(*_arguments, **_options):
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    monkeypatch.setattr(os, "utime", none)
    put(file, OLD)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        lock.remove_leftovers()
    assert file.read().text == OLD


@pytest.mark.parametrize("content", ["A=1\n", f"QLIK_KEY={OLD}\n", "x" * 10**6, "\0", b"\xff\xfe".decode("latin-1")])
def test_what_is_no_token_is_never_replaced_whatever_the_plan_says(file, content):
    put(file, content)
    before = read_all(file)
    message = f"^token_file: {file.path} holds something that is not a token. It was left as it is; give another path"
    with TokenFileLock(file) as lock, pytest.raises(TokenFileError, match=message):
        lock.prepare(NOTED)
    assert (read_all(file), os.listdir(file.folder)) == (before, ["entra.token"])
    Path(file.path).unlink()
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        put(file, content)
        with pytest.raises(TokenFileError, match=message):
            lock.store(NEW, file.read())
        lock.remove_leftovers()
    assert (Path(file.path).read_text(), os.listdir(file.folder)) == (content, ["entra.token"])


def test_a_copy_that_a_killed_run_left_is_taken_away_by_the_next(file):
    put(file, OLD)
    killed_in(copy_only, file)
    assert Path(file.new_path).read_text() == OLD
    assert stat.S_IMODE(os.lstat(file.new_path).st_mode) == 0o600
    assert file.has_leftovers()
    with TokenFileLock(file) as lock:
        lock.remove_leftovers()
    assert (os.listdir(file.folder), file.read().text) == (["entra.token"], OLD)


def copy_only(file: TokenFile) -> None:
    """A run that ends right before it puts the copy in place."""
    os.replace = lambda *arguments, **options: os.kill(os.getpid(), signal.SIGKILL)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
