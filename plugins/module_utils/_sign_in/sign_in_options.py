# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options for signing in, as a task or the environment gives them: address, context and credentials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credential_text import strip_text
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    SIGN_IN_METHODS,
    Credentials,
    find_credentials,
    find_missing_half,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import check_tenant_url

ENVIRONMENT_VARIABLES = {
    "tenant_url": "QLIK_TENANT_URL",
    "context": "QLIK_CONTEXT",
    **{option: variable for method in SIGN_IN_METHODS for option, variable in method.OPTIONS.items()},
}
"""The variable of each option for signing in."""


@contextmanager
def name_options_as(names: Mapping[str, str]) -> Iterator[None]:
    """Have an OptionError name the option as the user wrote it, which may be a variable of the environment."""
    try:
        yield
    except OptionError as error:
        raise OptionError(names.get(error.option, error.option), error.problem) from None


@dataclass(frozen=True)
class SignInOptions:
    """The options that a task or the environment gives; empty credentials and variables count as not given.

    ``texts``: their values by option. ``names``: what each is called there, an option or a variable. ``removal_verb``: what
    the user does to take one back, "drop" or "unset".
    """

    texts: Mapping[str, str | None] = field(repr=False)
    names: Mapping[str, str]
    removal_verb: str

    @classmethod
    def from_task(cls, options: Mapping[str, str | None]) -> SignInOptions:
        """Raises OptionError for an empty tenant_url or context: taken as not given, the run would be about another tenant.

        Ansible-core before 2.19 makes empty text of a template's null.
        """
        for name in ("context", "tenant_url"):
            if options.get(name) is not None and not strip_text(options[name]):
                raise OptionError(name, "must not be empty. Give a value, or drop the option.")
        texts = {name: strip_text(options.get(name)) for name in ENVIRONMENT_VARIABLES}
        return cls(texts, names={name: name for name in ENVIRONMENT_VARIABLES}, removal_verb="drop")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> SignInOptions:
        """``environment`` has the variables of the process."""
        texts = {name: strip_text(environment.get(variable)) for name, variable in ENVIRONMENT_VARIABLES.items()}
        return cls(texts, names=ENVIRONMENT_VARIABLES, removal_verb="unset")

    @property
    def context(self) -> str | None:
        """The name of the context."""
        return self.texts["context"]

    @property
    def missing_half(self) -> str | None:
        """The option that would make a client pair whole, see ``find_missing_half``."""
        return find_missing_half(self.texts)

    def tenant_url(self) -> str | None:
        """The address, as ``check_tenant_url`` returns it. Raises OptionError when it is no address of a tenant."""
        url = self.texts["tenant_url"]
        with name_options_as(self.names):
            return check_tenant_url(url) if url else None

    def credentials(self) -> Credentials | None:
        """The credentials, None when there are none. Raises OptionError as ``find_credentials``."""
        with name_options_as(self.names):
            return find_credentials(self.texts)

    def complete_pair(self, name: str, text: str | None) -> SignInOptions:
        """The same, with the missing half of its client pair."""
        return replace(self, texts={**self.texts, name: text})

    def describe_removal(self, name: str) -> str:
        """In words, what the user does to take back an option: 'drop context', 'unset QLIK_CONTEXT'."""
        return f"{self.removal_verb} {self.names[name]}"
