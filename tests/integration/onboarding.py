# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the role give it, and how they look at what it did."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from conftest import Playground

ONBOARD = "tenantops.qlik_cloud.onboard"
ROTATE = "tenantops.qlik_cloud.rotate"
REPORT = "tenantops.qlik_cloud.report"
EXAMPLES = Path(__file__).resolve().parents[2] / "roles" / "onboarding" / "examples"
DAY = 24 * 60 * 60


def inputs(playground: Playground, **more: object) -> dict:
    ready = playground.tenant.ready
    key = {
        "description": "Entra provisioning",
        "idp_id": ready["idp_id"],
        "expiry": "P180D",
        "token_file": str(playground.folder / "scim.token"),
    }
    return {
        "onboarding_tenant_url": ready["url"],
        "onboarding_client_id": ready["client_id"],
        "onboarding_client_secret": ready["client_secret"],
        "onboarding_config": {"max_keys_per_user": 20, "max_api_key_expiry": "P30D"},
        "onboarding_scim_keys": [key],
        **more,
    }


def changed_key(playground: Playground, **changes: object) -> list[dict]:
    """The SCIM key of ``inputs`` with these changes; None leaves something out."""
    key = {**inputs(playground)["onboarding_scim_keys"][0], **changes}
    return [{name: value for name, value in key.items() if value is not None}]


def keys_by_kind(playground: Playground, **kind: str) -> list[dict]:
    return changed_key(playground, idp=kind, idp_id=None)


def offset_of(day: float) -> float:
    """The tenant's clock, in seconds from this machine's, so many days after a start that lies in the past.

    Nothing is due before both clocks say so, thus the tenant's may not be the later one.
    """
    return (day - 400) * DAY


def on_day(playground: Playground, day: float) -> None:
    """Move the tenant's time to so many days after the start, see ``offset_of``."""
    playground.tenant.control("PATCH", "clock", {"offset": offset_of(day)})


def active_keys(playground: Playground) -> list[str]:
    """Ids of the keys that the tenant takes now, oldest first, from the tenant itself."""
    keys = playground.tenant.control("GET", "keys")["keys"]
    return [key["id"] for key in sorted(keys, key=lambda key: key["created"]) if key["status"] == "active"]


def key_of(token: str) -> str:
    """The id of the key that a token says it is of."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["jti"]


def module_runs(playground: Playground) -> int:
    """How often a module has signed in since ``forget_calls``; each does so once."""
    log = playground.tenant.control("GET", "requests")["requests"]
    return sum(call["path"] == "/oauth/token" for call in log)
