# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of the leak tests needs: a tenant behind the gateway, everything given in one folder, all written in another."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests
from emulator_process import EmbeddedTenant
from gateway import Gateway, serve_gateway

HERE = Path(__file__).parent
# The emulator's knobs: no rate limit of its own, since the gateway has one to show.
SETTINGS = {"tier1_per_minute": 0, "tier2_per_minute": 0}
SECRETS_OF_THE_TENANT = ("admin_token", "member_token", "client_secret")


@dataclass
class Stage:
    """``given`` holds what the user has given, secrets included; ``written`` is where all else goes, and is searched.

    ``own_secrets`` are those that are not the tenant's, ``planted`` files that were there before, with their content.
    """

    tenant: EmbeddedTenant
    gateway: Gateway
    given: Path
    written: Path
    own_secrets: dict[str, str]
    planted: dict[Path, str] = field(default_factory=dict)

    @property
    def tokens(self) -> Path:
        """The folder of the token files."""
        return self.written / "tokens"

    @property
    def inventory(self) -> Path:
        """The folder of the inventory sources."""
        return self.given / "inventory"

    @property
    def password_file(self) -> Path:
        return self.given / "vault-password"

    @property
    def variables_file(self) -> Path:
        """Encrypted, as secrets among variables should be."""
        return self.given / "variables.yml"

    def secrets(self) -> dict[str, str]:
        """Everything that must not be found, by the name to tell it by."""
        issued = {f"token {number} of the tenant": token for number, token in enumerate(sorted(self.gateway.issued))}
        return {**{name: self.tenant.ready[name] for name in SECRETS_OF_THE_TENANT}, **issued, **self.own_secrets}

    def environment(self) -> dict[str, str]:
        """Of this environment what is not Ansible's, and everything that Ansible writes led to ``written``."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("QLIK_", "ANSIBLE_"))}
        return inherited | {
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_HOME": str(self.written / "ansible"),
            "ANSIBLE_REMOTE_TMP": str(self.written / "remote"),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callbacks"),
            "ANSIBLE_CALLBACKS_ENABLED": "every_result",
            "ANSIBLE_FORKS": "4",
            "ANSIBLE_LOG_PATH": str(self.written / "ansible.log"),
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_RETRY_FILES_ENABLED": "true",
            "ANSIBLE_RETRY_FILES_SAVE_PATH": str(self.written / "retry"),
            "EVERY_RESULT_FILE": str(self.written / "results.jsonl"),
            "HOME": str(self.written / "home"),
            "JOURNAL_FILE": str(self.written / "journal.jsonl"),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            # Where modules find the journal; they run with this Python and have no other way to it.
            "PYTHONPATH": str(HERE / "journal"),
            "QLIK_CLI_USER_HOME_DIR": str(self.given),
            "TMPDIR": str(self.written / "tmp"),
        }

    def give_variables(self, **more: object) -> None:
        """Write the variables of all hosts, encrypted, and the password beside them."""
        ready = self.tenant.ready
        named = {
            "gateway": self.gateway.url,
            "tokens": str(self.tokens),
            "broken": str(HERE / "broken"),
            **self.own_secrets,
        }
        python = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        self.password_file.write_text(self.own_secrets["vault_password"])
        self.variables_file.write_text(json.dumps({"tenant": ready, **named, **python, **more}))
        encrypt = ["encrypt", "--vault-password-file", str(self.password_file), str(self.variables_file)]
        program = Path(sys.executable).with_name("ansible-vault")
        subprocess.run([str(program), *encrypt], check=True, capture_output=True, env=self.environment())

    def give_contexts(self) -> None:
        """A contexts file of qlik-cli with each kind of credentials, and an inventory source for it."""
        ready, server = self.tenant.ready, f"{self.gateway.url}/plain"
        contexts = {
            "by-key": {"server": server, "headers": {"Authorization": f"Bearer {ready['admin_token']}"}},
            "by-client": {
                "server": server,
                "oauth-client-id": ready["client_id"],
                "oauth-client-secret": ready["client_secret"],
            },
        }
        (self.given / "contexts.yml").write_text(json.dumps({"contexts": contexts}))
        source = {"plugin": "tenantops.qlik_cloud.contexts", "contexts_file": str(self.given / "contexts.yml")}
        (self.inventory / "contexts.qlik.yml").write_text(json.dumps(source))

    def open_tenant(self) -> None:
        """Let everybody have as many API keys as they like."""
        ready = self.tenant.ready
        config = f"/api-keys/configs/{ready['tenant_id']}"
        patch = [{"op": "replace", "path": "/max_keys_per_user", "value": 1000}]
        if "api_keys_enabled" in self._api("GET", config).json():
            patch.append({"op": "replace", "path": "/api_keys_enabled", "value": True})
        else:
            [everyone] = self._api("GET", '/roles?filter=name eq "UserDefault"').json()["data"]
            grant = [{"op": "add", "path": "/assignedScopes/-", "value": "api-keys"}]
            self._api("PATCH", f"/roles/{everyone['id']}", grant)
        self._api("PATCH", config, patch)

    def _api(self, method: str, path: str, body: object = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.tenant.ready['admin_token']}"}
        response = requests.request(method, f"{self.tenant.url}/api/v1{path}", json=body, headers=headers, timeout=30)
        response.raise_for_status()
        return response

    def lay_traps(self) -> None:
        """Where token files should be: tokens of something else, what is no token, and what is no place for one."""
        (self.tokens / "folder").mkdir()
        (self.tokens / "link").symlink_to("elsewhere")
        foreign = {
            "admin.token": self.tenant.ready["admin_token"],
            "password.token": self.own_secrets["password"],
            ".marked.token.qlik-pending": self.own_secrets["password"],
        }
        for name, content in foreign.items():
            self.planted[self.tokens / name] = content
            (self.tokens / name).write_text(content)
            (self.tokens / name).chmod(0o600)


@contextmanager
def set_stage(folder: Path, generation: str) -> Iterator[Stage]:
    """A tenant on which keys can be made, and the two folders; variables are still to be given."""
    given, written = folder / "given", folder / "written"
    (given / "inventory").mkdir(parents=True)
    for name in ("ansible", "home", "remote", "retry", "runner", "tmp", "tokens"):
        (written / name).mkdir(parents=True)
    with (
        EmbeddedTenant(generation=generation, settings=SETTINGS, tenants=2) as tenant,
        serve_gateway(tenant.url) as gateway,
    ):
        own = {name: f"{name}-{secrets.token_hex(16)}" for name in ("header_secret", "password", "vault_password")}
        own["elsewhere_token"] = tenant.all[1].ready["admin_token"]
        stage = Stage(tenant, gateway, given, written, own)
        stage.open_tenant()
        stage.lay_traps()
        stage.give_contexts()
        yield stage
