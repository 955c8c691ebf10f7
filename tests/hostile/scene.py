# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant behind the hostile gateway, a folder for token files, and runs of modules that meet the two."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Stage
from hostile.gateway import Gateway
from hostile.module_run import ForkedRun, Run, run_forked, run_in_little_memory
from hostile.other_host import OtherHost
from hostile.verdicts import complaints, returned_tokens

KEYS = "/api/v1/api-keys"
ONE_KEY = f"{KEYS}/(?!configs)[^/]+"
DESCRIPTION = "nightly reload"
# Longer than any answer here takes on a busy machine; only tests of deadlines set a shorter one.
TIMEOUT = 20


class Scene:
    """``stage`` sees the tenant past the gateway."""

    def __init__(self, stage: Stage, gateway: Gateway, other: OtherHost, folder: Path):
        self.stage = stage
        self.gateway = gateway
        self.other = other
        self.folder = folder
        self.secrets: set[str] = set(stage.secrets)

    @property
    def file(self) -> Path:
        """The path of a token file, of which there is none at first."""
        return self.folder / "nightly.secret"

    @property
    def marker(self) -> Path:
        return self.file.with_name(f".{self.file.name}.qlik-pending")

    def options(self, **given: Any) -> dict[str, Any]:
        """The options of a task that signs in as the tenant's admin; those that are None are left out."""
        common = {
            "tenant_url": self.gateway.url,
            "access_token": self.stage.ready["admin_token"],
            "timeout": TIMEOUT,
            "retries": 1,
            "retry_interval": 0.01,
            "rate_limit_wait": 2,
        }
        return {name: value for name, value in {**common, **given}.items() if value is not None}

    def run(self, module: str, *, environment: Mapping[str, str] | None = None, **given: Any) -> Run:
        """A finished run of whose manners there is nothing to complain."""
        return self.judged(run_forked(module, self.options(**given), environment=environment))

    def run_in_little_memory(self, module: str, **given: Any) -> Run:
        return self.judged(run_in_little_memory(module, self.options(**given)))

    def start(self, module: str, **given: Any) -> ForkedRun:
        """A run that is not waited for."""
        return ForkedRun(module, self.options(**given))

    def judged(self, run: Run) -> Run:
        """The run, if there is nothing to complain of."""
        kept = set() if not run.has_ended else _returned(run)
        found = complaints(run, (self.secrets | self.gateway.issued) - kept)
        assert found == [], "\n".join(found)
        return run

    def make(self, description: str = DESCRIPTION, **body: str) -> dict[str, Any]:
        """An active key of the admin's, made past the gateway: its record, with its ``token``."""
        made = self.stage.create(self.stage.ready["admin_token"], description=description, **body)
        self.secrets.add(made["token"])
        return made

    def make_stored(self, description: str = DESCRIPTION, **body: str) -> dict[str, Any]:
        """The same, with its token in the token file."""
        made = self.make(description, **body)
        self.store(f"{made['token']}\n")
        return made

    def store(self, content: str | bytes, mode: int = 0o600) -> None:
        """Have this in the token file."""
        self.file.touch(mode)
        self.file.chmod(mode)
        self.file.write_bytes(content.encode() if isinstance(content, str) else content)

    def files(self) -> dict[str, tuple[int, bytes]]:
        """Mode and content of each file in the folder."""
        return {
            path.name: (stat.S_IMODE(path.stat().st_mode), path.read_bytes()) for path in sorted(self.folder.iterdir())
        }

    def active(self) -> list[str]:
        """The ids of all active keys, the oldest first, as the tenant itself has them."""
        return self.stage.active_ids()

    def stored_key(self) -> str | None:
        """The id of the key whose token is in the token file; None without a file."""
        from ansible_collections.tenantops.qlik_cloud.tests.faults.scene import key_id_of

        return key_id_of(self.file.read_text().strip()) if self.file.exists() else None


def _returned(run: Run) -> set[str]:
    try:
        return set(returned_tokens(run.result))
    except ValueError:
        return set()
