# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant on which keys may be made, for the parts that measure one tenant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from emulator_process import EmbeddedTenant

UNLIMITED = {"tier1_per_minute": 0, "tier2_per_minute": 0}
MOST_KEYS = 1000
"""What a user may have at most by the tenant's config."""


class KeyTenant:
    """An embedded tenant without rate limits, whose admin may make keys."""

    def __init__(self, process: EmbeddedTenant) -> None:
        self._process = process
        self.access = {"tenant_url": process.url, "access_token": process.ready["admin_token"]}

    def empty(self) -> None:
        """As new, but for the permission to make keys and the number of keys that a user may have."""
        self._process.control("POST", "reset")
        (role,) = self._api("GET", '/roles?filter=name eq "UserDefault"')["data"]
        self._patch(f"/roles/{role['id']}", {"op": "add", "path": "/assignedScopes/-", "value": "api-keys"})
        config = f"/api-keys/configs/{self._process.ready['tenant_id']}"
        self._patch(config, {"op": "replace", "path": "/max_keys_per_user", "value": MOST_KEYS})
        self.forget_requests()

    def seed(self, count: int) -> None:
        """Add keys whose tokens nobody gets."""
        self._process.control("POST", "keys", {"count": count})

    def settings(self, **settings: Any) -> None:
        self._process.control("PATCH", "settings", settings)

    def requests(self) -> list[dict[str, Any]]:
        """What was asked since the tenant was emptied, or since `forget_requests`."""
        return self._process.control("GET", "requests")["requests"]

    def forget_requests(self) -> None:
        self._process.control("DELETE", "requests")

    def check(self, keys: list[dict[str, str]], *, stored: bool = True) -> None:
        """Raise RuntimeError unless exactly these keys exist and, with ``stored``, each has a token on file."""
        there = sorted(key["description"] for key in self._process.control("GET", "keys")["keys"])
        on_file = [key for key in keys if Path(key["token_file"]).exists()]
        if there != sorted(key["description"] for key in keys) or (stored and on_file != keys):
            raise RuntimeError(f"expected {len(keys)} keys, there are {len(there)}, with {len(on_file)} tokens on file")

    def _patch(self, path: str, operation: dict[str, Any]) -> None:
        self._api("PATCH", path, [operation])

    def _api(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.access['access_token']}"}
        url = f"{self._process.url}/api/v1{path}"
        response = requests.request(method, url, json=body, headers=headers, timeout=30)
        response.raise_for_status()
        return response.json() if response.content else None


@contextmanager
def key_tenant() -> Iterator[KeyTenant]:
    """A tenant in a process of its own."""
    with EmbeddedTenant(settings=UNLIMITED) as process:
        yield KeyTenant(process)


def keys_with_files(count: int, folder: Path) -> list[dict[str, str]]:
    """That many entries of ``api_keys``."""
    return [
        {"description": f"key {number}", "token_file": str(folder / f"{number}.token")}
        for number in range(1, count + 1)
    ]
