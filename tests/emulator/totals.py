# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What many tenants were asked together, so that nobody has to read the log of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from .control import ControlEndpoint
from .request_log import RequestLog

TOTALS_PATH = "/_control/totals"


class Totals:
    """Sums over the request logs, in the order of the tenants' numbers."""

    def __init__(self, logs: Sequence[RequestLog]) -> None:
        self._logs = logs

    def endpoint(self) -> ControlEndpoint:
        return ControlEndpoint({"GET": lambda _: self._add_up(), "DELETE": lambda _: self._restart_logs()})

    def _add_up(self) -> dict[str, Any]:
        """`by_tenant` counts in the order of the tenants' numbers; the status of what is not answered is null."""
        entries = [entry for log in self._logs for entry in log.entries]
        return {
            "tenants": len(self._logs),
            "requests": len(entries),
            "by_method": Counter(entry["method"] for entry in entries),
            "by_status": Counter(entry["status"] for entry in entries),
            "by_tenant": [len(log.entries) for log in self._logs],
        }

    def _restart_logs(self) -> dict[str, Any]:
        sums = self._add_up()
        for log in self._logs:
            log.clear()
        return sums
