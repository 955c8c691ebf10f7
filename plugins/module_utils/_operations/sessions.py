# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed-in connections, kept for later runs of the same process that need the very same one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.connection_options import (
    parse_http_options,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer_token import BearerToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in import SignIn
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient

# Each takes a file descriptor, and a loop may have another header for each item.
MAX_SESSIONS = 4


class Sessions:
    """One connection for each address, credentials, way to connect and environment; no run with any other gets it.

    The environment counts because it may name proxies and authorities. What is kept, the last few, ends with the process.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Calls] = OrderedDict()

    def connect(
        self,
        sign_in: SignIn,
        options: Mapping[str, Any],
        environment: Mapping[str, str],
        warn: Callable[[str], object],
        progress: Progress,
    ) -> Calls:
        """The calls of a signed-in connection, for a run that begins now. Sends nothing. Raises OptionError."""
        http_options = parse_http_options(options)
        headers = tuple(sorted(http_options["headers"].items()))
        key = (
            sign_in.tenant_url,
            sign_in.credentials,
            tuple(sorted({**http_options, "headers": headers}.items())),
            tuple(sorted(environment.items())),
        )
        calls = self._kept.pop(key, None)
        if calls is None:
            http = HttpClient(sign_in.tenant_url, secrets=sign_in.secrets, warn=warn, progress=progress, **http_options)
            calls = Calls(http, BearerToken(http, sign_in.credentials))
        else:
            calls.start_run(warn, progress)
        self._kept[key] = calls
        if len(self._kept) > MAX_SESSIONS:
            _key, oldest = self._kept.popitem(last=False)
            oldest.http.close()
        return calls
