# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate fails where something is wrong; no step passes because it looked at nothing."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import changed_lines
import environments
import generated_files
import matrix
import paths
import pytest
import runner
import sanity
import site_links
import steps
import tree
import workflows
import yaml

HEADER = "".join(Path(__file__).read_text(encoding="utf-8").splitlines(keepends=True)[:2])
LEVELS = runpy.run_path(str(paths.GATE / "venv.py"))["LEVELS"]
STEPS_NEED = (
    ".ansible-lint",
    ".gitignore",
    "LICENSES/",
    "REUSE.toml",
    "changelogs/",
    "galaxy.yml",
    "meta/",
    "tests/gate/",
)


def copy_project(folder: Path, parts: tuple[str, ...] = ("",)) -> None:
    """Make the folder a copy of the project, or of what begins like one of the parts, with its virtual environment."""
    for path in tree.project_files():
        if str(path).startswith(parts):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(paths.ROOT / path, target)
    (folder / ".venv").symlink_to(sys.prefix)


@pytest.mark.parametrize(
    ("step", "file", "content"),
    [
        ("licences", "plugins/filter/no_licence.py", "PI = 3\n"),
        ("changelog-lint", "changelogs/fragments/1-bad.yml", f"{HEADER}---\nno_such_section:\n  - api_key - Text.\n"),
        ("lint", "playbooks/no_names.yml", f"{HEADER}---\n- hosts: localhost\n  tasks:\n    - shell: echo\n"),
    ],
)
def test_a_step_fails_and_names_the_file_that_is_wrong(tmp_path: Path, step: str, file: str, content: str) -> None:
    copy_project(tmp_path, STEPS_NEED)
    command = [sys.executable, str(tmp_path / "tests" / "gate" / "gate.py"), step]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(content, encoding="utf-8")
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert Path(file).name in run.stdout + run.stderr


def test_the_project_without_git_is_the_same_files(tmp_path: Path) -> None:
    copy_project(tmp_path)
    script = "import tree; print(*tree.project_files(), sep='\\n')"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "tests" / "gate")}
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    found = sorted(run.stdout.splitlines())
    assert len(found) > 500
    assert found == sorted(map(str, tree.project_files()))


def test_steps_fail_together_when_one_of_them_fails(capsys: pytest.CaptureFixture[str]) -> None:
    good = steps.Step("good", (sys.executable, "-c", "print('3 passed')"))
    bad = steps.Step("bad", (sys.executable, "-c", "print('what is wrong'); raise SystemExit(3)"))
    assert runner.run_all([good])
    assert not runner.run_all([good, bad])
    assert "what is wrong" in capsys.readouterr().out


@pytest.mark.parametrize(
    "output",
    ["", "Running sanity test 'compile'\nWARNING: Skipping sanity test 'compile' as it is not supported here"],
)
def test_sanity_tests_that_did_not_run_are_problems(tmp_path: Path, output: str) -> None:
    _ran, problems = sanity._run([sys.executable, "-c", f"print({output!r})"], tmp_path, {})
    assert problems


@pytest.mark.parametrize("level", LEVELS)
def test_a_virtual_environment_is_made_anew_for_each_file_it_comes_from(level: str) -> None:
    assert included(LEVELS[level]) <= {*LEVELS[level]}


def test_so_is_one_of_the_matrix() -> None:
    assert included(matrix.REQUIREMENTS) <= {*matrix.REQUIREMENTS}


def included(files: tuple[Path, ...] | list[Path]) -> set[Path]:
    """The requirement files that these name, and those that they name."""
    named = {
        (path.parent / line.removeprefix("-r ")).resolve()
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("-r ")
    }
    return named | included([*named]) if named else named


def test_what_was_installed_from_other_requirements_is_not_current(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("one==1\n", encoding="utf-8")
    environments.mark_current(tmp_path, environments.fingerprint([requirements]))
    assert environments.is_current(tmp_path, environments.fingerprint([requirements]))
    requirements.write_text("one==2\n", encoding="utf-8")
    assert not environments.is_current(tmp_path, environments.fingerprint([requirements]))


def test_a_generated_file_that_is_stale_missing_or_left_over_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    readme = paths.ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    generated_files.check({readme: text}, "make it")
    for wanted, obsolete in (({readme: f"{text}more\n"}, []), ({readme: text}, [readme])):
        with pytest.raises(SystemExit, match=r"README.md: not as `make it` writes it"):
            generated_files.check(wanted, "make it", obsolete)
    assert "+more" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="no-such-file"):
        generated_files.check({paths.ROOT / "no-such-file": ""}, "make it")
    with pytest.raises(SystemExit, match="no file at all"):
        generated_files.check({}, "make it")


def test_types_are_checked_in_all_python_but_modules_and_fragments() -> None:
    settings = (paths.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    checked = re.findall(r'^  "ansible_collections\.tenantops\.qlik_cloud\.plugins\.(\w+)",$', settings, re.MULTILINE)
    folders = {path.parts[1] for path in tree.project_files() if path.parts[0] == "plugins" and path.suffix == ".py"}
    assert {*checked} == folders - {"modules", "doc_fragments"}


def test_a_report_of_coverage_that_lacks_files_is_refused(tmp_path: Path) -> None:
    report = tmp_path / "coverage.xml"
    report.write_text('<coverage><class filename="plugins/filter/to_csv.py"/></coverage>', encoding="utf-8")
    with pytest.raises(SystemExit, match=r"plugins/modules/api_key\.py"):
        changed_lines.check_report(report)


@pytest.mark.parametrize(("job", "name", "left_out"), [("gate", "step", "leaks"), ("matrix", "core", "2.17")])
def test_a_workflow_that_leaves_something_out_is_refused(job: str, name: str, left_out: str) -> None:
    jobs = yaml.safe_load((paths.ROOT / workflows.CHECKS).read_text(encoding="utf-8"))["jobs"]
    workflows.check_jobs(jobs)
    jobs[job]["strategy"]["matrix"][name].remove(left_out)
    with pytest.raises(SystemExit, match=left_out):
        workflows.check_jobs(jobs)


def test_the_readme_names_the_ansible_cores_of_the_matrix() -> None:
    [names] = re.findall(
        r"tested with ansible-core (.*?), each", (paths.ROOT / "README.md").read_text(encoding="utf-8")
    )
    assert re.split(", | and ", names) == [core.minor for core in matrix.CORES]


@pytest.mark.parametrize(
    "address", ["gone.html", "#gone", "sub/page.html#gone", "http://example.com/", "https://nowhere/"]
)
def test_a_link_of_the_site_that_leads_nowhere_is_found(tmp_path: Path, address: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "page.html").write_text('<h1 id="here">A</h1>', encoding="utf-8")
    page = '<h1 id="here">A</h1><a href="#here"></a><a href="sub/page.html#here"></a><a href="{}"></a>'
    (tmp_path / "index.html").write_text(page.format("https://example.com/"), encoding="utf-8")
    assert site_links.broken(tmp_path) == []
    (tmp_path / "index.html").write_text(page.format(address), encoding="utf-8")
    [line] = site_links.broken(tmp_path)
    assert address in line
