# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run notes before it asks for a key, for the next run to read if this one is stopped."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import same_sub


@dataclass(frozen=True)
class Interrupted:
    """Which key the run was about, and what there was at that moment.

    ``existing``: ids of the matching active keys. ``replaced``: those of them to be retired as soon as the new token is
    stored, since nobody holds theirs. ``stored``: id of the key whose token was stored, None for none.
    """

    tenant_url: str
    description: str
    sub: str
    sub_type: str
    existing: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    stored: str | None = None

    def is_about(self, tenant_url: str, description: str | None, sub: str | None, sub_type: str) -> bool:
        return (
            self.tenant_url == tenant_url
            and self.description == description
            and self.sub_type == sub_type
            and same_sub(self.sub, sub or "")
        )

    def orphans(self, active: list[ApiKey], stored: str | None, requester_id: str) -> list[ApiKey]:
        """The keys that the run made and whose token it did not come to store.

        ``stored`` is the key whose token is stored now. What another user than the requester made is not the run's.

        If another token is stored than before, and it is not that of a key here, then the run did store the token of the
        key it made, only that the token does not carry the key's id; nothing can be said then.
        """
        made = [
            key for key in active if key.id not in self.existing and key.id != stored and is_made_by(key, requester_id)
        ]
        is_known = stored == self.stored or any(key.id == stored for key in active)
        return made if is_known else []

    def still_to_retire(self, active: list[ApiKey], stored: str | None) -> list[ApiKey]:
        """The keys that the run was about to replace, if it did store the new token."""
        was_stored = stored is not None and stored not in self.existing and stored != self.stored
        return [key for key in active if was_stored and key.id in self.replaced and key.id != stored]


def is_made_by(key: ApiKey, requester_id: str) -> bool:
    """Whether a key can have been made by a run of this user's.

    The tenant may not tell who made it. If it named the subject of a key made for another user, the key would be left
    alone, which is the lesser evil beside retiring one that the subject made.
    """
    return key.created_by_user in (None, requester_id)
