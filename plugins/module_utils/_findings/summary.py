# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report on one tenant in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.findings import format_duration
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import SEVERITIES
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.snapshot import TenantSnapshot
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line

MAX_SUMMARY_LENGTH = 2000


def format_summary(
    name: str, snapshot: TenantSnapshot, found: Sequence[Mapping[str, str | None]], now: datetime
) -> str:
    """``found``: findings as results have them."""
    active = [key for key in snapshot.keys if key.record.is_active(now)]
    keys = f"{len(active)} active {'key' if len(active) == 1 else 'keys'}"
    # A key with a successor may expire.
    lives = [(key.record.expires_in(now), key.record) for key in active if key.successor is None]
    expiring = [(seconds, record) for seconds, record in lives if seconds is not None]
    if expiring:
        seconds, record = expiring[0]
        keys += f", the first to expire in {format_duration(seconds)}: {record.description}"
    parts = [keys]
    known = [stored for stored in snapshot.stored_tokens if stored.valid is not None]
    if known:
        parts.append(f"stored tokens: {sum(bool(stored.valid) for stored in known)} of {len(known)} valid")
    counts = Counter(finding["severity"] for finding in found)
    shown = [
        f"{counts[severity]} {severity}{'' if counts[severity] == 1 else 's'}"
        for severity in SEVERITIES
        if counts[severity]
    ]
    parts.append(", ".join(shown) or "nothing to be done")
    return format_one_line(f"{name}: {'; '.join(parts)}", MAX_SUMMARY_LENGTH)
