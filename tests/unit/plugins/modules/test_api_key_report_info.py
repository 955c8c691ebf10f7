# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says of one tenant, by ordered reads alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit import directory, tenant_calls
from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import (
    GROUPS,
    ROLES,
    USERS,
    everybody,
    expect_all_roles,
    group_record,
    role_record,
    user_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import after
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    CONFIG,
    IDP_ID,
    REFUSAL,
    TENANT_ID,
    USER,
    USER_ID,
    page,
    record,
    result_of,
    scim_record,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.set_up_calls import ENTRA, HOST, ME, expect_providers
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    KEYS,
    LIST,
    expect_config,
    expect_listing,
    expect_no_record,
    expect_record,
    expect_tenant,
)

pytestmark = pytest.mark.usefixtures("now")

INFO = "api_key_report_info"
ADMIN = {**USER, "assignedRoles": [{"name": "TenantAdmin"}]}
MAKERS = role_record("Key Makers", "api-keys")
HELD = 'assignedRoles.name eq "Key Makers" or assignedGroupsAssignedRoles.name eq "Key Makers"'
# A day of a key that lives an hour less than the tenant lets it.
FRESH = {"created": after(hours=-1), "expiry": after(hours=22)}
NOT_SOON = {"expires_within": "PT1H"}


def expect_beginning(wire, user: dict[str, Any] | None = None, **config: Any) -> None:
    wire.expects("GET", ME).answers(json=user or ADMIN)
    expect_tenant(wire)
    expect_config(wire, **config)


def expect_users(wire, condition: str, *found: dict, status: int = 200) -> None:
    asked = wire.expects("GET", USERS, query={"filter": condition, "limit": "100"})
    asked.answers(status, json=page(*found) if status == 200 else None)


def expect_owners(wire, *found: dict, ids: tuple[str, ...] = (USER_ID,), status: int = 200) -> None:
    expect_users(wire, " or ".join(f"id eq {json.dumps(each)}" for each in ids), *found, status=status)


def expect_listings(wire, *active: dict, expired: tuple[dict, ...] = ()) -> None:
    expect_listing(wire, *active, status="active")
    expect_listing(wire, *expired, status="expired")


def expect_of_everybody(wire, *active: dict, expired: tuple[dict, ...] = (), **config: Any) -> None:
    """All that is read of a tenant whose users may all make keys, whose keys are the requester's."""
    expect_beginning(wire, **config)
    expect_all_roles(wire, everybody("api-keys"))
    expect_listings(wire, *active, expired=expired)
    if active or expired:
        expect_owners(wire, user_record(USER_ID))


def report_of(ran) -> dict[str, Any]:
    assert ran.results["changed"] is False
    return ran.results["report"]


def rules(report: dict[str, Any]) -> list[str]:
    return [finding["rule"] for finding in report["findings"]]


@pytest.mark.parametrize("check", [False, True])
def test_all_of_a_tenant_is_read_in_one_order_by_reads_alone(run, wire, check, tmp_path):
    (tmp_path / "t").write_text(token_of("new"))
    nightly, old = record("new", **FRESH), record("old", **{**FRESH, "created": after(hours=-20)})
    scim = scim_record("scim-1", createdByUser="ana", description="Entra", expiry=after(days=100), created=after())
    lately = record("late", status="expired", description="weekly", sub="gone", created=None, expiry=after(days=-1))
    expect_beginning(wire)
    expect_all_roles(wire, everybody(), MAKERS)
    expect_users(wire, HELD, user_record("ana", "Key Makers"))
    long_past = record("past", status="expired", expiry=after(days=-8))
    expect_listings(wire, nightly, old, scim, expired=(lately, long_past))
    ids = (USER_ID, "ana", "gone")
    expect_owners(wire, user_record(USER_ID, "TenantAdmin"), user_record("ana", "Key Makers"), ids=ids)
    groups = [group_record("g1", "Key Makers"), group_record("g2", "Viewer")]
    wire.expects("GET", GROUPS, query={"limit": "100"}).answers(json=page(*groups))
    expect_providers(wire, ENTRA)
    wire.expects("GET", ME, bearer=token_of("new")).answers(json=USER)
    kept = {"description": "nightly reload", "token_file": str(tmp_path / "t")}
    ran = run(INFO, check=check, keys=[kept], fail_within="PT24H", permission={"role": "Key Makers"})
    report = report_of(ran)
    assert token_of("new") not in ran.text
    assert (report["tenant_id"], report["hostname"], report["enabled_by"]) == (TENANT_ID, HOST, "permission")
    assert report["read_at"] == "2026-11-22T09:15:00Z"
    assert report["config"]["max_api_key_expiry"] == CONFIG["max_api_key_expiry"]
    assert report["makers"] == {
        "everybody": False,
        "roles": ["Key Makers"],
        "users": [{"id": "ana", "name": "Name of ana", "email": "ana@example.com"}],
        "groups": [{"id": "g1", "name": "Name of g1"}],
        "complete": True,
    }
    first = report["api_keys"][0]
    assert first == {
        **result_of(nightly),
        "expires_in": 22 * 3600,
        "successor": None,
        "owner": {
            "id": USER_ID,
            "name": f"Name of {USER_ID}",
            "email": f"{USER_ID}@example.com",
            "subject": f"auth0|{USER_ID}",
            "status": "active",
            "may_make_keys": None,
        },
        "identity_provider": None,
    }
    assert [key["id"] for key in report["api_keys"]] == ["new", "old", "scim-1", "late"]
    assert [key["successor"] for key in report["api_keys"]] == [None, "new", None, None]
    assert report["api_keys"][2]["identity_provider"] == {"id": IDP_ID, "provider": "azureAD", "active": True}
    assert report["api_keys"][2]["owner"]["may_make_keys"] is True
    assert report["api_keys"][3]["owner"]["status"] == "gone"
    assert report["stored_tokens"] == [{**kept, "key_id": "new", "valid": True, "reason": "the tenant accepts it"}]
    findings = [(each["severity"], each["rule"], each["key_id"]) for each in report["findings"]]
    # The old key has lived for 42 hours by its end.
    assert findings == [
        ("error", "expires_soon", "new"),
        ("warning", "lives_too_long", "old"),
        ("warning", "expired_lately", "late"),
    ]
    assert report["policy"]["permission_roles"] == ["Key Makers"]
    assert report["policy"]["fail_within"] == "PT24H"
    assert report["summary"] == (
        f"{HOST}: 3 active keys, the first to expire in 22 hours: nightly reload; stored tokens: 1 of 1 valid; "
        "1 error, 2 warnings"
    )


def test_who_is_no_admin_sees_the_own_keys_and_is_told_so(run, wire):
    expect_beginning(wire, user=USER)
    wire.expects("GET", ROLES, query={"limit": "100"}).answers(403)
    expect_listings(wire, record(**FRESH))
    expect_owners(wire, status=403)
    report = report_of(run(INFO, policy=NOT_SOON))
    assert (report["makers"], report["api_keys"][0]["owner"]) == (None, None)
    assert [each["what"] for each in report["findings"]] == [
        "Only the API keys of Platform Automation are seen, who signs in and is no TenantAdmin."
    ]


def test_a_tenant_that_is_turned_off_may_list_no_keys(run, wire):
    expect_beginning(wire, api_keys_enabled=False)
    expect_users(wire, HELD.replace("Key Makers", "Developer"))
    wire.expects("GET", KEYS, query={**LIST, "status": "active"}).answers(403)
    wire.expects("GET", GROUPS, query={"limit": "100"}).answers(json=page())
    report = report_of(run(INFO, permission={"role": "Key Makers"}))
    assert (report["enabled_by"], report["api_keys"], rules(report)) == ("switch", [], ["turned_off"])
    assert report["policy"]["permission_roles"] is None


@pytest.mark.parametrize("config", [{}, {"api_keys_enabled": True}])
def test_any_other_tenant_that_lists_no_keys_cannot_be_read(run, wire, config):
    expect_beginning(wire, **config)
    if config:
        expect_users(wire, HELD.replace("Key Makers", "Developer"))
    else:
        expect_all_roles(wire)
    wire.expects("GET", KEYS, query={**LIST, "status": "active"}).answers(403)
    assert run(INFO).results["failure"]["path"] == KEYS


def test_where_the_configuration_is_forbidden_neither_it_nor_the_makers_are_told(run, wire):
    wire.expects("GET", ME).answers(json=ADMIN)
    expect_tenant(wire)
    wire.expects("GET", f"{KEYS}/configs/{TENANT_ID}").answers(403)
    expect_listings(wire, record(expiry=after(days=400)))
    expect_owners(wire, user_record(USER_ID))
    report = report_of(run(INFO, permission={}))
    assert (report["config"], report["makers"], report["enabled_by"], report["findings"]) == (None, None, None, [])
    assert report["api_keys"][0]["owner"]["may_make_keys"] is None


def test_groups_and_providers_that_are_forbidden_are_told_as_not_known(run, wire):
    expect_beginning(wire)
    expect_all_roles(wire, MAKERS)
    expect_users(wire, HELD)
    far = {"created": after(), "expiry": after(days=300)}
    expect_listings(wire, scim_record("s1", **far), scim_record("s2", description="other", **far))
    expect_owners(wire, user_record(USER_ID))
    wire.expects("GET", GROUPS, query={"limit": "100"}).answers(403)
    wire.expects("GET", "/api/v1/identity-providers").answers(403)
    report = report_of(run(INFO))
    assert (report["makers"]["groups"], report["makers"]["complete"]) == ([], False)
    assert [key["identity_provider"] for key in report["api_keys"]] == [None, None]
    assert report["findings"] == []


def test_a_tenant_that_does_not_find_users_by_roles_leaves_open_who_may_make_keys(run, wire):
    expect_beginning(wire)
    expect_all_roles(wire, MAKERS)
    expect_users(wire, HELD, status=400)
    expect_listings(wire, record(**FRESH))
    expect_owners(wire, user_record(USER_ID))
    wire.expects("GET", GROUPS, query={"limit": "100"}).answers(json=page())
    report = report_of(run(INFO, policy=NOT_SOON))
    assert (report["makers"]["complete"], report["api_keys"][0]["owner"]["may_make_keys"]) == (False, None)
    assert report["findings"] == []


def test_an_owner_without_the_role_may_not_use_keys(run, wire):
    expect_beginning(wire)
    expect_all_roles(wire, MAKERS)
    expect_users(wire, HELD)
    expect_listings(wire, record(**FRESH))
    expect_owners(wire, user_record(USER_ID, "Viewer"))
    wire.expects("GET", GROUPS, query={"limit": "100"}).answers(json=page())
    report = report_of(run(INFO, policy=NOT_SOON))
    assert (rules(report), report["api_keys"][0]["owner"]["may_make_keys"]) == (["owner_not_allowed"], False)


def test_of_many_groups_ten_pages_are_looked_at(run, wire):
    expect_beginning(wire)
    expect_all_roles(wire, MAKERS)
    expect_users(wire, HELD)
    expect_listings(wire)
    for number in range(11):
        query = {"page": str(number)} if number else {"limit": "100"}
        groups = [group_record(f"g{number}-{each}", "Viewer") for each in range(100)]
        groups[0] = group_record(f"g{number}", "Key Makers")
        following = f"https://tenant.example.com{GROUPS}?page={number + 1}"
        wire.expects("GET", GROUPS, query=query).answers(json=page(*groups, next={"href": following}))
    makers = report_of(run(INFO))["makers"]
    # One more is read, to see that there are more.
    assert ([group["id"] for group in makers["groups"]], makers["complete"]) == (
        [*(f"g{number}" for number in range(11))],
        False,
    )


def test_of_many_makers_some_are_told(run, wire):
    expect_beginning(wire)
    expect_all_roles(wire, MAKERS)
    expect_users(wire, HELD, *(user_record(f"u{number}") for number in range(501)))
    expect_listings(wire)
    wire.expects("GET", GROUPS, query={"limit": "100"}).answers(json=page())
    makers = report_of(run(INFO))["makers"]
    assert (len(makers["users"]), makers["complete"]) == (500, False)


def test_a_key_that_expires_between_the_two_listings_is_one_key(run, wire):
    ending = record("ending", created=None, expiry=after(hours=-1))
    expect_of_everybody(wire, ending, expired=({**ending, "status": "expired"},))
    report = report_of(run(INFO))
    assert [(key["id"], key["status"]) for key in report["api_keys"]] == [("ending", "expired")]
    assert rules(report) == ["expired_lately"]


def stored(report: dict[str, Any]) -> tuple[Any, ...]:
    (only,) = report["stored_tokens"]
    return only["key_id"], only["valid"], only["reason"]


@pytest.mark.parametrize(
    ("kept", "expected", "rule"),
    [
        ({"token": ""}, (None, False, "the store has none"), "stored_token_invalid"),
        ({"token": "no token"}, (None, False, "it is not the token of an API key"), "stored_token_invalid"),
        (
            {"token": token_of("x", tenantId="another")},
            ("x", False, "it belongs to another tenant, another"),
            "stored_token_invalid",
        ),
        ({"key_id": ""}, ("", False, "the store has none"), "stored_token_invalid"),
        (
            {"key_id": "key-1"},
            ("key-1", None, "its API key is active, and its store gives nothing back, so the token cannot be read"),
            "stored_token_unread",
        ),
    ],
)
def test_what_a_store_holds_is_judged_without_a_request_where_that_suffices(run, wire, kept, expected, rule):
    expect_of_everybody(wire, record(**FRESH))
    report = report_of(run(INFO, policy=NOT_SOON, keys=[{"description": "nightly reload", **kept}]))
    assert stored(report)[1:] == expected[1:]
    assert (stored(report)[0] or "") == (expected[0] or "")
    assert rules(report) == [rule]


@pytest.mark.parametrize("name", ["keys", "scim_keys"])
def test_where_neither_a_key_nor_a_token_is_there_one_is_to_be_made(run, wire, name, tmp_path):
    expect_of_everybody(wire, record(**FRESH))
    kept = {"description": "Entra", "token_file": str(tmp_path / "none")}
    report = report_of(
        run(INFO, policy=NOT_SOON, **{name: [{**kept, **({"idp_id": IDP_ID} if name == "scim_keys" else {})}]})
    )
    assert rules(report) == ["key_missing"]
    assert report["findings"][0]["severity"] == "warning"


def test_the_same_description_of_another_kind_is_no_such_key(run, wire):
    expect_of_everybody(wire, record(**FRESH))
    kept = {"description": "nightly reload", "idp_id": IDP_ID, "token": ""}
    assert rules(report_of(run(INFO, policy=NOT_SOON, scim_keys=[kept]))) == ["key_missing"]


def test_a_file_that_cannot_be_read_is_told_with_its_path(run, wire, tmp_path):
    (tmp_path / "t").mkdir()
    expect_of_everybody(wire, record(**FRESH))
    kept = {"description": "nightly reload", "token_file": str(tmp_path / "t")}
    report = report_of(run(INFO, policy=NOT_SOON, keys=[kept]))
    assert stored(report)[1] is False and str(tmp_path / "t") in stored(report)[2]
    assert rules(report) == ["stored_token_invalid"]
    assert not report["findings"][0]["what"].endswith("..")


def test_the_token_of_an_expired_key_is_not_tried(run, wire):
    ended = record("ended", status="expired", expiry=after(days=-400), created=None)
    expect_beginning(wire)
    expect_all_roles(wire, everybody("api-keys"))
    expect_listings(wire, expired=(ended,))
    report = report_of(run(INFO, keys=[{"description": "nightly reload", "token": token_of("ended")}]))
    assert stored(report) == ("ended", False, "its API key has expired")


def test_a_key_that_was_not_listed_is_asked_for(run, wire):
    expect_of_everybody(wire)
    revoked = record("revoked", status="revoked")
    expect_record(wire, revoked)
    expect_no_record(wire, "none")
    ids = [{"description": "a", "key_id": "revoked"}, {"description": "b", "key_id": "none"}]
    report = report_of(run(INFO, keys=ids))
    assert [(each["valid"], each["reason"]) for each in report["stored_tokens"]] == [
        (False, "its API key is revoked"),
        (False, "the tenant has no record of its API key"),
    ]


def test_a_token_that_could_not_be_tried_is_not_called_invalid(run, wire):
    expect_of_everybody(wire, record(**FRESH))
    wire.expects("GET", ME, bearer=token_of("key-1")).answers(403, text="<html>a proxy</html>")
    report = report_of(run(INFO, policy=NOT_SOON, keys=[{"description": "nightly reload", "token": token_of("key-1")}]))
    assert stored(report)[1] is None
    assert rules(report) == ["stored_token_unread"]


def test_a_token_that_the_tenant_refuses_is_invalid_although_its_key_is_active(run, wire):
    expect_of_everybody(wire, record(**FRESH))
    wire.expects("GET", ME, bearer=token_of("key-1")).answers(401)
    report = report_of(run(INFO, policy=NOT_SOON, keys=[{"description": "nightly reload", "token": token_of("key-1")}]))
    assert stored(report)[:2] == ("key-1", False)


def test_of_keys_that_are_not_kept_or_are_to_be_absent_nothing_is_asked(run, wire):
    expect_of_everybody(wire, record(**FRESH))
    listed = [{"description": "nightly reload"}, {"description": "x", "state": "absent", "token": ""}]
    assert report_of(run(INFO, policy=NOT_SOON, keys=listed))["stored_tokens"] == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"policy": {"expires_within": "soon"}}, "policy.expires_within: 'soon' is not an ISO 8601 duration"),
        ({"policy": {"severities": {"x": "error"}}}, "policy.severities.x: there is no such rule."),
        ({"fail_within": "3 days"}, "fail_within: '3 days' is not an ISO 8601 duration"),
        ({"fail_within": "P0D"}, "fail_within: 'P0D' is not longer than zero"),
        ({"permission": {"role": ["a"]}}, "permission.role: must be the name of a role."),
        (
            {"keys": [{"description": "a"}, {"description": "b", "token_file": " "}]},
            "keys[1].token_file: must not be empty.",
        ),
        ({"keys": [{"token": ""}]}, "keys[0].description: needed to say which key is meant, unless id names it."),
        (
            {"scim_keys": [{"description": "b", "idp_id": "x", "expiry": "1y"}]},
            "scim_keys[0].expiry: '1y' is not an ISO 8601 duration",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_before_any_request(run, options, expected):
    assert run(INFO, **options).message.startswith(expected)


def documented_runs(wire, run) -> list[dict]:
    """The results of runs that together return all that the module documents."""
    token = token_of("key-1")
    wire.expects("GET", "/api/v1/users/me").answers(json={**tenant_calls.USER, "roles": ["TenantAdmin"]})
    tenant_calls.expect_tenant(wire)
    wire.expects("GET", tenant_calls.CONFIGS).answers(json=CONFIG)
    directory.expect_all_roles(wire, directory.role_record("Key Makers", "api-keys"))
    makers = 'assignedRoles.name eq "Key Makers" or assignedGroupsAssignedRoles.name eq "Key Makers"'
    user = directory.user_record(tenant_calls.USER_ID)
    wire.expects("GET", directory.USERS, query={"filter": makers, "limit": "100"}).answers(json=page(user))
    tenant_calls.expect_listing(wire, record(), scim_record("key-2"), status="active")
    tenant_calls.expect_listing(wire, status="expired")
    owner = {"filter": f'id eq "{tenant_calls.USER_ID}"', "limit": "100"}
    wire.expects("GET", directory.USERS, query=owner).answers(json=page(user))
    wire.expects("GET", directory.GROUPS, query={"limit": "100"}).answers(
        json=page(directory.group_record("group-1", "Key Makers"))
    )
    wire.expects("GET", "/api/v1/identity-providers").answers(json=page({"id": IDP_ID, "tenantIds": [TENANT_ID]}))
    wire.expects("GET", "/api/v1/users/me", bearer=token).answers(json=tenant_calls.USER)
    found = run("api_key_report_info", keys=[{"description": "nightly reload", "token": token}]).results
    wire.expects("GET", "/api/v1/users/me").answers(403, json=REFUSAL)
    return [found, run("api_key_report_info").results]
