# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report looks for: its defaults, what may be said of it, and what is refused by its place."""

from __future__ import annotations

import re

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import (
    ERROR,
    NOTE,
    OFF,
    RULES,
    UNUSED_DESCRIPTION,
    WARNING,
    Policy,
)


@pytest.mark.parametrize("nothing", [None, {}, {"expires_within": None, "severities": None, "permission_roles": None}])
def test_what_is_not_said_has_its_default(nothing):
    assert Policy.from_options(nothing) == Policy()


def test_all_of_it_may_be_said():
    said = {
        "expires_within": "P30D",
        "expired_within": "PT12H",
        "longest_life": "P1Y",
        "rotated_within": "P90D",
        "keys_per_owner": 1,
        "unused_description": "^x",
        "permission_roles": ["B", "A"],
        "severities": {"not_rotated": "error"},
    }
    policy = Policy.from_options(said)
    assert policy.permission_roles == ("B", "A")
    assert policy.as_result() == {**said, "severities": {**RULES, "not_rotated": "error"}}


def test_no_role_may_be_meant():
    assert Policy.from_options({"permission_roles": []}).permission_roles == ()


@pytest.mark.parametrize(
    ("severity", "meant"), [("error", ERROR), ("warning", WARNING), ("note", NOTE), ("off", OFF), (False, OFF)]
)
def test_a_rule_has_the_severity_that_is_said_and_yaml_reads_off_as_false(severity, meant):
    policy = Policy.from_options({"severities": {"owner_gone": severity}})
    assert policy.get_severity("owner_gone") == policy.as_result()["severities"]["owner_gone"] == meant
    assert policy.get_severity("not_rotated") == NOTE


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"expires_within": "14 days"}, "policy.expires_within: '14 days' is not an ISO 8601 duration"),
        ({"expired_within": "P0D"}, "policy.expired_within: 'P0D' is not longer than zero"),
        ({"longest_life": "-P1D"}, "policy.longest_life: '-P1D' is not longer than zero"),
        ({"rotated_within": ""}, "policy.rotated_within: '' is not an ISO 8601 duration"),
        ({"keys_per_owner": 0}, "policy.keys_per_owner: must be at least 1, not 0."),
        ({"unused_description": "("}, "policy.unused_description: '(' is not a regular expression of Python: "),
        ({"unused_description": " "}, "policy.unused_description: is empty and would find every key; to turn the rule off, "),
        ({"unused_description": "x{99999999999}"}, "policy.unused_description: 'x{99999999999}' is not a regular"),
        ({"severities": {"expired": "note"}}, "policy.severities.expired: there is no such rule. There are: expired_lately"),
        ({"severities": {5: "note"}}, "policy.severities.5: there is no such rule."),
        ({"severities": {"owner_gone": "bad"}}, "policy.severities.owner_gone: 'bad' is not one of error, warning, note, off."),
        ({"severities": {"owner_gone": True}}, "policy.severities.owner_gone: True is not one of"),
        ({"severities": {"owner_gone": None}}, "policy.severities.owner_gone: None is not one of"),
        ({"severities": {"owner_gone": 0}}, "policy.severities.owner_gone: 0 is not one of"),
        ({"severities": {"owner_gone": ["error"]}}, "policy.severities.owner_gone: ['error'] is not one of"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_its_place(said, message):
    with pytest.raises(OptionError) as refusal:
        Policy.from_options(said)
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize("text", ["test", "My Test key", "tmp-2", "old", "DO NOT USE", "x (deprecated)", "delete me"])
def test_words_that_tell_of_a_key_that_is_not_used_for_good(text):
    assert re.search(UNUSED_DESCRIPTION, text)


@pytest.mark.parametrize("text", ["latest", "contest", "golden", "template", "attestation", "", "nightly reload"])
def test_parts_of_other_words_do_not(text):
    assert not re.search(UNUSED_DESCRIPTION, text)
