# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One tenant as the handlers see it: its identity, state, time, knobs and limits."""

from __future__ import annotations

import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .clock import Clock
from .limits import RateLimits
from .settings import Settings
from .store import Store
from .tokens import Signer

GENERATIONS = ("permission", "switch")
TENANT_NOW = "tenant_now"  # the tenant's time in SQL
LIST_MOMENT = "list_moment"  # how the keys were at this moment, by the machine's time, is what their list shows


def new_user_id() -> str:
    """24 hexadecimal digits, the form of Qlik's ids of users, roles and groups."""
    return secrets.token_hex(12)


def new_uuid() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Tenant:
    """`generation` decides how API keys are enabled: by the permission `api-keys`, or by the old switch."""

    id: str
    generation: str
    store: Store
    clock: Clock
    settings: Settings
    limits: RateLimits
    signer: Signer
    record: dict[str, Any] = field(repr=False)

    @cached_property
    def hostnames(self) -> list[str]:
        """The original host name first, then the alias."""
        return json.loads(self.record["hostnames"])


def load_tenant(store: Store, clock: Clock, settings: Settings, generation: str) -> Tenant:
    """The tenant that the store was seeded with."""
    store.define(TENANT_NOW, clock.now)
    store.define(LIST_MOMENT, lambda: int((time.time() - settings.list_lag) * 1000))
    record = dict(store.one("SELECT * FROM tenants"))
    return Tenant(
        id=record["id"],
        generation=generation,
        store=store,
        clock=clock,
        settings=settings,
        limits=RateLimits(settings),
        signer=Signer(record["id"], record["signing_key"], record["signing_key_id"]),
        record=record,
    )
