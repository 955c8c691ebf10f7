# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One embedded tenant, made ready anew for each schedule, and what is seen of it from outside the collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import requests
from emulator_process import EmbeddedTenant

from ansible_collections.tenantops.qlik_cloud.tests.faults.steps import call_name

DAY = 86400
NO_LIMITS = {"tier1_per_minute": 0, "tier2_per_minute": 0}
ROOMY = {"max_keys_per_user": 1000, "max_api_key_expiry": "P365D"}
CALL_SECONDS = 30


@dataclass(frozen=True)
class Requester:
    """Who runs the modules: a user's id, the bearer token for calls past the collection, and the module options."""

    id: str
    bearer: str
    options: dict[str, str]


@dataclass(frozen=True)
class Call:
    """A request that reached the tenant; ``fault`` is how it was spoiled (``drop after``), None if it was not.

    ``is_over``: it was carried out and answered, whether anybody waited for that or not.
    """

    name: str
    method: str
    fault: str | None
    is_over: bool

    @property
    def writes(self) -> bool:
        return self.method != "GET" and self.name != "sign-in"

    @property
    def is_delayed(self) -> bool:
        return self.fault is not None and self.fault.startswith("latency")


class Stage:
    def __init__(self, tenant: EmbeddedTenant):
        self.ready = tenant.ready
        self.secrets = [self.ready[name] for name in ("admin_token", "member_token", "client_secret")]
        self._session = requests.Session()
        self._session.trust_env = False
        self._offset = 0

    def reset(self, offset: float = 0) -> None:
        """As new, with API keys allowed for everybody; the tenant's clock is ahead by ``offset`` seconds."""
        self.restore()
        self._offset = offset
        self.set(**NO_LIMITS)
        [everybody] = self.api("GET", '/roles?filter=name eq "UserDefault"')["data"]
        grant = [{"op": "add", "path": "/assignedScopes/-", "value": "api-keys"}]
        self.api("PATCH", f"/roles/{everybody['id']}", grant)
        limits = [{"op": "replace", "path": f"/{name}", "value": value} for name, value in ROOMY.items()]
        self.api("PATCH", f"/api-keys/configs/{self.ready['tenant_id']}", limits)
        self.go_back(0)

    def restore(self) -> None:
        """As the process found it when it started."""
        self._control("POST", "reset")

    def go_back(self, days: float) -> None:
        """Set the tenant's clock to that long before the present of this stage."""
        self._control("PATCH", "clock", {"offset": self._offset - days * DAY})

    def requester(self, sign_in: str) -> Requester:
        """By the admin's access token, or by the OAuth client (``client``)."""
        url = {"tenant_url": self.ready["url"]}
        if sign_in == "token":
            token = self.ready["admin_token"]
            return Requester(self.ready["user_id"], token, {**url, "access_token": token})
        pair = {name: self.ready[name] for name in ("client_id", "client_secret")}
        grant = {**pair, "grant_type": "client_credentials"}
        answer = self._session.post(f"{self.ready['url']}/oauth/token", json=grant, timeout=CALL_SECONDS).json()
        bearer = answer["access_token"]
        return Requester(self.api("GET", "/users/me", bearer=bearer)["id"], bearer, {**url, **pair})

    def create(self, bearer: str, **body: str) -> dict[str, Any]:
        """The record of a new key, with its ``token``."""
        return self.api("POST", "/api-keys", body, bearer)

    def revoke(self, key_id: str) -> None:
        self.set(admin_deletes_own="revoke")
        self.api("DELETE", f"/api-keys/{key_id}")
        self.set(admin_deletes_own="delete")

    def rename(self, key_id: str, description: str) -> None:
        """As somebody who may rename any key."""
        self._control("POST", f"keys/{key_id}/rename", {"description": description})

    def give(self, key_id: str, user_id: str) -> None:
        """Let that user be the one who made the key."""
        self._control("POST", f"keys/{key_id}/owner", {"created_by": user_id})

    def other_provider(self) -> str:
        """The id of an identity provider that is not the one for SCIM keys."""
        providers = self.api("GET", "/identity-providers")["data"]
        return next(provider["id"] for provider in providers if provider["id"] != self.ready["idp_id"])

    def set(self, **settings: Any) -> None:
        self._control("PATCH", "settings", settings)

    def order(self, faults: Iterable[dict[str, Any]]) -> None:
        for fault in faults:
            self._control("POST", "faults", fault)

    def end_faults(self) -> None:
        self._control("DELETE", "faults")

    def calls(self) -> list[Call]:
        """What was asked since this was last called."""
        return _calls(self._control("DELETE", "requests"))

    def calls_so_far(self) -> list[Call]:
        """The same, without starting anew."""
        return _calls(self._control("GET", "requests"))

    def state(self) -> dict[str, list[dict[str, Any]]]:
        return self._control("GET", "state")

    def active_ids(self) -> list[str]:
        """The ids of all active keys, the oldest first."""
        return [key["id"] for key in self._control("GET", "keys")["keys"] if key["status"] == "active"]

    def api(self, method: str, path: str, body: object = None, bearer: str | None = None) -> Any:
        """A call past the collection, as the tenant's admin unless another bearer token is given."""
        return self._call(method, f"{self.ready['url']}/api/v1{path}", body, bearer or self.ready["admin_token"])

    def _control(self, method: str, path: str, body: object = None) -> Any:
        return self._call(method, f"{self.ready['control_url']}/{path}", body, None)

    def _call(self, method: str, url: str, body: object, bearer: str | None) -> Any:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        response = self._session.request(method, url, json=body, headers=headers, timeout=CALL_SECONDS)
        response.raise_for_status()
        return response.json() if response.content else None


def _calls(log: dict[str, list[dict[str, Any]]]) -> list[Call]:
    return [
        Call(
            call_name(entry["method"], entry["path"]),
            entry["method"],
            entry["fault"] and f"{entry['fault']['kind']} {entry['fault']['when']}",
            entry["status"] is not None,
        )
        for entry in log["requests"]
    ]
