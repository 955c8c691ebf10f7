# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options taken from variables of the host that are called like them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._task_options import RefusedTaskError
from ansible_collections.tenantops.qlik_cloud.tests.unit.processes import beside

KNOWN = {"onboarding_tenant_url": "tenant_url", "onboarding_keys": "keys", "onboarding_purge": "purge"}
OTHERS = {"onboarding_token_tasks"}


def take(connection: Connection, value_of: Callable[[Any], Any], variables: Mapping[str, Any]) -> None:
    """In a process of its own, since what this imports makes Ansible take the process for its controller: modules that are run
    there would give their warnings to a display."""
    from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._variables import read_options

    try:
        connection.send((read_options(KNOWN, "onboarding_", OTHERS, variables, value_of), None))
    except RefusedTaskError as refusal:
        connection.send((None, str(refusal)))


def outcome(value_of: Callable[[Any], Any], variables: Mapping[str, Any]) -> tuple[dict[str, Any] | None, str | None]:
    with beside(take, value_of, variables) as connection:
        assert connection.poll(30)
        return connection.recv()


def taken(value_of: Callable[[Any], Any] = lambda value: value, **variables: Any) -> dict[str, Any]:
    options, mistake = outcome(value_of, variables)
    assert mistake is None
    return options


def refusal(value_of: Callable[[Any], Any] = lambda value: value, **variables: Any) -> str:
    options, mistake = outcome(value_of, variables)
    assert options is None
    return mistake


def test_a_variable_that_begins_so_is_the_option_of_its_name():
    given = {"onboarding_tenant_url": "a", "onboarding_keys": [], "other": 1, "tenant_url": "b", "keys": []}
    assert taken(**given) == {"tenant_url": "a", "keys": []}


def test_without_variables_there_are_no_options():
    assert taken() == {}


def test_an_option_is_templated_and_nothing_else_is():
    given = {"onboarding_tenant_url": "a", "onboarding_token_tasks": "tasks", "ansible_x": "x"}
    assert taken({"a": "A"}.__getitem__, **given) == {"tenant_url": "A"}


@pytest.mark.parametrize("value", [None, "", False])
def test_what_a_variable_says_is_what_the_option_says(value):
    assert taken(onboarding_purge=value) == {"purge": value}


def test_an_undefined_variable_in_a_value_is_an_error_that_names_the_variable():
    def value_of(_value: str) -> str:
        from ansible.errors import AnsibleError

        raise AnsibleError("'qlik_url' is undefined")

    message = refusal(value_of, onboarding_tenant_url="{{ qlik_url }}")
    assert message.startswith("onboarding_tenant_url: its value cannot be made out: ")
    assert "'qlik_url' is undefined" in message


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("onboarding_tenant_ulr", "Is onboarding_tenant_url meant?"),
        ("onboarding_token_task", "Is onboarding_token_tasks meant?"),
        (
            "onboarding_zzzzzzzzzzzzzzzzzzzzzz",
            "There are: onboarding_keys, onboarding_purge, onboarding_tenant_url, onboarding_token_tasks.",
        ),
    ],
)
def test_a_variable_that_is_no_option_is_refused_with_advice(name, advice):
    assert refusal(**{name: "x", "onboarding_keys": []}) == f"{name}: there is no such variable. {advice}"


def test_a_variable_that_is_no_option_is_refused_before_anything_is_templated():
    assert "onboarding_x" in refusal({}.__getitem__, onboarding_keys="a", onboarding_x=1)


PLACES = {
    "onboarding_max_keys_per_user": ("config", "max_keys_per_user"),
    "onboarding_permission_role": ("permission", "role"),
}
SPEC = {
    "config": {"type": "dict", "options": {"max_keys_per_user": {"type": "int"}}},
    "permission": {"type": "dict", "options": {"role": {"type": "str"}}},
}


def fold(connection: Connection, options: Mapping[str, Any], flat: Mapping[str, Any]) -> None:
    from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._variables import apply_flat_variables

    try:
        connection.send((apply_flat_variables(options, PLACES, flat, SPEC), None))
    except RefusedTaskError as refusal:
        connection.send((None, str(refusal)))


def folded(options: Mapping[str, Any], **flat: Any) -> tuple[dict[str, Any] | None, str | None]:
    with beside(fold, options, flat) as connection:
        assert connection.poll(30)
        return connection.recv()


@pytest.mark.parametrize("outer", [{"max_api_key_expiry": "P1D"}, '{"max_api_key_expiry": "P1D"}'])
def test_a_flat_variable_is_an_option_inside_another(outer):
    wanted = {"max_api_key_expiry": "P1D", "max_keys_per_user": 7}
    assert folded({"config": outer}, onboarding_max_keys_per_user="7") == ({"config": wanted}, None)


def test_a_flat_variable_makes_the_other_option_where_it_is_not_given():
    assert folded({}, onboarding_permission_role="Key makers") == ({"permission": {"role": "Key makers"}}, None)


def test_a_flat_variable_wins_over_what_the_other_option_says():
    options = {"config": {"max_keys_per_user": 3}}
    assert folded(options, onboarding_max_keys_per_user=4) == ({"config": {"max_keys_per_user": 4}}, None)


def test_text_that_is_no_number_is_refused_by_the_name_of_the_variable():
    mistake = folded({}, onboarding_max_keys_per_user="many")[1]
    assert mistake == "onboarding_max_keys_per_user: must be a whole number, not 'many'."


@pytest.mark.parametrize("outer", ["no JSON", ["a"], 7])
def test_what_is_no_dictionary_is_left_to_those_who_check_options(outer):
    assert folded({"config": outer}, onboarding_max_keys_per_user=7) == ({"config": outer}, None)


class OldTemplar:
    """As before ansible-core 2.19, where a text stands for what is omitted."""

    OMIT = "__omit_place_holder__0"

    def template(self, value: Any) -> Any:
        return value


def left_out(connection: Connection, values: Mapping[str, Any]) -> None:
    from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._variables import build_template, read_options

    template = build_template(OldTemplar(), {"omit": OldTemplar.OMIT})
    connection.send(read_options(KNOWN, "onboarding_", None, values, template))


def test_what_a_template_omits_counts_as_left_out():
    omit = OldTemplar.OMIT
    values = {"onboarding_tenant_url": omit, "onboarding_keys": [{"description": "a", "sub": omit}, omit]}
    with beside(left_out, values) as connection:
        assert connection.poll(30)
        assert connection.recv() == {"keys": [{"description": "a"}]}
