# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant's configuration of API keys: the limits, and on older tenants the switch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import is_duration
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls, quote_segment

NEEDS_READ = "a user of that tenant"
NEEDS_CHANGE = "the role TenantAdmin"

# The tenant's name of each setting.
WIRE_NAMES = {
    "api_keys_enabled": "api_keys_enabled",
    "max_keys_per_user": "max_keys_per_user",
    "max_api_key_expiry": "max_api_key_expiry",
    "scim_external_client_expiry": "scim_externalClient_expiry",
}
LIFETIME_SETTINGS = {"user": "max_api_key_expiry", "externalClient": "scim_external_client_expiry"}
"""The setting that limits the life of keys of a ``sub_type``."""
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
        """The longest life (ISO 8601) of keys of that ``sub_type``; None where the tenant gives no duration."""
        limit: str | None = getattr(self, LIFETIME_SETTINGS[sub_type])
        return limit if limit is not None and is_duration(limit) else None

    @property
    def has_switch(self) -> bool:
        """Whether the tenant has the switch ``api_keys_enabled``."""
        return self.api_keys_enabled is not None

    def as_result(self) -> dict[str, Any]:
        """The settings as modules return them, by the names of the options."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


class ApiKeyConfigs:
    """The calls that read and write the configuration."""

    def __init__(self, calls: Calls):
        self._calls = calls
        self._cache: dict[str, ApiKeyConfig] = {}

    def get_cached(self, tenant_id: str) -> ApiKeyConfig:
        """The configuration, read at the first call and after each change."""
        return self._cache.get(tenant_id) or self.get(tenant_id)

    def get(self, tenant_id: str) -> ApiKeyConfig:
        """Read the configuration. Raises UnusableAnswerError for a setting of another type."""
        answer = self._calls.send("GET", _build_path(tenant_id), needs=NEEDS_READ)
        document = answer.document()
        for name, wire in WIRE_NAMES.items():
            value = document.get(wire)
            if value is not None and not _has_type(value, SETTING_TYPES[name]):
                raise answer.build_error(f"with a configuration whose {wire!r} is no {TYPE_NAMES[SETTING_TYPES[name]]}")
        self._cache[tenant_id] = ApiKeyConfig(**{name: document.get(wire) for name, wire in WIRE_NAMES.items()})
        return self._cache[tenant_id]

    def update(self, tenant_id: str, changes: Mapping[str, object]) -> None:
        """Write the settings that are given, by the names of ``ApiKeyConfig``, in one call."""
        self._cache.pop(tenant_id, None)
        self._calls.send(
            "PATCH",
            _build_path(tenant_id),
            needs=NEEDS_CHANGE,
            body=[{"op": "replace", "path": f"/{WIRE_NAMES[name]}", "value": value} for name, value in changes.items()],
        )


def _has_type(value: object, setting_type: type) -> bool:
    """Whether a value has exactly that type; to Python true and false are whole numbers as well."""
    return isinstance(value, setting_type) and isinstance(value, bool) is (setting_type is bool)


def _build_path(tenant_id: str) -> str:
    return f"/api-keys/configs/{quote_segment(tenant_id)}"
