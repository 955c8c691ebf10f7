# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the configuration of API keys. Sends and reads nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import is_same_duration
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.duration_warnings import warn_of_months
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfig

DURATION_SETTINGS = ("max_api_key_expiry", "scim_external_client_expiry")
NO_SWITCH = (
    "api_keys_enabled: this tenant has no switch for API keys (Qlik removed it early in 2026). Creating keys is allowed "
    "by the permission Manage API keys instead, "
)


def plan_config(tenant_id: str, current: ApiKeyConfig, wanted: Mapping[str, Any]) -> Plan:
    """What to change so that each setting named in ``wanted`` (names of ApiKeyConfig) has its value.

    Raises TenantStateError when ``api_keys_enabled: false`` is wanted of a tenant without the switch.
    """
    settings = dict(wanted)
    warnings = warn_of_months({name: settings.get(name) for name in DURATION_SETTINGS})
    if "api_keys_enabled" in settings and not current.has_switch:
        if not settings.pop("api_keys_enabled"):
            raise TenantStateError(
                NO_SWITCH + "so take that permission away to turn them off. Nothing was changed.",
                begins_with_option=True,
            )
        warnings.append(
            NO_SWITCH + "which tenantops.qlik_cloud.api_key_permission grants. This setting was left alone."
        )
    changes = find_changes(current, settings)
    reason = ", ".join(
        f"{name} from {_format_value(getattr(current, name))} to {_format_value(changes[name])}" for name in changes
    )
    actions = (Action("update", tenant_id, "API key configuration", reason),) if changes else ()
    return Plan(current.as_result(), replace(current, **changes).as_result(), actions, tuple(warnings))


def find_changes(current: ApiKeyConfig, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of ``wanted`` that ``current`` does not have; durations are compared by their length."""
    return {name: value for name, value in wanted.items() if not _is_equal(name, getattr(current, name), value)}


def _is_equal(name: str, current: Any, wanted: Any) -> bool:
    if name in DURATION_SETTINGS:
        return is_same_duration(current, wanted)
    return bool(current == wanted)


def _format_value(value: object) -> str:
    return "unset" if value is None else json.dumps(value)
