# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is at a token file's path, and what may be put there."""

from __future__ import annotations

import errno
import os

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._json_web_token import MAX_TOKEN_CHARACTERS
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import read_claims
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import StoredToken, TokenFile
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import jwt, token_of

TOKEN = token_of("key-1")
STORED = StoredToken(TOKEN, read_claims(TOKEN), is_token=True)
BESIDE = ["lock_path", "marker_path", "new_path"]


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "tokens"
    folder.mkdir()
    return folder / "entra.token"


def test_looking_and_reading_change_nothing(path):
    file = TokenFile(str(path))
    file.check()
    assert (file.read(), file.find_exposed_mode(None), file.has_leftovers()) == (None, None, False)
    assert list(path.parent.iterdir()) == []


def test_what_a_run_needs_lies_beside_the_file_hidden_and_named_after_it(path):
    file = TokenFile(str(path))
    beside = [os.path.relpath(getattr(file, name), path.parent) for name in BESIDE]
    assert beside == [".entra.token.qlik-lock", ".entra.token.qlik-pending", ".entra.token.qlik-new"]


@pytest.mark.parametrize("name", BESIDE)
def test_what_a_run_left_is_noticed(path, name):
    file = TokenFile(str(path))
    with open(getattr(file, name), "w"):
        pass
    assert file.has_leftovers()
    assert file.check() is None


@pytest.mark.parametrize(
    ("content", "stored"),
    [
        ("", None),
        (" \n", None),
        (TOKEN, STORED),
        (f"\n {TOKEN} \r\n", STORED),
        ("hello", StoredToken("hello", None, is_token=False)),
        (jwt({}), StoredToken(jwt({}), None, is_token=True)),
        (TOKEN + " " * (MAX_TOKEN_CHARACTERS - len(TOKEN)), STORED),
        (TOKEN + " " * MAX_TOKEN_CHARACTERS, StoredToken(TOKEN, None, is_token=False)),
        (" " * MAX_TOKEN_CHARACTERS, None),
        ("\n" * (MAX_TOKEN_CHARACTERS + 1) + TOKEN, StoredToken("", None, is_token=False)),
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
    ("mode", "shown"), [(0o600, None), (0o400, None), (0o640, "0640"), (0o604, "0604"), (0o644, "0644")]
)
def test_a_file_that_others_may_read_is_told_by_its_mode(path, mode, shown):
    path.write_text(TOKEN)
    path.chmod(mode)
    assert TokenFile(str(path)).find_exposed_mode(STORED) == shown


def test_a_path_leads_up_from_where_a_link_leads_to_as_for_every_other_program(tmp_path):
    (tmp_path / "releases" / "v1").mkdir(parents=True)
    (tmp_path / "current").symlink_to(tmp_path / "releases" / "v1")
    path = f"{tmp_path}/current/../t"
    assert TokenFile(path).path == f"{tmp_path}/releases/t"
    assert TokenFile(f"{tmp_path}/releases/../t").path == f"{tmp_path}/t"
    (tmp_path / "releases" / "t").write_text(TOKEN)
    assert (open(path).read(), TokenFile(path).read()) == (TOKEN, STORED)


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


KINDS = [
    (as_folder, "is a folder"),
    (as_link, "is a symbolic link"),
    (as_dangling_link, "is a symbolic link"),
    (as_pipe, "is a special file"),
]


@pytest.mark.parametrize(("arrange", "problem"), KINDS)
@pytest.mark.parametrize("place", ["path", *BESIDE])
def test_what_is_no_regular_file_is_refused_at_the_path_and_beside_it(path, arrange, problem, place):
    file = TokenFile(str(path))
    arrange(path.parent / os.path.basename(getattr(file, place)))
    for check in (file.check, file.check_kind):
        with pytest.raises(OptionError, match=f"^token_file: {getattr(file, place)} {problem}"):
            check()


def without_its_folder(path):
    path.parent.rmdir()


def below_a_file(path):
    path.parent.rmdir()
    path.parent.write_text("a file")


@pytest.mark.parametrize(
    ("arrange", "problem"), [(without_its_folder, "does not exist; make it first"), (below_a_file, "Not a directory")]
)
def test_a_folder_that_is_none_is_refused(path, arrange, problem):
    arrange(path)
    with pytest.raises(OptionError, match=f"^token_file: .*{path.parent}.*{problem}"):
        TokenFile(str(path)).check()


def test_a_folder_that_is_gone_has_nothing_of_the_wrong_kind_in_it(path):
    without_its_folder(path)
    assert (TokenFile(str(path)).check_kind(), TokenFile(str(path)).has_leftovers()) == (None, False)


def test_a_path_that_is_none_is_refused():
    with pytest.raises(OptionError, match="^token_file: .*is not a path"):
        TokenFile("a\0b").check()


@pytest.mark.parametrize(("name", "is_usable"), [("x" * 241, True), ("字" * 80, True), ("x" * 242, False)])
def test_a_name_that_leaves_no_room_for_those_beside_it_is_refused(path, name, is_usable):
    file = TokenFile(str(path.parent / name))
    if is_usable:
        assert file.check() is None
    else:
        with pytest.raises(OptionError, match="^token_file: .* cannot be looked at: File name too long"):
            file.check()


@pytest.mark.parametrize(
    ("name", "is_refused"),
    [
        (".x.qlik-lock", True),
        (".x.token.qlik-pending", True),
        (".x.qlik-new", True),
        ("..x.qlik-new.qlik-lock", True),
        (".X.QLIK-NEW", True),
        ("x.qlik-lock", False),
        (".x.qlik-lock.token", False),
        (".qlik", False),
        (".x", False),
    ],
)
def test_a_name_that_runs_give_to_what_they_put_beside_a_token_file_is_refused(path, name, is_refused):
    file = TokenFile(str(path.parent / name))
    for check in (file.check, file.check_kind):
        if is_refused:
            with pytest.raises(
                OptionError, match=f"^token_file: {file.path} has a name that runs give to files beside a token file"
            ):
                check()
        else:
            assert check() is None


def test_a_folder_without_write_permission_is_refused(path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda folder, mode: not (str(folder) == str(path.parent) and mode & os.W_OK))
    with pytest.raises(OptionError, match=f"^token_file: the folder {path.parent} is not writable"):
        TokenFile(str(path)).check()


@pytest.mark.parametrize("arrange", [as_link, as_dangling_link])
def test_a_symbolic_link_is_never_read_through(path, arrange):
    arrange(path)
    with pytest.raises(TokenFileError, match=f"^token_file: {path} cannot be read"):
        TokenFile(str(path)).read()


def denied(*_arguments, **_options):
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_a_file_that_cannot_be_looked_at_is_refused(path, monkeypatch):
    monkeypatch.setattr(os, "lstat", denied)
    with pytest.raises(OptionError, match="^token_file: .* cannot be looked at: Permission denied"):
        TokenFile(str(path)).check()


def test_a_file_that_cannot_be_opened_is_told(path, monkeypatch):
    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(TokenFileError, match="^token_file: .* cannot be read: Permission denied"):
        TokenFile(str(path)).read()
