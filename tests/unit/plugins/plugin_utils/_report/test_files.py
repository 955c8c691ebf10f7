# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report: which are taken, and that each is written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report import html
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.files import ReportFile, parse_report_files
from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import document


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that this process works in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(path: str) -> str:
    with pytest.raises(OptionError) as error:
        parse_report_files("file", [path])
    return str(error.value)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.html", "html"),
        ("a.HTML", "html"),
        ("a.Json", "json"),
        ("a.b.csv", "csv"),
        ("a b.MD", "markdown"),
        ("ä.md", "markdown"),
    ],
)
def test_the_suffix_says_what_is_written_in_any_case(folder, name, format):
    (file,) = parse_report_files("file", [name])
    assert file == ReportFile(str(folder / name), format)


@pytest.mark.parametrize("pwd", [None, "/", "/nowhere"])
def test_a_relative_path_begins_at_the_working_folder_whatever_the_environment_says(folder, monkeypatch, pwd):
    (folder / "sub").mkdir()
    monkeypatch.delenv("PWD", raising=False) if pwd is None else monkeypatch.setenv("PWD", pwd)
    given = ["a.md", "./b.md", "sub/../c.md", "sub/d.md"]
    assert [file.path for file in parse_report_files("file", given)] == [
        str(folder / name) for name in ("a.md", "b.md", "c.md", "sub/d.md")
    ]


def test_a_tilde_is_the_home_folder(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder))
    assert parse_report_files("file", ["~/a.md"])[0].path == str(folder / "a.md")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "file: must not be empty."),
        ("  ", "file: must not be empty."),
        ("keys.txt", "file: keys.txt must end in one of .html, .json, .csv, .md, which says what is written."),
        ("keys", "file: keys must end in one of"),
        ("keys.md/", "file: {folder}/keys.md is a folder; give the name of a file."),
        ("keys.md", "file: {folder}/keys.md is a folder; give the name of a file."),
        ("none/keys.csv", "file: {folder}/none is no folder; make it first."),
        ("file/keys.csv", "file: {folder}/file is no folder; make it first."),
        ("~nobody-of-that-name/keys.csv", "file: {folder}/~nobody-of-that-name is no folder; make it first."),
        ("a\0.md", r"file: 'a\x00.md' has a null character in it"),
    ],
)
def test_what_cannot_be_written_is_refused_with_what_would_be_right(folder, given, message):
    (folder / "keys.md").mkdir()
    (folder / "file").touch()
    assert refusal(given).startswith(message.format(folder=folder))
    assert names(folder) == ["file", "keys.md"]


def test_a_folder_that_cannot_be_written_to_is_refused(folder, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert refusal("a.md") == f"file: {folder} cannot be written to."


@pytest.mark.parametrize("again", ["a.md", "./a.md", "{folder}/a.md", "link/a.md"])
def test_one_file_that_is_named_twice_is_refused_by_whichever_way(folder, again):
    (folder / "link").symlink_to(folder)
    with pytest.raises(OptionError, match="is named twice."):
        parse_report_files("file", ["a.md", again.format(folder=folder)])


def test_two_files_may_have_names_that_differ_in_case_or_format(folder):
    assert len(parse_report_files("file", ["a.md", "A.md", "a.json"])) == 3


@pytest.mark.parametrize("name", ["a.html", "a.json", "a.csv", "a.md"])
def test_it_is_written_in_utf_8_as_it_was_rendered(folder, name):
    (file,) = parse_report_files("file", [name])
    text = file.render(document(2, 30))
    file.write(text)
    assert (folder / name).read_bytes() == text.encode("utf-8")
    assert names(folder) == [name]


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
@pytest.mark.parametrize("is_there", [False, True])
def test_its_permissions_are_those_of_the_umask(folder, umask, mode, is_there):
    if is_there:
        (folder / "a.md").touch(0o400)
    before = os.umask(umask)
    try:
        parse_report_files("file", ["a.md"])[0].write("text")
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "a.md").stat().st_mode) == mode


def test_a_link_is_replaced_and_what_it_leads_to_stays(folder):
    (folder / "other").write_text("other")
    (folder / "a.md").symlink_to("other")
    (folder / "dangling.md").symlink_to("none")
    for file in parse_report_files("file", ["a.md", "dangling.md"]):
        file.write("new")
    assert [(folder / name).read_text() for name in ("a.md", "other", "dangling.md")] == ["new", "other", "new"]
    assert names(folder) == ["a.md", "dangling.md", "other"]


@pytest.mark.parametrize("where", ["fchmod", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_when_it_cannot_be_written_the_old_one_stays_and_nothing_else_is_left(folder, monkeypatch, where, error):
    def fail(*_arguments: object) -> None:
        raise error

    (folder / "a.md").write_text("old")
    monkeypatch.setattr(os, where, fail)
    with pytest.raises(type(error)) as failure:
        parse_report_files("file", ["a.md"])[0].write("new")
    if isinstance(error, OSError):
        assert (failure.value.filename, failure.value.strerror) == (str(folder / "a.md"), "No space left on device")
    assert (names(folder), (folder / "a.md").read_text()) == (["a.md"], "old")


def test_a_folder_that_is_gone_since_is_told_by_the_path_of_the_file(folder):
    (folder / "sub").mkdir()
    (file,) = parse_report_files("file", ["sub/a.md"])
    (folder / "sub").rmdir()
    with pytest.raises(OSError) as failure:
        file.write("text")
    assert failure.value.filename == str(folder / "sub" / "a.md")


def test_when_it_cannot_be_rendered_nothing_is_written(folder, monkeypatch):
    def fail(_document: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(html, "render", fail)
    (file,) = parse_report_files("file", ["a.html"])
    with pytest.raises(ZeroDivisionError):
        file.render(document(0, 0))
    assert names(folder) == []
