# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for qlik-cli in the tests of docs/coming-from-qlik-cli.md: the commands of that page, with the flags that qlik.dev
documents for them. Started as ``qlik``; signs in by QLIK_TENANT_URL and QLIK_ACCESS_TOKEN.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

import requests


def call(method: str, path: str, **more: Any) -> Any:
    bearer = {"Authorization": f"Bearer {os.environ['QLIK_ACCESS_TOKEN']}"}
    url = f"{os.environ['QLIK_TENANT_URL']}/api/v1{path}"
    response = requests.request(method, url, headers=bearer, timeout=30, **more)
    if not response.ok:
        sys.exit(f"{method} {path}: {response.status_code} {response.text}")
    return response.json() if response.content else None


def list_keys(given: argparse.Namespace) -> Any:
    # One page is enough for the tests. Without the flag, the command returns as many as the API does by default.
    query = {"status": given.status, "limit": given.limit and min(given.limit, 100)}
    return call("GET", "/api-keys", params={name: value for name, value in query.items() if value})["data"]


def create_key(given: argparse.Namespace) -> Any:
    fields = {"description": given.description, "expiry": given.expiry, "sub": given.sub, "subType": given.subType}
    return call("POST", "/api-keys", json={name: value for name, value in fields.items() if value})


def patch_key(given: argparse.Namespace) -> Any:
    return call("PATCH", f"/api-keys/{given.id}", json=[{"op": given.op, "path": given.path, "value": given.value}])


def remove_key(given: argparse.Namespace) -> Any:
    return call("DELETE", f"/api-keys/{given.id}")


def patch_config(given: argparse.Namespace) -> Any:
    value = int(given.value) if given.value.isdigit() else given.value
    return call("PATCH", f"/api-keys/configs/{given.id}", json=[{"op": given.op, "path": given.path, "value": value}])


def show_tenant(_given: argparse.Namespace) -> Any:
    return call("GET", "/tenants/me")


COMMANDS = {
    "api-key ls": (list_keys, ["--status", "--limit"]),
    "api-key create": (create_key, ["--description", "--expiry", "--sub", "--subType"]),
    "api-key patch": (patch_key, ["id", "--op", "--path", "--value"]),
    "api-key rm": (remove_key, ["id"]),
    "api-key config patch": (patch_config, ["id", "--op", "--path", "--value"]),
    "tenant me": (show_tenant, []),
}


def main() -> None:
    text = " ".join(sys.argv[1:])
    name = max((name for name in COMMANDS if text.startswith(name)), key=len, default=None)
    if name is None:
        sys.exit(f"no such command here: {text}")
    do, arguments = COMMANDS[name]
    parser = argparse.ArgumentParser(prog=f"qlik {name}", allow_abbrev=False)
    parser.add_argument("--json", action="store_true")
    for argument in arguments:
        parser.add_argument(argument, type=int if argument == "--limit" else str)
    answer = do(parser.parse_args(sys.argv[1 + len(name.split()) :]))
    if answer is not None:
        print(json.dumps(answer))


if __name__ == "__main__":
    main()
