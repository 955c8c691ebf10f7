# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a result may tell: no secret, and yet every id, path, time and name as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
"""What Ansible shows in place of an option that is secret."""

NEVER_DAMAGED = frozenset(
    (
        *(
            "id",
            "idp_id",
            "sub",
            "sub_type",
            "scim_sub",
            "status",
            "tenant_id",
            "created_by_user",
            "subject",
            "users",
            "groups",
            "key_id",
            "user_id",
        ),
        *(
            "time",
            "since",
            "until",
            "expiry",
            "created",
            "last_updated",
            "method",
            "path",
            "code",
            "trace_id",
            "hostname",
            "hostnames",
            "outcome",
        ),
        *(
            "action",
            "token_file",
            "ca_path",
            "contexts_file",
            "tenant_url",
            "impersonate_user_id",
            "impersonate_subject",
        ),
    )
)
"""Fields and options in which nothing but a token, or a part of one, is taken for a secret: a header's value may occur in an
id."""


class Masking:
    """Takes ``secrets`` out of results and messages, but out of no field of ``NEVER_DAMAGED``, nor out of such an option of
    ``options`` that a message repeats.
    """

    def __init__(self, secrets: Secrets, spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]):
        self.secrets = secrets
        self._spec = spec
        self._options = options

    @cached_property
    def _kept(self) -> re.Pattern[str] | None:
        """Made only when there is a message: of a long list of keys it is made of thousands of texts."""
        kept = sorted({text for text in _never_damaged(self._spec, self._options) if text}, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, kept))) if kept else None

    def message(self, text: str) -> str:
        """A text of this collection's own."""
        if self._kept is None:
            return self.secrets.hide(text)
        told, start = [], 0
        for found in self._kept.finditer(text):
            told += [self.secrets.hide(text[start : found.start()]), self.secrets.hide_tokens(found[0])]
            start = found.end()
        # A token may lie across the parts.
        return self.secrets.hide_tokens("".join([*told, self.secrets.hide(text[start:])]))

    def result(self, value: Any, field: str = "") -> Any:
        """A result without the secrets that are in it, but for a ``token`` that is returned."""
        if isinstance(value, dict):
            return {
                name: entry if name == "token" and isinstance(entry, str) else self.result(entry, name)
                for name, entry in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self.result(entry, field) for entry in value]
        if not isinstance(value, str):
            return value
        if field == "msg":
            return self.message(value)
        return self.secrets.hide_tokens(value) if field in NEVER_DAMAGED else self.secrets.hide(value)

    def options(self, spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]) -> dict:
        """The options as a result may show them: those that are secret hidden whatever they hold, and so those unknown."""
        return {name: self._option(name, spec.get(name), value) for name, value in options.items()}

    def _option(self, name: str, argument: Mapping[str, Any] | None, value: Any) -> Any:
        if value is None:
            return None
        if argument is None or argument.get("no_log"):
            return _hidden(value)
        nested = argument.get("options")
        if nested is not None and isinstance(value, list):
            return [self.options(nested, entry) if isinstance(entry, dict) else HIDDEN for entry in value]
        if nested is not None:
            return self.options(nested, value) if isinstance(value, dict) else HIDDEN
        return self.result(value, name)


def secret_options(spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]) -> Iterator[str]:
    """The texts of the options that are secret."""
    for _name, argument, value in _every_option(spec, options):
        if argument.get("no_log"):
            yield from _texts(value)


def token_files(spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]) -> Iterator[str]:
    """The paths that tokens are to be kept at."""
    for name, _argument, value in _every_option(spec, options):
        if name == "token_file" and isinstance(value, str):
            yield value


def _never_damaged(spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]) -> Iterator[str]:
    for name, _argument, value in _every_option(spec, options):
        if name in NEVER_DAMAGED:
            yield from _texts(value)


def _every_option(
    spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any], Any]]:
    """Each option by its name, with its argument and value, those inside others included; an unknown one has no argument."""
    for name, value in options.items():
        argument = spec.get(name, {})
        yield name, argument, value
        if "options" in argument:
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, dict):
                    yield from _every_option(argument["options"], entry)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _texts(entry)


def _hidden(value: Any) -> Any:
    return {name: HIDDEN for name in value} if isinstance(value, dict) else HIDDEN
