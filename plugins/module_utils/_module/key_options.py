# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the options of the key modules name keys and say how they are kept, and what they may not say together."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import (
    check_duration,
    is_at_least,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._module.file_options import FILE_OPTIONS
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import scim_sub

SUB_TYPES = ["user", "externalClient"]
KEY_OPTIONS = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "id": {"type": "str"},
    "description": {"type": "str"},
    "sub": {"type": "str"},
    "sub_type": {"type": "str", "choices": SUB_TYPES, "default": "user"},
    "idp_id": {"type": "str"},
    "expiry": {"type": "str"},
    "token_file": {"type": "path", "no_log": False},
    **FILE_OPTIONS,
    "token": {"type": "str", "no_log": True},
    "on_lost_token": {"type": "str", "choices": ["fail", "replace", "ignore"], "default": "fail", "no_log": False},
    "renew_before": {"type": "str"},
    "overlap": {"type": "str"},
    "force_renew": {"type": "bool", "default": False},
    "retire_first": {"type": "bool", "default": False},
    "return_token": {"type": "bool", "no_log": False},
}
"""The argument spec of one key, in ``api_key`` and in each entry of ``api_keys``."""
KEY_OPTIONS_EXCLUDE = [("sub", "idp_id"), ("id", "sub"), ("id", "idp_id"), ("token_file", "token")]
# What leads to another key being made, which cannot have the id that was named.
NEED_A_DESCRIPTION = ("renew_before", "overlap", "force_renew", "retire_first")


def check_not_blank(params: Mapping, *names: str) -> None:
    """Raise OptionError for an option that is given, but says nothing."""
    for name in names:
        if params[name] is not None and not params[name].strip():
            raise OptionError(name, "must not be empty.")


def check_id(params: Mapping, name: str) -> None:
    """Raise OptionError for an id that cannot be part of a path: blank, or ``.`` and ``..``, which lead elsewhere."""
    check_not_blank(params, name)
    if params[name] is not None and not params[name].strip("."):
        raise OptionError(name, f"{params[name]!r} is not an id.")


def subject_of(params: Mapping) -> tuple[str | None, str | None]:
    """``sub`` and ``sub_type`` as given; ``idp_id`` means both (``externalClient``, ``SCIM\\<idp_id>``)."""
    if params["idp_id"] is None:
        return params["sub"], params["sub_type"]
    return scim_sub(params["idp_id"]), "externalClient"


def wanted_key(params: Mapping) -> WantedKey:
    """The key that ``KEY_OPTIONS`` describe. Raises OptionError when they do not say which, or contradict each other."""
    check_id(params, "id")
    check_not_blank(params, "description", "sub", "idp_id", "token_file", "token_file_owner", "token_file_group")
    if params["id"] is None and params["description"] is None:
        raise OptionError("description", "needed to say which key is meant, unless id names it.")
    sub, sub_type = subject_of(params)
    if params["id"] is None and sub_type == "externalClient" and sub is None:
        raise OptionError("sub_type", "externalClient needs idp_id, or sub, to say which identity provider it is for.")
    if params["id"] is not None:
        _check_makes_none(params)
    _check_life(params)
    return WantedKey(
        id=params["id"],
        description=params["description"],
        sub=sub,
        sub_type=sub_type,
        **{
            name: params[name]
            for name in ("expiry", "on_lost_token", "renew_before", "overlap", "force_renew", "retire_first")
        },
    )


def _check_makes_none(params: Mapping) -> None:
    given = [name for name in NEED_A_DESCRIPTION if params[name]]
    if params["on_lost_token"] == "replace":
        given.append("on_lost_token")
    for name in given:
        raise OptionError(
            name, "would make another key, and a key cannot be made with an id; name it by its description."
        )


def _check_life(params: Mapping) -> None:
    for name in ("expiry", "renew_before"):
        if params[name] is not None:
            check_duration(name, params[name])
    if params["overlap"] is not None:
        check_duration("overlap", params["overlap"], may_be_zero=True)
    if params["overlap"] is not None and params["retire_first"]:
        raise OptionError(
            "overlap", "there is none with retire_first, which retires a key before its successor is made."
        )
    if params["expiry"] and params["renew_before"] and is_at_least(params["renew_before"], params["expiry"]):
        raise OptionError(
            "renew_before",
            f"{params['renew_before']} is not shorter than the expiry of {params['expiry']}, so every run would make "
            "a successor.",
        )
