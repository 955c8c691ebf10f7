# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks secrets in results and messages, and leaves every id, path, time and name as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets

MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
"""What Ansible shows in place of an option that is secret."""

UNMASKED_FIELDS = frozenset(
    {
        *("id", "idp_id", "sub", "sub_type", "scim_sub", "status", "tenant_id", "created_by_user", "subject", "users"),
        *(
            "groups",
            "key_id",
            "user_id",
            "time",
            "since",
            "until",
            "expiry",
            "created",
            "last_updated",
            "method",
            "path",
        ),
        *("code", "trace_id", "hostname", "hostnames", "outcome", "action", "token_file", "ca_path", "contexts_file"),
        *("tenant_url", "impersonate_user_id", "impersonate_subject"),
    }
)
"""Fields and options in which only tokens, and parts of them, are masked: the value of a header may occur in an id."""


class Masking:
    """Masks ``secrets``, but not in ``UNMASKED_FIELDS``, nor in the values of such options where a message repeats them."""

    def __init__(self, secrets: Secrets, spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]):
        self.secrets = secrets
        self._spec = spec
        self._options = options

    @cached_property
    def _unmasked(self) -> re.Pattern[str] | None:
        """Matches the values of those options. Built only when there is a message: a long list of keys has thousands of them."""
        unmasked = sorted({text for text in _find_unmasked(self._spec, self._options) if text}, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, unmasked))) if unmasked else None

    def mask_message(self, text: str) -> str:
        """A text of this collection's own."""
        if self._unmasked is None:
            return self.secrets.hide(text)
        parts: list[str] = []
        start = 0
        for found in self._unmasked.finditer(text):
            parts += [self.secrets.hide(text[start : found.start()]), self.secrets.hide_tokens(found[0])]
            start = found.end()
        # A token may lie across the parts.
        return self.secrets.hide_tokens("".join([*parts, self.secrets.hide(text[start:])]))

    def mask_result(self, value: Any, field: str = "") -> Any:
        """A result without the secrets that are in it, but for a ``token`` that is returned."""
        if isinstance(value, dict):
            return {
                name: entry if name == "token" and isinstance(entry, str) else self.mask_result(entry, name)
                for name, entry in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self.mask_result(entry, field) for entry in value]
        if not isinstance(value, str):
            return value
        if field == "msg":
            return self.mask_message(value)
        return self.secrets.hide_tokens(value) if field in UNMASKED_FIELDS else self.secrets.hide(value)

    def mask_options(self, spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]) -> dict[str, Any]:
        """The options as a result may show them: whole values masked of those that are secret, and of those that are unknown."""
        return {
            name: None if value is None else self._mask_option(name, spec.get(name), value)
            for name, value in options.items()
        }

    def _mask_option(self, name: str, argument: Mapping[str, Any] | None, value: Any) -> Any:
        if argument is None or argument.get("no_log"):
            return _hide(value)
        nested = argument.get("options")
        if nested is not None and isinstance(value, list):
            return [self.mask_options(nested, entry) if isinstance(entry, dict) else MASK for entry in value]
        if nested is not None:
            return self.mask_options(nested, value) if isinstance(value, dict) else MASK
        return self.mask_result(value, name)


def find_secrets(spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]) -> Iterator[str]:
    """The texts of the options that are secret."""
    for _name, argument, value in _iterate_options(spec, options):
        if argument.get("no_log"):
            yield from _find_texts(value)


def find_token_files(spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]) -> Iterator[str]:
    """The paths that tokens are to be kept at."""
    for name, _argument, value in _iterate_options(spec, options):
        if name == "token_file" and isinstance(value, str):
            yield value


def _find_unmasked(spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]) -> Iterator[str]:
    for name, _argument, value in _iterate_options(spec, options):
        if name in UNMASKED_FIELDS:
            yield from _find_texts(value)


def _iterate_options(
    spec: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any], Any]]:
    """Each option by its name, with its argument and value, those inside others included; an unknown one has no argument."""
    for name, value in options.items():
        argument = spec.get(name, {})
        yield name, argument, value
        if "options" in argument:
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, dict):
                    yield from _iterate_options(argument["options"], entry)


def _find_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _find_texts(entry)


def _hide(value: Any) -> Any:
    return dict.fromkeys(value, MASK) if isinstance(value, dict) else MASK
