# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP as one user of the embedded tenant, and the few orders that many tests begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from emulator_process import EmbeddedTenant, ServedTenant

# Only so that nothing is waited for for ever.
SECONDS = 60.0
BACKSLASH = "\\"


def running(generation: str, folder: Path) -> Iterator[EmbeddedTenant]:
    """The body of a fixture: a tenant with its state in `folder`. Fails if it complains of itself on stderr."""
    tenant = EmbeddedTenant(generation=generation, db=folder / "tenant.db").start()
    try:
        yield tenant
        complaints = tenant.stderr
    finally:
        # A clean stop takes longer and has a test of its own.
        tenant.kill()
    assert complaints == "", "the tenant must not fail by itself"


class Api:
    """One keep-alive connection with one bearer token or none. Paths are below `/api/v1`; no redirect is followed."""

    def __init__(self, tenant: ServedTenant, token: str | None) -> None:
        self._base = f"{tenant.url}/api/v1"
        self._session = requests.Session()
        # A certificate bundle named in the environment would take precedence over the tenant's authority.
        self._session.trust_env = False
        self._session.verify = tenant.ready["ca_path"] or True
        if token is not None:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, **options: Any) -> requests.Response:
        url = path if path.startswith("http") else self._base + path
        return self._session.request(method, url, timeout=SECONDS, allow_redirects=False, **options)

    def get(self, path: str, **query: Any) -> requests.Response:
        return self("GET", path, params=query)

    def post(self, path: str, body: Any) -> requests.Response:
        return self("POST", path, json=body)

    def patch(self, path: str, *operations: Any) -> requests.Response:
        return self("PATCH", path, json=list(operations))

    def delete(self, path: str) -> requests.Response:
        return self("DELETE", path)

    def create_key(self, **body: Any) -> dict[str, Any]:
        answer = self.post("/api-keys", {"description": "a key", **body})
        assert answer.status_code == 201, answer.text
        return answer.json()


def replace(path: str, value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": path, "value": value}


def config_path(tenant: ServedTenant) -> str:
    return f"/api-keys/configs/{tenant.ready['tenant_id']}"


def role_named(api: Api, name: str) -> dict[str, Any]:
    (role,) = api.get("/roles", filter=f'name eq "{name}"').json()["data"]
    return role


def grant_to_everyone(admin: Api) -> None:
    """Give the permission to manage API keys to every user, as Qlik documents it."""
    operation = {"op": "add", "path": "/assignedScopes/-", "value": "api-keys"}
    assert admin.patch(f"/roles/{role_named(admin, 'UserDefault')['id']}", operation).status_code == 204


def take_from_everyone(admin: Api) -> None:
    operation = {"op": "remove-value", "path": "/assignedScopes", "value": "api-keys"}
    assert admin.patch(f"/roles/{role_named(admin, 'UserDefault')['id']}", operation).status_code == 204


def error_of(response: requests.Response) -> dict[str, Any]:
    """The only error of a refusal, after checking the published envelope."""
    document = response.json()
    assert set(document) == {"errors", "traceId"}
    (error,) = document["errors"]
    assert {"code", "title"} <= set(error)
    assert error["status"] == response.status_code
    return error


def bot(tenant: ServedTenant) -> Api:
    """The user behind the tenant's OAuth client."""
    body = {name: tenant.ready[name] for name in ("client_id", "client_secret")} | {"grant_type": "client_credentials"}
    return Api(tenant, requests.post(f"{tenant.url}/oauth/token", json=body, timeout=SECONDS).json()["access_token"])


def scim(tenant: ServedTenant, backslashes: int = 1) -> dict[str, str]:
    """What makes a key one for SCIM, of the seeded Entra ID provider."""
    return {"subType": "externalClient", "sub": "SCIM" + BACKSLASH * backslashes + tenant.ready["idp_id"]}
