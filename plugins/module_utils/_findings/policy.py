# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy of a report: what is reported, and how severe it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, at_option
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import check_duration

Severity = Literal["error", "warning", "note", "off"]
ERROR: Final = "error"
WARNING: Final = "warning"
NOTE: Final = "note"
OFF: Final = "off"
SEVERITIES: tuple[Severity, ...] = (ERROR, WARNING, NOTE)
"""The most severe first."""

RULES: Mapping[str, Severity] = {
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

DURATION_OPTIONS = ("expires_within", "expired_within", "longest_life", "rotated_within")
UNUSED_DESCRIPTION = (
    r"(?i)\b(test|tests|testing|tmp|temp|temporary|unused|obsolete|deprecated|old|delete me|do not use)\b"
)


@dataclass(frozen=True)
class Policy:
    """Durations are ISO 8601. ``longest_life`` and ``keys_per_owner`` are the tenant's own limits where they are None.

    ``permission_roles``: the names of the roles that are meant to let users make keys; None where that was not given.
    ``severities``: of the rules whose severity is not that of ``RULES``; a rule that is ``off`` is not reported.
    """

    expires_within: str = "P14D"
    expired_within: str = "P7D"
    longest_life: str | None = None
    rotated_within: str = "P365D"
    keys_per_owner: int | None = None
    unused_description: str = UNUSED_DESCRIPTION
    permission_roles: tuple[str, ...] | None = None
    severities: Mapping[str, Severity] = field(default_factory=dict)

    @classmethod
    def from_options(cls, given: Mapping[str, Any] | None) -> Policy:
        """``given``: the options of the policy, None for those not given. Raises OptionError."""
        options = {name: value for name, value in (given or {}).items() if value is not None}
        with at_option("policy"):
            for name in DURATION_OPTIONS:
                if name in options:
                    check_duration(name, options[name])
            if options.get("keys_per_owner", 1) < 1:
                raise OptionError("keys_per_owner", f"must be at least 1, not {options['keys_per_owner']}.")
            if "unused_description" in options:
                _check_expression("unused_description", options["unused_description"])
            if "severities" in options:
                with at_option("severities"):
                    options["severities"] = _parse_severities(options["severities"])
        roles = options.get("permission_roles")
        return replace(cls(**options), permission_roles=None if roles is None else tuple(roles))

    def get_severity(self, rule: str) -> Severity:
        return self.severities.get(rule, RULES[rule])

    def as_result(self) -> dict[str, Any]:
        """The policy with the severity of every rule."""
        roles = self.permission_roles
        return {
            **asdict(self),
            "permission_roles": None if roles is None else list(roles),
            "severities": {rule: self.get_severity(rule) for rule in RULES},
        }


def _check_expression(option: str, text: str) -> None:
    if not text.strip():
        raise OptionError(
            option,
            'is empty and would find every key; to turn the rule off, set severities: {unused_description: "off"}.',
        )
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise OptionError(option, f"{text!r} is not a regular expression of Python: {error}.") from None


def _parse_severities(given: Mapping[str, Any]) -> dict[str, Severity]:
    known: Sequence[str] = (*SEVERITIES, OFF)
    for rule, severity in given.items():
        if rule not in RULES:
            raise OptionError(str(rule), f"there is no such rule. There are: {', '.join(sorted(RULES))}.")
        # YAML reads off as false.
        if severity not in known and severity is not False:
            raise OptionError(rule, f"{severity!r} is not one of {', '.join(known)}.")
    return {rule: severity or OFF for rule, severity in given.items()}
