# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials as texts: what counts as given, and what a request can carry."""

from __future__ import annotations

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError

QUOTATION_MARKS = ('"', "'")


def strip_text(value: str | None) -> str | None:
    """Return the text without white space around it, None when nothing is left."""
    return (value or "").strip() or None


def is_sendable(text: str) -> bool:
    """Whether a text can be part of an HTTP header as one word."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def is_quoted(text: str) -> bool:
    """Whether a text begins or ends with a quotation mark, which no Qlik credential does."""
    return text.startswith(QUOTATION_MARKS) or text.endswith(QUOTATION_MARKS)


def check_credential(option: str, text: str) -> str:
    """Return the text of a credential. Raises OptionError, which does not repeat it, when it cannot be one."""
    if text.lower().startswith("bearer "):
        raise OptionError(option, "give the token alone, without the word Bearer before it.")
    if not is_sendable(text):
        raise OptionError(
            option, "contains white space or characters that no Qlik credential has; was it cut or quoted?"
        )
    if is_quoted(text):
        raise OptionError(option, "has a quotation mark at its beginning or end; give it without quotation marks.")
    return text


def check_access_token(option: str, text: str) -> str:
    """As ``check_credential``, for a token."""
    if text.endswith("%"):
        # Some shells print it after output that does not end with a line break, so it is copied along with a token.
        raise OptionError(
            option, "ends with %, as no token does; a shell may have printed it. Give the token without it."
        )
    return check_credential(option, text)
