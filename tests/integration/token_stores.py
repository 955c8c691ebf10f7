# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role with the token of one SCIM key in a store: a file, and the two stores of the documentation's examples that are servers."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

from awx_credentials import AwxCredentials
from conftest import Playground, Run
from kv_store import KvStore, Secret
from onboarding import EXAMPLES, active_keys, changed_key, inputs, key_of

DESCRIPTION = "Entra ID provisioning"
RENEWED = {"renew_before": "P30D", "overlap": "PT0S"}


class FileStore:
    """A token file, as on a volume that outlives the job. What a run notes beside it is enough to replace a lost token."""

    def __init__(self, playground: Playground):
        self.playground = playground
        self._file = playground.folder / "scim.token"

    @property
    def token(self) -> str:
        return self._file.read_text().strip()

    def put(self, token: str) -> None:
        self._file.write_text(token)
        self._file.chmod(0o600)

    def play(self, playbook: str, *options: str, environment: dict[str, str] | None = None, **more: object) -> Run:
        keys = changed_key(self.playground, description=DESCRIPTION, **RENEWED)
        given = inputs(self.playground, onboarding_config={}, onboarding_scim_keys=keys)
        return self.playground.play(playbook, *options, environment=environment, **{**given, **more})

    def assert_holds_the_only_key(self) -> None:
        assert active_keys(self.playground) == [key_of(self.token)]
        assert [path.name for path in self.playground.folder.iterdir() if not path.name.startswith(".")] == [
            "scim.token"
        ]


class AwxStore:
    """The example with a credential of AWX; ``changes`` are made to the text of its inventory."""

    def __init__(self, playground: Playground, awx: AwxCredentials, changes: dict[str, str] | None = None):
        self.playground = playground
        self.awx = awx
        self.project = playground.folder.parent / "project"
        shutil.copytree(EXAMPLES / "awx_credential", self.project)
        change(self.project, changes or {})

    @property
    def token(self) -> str:
        return self.awx.inputs["token"]

    def put(self, token: str) -> None:
        self.awx.inputs = {"token": token, "key_id": key_of(token)}

    def play(self, playbook: str, *options: str, environment: dict[str, str] | None = None, **more: object) -> Run:
        given = {**without_keys(self.playground), "onboarding_token_tasks": str(self.project / "store.yml")}
        run = self.playground.play(
            *(playbook, "-i", str(self.project / "tenants.yml"), "--limit", "your-tenant", *options),
            environment={**self.awx.environment, **(environment or {})},
            **{**given, **more},
        )
        assert self.awx.token not in run.output
        return run

    def assert_holds_the_only_key(self) -> None:
        """And says whose it is."""
        assert active_keys(self.playground) == [key_of(self.token)] == [self.awx.inputs["key_id"]]


class VaultStore:
    """The example with HashiCorp Vault."""

    def __init__(self, playground: Playground, kv: KvStore, changes: dict[str, str] | None = None):
        self.playground = playground
        self.kv = kv
        self.project = playground.folder.parent / "project"
        shutil.copytree(EXAMPLES / "hashicorp_vault", self.project)
        change(self.project, changes or {})

    @property
    def token(self) -> str:
        [secret] = self.kv.secrets.values()
        return secret.versions[-1]["data"]["token"]

    def put(self, token: str) -> None:
        self.kv.secrets.setdefault("qlik/your-tenant/entra-id-provisioning", Secret()).write({"data": {"token": token}})

    def play(self, playbook: str, *options: str, environment: dict[str, str] | None = None, **more: object) -> Run:
        run = self.playground.play(
            *(
                self.project / "playbook.yml",
                "-i",
                str(self.project / "tenants.yml"),
                "--limit",
                "your-tenant",
                *options,
            ),
            environment={"VAULT_ADDR": self.kv.url, "VAULT_TOKEN": self.kv.token, **(environment or {})},
            **{**without_keys(self.playground), "qlik_playbook": playbook, **more},
        )
        assert self.kv.token not in run.output
        return run

    def assert_holds_the_only_key(self) -> None:
        assert active_keys(self.playground) == [key_of(self.token)]


def store_of(kind: str, playground: Playground, servers: ExitStack) -> FileStore | AwxStore | VaultStore:
    """``kind``: file, awx or vault, each for unattended runs; ``servers`` ends what it needs."""
    if kind == "awx":
        return AwxStore(playground, servers.enter_context(AwxCredentials()), {"overlap: P2D": "overlap: PT0S"})
    if kind == "vault":
        replacing = {"overlap: PT0S": "overlap: PT0S\n        on_lost_token: replace"}
        return VaultStore(playground, servers.enter_context(KvStore()), replacing)
    return FileStore(playground)


def change(project: Path, changes: dict[str, str]) -> None:
    inventory = project / "tenants.yml"
    text = inventory.read_text()
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    inventory.write_text(text)


def without_keys(playground: Playground) -> dict:
    """The variables that lead an example's inventory to the embedded tenant."""
    given = inputs(playground, onboarding_config={})
    del given["onboarding_scim_keys"]
    return given
