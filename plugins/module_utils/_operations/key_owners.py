# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The owners of API keys: users, looked up together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_creators import KeyCreators
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.owners import Owner
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import is_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

STATUS_GONE = "gone"


class KeyOwners:
    """The owners of some keys. ``creators``: who may make keys, None where that is not known."""

    def __init__(self, tenant: Tenant, keys: Iterable[ApiKey], creators: KeyCreators | None):
        self._creators = creators
        ids = (key.owner_id for key in keys)
        # The tenant cannot be asked for users by a text that is no id.
        self._owners = tenant.owners.find_by_ids(each for each in ids if each and is_id(each))

    def get(self, key: ApiKey) -> Owner | None:
        return self._owners.get(key.owner_id or "")

    def describe(self, key: ApiKey) -> dict[str, Any] | None:
        """The owner as modules return it; ``status`` is ``gone`` for one that the tenant does not have any more. None where the
        tenant does not tell whose key it is.
        """
        user_id, owner = key.owner_id, self.get(key)
        if not user_id:
            return None
        if owner is None:
            unknown = {"name": None, "email": None, "subject": None}
            return {"id": user_id, **unknown, "status": STATUS_GONE, "may_make_keys": False}
        may = None if self._creators is None else self._creators.includes(owner)
        return {
            "id": owner.id,
            "name": owner.name,
            "email": owner.email,
            "subject": owner.subject,
            "status": owner.status,
            "may_make_keys": may,
        }
