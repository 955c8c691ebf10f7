# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed-in connections, kept for the next run of the same process that asks for the very same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.connection_options import http_options
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer import Bearer
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in import SignIn
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import Http


class Sessions:
    """One connection for each address, credentials, way to connect and environment; none is lent to any other.

    The environment counts because it may name proxies and authorities. What is kept ends with the process.
    """

    def __init__(self) -> None:
        self._known: dict[tuple, Calls] = {}

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
        calls = self._known.get(key)
        if calls is None:
            http = Http(sign_in.tenant_url, secrets=sign_in.secrets, warn=warn, progress=progress, **how)
            calls = self._known[key] = Calls(http, Bearer(http, sign_in.credentials, http.secrets.add))
        else:
            calls.http.begin(warn, progress)
        return calls
