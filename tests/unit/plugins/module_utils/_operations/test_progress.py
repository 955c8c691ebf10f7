# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations import progress as progress_file
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.progress import (
    LENGTH,
    VARIABLE,
    FollowedFile,
    Progress,
    follow,
)

WORD = "0123456789abcdef"
AS_MADE = b" " * LENGTH


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty at first."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def file() -> Iterator[FollowedFile]:
    followed = FollowedFile()
    yield followed
    followed.remove()


@pytest.fixture
def place(temporary: Path) -> Path:
    """Where the file of WORD would be."""
    return temporary / f"qlik-progress-{WORD}"


def tell(word: str) -> None:
    """Whatever is at the place, telling neither fails nor waits."""
    Progress.from_environment({VARIABLE: word}).tell(1, 2)


def test_what_is_told_is_what_the_follower_reads(file):
    assert file.told() is None
    progress = Progress.from_environment({VARIABLE: file.word})
    assert file.told() == (0, 0)
    progress.tell(99, 1000)
    progress.tell(0, 7)
    assert file.told() == (0, 7)


def test_the_largest_counts_there_can_be_are_told(file):
    progress = Progress(file.word)
    for number in (10**12, 1):
        progress.tell(number, number)
        assert file.told() == (number, number)


def test_the_file_is_private_new_each_time_and_gone_at_the_end(file, temporary):
    other = FollowedFile()
    assert other.word != file.word
    assert [os.stat(path).st_mode & 0o777 for path in temporary.iterdir()] == [0o600, 0o600]
    other.remove()
    assert [path.name for path in temporary.iterdir()] == [f"qlik-progress-{file.word}"]


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_name_that_is_taken_is_left_alone_by_the_follower(place, tmp_path, monkeypatch, kind):
    mine = tmp_path / "mine"
    mine.write_text("mine")
    place.symlink_to(mine) if kind == "link" else place.hardlink_to(mine)
    monkeypatch.setattr(progress_file.secrets, "token_hex", lambda size: WORD)
    with pytest.raises(FileExistsError):
        FollowedFile()
    assert place.read_text() == mine.read_text() == "mine"


def test_a_full_disk_leaves_no_file(temporary, monkeypatch):
    def full(descriptor: int, data: bytes) -> int:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        FollowedFile()
    assert list(temporary.iterdir()) == []


def test_without_a_follower_nobody_is_told(temporary):
    Progress.from_environment({}).tell(1, 2)
    Progress(None).tell(1, 2)
    tell(WORD)
    assert list(temporary.iterdir()) == []


def test_without_a_folder_for_temporary_files_nobody_is_told(monkeypatch):
    def none() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    tell(WORD)
    with pytest.raises(OSError, match="No usable"):
        FollowedFile()


@pytest.mark.parametrize(
    "word",
    [
        "",
        "short",
        WORD + "0",
        WORD + "\n",
        "0123456789ABCDEF",
        "0123456789abcde\u0661",
        "0123456789abc..",
        "x/../../mine0000",
        "../../../../mine",
        "{path}",
        "0123456789abcd\udcff",
    ],
)
def test_what_is_no_word_of_a_follower_is_the_name_of_no_file(temporary, tmp_path, word):
    """Each of them is there to be written to, as far as a file can have such a name."""
    mine = tmp_path / "mine"
    mine.write_bytes(AS_MADE)
    (tmp_path / "mine0000").write_bytes(AS_MADE)
    (temporary / "qlik-progress-x").mkdir()
    asked = word.format(path=mine) if word == "{path}" else word
    if "/" not in asked:
        (temporary / f"qlik-progress-{asked}").write_bytes(AS_MADE)
    tell(asked)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 2
    assert {path.read_bytes() for path in files} == {AS_MADE}


def linked(place: Path, mine: Path) -> None:
    place.symlink_to(mine)


def linked_twice(place: Path, mine: Path) -> None:
    place.hardlink_to(mine)


def longer(place: Path, mine: Path) -> None:
    place.write_bytes(AS_MADE + b" ")


def shorter(place: Path, mine: Path) -> None:
    place.write_bytes(AS_MADE[1:])


def empty(place: Path, mine: Path) -> None:
    place.touch()


def writable_by_its_group(place: Path, mine: Path) -> None:
    place.write_bytes(AS_MADE)
    place.chmod(0o620)


def writable_by_all(place: Path, mine: Path) -> None:
    place.write_bytes(AS_MADE)
    place.chmod(0o602)


@pytest.mark.parametrize(
    "attack", [linked, linked_twice, longer, shorter, empty, writable_by_its_group, writable_by_all]
)
def test_nothing_is_written_to_a_file_that_no_follower_made(place, tmp_path, attack):
    mine = tmp_path / "mine"
    mine.write_bytes(AS_MADE)
    attack(place, mine)
    before = place.read_bytes()
    tell(WORD)
    assert (place.read_bytes(), mine.read_bytes()) == (before, AS_MADE)


def test_nothing_is_written_to_a_file_of_another_user(file, temporary, monkeypatch):
    """This user becomes another one, as only root could make a file that is another's."""
    monkeypatch.setattr(os, "geteuid", lambda user=os.geteuid(): user + 1)
    tell(file.word)
    assert file.told() is None
    monkeypatch.undo()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    tell(file.word)
    assert file.told() == (1, 2)


@pytest.mark.parametrize("kind", [stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK, stat.S_IFDIR, stat.S_IFREG])
def test_only_a_regular_file_is_written_to_even_if_all_else_is_as_made(file, monkeypatch, kind):
    real = os.fstat

    def altered(descriptor: int) -> os.stat_result:
        fields = list(real(descriptor)[:10])
        fields[0] = kind | stat.S_IMODE(fields[0])
        return os.stat_result(fields)

    monkeypatch.setattr(os, "fstat", altered)
    tell(file.word)
    assert file.told() == ((1, 2) if kind == stat.S_IFREG else None)


def test_a_fifo_holds_nobody_up_and_gets_nothing(place):
    os.mkfifo(place)
    tell(WORD)
    reader = os.open(place, os.O_RDONLY | os.O_NONBLOCK)
    try:
        tell(WORD)
        assert os.read(reader, LENGTH) == b""
    finally:
        os.close(reader)


def test_a_folder_or_a_socket_at_the_place_is_no_failure(place, monkeypatch):
    place.mkdir()
    tell(WORD)
    assert list(place.iterdir()) == []
    place.rmdir()
    # A socket's address may not be long.
    monkeypatch.chdir(place.parent)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(place.name)
        tell(WORD)
    assert place.is_socket()


def test_what_takes_the_place_of_the_file_is_neither_read_nor_waited_for(file, temporary):
    Progress(file.word).tell(3, 4)
    place = temporary / f"qlik-progress-{file.word}"
    place.unlink()
    os.mkfifo(place)
    assert file.told() == (3, 4)


@pytest.mark.parametrize("text", [b"", b"5", b"5 of 7", b"a b", b"5 \xff", b"\0" * LENGTH])
def test_what_is_no_progress_is_none(file, temporary, text):
    (temporary / f"qlik-progress-{file.word}").write_bytes(text)
    assert file.told() is None


class Ending:
    """Ends after as many waits as there is something to happen in, and keeps how long each was meant to be."""

    def __init__(self, *meanwhile: Callable[[], None]):
        self._meanwhile = list(meanwhile)
        self.waits: list[float] = []

    def wait(self, timeout: float) -> bool:
        self.waits.append(timeout)
        if not self._meanwhile:
            return True
        self._meanwhile.pop(0)()
        return False


def test_a_run_that_ends_within_the_interval_says_nothing(file):
    Progress.from_environment({VARIABLE: file.word}).tell(1, 2)
    ending, said = Ending(), []
    follow(file, 8.0, ending, said.append)
    assert (ending.waits, said) == ([8.0], [])


def test_each_interval_it_is_said_how_far_a_run_is(file):
    progress = Progress(file.word)
    ending = Ending(
        lambda: None,
        lambda: progress.tell(0, 0),
        lambda: progress.tell(0, 10),
        lambda: progress.tell(4, 10),
        lambda: None,
    )
    said: list[str] = []
    follow(file, 8.0, ending, said.append)
    assert said == ["reading the keys", "0 of 10 changes made", "4 of 10 changes made", "4 of 10 changes made"]
    assert ending.waits == [8.0] * 6
