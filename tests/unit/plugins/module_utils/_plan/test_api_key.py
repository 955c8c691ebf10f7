# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import LostTokenError, TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import (
    TokenOnFile,
    WantedKey,
    active_matches,
    expiry_warning,
    plan_present,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action
from unit.samples import LONG_PAST, USER_ID, api_key

NOW = datetime(2026, 11, 22, 9, 15, tzinfo=timezone.utc)
SCIM = {"sub": "SCIM\\idp-1", "sub_type": "externalClient"}
SCIM_TWICE = {"sub": "SCIM\\\\idp-1", "sub_type": "externalClient"}
NIGHTLY = WantedKey("nightly reload", sub=USER_ID)
NO_TOKEN = TokenOnFile("/t", is_empty=True, key_id=None)


def token_of_key(key_id: str | None) -> TokenOnFile:
    return TokenOnFile("/t", is_empty=False, key_id=key_id)


@pytest.mark.parametrize(
    ("wanted", "key", "matches"),
    [
        (NIGHTLY, api_key(), True),
        (NIGHTLY, api_key(description="nightly"), False),
        (NIGHTLY, api_key(description="Nightly reload"), False),
        (NIGHTLY, api_key(sub="another"), False),
        (NIGHTLY, api_key(sub_type="externalClient"), False),
        (NIGHTLY, api_key(created_by_user="another"), True),
        (NIGHTLY, api_key(status="revoked"), False),
        (NIGHTLY, api_key(status="expired"), False),
        (NIGHTLY, api_key(expiry=LONG_PAST), False),
        (NIGHTLY, api_key(expiry=None), True),
        (WantedKey("nightly reload", **SCIM), api_key(**SCIM), True),
        (WantedKey("nightly reload", **SCIM), api_key(**SCIM_TWICE), True),
        (WantedKey("nightly reload", **SCIM_TWICE), api_key(**SCIM), True),
        (WantedKey("nightly reload", **SCIM), api_key(), False),
        (WantedKey("other", id="key-1"), api_key(**SCIM), True),
        (WantedKey("nightly reload", id="key-2", sub=USER_ID), api_key(), False),
        (WantedKey(None, id="key-1"), api_key(status="revoked"), False),
    ],
)
def test_a_key_is_meant_by_subject_type_and_description_or_by_id_alone_and_only_while_active(wanted, key, matches):
    assert active_matches(wanted, [key], NOW) == ([key] if matches else [])


@pytest.mark.parametrize(
    "created",
    [
        ("2026-01-03T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00.500Z", "2026-01-01T00:00:00.250Z", "2026-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00Z", None, None),
    ],
)
def test_of_several_active_keys_the_newest_counts(created):
    newest, middle, oldest = (api_key(f"key-{n}", created=time) for n, time in enumerate(created))
    assert active_matches(NIGHTLY, [middle, oldest, newest], NOW) == [newest, middle, oldest]
    assert plan_present(NIGHTLY, [middle, oldest, newest], None, NOW).counted == newest


@pytest.mark.parametrize("token", [None, token_of_key("key-1")])
def test_an_active_key_is_kept_as_it_is(token):
    plan = plan_present(NIGHTLY, [api_key()], token, NOW)
    shown = {"id": "key-1", "description": "nightly reload", "status": "active", "sub": USER_ID, "sub_type": "user"}
    assert plan.before == plan.after == {"api_keys": [{**shown, "expiry": api_key().expiry}]}
    assert (plan.changed, plan.actions, plan.warnings, plan.counted) == (False, (), (), api_key())


@pytest.mark.parametrize("token", [None, NO_TOKEN])
@pytest.mark.parametrize("keys", [[], [api_key(status="revoked"), api_key("key-2", expiry=LONG_PAST)]])
def test_without_an_active_key_one_is_made(token, keys):
    plan = plan_present(NIGHTLY, keys, token, NOW)
    reason = f"no active API key 'nightly reload' (user {USER_ID})"
    assert plan.actions == (Action("create", None, "nightly reload", reason),)
    assert (plan.before, plan.changed, plan.counted, plan.drops_token) == ({"api_keys": []}, True, None, False)
    (pictured,) = plan.after["api_keys"]
    told = {"id": None, "description": "nightly reload", "status": "active", "sub": USER_ID, "sub_type": "user"}
    assert {name: pictured[name] for name in told} == told


def test_a_token_that_others_may_read_is_a_warning():
    token = TokenOnFile("/t", is_empty=False, key_id="key-1", open_mode="0644")
    plan = plan_present(NIGHTLY, [api_key()], token, NOW)
    assert (plan.changed, len(plan.warnings)) == (False, 1)
    assert "token_file /t has mode 0644" in plan.warnings[0]


@pytest.mark.parametrize(
    ("expiry", "shown"), [("P30D", "P30D from its creation"), (None, "as the tenant's configuration says")]
)
def test_the_picture_of_a_key_to_be_made_says_how_long_it_will_live(expiry, shown):
    plan = plan_present(WantedKey("nightly reload", sub=USER_ID, expiry=expiry), [], None, NOW)
    assert plan.after["api_keys"][0]["expiry"] == shown


def test_the_key_that_the_stored_token_belongs_to_counts_though_a_newer_one_is_active():
    older, newer = api_key("key-1", created="2026-01-01T00:00:00Z"), api_key("key-2", created="2026-01-02T00:00:00Z")
    assert plan_present(NIGHTLY, [newer, older], token_of_key("key-1"), NOW).counted == older


@pytest.mark.parametrize(
    ("keys", "token", "told"),
    [
        ([api_key()], NO_TOKEN, ["(id key-1)", "/t holds no token", "never shows a token again", "state: absent"]),
        ([api_key()], token_of_key("key-9"), ["(id key-1)", "token of key key-9", "state: absent", "remove the file"]),
        ([], token_of_key("key-9"), ["token of key key-9", "give another token_file", "remove the file"]),
        ([api_key(status="revoked")], token_of_key("key-1"), ["token of key key-1", "it has ended", "makes a new key"]),
        ([api_key()], token_of_key(None), ["not the token of an API key", "left as it is", "remove the file"]),
        ([], token_of_key(None), ["not the token of an API key", "left as it is", "remove the file"]),
    ],
)
def test_a_lost_token_is_an_error_that_says_which_key_and_what_to_do(keys, token, told):
    with pytest.raises(LostTokenError) as lost:
        plan_present(NIGHTLY, keys, token, NOW)
    assert [part for part in told if part not in str(lost.value)] == []


def test_a_lost_token_of_a_key_named_by_its_id_is_told_with_that_id():
    with pytest.raises(
        LostTokenError, match=r"^API key key-1 is active \(id key-1\), but token_file /t holds no token"
    ):
        plan_present(WantedKey(None, id="key-1"), [api_key()], NO_TOKEN, NOW)


def test_a_key_named_by_its_id_gets_the_description():
    plan = plan_present(WantedKey("weekly", id="key-1"), [api_key()], None, NOW)
    assert plan.actions == (Action("update", "key-1", "weekly", "description was 'nightly reload'"),)
    assert [key["description"] for key in plan.before["api_keys"] + plan.after["api_keys"]] == [
        "nightly reload",
        "weekly",
    ]
    assert (plan.changed, plan.counted) == (True, api_key())


@pytest.mark.parametrize("description", [None, "nightly reload"])
def test_a_key_named_by_its_id_is_kept_when_there_is_nothing_to_rename(description):
    plan = plan_present(WantedKey(description, id="key-1"), [api_key()], None, NOW)
    assert (plan.changed, plan.actions, plan.counted) == (False, (), api_key())


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ([], "id: there is no API key key-1 that this user may see"),
        ([api_key("key-2", status="revoked")], "id: there is no API key key-1 that this user may see"),
        (
            [api_key(status="revoked")],
            "id: API key key-1 ('nightly reload') is revoked; an ended key cannot be brought back",
        ),
        ([api_key(status="expired")], "id: API key key-1 ('nightly reload') is expired"),
        ([api_key(expiry=LONG_PAST)], "id: API key key-1 ('nightly reload') is expired"),
    ],
)
def test_a_key_named_by_its_id_that_is_not_active_is_an_error(keys, told):
    with pytest.raises(TenantStateError) as failed:
        plan_present(WantedKey("nightly reload", id="key-1"), keys, None, NOW)
    assert str(failed.value).startswith(told)


@pytest.mark.parametrize(
    ("expiry", "differences", "warns"),
    [
        (None, {}, False),
        ("P1D", {"expiry": "2026-11-23T09:15:00Z"}, False),
        ("P1D", {"expiry": "2026-11-23T09:16:00Z"}, False),
        ("P1D", {"expiry": "2026-11-23T09:16:01Z"}, True),
        ("P2D", {"expiry": "2026-11-23T09:15:00Z"}, True),
        ("P1M", {"expiry": "2026-12-22T09:15:00Z"}, False),
        ("P99999Y", {}, True),
        ("P1D", {"created": None}, False),
        ("P1D", {"expiry": None}, False),
    ],
)
def test_another_expiry_than_that_of_the_existing_key_is_a_warning_and_no_change(expiry, differences, warns):
    key = api_key(**differences)
    warning = expiry_warning(key, expiry)
    plan = plan_present(WantedKey("nightly reload", sub=USER_ID, expiry=expiry), [key], None, NOW)
    assert (plan.changed, plan.warnings) == (False, (warning,) if warns else ())
    assert (warning or "").startswith("expiry: API key key-1 expires at" if warns else "")
