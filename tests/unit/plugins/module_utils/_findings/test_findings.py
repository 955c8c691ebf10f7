# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be done: each rule where it finds something, where it does not, and at its bound."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.findings import format_duration
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import RULES
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import after
from ansible_collections.tenantops.qlik_cloud.tests.unit.plugins.module_utils._findings.snapshots import (
    ANA,
    CONFIG,
    ENTRA,
    WHOSE,
    found,
    key_creators,
    owned,
    rules,
    scim,
    stored,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import HOSTILE
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID, USER_ID

SECOND = 1 / 3600
SOON = {"expiry": after(days=14)}
# For each rule, what it is found in.
CASES = {
    "stored_token_invalid": {"stored_tokens": [stored(False)]},
    "key_missing": {"stored_tokens": [stored(False, "the store has none", key_id=None, is_due=True)]},
    "expires_soon": {"key": owned(**SOON)},
    "expired_lately": {"key": owned(status="expired", expiry=after(days=-1))},
    "owner_gone": {"key": owned(owner={**ANA, "status": "gone"})},
    "owner_disabled": {"key": owned(owner={**ANA, "status": "disabled"})},
    "owner_not_allowed": {"key": owned(owner={**ANA, "may_make_keys": False})},
    "lives_too_long": {"key": owned(expiry=after(days=90))},
    "too_many_keys": {"key": owned(), "config": replace(CONFIG, max_keys_per_user=1)},
    "inactive_provider": {"key": scim(identity_provider={**ENTRA, "active": False})},
    "permission_too_wide": {"key_creators": key_creators("Other"), "policy": {"permission_roles": ["Integration"]}},
    "partial_view": {"sees_all": False},
    "not_rotated": {"key": owned(created=after(days=-365)), "config": None},
    "unused_description": {"key": owned(description="test of reloads")},
    "stored_token_unread": {"stored_tokens": [stored(None)]},
    "turned_off": {"config": replace(CONFIG, api_keys_enabled=False)},
}


def found_in(rule: str, severity: str | None = None, **more):
    case = dict(CASES[rule])
    keys = [case.pop("key")] if "key" in case else []
    policy = dict(case.pop("policy", {}))
    if severity is not None:
        policy["severities"] = {rule: severity}
    return found(*keys, policy=policy, **case, **more)


def test_every_rule_of_a_tenant_that_can_be_read_is_tried_here():
    assert {*CASES, "unreachable"} == set(RULES)


def test_in_a_tenant_in_good_order_nothing_is_found():
    keys = owned(), scim(key_id="scim-1", expiry=after(days=300))
    assert (
        found(*keys, key_creators=key_creators("Integration"), stored_tokens=[stored(True)], fail_within="P10D") == []
    )


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_one_thing_with_its_own_severity_or_that_of_the_policy_and_none_where_it_is_off(rule):
    assert [(each.rule, each.severity) for each in found_in(rule)] == [(rule, RULES[rule])]
    for severity in ("error", "warning", "note"):
        assert [(each.rule, each.severity) for each in found_in(rule, severity)] == [(rule, severity)]
    assert found_in(rule, "off") == []


@pytest.mark.parametrize("rule", CASES)
def test_a_finding_says_what_and_advises_and_names_key_and_owner_where_there_is_one(rule):
    (finding,) = found_in(rule)
    assert finding.what[0].isupper() and finding.what.endswith(".") and not finding.what.endswith("..")
    assert finding.advice.endswith(".")
    assert finding.whose == (WHOSE if "key" in CASES[rule] else None)
    about_one_key = ("key" in CASES[rule] and rule != "too_many_keys") or rule.startswith("stored_token")
    assert finding.key_id == ("key-1" if about_one_key else None)


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("stored_token_invalid", "The stored token of 'nightly reload' in /t is not valid: because."),
        ("key_missing", "There is no active API key 'nightly reload', nor a stored token of it."),
        ("expires_soon", "API key 'nightly reload' expires in 14 days, on 2026-12-06 09:15 UTC, and has no successor."),
        ("expired_lately", "API key 'nightly reload' expired on 2026-11-21 09:15 UTC and has no successor."),
        ("owner_gone", "API key 'nightly reload' belongs to a user whom the tenant does not have any more."),
        ("owner_disabled", "API key 'nightly reload' belongs to a user who is disabled."),
        (
            "lives_too_long",
            "API key 'nightly reload' lives from 2026-11-21 09:15 UTC to 2027-02-20 09:15 UTC, longer than the P90D that are "
            "allowed.",
        ),
        ("too_many_keys", f"{WHOSE} has 1 active API key, and max_keys_per_user is 1: the tenant makes no more."),
        ("inactive_provider", f"API key 'nightly reload' is for identity provider {IDP_ID}, which is not active."),
        ("permission_too_wide", "The role Other may make API keys as well. Meant to: Integration."),
        ("partial_view", "Only the API keys of Bot are seen, who signs in and is no TenantAdmin."),
    ],
)
def test_what_is_found_in_words(rule, what):
    assert [finding.what for finding in found_in(rule)] == [what]


@pytest.mark.parametrize(
    ("hours", "severities"),
    [(48, ["error"]), (48 + SECOND, ["warning"]), (14 * 24, ["warning"]), (14 * 24 + SECOND, []), (SECOND, ["error"])],
)
def test_an_expiry_is_an_error_up_to_fail_within_and_told_up_to_expires_within(hours, severities):
    findings = found(owned(expiry=after(hours=hours)), fail_within="P2D")
    assert [each.severity for each in findings] == severities


def test_fail_within_counts_whatever_the_policy_says_and_beyond_it():
    off = {"severities": {"expires_soon": "off"}}
    assert [each.severity for each in found(owned(**SOON), fail_within="P14D", policy=off)] == ["error"]
    assert [each.severity for each in found(owned(expiry=after(days=20)), fail_within="P30D")] == ["error"]


@pytest.mark.parametrize("status", ["active", "expired"])
def test_what_has_a_successor_may_expire(status):
    expiry = after(days=1 if status == "active" else -1)
    assert found(owned(status=status, expiry=expiry, successor="key-2"), fail_within="P30D") == []


def test_a_key_whose_end_the_tenant_has_not_noticed_has_expired():
    assert rules(found(owned(expiry=after()))) == ["expired_lately"]


@pytest.mark.parametrize("expiry", [None, "soon"])
def test_an_unknown_end_is_not_soon(expiry):
    assert found(owned(expiry=expiry), fail_within="P99999Y") == []


@pytest.mark.parametrize(
    ("differences", "rule"),
    [
        ({"status": "deleted"}, "owner_gone"),
        ({"status": "gone", "may_make_keys": False}, "owner_gone"),
        ({"status": "blocked\nby<b>"}, "owner_disabled"),
        ({"status": "invited"}, None),
        ({"status": None}, None),
        ({"status": "disabled", "may_make_keys": False}, "owner_disabled"),
        ({"may_make_keys": None}, None),
    ],
)
def test_an_owner_is_gone_disabled_or_not_allowed_and_told_once(differences, rule):
    findings = found(owned(owner={**ANA, **differences}))
    assert rules(findings) == ([rule] if rule else [])
    assert all("\n" not in each.what for each in findings)


def test_of_an_unknown_owner_and_of_who_made_a_scim_key_no_permission_is_asked():
    assert found(owned(owner=None)) == []
    assert found(scim(owner={**ANA, "may_make_keys": False})) == []
    assert rules(found(scim(owner={**ANA, "status": "disabled"}))) == ["owner_disabled"]


@pytest.mark.parametrize(
    ("owner", "whose"),
    [
        ({"name": None}, "ana@example.com"),
        ({"email": None}, "Ana"),
        ({"name": None, "email": None}, "auth0|ana"),
        ({"name": "", "email": "", "subject": None}, f"user {USER_ID}"),
    ],
)
def test_an_owner_is_named_by_what_is_known(owner, whose):
    assert [each.whose for each in found(owned(owner={**ANA, **owner}, **SOON))] == [whose]


@pytest.mark.parametrize(
    ("policy", "config", "days", "is_found"),
    [
        ({}, CONFIG, 90, False),
        ({}, CONFIG, 91, True),
        ({"longest_life": "P30D"}, CONFIG, 31, True),
        ({"longest_life": "P365D"}, CONFIG, 300, False),
        ({}, None, 9999, False),
        ({}, replace(CONFIG, max_api_key_expiry="for ever"), 9999, False),
    ],
)
def test_a_key_lives_too_long_by_the_policy_or_else_by_the_tenants_limit(policy, config, days, is_found):
    key = owned(created=after(), expiry=after(days=days))
    assert rules(found(key, policy=policy, config=config)) == ["lives_too_long"] * is_found


def test_a_scim_key_has_a_limit_of_its_own_and_a_key_of_an_unknown_kind_none():
    assert found(scim(created=after(), expiry=after(days=365))) == []
    assert rules(found(scim(created=after(), expiry=after(days=366)))) == ["lives_too_long"]
    assert found(owned(sub_type="robot", expiry=after(days=999))) == []


def test_a_key_was_rotated_lately_enough_up_to_the_bound():
    policy = {"longest_life": "P999D"}
    assert found(owned(created=after(days=-365, hours=SECOND)), policy=policy) == []
    assert rules(found(owned(created=after(days=-365)), policy=policy)) == ["not_rotated"]
    assert rules(found(owned(created=after(days=-30)), policy={**policy, "rotated_within": "P30D"})) == ["not_rotated"]
    assert found(owned(created=None)) == []


def test_an_unused_description_is_what_the_policy_says():
    assert rules(found(owned(description="left over"), policy={"unused_description": "^left"})) == [
        "unused_description"
    ]
    assert found(owned(description="a test"), policy={"unused_description": "^left"}) == []


@pytest.mark.parametrize(
    ("provider", "what"),
    [({"active": None, "provider": None}, "is there no more"), ({"active": False}, "is not active"), ({}, None)],
)
def test_a_provider_is_not_active_or_not_there(provider, what):
    findings = found(scim(identity_provider={**ENTRA, **provider}))
    assert [each.what.partition("which ")[2] for each in findings] == ([f"{what}."] if what else [])


def test_of_a_provider_that_cannot_be_seen_and_of_users_keys_nothing_is_told():
    assert found(scim(identity_provider=None)) == []
    assert found(owned(identity_provider={**ENTRA, "active": False})) == []


@pytest.mark.parametrize(
    ("count", "policy", "limit", "is_found"),
    [(5, {}, 5, True), (4, {}, 5, False), (4, {"keys_per_owner": 4}, 5, False), (5, {"keys_per_owner": 4}, 9, True),
     (9, {"keys_per_owner": 9}, 9, False), (9, {}, None, False)],
)  # fmt: skip
def test_an_owner_has_too_many_keys_by_the_policy_or_else_where_the_tenant_makes_no_more(
    count, policy, limit, is_found
):
    keys = [owned(f"key-{number}") for number in range(count)]
    findings = found(*keys, policy=policy, config=replace(CONFIG, max_keys_per_user=limit))
    assert [(each.rule, each.whose, each.key_id) for each in findings] == [("too_many_keys", WHOSE, None)] * is_found


def test_only_active_keys_of_users_are_counted_each_users_by_themselves():
    keys = [
        owned("mine", owner=None),
        owned("ended", status="expired", expiry=after(days=-1), successor="mine"),
        scim(key_id="scim-1"),
        scim(key_id="scim-2"),
        owned("another", sub="somebody else"),
    ]
    assert found(*keys, policy={"keys_per_owner": 1}) == []
    (finding,) = found(keys[0], keys[0], policy={"keys_per_owner": 1})
    assert (finding.what, finding.whose) == (f"{USER_ID} has 2 active API keys, more than 1.", None)


@pytest.mark.parametrize(
    ("wished", "roles", "what"),
    [
        (None, ("A", "B"), None),
        (["A", "B", "C"], ("A", "B"), None),
        ([], ("B", "A"), "The roles A, B may make API keys as well. Meant to: no role."),
        (["A"], ("A", "B"), "The role B may make API keys as well. Meant to: A."),
    ],
)
def test_more_roles_than_are_meant_to_may_make_keys(wished, roles, what):
    findings = found(key_creators=key_creators(*roles), policy={"permission_roles": wished})
    assert [each.what for each in findings] == ([what] if what else [])


def test_that_everybody_may_is_said():
    (finding,) = found(key_creators=key_creators("UserDefault", everybody=True), policy={"permission_roles": ["A"]})
    assert finding.what == "The role UserDefault may make API keys as well, so everybody may. Meant to: A."


def test_where_roles_or_limits_cannot_be_seen_nothing_is_said_of_them():
    assert found(owned(expiry=after(days=999)), key_creators=None, config=None, policy={"permission_roles": []}) == []


def test_a_sentence_that_ends_in_a_dot_is_not_ended_twice():
    for valid in (False, None):
        (finding,) = found(stored_tokens=[stored(valid, "It cannot be read.", token_file=None)])
        assert finding.what.endswith("It cannot be read.")
        assert " in /t" not in finding.what


def test_the_most_severe_come_first_and_others_stay_in_their_order():
    findings = found(
        owned("a", description="test", **SOON),
        owned("b", expiry=after(days=1)),
        owned("c", **SOON),
        fail_within="P2D",
        stored_tokens=[stored(None), stored(False)],
    )
    assert [(each.severity, each.rule, each.key_id) for each in findings] == [
        ("error", "stored_token_invalid", "key-1"),
        ("error", "expires_soon", "b"),
        ("warning", "expires_soon", "a"),
        ("warning", "expires_soon", "c"),
        ("note", "stored_token_unread", "key-1"),
        ("note", "unused_description", "a"),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_others_stay_in_one_line_of_bounded_length(text):
    owner = {**ANA, "name": text, "email": None, "status": text or None}
    findings = found(
        owned(description=text, owner=owner, **SOON),
        scim(key_id="s", description=text, identity_provider={"id": text, "provider": text, "active": False}, **SOON),
        stored_tokens=[stored(False, text, description=text), stored(None, text, is_due=False)],
        key_creators=key_creators(text),
        policy={"permission_roles": [], "keys_per_owner": 1, "unused_description": ".*"},
        sees_all=False,
        requester=text,
    )
    assert {"expires_soon", "inactive_provider", "permission_too_wide", "partial_view"} <= set(rules(findings))
    for each in findings:
        assert len(each.what) <= 300 and len(each.whose or "") <= 100
        assert each.what.isprintable() and (each.whose or "").isprintable()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "less than a minute"), (59, "less than a minute"), (60, "1 minute"), (3599, "59 minutes"), (3600, "1 hour"),
     (86399, "23 hours"), (86400, "1 day"), (172799, "1 day"), (172800, "2 days")],
)  # fmt: skip
def test_a_span_is_told_in_its_largest_unit_and_never_longer_than_it_is(seconds, words):
    assert format_duration(seconds) == words


def test_a_reason_that_asks_ends_as_it_is():
    (finding,) = found(stored_tokens=[stored(False, "the tenant refuses it; has its owner left?", token_file=None)])
    assert finding.what.endswith("is not valid: the tenant refuses it; has its owner left?")
