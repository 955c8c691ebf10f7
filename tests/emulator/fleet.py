# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many tenants on one port: a request belongs to the tenant whose base path its own path begins with."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from .base_paths import base_path


class Fleet:
    """`tenants` in the order of their numbers; what lies below no base path goes `elsewhere`."""

    def __init__(self, tenants: Sequence[ASGIApp], elsewhere: ASGIApp) -> None:
        self._tenants = {base_path(number): tenant for number, tenant in enumerate(tenants, 1)}
        self._elsewhere = elsewhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        base = "/".join(scope["path"].split("/", 3)[:3])
        tenant = self._tenants.get(base)
        if tenant is None:
            await self._elsewhere(scope, receive, send)
        else:
            await tenant({**scope, "root_path": base}, receive, send)
