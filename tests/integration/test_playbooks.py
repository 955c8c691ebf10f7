# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks on inventories as people have them, and what they say in the end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Playground
from emulator_process import EmbeddedTenant
from onboarding import (
    ONBOARD,
    REPORT,
    ROTATE,
    active_keys,
    changed_key,
    inputs,
    join_output,
    key_of,
    last_lines,
    run_plain,
    sent,
    sign_in,
    state_of,
)

pytestmark = pytest.mark.parametrize("generation", ["permission"])

PLAYBOOKS = [ONBOARD, ROTATE, REPORT]
ELSEWHERE = {
    "ansible_connection": "ssh",
    "ansible_host": "192.0.2.1",
    "ansible_become": True,
    "ansible_become_method": "ansible.builtin.su",
    "ansible_python_interpreter": "/opt/of/the/other/machine/python3",
}
BY_CONFIGURATION = {
    "ANSIBLE_TRANSPORT": "ssh",
    "ANSIBLE_BECOME": "true",
    "ANSIBLE_PYTHON_INTERPRETER": "/none/python3",
}


def hosts_of(playground: Playground, **more: dict) -> dict:
    """An inventory with host ``acme``, which is the tenant, and others by their variables."""
    return {"all": {"hosts": {"acme": inputs(playground), **more}}}


@pytest.mark.parametrize("of_group", [False, True])
def test_the_playbooks_run_beside_ansible_whatever_the_inventory_says(playground: Playground, of_group: bool) -> None:
    inventory = hosts_of(playground)
    if of_group:
        inventory["all"]["vars"] = ELSEWHERE
    else:
        inventory["all"]["hosts"]["acme"].update(ELSEWHERE)
    for playbook in PLAYBOOKS:
        run = run_plain(playground, inventory, playbook, environment=BY_CONFIGURATION)
        assert run.stats["unreachable"] == run.stats["failed"] == 0
        assert "192.0.2.1" not in run.output.replace('"ansible_host"', "")
        assert "Using module file" not in "\n".join(line for line in run.output.splitlines() if "qlik_cloud" in line)
    assert active_keys(playground) == [key_of((playground.folder / "scim.token").read_text())]


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_playbook_that_no_host_matches_fails(playground: Playground, playbook: str) -> None:
    no_host = {"all": {"hosts": {}}}
    run = run_plain(playground, no_host, playbook, expect=2)
    assert "No host matches all. Give an inventory of tenants by -i; a host is a tenant." in join_output(run)
    another = run_plain(playground, hosts_of(playground), playbook, "-e", "onboarding_hosts=nobody", expect=2)
    assert "No host matches nobody." in join_output(another)
    for code, words, inventory in ((4, "There is no host.", no_host), (1, "no hosts to target", hosts_of(playground))):
        limited = run_plain(playground, inventory, playbook, "--limit", "nobody", expect=code)
        assert words in join_output(limited)
    outside = run_plain(
        *(playground, hosts_of(playground, other={}), playbook, "--limit", "acme", "-e", "onboarding_hosts=other"),
        expect=2,
    )
    assert "No host matches other." in join_output(outside)
    assert sent(playground) == []


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_hosts_that_are_one_tenant_are_told(playground: Playground, playbook: str) -> None:
    own_key = changed_key(playground, description="Other", token_file=str(playground.folder / "other.token"))
    inventory = hosts_of(playground, again=inputs(playground, onboarding_scim_keys=own_key))
    with EmbeddedTenant() as other:
        url, token = other.ready["url"], other.ready["admin_token"]
        inventory["all"]["hosts"]["other"] = {"onboarding_tenant_url": url, "onboarding_access_token": token}
        run = run_plain(playground, inventory, playbook, "--check")
    [*_each, last] = last_lines(run)
    assert last == (
        f"WARNING: acme, again are one tenant, {playground.tenant.ready['tenant_id']}. "
        "Has each host an address of its own?"
    )


def test_the_last_line_says_what_was_done_or_would_be(playground: Playground) -> None:
    key, hostname = changed_key(playground, on_lost_token="replace"), playground.tenant.ready["hostname"]
    given = inputs(playground, onboarding_scim_keys=key)

    def line(*options: str) -> str:
        [only] = last_lines(playground.play(ONBOARD, *options, **given))
        assert only.startswith(f"localhost: {hostname}: ")
        return only.removeprefix(f"localhost: {hostname}: ")

    before = state_of(playground)
    checked = line("--check")
    assert state_of(playground) == before
    first = line()
    assert first == checked.replace("would make", "made").replace("would change", "changed") != checked
    assert line() == line("--check") == "nothing to do"

    (playground.folder / "scim.token").unlink()
    assert line("--check").startswith("would make Entra provisioning (")
    replaced = line()
    assert replaced.startswith("made Entra provisioning (")
    assert ", retired Entra provisioning (" in replaced


def test_hosts_with_token_tasks_beside_hosts_without(enabled: Playground) -> None:
    """Ansible includes a role once for all hosts for which it looks the same to it."""
    store, tasks = enabled.folder.parent / "store", enabled.folder.parent / "tasks.yml"
    tasks.write_text(json.dumps([{"ansible.builtin.copy": {"content": "{{ onboarding_token }}", "dest": str(store)}}]))
    handed = changed_key(enabled, description="handed on", token_file=None, token="")
    inventory = hosts_of(
        enabled,
        handing=inputs(enabled, onboarding_scim_keys=handed, onboarding_token_tasks=str(tasks)),
        wrong=inputs(enabled, onboarding_token_tasks="tasks.yml"),
        last={**sign_in(enabled)},
    )
    run = run_plain(enabled, inventory, ONBOARD, expect=2)
    lines = dict(line.split(": ", 1) for line in last_lines(run))
    assert lines["wrong"] == (
        'FAILED: onboarding_token_tasks: must be the absolute path of a file with tasks, not "tasks.yml".'
    )
    assert "made handed on (" in lines["handing"]
    assert sorted(active_keys(enabled)) == sorted(
        key_of(path.read_text()) for path in (store, enabled.folder / "scim.token")
    )


def test_a_real_run_shows_the_same_difference_as_check_mode(playground: Playground) -> None:
    def difference(*options: str) -> str:
        output = playground.play(ONBOARD, *options, **inputs(playground)).output
        return output[output.index("--- before") : output.index("\nchanged: ", output.index("--- before"))]

    before = state_of(playground)
    checked = difference("--check")
    assert state_of(playground) == before
    assert '+            "description": "Entra provisioning"' in checked
    assert '+    "max_keys_per_user": 20' in checked.replace("        ", "    ")
    assert difference() == checked


def test_a_report_counts_no_store_that_cannot_be_read(enabled: Playground) -> None:
    keys = [*changed_key(enabled), *changed_key(enabled, description="elsewhere", token_file=None)]
    enabled.play(ONBOARD, **inputs(enabled))
    before = state_of(enabled)
    [line] = last_lines(enabled.play(REPORT, **inputs(enabled, onboarding_scim_keys=keys)))
    assert "stored tokens: 1 of 1 valid" in line
    assert "NOT that of" not in line
    assert state_of(enabled) == before


def test_what_a_stopped_run_left_is_taken_away_with_token_tasks_as_well(enabled: Playground) -> None:
    tasks = enabled.folder.parent / "tasks.yml"
    tasks.write_text(json.dumps([{"ansible.builtin.debug": {"msg": "kept"}}]))
    given = inputs(enabled, onboarding_token_tasks=str(tasks))
    enabled.play(ONBOARD, **given)
    lock = enabled.folder / ".scim.token.qlik-lock"
    lock.touch()
    enabled.play(ONBOARD, "--check", **given)
    assert lock.exists()
    enabled.forget_calls()
    for playbook in (ONBOARD, ROTATE):
        assert enabled.play(playbook, **given).stats["changed"] == 0
        assert [path.name for path in enabled.folder.iterdir()] == ["scim.token"]
        lock.touch()
    assert enabled.writes() == []


def test_a_path_that_is_no_file_is_found_before_anything_is_written(playground: Playground) -> None:
    Path(playground.folder / "scim.token").mkdir()
    [line] = last_lines(playground.play(ONBOARD, expect=2, **inputs(playground)))
    assert line.startswith("localhost: FAILED: onboarding_scim_keys[0].token_file: ")
    assert playground.writes() == []
