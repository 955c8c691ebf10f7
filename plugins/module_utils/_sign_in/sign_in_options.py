# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the options of a task say of address, context and credentials, and what the environment says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    Credentials,
    find_credentials,
    strip_text,
    find_missing_half,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import check_tenant_url

ENVIRONMENT_VARIABLES = {
    "tenant_url": "QLIK_TENANT_URL",
    "context": "QLIK_CONTEXT",
    "access_token": "QLIK_ACCESS_TOKEN",
    "client_id": "QLIK_CLIENT_ID",
    "client_secret": "QLIK_CLIENT_SECRET",
}


@contextmanager
def name_options_as(words: Mapping[str, str]) -> Iterator[None]:
    """An error names the option by the word that the user wrote for it, which may be a variable of the environment."""
    try:
        yield
    except OptionError as error:
        raise OptionError(words.get(error.option, error.option), error.problem) from None


@dataclass(frozen=True)
class SignInOptions:
    """What one source gives, by the names of the options; empty credentials and variables count as not given.

    ``words`` are the names that the source itself has for them, ``undo`` is how the user takes one back.
    """

    texts: Mapping[str, str | None] = field(repr=False)
    names: Mapping[str, str]
    removal_verb: str

    @classmethod
    def from_task(cls, options: Mapping[str, str | None]) -> SignInOptions:
        """Raises OptionError for an empty name of a tenant: taken as not given, the run would be about another one.

        Ansible-core before 2.19 makes empty text of a template's null.
        """
        for name in ("context", "tenant_url"):
            if options.get(name) is not None and not strip_text(options[name]):
                raise OptionError(name, "must not be empty. Give a value, or drop the option.")
        texts = {name: strip_text(options.get(name)) for name in ENVIRONMENT_VARIABLES}
        return cls(texts, names={name: name for name in ENVIRONMENT_VARIABLES}, removal_verb="drop")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> SignInOptions:
        texts = {name: strip_text(environment.get(variable)) for name, variable in ENVIRONMENT_VARIABLES.items()}
        return cls(texts, names=ENVIRONMENT_VARIABLES, removal_verb="unset")

    @property
    def context(self) -> str | None:
        return self.texts["context"]

    @property
    def missing_half(self) -> str | None:
        return find_missing_half(self.texts)

    def tenant_url(self) -> str | None:
        """The address, as ``check_tenant_url`` returns it. Raises OptionError when it is no address of a tenant."""
        url = self.texts["tenant_url"]
        with name_options_as(self.names):
            return check_tenant_url(url) if url else None

    def credentials(self) -> Credentials | None:
        """As ``given_credentials``."""
        with name_options_as(self.names):
            return find_credentials(self.texts)

    def complete_pair(self, name: str, text: str | None) -> SignInOptions:
        """The same, with the missing half of its client pair."""
        return replace(self, texts={**self.texts, name: text})

    def describe_removal(self, name: str) -> str:
        """In words, what the user does to take back an option: 'drop context', 'unset QLIK_CONTEXT'."""
        return f"{self.removal_verb} {self.names[name]}"
