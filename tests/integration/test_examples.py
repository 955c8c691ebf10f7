# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every YAML and shell example of every page is run; what cannot be is checked, and stands in a table with the reason."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from conftest import run_ansible
from emulator_process import EmbeddedTenant, ServedTenant
from examples import (
    ADDRESS,
    FOLDER,
    Stage,
    all_blocks,
    given_options,
    kind_of,
    known_options,
    unknown_names,
)
from pages import ROOT, SHELL, Block, Reader, blocks_of
from test_jobs import allow_keys, called, sign_in

BLOCKS = all_blocks()

PLAYED = {
    "docs/alert.md": "test_jobs.py",
    "docs/audit.md": "test_jobs.py",
    "docs/coming-from-qlik-cli.md": "test_coming_from.py",
    "docs/coming-from-uri.md": "test_coming_from.py",
    "docs/leaked-key.md": "test_jobs.py",
    "docs/leaver.md": "test_jobs.py",
    "docs/move-to-store.md": "test_jobs.py",
    "docs/testing-playbooks.md": "test_testing_playbooks.py",
    "docs/turn-off.md": "test_jobs.py",
}
"""Pages whose ``console`` blocks, and in two ways shown ones, a test of their own plays."""

NOT_RUN = {
    r"python3? -m venv |(python3? -m )?pip install": "needs a package index; the gate makes its environments in the same way",
    r"ansible-galaxy collection (build|install)": "the step artifact builds the collection and uses what it installs",
    r"ansible-builder build |podman push ": "needs a registry; the step artifact makes the context that is built",
    r"read -rs |\(umask 077; read -rs ": "asks for a secret at the keyboard; the tests have it in the environment",
    r"export (QLIK|CONTROLLER)_\w+=(https|production)": "names a tenant or a controller; the tests name their own",
    r"export (ANSIBLE_VAULT_PASSWORD_FILE|VAULT_ADDR)=": "names a secret store; test_token_tasks.py has its own",
    r"ansible-playbook -i tenants.yml playbook.yml|ansible-vault view": "test_token_tasks.py plays these examples",
    r"sudo systemctl ": "needs systemd",
    r"ansible-playbook tenantops.qlik_cloud.awx ": "needs the collection awx.awx; tests/awx plays it",
    r"python run_slices.py ": "test_slicing.py runs it",
    r"\.venv/bin/python -m pytest ": "runs tests that the gate runs; test_files_of_tests_are_there looks for them",
    r"make ": "test_a_make_target_is_there asks make for it; running it takes minutes, or is the gate itself",
}
"""Commands that the tests do not run as they stand, and why."""

SHOWN = {
    ("docs/lost-token.md", "- action: create"): "what a task returns",
    ("docs/promises.md", "actions:"): "what a task returns",
    ("docs/rotation.md", "- action: create"): "what a task returns",
    ("docs/rotation.md", "- action: retire"): "what a task returns",
    ("docs/slicing.md", "qlik_cloud:"): "what a job leaves",
    ("roles/onboarding/README.md", "tenant_id: hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1Hb5"): "a fact that the role leaves",
}
"""YAML that is no input."""

Files = Callable[[], dict[str, str]]


def block_of(page: str, start: str) -> Block:
    return next(block for block in blocks_of(page) if block.text.lstrip().startswith(start))


def reload_key() -> dict[str, str]:
    """The playbook of the page, with the two options that the page puts in later."""
    playbook = block_of("docs/rotation.md", "- name: Keep the key of the nightly reload").text
    options = block_of("docs/rotation.md", 'overlap: "{{').text
    return {"reload-key.yml": playbook.replace("        overlap: P2D\n", options)}


def tenants_of(page: str) -> dict[str, str]:
    return {"tenants.yml": block_of(page, "all:").text}


@dataclass(frozen=True)
class Commands:
    """A page whose commands are run here, each block on a tenant as new, and the files that they name."""

    files: Files = dict
    tenants: int = 1
    variables: dict[str, object] = field(default_factory=dict)


SCIM = {
    "description": "Entra ID provisioning",
    "idp": {"provider": "azureAD"},
    "token_file": "{{ inventory_hostname }}.token",
}
KEEPS = {"onboarding_scim_keys": [SCIM], "onboarding_config": {"max_keys_per_user": 10}}
PAGES = {
    "README.md": Commands(
        lambda: {"keys.yml": block_of("README.md", "- name: Look at").text, **tenants_of("README.md")}
    ),
    "docs/first-contact.md": Commands(lambda: tenants_of("docs/first-contact.md")),
    "docs/fleet.md": Commands(lambda: {"onboard.retry": "host1\n"}, tenants=2, variables=KEEPS),
    "docs/report.md": Commands(),
    "docs/rotation.md": Commands(reload_key, variables=KEEPS),
    "docs/secret-stores.md": Commands(variables=KEEPS),
    "roles/onboarding/README.md": Commands(variables=KEEPS),
}


def not_run(command: str) -> str | None:
    """The pattern of ``NOT_RUN`` that the command begins with."""
    return next((pattern for pattern in NOT_RUN if re.match(pattern, command)), None)


def to_run(block: Block) -> list[str]:
    return [command for command in block.commands if not not_run(command)]


def is_played_elsewhere(block: Block) -> bool:
    """Whether the test that ``PLAYED`` names runs the block: jobs in ``console``, and whatever is shown in two ways."""
    if block.page not in PLAYED:
        return False
    if PLAYED[block.page] == "test_coming_from.py":
        return block.language != "console" and kind_of_yaml(block) in ("", "tasks", "other")
    return block.language == "console"


def kind_of_yaml(block: Block) -> str:
    return "" if block.language in SHELL else kind_of(block)


def is_shown(block: Block) -> bool:
    return (block.page, block.text.strip().partition("\n")[0]) in SHOWN


def is_covered(block: Block) -> bool:
    """Whether a test here or elsewhere runs or checks the block, or a table says why none does."""
    if is_played_elsewhere(block) or is_shown(block):
        return True
    if block.language in SHELL:
        return block.page in PAGES or block.page == EMULATOR or not to_run(block)
    return kind_of(block) in (*PLAYABLE, *OPTIONS, "imports") or (kind_of(block) == "inventory" and block.page in PAGES)


EMULATOR = "tests/emulator/README.md"
PLAYABLE = ("plays", "tasks", "module_defaults", "contexts")
OPTIONS = ("awx", "options", "source", "variables")
TO_PLAY = [block for block in BLOCKS if kind_of_yaml(block) in PLAYABLE and not is_played_elsewhere(block)]
IN_SHELL = [block for block in BLOCKS if block.language in SHELL]
TO_RUN = [block for block in IN_SHELL if block.page in PAGES and to_run(block)]


@pytest.fixture(scope="module")
def process() -> Iterator[EmbeddedTenant]:
    with EmbeddedTenant(tenants=len(TO_PLAY)) as running:
        yield running


def test_every_example_is_run_or_checked_or_in_a_table_with_the_reason() -> None:
    assert [f"{block.place}: {block.text}" for block in BLOCKS if not is_covered(block)] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("yaml", "- what: is this?\n"),
        ("yaml", "all:\n  hosts:\n"),
        ("console", "make demo\nrm -f keys.json\n"),
        ("sh", "ansible-playbook keys.yml\n"),
    ],
)
def test_what_nothing_runs_is_found(language: str, text: str) -> None:
    assert not is_covered(Block("docs/another.md", 1, language, text))


def test_the_tables_name_nothing_that_is_not_there() -> None:
    begun = {not_run(command) for block in IN_SHELL for command in block.commands}
    assert [pattern for pattern in NOT_RUN if pattern not in begun] == []
    assert [place for place in SHOWN if not any(is_shown(block) for block in BLOCKS if block.page == place[0])] == []
    for page, test in PLAYED.items():
        assert f'"{Path(page).name}"' in (Path(__file__).parent / test).read_text("utf-8"), page


@pytest.mark.parametrize("block", IN_SHELL, ids=lambda block: block.place)
def test_bash_takes_a_shell_example(block: Block) -> None:
    script = "\n".join(block.commands) if block.language == "console" else block.text
    checked = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_make_target_is_there() -> None:
    commands = {command for block in IN_SHELL for command in block.commands if command.startswith("make ")}
    targets = {command.split()[1] for command in commands}
    known = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    steps = re.findall(r"^STEPS := (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert targets <= known | set(steps[0].split())


def test_files_of_tests_are_there() -> None:
    commands = [command for block in IN_SHELL for command in block.commands if "-m pytest tests/" in command]
    files = {word for command in commands for word in command.split() if word.startswith("tests/")}
    assert files
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_options_and_variables_that_are_shown_exist() -> None:
    checked = [block for block in BLOCKS if kind_of_yaml(block) in OPTIONS]
    unknown = {
        block.place: list(unknown_names(given_options(block), known_options(kind_of(block)))) for block in checked
    }
    assert {place: names for place, names in unknown.items() if names} == {}
    assert {kind_of(block) for block in checked} == set(OPTIONS)


def test_playbooks_that_are_imported_are_there(tmp_path: Path) -> None:
    imports = [each for block in BLOCKS if kind_of_yaml(block) == "imports" for each in yaml.safe_load(block.text)]
    playbook = tmp_path / "imports.yml"
    playbook.write_text(yaml.safe_dump(imports))
    checked = run_ansible(tmp_path, "ansible-playbook", "--syntax-check", "-i", "localhost,", str(playbook))
    assert checked.code == 0, checked.output


def staged(tenant: ServedTenant, folder: Path, block: Block) -> Stage:
    """A tenant on which keys may be made, with a key whose token is where the block reads one."""
    allow_keys(tenant, max_api_key_expiry="P365D")
    is_read = "token_info:" in block.text or "ansible.builtin.file'" in block.text
    made = {"description": "nightly reload" if is_read else "older than the example", "expiry": "P90D"}
    key = called(tenant, "POST", "/api-keys", made).json()
    stage = Stage(tenant, folder, key)
    for name in set(re.findall(rf"{FOLDER}/([\w.-]+)", block.text)) if is_read else ():
        (folder / name).touch(0o600)
        (folder / name).write_text(key["token"])
    return stage


def test_the_plays_and_tasks_of_all_pages_and_modules_run(process: EmbeddedTenant, tmp_path: Path) -> None:
    plays = []
    for number, (block, tenant) in enumerate(zip(TO_PLAY, process.all)):
        plays += staged(tenant, tmp_path / str(number), block).plays(block)
    for name in {
        name for block in BLOCKS for name in re.findall(r"include_tasks: ([\w.-]+)$", block.text, re.MULTILINE)
    }:
        (tmp_path / name).write_text(
            "- ansible.builtin.assert:\n    that: reload.token is defined or key.token is defined\n"
        )
    playbook = tmp_path / "examples.yml"
    playbook.write_text(yaml.safe_dump(plays, sort_keys=False))
    run = run_ansible(tmp_path, "ansible-playbook", "-i", "localhost,", str(playbook))
    last = run.output[run.output.rindex("\nPLAY [") :]
    assert run.code == 0, last
    assert "[DEPRECATION WARNING]" not in run.output


@pytest.mark.parametrize("block", TO_RUN, ids=lambda block: block.place)
def test_the_commands_of_a_page_run(block: Block, process: EmbeddedTenant, tmp_path: Path) -> None:
    page = PAGES[block.page]
    tenants = process.all[: page.tenants]
    for tenant in tenants:
        tenant.control("POST", "reset")
        allow_keys(tenant, max_api_key_expiry="P365D")
    url = tenants[0].url
    reader = Reader(
        f"../{block.page}", tmp_path, {f"host{n}": each for n, each in enumerate(tenants)}, **page.variables
    )
    reader.environment.update(sign_in(tenants[0]), HOME=str(tmp_path))
    if "tenants.yml" in page.files():
        reader.inventory = {}
    for name, text in page.files().items():
        (tmp_path / name).write_text(ADDRESS.sub(url, text).replace(FOLDER, str(tmp_path)))
    commands = "\n".join(to_run(block)).replace("http://127.0.0.1:8080", url)
    reader.runs(commands)


def test_the_commands_that_start_the_embedded_tenant_run(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    commands = [command for block in IN_SHELL if block.page == EMULATOR for command in to_run(block)]
    script = "\n".join(commands).replace("8080", str(port)).replace("/tmp/", f"{tmp_path}/")
    script = script.replace(".venv/bin/python", sys.executable).replace(
        "tests/emulator", str(ROOT / "tests" / "emulator")
    )
    run = Reader(f"../{EMULATOR}", tmp_path, {}).runs(f"trap 'kill $(jobs -p)' EXIT\n{script}")
    assert "localhost | CHANGED" in run.output
    assert '"kind":"drop"' in run.output.replace(" ", "")
