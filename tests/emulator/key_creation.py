# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What POST /api-keys accepts: description, expiry, subject and kind, within the limits of the tenant's config."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from . import clock, key_records
from .bodies import require_object, require_text
from .calls import Call
from .configs import read_config
from .errors import Refusal, bad_body, forbidden

SCIM_SUB = re.compile(r"SCIM\\{1,2}(.+)")


def build_requested_key(call: Call) -> dict[str, Any]:
    """The columns of the key asked for. Raises Refusal (400, 403 or 409)."""
    body = require_object(call.body)
    description = require_text(body.get("description"), "/description")
    sub_type = body.get("subType", "user")
    if sub_type not in key_records.SUB_TYPES:
        raise bad_body("/subType", f"must be one of {', '.join(key_records.SUB_TYPES)}")
    config = read_config(call.tenant)
    if sub_type == "user":
        sub, longest = _choose_user_sub(call), config["max_api_key_expiry"]
        _check_key_count(call, sub, config)
    else:
        sub, longest = _choose_scim_sub(call), config["scim_externalClient_expiry"]
    now = call.tenant.clock.now()
    expiry = _compute_expiry(call, now, longest)
    return {"description": description, "sub": sub, "sub_type": sub_type, "created": now, "expiry": expiry}


def _compute_expiry(call: Call, now: int, longest: str) -> int:
    maximum = clock.after(now, longest)
    if "expiry" not in call.body:
        return maximum
    try:
        expiry = clock.after(now, require_text(call.body["expiry"], "/expiry"))
    except ValueError as error:
        raise bad_body("/expiry", str(error)) from error
    if expiry > maximum and call.tenant.settings.long_expiry == "refuse":
        raise bad_body("/expiry", f"longer than the tenant's maximum, {longest}")
    return min(expiry, maximum)


def _choose_user_sub(call: Call) -> str:
    sub = require_text(call.body.get("sub", call.caller.id), "/sub")
    if sub == call.caller.id:
        return sub
    if not call.caller.is_admin:
        raise forbidden("creating a key for another user needs the role TenantAdmin")
    if call.caller.is_bot and call.tenant.settings.bot_creates_for_others == "refuse":
        raise forbidden("a bot user may not create keys for another user")
    if call.tenant.store.one("SELECT 1 FROM users WHERE tenant_id = ? AND id = ?", call.tenant.id, sub) is None:
        raise bad_body("/sub", "no such user")
    return sub


def _check_key_count(call: Call, sub: str, config: sqlite3.Row) -> None:
    count = key_records.count_active(call.tenant, sub)
    if count >= config["max_keys_per_user"]:
        raise Refusal(
            400,
            "Too many API keys",
            f"the user has {count} active keys, the tenant's maximum is {config['max_keys_per_user']}",
        )


def _choose_scim_sub(call: Call) -> str:
    call.caller.require_admin()
    match = SCIM_SUB.fullmatch(require_text(call.body.get("sub"), "/sub"))
    if match is None:
        raise bad_body("/sub", "for an external client this is SCIM\\<id of the identity provider>")
    idp_id = match[1]
    if not call.tenant.store.one(
        "SELECT 1 FROM identity_providers WHERE tenant_id = ? AND id = ?", call.tenant.id, idp_id
    ):
        raise bad_body("/sub", "no such identity provider")
    if call.tenant.settings.second_scim_key == "refuse":
        for key in key_records.list_active_scim_keys(call.tenant):
            if SCIM_SUB.fullmatch(key["sub"])[1] == idp_id:
                raise Refusal(409, "An active key exists", f"identity provider {idp_id} has the key {key['id']}")
    form = call.tenant.settings.scim_sub_backslashes
    return match[0] if form == "as_sent" else "SCIM" + "\\" * int(form) + idp_id
