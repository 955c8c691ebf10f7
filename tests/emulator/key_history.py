# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Key records as they were, for the setting `list_lag`: a list that learns of changes some seconds late.

The lag is one of the machine's time: it stands for servers that tell each other of changes, which no clock of the
tenant's hastens.
"""

from __future__ import annotations

import time

from .tenant import LIST_MOMENT, Tenant

COLUMNS = "seq, tenant_id, id, description, revoked, sub, sub_type, expiry, created, last_updated, created_by_user"
_LATER = f"changed > (SELECT {LIST_MOMENT}())"

# What the list shows: of each key that has changed since, how it was before the first of those changes.
RECORDS = f"""(SELECT {COLUMNS} FROM api_keys WHERE id NOT IN (SELECT key_id FROM past_api_keys WHERE {_LATER})
               UNION ALL
               SELECT {COLUMNS} FROM past_api_keys WHERE id IS NOT NULL AND change IN (
                   SELECT min(change) FROM past_api_keys WHERE {_LATER} GROUP BY key_id))"""


def remember(tenant: Tenant, key_id: str) -> None:
    """Keep what is known of a key that is about to change, also that there is none; only where the list lags."""
    if not tenant.settings.list_lag:
        return
    tenant.store.run(f"DELETE FROM past_api_keys WHERE NOT {_LATER}")
    tenant.store.run(
        f"""INSERT INTO past_api_keys (changed, key_id, {COLUMNS})
            SELECT ?, ?, {COLUMNS} FROM (SELECT 1) LEFT JOIN api_keys ON id = ?""",
        int(time.time() * 1000),
        key_id,
        key_id,
    )
