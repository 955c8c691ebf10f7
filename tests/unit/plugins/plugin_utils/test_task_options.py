# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of the words of a task before anything happens."""

from __future__ import annotations

import enum
import json
from datetime import date, datetime
from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments import modules
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._task_options import (
    NO_TOKEN_UNDER_ASYNC,
    NO_TOKEN_UNDER_RETRIES,
    RefusedTaskError,
    TaskOptions,
    check_task_options,
    parse_json_options,
    to_plain,
    to_process_variables,
)

SECRET = "eyJhbGciOiJFUzM4NCJ9.e30.c2lnbmF0dXJl"
OF_API_KEY = [*modules.KEY_OPTIONS, "tenant_url", "access_token", "client_id", "context", "contexts_file", "ca_path"]
HARMLESS = {"renew_before", "return_token", "token_file_owner", "token_file_group", "token_file_mode"}


class Text(str):
    """Text with more to it, as Ansible's own is."""


class Number(int):
    """As ``Text``."""


class Drawn(enum.Enum):
    ONE = 1


def of(arguments: Arguments, no_log: bool = False, no_token_reason: str | None = None, **options: Any) -> TaskOptions:
    return check_task_options(
        arguments, options, is_given_by_task=lambda name: True, no_log=no_log, no_token_reason=no_token_reason
    )


def refusal(arguments: Arguments, **options: Any) -> str:
    with pytest.raises(RefusedTaskError) as refused:
        of(arguments, **options)
    assert SECRET not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Text("a"), "a"),
        (Number(5), 5),
        (True, True),
        (1.5, 1.5),
        (None, None),
        ((Text("a"), [Text("b")]), ["a", ["b"]]),
        ({Text("a"): {1: Text("b")}}, {"a": {"1": "b"}}),
        (date(2026, 11, 29), "2026-11-29"),
        (datetime(2026, 11, 29, 12), "2026-11-29T12:00:00"),
        (b"a", "a"),
        ("\ud800", "\ud800"),
        (Drawn.ONE, "Drawn.ONE"),
    ],
)
def test_values_become_plain(value, expected):
    found = to_plain(value)
    assert (found, type(found)) == (expected, type(expected))


def test_what_is_inside_becomes_plain_as_well():
    found = to_plain({Text("a"): [Text("b"), Number(1)]})
    [(name, [text, number])] = found.items()
    assert {type(name), type(text), type(number)} == {str, int}


@pytest.mark.parametrize("name", [name for name in OF_API_KEY if name not in HARMLESS])
def test_a_null_is_refused_by_the_options_name(name):
    assert refusal(modules.API_KEY, **{name: None}).startswith(f"{name}: must not be null")


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_a_null_that_asks_for_nothing_counts_as_left_out(name):
    assert of(modules.API_KEY, description="a", **{name: None}).options[name] is None


@pytest.mark.parametrize(
    ("arguments", "options", "place"),
    [
        (modules.API_KEYS, {"keys": None}, "keys"),
        (modules.API_KEYS, {"keys": [{"description": "a"}, {"description": "b", "sub": None}]}, "keys[1].sub"),
        (modules.API_KEYS, {"keys": [{"description": "a"}, None]}, "keys[1]"),
        (modules.API_KEYS, {"keys": [], "purge_scope": None}, "purge_scope"),
        (modules.API_KEYS, {"keys": [], "purge_scope": {"created_by_user": None}}, "purge_scope.created_by_user"),
        (modules.API_KEY_INFO, {"created_by_user": None}, "created_by_user"),
        (modules.API_KEY_INFO, {"status": ["active", None]}, "status[1]"),
        (modules.API_KEY_PERMISSION, {"users": None}, "users"),
        (modules.API_KEY_PERMISSION, {"groups": ["a", None]}, "groups[1]"),
        (modules.API_KEY_PERMISSION, {"state": None}, "state"),
        (modules.TOKEN_INFO, {"token": None}, "token"),
        (modules.API_KEY_CONFIG, {"tenant_id": None}, "tenant_id"),
        (modules.TENANT_INFO, {"headers": {"X-A": None}}, "headers.X-A"),
        (modules.TENANT_INFO, {"server": None}, "tenant_url"),
    ],
)
def test_a_null_is_refused_wherever_it_is(arguments, options, place):
    assert refusal(arguments, **options).startswith(f"{place}: must not be null")


def test_a_configuration_that_is_null_is_not_managed():
    assert of(modules.API_KEY_CONFIG, max_keys_per_user=None).options["max_keys_per_user"] is None


A, B, C = ({"tenant_url": "https://a.example"}, {"server": "https://b.example"}, {"tenant_uri": "https://c.example"})


@pytest.mark.parametrize(
    ("defaults", "own", "counts"),
    [
        (B, A, "https://a.example"),
        (A, B, "https://b.example"),
        ({**A, **B}, C, "https://c.example"),
        ({**A, **B}, {"tenant_url": "https://d.example"}, "https://d.example"),
        ({}, {**A, **B}, "https://b.example"),
        ({**B, **A}, {}, "https://a.example"),
    ],
)
def test_of_an_option_and_its_alias_the_tasks_own_word_wins_over_its_defaults(defaults, own, counts):
    given = check_task_options(
        modules.TENANT_INFO, {**defaults, **own}, is_given_by_task=own.__contains__, no_log=False, no_token_reason=None
    )
    assert given.given == {"tenant_url": counts} and given.options["tenant_url"] == counts


def test_the_environment_of_a_task_becomes_variables():
    assert to_process_variables({"A": 1, Text("B"): Text("x"), "C": None}) == {"A": "1", "B": "x", "C": "None"}


@pytest.mark.parametrize("odd", [{"A=B": "x"}, {"": "x"}, {"A\0": "x"}, {"A": f"x\0{SECRET}"}])
def test_what_can_be_no_variable_is_refused(odd):
    with pytest.raises(RefusedTaskError, match="^environment: ") as refused:
        to_process_variables({"OTHER": "x", **odd})
    assert SECRET not in str(refused.value)


def returned(task: TaskOptions) -> Any:
    if "keys" in task.options:
        return [entry.get("return_token") for entry in task.given["keys"]]
    return task.given.get("return_token")


@pytest.mark.parametrize(
    ("no_log", "options", "expected"),
    [
        (False, {}, None),
        (True, {}, True),
        (True, {"token_file": "/a"}, None),
        (True, {"token": ""}, True),
        (False, {"return_token": True}, True),
        (True, {"return_token": False}, False),
    ],
)
def test_a_token_is_returned_where_the_task_shows_nothing_or_says_so(no_log, options, expected):
    task = of(modules.API_KEY, no_log, description="a", **options)
    assert returned(task) is expected
    assert task.options["return_token"] is expected


@pytest.mark.parametrize(
    ("no_log", "said", "expected"),
    [
        (False, None, [None, None, True]),
        (True, None, [True, None, True]),
        (True, False, [None, None, True]),
        (False, True, [None, None, True]),
    ],
)
def test_so_it_is_in_a_set_where_all_keys_may_have_one_word(no_log, said, expected):
    keys = [{"description": "a"}, {"description": "b", "token_file": "/b"}, {"description": "c", "return_token": True}]
    options = {"keys": keys, **({} if said is None else {"return_tokens": said})}
    assert returned(of(modules.API_KEYS, no_log, **options)) == expected


@pytest.mark.parametrize("why", [NO_TOKEN_UNDER_ASYNC, NO_TOKEN_UNDER_RETRIES])
@pytest.mark.parametrize(
    ("arguments", "options", "place"),
    [
        (modules.API_KEY, {"description": "a", "return_token": True}, "return_token"),
        (modules.API_KEYS, {"keys": [{"description": "a", "return_token": "yes"}]}, "keys[0].return_token"),
        (modules.API_KEYS, {"keys": [{"description": "a"}], "return_tokens": True}, "return_tokens"),
    ],
)
def test_where_a_token_would_be_lost_none_is_returned(arguments, options, place, why):
    assert refusal(arguments, no_token_reason=why, **options).startswith(f"{place}: {why}. Give token_file")
    silent = {"keys": [{"description": "a"}]} if arguments is modules.API_KEYS else {"description": "a"}
    assert returned(of(arguments, True, why, **silent)) in (None, [None])


ENTRA = {"description": "a", "idp": {"provider": "azureAD"}}


@pytest.mark.parametrize(
    ("arguments", "options", "place"),
    [
        (modules.TENANT, {"keys": [{"description": "a", "idp": None}]}, "keys[0].idp"),
        (modules.TENANT, {"keys": [{"description": "a", "idp": {"provider": None}}]}, "keys[0].idp.provider"),
        (modules.TENANT, {"scim_keys": [{"description": None}]}, "scim_keys[0].description"),
        (modules.TENANT, {"scim_keys": [{"description": "a", "idp": {"protocol": None}}]}, "scim_keys[0].idp.protocol"),
        (modules.TENANT, {"permission": {"users": None}}, "permission.users"),
        (modules.TENANT, {"permission": {"users": ["a", None]}}, "permission.users[1]"),
        (modules.TENANT, {"permission": None}, "permission"),
        (modules.TENANT, {"keys": None}, "keys"),
        (modules.TENANT, {"purge_scope": {"sub": None}}, "purge_scope.sub"),
        (modules.TENANT, {"done_before": [None]}, "done_before[0]"),
        (modules.API_KEY, {"idp": {"description": None}}, "idp.description"),
    ],
)
def test_a_null_is_refused_as_deep_as_options_go(arguments, options, place):
    assert refusal(arguments, **options).startswith(f"{place}: must not be null")


def test_a_null_in_a_record_is_no_options():
    """What an earlier run returned is given back as it is."""
    message = {"entry": "keys[0]", "key": {"id": "key-1", "created": None}, "token": SECRET}
    options = {
        "keys": [{"description": "a"}],
        "handed_on": [message],
        "done_before": [{"id": None, "action": "create"}],
        "config": {"max_keys_per_user": None},
    }
    assert of(modules.TENANT, True, **options).options["handed_on"][0]["key"] == {"id": "key-1", "created": None}


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (modules.API_KEYS, {"keys": [{"description": "a"}]}),
        (modules.API_KEYS, {"keys": [], "purge": True, "purge_scope": {"sub_type": "user"}}),
        (modules.TENANT, {"scim_keys": [ENTRA], "permission": {"role": "a"}, "config": {"max_keys_per_user": 5}}),
        (modules.API_KEY, ENTRA),
    ],
)
def test_text_in_place_of_options_is_read_as_json(arguments, options):
    as_text = {name: json.dumps(value) if isinstance(value, (dict, list)) else value for name, value in options.items()}
    assert of(arguments, **as_text) == of(arguments, **options)


@pytest.mark.parametrize(
    "text", [SECRET, "", "{", "5", '"a"', "[5]", '[{"description": "a"}] x', "[" * 100_000, "{'description': 'a'}"]
)
def test_text_that_is_no_such_json_is_refused_without_being_shown(text):
    message = refusal(modules.TENANT, keys=text)
    assert message.startswith(("keys: must be a list of dictionaries", "keys[0]: must be a dictionary"))


def test_text_in_place_of_options_inside_others_is_read_as_json():
    key = {"description": "a", "idp": '{"provider": "azureAD"}'}
    assert of(modules.TENANT, scim_keys=[key]).options["scim_keys"][0]["idp"]["provider"] == "azureAD"
    assert of(modules.TENANT, scim_keys=json.dumps([key])) == of(modules.TENANT, scim_keys=[key])


def test_what_is_wrong_in_json_is_told_as_elsewhere():
    assert refusal(modules.TENANT, keys="null").startswith("keys: must not be null")
    assert refusal(modules.TENANT, keys='[{"tokn": "x"}]').startswith("keys[0].tokn: there is no such option. Is token")
    assert refusal(modules.TENANT, permission='{"role": null}').startswith("permission.role: must not be null")


def test_text_of_an_option_that_holds_none_of_its_own_is_text():
    assert parse_json_options(modules.API_KEY.spec, {"description": '{"a": 1}', "headers": "{}", "unknown": "[]"}) == {
        "description": '{"a": 1}',
        "headers": "{}",
        "unknown": "[]",
    }


@pytest.mark.parametrize(
    ("no_log", "no_token_reason", "why"),
    [
        (False, None, "tokens are returned, so the task needs no_log: true"),
        (True, NO_TOKEN_UNDER_ASYNC, NO_TOKEN_UNDER_ASYNC),
        (True, NO_TOKEN_UNDER_RETRIES, NO_TOKEN_UNDER_RETRIES),
    ],
)
def test_tokens_are_handed_on_by_a_task_that_shows_none_and_loses_none(no_log, no_token_reason, why):
    with pytest.raises(RefusedTaskError) as refused:
        of(modules.TENANT, no_log, no_token_reason, keys=[{"description": "a"}], handed_on=[])
    assert str(refused.value) == f"handed_on: {why}."


def test_with_tokens_handed_on_no_entry_has_to_return_one():
    task = of(modules.TENANT, True, keys=[{"description": "a"}], handed_on=[])
    assert "return_token" not in task.given["keys"][0]
    silent = of(modules.TENANT, True, keys=[{"description": "a"}], scim_keys=[ENTRA])
    assert [silent.given[name][0]["return_token"] for name in ("keys", "scim_keys")] == [True, True]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"keys": [{"sub": None}]}, "onboarding_keys[0].sub: must not be null"),
        ({"keys": SECRET}, "onboarding_keys: must be a list"),
        ({"kys": []}, "onboarding_kys: there is no such option."),
        ({"keys": [{"sub_type": "robot"}]}, "onboarding_keys[0].sub_type: must be user or externalClient"),
    ],
)
def test_a_refusal_can_be_told_with_the_names_of_a_caller(options, message):
    with pytest.raises(RefusedTaskError) as refused:
        of(modules.TENANT, **options)
    assert refused.value.message_for(lambda text: f"onboarding_{text}").startswith(message)
    assert refused.value.message_for(str) == str(refused.value)


BY_VARIABLES = {"variables_prefix": "onboarding_"}
A_KEY = {"description": "a"}


@pytest.mark.parametrize("name", ["keys", "scim_keys"])
def test_a_role_that_hands_no_token_on_is_returned_none(name):
    entry = {**A_KEY, "idp_id": "idp-1"}
    message = refusal(modules.TENANT, **BY_VARIABLES, **{name: [{**entry, "return_token": True}]})
    assert message.startswith(f"{name}[0].return_token: nothing would keep the token")
    task = of(modules.TENANT, no_log=True, **BY_VARIABLES, **{name: [entry]})
    assert task.options[name][0]["return_token"] is None


def test_tokens_that_are_handed_on_need_a_task_that_shows_nothing():
    assert "no_log: true" in refusal(modules.TENANT, keys=[A_KEY], handed_on=[])
    assert of(modules.TENANT, no_log=True, keys=[A_KEY], handed_on=[]).options["handed_on"] == []
