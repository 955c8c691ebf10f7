# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done about a key that is not to be there, and about its token on file."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import plan_absent
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import (
    NO_TOKEN,
    NONE_GIVEN,
    NOW,
    given,
    key,
    on_file,
    steps,
    wanted,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import LONG_PAST, api_key

NIGHTLY = wanted()
RETIRE_1 = Action("retire", "key-1", "nightly reload", "state is absent")
OTHER = api_key("key-9", description="another")


def test_every_active_match_is_retired_and_nothing_else():
    keys = [
        key("key-1", 1),
        key("key-2", 2),
        api_key("key-3", status="revoked"),
        api_key("key-4", expiry=LONG_PAST),
        OTHER,
    ]
    plan = plan_absent(NIGHTLY, keys, None, NOW)
    # The newest last: it may be the one that the run signs in with.
    assert steps(plan) == ["retire key-2", "retire key-1"]
    assert plan.actions[1] == RETIRE_1
    assert [key["id"] for key in plan.before["api_keys"]] == ["key-1", "key-2"]
    assert (plan.after, plan.changed, plan.removes_token_file) == ({"api_keys": []}, True, False)


@pytest.mark.parametrize("keys", [[], [api_key(status="revoked")], [api_key(expiry=LONG_PAST)], [OTHER]])
@pytest.mark.parametrize("token", [None, NO_TOKEN, NONE_GIVEN])
def test_what_is_gone_already_is_no_change(keys, token):
    plan = plan_absent(NIGHTLY, keys, token, NOW)
    assert (plan.changed, plan.actions, plan.warnings, plan.removes_token_file) == (False, (), (), False)


def test_a_key_is_retired_by_its_id_whatever_its_description():
    plan = plan_absent(WantedKey(None, id="key-9"), [OTHER], None, NOW)
    assert plan.actions == (Action("retire", "key-9", "another", "state is absent"),)


@pytest.mark.parametrize(
    ("keys", "known", "actions"),
    [
        ([api_key()], {"record": api_key()}, (RETIRE_1,)),
        ([], {"record": api_key(status="revoked")}, ()),
        ([], {"record": api_key(expiry=LONG_PAST)}, ()),
        ([], {"is_of_deleted_key": True}, ()),
    ],
)
def test_the_token_of_a_key_that_is_retired_or_has_ended_is_dropped(keys, known, actions):
    plan = plan_absent(NIGHTLY, keys, on_file("key-1", **known), NOW)
    assert (plan.actions, plan.removes_token_file, plan.changed, plan.warnings) == (actions, True, True, ())
    assert (plan.before["token_file"], "token_file" in plan.after) == ("/t", False)


@pytest.mark.parametrize(
    ("token", "held"),
    [
        (on_file("key-9", record=OTHER), "the token of API key key-9, which is active as"),
        (on_file("elsewhere"), "the token of API key elsewhere, of which this user and tenant know nothing"),
        (on_file(None), "something that is not a token, and only the token of an ended key is removed"),
        (on_file(None, has_no_key_id=True), "a token that does not say which API key it is of"),
    ],
)
def test_a_file_with_anything_else_is_left_alone_with_a_warning(token, held):
    plan = plan_absent(NIGHTLY, [api_key(), OTHER], token, NOW)
    assert (plan.actions, plan.removes_token_file) == ((RETIRE_1,), False)
    (warning,) = plan.warnings
    assert warning.startswith(f"token_file /t was left alone: it holds {held}")
    assert "token_file" not in plan.before


def test_a_token_that_the_caller_keeps_is_the_callers_to_remove():
    plan = plan_absent(NIGHTLY, [api_key()], given("key-1", record=api_key()), NOW)
    assert (plan.actions, plan.removes_token_file, plan.warnings) == ((RETIRE_1,), False, ())
    assert plan.before.keys() == {"api_keys"}
