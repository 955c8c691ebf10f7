# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import UnusableAnswerError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Requester, Tenant, TenantRecord
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport import http_dates
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    CONFIG,
    TENANT,
    TENANT_ID,
    USER,
    USER_ID,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import ACCESS_TOKEN, BASE


@pytest.mark.parametrize(
    ("roles", "names"),
    [
        ({"assignedRoles": [{"id": "1", "name": "TenantAdmin"}, {"name": "Developer"}]}, ("Developer", "TenantAdmin")),
        ({"roles": ["TenantAdmin", "Developer"]}, ("Developer", "TenantAdmin")),
        ({"assignedRoles": [], "roles": None}, ()),
        ({"assignedRoles": [{"id": "1"}, 5]}, ()),
        ({}, ()),
    ],
)
def test_the_requester_is_asked_for_once_and_has_names_of_roles(wire, calls, roles, names):
    wire.expects("GET", "/api/v1/users/me").answers(json={**USER, **roles})
    tenant = Tenant(calls)
    expected = Requester(USER_ID, TENANT_ID, "Platform Automation", None, "auth0|platform", names)
    assert [tenant.requester, tenant.requester] == [expected, expected]


@pytest.mark.parametrize(
    ("fields", "is_admin"),
    [
        ({}, False),
        ({"roles": ["Developer", "TenantAdmin"]}, True),
        ({"assignedRoles": [{"name": "TenantAdmin Light"}]}, False),
        ({"subject": "qlikbot\\client-7"}, True),
        ({"subject": "auth0|qlikbot"}, False),
        ({"subject": None}, False),
    ],
)
def test_a_tenant_admin_and_the_bot_of_an_oauth_client_act_as_admins(wire, calls, fields, is_admin):
    wire.expects("GET", "/api/v1/users/me").answers(json={**USER, **fields})
    assert Tenant(calls).requester.is_admin is is_admin


def test_a_requesters_result_has_roles_as_a_list():
    requester = Requester(USER_ID, TENANT_ID, "Platform Automation", None, "auth0|platform", ("Developer",))
    assert requester.as_result() == {
        "id": USER_ID,
        "tenant_id": TENANT_ID,
        "name": "Platform Automation",
        "email": None,
        "subject": "auth0|platform",
        "roles": ["Developer"],
    }


def test_a_requester_behind_a_redirect_is_found(wire, calls):
    wire.expects("GET", "/api/v1/users/me").answers(301, headers={"Location": f"/api/v1/users/{USER_ID}"})
    wire.expects("GET", f"/api/v1/users/{USER_ID}").answers(json=USER)
    assert Tenant(calls).requester.id == USER_ID


@pytest.mark.parametrize("name", ["id", "tenantId"])
def test_a_requester_without_an_id_or_a_tenant_cannot_be_used(wire, calls, name):
    wire.expects("GET", "/api/v1/users/me").answers(json={**USER, name: None})
    with pytest.raises(UnusableAnswerError, match=f"with a record, user .*, that has no usable '{name}'"):
        assert Tenant(calls).requester


@pytest.mark.parametrize(
    ("hostnames", "hostname", "kept"),
    [(TENANT["hostnames"], TENANT["hostnames"][0], tuple(TENANT["hostnames"])), ([], None, ()), (None, None, ())],
)
def test_the_first_host_name_is_the_original_one(wire, calls, hostnames, hostname, kept):
    wire.expects("GET", "/api/v1/tenants/me").answers(json={**TENANT, "hostnames": hostnames})
    assert Tenant(calls).record() == TenantRecord(TENANT_ID, TENANT["name"], hostname, kept)


def test_a_tenant_without_an_id_cannot_be_used(wire, calls):
    wire.expects("GET", "/api/v1/tenants/me").answers(json={"hostnames": []})
    with pytest.raises(UnusableAnswerError, match="with a record, tenant without a usable id, that has no usable 'id'"):
        Tenant(calls).record()


HERE = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def machine(monkeypatch) -> None:
    """Its clock stands still."""
    monkeypatch.setattr(http_dates, "get_machine_time", lambda: HERE)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    ("apart", "now", "time"),
    [
        (timedelta(0), HERE, HERE),
        (timedelta(minutes=-5), HERE - timedelta(minutes=5), HERE - timedelta(minutes=5)),
        (timedelta(minutes=5), HERE, HERE + timedelta(minutes=5)),
        (timedelta(hours=2), HERE, HERE + timedelta(hours=2)),
        # Too far apart for the tenant's time to be told; what is earlier is still earlier.
        (timedelta(days=1500), HERE, None),
        (timedelta(days=-1500), HERE - timedelta(days=1500), None),
    ],
)
def test_keys_expire_by_the_earlier_clock_and_the_tenants_time_is_told_if_it_is_believed(wire, calls, apart, now, time):
    wire.now = HERE + apart
    wire.expects("GET", "/api/v1/users/me").answers(json=USER)
    tenant = Tenant(calls)
    assert tenant.requester.id == USER_ID
    assert (tenant.now(), tenant.time()) == (now, time)


@pytest.mark.usefixtures("machine")
def test_before_the_first_answer_the_time_is_this_machines(calls):
    assert (Tenant(calls).now(), Tenant(calls).time()) == (HERE, HERE)


def test_the_same_tenant_is_seen_by_whoever_a_token_belongs_to(wire, calls):
    token = token_of("key-9")
    theirs = Tenant(calls).sign_in_with(token)
    wire.expects("GET", "/api/v1/users/me", bearer=token).answers(json={**USER, "name": f"called {token}"})
    # It is a secret from then on, should the tenant repeat it.
    assert token not in theirs.requester.name
    assert (theirs.bearer_token(), Tenant(calls).bearer_token()) == (token, ACCESS_TOKEN)
    assert theirs.url == Tenant(calls).url == BASE


def test_a_token_that_is_kept_secret_is_hidden_wherever_it_is_repeated_and_other_text_is_left(wire, calls):
    tenant = Tenant(calls)
    token = token_of("key-9")
    tenant.keep_secret(f"  {token}\n")
    tenant.keep_secret("Platform")
    wire.expects("GET", "/api/v1/users/me").answers(json={**USER, "name": f"Platform {token}"})
    assert tenant.requester.name.startswith("Platform ")
    assert token not in tenant.requester.name


CONFIG_PATH = f"/api/v1/api-keys/configs/{TENANT_ID}"


@pytest.mark.parametrize(("sub_type", "longest"), [("user", "PT24H"), ("externalClient", "P365D")])
def test_the_longest_life_is_that_of_the_kind_of_key_and_is_asked_for_once(wire, calls, sub_type, longest):
    wire.expects("GET", "/api/v1/users/me").answers(json=USER)
    wire.expects("GET", CONFIG_PATH).answers(json=CONFIG)
    tenant = Tenant(calls)
    assert [tenant.longest_life(sub_type), tenant.longest_life(sub_type)] == [longest, longest]


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 403},
        {"status": 404},
        {"text": "<html>sign in</html>"},
        {"json": {**CONFIG, "max_api_key_expiry": None}},
        {"json": {**CONFIG, "max_api_key_expiry": "a day"}},
        {"json": {**CONFIG, "max_api_key_expiry": 24}},
    ],
)
def test_the_longest_life_is_not_known_where_the_configuration_does_not_tell_it(wire, calls, answer):
    wire.expects("GET", "/api/v1/users/me").answers(json=USER)
    wire.expects("GET", CONFIG_PATH).answers(**answer)
    tenant = Tenant(calls)
    assert [tenant.longest_life("user"), tenant.longest_life("user")] == [None, None]
