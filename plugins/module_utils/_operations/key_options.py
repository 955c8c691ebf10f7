# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the key modules that name keys and say how they are kept, and what they may not say together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import (
    check_duration,
    is_at_least_as_long,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.require import require
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import is_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import build_scim_sub
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import is_printable

MAX_SHOWN_LENGTH = 100
INVISIBLE_CHARACTERS = (
    "has characters that are not to be seen, such as control characters, those of no width, and those that turn the "
    "direction of writing; give it without them."
)
UNSTORED_TOKEN = (
    "the key would have to be made, and nobody would get its token, which is shown once. Give token_file. Or store the token "
    "yourself, and have it returned by no_log: true on the task, or return_token: true where it may be shown; a task with "
    "async returns none. In role onboarding, onboarding_token_tasks store it."
)
# With these another key is made, which cannot have the id that was named.
REPLACING_OPTIONS = ("renew_before", "overlap", "force_renew", "retire_first")


def check_not_blank(params: Mapping[str, Any], *names: str) -> None:
    """Raise OptionError for an option that is given, but says nothing, or has characters that no tenant tells."""
    for name in names:
        value = params[name]
        if value is None:
            continue
        if not value.strip():
            raise OptionError(name, "must not be empty.")
        if not is_printable(value):
            raise OptionError(name, INVISIBLE_CHARACTERS)


def parse_id(params: Mapping[str, Any], name: str) -> str | None:
    """An id without white space around it, None when the option is not given. Raises OptionError for what is no id."""
    check_not_blank(params, name)
    value: str | None = params[name]
    if value is None:
        return None
    text = value.strip()
    if not is_id(text):
        raise OptionError(
            name,
            f"{text[:MAX_SHOWN_LENGTH]!r} is not an id: those have neither blanks nor letters beyond a to z, and 255 characters "
            "at most.",
        )
    return text


def parse_key_id(params: Mapping[str, Any]) -> str | None:
    """``key_id``: as ``parse_id``, and empty for a store that says it holds no token."""
    return "" if params["key_id"] == "" else parse_id(params, "key_id")


def parse_name(params: Mapping[str, Any], name: str) -> str | None:
    """A user's id or subject, or a role's name, without white space around it, None when the option is not given.

    Raises OptionError, also for characters that nobody sees: a name with one is nobody's, so all would seem to be gone.
    """
    check_not_blank(params, name)
    value: str | None = params[name]
    if value is None:
        return None
    text = value.strip()
    if not text.isprintable():
        raise OptionError(name, INVISIBLE_CHARACTERS)
    return text


def parse_duration(params: Mapping[str, Any], name: str) -> str | None:
    """An ISO 8601 duration longer than zero, None when the option is not given. Raises OptionError for anything else."""
    return None if params[name] is None else check_duration(name, params[name])


def parse_subject(params: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """``sub`` and ``sub_type`` as given; ``idp_id`` means both (``externalClient``, ``SCIM\\<idp_id>``). Raises OptionError."""
    idp_id = parse_id(params, "idp_id")
    sub = parse_name(params, "sub")
    if params.get("idp") is not None:
        # Whose it is can be said only when the provider is found.
        return None, "externalClient"
    return (sub, params["sub_type"]) if idp_id is None else (build_scim_sub(idp_id), "externalClient")


def parse_wanted_key(params: Mapping[str, Any]) -> WantedKey:
    """The key that the options describe. Raises OptionError when they do not say which, or contradict each other."""
    key_id = parse_id(params, "id")
    check_not_blank(params, "description", "token_file", "token_file_owner", "token_file_group")
    sub, sub_type = parse_subject(params)
    if key_id is None and params["description"] is None:
        raise OptionError("description", "needed to say which key is meant, unless id names it.")
    if key_id is None and sub_type == "externalClient" and sub is None and params.get("idp") is None:
        raise OptionError(
            "sub_type", "externalClient needs idp_id, idp or sub, to say which identity provider it is for."
        )
    if key_id is not None:
        _check_replaces_none(params)
    _check_durations(params)
    return WantedKey(
        id=key_id,
        description=params["description"],
        sub=sub,
        sub_type=require(sub_type, "sub_type"),
        expiry=params["expiry"],
        on_lost_token=params["on_lost_token"],
        renew_before=params["renew_before"],
        overlap=params["overlap"],
        force_renew=params["force_renew"],
        retire_first=params["retire_first"],
    )


def _check_replaces_none(params: Mapping[str, Any]) -> None:
    given = [name for name in REPLACING_OPTIONS if params[name]]
    if params["on_lost_token"] == "replace":
        given.append("on_lost_token")
    if given:
        raise OptionError(
            given[0], "would make another key, and a key cannot be made with an id; name it by its description."
        )


def _check_durations(params: Mapping[str, Any]) -> None:
    for name in ("expiry", "renew_before"):
        if params[name] is not None:
            check_duration(name, params[name])
    if params["overlap"] is not None:
        check_duration("overlap", params["overlap"], may_be_zero=True)
    if params["overlap"] is not None and params["retire_first"]:
        raise OptionError(
            "overlap", "there is none with retire_first, which retires a key before its successor is made."
        )
    if params["expiry"] and params["renew_before"] and is_at_least_as_long(params["renew_before"], params["expiry"]):
        raise OptionError(
            "renew_before",
            f"{params['renew_before']} is not shorter than the expiry of {params['expiry']}, so every run would make "
            "a successor.",
        )
