# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warnings about a new key that is not as it was asked for."""

from __future__ import annotations

from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.renewal import (
    describe_expiry_mismatch,
    describe_short_life,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import is_same_sub
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quote_text

LEFT_ACTIVE = "If it succeeds a key, that one was left active."


def creation_warnings(made: ApiKey, wanted: WantedKey, *, is_unrecognizable: bool, now: datetime) -> list[str]:
    """What a later run cannot do because of it. ``is_unrecognizable``: that run cannot tell which key the stored token is of."""
    found: list[str | None] = [describe_expiry_mismatch(made, wanted.expiry), describe_short_life(wanted, made)]
    if is_unrecognizable:
        found.append(
            f"The token of API key {made.id} does not carry the key's id as its jti, so a later run cannot tell whose "
            f"token is stored, and will call it lost. {LEFT_ACTIVE}"
        )
    if not made.is_active(now):
        found.append(
            f"API key {made.id} had ended when it was made (status {made.status}, expiry {made.expiry}), so its token "
            f"opens nothing. {LEFT_ACTIVE}"
        )
    if not is_same_sub(made.sub, wanted.sub or "") or made.sub_type != wanted.sub_type:
        found.append(
            f"API key {made.id} was made for {made.sub_type} {made.sub!r} instead of {wanted.sub_type} "
            f"{wanted.sub!r}, so a later run will not find it by what this task says. {LEFT_ACTIVE}"
        )
    if made.description != wanted.description:
        found.append(
            f"API key {made.id} was made with the description {quote_text(made.description)} instead of "
            f"{quote_text(wanted.description)}, so a later run will not find it by what this task says. {LEFT_ACTIVE}"
        )
    return [warning for warning in found if warning]
