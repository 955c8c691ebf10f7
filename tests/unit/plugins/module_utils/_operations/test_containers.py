# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.containers import warn_of_lost_files

JOB = {"AWX_PRIVATE_DATA_DIR": "/tmp/awx_7_x", "JOB_ID": "7"}


@pytest.fixture
def another_file_system():
    """One that no token file of a test is on, standing for the container's own."""
    return "/proc"


@pytest.mark.parametrize(
    "environment",
    [{}, {"JOB_ID": "7"}, {"AWX_PRIVATE_DATA_DIR": "/tmp/x"}, {"JOB_ID": "7", "AWX_PRIVATE_DATA_DIR": ""}],
)
def test_outside_of_a_job_nothing_is_said(tmp_path, environment):
    assert list(warn_of_lost_files([str(tmp_path / "x.token")], environment)) == []


def test_a_file_on_the_container_s_own_file_system_is_told(tmp_path):
    path = str(tmp_path / "x.token")
    [warning] = warn_of_lost_files([path], JOB, root=str(tmp_path))
    assert warning.startswith(f"token_file: {path} ends with the container that this job runs in")


def test_a_file_on_a_volume_is_not_told(tmp_path, another_file_system):
    assert list(warn_of_lost_files([str(tmp_path / "x.token")], JOB, root=another_file_system)) == []


@pytest.mark.parametrize("path", ["/runner/project/x.token", "/tmp/awx_7_x/artifacts/x.token"])
def test_what_belongs_to_the_job_ends_with_it_though_it_is_mounted(path, another_file_system):
    assert len(list(warn_of_lost_files([path], JOB, root=another_file_system))) == 1


def test_a_folder_that_is_not_there_is_left_to_those_who_need_it(another_file_system):
    assert list(warn_of_lost_files(["/no/such/folder/x.token"], JOB, root=another_file_system)) == []
