# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of credentials, and which of them is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Union

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError

CLIENT_PAIR = ("client_id", "client_secret")
CHOICES = (
    "Give either access_token (QLIK_ACCESS_TOKEN), or client_id and client_secret (QLIK_CLIENT_ID, "
    "QLIK_CLIENT_SECRET), or a context (QLIK_CONTEXT) that has one of these."
)
# The names of the options, and of the fields of "user_lookup" in the token call.
USER_LOOKUP_FIELDS = {"impersonate_user_id": "userId", "impersonate_subject": "subject"}


@dataclass(frozen=True)
class AccessToken:
    """An API key or an OAuth access token that the user already has; ``context`` names where it was kept, if there."""

    token: str = field(repr=False)
    context: str | None = None

    @property
    def origin(self) -> str:
        """What was signed in with, in words for an error message."""
        return "the access token" + _name_context(self.context)


@dataclass(frozen=True)
class ImpersonatedUser:
    """The user that an OAuth client acts as, named by ``option``, a key of ``USER_LOOKUP_FIELDS``."""

    option: str
    value: str


@dataclass(frozen=True)
class OAuthClient:
    """An OAuth machine-to-machine client of the tenant, and the user it acts as, if not as its own bot user."""

    client_id: str
    client_secret: str = field(repr=False)
    context: str | None = None
    acting_as: ImpersonatedUser | None = None

    @property
    def origin(self) -> str:
        """What was signed in with, in words for an error message."""
        acting_as = f" acting as user {self.acting_as.value}" if self.acting_as else ""
        return "the OAuth client" + _name_context(self.context) + acting_as


Credentials = Union[AccessToken, OAuthClient]


def find_credentials(given: Mapping[str, str | None]) -> Credentials | None:
    """The one kind of credentials among the options that are given, None when there is none.

    Raises OptionError for half a pair, and for two kinds at once.
    """
    token, pair = given.get("access_token"), {name: given.get(name) for name in CLIENT_PAIR}
    if token and any(pair.values()):
        raise OptionError("access_token", f"given together with a client pair, which is a second kind. {CHOICES}")
    if token:
        return AccessToken(_check_sendable("access_token", token))
    if not any(pair.values()):
        return None
    for name, value in pair.items():
        if not value:
            raise OptionError(name, f"missing, while the other half of the client pair is given. {CHOICES}")
    return OAuthClient(**{name: _check_sendable(name, value) for name, value in pair.items()})


def find_missing_half(given: Mapping[str, str | None]) -> str | None:
    """The option that would make a client pair whole, None where none is given, or all of it, or an access token."""
    missing = [name for name in CLIENT_PAIR if not given.get(name)]
    return missing[0] if len(missing) == 1 and not given.get("access_token") else None


def find_impersonated_user(options: Mapping[str, str | None]) -> ImpersonatedUser | None:
    """The user to act as, None when the options name none. Raises OptionError for two, and for one without a name.

    Here empty text is an error: taken as not given, the run would silently act as the client's bot user, an admin.
    """
    named = {option: options[option] for option in USER_LOOKUP_FIELDS if options.get(option) is not None}
    if len(named) > 1:
        raise OptionError("impersonate_user_id", "given together with impersonate_subject; give one of them.")
    for option, value in named.items():
        if not value.strip():
            raise OptionError(option, "must not be empty; leave it out to act as the OAuth client's own bot user.")
        return ImpersonatedUser(option, value.strip())
    return None


def secrets_of(credentials: Credentials) -> set[str]:
    """The texts that must not appear in any output. The id of a client is none of them."""
    return {credentials.token if isinstance(credentials, AccessToken) else credentials.client_secret}


def is_sendable(text: str) -> bool:
    """Whether a text can be part of an HTTP header as one word."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def strip_text(value: str | None) -> str | None:
    """The text without white space around it, None when nothing is left."""
    return (value or "").strip() or None


def _name_context(name: str | None) -> str:
    return "" if name is None else f" of the context {name}"


def _check_sendable(option: str, value: str) -> str:
    """Refuse what an HTTP header cannot carry, without repeating the secret in the message."""
    if value.lower().startswith("bearer "):
        raise OptionError(option, "give the token alone, without the word Bearer before it.")
    if not is_sendable(value):
        raise OptionError(
            option, "contains white space or characters that no Qlik credential has; was it cut or quoted?"
        )
    return value
