# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a tenant lies on its server: at the root, or as one of many each below a base path of its own."""

from __future__ import annotations

from starlette.types import Scope


def base_path(number: int) -> str:
    """The base path of tenant `number` (from 1) among many."""
    return f"/t/{number}"


def path_in_tenant(scope: Scope) -> str:
    """The path asked for, without the tenant's base path; ASGI calls that `root_path` and lets `path` begin with it."""
    return scope["path"].removeprefix(scope["root_path"])
