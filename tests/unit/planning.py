# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the planner of keys is given, around one moment, and its answer in short."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import KeyPlan, plan_present
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import InterruptedRun
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import TrackedToken, WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import USER_ID, api_key
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE

NOW = datetime(2026, 11, 22, 9, 15, tzinfo=timezone.utc)
NO_TOKEN = TrackedToken("token_file /t", is_empty=True, path="/t")
NONE_GIVEN = TrackedToken("the given token", is_empty=True)


def after(**span: float) -> str:
    """The moment that lies so many ``days`` or ``hours`` after NOW, as a tenant writes it; negative ones before."""
    return (NOW + timedelta(**span)).isoformat()


def wanted(**how: Any) -> WantedKey:
    """The key "nightly reload" of the requester, kept as told."""
    return WantedKey("nightly reload", **{"sub": USER_ID, **how})


def key(key_id: str, age: float | None = 0, **differences: Any) -> ApiKey:
    """An active match made ``age`` hours before NOW; None leaves that out, as a tenant may."""
    created = None if age is None else after(hours=-age)
    return api_key(key_id, **{"created": created, **differences})


def on_file(key_id: str | None, **known: Any) -> TrackedToken:
    """The file /t with the token of that key; None is for one with something else in it."""
    return TrackedToken("token_file /t", is_empty=False, path="/t", key_id=key_id, **known)


def given(key_id: str | None, **known: Any) -> TrackedToken:
    """The token of that key in a store of the caller's own."""
    return TrackedToken("the given token", is_empty=False, key_id=key_id, **known)


def interrupted(*existing: str, **noted: Any) -> InterruptedRun:
    """What a run noted that asked for the key while ``existing`` were there."""
    return InterruptedRun(BASE, "nightly reload", USER_ID, "user", existing=existing, **noted)


def present(
    meant: WantedKey,
    keys: Sequence[ApiKey],
    token: TrackedToken | None = None,
    noted: InterruptedRun | None = None,
    *,
    limit: str | None = None,
) -> KeyPlan:
    """What is done now, by the user whose keys they are, so that the key is there."""
    return plan_present(meant, keys, token, noted, USER_ID, limit, NOW)


def steps(plan: Plan) -> list[str]:
    """The actions in their order: ``create``, ``retire old``."""
    return [" ".join(filter(None, (action.action, action.id))) for action in plan.actions]


def ids(keys: Any) -> list[str]:
    return [key.id for key in keys]
