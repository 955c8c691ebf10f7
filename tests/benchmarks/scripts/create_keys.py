# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes keys and stores their tokens with nothing but ``requests``, waiting when the tenant says so.

Usage: create_keys.py FILE. The file is JSON: ``{tenant_url, access_token, wanted_keys: [{description, token_file}]}``.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import requests


def main() -> None:
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {given['access_token']}"
        for key in given["wanted_keys"]:
            store(key["token_file"], token_of_new_key(session, given["tenant_url"], key["description"]))


def token_of_new_key(session: requests.Session, tenant_url: str, description: str) -> str:
    while True:
        answer = session.post(f"{tenant_url}/api/v1/api-keys", json={"description": description}, timeout=30)
        if answer.status_code != 429:
            answer.raise_for_status()
            return answer.json()["token"]
        time.sleep(int(answer.headers["Retry-After"]))


def store(path: str, token: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(token)


if __name__ == "__main__":
    main()
