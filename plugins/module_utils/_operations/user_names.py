# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users as options name them: by id, e-mail address or subject."""

from __future__ import annotations

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import is_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quoted


def user_id_of(tenant: Tenant, option: str, text: str) -> str:
    """The id of the user who is called so; one that nobody has is taken for that of a user who was deleted.

    Raises OptionError for what is no id and nobody's name, and for what is the name of several.
    """
    found = tenant.users.find(text)
    by_id = [user for user in found if user.id == text]
    ids = sorted({user.id for user in by_id or found})
    if len(ids) > 1:
        raise OptionError(option, f"{quoted(text)} is the name of several users; give the id of one: {', '.join(ids)}.")
    if ids:
        return ids[0]
    if "@" in text or not is_id(text):
        raise OptionError(
            option,
            f"no user of the tenant has {quoted(text)} as id, e-mail address or subject. A user who was deleted is found by "
            "the id only.",
        )
    return text
