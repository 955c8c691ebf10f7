# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does to new tenants what the role does, with nothing but ``requests``, several at a time, and checks nothing.

Usage: onboard_tenants.py FILE, with JSON ``{inventory, threads}``; the inventory is that of the playbook ``onboard``.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests


def main() -> None:
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    hosts = json.loads(Path(given["inventory"]).read_text(encoding="utf-8"))["all"]["hosts"]
    with ThreadPoolExecutor(given["threads"]) as pool:
        list(pool.map(onboard, hosts.values()))


def onboard(tenant: dict) -> None:
    with requests.Session() as session:

        def call(method: str, path: str, **more: object) -> requests.Response:
            answer = session.request(method, tenant["onboarding_tenant_url"] + path, timeout=30, **more)
            answer.raise_for_status()
            return answer

        credentials = {name: tenant[f"onboarding_{name}"] for name in ("client_id", "client_secret")}
        signed_in = call("POST", "/oauth/token", json={"grant_type": "client_credentials", **credentials}).json()
        session.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
        [role] = call("GET", "/api/v1/roles", params={"filter": 'name eq "UserDefault"'}).json()["data"]
        scope = {"op": "add", "path": "/assignedScopes/-", "value": "api-keys"}
        call("PATCH", f"/api/v1/roles/{role['id']}", json=[scope])
        tenant_id = call("GET", "/api/v1/tenants/me").json()["id"]
        limits = [
            {"op": "replace", "path": f"/{name}", "value": value} for name, value in tenant["onboarding_config"].items()
        ]
        call("PATCH", f"/api/v1/api-keys/configs/{tenant_id}", json=limits)
        [key] = tenant["onboarding_scim_keys"]
        body = {
            "description": key["description"],
            "subType": "externalClient",
            "sub": f"SCIM\\{key['idp_id']}",
            "expiry": key["expiry"],
        }
        store(key["token_file"], call("POST", "/api/v1/api-keys", json=body).json()["token"])


def store(path: str, token: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(token)


if __name__ == "__main__":
    main()
