# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant's configuration of API keys: limits, and on older tenants the switch."""

from __future__ import annotations

from dataclasses import dataclass, fields

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import is_duration
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls, quote_segment

NEEDS_READ = "a user of that tenant"
NEEDS_CHANGE = "the role TenantAdmin"

# The service's names; the module's options and results are all snake_case.
WIRE_NAMES = {
    "api_keys_enabled": "api_keys_enabled",
    "max_keys_per_user": "max_keys_per_user",
    "max_api_key_expiry": "max_api_key_expiry",
    "scim_external_client_expiry": "scim_externalClient_expiry",
}
LIFETIME_SETTINGS = {"user": "max_api_key_expiry", "externalClient": "scim_external_client_expiry"}
"""The setting that limits the life of a key, by its ``sub_type``."""
SETTING_TYPES: dict[str, type] = {
    "api_keys_enabled": bool,
    "max_keys_per_user": int,
    "max_api_key_expiry": str,
    "scim_external_client_expiry": str,
}
TYPE_NAMES = {bool: "true or false", int: "whole number", str: "text"}


@dataclass(frozen=True)
class ApiKeyConfig:
    """Durations are ISO 8601. ``api_keys_enabled`` is None on tenants without the switch (removed early in 2026)."""

    api_keys_enabled: bool | None = None
    max_keys_per_user: int | None = None
    max_api_key_expiry: str | None = None
    scim_external_client_expiry: str | None = None

    def longest_life(self, sub_type: str) -> str | None:
        """The longest life (ISO 8601) of a key of that kind; None where the tenant does not tell one that can be read."""
        limit = getattr(self, LIFETIME_SETTINGS[sub_type])
        return limit if limit is not None and is_duration(limit) else None

    @property
    def has_switch(self) -> bool:
        return self.api_keys_enabled is not None

    def as_result(self) -> dict:
        return {field.name: getattr(self, field.name) for field in fields(self)}


class ApiKeyConfigs:
    def __init__(self, calls: Calls):
        self._calls = calls
        self._known: dict[str, ApiKeyConfig] = {}

    def get_cached(self, tenant_id: str) -> ApiKeyConfig:
        """As it was read last, or written since."""
        return self._known.get(tenant_id) or self.get(tenant_id)

    def get(self, tenant_id: str) -> ApiKeyConfig:
        answer = self._calls.send("GET", _build_path(tenant_id), needs=NEEDS_READ)
        document = answer.document()
        for name, wire in WIRE_NAMES.items():
            value = document.get(wire)
            # Python's bool is an int.
            is_right = isinstance(value, SETTING_TYPES[name]) and isinstance(value, bool) is (
                SETTING_TYPES[name] is bool
            )
            if value is not None and not is_right:
                raise answer.build_error(f"with a configuration whose {wire!r} is no {TYPE_NAMES[SETTING_TYPES[name]]}")
        self._known[tenant_id] = ApiKeyConfig(**{name: document.get(wire) for name, wire in WIRE_NAMES.items()})
        return self._known[tenant_id]

    def update(self, tenant_id: str, changes: dict[str, object]) -> None:
        """Set the named settings, in one call, with the names of ``ApiKeyConfig``."""
        self._known.pop(tenant_id, None)
        self._calls.send(
            "PATCH",
            _build_path(tenant_id),
            needs=NEEDS_CHANGE,
            body=[{"op": "replace", "path": f"/{WIRE_NAMES[name]}", "value": value} for name, value in changes.items()],
        )


def _build_path(tenant_id: str) -> str:
    return f"/api-keys/configs/{quote_segment(tenant_id)}"
