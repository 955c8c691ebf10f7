# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file with more, less or other than a token in it stays as it is, whatever is asked for, and it is said what it is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    FAR_AWAY,
    LONG_PAST,
    record,
    scim_record,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    expect_my_keys,
    expect_record,
    expect_retirement,
    steps,
)

ACTIVE = record("active", created=LONG_PAST, expiry=FAR_AWAY)
TOKEN = token_of("active")
HEADER, PAYLOAD, SIGNATURE = TOKEN.split(".")
CONTENTS = {
    "settings": f"A=1\nQLIK_KEY={TOKEN}\nB=2\n",
    "one setting": f"QLIK_KEY={TOKEN}\n",
    "JSON": json.dumps({"token": TOKEN}),
    "YAML": f"---\ntoken: {TOKEN}\n",
    "quoted": f'"{TOKEN}"\n',
    "with the word Bearer": f"Bearer {TOKEN}\n",
    "two": f"{TOKEN}\n{token_of('other')}\n",
    "wrapped": "\n".join(TOKEN[start : start + 64] for start in range(0, len(TOKEN), 64)),
    "cut": TOKEN[:-1],
    "unsigned": f"{HEADER}.{PAYLOAD}.",
    "with a short signature": f"{HEADER}.{PAYLOAD}.{SIGNATURE[:43]}",
    "with a byte order mark": f"\ufeff{TOKEN}".encode(),
    "UTF-16": f"{TOKEN}\n".encode("utf-16"),
    "with a zero": f"{TOKEN}\0",
    "larger than any token": TOKEN + " " * 70_000,
    "binary": bytes(range(256)),
}
WAYS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "replace": {"on_lost_token": "replace"},
    "forced": {"force_renew": True},
    "forced, replace": {"force_renew": True, "on_lost_token": "replace"},
    "forced, ignore": {"force_renew": True, "on_lost_token": "ignore"},
    "room made first": {"force_renew": True, "on_lost_token": "ignore", "retire_first": True},
    # Of a life from 2020 to 2999 the last 976 years have begun.
    "due": {"renew_before": "P976Y", "on_lost_token": "ignore", "overlap": "PT0S"},
}


@pytest.fixture(params=CONTENTS)
def content(request, path) -> bytes:
    """What is in the file, which has a mode that no run would give it."""
    given = CONTENTS[request.param]
    path.write_bytes(given if isinstance(given, bytes) else given.encode())
    path.chmod(0o640)
    return path.read_bytes()


def read_all(path: Path) -> tuple:
    status = os.lstat(path)
    return path.read_bytes(), status.st_ino, status.st_mode, status.st_mtime_ns, sorted(os.listdir(path.parent))


@pytest.mark.parametrize("way", WAYS)
def test_it_is_never_replaced(wire, path, ensure, content, way):
    before = read_all(path)
    expect_my_keys(wire, ACTIVE)
    result = ensure(**WAYS[way], token_file_mode="0600")
    assert f"token_file {path} holds something that is not a token" in result.message
    assert TOKEN not in result.text and "changed" not in result.results
    assert read_all(path) == before


@pytest.mark.parametrize("policy", ["fail", "replace", "ignore"])
def test_nor_when_no_key_is_active(wire, path, ensure, content, policy):
    before = read_all(path)
    expect_my_keys(wire)
    assert f"token_file {path} holds something that is not a token" in ensure(on_lost_token=policy).message
    assert read_all(path) == before


def test_ignoring_it_leaves_its_mode_as_well(wire, path, ensure, content):
    before = read_all(path)
    expect_my_keys(wire, ACTIVE)
    result = ensure(on_lost_token="ignore", token_file_mode="0600")
    assert result.results["changed"] is False
    assert any("holds something that is not a token" in warning for warning in result.warnings)
    assert read_all(path) == before


@pytest.mark.parametrize("key", [ACTIVE, None])
def test_it_is_never_removed(wire, path, ensure, content, key):
    before = read_all(path)
    expect_my_keys(wire, *([key] if key else []))
    if key:
        expect_retirement(wire, "active")
    result = ensure(state="absent")
    assert steps(result.results) == (["retire active"] if key else [])
    (warning,) = result.warnings
    assert warning.startswith(f"token_file {path} was left alone: it holds something that is not a token")
    assert read_all(path) == before


def test_nor_beside_a_key_named_by_its_id(wire, run, path, content):
    before = read_all(path)
    expect_record(wire, ACTIVE)
    expect_retirement(wire, "active")
    assert steps(run("api_key", id="active", token_file=str(path), state="absent").results) == ["retire active"]
    assert read_all(path) == before


@pytest.mark.parametrize("options", [{}, {"on_lost_token": "ignore", "force_renew": True}])
def test_given_as_a_token_it_is_lost(wire, ensure, options):
    expect_my_keys(wire, ACTIVE)
    message = ensure(token_file=None, token=f"Bearer {TOKEN}", **options).message
    assert "the given token is something that is not a token" in message
    assert "give the token that belongs to this key, or none" in message


@pytest.mark.parametrize("name", [name for name in CONTENTS if name != "binary"])
@pytest.mark.parametrize("kind", ["token", "token_file"])
def test_token_info_says_that_it_is_none_without_asking_anybody(run, path, name, kind):
    given = CONTENTS[name]
    text = given if isinstance(given, str) else given.decode("utf-8", "replace")
    path.write_text(text)
    found = run("token_info", **{kind: text if kind == "token" else str(path)}).results
    assert (found["valid"], found["reason"]) == (False, "it is not the token of an API key")
    assert (found["claims"], found["api_key"], found["user"]) == (None, None, None)


def test_an_unsigned_scim_token_is_not_valid_though_its_key_is_active(run, wire, path):
    header, payload, _signature = token_of("key-1", sub=scim_record()["sub"], subType="externalClient").split(".")
    path.write_text(f"{header}.{payload}.\n")
    found = run("token_info", token_file=str(path)).results
    assert (found["valid"], found["reason"]) == (False, "it is not the token of an API key")
    assert wire.sent == []
