# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key's life by ``api_key`` and by ``api_keys``: made, tracked, lost, renewed and retired, well and badly."""

from __future__ import annotations

from typing import Any

from tasks import SHOWS, Options, Task, by_ways, check, hidden, task

BAD_CREATIONS = ["echo-403.post", "quoted-500.post", "garbage.post", "truncate.post", "tokenless.post", "stuck.any"]
SOME_BAD_CREATIONS = ["quoted-500.post", "garbage.post", "tokenless.post"]
# What the caller had where the token should be: a token of something else, and what is no token at all.
FOREIGN = ["admin.token", "password.token"]


def _key(**options: Any) -> Options:
    return {"description": "nightly", "expiry": "PT1H", **options}


def api_key_tasks() -> list[Task]:
    def one(name: str, **options: Any) -> Task:
        shown = {"return_token": True} if SHOWS in name else {}
        return task("api_key", name, _key(**shown, **options))

    kept = {"description": "kept", "token": "{{ kept.token }}"}
    filed = {"description": "filed", "token_file": "{{ tokens }}/filed.token"}
    return [
        check("api_key", "Make a key", _key(return_token=True)),
        one(f"Make a key {SHOWS}"),
        one("Have it already"),
        hidden("api_key", "Make a key, hidden", _key(description="kept"), "kept"),
        one("Give the token that is kept", **kept),
        _by_ways("Rename it", ["echo-403.patch"], id="{{ kept.api_key.id }}", description="renamed"),
        one("Expect it to be of another key", **{**kept, "description": "nightly"}),
        one("Have no token of it", description="kept", token=""),
        one("Have what is no token", description="kept", token="{{ header_secret }}"),
        one(f"Renew it {SHOWS}", **kept, force_renew=True, overlap="PT0S"),
        one("Leave it lost", description="kept", token="", on_lost_token="ignore"),
        one(f"Replace it {SHOWS}", description="kept", token="", on_lost_token="replace"),
        check("api_key", "Make a key with a token file", _key(**filed)),
        one("Make a key with a token file", **filed),
        one(f"Renew it in time {SHOWS}", **filed, renew_before="PT59M59.999S"),
        one("Renew it, the old one first", **filed, force_renew=True, retire_first=True),
        one("Be asked to keep token and file", **filed, token="{{ tenant.admin_token }}"),
        one(f"Get a token with another id {SHOWS}", description="odd", tenant_url="{{ gateway }}/other-jti.post"),
        _by_token_files("Find something else in the token file", FOREIGN),
        _by_token_files("Find something else in the token file, and replace it", FOREIGN, on_lost_token="replace"),
        _by_token_files("Find no use in the place for the token", ["folder", "link"]),
        one("Find a marker that is none", token_file="{{ tokens }}/marked.token"),
        one("Find out only when writing", description="written nowhere", token_file="/proc/x.token"),
        _by_ways("Make a key", BAD_CREATIONS, description="{{ item }}", token_file="{{ tokens }}/{{ item }}.token"),
        _by_ways("Retire keys", ["echo-500.delete", "garbage.delete"], description="nightly", state="absent"),
        check("api_key", "Retire a key", _key(**filed, state="absent")),
        one("Retire a key", **filed, state="absent"),
        one("Retire a key whose token is given", **kept, state="absent"),
        task("api_key", "Do without a library", _key(), environment={"PYTHONPATH": "{{ broken }}"}),
    ]


def api_keys_tasks() -> list[Task]:
    def many(name: str, *keys: Options, **options: Any) -> Task:
        shown = {"return_tokens": True} if SHOWS in name else {}
        return task("api_keys", name, {"keys": [_key(**key) for key in keys], **shown, **options})

    first, second = {"description": "first of two"}, {"description": "second of two"}
    filed = {"description": "one of two, filed", "token_file": "{{ tokens }}/one.token"}
    stored = {"description": "first of two", "token": "{{ both.api_keys[0].token | default('') }}"}
    lost = {"description": "first of two", "token": ""}
    scope = {"created_by_user": "{{ tenant.user_id }}", "sub_type": "externalClient"}
    secrets = {"token": "{{ tenant.member_token }}"}
    return [
        check("api_keys", "Make two keys", {"keys": [_key(**first), _key(**filed)], "return_tokens": True}),
        hidden("api_keys", "Make two keys, hidden", {"keys": [_key(**first), _key(**second)]}, "both"),
        many("Have them already", stored, second),
        many(f"Make another {SHOWS}", first, {"description": "third"}),
        many("Make one with a token file", filed, second),
        many(f"Renew what is due {SHOWS}", {**stored, "renew_before": "PT59M59.999S", "overlap": "PT0S"}),
        many("Have lost one", lost, filed),
        many("Have lost one, and something else in the place of another", lost, {**second, **secrets}),
        many(f"Replace what is lost {SHOWS}", {**lost, "on_lost_token": "replace"}),
        many("Leave it lost", {**lost, "on_lost_token": "ignore"}),
        many("Renew, the old one first", {**filed, "force_renew": True, "retire_first": True}),
        many(f"Fail in the middle {SHOWS}", {"description": "before it"}, {"description": "x", "sub": "nobody"}),
        many("List a key twice", {"description": "twice", **secrets}, {"description": "twice", **secrets}),
        many("Give what no key has", {**secrets, "password": "nothing of the sort"}),
        many("Give what cannot be used", {**secrets, "overlap": "soon"}),
        many("Give token and file", {**filed, **secrets}),
        task(
            "api_keys",
            "Give keys as text",
            {"keys": "{{ {'description': 'x', 'token': tenant.member_token} | to_json }}"},
        ),
        _set_by_ways("Make keys", [{"description": "set by {{ item }}"}, {"description": "more by {{ item }}"}]),
        check("api_keys", "Purge", {"keys": [], "purge": True, "purge_scope": scope}),
        many("Purge", first, purge=True, purge_scope=scope),
        many("Retire them", {**stored, "state": "absent"}, {**second, "state": "absent"}, {**filed, "state": "absent"}),
    ]


def _by_token_files(name: str, files: list[str], **options: Any) -> Task:
    return task("api_key", name, _key(token_file="{{ tokens }}/{{ item }}", **options), loop=files)


def _by_ways(name: str, ways: list[str], **options: Any) -> Task:
    return by_ways("api_key", f"{name}, and meet every bad answer", _key(**options), ways)


def _set_by_ways(name: str, keys: list[Options]) -> Task:
    entries = [_key(**key, token_file="{{ tokens }}/" + key["description"]) for key in keys]
    return by_ways("api_keys", f"{name}, and meet every bad answer", {"keys": entries}, SOME_BAD_CREATIONS)
