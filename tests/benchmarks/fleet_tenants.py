# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many tenants as new, and the inventory that the role onboards them by."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from emulator_process import EmbeddedTenant

KEY = "Entra ID provisioning"
MOST_IN_A_PROCESS = 400


class Fleet:
    """``names`` are the hosts of ``inventory``, one for each tenant of the processes."""

    def __init__(self, processes: Sequence[EmbeddedTenant], inventory: Path, tokens: Path) -> None:
        self.inventory = inventory
        self._processes = processes
        self._tenants = [tenant for process in processes for tenant in process.all]
        self._tokens = tokens
        self._hosts = {
            f"tenant-{number:03}": self._variables(tenant.ready, number)
            for number, tenant in enumerate(self._tenants, start=1)
        }
        self.names = list(self._hosts)
        self._write_inventory()

    def move(self, name: str, url: str) -> None:
        """Give a tenant another address in the inventory."""
        self._hosts[name]["onboarding_tenant_url"] = url
        self._write_inventory()

    def requests(self) -> int:
        """How many requests there were since the last call, or the start."""
        return sum(process.totals("DELETE")["requests"] for process in self._processes)

    def onboarded(self) -> list[str]:
        """The tenants that have exactly one key, with a token on file."""
        return [name for name, tenant in zip(self.names, self._tenants) if self._is_onboarded(name, tenant)]

    def _is_onboarded(self, name: str, tenant: Any) -> bool:
        keys = tenant.control("GET", "keys")["keys"]
        return [key["description"] for key in keys] == [KEY] and self._token_file(name).exists()

    def _token_file(self, name: str) -> Path:
        return self._tokens / f"{name}.token"

    def _variables(self, ready: dict[str, Any], number: int) -> dict[str, Any]:
        key = {
            "description": KEY,
            "idp_id": ready["idp_id"],
            "expiry": "P180D",
            "token_file": str(self._token_file(f"tenant-{number:03}")),
        }
        return {
            "onboarding_tenant_url": ready["url"],
            "onboarding_client_id": ready["client_id"],
            "onboarding_client_secret": ready["client_secret"],
            "onboarding_config": {"max_keys_per_user": 20, "max_api_key_expiry": "P30D"},
            "onboarding_scim_keys": [key],
        }

    def _write_inventory(self) -> None:
        self.inventory.write_text(json.dumps({"all": {"hosts": self._hosts}}), encoding="utf-8")


@contextmanager
def fleet(count: int, inventory: Path, tokens: Path) -> Iterator[Fleet]:
    """That many tenants, in as few processes of their own as serve them."""
    with ExitStack() as running:
        processes = [
            running.enter_context(EmbeddedTenant(tenants=min(MOST_IN_A_PROCESS, count - served)))
            for served in range(0, count, MOST_IN_A_PROCESS)
        ]
        yield Fleet(processes, inventory, tokens)


@contextmanager
def dead_address(*, silent: bool) -> Iterator[str]:
    """The address of a tenant that refuses connections or, with ``silent``, takes them and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if silent:
            server.listen()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
