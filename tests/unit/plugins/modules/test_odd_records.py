# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers, nulls, lists and odd text where a tenant should answer something else, for every noun that modules read."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import (
    GROUPS,
    USERS,
    expect_all_roles,
    expect_group,
    expect_role,
    expect_user,
    group_record,
    role_record,
    user_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.module_runs import check_output
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    CONFIG,
    TENANT,
    TENANT_ID,
    USER,
    USER_ID,
    page,
    record,
    result_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    CONFIGS,
    KEYS,
    LIST,
    NIGHTLY,
    expect_config,
    expect_listing,
    expect_my_keys,
    expect_requester,
    expect_tenant,
    steps,
)

ME = "/api/v1/users/me"
PROVIDERS = "/api/v1/identity-providers"
NUMBER, TRUE, LIST_OF_TEXT, OBJECT, DEEP = 5, True, ["x"], {"x": "y"}, [[[{"x": [None]}]]]
ODD = {"number": NUMBER, "true": TRUE, "list": LIST_OF_TEXT, "object": OBJECT, "nested": DEEP}
ODD_IDS = {**ODD, "null": None, "empty": "", "dots": "..", "blank": "a b", "surrogate": "\ud800", "long": "i" * 300}
# No time that a date can hold, each for another reason.
ODD_TIMES = [
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "2026-02-30T00:00:00Z",
    "2026-11-22T09:15:00+99999999999999999999",
    "٢٠٢٦-11-22T09:15:00Z",
    "soon",
    "",
    "\ud800",
    "x" * 60_000,
]


@pytest.mark.parametrize("odd", ODD_IDS.values(), ids=ODD_IDS)
@pytest.mark.parametrize("field", ["id", "tenantId"])
def test_who_signs_in_must_have_ids(run, wire, field, odd):
    wire.expects("GET", ME).answers(json={**USER, field: odd})
    result = run("tenant_info")
    assert f"has no usable {field!r}" in result.message
    check_output(result)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("field", ["name", "email", "subject"])
def test_what_else_is_told_of_who_signs_in_may_be_odd(run, wire, field, odd):
    wire.expects("GET", ME).answers(json={**USER, field: odd})
    expect_tenant(wire)
    expect_config(wire)
    expect_all_roles(wire)
    result = run("tenant_info")
    assert result.results["requester"][field] is None
    assert result.warnings == [f"user {USER_ID} came with a {field!r} that is no text; it counts as missing."]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        *((odd, []) for odd in (NUMBER, TRUE, OBJECT, DEEP, "TenantAdmin", [None, 5, {"name": 5}, {}])),
        ([{"name": "TenantAdmin"}, {"name": ["x"]}, None], ["TenantAdmin"]),
        (["b", "a", 5], ["a", "b"]),
    ],
)
@pytest.mark.parametrize("field", ["assignedRoles", "roles"])
def test_of_their_roles_those_count_that_are_texts(run, wire, field, roles, expected):
    wire.expects("GET", ME).answers(json={**USER, field: roles})
    expect_tenant(wire)
    expect_config(wire)
    expect_all_roles(wire)
    assert run("tenant_info").results["requester"]["roles"] == expected


@pytest.mark.parametrize("answer", [*ODD.values(), None, "text", []])
def test_who_signs_in_and_the_tenant_must_be_objects(run, wire, answer):
    for expect_before in (lambda wire: None, expect_requester):
        expect_before(wire)
        wire.expects("GET", ME if expect_before is not expect_requester else "/api/v1/tenants/me").answers(json=answer)
        result = run("tenant_info")
        assert result.message.endswith("Is this the address of a Qlik Cloud tenant?")
        check_output(result)


@pytest.mark.parametrize(
    ("field", "odd"),
    [
        *(("id", odd) for odd in ODD_IDS.values()),
        *(("hostnames", odd) for odd in (NUMBER, TRUE, OBJECT, DEEP, ["a", 5], "a")),
    ],
)
def test_a_tenant_must_have_an_id_and_names_that_are_texts(run, wire, field, odd):
    expect_requester(wire)
    wire.expects("GET", "/api/v1/tenants/me").answers(json={**TENANT, field: odd})
    result = run("tenant_info")
    assert f"has no usable {field!r}" in result.message
    check_output(result)


@pytest.mark.parametrize("hostnames", [None, []])
def test_a_tenant_may_have_no_host_names(run, wire, hostnames):
    expect_requester(wire)
    wire.expects("GET", "/api/v1/tenants/me").answers(json={**TENANT, "hostnames": hostnames, "name": 5})
    expect_config(wire)
    expect_all_roles(wire)
    result = run("tenant_info")
    assert result.results["tenant"] == {"id": TENANT_ID, "name": None, "hostname": None, "hostnames": []}
    assert [warning[:44] for warning in result.warnings] == [f"tenant {TENANT_ID} came"]


@pytest.mark.parametrize("module", ["api_key_config", "tenant_info"])
@pytest.mark.parametrize(
    ("setting", "odd"),
    [
        *(("max_keys_per_user", odd) for odd in ("5", TRUE, 5.5, LIST_OF_TEXT, OBJECT)),
        *(("max_api_key_expiry", odd) for odd in (NUMBER, TRUE, LIST_OF_TEXT, OBJECT)),
        *(("scim_externalClient_expiry", odd) for odd in (NUMBER, TRUE, LIST_OF_TEXT, OBJECT)),
        *(("api_keys_enabled", odd) for odd in (NUMBER, 0, "true", LIST_OF_TEXT, OBJECT)),
    ],
)
def test_a_setting_of_another_kind_is_named(run, wire, module, setting, odd):
    if module == "tenant_info":
        expect_requester(wire)
        expect_tenant(wire)
    wire.expects("GET", CONFIGS).answers(json={**CONFIG, setting: odd})
    result = run(module, **({"tenant_id": TENANT_ID} if module == "api_key_config" else {}))
    assert f"with a configuration whose {setting!r} is no " in result.message
    check_output(result)


@pytest.mark.parametrize(
    "odd",
    [*ODD.values(), None, "text", *({"id": odd} for odd in ODD_IDS.values()), {"id": "odd-1", "tenantIds": NUMBER}, {}],
)
def test_an_odd_provider_is_left_out_with_a_warning_and_hides_no_other(run, wire, odd):
    wire.expects("GET", PROVIDERS).answers(json=page({"id": "idp-1"}, odd, {"id": "idp-2"}))
    result = run("identity_provider_info")
    assert [provider["id"] for provider in result.results["identity_providers"]] == ["idp-1", "idp-2"]
    [warning] = result.warnings
    assert warning.startswith(
        "Left out: GET /api/v1/identity-providers was answered 200 with a record, identity provider"
    )
    check_output(result)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("field", ["provider", "protocol", "description"])
def test_a_provider_that_is_odd_in_what_decides_nothing_is_told_without_it(run, wire, field, odd):
    wire.expects("GET", PROVIDERS).answers(json=page({"id": "idp-1", field: odd, "active": "true", "interactive": 1}))
    result = run("identity_provider_info")
    [provider] = result.results["identity_providers"]
    assert (provider[field], provider["active"], provider["interactive"]) == (None, False, False)
    assert result.warnings == [f"identity provider idp-1 came with a {field!r} that is no text; it counts as missing."]


@pytest.mark.parametrize("found", [{"id": "other"}, {"id": ["idp-1"]}, {}, {"id": "idp-1", "tenantIds": [5]}])
def test_one_that_was_asked_for_by_its_id_is_not_left_out(run, wire, found):
    wire.expects("GET", f"{PROVIDERS}/idp-1").answers(json=found)
    result = run("identity_provider_info", id="idp-1")
    assert result.message.startswith("GET /api/v1/identity-providers/idp-1 was answered 200 with")
    check_output(result)


ODD_KEYS = [
    *ODD.values(),
    None,
    {},
    *({**record("odd"), "id": odd} for odd in ODD_IDS.values()),
    *(
        {**record("odd"), field: odd}
        for field in ("description", "status", "sub", "subType")
        for odd in (None, *ODD.values())
    ),
    {**record("odd"), "status": "suspended"},
    {**record("odd"), "status": ""},
]


@pytest.mark.parametrize("odd", ODD_KEYS)
def test_an_odd_key_is_left_out_with_a_warning_where_nothing_depends_on_it(run, wire, odd):
    expect_listing(wire, record("key-1"), odd, record("key-2"))
    result = run("api_key_info")
    assert [key["id"] for key in result.results["api_keys"]] == ["key-1", "key-2"]
    assert len(result.warnings) == 1 and result.warnings[0].startswith(
        "Left out: GET /api/v1/api-keys was answered 200"
    )
    check_output(result)


@pytest.mark.parametrize("odd", ODD_KEYS)
def test_an_odd_key_makes_no_run_on_another_one_fail(run, wire, odd):
    """Unless it may be that one."""
    expect_my_keys(wire, record("weekly-1", description="weekly"), odd)
    result = run("api_key", description="weekly")
    assert (result.results["changed"], result.results["api_key"]["id"]) == (False, "weekly-1")
    check_output(result)


@pytest.mark.parametrize("field", ["created", "expiry", "lastUpdated", "createdByUser", "tenantId"])
@pytest.mark.parametrize("odd", [*ODD.values(), None])
def test_a_key_that_is_odd_in_what_may_be_missing_is_told_without_it(run, wire, field, odd):
    expect_listing(wire, {**record("key-1"), field: odd})
    result = run("api_key_info")
    [found] = result.results["api_keys"]
    assert found.items() >= {**result_of({**record("key-1"), field: None}), "successor": None}.items()
    assert (found["expires_in"] is None) is (field == "expiry")
    message = f"API key key-1 came with a {field!r} that is no text; it counts as missing."
    assert result.warnings == ([] if odd is None else [message])


@pytest.mark.parametrize("field", ["created", "expiry", "lastUpdated"])
@pytest.mark.parametrize("odd", ODD_TIMES)
def test_a_time_that_is_none_stops_nothing(run, wire, field, odd):
    expect_listing(wire, record("key-1", **{field: odd}))
    listed = run("api_key_info")
    assert [key["id"] for key in listed.results["api_keys"]] == ["key-1"]
    check_output(listed)
    expect_my_keys(wire, record("key-1", **{field: odd}))
    kept = run("api_key", expiry="P30D", renew_before="P14D", overlap="P2D", **NIGHTLY)
    assert kept.results["changed"] is False
    check_output(kept)


@pytest.mark.parametrize(
    "found", [*ODD.values(), None, {**record("key-1"), "id": "other"}, {**record("key-1"), "status": 5}]
)
def test_a_key_that_was_asked_for_by_its_id_must_be_that_and_usable(run, wire, found):
    for module in ("api_key", "api_key_info"):
        wire.expects("GET", f"{KEYS}/key-1").answers(json=found)
        result = run(module, id="key-1")
        assert result.message.startswith("GET /api/v1/api-keys/key-1 was answered 200 with")
        check_output(result)


@pytest.mark.parametrize(
    "odd", [*ODD.values(), None, {}, {"id": "odd-1", "name": 5}, {"id": "odd-1", "name": ["Key Makers"]}]
)
def test_an_odd_role_is_passed_over(run, wire, odd):
    expect_role(wire, "Key Makers", odd, role_record("Key Makers", "api-keys"))
    result = run("api_key_permission", role="Key Makers")
    assert result.results["changed"] is False
    # It may have the permission as well.
    [warning] = result.warnings
    assert warning.startswith("Left out: GET /api/v1/roles was answered 200 with a record, role")


@pytest.mark.parametrize(
    ("field", "odd"),
    [
        *(("id", odd) for odd in ODD_IDS.values()),
        *(("type", odd) for odd in (None, *ODD.values())),
        *(("assignedScopes", odd) for odd in (NUMBER, TRUE, OBJECT, DEEP, "api-keys", ["a", 5])),
    ],
)
def test_the_role_that_is_meant_must_be_usable(run, wire, field, odd):
    expect_role(wire, "Key Makers", role_record("Key Makers", "a", **{field: odd}))
    result = run("api_key_permission", role="Key Makers")
    assert f"has no usable {field!r}" in result.message
    check_output(result)


@pytest.mark.parametrize("scopes", [None, []])
def test_a_role_may_have_no_scopes_and_an_odd_description(run, wire, scopes):
    expect_role(wire, "Key Makers", role_record("Key Makers", assignedScopes=scopes, description=5, canEdit="yes"))
    result = run("api_key_permission", check=True, role="Key Makers")
    assert steps(result.results) == ["update role-1"]
    assert result.warnings == ["role role-1 came with a 'description' that is no text; it counts as missing."]


@pytest.mark.parametrize("odd", [*ODD.values(), None, {}, {"id": 5, "email": ["user-1"], "subject": None}])
def test_odd_users_and_groups_are_passed_over(run, wire, odd):
    expect_role(wire, "Key Makers", role_record("Key Makers", "api-keys"))
    expect_user(wire, "user-1", odd, user_record("user-1", "Key Makers"))
    expect_group(wire, "group-1", odd, group_record("group-1", "Key Makers"))
    result = run("api_key_permission", role="Key Makers", users=["user-1"], groups=["group-1"])
    assert result.results["changed"] is False
    check_output(result)


@pytest.mark.parametrize(
    ("field", "odd"),
    [
        *(("name", odd) for odd in (None, *ODD.values())),
        *(
            ("assignedRoles", odd)
            for odd in (None, NUMBER, TRUE, OBJECT, DEEP, "Key Makers", [None], [{"name": 5}], [{}])
        ),
    ],
)
@pytest.mark.parametrize("kind", ["users", "groups"])
def test_users_and_groups_that_are_meant_must_be_usable(run, wire, kind, field, odd):
    """What roles they have is not known otherwise, and would be lost when others are set."""
    expect_role(wire, "Key Makers", role_record("Key Makers", "api-keys"))
    if kind == "users":
        expect_user(wire, "user-1", user_record("user-1", **{field: odd}))
    else:
        expect_group(wire, "group-1", group_record("group-1", **{field: odd}))
    result = run("api_key_permission", role="Key Makers", **{kind: [f"{kind[:-1]}-1"]})
    assert f"has no usable {field!r}" in result.message
    check_output(result)


@pytest.mark.parametrize("page_of", [USERS, GROUPS])
@pytest.mark.parametrize("answer", [*ODD.values(), {"data": None}, {"data": OBJECT}, {"links": {}}])
def test_a_page_without_records_is_no_empty_page(run, wire, page_of, answer):
    expect_role(wire, "Key Makers", role_record("Key Makers", "api-keys"))
    named_by = {USERS: ("id", "email", "subject"), GROUPS: ("id", "name")}[page_of]
    query = {"filter": " or ".join(f'{name} eq "x"' for name in named_by), "limit": "100"}
    wire.expects("GET", page_of, query=query).answers(json=answer)
    kind = "users" if page_of == USERS else "groups"
    result = run("api_key_permission", role="Key Makers", state="absent", **{kind: ["x"]})
    assert result.message.endswith("Is this the address of a Qlik Cloud tenant?")
    check_output(result)


@pytest.mark.parametrize(
    "odd", [*ODD.values(), {"next": NUMBER}, {"next": {"href": NUMBER}}, {"next": {"href": ["x"]}}]
)
def test_a_list_with_links_of_another_kind_is_not_taken_for_whole(run, wire, odd):
    wire.expects("GET", KEYS, query=LIST).answers(json={"data": [record("key-1")], "links": odd})
    result = run("api_key_info")
    message = result.results.get("msg", "")
    is_address = isinstance(odd, dict) and isinstance(odd.get("next"), dict)
    assert ("a next link to another host, or that is no address" in message) is is_address
    is_form = not isinstance(odd, dict) or ("next" in odd and not is_address)
    assert ("links of another form than documented, so whether more pages follow is not known" in message) is is_form
    check_output(result)
