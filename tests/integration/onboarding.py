# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the role give it."""

from __future__ import annotations

from conftest import Playground

ONBOARD = "tenantops.qlik_cloud.onboard"


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
    return [{**inputs(playground)["onboarding_scim_keys"][0], **changes}]


def keys_by_kind(playground: Playground, **kind: str) -> list[dict]:
    [key] = changed_key(playground, idp=kind)
    del key["idp_id"]
    return [key]
