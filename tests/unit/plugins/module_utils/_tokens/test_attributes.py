# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever could read a token before its renewal still can, and nobody else; and what is asked for is so."""

from __future__ import annotations

import errno
import os
import stat
import struct
import warnings
from pathlib import Path

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.attributes import (
    WantedAttributes,
    get_group_name,
    get_owner_name,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import StoredToken, TokenFile
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file_lock import TokenFileLock
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import interrupted
from ansible_collections.tenantops.qlik_cloud.tests.unit.processes import NOBODY, can_become_others, done_by_nobody
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.token_files import put

OLD, NEW = token_of("old"), token_of("new")
NOTED = interrupted("old")
NO_NAME = 4_000_000_001
ACL = "system.posix_acl_access"
LABEL = "security.selinux"


@pytest.fixture
def file(tmp_path):
    return TokenFile(str(tmp_path / "entra.token"))


def renew(file: TokenFile) -> None:
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        lock.store(NEW, StoredToken.parse(OLD))
        lock.verify(NEW)
        lock.remove_leftovers()


def adjust(file: TokenFile) -> None:
    with TokenFileLock(file) as lock:
        lock.set_attributes()


def whose(file: TokenFile) -> tuple[int, int, int]:
    status = os.lstat(file.path)
    return status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)


def acl(*entries: tuple[int, int, int]) -> bytes:
    """A list of tag, permissions and id, as Linux keeps it (linux/posix_acl_xattr.h)."""
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


# The owner reads and writes, user 65534 reads, nobody else does.
FOR_NOBODY = acl((1, 6, 2**32 - 1), (2, 4, NOBODY), (4, 0, 2**32 - 1), (16, 4, 2**32 - 1), (32, 0, 2**32 - 1))


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o440, 0o640, 0o644, 0o666])
def test_a_renewal_keeps_the_mode(file, mode):
    put(file, OLD, mode)
    renew(file)
    assert (whose(file)[2], file.read().text) == (mode, NEW)


@pytest.mark.parametrize("ids", [(NOBODY, NOBODY), (0, NOBODY), (NOBODY, 0), (NO_NAME, NO_NAME)])
def test_a_renewal_keeps_owner_and_group_whether_they_have_names_or_not(file, ids):
    if not can_become_others("files of other users"):
        return
    put(file, OLD, 0o440)
    os.chown(file.path, *ids)
    renew(file)
    assert (whose(file), file.read().text) == ((*ids, 0o440), NEW)


@pytest.mark.parametrize("content", ["", "\n"])
def test_a_file_without_a_token_gives_its_owner_and_group_but_not_its_mode(file, content):
    if not can_become_others("files of other users"):
        return
    put(file, content, 0o644)
    os.chown(file.path, NOBODY, NOBODY)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        lock.store(NEW, None)
        lock.remove_leftovers()
    assert whose(file) == (NOBODY, NOBODY, 0o600)


def test_the_new_file_is_as_the_old_one_before_a_token_is_in_it(file):
    put(file, OLD, 0o640)
    with TokenFileLock(file) as lock:
        lock.prepare(NOTED)
        assert stat.S_IMODE(os.lstat(file.new_path).st_mode) == 0o640
        assert set(Path(file.new_path).read_bytes()) == {0}
        lock.remove_leftovers()


def supports(path: Path, name: str, value: bytes) -> bool:
    """Whether the file system keeps such an attribute; warns when it does not, as then nothing was tried."""
    path.touch()
    try:
        os.setxattr(path, name, value)
    except OSError as error:
        warnings.warn(f"No {name} here, so none was carried over: {error}", stacklevel=2)
        return False
    finally:
        path.unlink()
    return True


def extended(file: TokenFile) -> dict[str, bytes]:
    return {name: os.getxattr(file.path, name) for name in os.listxattr(file.path) if name != LABEL}


def test_a_renewal_keeps_extended_attributes(file, tmp_path):
    if not supports(tmp_path / "tried", "user.origin", b"made by hand"):
        return
    put(file, OLD)
    os.setxattr(file.path, "user.origin", b"made by hand")
    os.setxattr(file.path, "user.empty", b"")
    renew(file)
    assert extended(file) == {"user.origin": b"made by hand", "user.empty": b""}


def test_a_renewal_keeps_an_access_control_list(file, tmp_path):
    if not supports(tmp_path / "tried", ACL, FOR_NOBODY):
        return
    put(file, OLD)
    os.setxattr(file.path, ACL, FOR_NOBODY)
    before = whose(file)
    renew(file)
    assert (whose(file), extended(file)) == (before, {ACL: FOR_NOBODY})
    assert file.find_exposed_mode(file.read()) == "0640"


def test_a_list_that_the_folder_hands_down_does_not_let_others_read_a_renewed_token(file, tmp_path):
    if not supports(tmp_path / "tried", ACL, FOR_NOBODY):
        return
    put(file, OLD, 0o640)
    os.setxattr(tmp_path, "system.posix_acl_default", FOR_NOBODY)
    renew(file)
    assert (whose(file)[2], extended(file)) == (0o640, {})


def test_an_access_control_list_stays_when_a_mode_is_asked_for(file, tmp_path):
    if not supports(tmp_path / "tried", ACL, FOR_NOBODY):
        return
    put(file, OLD)
    os.setxattr(file.path, ACL, FOR_NOBODY)
    asking = TokenFile(file.path, WantedAttributes(mode=lambda present: 0o600))
    for work in (renew, adjust):
        work(asking)
        assert (whose(file)[2], list(extended(file))) == (0o600, [ACL])


class Labels:
    """A label that the system gives each new file, and that only some may change; by inode, as renaming keeps it."""

    def __init__(self, monkeypatch, default: bytes = b"default_t"):
        self.of: dict[int, bytes] = {}
        self.given: list[bytes] = []
        self.error: int | None = None
        self._default = default
        for name in ("listxattr", "getxattr", "setxattr"):
            monkeypatch.setattr(os, name, getattr(self, name))

    def listxattr(self, descriptor):
        return [LABEL, "security.ima"]

    def getxattr(self, descriptor, name):
        return self.of.get(os.fstat(descriptor).st_ino, self._default) if name == LABEL else os.urandom(20)

    def setxattr(self, descriptor, name, value):
        assert name == LABEL
        if self.error is not None:
            raise OSError(self.error, os.strerror(self.error))
        self.given.append(value)
        self.of[os.fstat(descriptor).st_ino] = value


def test_a_renewal_keeps_the_label_and_makes_no_digest_of_another_content(file, monkeypatch):
    put(file, OLD)
    labels = Labels(monkeypatch)
    labels.of[os.lstat(file.path).st_ino] = b"qlik_token_t"
    renew(file)
    assert labels.of[os.lstat(file.path).st_ino] == b"qlik_token_t"


def test_a_label_that_new_files_get_anyhow_is_not_given_again(file, monkeypatch):
    put(file, OLD)
    labels = Labels(monkeypatch)
    labels.error = errno.EPERM
    renew(file)
    assert (labels.given, file.read().text) == ([], NEW)


def test_a_label_that_cannot_be_kept_is_told_before_a_key_is_made(file, monkeypatch):
    put(file, OLD)
    labels = Labels(monkeypatch)
    labels.of[os.lstat(file.path).st_ino] = b"qlik_token_t"
    labels.error = errno.EACCES
    message = f"^token_file: {file.path} cannot be given the {LABEL}: Permission denied. The file that is there has it"
    with TokenFileLock(file) as lock, pytest.raises(OptionError, match=message):
        lock.prepare(NOTED)
    assert (os.listdir(file.folder), file.read().text) == (["entra.token"], OLD)


@pytest.mark.parametrize("code", [errno.ENOTSUP, errno.ENOSYS])
def test_a_file_system_without_extended_attributes_serves_as_well(file, monkeypatch, code):
    def none(*_arguments):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "listxattr", none)
    put(file, OLD, 0o640)
    renew(file)
    assert (whose(file)[2], file.read().text) == (0o640, NEW)


def test_a_system_without_extended_attributes_serves_as_well(file, monkeypatch):
    monkeypatch.delattr(os, "listxattr")
    put(file, OLD)
    renew(file)
    assert file.read().text == NEW


def test_a_new_file_is_as_asked(file):
    if not can_become_others("files of other users"):
        return
    asking = TokenFile(file.path, WantedAttributes(NOBODY, NO_NAME, lambda present: present | 0o040))
    assert (asking.find_exposed_mode(None), asking.find_attribute_change()) == (None, None)
    open_to_all = TokenFile(file.path, WantedAttributes(NOBODY, NO_NAME, lambda present: present | 0o044))
    assert open_to_all.find_exposed_mode(None) == "0644"
    with TokenFileLock(asking) as lock:
        lock.prepare(NOTED)
        lock.store(NEW, None)
        lock.remove_leftovers()
    assert whose(file) == (NOBODY, NO_NAME, 0o640)


def test_a_renewed_file_is_as_asked_and_otherwise_as_it_was(file):
    if not can_become_others("files of other users"):
        return
    put(file, OLD, 0o444)
    os.chown(file.path, NOBODY, NOBODY)
    renew(TokenFile(file.path, WantedAttributes(group=NO_NAME)))
    assert whose(file) == (NOBODY, NO_NAME, 0o444)


def test_a_file_that_is_not_as_asked_says_how_it_is_and_how_it_shall_be(file):
    if not can_become_others("files of other users"):
        return
    put(file, OLD, 0o644)
    asking = TokenFile(file.path, WantedAttributes(NOBODY, NO_NAME, lambda present: present & ~0o077))
    change = asking.find_attribute_change()
    assert change == (
        {"owner": get_owner_name(0), "group": get_group_name(0), "mode": "0644"},
        {"owner": get_owner_name(NOBODY), "group": str(NO_NAME), "mode": "0600"},
    )
    assert asking.find_exposed_mode(asking.read()) is None
    inode = os.lstat(file.path).st_ino
    adjust(asking)
    assert (whose(file), asking.find_attribute_change(), os.lstat(file.path).st_ino) == (
        (NOBODY, NO_NAME, 0o600),
        None,
        inode,
    )
    assert (file.read().text, os.listdir(file.folder)) == (OLD, ["entra.token"])


def test_what_is_asked_for_already_is_not_given_again(file, monkeypatch):
    put(file, OLD, 0o640)
    owner, group, _mode = whose(file)

    def unexpected(*_arguments):
        raise AssertionError("nothing is to be changed")

    for name in ("fchown", "fchmod", "setxattr", "removexattr"):
        monkeypatch.setattr(os, name, unexpected)
    asking = TokenFile(file.path, WantedAttributes(owner, group, lambda present: 0o640))
    assert asking.find_attribute_change() is None
    adjust(asking)


def renew_and_report(path: str, asked: WantedAttributes) -> str:
    """As another user, whose files and rights are others."""
    return _outcome(renew, TokenFile(path, asked))


def adjust_and_report(path: str, asked: WantedAttributes) -> str:
    return _outcome(adjust, TokenFile(path, asked))


def _outcome(work, file: TokenFile) -> str:
    try:
        work(file)
    except (OptionError, TokenFileError) as error:
        return str(error)
    return "done"


def test_an_owner_or_group_that_cannot_be_kept_is_told_before_a_key_is_made(open_folder):
    if not can_become_others("a run of a user who may not give files away"):
        return
    path = open_folder / "t"
    for ids, what in [((0, NOBODY), "owner root"), ((NOBODY, 0), "group root")]:
        path.write_text(OLD)
        path.chmod(0o644)
        os.chown(path, *ids)
        message = done_by_nobody(renew_and_report, str(path), WantedAttributes())
        assert message.startswith(f"token_file: {path} cannot be given the {what}: Operation not permitted. The file")
        assert (path.read_text(), os.stat(path)[4:6], os.listdir(open_folder)) == (OLD, ids, ["t"])


def test_another_owner_may_be_asked_for_instead_of_one_that_cannot_be_kept(open_folder):
    if not can_become_others("a run of a user who may not give files away"):
        return
    path = open_folder / "t"
    path.write_text(OLD)
    path.chmod(0o644)
    assert done_by_nobody(renew_and_report, str(path), WantedAttributes(NOBODY, NOBODY)) == "done"
    assert (path.read_text(), os.stat(path)[4:6]) == (f"{NEW}\n", (NOBODY, NOBODY))


@pytest.mark.parametrize("work", [renew_and_report, adjust_and_report])
@pytest.mark.parametrize(
    ("asked", "option", "what"),
    [
        (WantedAttributes(owner=0), "token_file_owner", "owner root"),
        (WantedAttributes(group=0), "token_file_group", "group root"),
    ],
)
def test_what_was_asked_for_and_cannot_be_given_is_told_by_its_option(open_folder, work, asked, option, what):
    if not can_become_others("a run of a user who may not give files away"):
        return
    path = open_folder / "t"
    path.write_text(OLD)
    os.chown(path, NOBODY, NOBODY)
    message = done_by_nobody(work, str(path), asked)
    assert message == (
        f"{option}: {path} cannot be given the {what}: Operation not permitted. Ask for another, or run as a user who may "
        "do that."
    )
    assert (path.read_text(), os.stat(path)[4:6], os.listdir(open_folder)) == (OLD, (NOBODY, NOBODY), ["t"])


def test_a_mode_of_another_users_file_that_cannot_be_changed_is_told_by_its_option(open_folder):
    if not can_become_others("a run of a user who may not change the file"):
        return
    path = open_folder / "t"
    path.write_text(OLD)
    path.chmod(0o644)
    message = done_by_nobody(adjust_mode_and_report, str(path))
    assert message.startswith(f"token_file_mode: {path} cannot be given the mode 0600: Operation not permitted")


def adjust_mode_and_report(path: str) -> str:
    return adjust_and_report(path, WantedAttributes(mode=lambda present: 0o600))


def test_a_token_that_nobody_could_read_back_is_told_before_a_key_is_made(open_folder):
    if not can_become_others("a run of a user who may not read everything"):
        return
    message = done_by_nobody(renew_unreadable_and_report, str(open_folder / "t"))
    assert message == f"token_file: no token can be stored at {open_folder}/t: Permission denied."
    assert os.listdir(open_folder) == []


def renew_unreadable_and_report(path: str) -> str:
    return renew_and_report(path, WantedAttributes(mode=lambda present: 0o040))
