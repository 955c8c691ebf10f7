# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks with nothing but ``requests`` that keys exist and that the tokens on file are theirs.

Usage: compare_keys.py FILE, which is that of create_keys.py. Exits with a message if one is missing.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import requests


def main() -> None:
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {given['access_token']}"
        there = {(key["id"], key["description"]) for key in active_keys(session, given["tenant_url"])}
    wanted = {(id_in_token(key["token_file"]), key["description"]) for key in given["wanted_keys"]}
    if wanted - there:
        sys.exit(f"missing: {sorted(wanted - there)}")


def active_keys(session: requests.Session, tenant_url: str) -> Iterator[dict]:
    url = f"{tenant_url}/api/v1/api-keys?status=active&limit=100"
    while url:
        answer = session.get(url, timeout=30)
        answer.raise_for_status()
        page = answer.json()
        yield from page["data"]
        url = page["links"].get("next", {}).get("href")


def id_in_token(path: str) -> str:
    payload = Path(path).read_text(encoding="ascii").split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["jti"]


if __name__ == "__main__":
    main()
