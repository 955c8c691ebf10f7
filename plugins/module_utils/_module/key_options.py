# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the options of the key modules name keys, and what they may not say together."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import scim_sub

SUB_TYPES = ["user", "externalClient"]


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
