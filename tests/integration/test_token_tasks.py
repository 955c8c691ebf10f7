# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens handed on to a store of the user's own, by ``onboarding_token_tasks``, and the two examples of it.

That no token shows in any output is looked for by every ``play``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import onboarding
import pytest
from conftest import Playground, Run, run_ansible
from kv_store import DATA, KvStore
from onboarding import EXAMPLES, ONBOARD, REPORT, ROTATE, active_keys, changed_key, key_of, module_runs, on_day

pytestmark = pytest.mark.parametrize("generation", ["permission"])

RENEWED = {"renew_before": "P30D", "overlap": "PT0S"}
STORE = {"ansible.builtin.copy": {"content": "{{ onboarding_token }}", "dest": "{{ store }}", "mode": "0600"}}
NOTE = {"ansible.builtin.copy": {"content": "{{ onboarding_key | to_json }}", "dest": "{{ store }}.json"}}
BREAK = {"ansible.builtin.command": "false {{ onboarding_token }}", "name": "Break"}


def inputs(playground: Playground, **more: object) -> dict:
    """For a tenant whose limits are as they should be, so that all there is to do is about its key."""
    return {**onboarding.inputs(playground, **more), "onboarding_config": {}}


class Store:
    """A file in a folder of its own, and token tasks that write it or fail."""

    def __init__(self, playground: Playground):
        self.path = playground.folder.parent / "store"
        self._folder = playground.folder.parent

    @property
    def token(self) -> str:
        return self.path.read_text() if self.path.exists() else ""

    def variables(self, *tasks: dict) -> dict:
        file = self._folder / "token_tasks.yml"
        file.write_text(json.dumps(list(tasks)))
        return {"store": str(self.path), "onboarding_token_tasks": str(file)}


@pytest.fixture
def store(enabled: Playground) -> Store:
    return Store(enabled)


def assert_only_key(playground: Playground, token: str) -> None:
    """The tenant takes one key, and this is its token."""
    assert active_keys(playground) == [key_of(token)]


def test_a_token_is_handed_on_once_and_the_next_run_reads_only(enabled: Playground, store: Store) -> None:
    given = inputs(enabled, onboarding_scim_keys=changed_key(enabled, token_file=None, token=""))
    checked = enabled.play(ONBOARD, "--check", **{**given, **store.variables(STORE)})
    assert checked.stats["changed"] == 1
    assert enabled.writes() == []

    enabled.play(ONBOARD, **{**given, **store.variables(STORE, NOTE)})
    assert_only_key(enabled, store.token)
    record = json.loads(store.path.with_suffix(".json").read_text())
    assert record["id"] == key_of(store.token)
    assert store.token not in json.dumps(record)

    held = changed_key(enabled, token_file=None, token=store.token)
    enabled.forget_calls()
    again = enabled.play(ONBOARD, **{**given, **store.variables(BREAK), "onboarding_scim_keys": held})
    assert again.stats["changed"] == 0
    assert enabled.writes() == []


def test_a_token_that_is_not_handed_on_costs_its_key_and_the_next_run_makes_another(
    enabled: Playground, store: Store
) -> None:
    keys = [
        *changed_key(enabled, token_file=None, token="", description="first"),
        *changed_key(enabled, token_file=None, token="", description="second"),
    ]
    fails_once = [{**BREAK, "when": "onboarding_key.description == 'first'"}, STORE]
    given = inputs(enabled, onboarding_scim_keys=keys)
    run = enabled.play(ONBOARD, expect=2, **{**given, **store.variables(*fails_once)})
    [left] = active_keys(enabled)
    assert left == key_of(store.token), "the second key is handed on all the same"
    [retired] = [path.rpartition("/")[2] for method, path in enabled.writes() if method == "DELETE"]
    assert (
        f'onboarding_scim_keys[0]: the token of API key {retired} was not handed on: the task "Break" failed.'
        in run.output.replace('\\"', '"')
    )

    keys[1]["token"] = store.token
    enabled.play(ONBOARD, **{**given, **store.variables(STORE)})
    assert active_keys(enabled) == [left, key_of(store.token)]


def test_a_key_that_cannot_be_retired_either_is_named_as_active(enabled: Playground, store: Store) -> None:
    enabled.tenant.control("POST", "faults", {"method": "DELETE", "path": ".*", "kind": "status", "status": 403})
    given = inputs(enabled, onboarding_scim_keys=changed_key(enabled, token_file=None, token=""))
    run = enabled.play(ONBOARD, expect=2, **{**given, **store.variables(BREAK)})
    [left] = active_keys(enabled)
    assert f"the token of API key {left} was not handed on" in run.output
    assert "Retiring it failed as well, so it is active" in run.output
    assert "was refused with 403" in run.output


def test_a_renewed_token_is_on_file_only_once_it_is_handed_on(enabled: Playground, store: Store) -> None:
    on_day(enabled, 0)
    file = enabled.folder / "scim.token"
    given = inputs(enabled, onboarding_scim_keys=changed_key(enabled, **RENEWED))
    enabled.play(ONBOARD, **{**given, **store.variables(STORE)})
    first = store.token
    assert file.read_text().strip() == first
    assert file.stat().st_mode & 0o777 == 0o600

    on_day(enabled, 155)
    enabled.play(ROTATE, expect=2, **{**given, **store.variables(BREAK)})
    assert file.read_text().strip() == first
    assert_only_key(enabled, first)

    rotated = enabled.play(ROTATE, **{**given, **store.variables(STORE)})
    assert file.read_text().strip() == store.token != first
    assert_only_key(enabled, store.token)
    assert "retired Entra provisioning (the overlap of PT0S with" in rotated.output
    assert [path.name for path in enabled.folder.iterdir()] == ["scim.token"]


def test_token_tasks_that_cannot_be_read_stop_the_run_before_a_key_is_made(enabled: Playground, store: Store) -> None:
    given = {**inputs(enabled), **store.variables({"debug": None, "copy": None, "name": "Two modules in one task"})}
    # Not by "play": Ansible itself gives up, so there is no recap.
    options = ("-i", "localhost,", "-e", json.dumps(given), ONBOARD)
    run = run_ansible(enabled.folder.parent, "ansible-playbook", *options)
    assert run.code != 0
    assert "conflicting action statements" in run.output
    assert enabled.writes() == []


def vault_environment(playground: Playground) -> dict[str, str]:
    password = playground.folder.parent / "vault-password"
    password.write_text("a password for this test\n")
    return {"ANSIBLE_VAULT_PASSWORD_FILE": str(password)}


def decrypted(playground: Playground, path: Path) -> str:
    viewed = run_ansible(
        playground.folder.parent, "ansible-vault", "view", str(path), environment=vault_environment(playground)
    )
    assert viewed.code == 0, viewed.output
    return viewed.output.strip()


def example(playground: Playground, name: str) -> Path:
    """A copy of the example, as a user makes one."""
    copy = playground.folder.parent / name
    shutil.copytree(EXAMPLES / name, copy)
    return copy


def on_example(playground: Playground, copy: Path) -> tuple[tuple[str, ...], dict]:
    """Options and variables that lead the example's inventory to the embedded tenant."""
    given = inputs(playground)
    del given["onboarding_scim_keys"]
    return ("-i", str(copy / "tenants.yml"), "--limit", "your-tenant"), given


def test_the_example_with_ansible_vault(enabled: Playground) -> None:
    on_day(enabled, 0)
    copy = example(enabled, "ansible_vault")
    options, given = on_example(enabled, copy)
    environment = vault_environment(enabled)
    kept = copy / "your-tenant.entra.vault"

    enabled.play(ONBOARD, *options, environment=environment, **given)
    assert kept.read_text().startswith("$ANSIBLE_VAULT;")
    assert kept.stat().st_mode & 0o777 == 0o600
    first = decrypted(enabled, kept)
    assert_only_key(enabled, first)

    on_day(enabled, 155)
    enabled.play(ROTATE, *options, environment=environment, **given)
    second = decrypted(enabled, kept)
    assert active_keys(enabled) == [key_of(first), key_of(second)]

    report = enabled.play(REPORT, *options, environment=environment, **given)
    assert "stored tokens: 1 of 1 valid" in report.output


@pytest.fixture
def kv() -> Iterator[KvStore]:
    with KvStore() as running:
        yield running


class HashicorpVault:
    """Runs of the example against one store."""

    def __init__(self, playground: Playground, kv: KvStore):
        self._playground = playground
        self._kv = kv
        self._copy = example(playground, "hashicorp_vault")

    def play(self, *more_options: str, token: str | None = None, expect: int = 0, **more: object) -> Run:
        environment = {"VAULT_ADDR": self._kv.url, "VAULT_TOKEN": token or self._kv.token}
        options, given = on_example(self._playground, self._copy)
        run = self._playground.play(
            *(self._copy / "playbook.yml", *options, *more_options),
            **{"expect": expect, "environment": environment, **given, **more},
        )
        assert self._kv.token not in run.output
        assert self._kv.reading_token not in run.output
        return run

    @property
    def secret(self):
        [secret] = self._kv.secrets.values()
        return secret

    @property
    def token(self) -> str:
        return self.secret.versions[-1]["data"]["token"]


def test_the_example_with_hashicorp_vault(enabled: Playground, kv: KvStore) -> None:
    on_day(enabled, 0)
    vault = HashicorpVault(enabled, kv)
    vault.play()
    assert list(kv.secrets) == ["qlik/your-tenant/entra-id-provisioning"]
    first = vault.token
    assert_only_key(enabled, first)

    enabled.forget_calls()
    kv.log.clear()
    assert vault.play("--check").stats["changed"] == 0
    assert enabled.writes() == []
    assert [method for method, *_rest in kv.log] == ["GET"]

    on_day(enabled, 155)
    vault.play(qlik_playbook=ROTATE)
    assert len(vault.secret.versions) == 2
    assert_only_key(enabled, vault.token)


def test_hashicorp_vault_is_not_written_over_what_another_wrote_and_never_taken_to_be_empty_unasked(
    enabled: Playground, kv: KvStore
) -> None:
    vault = HashicorpVault(enabled, kv)
    path = f"{DATA}qlik/your-tenant/entra-id-provisioning"
    write = {
        "ansible.builtin.uri": {
            "url": f"{kv.url}{path}",
            "method": "POST",
            "headers": {"X-Vault-Token": kv.token},
            "body_format": "json",
            "body": {"data": {"token": "another one"}},
        }
    }
    meanwhile = enabled.folder.parent / "meanwhile.yml"
    meanwhile.write_text(
        json.dumps([write, {"ansible.builtin.include_tasks": str(EXAMPLES / "hashicorp_vault/store.yml")}])
    )
    run = vault.play(expect=2, onboarding_token_tasks=str(meanwhile))
    assert kv.log[-1] == ("POST", path, 400)
    assert "Write the token as the next version of its secret" in run.output
    assert active_keys(enabled) == []

    vault.secret.delete()
    vault.play()
    assert len(vault.secret.versions) == 2, "the number of the deleted version is the one to be checked"
    assert_only_key(enabled, vault.token)

    enabled.forget_calls()
    refused = vault.play(token="hvs.none", expect=2)
    assert "permission denied" in refused.output
    assert module_runs(enabled) == 0, "without the store's answer the tenant is not asked anything"
