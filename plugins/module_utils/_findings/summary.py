# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says of one tenant, in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.findings import format_duration
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import SEVERITIES
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.snapshot import TenantSnapshot
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line

MAX_SUMMARY_LENGTH = 2000


def format_summary(name: str, snapshot: TenantSnapshot, found: Sequence[Mapping[str, str]], now: datetime) -> str:
    """``found``: findings as results have them."""
    active = [key for key in snapshot.keys if key.record.is_active(now)]
    parts = [f"{len(active)} active {'key' if len(active) == 1 else 'keys'}"]
    # What has a successor may expire.
    first = next(
        (key.record for key in active if key.successor is None and key.record.expires_in(now) is not None), None
    )
    if first is not None:
        parts[0] += f", the first to expire in {format_duration(first.expires_in(now))}: {first.description}"
    known = [stored for stored in snapshot.stored_tokens if stored.valid is not None]
    if known:
        parts.append(f"stored tokens: {sum(bool(stored.valid) for stored in known)} of {len(known)} valid")
    counts = Counter(finding["severity"] for finding in found)
    told = [
        f"{counts[severity]} {severity}{'' if counts[severity] == 1 else 's'}"
        for severity in SEVERITIES
        if counts[severity]
    ]
    parts.append(", ".join(told) or "nothing to be done")
    return format_one_line(f"{name}: {'; '.join(parts)}", MAX_SUMMARY_LENGTH)
