# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages that show a job in two ways: both ways come to the same on the tenant."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from emulator_process import EmbeddedTenant
from pages import DOCS, Reader
from test_jobs import allow_keys, called

URI = "coming-from-uri.md"
CLI = "coming-from-qlik-cli.md"
TESTS = Path(__file__).resolve().parents[1]
COMMANDS = {"qlik": TESTS / "qlik_stand_in.py", "jq": TESTS / "jq_command.py"}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read_pairs(page: str) -> dict[str, list[tuple[str, str]]]:
    """The two blocks of code of each section that shows a job in two ways, by its title; a block is its language and its text."""
    sections = re.split(r"^## ", (DOCS / page).read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {
        section.partition("\n")[0]: BLOCK.findall(section)
        for section in sections
        if "\nWith the collection:\n" in section
    }


@pytest.fixture(scope="module")
def tenant() -> Iterator[EmbeddedTenant]:
    with EmbeddedTenant() as running:
        yield running


def describe(tenant: EmbeddedTenant) -> dict[str, object]:
    """What is on the tenant, without what differs from one run to the next: ids and times."""
    keys = tenant.control("GET", "keys")["keys"]
    state = tenant.control("GET", "state")
    return {
        "keys": sorted((key["description"], key["status"], key["sub"]) for key in keys),
        "config": state["api_key_configs"],
        "roles": sorted((role["name"], role["assigned_scopes"]) for role in state["roles"]),
    }


def prepare(tenant: EmbeddedTenant, title: str) -> None:
    """Everybody may make keys, and the admin has one that is not needed any more; unless the section is about that permission."""
    tenant.control("POST", "reset")
    if "every user" not in title:
        allow_keys(tenant, max_api_key_expiry="P60D")
        called(tenant, "POST", "/api-keys", {"description": "old reload"})


def run(tenant: EmbeddedTenant, folder: Path, command: str) -> str:
    """A command in that folder, signed in as the admin."""
    reader = Reader(URI, folder, {})
    reader.environment.update(
        QLIK_TENANT_URL=tenant.url,
        QLIK_ACCESS_TOKEN=tenant.ready["admin_token"],
        IDP_ID=tenant.ready["idp_id"],
        PATH=f"{folder}:{Path(sys.executable).parent}:{os.environ['PATH']}",
    )
    return reader.runs(command).output


def play(tenant: EmbeddedTenant, folder: Path, tasks: str) -> str:
    """Run the tasks of a page in a play of their own, in a folder of their own for tokens."""
    folder.mkdir()
    [given] = [text for _language, text in BLOCK.findall((DOCS / URI).read_text("utf-8")) if text.startswith("vars:")]
    variables = {**yaml.safe_load(given)["vars"], "token_folder": str(folder)}
    playbook = {"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": yaml.safe_load(tasks)}
    (folder / "play.yml").write_text(yaml.safe_dump([playbook], sort_keys=False))
    return run(tenant, folder, "ansible-playbook play.yml")


def run_script(tenant: EmbeddedTenant, folder: Path, script: str) -> None:
    """Run a script of a page, where qlik is the stand-in, and jq the library's."""
    folder.mkdir()
    for name, program in COMMANDS.items():
        command = folder / name
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{program}" "$@"\n')
        command.chmod(0o755)
    (folder / "script.sh").write_text(script)
    run(tenant, folder, "set -o pipefail; . ./script.sh")


def list_token_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.token") if len(path.read_text().split(".")) == 3)


@pytest.mark.parametrize("title", read_pairs(URI))
def test_uri_and_the_collection_come_to_the_same(title: str, tenant: EmbeddedTenant, tmp_path: Path) -> None:
    (_, by_uri), (_, by_module) = read_pairs(URI)[title]
    prepare(tenant, title)
    before = describe(tenant)
    shown = play(tenant, tmp_path / "uri", by_uri)
    expected = describe(tenant)

    prepare(tenant, title)
    assert (expected != before) or title.startswith("Find")
    shown_by_module = play(tenant, tmp_path / "module", by_module)
    assert describe(tenant) == expected
    assert ('"old reload"' in shown_by_module) == ('"old reload"' in shown)
    assert list_token_files(tmp_path / "module") == list_token_files(tmp_path / "uri")


@pytest.mark.parametrize("title", read_pairs(CLI))
def test_a_script_and_the_collection_come_to_the_same(title: str, tenant: EmbeddedTenant, tmp_path: Path) -> None:
    (language, script), (_, by_module) = read_pairs(CLI)[title]
    assert language == "sh"
    prepare(tenant, title)
    before = describe(tenant)
    run_script(tenant, tmp_path / "cli", script)
    expected = describe(tenant)
    assert expected != before

    prepare(tenant, title)
    play(tenant, tmp_path / "module", by_module)
    assert describe(tenant) == expected
    assert list_token_files(tmp_path / "module") == list_token_files(tmp_path / "cli")
