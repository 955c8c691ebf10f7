# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways of signing in: a class for each, with its name, its options and the token that comes of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credential_text import (
    check_access_token,
    check_credential,
)

if TYPE_CHECKING:
    from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient

CHOICES = (
    "Give either access_token (QLIK_ACCESS_TOKEN), or client_id and client_secret (QLIK_CLIENT_ID, "
    "QLIK_CLIENT_SECRET), or a context (QLIK_CONTEXT) that has one of these."
)
# The names of the options, and of the fields of "user_lookup" in the token call (qlik.dev, OAuth impersonation).
USER_LOOKUP_FIELDS = {"impersonate_user_id": "userId", "impersonate_subject": "subject"}


@dataclass(frozen=True)
class ImpersonatedUser:
    """The user that an OAuth client acts as, named by ``option``, a key of ``USER_LOOKUP_FIELDS``."""

    option: str
    value: str


class Credentials(ABC):
    """One way of signing in, and the credentials for it."""

    NAME: ClassVar[str]
    """What it is called in messages."""
    OPTIONS: ClassVar[Mapping[str, str]]
    """Its options, all of which it needs, each with its variable of the environment."""
    IS_TOKEN_FETCHED: ClassVar[bool]
    """Whether the tenant gives the token, so that another can be had when one is no longer accepted."""

    context: str | None
    """The context that the credentials were kept in, if any."""

    @classmethod
    def is_given(cls, options: Mapping[str, str | None]) -> bool:
        """Whether any of its options is given."""
        return any(options.get(name) for name in cls.OPTIONS)

    @classmethod
    @abstractmethod
    def from_options(cls, options: Mapping[str, str | None]) -> Credentials:
        """Raises OptionError for an option that is missing or cannot be used."""

    @property
    @abstractmethod
    def secrets(self) -> frozenset[str]:
        """The texts that must not appear in any output."""

    @abstractmethod
    def fetch_token(self, http: HttpClient) -> str:
        """The token to sign calls with. Raises RefusedError when the tenant does not accept the credentials."""

    def impersonate(self, user: ImpersonatedUser) -> Credentials:
        """The same, acting as that user. Raises OptionError for a way of signing in that cannot."""
        raise OptionError(
            user.option,
            f"takes an OAuth client (client_id and client_secret, or a context with them), not {self.origin}.",
        )

    @property
    def origin(self) -> str:
        """What was signed in with, in words for an error message."""
        return f"the {self.NAME}" if self.context is None else f"the {self.NAME} of the context {self.context}"


@dataclass(frozen=True)
class AccessToken(Credentials):
    """An API key or an OAuth access token that the user already has."""

    NAME = "access token"
    OPTIONS = {"access_token": "QLIK_ACCESS_TOKEN"}
    IS_TOKEN_FETCHED = False

    token: str = field(repr=False)
    context: str | None = None

    @classmethod
    def from_options(cls, options: Mapping[str, str | None]) -> AccessToken:
        return cls(check_access_token("access_token", options.get("access_token") or ""))

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset({self.token})

    def fetch_token(self, http: HttpClient) -> str:
        return self.token


@dataclass(frozen=True)
class OAuthClient(Credentials):
    """An OAuth machine-to-machine client of the tenant, and the user it acts as, if not as its own bot user."""

    NAME = "OAuth client"
    OPTIONS = {"client_id": "QLIK_CLIENT_ID", "client_secret": "QLIK_CLIENT_SECRET"}
    IS_TOKEN_FETCHED = True

    client_id: str
    client_secret: str = field(repr=False)
    context: str | None = None
    acting_as: ImpersonatedUser | None = None

    @classmethod
    def from_options(cls, options: Mapping[str, str | None]) -> OAuthClient:
        given = {name: options.get(name) or "" for name in cls.OPTIONS}
        for name, text in given.items():
            if not text:
                raise OptionError(name, f"missing, while the other half of the client pair is given. {CHOICES}")
        return cls(
            client_id=check_credential("client_id", given["client_id"]),
            client_secret=check_credential("client_secret", given["client_secret"]),
        )

    @property
    def secrets(self) -> frozenset[str]:
        """The id of a client is none of them."""
        return frozenset({self.client_secret})

    @property
    def origin(self) -> str:
        return super().origin + (f" acting as user {self.acting_as.value}" if self.acting_as else "")

    def impersonate(self, user: ImpersonatedUser) -> OAuthClient:
        return replace(self, acting_as=user)

    def fetch_token(self, http: HttpClient) -> str:
        # Imported here because a run with an access token needs nothing of it.
        from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.oauth import fetch_token

        pair = {"client_id": self.client_id, "client_secret": self.client_secret}
        if self.acting_as is None:
            return fetch_token(http, pair, None, self._build_advice())
        lookup = {"field": USER_LOOKUP_FIELDS[self.acting_as.option], "value": self.acting_as.value}
        return fetch_token(http, pair, lookup, self._build_advice())

    def _build_advice(self) -> str:
        """What to check when the tenant does not accept the client, or the user it acts as."""
        place = "client_id, client_secret" if self.context is None else f"in the context {self.context}"
        advice = (
            f"Check the id and secret of the OAuth client ({place}), and that it is a machine-to-machine client of this "
            "tenant."
        )
        if self.acting_as is None:
            return advice
        return (
            f"{advice} To act as user {self.acting_as.value} ({self.acting_as.option}), that user must exist on this "
            "tenant, and the client must be one of the tenant itself with the right to impersonate users."
        )


SIGN_IN_METHODS: tuple[type[Credentials], ...] = (AccessToken, OAuthClient)


def find_credentials(options: Mapping[str, str | None]) -> Credentials | None:
    """The credentials among the options that are given, None when there are none.

    Raises OptionError for credentials that lack an option, and for two kinds at once.
    """
    given = [method for method in SIGN_IN_METHODS if method.is_given(options)]
    if len(given) > 1:
        raise OptionError("access_token", f"given together with a client pair, which is a second kind. {CHOICES}")
    return given[0].from_options(options) if given else None


def find_missing_half(options: Mapping[str, str | None]) -> str | None:
    """The option that would make a client pair whole, None where none is given, or all of it, or an access token."""
    if AccessToken.is_given(options):
        return None
    missing = [name for name in OAuthClient.OPTIONS if not options.get(name)]
    return missing[0] if len(missing) == 1 else None


def find_impersonated_user(options: Mapping[str, str | None]) -> ImpersonatedUser | None:
    """The user to act as, None when the options name none. Raises OptionError for two, and for one without a name.

    Here empty text is an error: taken as not given, the run would silently act as the client's bot user, an admin.
    """
    users = [
        ImpersonatedUser(option, value.strip())
        for option in USER_LOOKUP_FIELDS
        if (value := options.get(option)) is not None
    ]
    if not users:
        return None
    if len(users) > 1:
        raise OptionError("impersonate_user_id", "given together with impersonate_subject; give one of them.")
    if not users[0].value:
        raise OptionError(users[0].option, "must not be empty; leave it out to act as the OAuth client's own bot user.")
    return users[0]
