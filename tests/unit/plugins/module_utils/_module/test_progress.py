# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._module.progress import (
    VARIABLE,
    Progress,
    progress_in,
)


def test_what_is_told_is_what_the_follower_reads(tmp_path):
    path = tmp_path / "progress"
    path.touch()
    progress = Progress.from_environment({VARIABLE: str(path)})
    assert progress_in(str(path)) is None
    progress.tell(99, 1000)
    progress.tell(0, 7)
    assert progress_in(str(path)) == (0, 7)


def test_without_a_follower_nobody_is_told(tmp_path):
    assert Progress.from_environment({}).tell(1, 2) is None
    gone = tmp_path / "gone"
    assert Progress(str(gone)).tell(1, 2) is None
    assert not gone.exists()


def test_nothing_is_written_through_a_link(tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    Progress(str(tmp_path / "link")).tell(1, 2)
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.parametrize("text", ["", "5", "5 of 7", "a b", "5 \xff"])
def test_what_is_no_progress_is_none(tmp_path, text):
    path = tmp_path / "progress"
    path.write_text(text, encoding="utf-8")
    assert progress_in(str(path)) is None
