# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done about one key that is to be there, and how it is shown."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import (
    NO_TOKEN,
    given,
    key,
    on_file,
    present,
    steps,
    wanted,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import LONG_PAST, USER_ID, api_key

SHOWN = {"id": "key-1", "description": "nightly reload", "status": "active", "sub": USER_ID, "sub_type": "user"}


@pytest.mark.parametrize("token", [None, on_file("key-1"), given("key-1")])
def test_an_active_key_is_kept_as_it_is(token):
    plan = present(wanted(), [api_key()], token)
    assert plan.before == plan.after == {"api_keys": [{**SHOWN, "expiry": api_key().expiry}]}
    assert (plan.changed, plan.actions, plan.warnings, plan.kept) == (False, (), (), api_key())


@pytest.mark.parametrize("token", [None, NO_TOKEN])
@pytest.mark.parametrize("keys", [[], [api_key(status="revoked"), api_key("key-2", expiry=LONG_PAST)]])
def test_without_an_active_key_one_is_made(token, keys):
    plan = present(wanted(), keys, token)
    reason = f"no active API key 'nightly reload' (user {USER_ID})"
    assert plan.actions == (Action("create", None, "nightly reload", reason),)
    assert (plan.before, plan.changed, plan.kept, plan.creates) == ({"api_keys": []}, True, None, True)
    (pictured,) = plan.after["api_keys"]
    assert {name: pictured[name] for name in SHOWN} == {**SHOWN, "id": None}


@pytest.mark.parametrize(
    ("expiry", "shown"), [("P30D", "P30D from its creation"), (None, "as the tenant's configuration says")]
)
def test_the_picture_of_a_key_to_be_made_says_how_long_it_will_live(expiry, shown):
    assert present(wanted(expiry=expiry), []).after["api_keys"][0]["expiry"] == shown


def test_another_expiry_is_a_warning_and_no_change():
    plan = present(wanted(expiry="P30D"), [api_key()])
    assert (plan.changed, [warning[:41] for warning in plan.warnings]) == (
        False,
        ["expiry: API key key-1 expires at 2999-01-"],
    )


def test_a_token_that_others_may_read_is_a_warning():
    (warning,) = present(wanted(), [api_key()], on_file("key-1", exposed_mode="0644")).warnings
    assert warning.startswith("token_file /t has mode 0644, so others than its owner may read the token")


@pytest.mark.parametrize("token", [on_file("held"), given("held")])
def test_a_key_that_is_not_known_to_be_older_is_named_and_left_alone(token):
    keys = [key("younger", 4), key("held", 5), key("unknown", None), key("twin", 5)]
    plan = present(wanted(overlap="PT0S"), keys, token)
    assert (plan.changed, steps(plan)) == (False, [])
    assert plan.warnings == tuple(
        f"API key {left} has the same name as held and is not known to be older, nor to be left from a run that was "
        "stopped. Somebody may use it, so it was left alone. If nobody does, retire it by its id."
        for left in ("younger", "twin", "unknown")
    )


@pytest.mark.parametrize(("place", "action"), [(on_file, "retire held"), (given, None)])
def test_it_is_left_alone_as_well_when_the_key_that_counts_gets_a_successor(place, action):
    plan = present(wanted(force_renew=True, overlap="PT0S"), [key("younger", 4), key("held", 5)], place("held"))
    assert steps(plan) == ["create", *([action] if action else [])]
    assert [warning[:49] for warning in plan.warnings] == ["API key younger has the same name as held and is "]
    assert plan.existing == ("younger", "held")


@pytest.mark.parametrize("description", ["nightly reload (finance)", "字" * 10_000])
def test_a_key_named_by_its_id_gets_the_description(description):
    plan = present(WantedKey(description, id="key-1"), [api_key()])
    assert plan.actions == (Action("update", "key-1", description, "description was 'nightly reload'"),)
    shown = [key["description"] for key in plan.before["api_keys"] + plan.after["api_keys"]]
    assert (shown, plan.changed, plan.kept) == (["nightly reload", description], True, api_key())


@pytest.mark.parametrize("description", [None, "nightly reload"])
def test_a_key_named_by_its_id_is_kept_when_there_is_nothing_to_rename(description):
    plan = present(WantedKey(description, id="key-1"), [api_key()])
    assert (plan.changed, plan.actions, plan.kept) == (False, (), api_key())


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ([], "id: there is no API key key-1 that this user may see. A key is made by its description, not by an id."),
        ([api_key("key-2", status="revoked")], "id: there is no API key key-1 that this user may see"),
        (
            [api_key(status="revoked")],
            "id: API key key-1 ('nightly reload') is revoked; an ended key cannot be brought back",
        ),
        ([api_key(status="expired")], "id: API key key-1 ('nightly reload') is expired"),
        ([api_key(expiry=LONG_PAST)], "id: API key key-1 ('nightly reload') is expired"),
    ],
)
def test_a_key_named_by_its_id_that_is_not_active_is_an_error(keys, message):
    with pytest.raises(TenantStateError) as failed:
        present(WantedKey("nightly reload", id="key-1"), keys)
    assert str(failed.value).startswith(message)
