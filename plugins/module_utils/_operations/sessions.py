# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed-in connections, kept for the next run of the same process that asks for the very same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.connection_options import http_options
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer_token import BearerToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in import SignIn
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient

# Each takes a descriptor, and a loop may have another header for each item.
MAX_SESSIONS = 4


class Sessions:
    """One connection for each address, credentials, way to connect and environment; none is lent to any other.

    The environment counts because it may name proxies and authorities. What is kept, the last few, ends with the process.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple, Calls] = {}

    def calls(
        self,
        sign_in: SignIn,
        options: Mapping,
        environment: Mapping[str, str],
        warn: Callable[[str], object],
        progress: Progress,
    ) -> Calls:
        """Calls as the signed-in caller, for a run that begins now. Sends nothing. Raises OptionError."""
        how = http_options(options)
        headers = tuple(sorted(how["headers"].items()))
        key = (
            sign_in.tenant_url,
            sign_in.credentials,
            tuple(sorted({**how, "headers": headers}.items())),
            tuple(sorted(environment.items())),
        )
        calls = self._kept.pop(key, None)
        if calls is None:
            http = HttpClient(sign_in.tenant_url, secrets=sign_in.secrets, warn=warn, progress=progress, **how)
            calls = Calls(http, BearerToken(http, sign_in.credentials))
        else:
            calls.start_run(warn, progress)
        self._kept[key] = calls
        if len(self._kept) > MAX_SESSIONS:
            self._kept.pop(next(iter(self._kept))).http.close()
        return calls
