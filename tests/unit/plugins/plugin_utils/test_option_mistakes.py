# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mistake in the options of a task is told by its place, without a value that could be a secret."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments import modules
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._option_mistakes import find_mistake
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._suggestions import suggest_names

SECRET = "not-to-be-shown"
NIGHTLY = {"description": "nightly reload"}
ENTRA = {"description": "Entra", "idp_id": "idp-1"}
IN_NIGHTLY = "(entry 'nightly reload')"


def mistake(arguments: Arguments, **options: Any) -> str:
    message = find_mistake(arguments, options)
    assert message is not None
    assert SECRET not in message
    return message


def mistake_in_key(**options: Any) -> str:
    return mistake(modules.API_KEYS, keys=[{"description": "a"}, {**NIGHTLY, **options}])


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("expirey", "Is expiry meant?"),
        ("renew-before", "Is renew_before meant?"),
        ("tokn", "Is token meant?"),
        ("token_file_usr", "Is token_file, token_file_group or token_file_owner meant?"),
    ],
)
def test_a_misspelt_option_is_told_by_its_place_its_entry_and_the_nearest_name(name, advice):
    assert mistake_in_key(**{name: SECRET}) == f"keys[1].{name}: there is no such option {IN_NIGHTLY}. {advice}"


def test_where_no_name_is_near_all_are_told():
    message = mistake(modules.TENANT, scim_keys=[{**ENTRA, "idp": {"zzz": SECRET}}])
    assert message == (
        "scim_keys[0].idp.zzz: there is no such option (entry 'Entra'). There are: description, protocol, provider."
    )


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (modules.API_KEY, {"tokn": SECRET}, "tokn: there is no such option. Is token meant?"),
        (modules.TENANT_INFO, {"servr": SECRET}, "servr: there is no such option. Is server meant?"),
        (modules.API_KEYS, {"keys": [], "purge_scope": {"subtype": SECRET}}, "purge_scope.subtype: there is no such"),
        (modules.API_KEYS, {"keys": [{"sub": "a", "x": SECRET}]}, "keys[0].x: there is no such option. There are: "),
        (modules.API_KEYS, {"keys": [{"id": "key-1", "x": 1}]}, "keys[0].x: there is no such option (entry 'key-1')."),
        (
            modules.AWX_PLAN,
            {"schedules": [{"name": "Nightly", "rule": 1}]},
            "schedules[0].rule: there is no such option",
        ),
    ],
)
def test_an_option_that_there_is_not_is_refused_wherever_it_is(arguments, options, message):
    assert mistake(arguments, **options).startswith(message)


def test_a_long_name_of_an_entry_is_cut():
    message = mistake(modules.API_KEYS, keys=[{"description": "x" * 500, "expirey": 1}])
    assert f"'{'x' * 100}…'" in message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"keys": SECRET}, "keys: must be a list of dictionaries, not text. "),
        ({"keys": {"token": SECRET}}, "keys: must be a list of dictionaries, not a dictionary. "),
        ({"keys": 5}, "keys: must be a list of dictionaries, not a number. "),
        ({"keys": [NIGHTLY, SECRET]}, "keys[1]: must be a dictionary, not text. "),
        ({"keys": [True]}, "keys[0]: must be a dictionary, not true. "),
        ({"keys": [], "purge_scope": SECRET}, "purge_scope: must be a dictionary, not text. "),
        ({"keys": [], "purge_scope": [SECRET]}, "purge_scope: must be a dictionary, not a list. "),
        ({"keys": [{**NIGHTLY, "idp": [1]}]}, f"keys[0].idp: must be a dictionary, not a list {IN_NIGHTLY}. "),
        ({"keys": [{**NIGHTLY, "idp": "provider=a"}]}, f"keys[0].idp: must be a dictionary, not text {IN_NIGHTLY}. "),
    ],
)
def test_anything_else_where_options_belong_is_refused_with_its_type_and_the_options(options, message):
    found = mistake(modules.API_KEYS, **options)
    assert found.startswith(message)
    assert "with options out of: " in found
    assert found.endswith("As text, it must be JSON.") == ("not text" in message and not message.startswith("keys[1]"))


def test_a_null_is_told_by_its_place_and_how_to_leave_the_option_out():
    assert mistake_in_key(token_file=None) == (
        f"keys[1].token_file: must not be null {IN_NIGHTLY}. Give a value, or leave the option out. If a variable that may be "
        "empty gives the value, append | default(omit, true) to it."
    )
    assert mistake(modules.TENANT_INFO, headers={"X-A": None}) == (
        "headers.X-A: must not be null. Give a value, or leave the header out."
    )
    assert mistake(modules.API_KEY_PERMISSION, users=["a", None]) == (
        "users[1]: must not be null. Give a value, or leave the entry out."
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"retire_first": "maybe"}, "retire_first: must be true or false, not 'maybe'"),
        ({"retire_first": [1]}, "retire_first: must be true or false, not a list"),
        ({"state": "gone"}, "state: must be present or absent, not 'gone'"),
        ({"on_lost_token": "x"}, "on_lost_token: must be fail, replace or ignore, not 'x'"),
        ({"sub": ["a"]}, "sub: must be text, not a list"),
        ({"token": [SECRET]}, "token: must be text, not a list"),
        ({"token": {SECRET: SECRET}}, "token: must be text, not a dictionary"),
        ({"token_file": ["/a"]}, "token_file: must be text, not a list"),
    ],
)
def test_a_value_of_another_type_is_told_with_what_is_right(options, message):
    assert mistake_in_key(**options) == f"keys[1].{message} {IN_NIGHTLY}."


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (modules.TENANT, {"config": {"max_keys_per_user": "many"}}, "config.max_keys_per_user: must be a whole number"),
        (modules.TENANT, {"permission": {"users": {"a": 1}}}, "permission.users: must be a list, not a dictionary."),
        (modules.TENANT, {"permission": {"users": ["a", ["b"]]}}, "permission.users[1]: must be text, not a list."),
        (modules.TENANT_INFO, {"timeout": "soon"}, "timeout: must be a number, not 'soon'."),
        (modules.TENANT_INFO, {"headers": SECRET}, "headers: must be a dictionary, not text."),
        (modules.TENANT_INFO, {"headers": 5}, "headers: must be a dictionary, not a number."),
        (
            modules.API_KEY_INFO,
            {"status": ["active", "lost"]},
            "status[1]: must be active, expired or revoked, not 'lost'.",
        ),
        (modules.API_KEY_INFO, {"status": "active,lost"}, "status: must be active, expired or revoked, not 'lost'."),
    ],
)
def test_so_it_is_with_every_type(arguments, options, message):
    assert mistake(arguments, **options).startswith(message)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (modules.API_KEY, {"sub": "a", "idp_id": "b"}, "sub: is given together with idp_id. Give one of them."),
        (
            modules.API_KEYS,
            {"keys": [NIGHTLY, {**NIGHTLY, "token_file": "/t", "token": SECRET, "key_id": ""}]},
            f"keys[1].token_file: is given together with token and key_id {IN_NIGHTLY}. Give one of them.",
        ),
        (
            modules.TENANT,
            {"scim_keys": [{"description": "Entra"}]},
            "scim_keys[0].idp_id: must be given, unless idp is given (entry 'Entra').",
        ),
        (
            modules.API_KEY,
            {"idp": {}},
            "idp.provider: must be given, unless protocol or description is given.",
        ),
        (modules.TENANT, {"scim_keys": [{"idp_id": "a"}]}, "scim_keys[0].description: must be given."),
        (modules.API_KEYS, {}, "keys: must be given."),
        (modules.TOKEN_INFO, {}, "token: must be given, unless token_file is given."),
        (
            modules.API_KEYS,
            {"keys": [{**NIGHTLY, "token_file_mode": "0600"}]},
            f"keys[0].token_file_mode: has no meaning without token_file {IN_NIGHTLY}. Give token_file, or leave "
            "token_file_mode out.",
        ),
        (
            modules.AWX_PLAN,
            {"notifications": [{"name": "Ops", "type": "slack"}]},
            "notifications[0].configuration: must be given with type (entry 'Ops'). Give both, or none.",
        ),
    ],
)
def test_options_that_do_not_fit_together_are_told_by_their_entry(arguments, options, message):
    assert mistake(arguments, **options) == message
    # Whatever is told in these words is refused by Ansible as well.
    assert ArgumentSpecValidator(**arguments.build_module_arguments()).validate(options).error_messages


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (modules.API_KEYS, {"keys": []}),
        (modules.API_KEYS, {"keys": [{**NIGHTLY, "retire_first": "yes", "renew_before": None, "expiry": 5}]}),
        (modules.TENANT_INFO, {"headers": '{"X-A": "b"}', "timeout": "5.5", "retries": "3", "validate_certs": "no"}),
        (modules.API_KEY_INFO, {"status": "active,expired", "description": True}),
        (modules.API_KEY_PERMISSION, {"users": "a,b", "groups": [5]}),
    ],
)
def test_what_ansible_takes_is_no_mistake(arguments, options):
    assert find_mistake(arguments, options) is None
    assert not ArgumentSpecValidator(**arguments.build_module_arguments()).validate(options).error_messages


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("token_task", "Is p_token_tasks meant?"),
        ("api_keys", "Is p_scim_keys, p_api_keys_enabled or p_keys meant?"),
        ("zzz", "There are: p_api_keys_enabled, p_keys, p_scim_keys, p_token_tasks."),
    ],
)
def test_what_all_names_begin_with_makes_none_more_alike(name, advice):
    assert suggest_names(name, ["keys", "scim_keys", "api_keys_enabled", "token_tasks"], "p_") == advice
