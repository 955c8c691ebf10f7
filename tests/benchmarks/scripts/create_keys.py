# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes keys and stores their tokens with nothing but ``requests``, waiting when the tenant says so.

Usage: create_keys.py FILE. The file is JSON: ``{tenant_url, access_token, wanted_keys: [{description, token_file}], flush}``.
With ``flush`` a note is on disk before each request, and the token after it, so that a power cut loses neither.
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
            if given.get("flush"):
                store_flushed(f"{key['token_file']}.note", key["description"])
            token = token_of_new_key(session, given["tenant_url"], key["description"])
            if given.get("flush"):
                store_flushed(key["token_file"], token)
                os.unlink(f"{key['token_file']}.note")
            else:
                store(key["token_file"], token)


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


def store_flushed(path: str, text: str) -> None:
    new = f"{path}.new"
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
    folder = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


if __name__ == "__main__":
    main()
