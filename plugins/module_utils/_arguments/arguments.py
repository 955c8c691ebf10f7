# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of a module as data, and the options that every module with a tenant has (doc fragment ``_tenant``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# The environment is no fallback here but read in _sign_in/sign_in_options.py: an option wins over a context, and a context over
# the environment.
ArgumentSpec = dict[str, dict[str, Any]]
"""Options by their names, as AnsibleModule takes them."""

COMMON_OPTIONS: ArgumentSpec = {
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
"""The options for which null means the same as leaving them out. Null in any other is refused, since without it the task would
do more, or do it for somebody else."""


@dataclass(frozen=True)
class Arguments:
    """``own_options`` are those of the module beside the common ones, which a module has if it ``signs_in``. The constraints are
    as ``AnsibleModule`` takes them.

    A role gives options by variables: prefix and name of the option, or the name in ``variable_names``. For ``per_call_options``
    there are none.

    A survey gives texts, and empty text where it was not answered. ``flat_variables`` are further variables by their names after
    the prefix, each for one option inside another. Empty text in them, and in the variables of the options
    ``blank_means_unset``, counts as not given.
    """

    module: str
    own_options: ArgumentSpec
    mutually_exclusive: Sequence[tuple[str, ...]] = ()
    required_one_of: Sequence[tuple[str, ...]] = ()
    required_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    variable_names: Mapping[str, str] = field(default_factory=dict)
    per_call_options: frozenset[str] = frozenset()
    flat_variables: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    blank_means_unset: frozenset[str] = frozenset()
    signs_in: bool = True

    @property
    def spec(self) -> ArgumentSpec:
        return {**(COMMON_OPTIONS if self.signs_in else {}), **self.own_options}

    def build_module_arguments(self) -> dict[str, Any]:
        """The keyword arguments of ``AnsibleModule``, and of Ansible's validator of argument specs."""
        return {
            "argument_spec": self.spec,
            "mutually_exclusive": list(self.mutually_exclusive),
            "required_one_of": list(self.required_one_of),
            "required_by": dict(self.required_by),
        }

    def map_variables(self, prefix: str) -> dict[str, str]:
        """The options by the names of a role's variables for them."""
        return {
            f"{prefix}{self.variable_names.get(name, name)}": name
            for name in self.spec
            if name not in self.per_call_options
        }

    def map_flat_variables(self, prefix: str) -> dict[str, tuple[str, str]]:
        """The places of options inside others by the names of a role's variables for them."""
        return {f"{prefix}{name}": place for name, place in self.flat_variables.items()}

    def drop_unanswered(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The options without those whose empty text means that a survey's question was not answered."""
        return {
            name: value for name, value in options.items() if name not in self.blank_means_unset or not is_blank(value)
        }

    def build_renamer(self, prefix: str | None) -> Callable[[str], str]:
        """A function that replaces the option at the beginning of a text by the role's variable for it, if there is one.

        Without a prefix it changes nothing.
        """

        def find_variable(name: re.Match[str]) -> str:
            return (
                name[0] if name[0] in self.per_call_options else f"{prefix}{self.variable_names.get(name[0], name[0])}"
            )

        def rename(text: str) -> str:
            return re.sub(r"\A\w+", find_variable, text)

        return rename if prefix else str


def is_blank(value: object) -> bool:
    """Whether the value is text of white space alone, or empty text."""
    return isinstance(value, str) and not value.strip()
