# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the arguments of a module are, and those that all modules have; documented in the doc fragment ``_tenant``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# What the environment says is read in _sign_in/sign_in_options.py: as a fallback here it could not be told from an option, and an
# option must win over a context, and a context over the environment.
COMMON_OPTIONS: Mapping[str, dict[str, Any]] = {
    "tenant_url": {"type": "str", "aliases": ["server", "tenant_uri"]},
    "access_token": {"type": "str", "no_log": True},
    "client_id": {"type": "str"},
    "client_secret": {"type": "str", "no_log": True},
    "impersonate_user_id": {"type": "str"},
    "impersonate_subject": {"type": "str"},
    "context": {"type": "str"},
    "contexts_file": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "timeout": {"type": "float", "default": 30.0},
    "retries": {"type": "int", "default": 5},
    "retry_interval": {"type": "float", "default": 1.0},
    "rate_limit_wait": {"type": "float", "default": 900.0},
    "headers": {"type": "dict", "no_log": True},
}

NULLABLE_OPTIONS = frozenset(
    (
        *("headers", "renew_before", "return_token", "return_tokens"),
        *("token_file_owner", "token_file_group", "token_file_mode"),
        *("api_keys_enabled", "max_keys_per_user", "max_api_key_expiry", "scim_external_client_expiry"),
    )
)
"""The options for which null says no more than leaving them out: nothing is asked for. Any other would widen what the task
is about, or make it about somebody else, without anybody having said so."""


@dataclass(frozen=True)
class Arguments:
    """``own`` is the argument spec of a module beside the common options, which one that calls no tenant has not; the rest as
    ``AnsibleModule`` takes it.

    Where a role's variables say what its options are: ``variables`` are the names, after their prefix, of those that are called
    otherwise than the option, and ``per_call_options`` the options that are about one call, for which there is no variable.

    A survey gives texts, and empty text where it was not answered. ``flat`` are further variables, after the prefix, each for one
    option inside another; empty text in them, and in the variables of the options ``blank_means_unset``, counts as not given.
    """

    module: str
    own: Mapping[str, dict[str, Any]]
    mutually_exclusive: Sequence[tuple[str, ...]] = ()
    required_one_of: Sequence[tuple[str, ...]] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    per_call_options: frozenset[str] = frozenset()
    flat: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    blank_means_unset: frozenset[str] = frozenset()
    calls_a_tenant: bool = True

    @property
    def spec(self) -> dict[str, dict[str, Any]]:
        return {**(COMMON_OPTIONS if self.calls_a_tenant else {}), **self.own}

    def build_module_arguments(self) -> dict[str, Any]:
        """The keyword arguments of ``AnsibleModule``, and of Ansible's validator of argument specs."""
        return {
            "argument_spec": self.spec,
            "mutually_exclusive": list(self.mutually_exclusive),
            "required_one_of": list(self.required_one_of),
        }

    def map_variables(self, prefix: str) -> dict[str, str]:
        """The options by the names of a role's variables for them."""
        return {
            f"{prefix}{self.variables.get(name, name)}": name for name in self.spec if name not in self.per_call_options
        }

    def map_flat_variables(self, prefix: str) -> dict[str, tuple[str, str]]:
        """The places of options inside others by the names of a role's variables for them."""
        return {f"{prefix}{name}": place for name, place in self.flat.items()}

    def drop_unanswered(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The options without those whose empty text says no more than that a question was left open."""
        return {
            name: value for name, value in options.items() if name not in self.blank_means_unset or not is_blank(value)
        }

    def build_renamer(self, prefix: str | None) -> Callable[[str], str]:
        """What puts the name of a role's variable for that of the option which a text begins with, if there is one; it changes
        nothing without a prefix.
        """

        def variable(name: re.Match[str]) -> str:
            return name[0] if name[0] in self.per_call_options else f"{prefix}{self.variables.get(name[0], name[0])}"

        def renamed(text: str) -> str:
            return re.sub(r"\A\w+", variable, text)

        return renamed if prefix else str


def is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()
