# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks that are really full: a tmpfs of a few pages, and a limit on the size of files, which every machine has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.processes import beside
from ansible_collections.tenantops.qlik_cloud.tests.unit.project import COLLECTIONS
from ansible_collections.tenantops.qlik_cloud.tests.unit.small_disk import NEW, OLD, try_to_store

# Mounted where nobody else sees it, and gone with the process.
IN_OWN_NAMESPACE = ["unshare", "--map-root-user", "--mount", "--propagation", "private"]
WITH_SMALL_DISK = ["sh", "-c", 'mount -t tmpfs -o size=16k tmpfs "$0" && exec "$@"']
AS_BEFORE, STORED = {"t": OLD}, {"t": NEW + "\n"}


def try_with_small_files(connection, folder, largest: int) -> None:
    connection.send(try_to_store(folder, largest=largest))


@pytest.mark.parametrize(("largest", "reached"), [(20, "prepare"), (2000, "prepare"), (4096, "end")])
def test_a_limit_on_the_size_of_files_is_noticed_before_a_key_is_made(tmp_path, largest, reached):
    with beside(try_with_small_files, tmp_path, largest) as other:
        tried = other.recv()
    assert (tried["reached"], tried["left"]) == (reached, AS_BEFORE if reached == "prepare" else STORED)
    assert tried["why"].endswith(": File too large.") is (reached == "prepare")


def can_mount(folder) -> bool:
    try:
        command = [*IN_OWN_NAMESPACE, *WITH_SMALL_DISK, str(folder), "true"]
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        warnings.warn(f"No tmpfs can be mounted on this machine, so no full disk was tried: {error}", stacklevel=1)
        return False
    return True


@pytest.mark.parametrize(("free", "reached"), [(0, "prepare"), (1, "prepare"), (2, "end")])
def test_a_full_disk_is_noticed_before_a_key_is_made_and_room_that_was_there_then_is_kept(tmp_path, free, reached):
    if not can_mount(tmp_path):
        return
    program = [sys.executable, "-m", try_to_store.__module__, str(tmp_path), str(free)]
    ran = subprocess.run(
        [*IN_OWN_NAMESPACE, *WITH_SMALL_DISK, str(tmp_path), *program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(COLLECTIONS), *filter(None, sys.path)])},
        check=True,
        capture_output=True,
    )
    tried = json.loads(ran.stdout)
    assert (tried["reached"], tried["left"]) == (reached, AS_BEFORE if reached == "prepare" else STORED)
    assert tried["why"].endswith(": No space left on device.") is (reached == "prepare")
