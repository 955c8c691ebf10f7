# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists of files in docs/development.md are complete and no longer than they must be, shown by trying.

Each example is added to a copy of the project, whole, and again with each of its edits left out. Its tests must pass in the
first copy and fail in every other.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from examples import EXAMPLES, Example

ROOT = Path(__file__).resolve().parents[2]
GENERATE = "make docs-generated"
COPIED = ("README.md", ".gitignore", "changelogs", "docs", "galaxy.yml", "meta", "plugins", "roles")
COPIED_TESTS = ("gate", "integration/playbooks", "integration/targets", "unit")
COPIED_SETTINGS = ("pytest.ini", "pyproject.toml")
PROCESSES = 2


def listed_files(section: str) -> list[str]:
    """The files in the numbered list of a section, with the name of the example for that of the module."""
    page = (ROOT / "docs" / "development.md").read_text(encoding="utf-8")
    text = page.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return [path.replace("<module>", "requester_info") for path in re.findall(r"^\d+\. `([^`]+)`", text, re.MULTILINE)]


def copy_project(folder: Path) -> None:
    """Make the folder a copy of the project, by copying what is not the same there."""
    settings = [name for name in COPIED_SETTINGS if (ROOT / name).exists()]
    helpers = [f"tests/{path.name}" for path in (ROOT / "tests").glob("*.py")]
    for name in (*COPIED, *settings, *helpers, *(f"tests/{name}" for name in COPIED_TESTS)):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, target, ignore=ignored, copy_function=copy_changed, dirs_exist_ok=True)
        else:
            copy_changed(ROOT / name, target)


def copy_changed(source: str | Path, target: str | Path) -> None:
    if not os.path.exists(target) or os.stat(source)[6:9:2] != os.stat(target)[6:9:2]:
        shutil.copy2(source, target)


def add(example: Example, folder: Path, without: str | None) -> None:
    """Make the folder a copy of the project with the example added to it, all but the edit of one file."""
    for name in example.edits:
        if not (ROOT / name).exists():
            (folder / name).unlink(missing_ok=True)
    copy_project(folder)
    for name, edit in example.edits.items():
        if name != without:
            edit.apply(folder / name)
    if without != GENERATE:
        # It may well fail where an edit is missing; then the tests must fail as well.
        script = folder / "tests" / "gate" / "generated_docs.py"
        subprocess.run([sys.executable, str(script)], capture_output=True, check=False)


def run_example(name: str, folder: Path) -> dict[tuple[str, str | None], tuple[int, str]]:
    """The exit code and the output of the example's tests, with all edits and without each."""
    collections = folder / ".cache" / "tree" / "ansible_collections" / "tenantops"
    collections.mkdir(parents=True)
    (collections / "qlik_cloud").symlink_to(folder)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONPATH", "PYTEST_"))}
    # The plugins of other suites take longer to load than these tests to run.
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command = [sys.executable, str(Path(__file__).with_name("run_tests.py")), str(folder), *EXAMPLES[name].tests]
    outcomes = {}
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as runner:
        for left_out in (None, *left_outs(name)):
            add(EXAMPLES[name], folder, left_out)
            runner.stdin.write("run\n")
            runner.stdin.flush()
            code = int(runner.stdout.readline())
            outcomes[name, left_out] = (code, (folder / "output.txt").read_text(encoding="utf-8"))
    return outcomes


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str | None], tuple[int, str]]:
    """The outcome of each example, with all edits and without each."""
    top = tmp_path_factory.mktemp("copies")
    with ThreadPoolExecutor(PROCESSES) as pool:
        parts = list(pool.map(lambda name: run_example(name, top / name), EXAMPLES))
    return {which: outcome for part in parts for which, outcome in part.items()}


def left_outs(name: str) -> list[str]:
    """What is left out of an example, one by one. A field of one module is generated nowhere."""
    return [*EXAMPLES[name].edits, *([] if name == "field" else [GENERATE])]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_edits_the_files_of_the_list(name: str) -> None:
    assert listed_files(EXAMPLES[name].section) == list(EXAMPLES[name].edits)


@pytest.mark.parametrize("name", EXAMPLES)
def test_with_all_edits_the_tests_pass(name: str, outcomes: dict) -> None:
    code, output = outcomes[name, None]
    assert code == 0, output[-3000:]


@pytest.mark.parametrize(("name", "left_out"), [(name, each) for name in EXAMPLES for each in left_outs(name)])
def test_without_one_edit_a_test_fails(name: str, left_out: str, outcomes: dict) -> None:
    assert outcomes[name, left_out][0] != 0


def generate(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "tests" / "gate" / "generated_docs.py"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_documentation_that_is_stale_is_found_named_and_written(tmp_path: Path) -> None:
    copy_project(tmp_path)
    assert generate(tmp_path, "--check").returncode == 0
    source = tmp_path / "docs" / "returns.yml"
    source.write_text(source.read_text(encoding="utf-8").replace("Id of the key.", "The key's id."), encoding="utf-8")
    found = generate(tmp_path, "--check")
    assert found.returncode == 1
    assert "plugins/modules/api_key_info.py" in found.stderr and GENERATE in found.stderr
    assert "plugins/modules/awx_plan.py" not in found.stderr
    assert generate(tmp_path).returncode == 0
    assert generate(tmp_path, "--check").returncode == 0
    assert "The key's id." in (tmp_path / "plugins" / "modules" / "api_key_info.py").read_text(encoding="utf-8")
