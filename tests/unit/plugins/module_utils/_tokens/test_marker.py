# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A marker decides which keys are retired, so one that is not as a run writes it is not believed."""

from __future__ import annotations

import json
import os
import re
import stat
import time

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import InterruptedRun
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.marker import read_marker, write_marker
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import TokenFile
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import interrupted
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import marker_of

NOTED = interrupted("key-1", "key-2", replaced=("key-2",), stored="key-1")


@pytest.fixture
def file(tmp_path):
    return TokenFile(str(tmp_path / "entra.token"))


@pytest.fixture
def marker(file, tmp_path):
    """The path of the marker, for those who put something else there."""
    return tmp_path / os.path.basename(file.marker_path)


def write(file: TokenFile, noted: InterruptedRun) -> None:
    """As a run does in its lock."""
    with file.open_folder() as folder:
        write_marker(file, folder, noted)


def put(marker, text: str) -> None:
    marker.write_text(text)
    marker.chmod(0o600)


@pytest.mark.parametrize(
    "noted",
    [
        NOTED,
        interrupted(),
        interrupted(stored="a"),
        InterruptedRun("https://a", "字" * 10_000, "SCIM\\idp-1", "externalClient", tuple(map(str, range(1000)))),
    ],
)
def test_what_a_run_notes_is_what_the_next_one_reads(file, noted):
    write(file, noted)
    assert read_marker(file) == noted


def test_no_marker_says_nothing(file):
    assert read_marker(file) is None


def test_a_marker_is_its_owners_alone_and_takes_the_place_of_the_one_before(file, marker, tmp_path):
    old_mask = os.umask(0)
    try:
        write(file, interrupted())
        write(file, NOTED)
    finally:
        os.umask(old_mask)
    assert (stat.S_IMODE(marker.stat().st_mode), list(tmp_path.iterdir())) == (0o600, [marker])
    assert read_marker(file) == NOTED


def test_a_marker_as_it_is_written_today_can_be_read(file, marker):
    put(marker, json.dumps(marker_of("key-1", "key-2", replaced=["key-2"], stored="key-1")))
    assert read_marker(file) == NOTED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        '"text"',
        "{}",
        "[" * 100_000,
        '{"existing": []}',
        b"\xff".decode("latin-1"),
        *(
            json.dumps(marker_of(**{name: value}))
            for name, value in [
                ("tenant_url", None),
                ("description", 5),
                ("sub", None),
                ("sub", 5),
                ("sub_type", []),
                ("existing", None),
                ("existing", 5),
                # Taken as it is, this would make orphans of all keys whose ids are no part of it.
                ("existing", "key-1"),
                ("existing", [5]),
                ("replaced", {"key-1": 1}),
                ("replaced", [None]),
                ("stored", 5),
                ("stored", ["key-1"]),
            ]
        ),
    ],
)
def test_a_marker_that_does_not_say_what_it_should_is_refused_with_a_way_out(file, marker, text):
    put(marker, text)
    with pytest.raises(TokenFileError) as refused:
        read_marker(file)
    assert str(refused.value).startswith(f"token_file: {marker} is where an interrupted run notes what it was doing")
    problem = str(refused.value).partition("cannot be used: ")[2].partition(". See which API keys")[0]
    assert re.fullmatch("it is no JSON object|its [a-z_]+ is missing or unusable", problem)
    assert marker.read_text() == text


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_marker_that_others_could_have_written_is_not_believed(file, marker, mode):
    write(file, NOTED)
    marker.chmod(mode)
    with pytest.raises(TokenFileError, match="it is not this user's own, or others may write to it"):
        read_marker(file)


def test_a_marker_of_another_user_is_not_believed(file, monkeypatch):
    write(file, NOTED)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(TokenFileError, match="it is not this user's own"):
        read_marker(file)


def test_a_marker_is_not_read_through_a_link(file, marker, tmp_path):
    put(tmp_path / "elsewhere", json.dumps(marker_of()))
    marker.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TokenFileError, match="cannot be used: Too many levels of symbolic links"):
        read_marker(file)


def test_what_has_become_a_pipe_holds_up_nobody(file, marker):
    os.mkfifo(marker)
    with pytest.raises(TokenFileError, match="cannot be used: it is a special file, not a regular file"):
        read_marker(file)
    os.mkfifo(file.new_path)
    write(file, NOTED)
    assert read_marker(file) == NOTED


def test_a_marker_without_an_end_is_not_read_to_the_end(file, marker):
    put(marker, "")
    os.truncate(marker, 1 << 40)
    with pytest.raises(TokenFileError, match="cannot be used: it is no JSON object"):
        read_marker(file)


@pytest.mark.parametrize("mask", [0o277, 0o777])
def test_a_umask_that_forbids_its_owner_to_write_does_no_harm(file, marker, mask):
    old_mask = os.umask(mask)
    try:
        write(file, NOTED)
    finally:
        os.umask(old_mask)
    assert (stat.S_IMODE(marker.stat().st_mode), read_marker(file)) == (0o600, NOTED)


def test_a_marker_is_not_written_through_a_link(file, tmp_path):
    (tmp_path / "elsewhere").write_text("mine")
    for path in (file.new_path, file.marker_path):
        os.symlink(tmp_path / "elsewhere", path)
    write(file, NOTED)
    assert ((tmp_path / "elsewhere").read_text(), read_marker(file)) == ("mine", NOTED)


@pytest.mark.parametrize(("ahead", "age"), [(60, 0), (3590, 0), (3700, 3700), (10**7, 10**7), (-60, 60), (-7200, 7200)])
def test_a_note_of_the_far_future_is_not_new(file, marker, ahead, age):
    """It was written before the clock was set back; who took it for new would be in doubt until then."""
    write(file, NOTED)
    written = time.time() + ahead
    os.utime(marker, (written, written))
    assert read_marker(file).age == pytest.approx(age, abs=10)
