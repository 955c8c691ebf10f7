# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run notes before it asks for a key, for the next run to read if this one is stopped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import parse_time
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import is_same_sub

# Seconds within which a request that was cut off is carried out, if at all, and what it made is seen in every list.
DOUBT_SECONDS = 120.0
# A run may wait for rate limits between its note and its request, and the tenant's clocks may not agree. What was made
# longer before or after the note was not made by it: a key in use may have got the name since then.
MAX_RUN_DURATION = timedelta(hours=1)


@dataclass(frozen=True)
class InterruptedRun:
    """The key that a stopped run was to make, and what there was when it was about to ask for it.

    ``existing``: ids of the matching active keys. ``replaced``: those of them to be retired as soon as the new token is
    stored, since nobody holds theirs. ``stored``: id of the key whose token was stored, None for none. ``asked``: the
    tenant's time when the run was about to ask (RFC 3339), None if that was not known for sure. ``requests``: how many
    requests for a key may have been carried out of which no run has stored the token. ``age``: seconds since then, by this
    machine's clock, of a note that was read.
    """

    tenant_url: str
    description: str
    sub: str
    sub_type: str
    existing: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    stored: str | None = None
    asked: str | None = None
    requests: int = 1
    age: float = field(default=0.0, compare=False)

    def is_about(self, tenant_url: str, description: str | None, sub: str | None, sub_type: str) -> bool:
        return (
            self.tenant_url == tenant_url
            and self.description == description
            and self.sub_type == sub_type
            and is_same_sub(self.sub, sub or "")
        )

    def find_orphans(self, active: Sequence[ApiKey], stored: str | None, requester_id: str) -> list[ApiKey]:
        """The keys that the run made and whose token it did not store.

        ``stored`` is the id of the key whose token is stored now. A key of another creator than the requester is not the run's.
        If another token is stored than before, and of no active key, the run did store the token of its key, and the token
        does not carry the key's id. Then nothing is known to be an orphan.
        """
        made = [
            key
            for key in active
            if key.id not in self.existing
            and key.id != stored
            and is_made_by(key, requester_id)
            and self._may_have_made(key)
        ]
        is_known = stored == self.stored or any(key.id == stored for key in active)
        return made if is_known and self.count_unstored_requests(stored) else []

    def count_unstored_requests(self, stored: str | None) -> int:
        """How many of the requests may have made a key that is not the one whose token is ``stored`` now."""
        return self.requests - self._has_stored(stored)

    def find_replaced_keys(self, active: Iterable[ApiKey], stored: str | None) -> list[ApiKey]:
        """The keys that the run was about to replace, if it did store the new token."""
        return [key for key in active if self._has_stored(stored) and key.id in self.replaced and key.id != stored]

    def count_pending_requests(self, stored: str | None, found: int) -> int:
        """How many of the requests may still make a key, or have made one that no list shows yet. ``found``: how many keys are known."""
        return max(0, self.count_unstored_requests(stored) - found) if self.age < DOUBT_SECONDS else 0

    def _has_stored(self, stored: str | None) -> bool:
        """Whether the token that is stored now is of a key that the run made: neither of the key as before nor of another that was there."""
        return stored is not None and stored not in self.existing and stored != self.stored

    def _may_have_made(self, key: ApiKey) -> bool:
        """Judged by the time at which the key was made; by the age of the note where one of the times is not known."""
        asked, created = parse_time(self.asked), parse_time(key.created)
        if asked is None or created is None:
            return self.age <= MAX_RUN_DURATION.total_seconds()
        return abs(created - asked) <= MAX_RUN_DURATION


def is_made_by(key: ApiKey, requester_id: str) -> bool:
    """Whether this user made a key; False where the tenant does not say who did, since nothing is retired without a proof."""
    return key.created_by_user == requester_id
