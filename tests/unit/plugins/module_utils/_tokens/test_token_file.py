# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import os
import stat

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import Claims
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import (
    LARGEST,
    StoredToken,
    TokenFile,
)
from unit.samples import TENANT_ID, token_of

TOKEN = token_of("key-1")
STORED = StoredToken(TOKEN, Claims("key-1", TENANT_ID))


def mode_of(path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "tokens"
    folder.mkdir()
    return folder / "entra.token"


def test_a_token_is_stored_with_a_final_line_break_for_its_owner_alone_and_nothing_is_left_beside_it(path):
    old_mask = os.umask(0)
    try:
        file = TokenFile(str(path))
        file.prepare()
        (beside,) = path.parent.iterdir()
        assert (mode_of(beside), path.exists()) == (0o600, False)
        file.store(TOKEN)
    finally:
        os.umask(old_mask)
    assert (path.read_text(), mode_of(path), list(path.parent.iterdir())) == (TOKEN + "\n", 0o600, [path])
    assert file.read() == STORED


def test_an_empty_file_is_not_written_to_but_replaced_by_a_private_one(path):
    path.touch(0o644)
    old_inode = path.stat().st_ino
    file = TokenFile(str(path))
    file.prepare()
    assert path.read_text() == ""
    file.store(TOKEN)
    assert (path.read_text(), mode_of(path), path.stat().st_ino == old_inode) == (TOKEN + "\n", 0o600, False)


def test_a_token_that_another_run_has_stored_meanwhile_is_never_overwritten(path):
    file = TokenFile(str(path))
    file.prepare()
    path.write_text("the other run's")
    with pytest.raises(TokenFileError, match="holds a token that was not there before"):
        file.store(TOKEN)
    assert {each.name: each.read_text() for each in path.parent.iterdir()} == {path.name: "the other run's"}


def test_a_file_system_without_hard_links_serves_as_well(path, monkeypatch):
    def link(source, target):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)
    file = TokenFile(str(path))
    file.prepare()
    file.store(TOKEN)
    assert {each.name: each.read_text() for each in path.parent.iterdir()} == {path.name: TOKEN + "\n"}


def test_the_space_for_a_token_is_taken_before_it_exists(path):
    file = TokenFile(str(path))
    file.prepare()
    (beside,) = path.parent.iterdir()
    assert beside.stat().st_size >= len(TOKEN)
    file.discard()


def test_discarding_leaves_nothing_and_may_be_repeated(path):
    file = TokenFile(str(path))
    file.discard()
    file.prepare()
    file.discard()
    file.discard()
    assert list(path.parent.iterdir()) == []


def test_looking_and_reading_change_nothing(path):
    file = TokenFile(str(path))
    file.check()
    assert (file.read(), file.readable_by_others(), list(path.parent.iterdir())) == (None, None, [])


@pytest.mark.parametrize(
    ("content", "stored"),
    [
        ("", None),
        (" \n", None),
        (TOKEN, STORED),
        (f"\n {TOKEN} \r\n", STORED),
        ("hello", StoredToken("hello", None)),
        ("x" * LARGEST * 2, StoredToken("x" * LARGEST, None)),
    ],
)
def test_a_file_holds_a_token_something_else_or_nothing(path, content, stored):
    path.write_text(content)
    assert TokenFile(str(path)).read() == stored


def test_bytes_that_are_no_text_are_something_else(path):
    path.write_bytes(b"\xff\xfe")
    assert TokenFile(str(path)).read().claims is None


def test_a_stored_token_is_not_in_the_repr():
    assert TOKEN not in repr(STORED)


@pytest.mark.parametrize(
    ("mode", "told"), [(0o600, None), (0o400, None), (0o640, "0640"), (0o604, "0604"), (0o644, "0644")]
)
def test_a_file_that_others_may_read_is_told_by_its_mode(path, mode, told):
    path.write_text(TOKEN)
    path.chmod(mode)
    assert TokenFile(str(path)).readable_by_others() == told


def test_a_relative_path_becomes_absolute(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    assert TokenFile("entra.token").path == str(path)


def as_folder(path):
    path.mkdir()


def as_link(path):
    (path.parent / "target").write_text("target")
    path.symlink_to(path.parent / "target")


def as_dangling_link(path):
    path.symlink_to(path.parent / "nowhere")


def as_pipe(path):
    os.mkfifo(path)


def without_its_folder(path):
    path.parent.rmdir()


def below_a_file(path):
    path.parent.rmdir()
    path.parent.write_text("a file")


@pytest.mark.parametrize(
    ("arrange", "problem"),
    [
        (as_folder, "is a folder"),
        (as_link, "is a symbolic link"),
        (as_dangling_link, "is a symbolic link"),
        (as_pipe, "is a special file"),
        (without_its_folder, "does not exist; make it first"),
        (below_a_file, "Not a directory"),
    ],
)
@pytest.mark.parametrize("step", [TokenFile.check, TokenFile.prepare])
def test_a_place_that_cannot_hold_a_token_is_refused_and_stays_as_it_was(path, arrange, problem, step):
    arrange(path)
    before = sorted(path.parent.iterdir()) if path.parent.is_dir() else None
    with pytest.raises(OptionError, match=problem) as refused:
        step(TokenFile(str(path)))
    assert str(refused.value).startswith("token_file: ") and str(path.parent) in str(refused.value)
    assert before == (sorted(path.parent.iterdir()) if path.parent.is_dir() else None)


def test_a_path_that_is_none_is_refused():
    with pytest.raises(OptionError, match="^token_file: .*is not a path"):
        TokenFile("a\0b").check()


def test_a_name_too_long_for_a_file_is_refused(path):
    with pytest.raises(OptionError, match="File name too long"):
        TokenFile(str(path.parent / ("x" * 300))).prepare()
    assert list(path.parent.iterdir()) == []


def test_a_name_as_long_as_a_file_may_have_is_usable(path):
    file = TokenFile(str(path.parent / ("字" * 85)))
    file.prepare()
    file.store(TOKEN)
    assert file.read() == STORED


def test_a_folder_without_write_permission_is_refused(path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda folder, mode: not (str(folder) == str(path.parent) and mode & os.W_OK))
    with pytest.raises(OptionError, match=f"^token_file: the folder {path.parent} is not writable"):
        TokenFile(str(path)).prepare()


@pytest.mark.parametrize("arrange", [as_link, as_dangling_link])
def test_a_symbolic_link_is_never_read_through(path, arrange):
    arrange(path)
    with pytest.raises(TokenFileError, match=f"^token_file: {path} cannot be read"):
        TokenFile(str(path)).read()


def test_a_link_that_appears_after_the_check_is_refused_and_its_target_is_not_written(path):
    file = TokenFile(str(path))
    file.prepare()
    as_link(path)
    with pytest.raises(TokenFileError, match="cannot be read"):
        file.store(TOKEN)
    assert path.is_symlink()
    assert (path.parent / "target").read_text() == "target"


def test_a_token_file_is_removed_and_its_absence_is_no_error(path):
    path.write_text(TOKEN)
    file = TokenFile(str(path))
    file.remove()
    file.remove()
    assert list(path.parent.iterdir()) == []


def test_a_token_file_that_cannot_be_removed_is_an_error_that_names_it(path):
    as_folder(path)
    with pytest.raises(TokenFileError, match=f"^token_file: {path} could not be removed"):
        TokenFile(str(path)).remove()
