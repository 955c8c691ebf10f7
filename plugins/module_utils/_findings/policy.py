# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report finds worth telling, and how severe that is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, at_option
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import check_duration

ERROR, WARNING, NOTE, OFF = "error", "warning", "note", "off"
SEVERITIES = (ERROR, WARNING, NOTE)
"""The most severe first."""

RULES: Mapping[str, str] = {
    "unreachable": ERROR,
    "stored_token_invalid": ERROR,
    "key_missing": WARNING,
    "expires_soon": WARNING,
    "expired_lately": WARNING,
    "owner_gone": WARNING,
    "owner_disabled": WARNING,
    "owner_not_allowed": WARNING,
    "lives_too_long": WARNING,
    "too_many_keys": WARNING,
    "inactive_provider": WARNING,
    "permission_too_wide": WARNING,
    "partial_view": WARNING,
    "not_rotated": NOTE,
    "unused_description": NOTE,
    "stored_token_unread": NOTE,
    "turned_off": NOTE,
}
"""Each rule with its severity, unless a policy says otherwise."""

DURATIONS = ("expires_within", "expired_within", "longest_life", "rotated_within")
UNUSED_DESCRIPTION = (
    r"(?i)\b(test|tests|testing|tmp|temp|temporary|unused|obsolete|deprecated|old|delete me|do not use)\b"
)


@dataclass(frozen=True)
class Policy:
    """Durations are ISO 8601. ``longest_life`` and ``keys_per_owner`` are the tenant's own limits where they are None.

    ``permission_roles``: the names of the roles that are meant to let users make keys; None where nobody has said so.
    ``severities``: of rules that are not to have that of ``RULES``; ``off`` for one that is not to be told.
    """

    expires_within: str = "P14D"
    expired_within: str = "P7D"
    longest_life: str | None = None
    rotated_within: str = "P365D"
    keys_per_owner: int | None = None
    unused_description: str = UNUSED_DESCRIPTION
    permission_roles: tuple[str, ...] | None = None
    severities: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_options(cls, given: Mapping[str, Any] | None) -> Policy:
        """``given``: options as the module has them, None for what was not said. Raises OptionError."""
        said = {name: value for name, value in (given or {}).items() if value is not None}
        with at_option("policy"):
            for name in DURATIONS:
                if name in said:
                    check_duration(name, said[name])
            if said.get("keys_per_owner", 1) < 1:
                raise OptionError("keys_per_owner", f"must be at least 1, not {said['keys_per_owner']}.")
            if "unused_description" in said:
                _check_expression("unused_description", said["unused_description"])
            if "severities" in said:
                with at_option("severities"):
                    said["severities"] = _severities(said["severities"])
        roles = said.get("permission_roles")
        return replace(cls(**said), permission_roles=None if roles is None else tuple(roles))

    def get_severity(self, rule: str) -> str:
        return self.severities.get(rule, RULES[rule])

    def as_result(self) -> dict:
        """With the severity of every rule."""
        roles = self.permission_roles
        return {
            **asdict(self),
            "permission_roles": None if roles is None else list(roles),
            "severities": {rule: self.get_severity(rule) for rule in RULES},
        }


def _check_expression(option: str, text: str) -> None:
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise OptionError(option, f"{text!r} is not a regular expression of Python: {error}.") from None


def _severities(given: Mapping[str, Any]) -> dict[str, str]:
    known: Sequence[str] = (*SEVERITIES, OFF)
    for rule, severity in given.items():
        if rule not in RULES:
            raise OptionError(str(rule), f"there is no such rule. There are: {', '.join(sorted(RULES))}.")
        # YAML reads off as false.
        if severity not in known and severity is not False:
            raise OptionError(rule, f"{severity!r} is not one of {', '.join(known)}.")
    return {rule: severity or OFF for rule, severity in given.items()}
