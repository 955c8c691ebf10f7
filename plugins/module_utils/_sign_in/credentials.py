# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which credentials a run signs in with: exactly one kind, the task's own options before the environment's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Union

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError

ENVIRONMENT = {
    "access_token": "QLIK_ACCESS_TOKEN",
    "client_id": "QLIK_CLIENT_ID",
    "client_secret": "QLIK_CLIENT_SECRET",
}
CHOICES = (
    "Give either access_token (QLIK_ACCESS_TOKEN), or client_id and client_secret (QLIK_CLIENT_ID, QLIK_CLIENT_SECRET)."
)


@dataclass(frozen=True)
class AccessToken:
    """An API key or an OAuth access token that the user already has."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class OAuthClient:
    """An OAuth machine-to-machine client of the tenant."""

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)


Credentials = Union[AccessToken, OAuthClient]


def choose_credentials(options: Mapping[str, str | None], environment: Mapping[str, str]) -> Credentials:
    """The one kind of credentials that is given.

    A kind named by the options makes the other kind in the environment irrelevant; the missing half of a client pair is
    taken from there. Empty text counts as not given. Raises OptionError for none, half a pair, or two kinds at once.
    """
    given = {name: _given(options.get(name)) for name in ENVIRONMENT}
    exported = {name: _given(environment.get(variable)) for name, variable in ENVIRONMENT.items()}
    source = given if any(given.values()) else exported
    by_token = bool(source["access_token"])
    by_client = bool(source["client_id"] or source["client_secret"])

    if by_token and by_client:
        raise OptionError("access_token", f"given together with a client pair, which is a second kind. {CHOICES}")
    if by_token:
        return AccessToken(_sendable("access_token", source["access_token"]))
    if by_client:
        pair = {name: source[name] or exported[name] for name in ("client_id", "client_secret")}
        for name, value in pair.items():
            if not value:
                raise OptionError(name, f"missing, while the other half of the client pair is given. {CHOICES}")
        return OAuthClient(**{name: _sendable(name, value) for name, value in pair.items()})
    raise OptionError("access_token", f"no credentials are given. {CHOICES}")


def secrets_of(credentials: Credentials) -> set[str]:
    """The texts that must not appear in any output; the id of a client is treated as secret, too."""
    if isinstance(credentials, AccessToken):
        return {credentials.token}
    return {credentials.client_id, credentials.client_secret}


def is_sendable(text: str) -> bool:
    """Whether a text can be part of an HTTP header as one word."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def _given(value: str | None) -> str | None:
    return (value or "").strip() or None


def _sendable(option: str, value: str) -> str:
    """Refuse what an HTTP header cannot carry, without repeating the secret in the message."""
    if value.lower().startswith("bearer "):
        raise OptionError(option, "give the token alone, without the word Bearer before it.")
    if not is_sendable(value):
        raise OptionError(option, "contains white space or characters that no Qlik credential has; was it cut or quoted?")
    return value
