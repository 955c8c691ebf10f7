# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/testing-playbooks.md: the tests that a user copies pass, and fail when the playbook is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from onboarding import EXAMPLES
from pages import Reader

FILES = ["keys.yml", "test_keys.py"]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    reader = Reader("testing-playbooks.md", tmp_path, {})
    for name in FILES:
        (tmp_path / name).write_text((EXAMPLES / "testing" / name).read_text("utf-8"))
    return reader


def test_the_tests_of_the_page_pass(reader: Reader) -> None:
    [command] = reader.commands
    assert re.search(r"^=* ?4 passed", reader.runs(command).output, re.MULTILINE)


def test_they_find_a_playbook_that_makes_a_key_in_each_run(reader: Reader) -> None:
    playbook = reader.folder / "keys.yml"
    playbook.write_text(playbook.read_text().replace("overlap: P2D", "force_renew: true"))
    [command] = reader.commands
    failed = reader.runs(f"{command} -k made_once", expect=1)
    assert "1 failed" in failed.output


def test_the_workflow_runs_the_command_of_the_page(reader: Reader) -> None:
    workflow = yaml.safe_load((EXAMPLES / "testing" / "workflow.yml").read_text("utf-8"))
    runs = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    assert runs[-1:] == reader.commands
