# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation says is returned is what is returned: nothing more, and nothing that never comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import ROLE_DESCRIPTION
from ansible_collections.tenantops.qlik_cloud.tests.unit import directory
from ansible_collections.tenantops.qlik_cloud.tests.unit import event_calls as events
from ansible_collections.tenantops.qlik_cloud.tests.unit import permission_calls as permission
from ansible_collections.tenantops.qlik_cloud.tests.unit import set_up_calls as set_up
from ansible_collections.tenantops.qlik_cloud.tests.unit import tenant_calls as tenant
from ansible_collections.tenantops.qlik_cloud.tests.unit.project import MODULES
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    CONFIG,
    IDP_ID,
    TENANT_ID,
    page,
    record,
    refused,
    scim_record,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import Wire

OF_ANSIBLE = {"changed", "failed", "msg"}
TYPES = {"str": str, "int": int, "bool": bool, "list": list, "dict": dict}
SPAN = "2026-11-22T00:00:00.000Z/2026-11-23T00:00:00.000Z"
REFUSAL = refused("CODE-1", "No", detail="Not at all")

Runs = list[dict]


def runs_of_tenant_info(wire: Wire, run: Callable) -> Runs:
    user = {**tenant.USER, "email": "platform@example.com", "roles": ["TenantAdmin"]}
    wire.expects("GET", "/api/v1/users/me").answers(json=user)
    tenant.expect_tenant(wire)
    tenant.expect_config(wire)
    directory.expect_all_roles(wire)
    told = run("tenant_info").results
    wire.expects("GET", "/api/v1/users/me").answers(403, json=REFUSAL)
    return [told, run("tenant_info").results]


def runs_of_api_key_config(wire: Wire, run: Callable) -> Runs:
    tenant.expect_config(wire, api_keys_enabled=False)
    tenant.expect_config_change(wire, api_keys_enabled=True)
    tenant.expect_config(wire, api_keys_enabled=True)
    changed = run("api_key_config", diff=True, tenant_id=TENANT_ID, api_keys_enabled=True).results
    wire.expects("GET", tenant.CONFIGS).answers(403, json=REFUSAL)
    return [changed, run("api_key_config", tenant_id=TENANT_ID).results]


def runs_of_api_key_info(wire: Wire, run: Callable) -> Runs:
    tenant.expect_listing(wire, record())
    directory.expect_generation(wire)
    directory.expect_all_roles(wire, directory.everybody("api-keys"))
    query = {"filter": f'id eq "{tenant.USER_ID}"', "limit": "100"}
    wire.expects("GET", directory.USERS, query=query).answers(json=page(directory.user_record(tenant.USER_ID)))
    found = run("api_key_info", with_owner=True).results
    for asked in ("sub", "createdByUser"):
        tenant.expect_listing(wire, record(), **{asked: tenant.USER_ID})
    of_owner = run("api_key_info", owner=tenant.USER_ID).results
    wire.expects("GET", tenant.KEYS, query=tenant.LIST).answers(403, json=REFUSAL)
    return [found, of_owner, run("api_key_info").results]


def runs_of_api_key_event_info(wire: Wire, run: Callable) -> Runs:
    between = dict(zip(("since", "until"), SPAN.split("/")))
    events.expect_all_events(wire, events.event_record(), events.validation_record(), span=SPAN)
    found = run("api_key_event_info", **between).results
    events.expect_type(wire, events.TYPES["created"][0], span=SPAN).answers(403, json=REFUSAL)
    return [found, run("api_key_event_info", **between).results]


def runs_of_api_key_permission(wire: Wire, run: Callable) -> Runs:
    makers = directory.role_record("Key Makers", "api-keys", description=ROLE_DESCRIPTION)
    directory.expect_role(wire, "Key Makers", makers)
    directory.expect_user(wire, "user-1", directory.user_record())
    directory.expect_group(wire, "group-1", directory.group_record("group-1", "Key Makers"))
    permission.expect_user_roles(wire, "user-1", (), ("Key Makers",))
    given = run("api_key_permission", diff=True, role="Key Makers", users=["user-1"], groups=["group-1"]).results
    directory.expect_role(wire, "Key Makers", makers)
    permission.expect_role_deleted(wire, "role-1")
    taken = run("api_key_permission", role="Key Makers", state="absent").results
    directory.expect_role(wire, "Key Makers", directory.role_record())
    directory.expect_user(wire, "user-1", directory.user_record())
    permission.expect_scope_given(wire, directory.role_record())
    wire.expects("GET", f"{directory.USERS}/user-1").answers(403, json=REFUSAL)
    return [given, taken, run("api_key_permission", role="Key Makers", users=["user-1"]).results]


def runs_of_tenant(wire: Wire, run: Callable, token_file: str) -> Runs:
    keys = [{**tenant.NIGHTLY, "token_file": token_file, "return_token": True}, {"description": "weekly"}]
    gone = {"description": "gone", "state": "absent"}
    set_up.expect_beginning(wire)
    tenant.expect_listing(wire, record("gone", description="gone"), **tenant.MINE)
    tenant.expect_new_key(wire, "key-1")
    set_up.expect_key(wire, "weekly", key_id="key-2")
    tenant.expect_retirement(wire, "gone")
    done = run("tenant", diff=True, return_tokens=True, keys=[*keys, gone]).results
    lost = {"description": "weekly", "key_id": "", "on_lost_token": "replace"}
    set_up.expect_beginning(wire)
    tenant.expect_listing(wire, record("key-1", description="weekly"), **tenant.MINE)
    set_up.expect_key(wire, "weekly", key_id="key-2")
    handing_on = run("tenant", keys=[lost], handed_on=[]).results
    set_up.expect_beginning(wire)
    tenant.expect_listing(wire, record("gone", description="gone"), **tenant.MINE)
    tenant.expect_retirement(wire, "gone")
    wire.expects("POST", tenant.KEYS, json=tenant.BODY).answers(403, json=REFUSAL)
    return [done, handing_on, run("tenant", return_tokens=True, keys=[gone, tenant.NIGHTLY]).results]


def runs_of_api_key(wire: Wire, run: Callable, token_file: str) -> Runs:
    tenant.expect_my_keys(wire)
    tenant.expect_new_key(wire, "key-1")
    made = run("api_key", diff=True, return_token=True, token_file=token_file, **tenant.NIGHTLY).results
    tenant.expect_my_keys(wire, record("key-1"))
    tenant.expect_retirement(wire, "key-1")
    retired = run("api_key", state="absent", **tenant.NIGHTLY).results
    tenant.expect_my_keys(wire, record("key-2"), record("key-1"))
    tenant.expect_retirement(wire, "key-1")
    wire.expects("DELETE", f"{tenant.KEYS}/key-2").answers(403, json=REFUSAL)
    return [made, retired, run("api_key", state="absent", **tenant.NIGHTLY).results]


def runs_of_api_keys(wire: Wire, run: Callable, token_file: str) -> Runs:
    keys = [{**tenant.NIGHTLY, "token_file": token_file, "return_token": True}, {"description": "weekly"}]
    gone = {"description": "gone", "state": "absent"}
    tenant.expect_my_keys(wire, record("gone", description="gone"))
    tenant.expect_new_key(wire, "key-1")
    tenant.expect_creation(wire, {**tenant.BODY, "description": "weekly"}, record("key-2"), token_of("key-2"))
    tenant.expect_retirement(wire, "gone")
    done = run("api_keys", diff=True, keys=[*keys, gone]).results
    tenant.expect_my_keys(wire, record("gone", description="gone"))
    tenant.expect_retirement(wire, "gone")
    wire.expects("POST", tenant.KEYS, json=tenant.BODY).answers(403, json=REFUSAL)
    return [done, run("api_keys", keys=[gone, tenant.NIGHTLY]).results]


def runs_of_identity_provider_info(wire: Wire, run: Callable) -> Runs:
    path = "/api/v1/identity-providers"
    wire.expects("GET", path).answers(json=page({"id": "idp-1", "tenantIds": [TENANT_ID]}))
    found = run("identity_provider_info").results
    wire.expects("GET", path).answers(403, json=REFUSAL)
    return [found, run("identity_provider_info").results]


def runs_of_token_info(wire: Wire, run: Callable) -> Runs:
    token = token_of("key-1")
    tenant.expect_requester(wire)
    tenant.expect_record(wire, record())
    tenant.expect_requester(wire, bearer=token)
    found = run("token_info", token=token).results
    wire.expects("GET", "/api/v1/users/me").answers(403, json=REFUSAL)
    return [found, run("token_info", token=token).results]


def runs_of_api_key_report_info(wire: Wire, run: Callable) -> Runs:
    token = token_of("key-1")
    wire.expects("GET", "/api/v1/users/me").answers(json={**tenant.USER, "roles": ["TenantAdmin"]})
    tenant.expect_tenant(wire)
    wire.expects("GET", tenant.CONFIGS).answers(json=CONFIG)
    directory.expect_all_roles(wire, directory.role_record("Key Makers", "api-keys"))
    makers = 'assignedRoles.name eq "Key Makers" or assignedGroupsAssignedRoles.name eq "Key Makers"'
    user = directory.user_record(tenant.USER_ID)
    wire.expects("GET", directory.USERS, query={"filter": makers, "limit": "100"}).answers(json=page(user))
    tenant.expect_listing(wire, record(), scim_record("key-2"), status="active")
    tenant.expect_listing(wire, status="expired")
    owner = {"filter": f'id eq "{tenant.USER_ID}"', "limit": "100"}
    wire.expects("GET", directory.USERS, query=owner).answers(json=page(user))
    wire.expects("GET", directory.GROUPS, query={"limit": "100"}).answers(
        json=page(directory.group_record("group-1", "Key Makers"))
    )
    wire.expects("GET", "/api/v1/identity-providers").answers(json=page({"id": IDP_ID, "tenantIds": [TENANT_ID]}))
    wire.expects("GET", "/api/v1/users/me", bearer=token).answers(json=tenant.USER)
    found = run("api_key_report_info", keys=[{"description": "nightly reload", "token": token}]).results
    wire.expects("GET", "/api/v1/users/me").answers(403, json=REFUSAL)
    return [found, run("api_key_report_info").results]


@pytest.fixture
def returned(wire, run, tmp_path) -> Callable[[str], Runs]:
    """The results of runs of a module that together return all it can."""

    def returner(module: str) -> Runs:
        more = {"token_file": str(tmp_path / "t")} if module in ("api_key", "api_keys", "tenant") else {}
        return globals()[f"runs_of_{module}"](wire, run, **more)

    return returner


def keys_of(value: Any, told: dict, path: str) -> set[str]:
    """The dotted names of all keys in a value, as deep as the documentation goes; checks types on the way."""
    if told.get("type") == "list":
        inner = {**told, "type": told.get("elements")}
        return set().union(*(keys_of(each, inner, path) for each in value))
    assert isinstance(value, TYPES[told["type"]]) or value is None, f"{path} is {value!r}, not {told['type']}"
    if not isinstance(value, dict) or "contains" not in told:
        return set()
    found = {f"{path}.{name}" for name in value}
    for name in value.keys() & told["contains"].keys():
        found |= keys_of(value[name], told["contains"][name], f"{path}.{name}")
    return found


def names_in(contains: dict, path: str) -> set[str]:
    names = set()
    for name, told in contains.items():
        names |= {f"{path}.{name}"} | names_in(told.get("contains", {}), f"{path}.{name}")
    return names


@pytest.mark.parametrize("module", MODULES)
def test_everything_returned_is_documented_and_everything_documented_is_returned_by_some_run(
    module, documented, returned
):
    whole = {"type": "dict", "contains": documented[module]["return"]}
    found: set[str] = set()
    for results in returned(module):
        own = {name: value for name, value in results.items() if name not in OF_ANSIBLE}
        found |= keys_of(own, whole, module)
    assert found == names_in(whole["contains"], module)


@pytest.mark.parametrize("module", MODULES)
def test_the_documented_samples_have_documented_keys_only(module, documented):
    for name, told in documented[module]["return"].items():
        if "sample" in told and "contains" in told:
            assert keys_of(told["sample"], told, name) <= names_in(told["contains"], name)
