# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is stored for one key at one moment, and what a run that was stopped has left noted beside it."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.token_store import TokenStore, get_key_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import InterruptedRun
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.marker import read_marker
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import StoredToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quote_text


@dataclass(frozen=True)
class KeyState:
    """``stored``: the token, None for none. ``interrupted``: the note of a run that was stopped, None without one."""

    stored: StoredToken | None = None
    interrupted: InterruptedRun | None = None

    @property
    def stored_key_id(self) -> str | None:
        """The key that the stored token says it is of."""
        return get_key_id(self.stored)


def read_state(store: TokenStore, wanted: WantedKey, tenant: Tenant) -> KeyState:
    """Raises TokenFileError for a token file that cannot be read, or that a stopped run used for another key."""
    # A note is about a key to be made, which no id names.
    if store.file is None or wanted.id is not None:
        return KeyState(store.read(tenant))
    interrupted = read_marker(store.file)
    if interrupted and not interrupted.is_about(tenant.url, wanted.description, wanted.sub, wanted.sub_type):
        raise TokenFileError(
            f"token_file: a run that used {store.file.path} for API key {quote_text(interrupted.description)} "
            f"({interrupted.sub_type} {interrupted.sub}) on {interrupted.tenant_url} was interrupted. Run that once "
            f"more, so that no key without a token is left; or give another path; or remove {store.file.marker_path}."
        )
    return KeyState(store.read(tenant), interrupted)
