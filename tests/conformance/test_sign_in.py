# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bearer tokens, POST /oauth/token, impersonation."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import jwt
import pytest
import requests
from emulator_process import EmbeddedTenant
from tenant_api import SECONDS, Api, error_of

IMPERSONATION = "urn:qlik:oauth:user-impersonation"


def ask(tenant: EmbeddedTenant, form: bool = False, **fields: object) -> requests.Response:
    ready = tenant.ready
    body = {"client_id": ready["client_id"], "client_secret": ready["client_secret"]} | fields
    return requests.post(f"{tenant.url}/oauth/token", **{"data" if form else "json": body}, timeout=SECONDS)


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi"])
def test_without_a_good_bearer_everything_is_401(shared_tenant: EmbeddedTenant, authorization: str | None) -> None:
    api = Api(shared_tenant, None)
    headers = {} if authorization is None else {"Authorization": authorization}
    for path in ("/api-keys", "/users/me", "/tenants/me", "/roles", "/identity-providers"):
        answer = api("GET", path, headers=headers)
        assert answer.status_code == 401
        error_of(answer)


def test_token_of_a_stranger_is_401(tenant: EmbeddedTenant, admin: Api) -> None:
    token = admin.create_key()["token"]
    header, payload, signature = token.split(".")
    forged = ".".join([header, payload, signature[:-4] + ("AAAA" if signature[-4:] != "AAAA" else "BBBB")])
    unsigned = jwt.encode(jwt.decode(token, options={"verify_signature": False}), None, algorithm="none")
    for bad in (forged, unsigned):
        assert Api(tenant, bad).get("/users/me").status_code == 401


def test_gateway_page_instead_of_the_envelope(tenant: EmbeddedTenant) -> None:
    tenant.control("PATCH", "settings", {"html_401": True})
    answer = Api(tenant, None).get("/users/me")
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("text/html")
    assert "Authorization Required" in answer.text


@pytest.mark.parametrize("form", [False, True])
def test_client_credentials_act_as_a_bot_with_tenant_admin(shared_tenant: EmbeddedTenant, form: bool) -> None:
    tenant = shared_tenant
    answer = ask(tenant, form, grant_type="client_credentials")
    assert answer.status_code == 200
    document = answer.json()
    assert set(document) == {"access_token", "token_type", "expires_in", "expires_at"}
    assert (document["token_type"], document["expires_in"]) == ("bearer", 21600)
    me = Api(tenant, document["access_token"]).get("/users/me").json()
    assert me["subject"] == f"qlikbot\\{tenant.ready['client_id']}"
    assert me["roles"] == ["TenantAdmin"]


def ask_by_basic(tenant: EmbeddedTenant, credentials: str, form: bool = False, **fields: object) -> requests.Response:
    """As the official Python SDK signs in: `credentials` is what stands after `Basic`."""
    sent = {"grant_type": "client_credentials", "scope": "user_default", **fields}
    headers = {"Authorization": f"Basic {credentials}"}
    return requests.post(
        f"{tenant.url}/oauth/token", **{"data" if form else "json": sent}, headers=headers, timeout=SECONDS
    )


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("form", [False, True])
def test_the_client_pair_as_http_basic_signs_in_too(shared_tenant: EmbeddedTenant, form: bool) -> None:
    ready = shared_tenant.ready
    answer = ask_by_basic(shared_tenant, encoded(f"{ready['client_id']}:{ready['client_secret']}"), form)
    assert answer.status_code == 200
    me = Api(shared_tenant, answer.json()["access_token"]).get("/users/me").json()
    assert me["subject"] == f"qlikbot\\{ready['client_id']}"
    entry = shared_tenant.control("GET", "requests")["requests"][-2]
    assert (entry["path"], entry["authorization"]) == ("/oauth/token", "basic")


def test_impersonation_by_http_basic(shared_tenant: EmbeddedTenant) -> None:
    ready = shared_tenant.ready
    lookup = {"field": "userId", "value": ready["member_user_id"]}
    pair = encoded(f"{ready['client_id']}:{ready['client_secret']}")
    answer = ask_by_basic(shared_tenant, pair, grant_type=IMPERSONATION, user_lookup=lookup)
    assert Api(shared_tenant, answer.json()["access_token"]).get("/users/me").json()["id"] == ready["member_user_id"]


@pytest.mark.parametrize("form", ["{id}:wrong", "wrong:{secret}", "{id}:", "{id}", ":{secret}", ""])
def test_a_wrong_pair_as_http_basic_is_401(shared_tenant: EmbeddedTenant, form: str) -> None:
    ready = shared_tenant.ready
    answer = ask_by_basic(shared_tenant, encoded(form.format(id=ready["client_id"], secret=ready["client_secret"])))
    assert (answer.status_code, error_of(answer)["code"]) == (401, "invalid_client")


@pytest.mark.parametrize("credentials", ["", "no base64", "/w==", "YTpi YTpi"])
def test_unreadable_http_basic_is_401(shared_tenant: EmbeddedTenant, credentials: str) -> None:
    answer = ask_by_basic(shared_tenant, credentials)
    assert (answer.status_code, error_of(answer)["code"]) == (401, "invalid_client")


def test_the_client_pair_is_taken_one_way_only(shared_tenant: EmbeddedTenant) -> None:
    """RFC 6749, section 2.3: a client must not use more than one method in a request."""
    ready = shared_tenant.ready
    pair = {"client_id": ready["client_id"], "client_secret": ready["client_secret"]}
    answer = ask_by_basic(shared_tenant, encoded(":".join(pair.values())), **pair)
    assert (answer.status_code, error_of(answer)["source"]) == (400, {"pointer": "/client_secret"})


@pytest.mark.parametrize("form", [False, True])
@pytest.mark.parametrize(("field", "attribute"), [("userId", "id"), ("subject", "subject")])
def test_impersonation_acts_as_that_user(
    shared_tenant: EmbeddedTenant, shared_member: Api, field: str, attribute: str, form: bool
) -> None:
    me = shared_member.get("/users/me").json()
    lookup = {"field": field, "value": me[attribute]}
    sent = {f"user_lookup[{name}]": text for name, text in lookup.items()} if form else {"user_lookup": lookup}
    token = ask(shared_tenant, form, grant_type=IMPERSONATION, **sent).json()["access_token"]
    assert Api(shared_tenant, token).get("/users/me").json()["id"] == me["id"]


def test_key_made_by_impersonation_belongs_to_that_user(tenant: EmbeddedTenant, member: Api) -> None:
    user_id = tenant.ready["member_user_id"]
    answer = ask(tenant, grant_type=IMPERSONATION, user_lookup={"field": "userId", "value": user_id})
    key = Api(tenant, answer.json()["access_token"]).create_key()
    assert (key["sub"], key["createdByUser"]) == (user_id, user_id)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"client_secret": "wrong", "grant_type": "client_credentials"}, 401),
        ({"client_id": "wrong", "grant_type": "client_credentials"}, 401),
        ({"client_secret": None, "grant_type": "client_credentials"}, 401),
        ({"grant_type": "password"}, 400),
        ({}, 400),
        ({"grant_type": IMPERSONATION}, 400),
        ({"grant_type": IMPERSONATION, "user_lookup": {"field": "email", "value": "admin@tenant.example"}}, 400),
        ({"grant_type": IMPERSONATION, "user_lookup": {"field": ["userId"], "value": "x"}}, 400),
        ({"grant_type": IMPERSONATION, "user_lookup": {"field": "userId", "value": "nobody"}}, 400),
    ],
)
def test_bad_token_requests(shared_tenant: EmbeddedTenant, fields: dict[str, object], status: int) -> None:
    answer = ask(shared_tenant, **fields)
    assert answer.status_code == status
    error_of(answer)


def test_access_token_ends_after_six_hours_of_the_tenants_time(tenant: EmbeddedTenant) -> None:
    api = Api(tenant, ask(tenant, grant_type="client_credentials").json()["access_token"])
    tenant.control("PATCH", "clock", {"offset": 21500})
    assert api.get("/users/me").status_code == 200
    tenant.control("PATCH", "clock", {"offset": 21700})
    assert api.get("/users/me").status_code == 401


def test_date_header_follows_the_tenants_time(tenant: EmbeddedTenant, admin: Api) -> None:
    for offset in (0, 86400):
        tenant.control("PATCH", "clock", {"offset": offset})
        asked = datetime.now(timezone.utc)
        answered = parsedate_to_datetime(admin.get("/users/me").headers["date"])
        # A date has whole seconds.
        assert asked - timedelta(seconds=1) < answered - timedelta(seconds=offset) <= datetime.now(timezone.utc)


def test_api_key_is_a_signed_token_of_its_record(admin: Api) -> None:
    key = admin.create_key()
    header = jwt.get_unverified_header(key["token"])
    claims = jwt.decode(key["token"], options={"verify_signature": False})
    assert header["alg"] == "ES384"
    assert header["kid"]
    expected = {"jti": key["id"], "sub": key["sub"], "subType": "user", "tenantId": key["tenantId"]}
    assert expected.items() <= claims.items()
    assert "exp" not in claims


def test_api_key_acts_as_its_user_until_it_expires(tenant: EmbeddedTenant, admin: Api) -> None:
    key = admin.create_key(expiry="PT1H")
    holder = Api(tenant, key["token"])
    assert holder.get("/users/me").json()["id"] == key["sub"]
    assert holder.get("/api-keys").json()["data"][0]["id"] == key["id"]
    tenant.control("PATCH", "clock", {"offset": 3601})
    answer = holder.get("/users/me")
    assert (answer.status_code, error_of(answer)["code"]) == (401, "APIKEYS-18")
    assert admin.get(f"/api-keys/{key['id']}").json()["status"] == "expired"


def test_unknown_paths_and_methods_keep_the_envelope(shared_admin: Api) -> None:
    admin = shared_admin
    for path in ("/nothing", "/api-keys/", "/api-keys/configs/a/b"):
        answer = admin.get(path)
        assert answer.status_code == 404
        error_of(answer)
    answer = admin("PUT", "/api-keys", json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    error_of(answer)
    assert admin("HEAD", "/api-keys").status_code == 405
