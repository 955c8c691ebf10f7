# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ASGI applications, of one tenant and of many: every path, and who answers it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import api_keys, audits, configs, groups, identity_providers, roles, tenants, users
from .calls import Endpoint, Handler
from .control import Control
from .errors import Refusal
from .faults import Faults
from .fleet import Fleet
from .gateway import Gateway
from .oauth import TokenEndpoint
from .product_info import PATH as PRODUCT_INFO_PATH
from .product_info import ProductInfo
from .request_log import RequestLog
from .tenant import Tenant
from .totals import TOTALS_PATH, Totals

# The first path that matches answers, so `me` stands before `{id}`.
HANDLERS: dict[str, dict[str, Handler]] = {
    "/api-keys": {"GET": api_keys.list_keys, "POST": api_keys.create_key},
    "/api-keys/{id}": {"GET": api_keys.get_key, "PATCH": api_keys.patch_key, "DELETE": api_keys.delete_key},
    "/api-keys/configs/{tenant_id}": {"GET": configs.get_config, "PATCH": configs.patch_config},
    "/users": {"GET": users.list_users},
    "/users/me": {"GET": users.get_me},
    "/users/{id}": {"GET": users.get_user, "PATCH": users.patch_user},
    "/groups": {"GET": groups.list_groups},
    "/groups/{id}": {"GET": groups.get_group, "PATCH": groups.patch_group},
    "/roles": {"GET": roles.list_roles, "POST": roles.create_role},
    "/roles/{id}": {"GET": roles.get_role, "PATCH": roles.patch_role, "DELETE": roles.delete_role},
    "/tenants/me": {"GET": tenants.get_me},
    "/tenants/{id}": {"GET": tenants.get_tenant},
    "/identity-providers": {"GET": identity_providers.list_identity_providers},
    "/identity-providers/{id}": {"GET": identity_providers.get_identity_provider},
    "/audits": {"GET": audits.list_audits},
}


def build_app(tenant: Tenant) -> Gateway:
    log, faults = RequestLog(tenant.clock), Faults()
    routes = [Route("/oauth/token", TokenEndpoint(tenant)), Route(PRODUCT_INFO_PATH, ProductInfo())]
    routes += [Route(f"/api/v1{path}", Endpoint(tenant, handlers)) for path, handlers in HANDLERS.items()]
    routes += [Route(path, endpoint) for path, endpoint in Control(tenant, log, faults).endpoints().items()]
    return Gateway(_build_routes(routes), tenant.clock, log, faults)


def build_fleet(tenants: Sequence[Tenant]) -> Fleet:
    """Every tenant below its base path, and above them what concerns all."""
    gateways = [build_app(tenant) for tenant in tenants]
    totals = Totals([gateway.log for gateway in gateways])
    return Fleet(gateways, _build_routes([Route(TOTALS_PATH, totals.endpoint())]))


def _build_routes(routes: list[Route]) -> Starlette:
    app = Starlette(
        routes=routes, exception_handlers={HTTPException: _answer_unknown_path, Exception: _answer_server_error}
    )
    app.router.redirect_slashes = False
    return app


async def _answer_unknown_path(request: Request, error: Exception) -> Response:
    return Refusal(404, "Not found", f"no such path: {request.url.path}").response()


async def _answer_server_error(request: Request, error: Exception) -> Response:
    """A mistake of the emulator itself; the server writes its traceback to stderr."""
    return Refusal(500, "Internal server error", type(error).__name__).response()
