# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a result may tell: no secret, and yet every id, path, time and name as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
"""What Ansible shows in place of an option that is secret."""

NEVER_DAMAGED = frozenset(
    (
        *(
            "id",
            "sub",
            "sub_type",
            "scim_sub",
            "status",
            "tenant_id",
            "created_by_user",
            "token_file",
            "outcome",
            "action",
        ),
        *(
            "expiry",
            "created",
            "last_updated",
            "method",
            "path",
            "code",
            "trace_id",
            "hostname",
            "hostnames",
            "subject",
        ),
    )
)
"""Fields in which nothing but a token, or a part of one, is taken for a secret: a header's value may occur in an id."""


def without_secrets(value: Any, secrets: Secrets, field: str = "") -> Any:
    """A result without the secrets that are in it, but for a ``token`` that is returned."""
    if isinstance(value, dict):
        return {
            name: entry if name == "token" and isinstance(entry, str) else without_secrets(entry, secrets, name)
            for name, entry in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [without_secrets(entry, secrets, field) for entry in value]
    if not isinstance(value, str):
        return value
    return secrets.hide_tokens(value) if field in NEVER_DAMAGED else secrets.hide(value)


def secret_options(spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]) -> Iterator[str]:
    """The texts of the options that are secret."""
    for name, value in options.items():
        argument = spec.get(name, {})
        if argument.get("no_log"):
            yield from _texts(value)
        elif "options" in argument:
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, dict):
                    yield from secret_options(argument["options"], entry)


def shown_options(spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any], secrets: Secrets) -> dict:
    """The options as a result may show them: those that are secret hidden whatever they hold, and so those unknown."""
    return {name: _shown(spec.get(name), value, secrets) for name, value in options.items()}


def _shown(argument: Mapping[str, Any] | None, value: Any, secrets: Secrets) -> Any:
    if value is None:
        return None
    if argument is None or argument.get("no_log"):
        return _hidden(value)
    nested = argument.get("options")
    if nested is not None and isinstance(value, list):
        return [shown_options(nested, entry, secrets) if isinstance(entry, dict) else HIDDEN for entry in value]
    if nested is not None:
        return shown_options(nested, value, secrets) if isinstance(value, dict) else HIDDEN
    return without_secrets(value, secrets)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _texts(entry)


def _hidden(value: Any) -> Any:
    return {name: HIDDEN for name in value} if isinstance(value, dict) else HIDDEN
