# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The knobs: behaviour that Qlik leaves undocumented, or that differs between tenants, each with what it may be."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


def _choice(default: str, *others: str) -> dict[str, Any]:
    return {"default": default, "metadata": {"choices": (default, *others)}}


def _count(default: int, least: int) -> dict[str, Any]:
    return {"default": default, "metadata": {"least": least}}


def _seconds(default: float) -> dict[str, Any]:
    return {"default": default, "metadata": {"longest": 3600}}


@dataclass
class Settings:
    """Every knob with its default; the table in README.md says what each does."""

    html_401: bool = False
    redirect_me: bool = False
    partial_user_patch: bool = False
    assigned_scopes: str = field(**_choice("direct", "direct_and_groups", "direct_and_default", "all"))
    list_lag: float = field(**_seconds(0.0))
    shifting_pages: bool = False
    most_per_page: int = field(**_count(100, least=1))
    listing_needs_permission: bool = False
    long_expiry: str = field(**_choice("refuse", "clamp"))
    bot_creates_for_others: str = field(**_choice("refuse", "allow"))
    scim_sub_backslashes: str = field(**_choice("as_sent", "1", "2"))
    second_scim_key: str = field(**_choice("accept", "refuse"))
    patch_revoked: str = field(**_choice("refuse", "accept"))
    admin_deletes_own: str = field(**_choice("delete", "revoke"))
    delete_inactive: str = field(**_choice("refuse", "remove"))
    link_style: str = field(**_choice("absolute", "relative", "null"))
    event_names: str = field(**_choice("current", "deprecated", "mixed", "both"))
    unknown_event_types: str = field(**_choice("empty", "refuse"))
    extra_fields: bool = False
    omit_created: bool = False
    omit_created_by: bool = False
    omit_token: bool = False
    token_jti: str = field(**_choice("key_id", "other"))
    tier1_per_minute: int = field(**_count(1000, least=0))
    tier2_per_minute: int = field(**_count(100, least=0))
    ratelimit_window: int = field(**_count(60, least=1))
    ratelimit_headers: bool = False

    def update(self, changes: dict[str, Any]) -> None:
        """Take all changes or none. Raises ValueError naming the first knob that is unknown or has a bad value."""
        known = {knob.name: knob for knob in fields(self)}
        checked = {}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"unknown setting {name!r}; known: {', '.join(known)}")
            checked[name] = _check(known[name], value)
        for name, value in checked.items():
            setattr(self, name, value)

    def update_from_text(self, assignment: str) -> None:
        """One `NAME=VALUE` of the command line. Raises ValueError."""
        name, equals, text = assignment.partition("=")
        if not equals:
            raise ValueError(f"expected NAME=VALUE, got {assignment!r}")
        value: Any = {"true": True, "false": False}.get(text.lower(), text)
        current = getattr(self, name, None)
        if type(current) in (int, float):
            value = _number(text)
        self.update({name: value})


def _number(text: str) -> Any:
    """The text as the number that it is, an integer if it can be; else the text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _check(knob: Any, value: Any) -> Any:
    """The value if the knob takes it. `link_style` may be given as JSON null, `scim_sub_backslashes` as a number."""
    choices = knob.metadata.get("choices")
    if choices:
        text = "null" if value is None else str(value)
        if text not in choices:
            raise ValueError(f"{knob.name} must be one of {', '.join(choices)}, not {value!r}")
        return text
    if "least" in knob.metadata:
        least = knob.metadata["least"]
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ValueError(f"{knob.name} must be an integer of at least {least}, not {value!r}")
        return value
    if "longest" in knob.metadata:
        longest = knob.metadata["longest"]
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= longest:
            raise ValueError(f"{knob.name} must be a number of seconds from 0 to {longest}, not {value!r}")
        return value
    if not isinstance(value, bool):
        raise ValueError(f"{knob.name} must be true or false, not {value!r}")
    return value
