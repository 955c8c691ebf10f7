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
    given_credentials,
    given_text,
    missing_half,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import check_tenant_url

VARIABLES = {
    "tenant_url": "QLIK_TENANT_URL",
    "context": "QLIK_CONTEXT",
    "access_token": "QLIK_ACCESS_TOKEN",
    "client_id": "QLIK_CLIENT_ID",
    "client_secret": "QLIK_CLIENT_SECRET",
}


@contextmanager
def told_as(words: Mapping[str, str]) -> Iterator[None]:
    """An error names the option by the word that the user wrote for it, which may be a variable of the environment."""
    try:
        yield
    except OptionError as error:
        raise OptionError(words.get(error.option, error.option), error.problem) from None


@dataclass(frozen=True)
class Given:
    """What one source gives, by the names of the options; empty credentials and variables count as not given.

    ``words`` are the names that the source itself has for them, ``undo`` is how the user takes one back.
    """

    texts: Mapping[str, str | None] = field(repr=False)
    words: Mapping[str, str]
    undo: str

    @classmethod
    def by_task(cls, options: Mapping[str, str | None]) -> Given:
        """Raises OptionError for an empty name of a tenant: taken as not given, the run would be about another one.

        Ansible-core before 2.19 makes empty text of a template's null.
        """
        for name in ("context", "tenant_url"):
            if options.get(name) is not None and not given_text(options[name]):
                raise OptionError(name, "must not be empty. Give a value, or drop the option.")
        texts = {name: given_text(options.get(name)) for name in VARIABLES}
        return cls(texts, words={name: name for name in VARIABLES}, undo="drop")

    @classmethod
    def by_environment(cls, environment: Mapping[str, str]) -> Given:
        texts = {name: given_text(environment.get(variable)) for name, variable in VARIABLES.items()}
        return cls(texts, words=VARIABLES, undo="unset")

    @property
    def context(self) -> str | None:
        return self.texts["context"]

    @property
    def missing_half(self) -> str | None:
        return missing_half(self.texts)

    def tenant_url(self) -> str | None:
        """The address, as ``check_tenant_url`` returns it. Raises OptionError when it is no address of a tenant."""
        url = self.texts["tenant_url"]
        with told_as(self.words):
            return check_tenant_url(url) if url else None

    def credentials(self) -> Credentials | None:
        """As ``given_credentials``."""
        with told_as(self.words):
            return given_credentials(self.texts)

    def with_half(self, name: str, text: str | None) -> Given:
        """The same, with the missing half of its client pair."""
        return replace(self, texts={**self.texts, name: text})

    def undone(self, name: str) -> str:
        """In words, what the user does to take back an option: 'drop context', 'unset QLIK_CONTEXT'."""
        return f"{self.undo} {self.words[name]}"
