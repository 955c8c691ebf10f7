# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``sub`` of an API key: a user's id, or ``SCIM\\<identity provider id>`` for a SCIM key."""

from __future__ import annotations

import re

# Documentation differs whether the tenant stores one backslash or two, so both are the same subject.
SCIM_SUB = re.compile(r"SCIM\\{1,2}(?P<idp_id>.+)")


def build_scim_sub(idp_id: str) -> str:
    """The subject for an identity provider, with a single backslash, which is likelier."""
    return f"SCIM\\{idp_id}"


def parse_idp_id(sub: str) -> str | None:
    """The id of the identity provider in the subject of a SCIM key; None in any other subject."""
    scim = SCIM_SUB.fullmatch(sub)
    return scim["idp_id"] if scim else None


def is_same_sub(one: str, other: str) -> bool:
    """Whether two subjects are the same, be SCIM ones written with one backslash or two."""
    return normalize_sub(one) == normalize_sub(other)


def normalize_sub(sub: str) -> str:
    """The subject, with a single backslash if it is one of SCIM."""
    idp_id = parse_idp_id(sub)
    return sub if idp_id is None else build_scim_sub(idp_id)
