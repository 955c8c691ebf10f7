# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit events of API keys, by either generation of their names."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import parse_time
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import Record
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import build_scim_sub
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line

MAX_TEXT_CHARACTERS = 500
CONFIG_UPDATED = "config_updated"
VALIDATION_FAILED = "validation_failed"
# The current name of each event and the one that is deprecated since 2026-08-31 (qlik.dev, events). The one that may happen
# every few minutes comes last, so that it takes no room from the others when there is too much to read.
EVENT_TYPES: Mapping[str, tuple[str, str]] = {
    "created": ("com.qlik.core.api-key.created", "com.qlik.api-key.created"),
    "updated": ("com.qlik.core.api-key.updated", "com.qlik.api-key.updated"),
    "deleted": ("com.qlik.core.api-key.deleted", "com.qlik.api-key.deleted"),
    CONFIG_UPDATED: ("com.qlik.core.api-keys-config.updated", "com.qlik.api-keys-config.updated"),
    VALIDATION_FAILED: ("com.qlik.core.api-key.validation.failed", "com.qlik.v1.api-key.validation.failed"),
}
# The option for each setting in an event of the config.
CONFIG_OPTIONS = {
    "apiKeysEnabled": "api_keys_enabled",
    "maxKeysPerUser": "max_keys_per_user",
    "maxApiKeyExpiry": "max_api_key_expiry",
    "scimExternalClientExpiry": "scim_external_client_expiry",
}
OUTCOMES = ("deleted", "revoked")
RESULT_FIELDS = (
    *("id", "time", "event", "key_id", "description", "sub", "sub_type", "expiry"),
    *("outcome", "user_id", "code", "detail"),
)


@dataclass(frozen=True)
class AuditEvent:
    """What happened to a key or to the config; ``user_id`` is who did it, the rest describes the key at that time.

    ``time`` is the tenant's text. ``key_ids`` are all ids that the event has for its key, up to three.
    """

    id: str | None
    time: str | None
    event: str
    user_id: str | None
    is_deprecated: bool
    key_ids: tuple[str, ...] = ()
    description: str | None = None
    sub: str | None = None
    sub_type: str | None = None
    expiry: str | None = None
    outcome: str | None = None
    code: str | None = None
    detail: str | None = None

    @classmethod
    def from_record(cls, record: Record, event: str, event_type: str) -> AuditEvent | None:
        """The event, None if it is of another type. Other unusable fields are None, with a warning.

        Raises UnusableAnswerError for an event without a type.
        """
        if record.text("eventType") != event_type:
            return None
        data, extensions = record.nested("data"), record.nested("extensions")
        read = READERS.get(event, _read_key)
        return cls(
            id=record.optional_id("id"),
            time=_shorten(record.optional_time("eventTime")),
            event=event,
            user_id=record.optional_id("userId"),
            is_deprecated=event_type == EVENT_TYPES[event][1],
            **read(data, extensions),
        )

    @property
    def key_id(self) -> str | None:
        """The id of the key that it is about, None where the event has none."""
        return self.key_ids[0] if self.key_ids else None

    @property
    def happened_at(self) -> datetime | None:
        """When it happened, None without a time that can be parsed."""
        return parse_time(self.time)

    def as_result(self) -> dict[str, str | None]:
        """The event as modules return it, by the names of ``RESULT_FIELDS``."""
        return {name: getattr(self, name) for name in RESULT_FIELDS}


def remove_duplicates(events: Sequence[AuditEvent]) -> list[AuditEvent]:
    """The events without those of a deprecated name that are there by their current name as well.

    A tenant may write both for a while, with times that differ a little.
    """
    current = {_identify(event) for event in events if not event.is_deprecated} - {None}
    return [
        event
        for event in events
        if not (event.is_deprecated and any(_identify(event, offset) in current for offset in (-1, 0, 1)))
    ]


def _identify(event: AuditEvent, offset: int = 0) -> tuple[str, str | None, int] | None:
    """The event's name, key and second (plus ``offset``); None where the event lacks one of them."""
    happened = event.happened_at
    if happened is None or (event.key_id is None and event.event != CONFIG_UPDATED):
        return None
    return event.event, event.key_id, int(happened.timestamp()) + offset


def _read_key(data: Record, extensions: Record) -> dict[str, Any]:
    return {
        "key_ids": _collect_ids(data.optional_id("id")),
        "description": _shorten(data.optional_text("description")),
        "sub": _shorten(data.optional_text("sub")),
        "sub_type": _shorten(data.optional_text("subType")),
        "expiry": _shorten(data.optional_text("expiry")),
        "detail": _format_updates(extensions),
    }


def _read_deletion(data: Record, extensions: Record) -> dict[str, Any]:
    status = data.fields.get("status")
    return {**_read_key(data, extensions), "outcome": status if status in OUTCOMES else None}


def _read_validation(data: Record, extensions: Record) -> dict[str, Any]:
    """The description of such an event is not the key's: it says why the key was refused."""
    idp_id = data.optional_id("idpId")
    sub = data.optional_text("sub") or (None if idp_id is None else build_scim_sub(idp_id))
    return {
        "key_ids": _collect_ids(
            extensions.optional_id("topLevelResourceId"), data.optional_id("jti"), data.optional_id("id")
        ),
        "sub": _shorten(sub),
        "sub_type": _shorten(data.optional_text("subType")),
        "code": _shorten(data.optional_text("code")),
        "detail": _shorten(data.optional_text("description")),
    }


def _read_config(data: Record, extensions: Record) -> dict[str, Any]:
    """What was changed, or the config since then where the event does not say that."""
    settings = {option: data.fields.get(name) for name, option in CONFIG_OPTIONS.items()}
    lines = [
        f"{option}: {_format_scalar(value)}" for option, value in settings.items() if isinstance(value, (str, int))
    ]
    return {"detail": _format_updates(extensions) or _shorten(", ".join(lines)) or None}


READERS: Mapping[str, Callable[[Record, Record], dict[str, Any]]] = {
    "deleted": _read_deletion,
    CONFIG_UPDATED: _read_config,
    VALIDATION_FAILED: _read_validation,
}


def _format_updates(extensions: Record) -> str | None:
    """The changes as one line; their form is not documented."""
    updates = extensions.fields.get("updates")
    if not updates:
        return None
    return format_one_line(
        updates if isinstance(updates, str) else json.dumps(updates, ensure_ascii=False), MAX_TEXT_CHARACTERS
    )


def _format_scalar(value: str | int) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _collect_ids(*ids: str | None) -> tuple[str, ...]:
    return tuple(each for each in ids if each is not None)


def _shorten(text: str | None) -> str | None:
    return text if text is None or len(text) <= MAX_TEXT_CHARACTERS else f"{text[: MAX_TEXT_CHARACTERS - 1]}…"
