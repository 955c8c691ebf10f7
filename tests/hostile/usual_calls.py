# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant with keys in every standing, and calls of every module as users make them, each of which succeeds there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emulator_process import EmbeddedTenant

from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import NO_LIMITS, Stage
from ansible_collections.tenantops.qlik_cloud.tests.unit.project import MODULES

RENEWED = {"force_renew": True, "overlap": "PT0S"}
MEMBER = "member@tenant.example"


@dataclass(frozen=True)
class Cast:
    """The keys of the tenant by what they are called here, records with their tokens; all but ``ended`` are active.

    ``kept`` and its predecessor ``succeeded`` are of one name, the token of ``kept`` is stored. Nobody holds the token of
    ``lost``. ``scim`` is for a provider. ``other`` belongs to somebody else, and no call is about it.
    """

    ready: dict[str, Any]
    keys: dict[str, dict[str, Any]]

    def id(self, name: str) -> str:
        return self.keys[name]["id"]

    def token(self, name: str) -> str:
        return self.keys[name]["token"]


@contextmanager
def prepared_tenant(folder: Path) -> Iterator[tuple[EmbeddedTenant, Cast]]:
    """The tenant with its cast; a reset by its control endpoint brings all of that back."""
    db = folder / "tenant.db"
    with EmbeddedTenant(db=db) as tenant:
        keys = _make_keys(Stage(tenant))
    # What a reset goes back to is what the process found when it started.
    with EmbeddedTenant(db=db, settings={"link_style": "relative", **NO_LIMITS}) as tenant:
        yield tenant, Cast(tenant.ready, keys)


def _make_keys(stage: Stage) -> dict[str, dict[str, Any]]:
    stage.reset()
    admin = stage.ready["admin_token"]
    scim = {"subType": "externalClient", "sub": f"SCIM\\{stage.ready['idp_id']}"}
    keys = {
        "succeeded": stage.create(admin, description="kept"),
        "kept": stage.create(admin, description="kept"),
        "lost": stage.create(admin, description="lost"),
        "other": stage.create(admin, description="other"),
        "scim": stage.create(admin, description="scim", **scim),
        "ended": stage.create(admin, description="ended"),
    }
    stage.revoke(keys["ended"]["id"])
    return keys


@dataclass(frozen=True)
class Usual:
    """``options`` beside the common ones, from the cast and the path of a token file; ``stored``: whose token is there.

    ``ends``: the keys that the call is to end, whatever else it does.
    """

    module: str
    options: Callable[[Cast, str], dict[str, Any]]
    stored: str | None = None
    ends: tuple[str, ...] = ()


def _client(cast: Cast) -> dict[str, Any]:
    return {"access_token": None, **{name: cast.ready[name] for name in ("client_id", "client_secret")}}


_CALLS: dict[str, Usual] = {
    "tenant": Usual("tenant_info", lambda cast, path: {}),
    "tenant by client": Usual("tenant_info", lambda cast, path: _client(cast)),
    "keys": Usual("api_key_info", lambda cast, path: {}),
    "key by id": Usual("api_key_info", lambda cast, path: {"id": cast.id("kept")}),
    "keys that expire": Usual(
        "api_key_info", lambda cast, path: {"expires_within": "P2Y", "created_by_user": cast.ready["user_id"]}
    ),
    "keys of an owner": Usual(
        "api_key_info", lambda cast, path: {"owner": MEMBER, "with_owner": True, "older_than": "PT1S"}
    ),
    "report": Usual(
        "api_key_report_info",
        lambda cast, path: {
            "keys": [{"description": "kept", "token_file": path}],
            "scim_keys": [{"description": "scim", "idp_id": cast.ready["idp_id"], "key_id": cast.id("scim")}],
        },
        stored="kept",
    ),
    "events": Usual("api_key_event_info", lambda cast, path: {}),
    "events of a key": Usual(
        "api_key_event_info",
        lambda cast, path: {
            "id": cast.id("ended"),
            "event": ["created", "deleted"],
            "user_id": cast.ready["user_id"],
            "limit": 3,
        },
    ),
    "providers": Usual("identity_provider_info", lambda cast, path: {}),
    "provider by id": Usual("identity_provider_info", lambda cast, path: {"id": cast.ready["idp_id"]}),
    "token of a file": Usual("token_info", lambda cast, path: {"token_file": path}, stored="kept"),
    "token of a provider": Usual("token_info", lambda cast, path: {"token": cast.token("scim")}),
    "config": Usual(
        "api_key_config", lambda cast, path: {"max_keys_per_user": 7, "scim_external_client_expiry": "P30D"}
    ),
    "permission for all": Usual("api_key_permission", lambda cast, path: {"state": "absent"}),
    "permission of a role": Usual(
        "api_key_permission", lambda cast, path: {"role": "Report Builder", "users": [MEMBER], "groups": ["Finance"]}
    ),
    "permission of a new role": Usual("api_key_permission", lambda cast, path: {"role": "New", "users": [MEMBER]}),
    "key made": Usual("api_key", lambda cast, path: {"description": "new", "token_file": path}),
    "key made and returned": Usual("api_key", lambda cast, path: {"description": "new", "expiry": "P7D"}),
    "key made for a provider": Usual(
        "api_key", lambda cast, path: {"description": "new", "idp_id": cast.ready["idp_id"], "token_file": path}
    ),
    "key kept": Usual("api_key", lambda cast, path: {"description": "kept", "token_file": path}, stored="kept"),
    "key renewed": Usual(
        "api_key",
        lambda cast, path: {"description": "kept", "token_file": path, **RENEWED},
        stored="kept",
        ends=("kept", "succeeded"),
    ),
    "key renewed with retire_first": Usual(
        "api_key",
        lambda cast, path: {"description": "kept", "token_file": path, "force_renew": True, "retire_first": True},
        stored="kept",
        ends=("kept", "succeeded"),
    ),
    "key lost and replaced": Usual(
        "api_key",
        lambda cast, path: {"description": "lost", "token_file": path, "on_lost_token": "replace"},
        ends=("lost",),
    ),
    "key of an ended token": Usual(
        "api_key",
        lambda cast, path: {"description": "ended", "token_file": path, "on_lost_token": "replace"},
        stored="ended",
    ),
    "key renamed": Usual("api_key", lambda cast, path: {"id": cast.id("lost"), "description": "renamed"}),
    "key absent": Usual(
        "api_key",
        lambda cast, path: {"description": "kept", "state": "absent", "token_file": path},
        stored="kept",
        ends=("kept", "succeeded"),
    ),
    "key absent by id": Usual(
        "api_key", lambda cast, path: {"id": cast.id("kept"), "state": "absent", "token_file": path}, "kept", ("kept",)
    ),
    "set of keys": Usual(
        "api_keys",
        lambda cast, path: {
            "keys": [
                {"description": "kept", "token_file": path, **RENEWED},
                {"description": "new", "return_token": True},
                {"description": "lost", "state": "absent"},
            ],
            "purge": True,
            "purge_scope": {"sub_type": "externalClient"},
        },
        stored="kept",
        ends=("kept", "succeeded", "lost", "scim"),
    ),
    "tenant set up": Usual(
        "tenant",
        lambda cast, path: {
            "api_keys_enabled": True,
            "config": {"max_keys_per_user": 9},
            "permission": {"role": "Report Builder", "users": [MEMBER]},
            "scim_keys": [{"description": "scim", "idp": {"provider": "azureAD", "protocol": "OIDC"}}],
            "keys": [{"description": "kept", "token_file": path, **RENEWED}],
        },
        stored="kept",
        ends=("kept", "succeeded"),
    ),
}
_CALLED = {usual.module for usual in _CALLS.values()}
USUAL: dict[str, Usual] = {
    **_CALLS,
    **{module: Usual(module, lambda cast, path: {}) for module in MODULES if module not in _CALLED},
}
"""A module that is not named is called without options."""
