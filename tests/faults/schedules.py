# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What befalls one or more runs of a task: a schedule of faults, and the keys that the task is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

from ansible_collections.tenantops.qlik_cloud.tests.faults.steps import CALLS, DiskFault, Kill

PATHS = {name: (method, path) for method, path, name in CALLS}
# Long enough for every answer of the embedded tenant, short enough to run into it often.
SHORT_TIMEOUT = 0.5
LATE = 1.0
# Dates that no clock shows, by their names: hours from now, or a text as it is.
DATES = {
    "ahead": 25,
    "behind": -25,
    "far year": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
    "far zone": "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
}


@dataclass(frozen=True)
class HttpFault:
    """``times`` requests of the call are spoiled after ``skip`` went well; ``when`` before or after they are executed.

    ``kind`` is one of the embedded tenant's, or ``late``: executed, but only when the client has given up waiting. ``date``
    is one of DATES.
    """

    call: str
    kind: str
    when: str
    status: int | None = None
    skip: int = 0
    times: int = 1
    date: str | None = None

    def __str__(self) -> str:
        spoiled = " ".join(
            filter(None, (self.kind if self.kind != "status" else "", self.status and f"{self.status}", self.date))
        )
        return f"{spoiled} {self.when} {self.call} (after {self.skip}, {self.times} times)"

    def order(self) -> dict[str, Any]:
        """As the control endpoint of the embedded tenant takes it."""
        method, path = PATHS[self.call]
        order = {"method": method, "path": path, "when": self.when, "skip": self.skip, "times": self.times}
        if self.kind == "late":
            return {**order, "kind": "latency", "seconds": LATE}
        if self.status == 429:
            order["headers"] = {"Retry-After": "1"}
        if self.status is not None:
            order["status"] = self.status
        if self.date is not None:
            order["value"] = _date(DATES[self.date])
        return {**order, "kind": self.kind, "seconds": {"hang": 3 * SHORT_TIMEOUT}.get(self.kind, 0.05)}


def _date(given: int | str) -> str:
    if isinstance(given, str):
        return given
    return format_datetime(datetime.now(timezone.utc) + timedelta(hours=given), usegmt=True)


@dataclass(frozen=True)
class Spoiled:
    """What befalls one run. ``rival``: a second run with the same task starts at the same moment.

    ``renamed``: before the run, somebody gives a key in use the name of the first key of the task. ``given_away``: before
    the run, the keys of the task get another creator.
    ``not_stored``: the caller, who keeps the token, is killed before it could; with the role, the user's tasks fail.
    """

    http: tuple[HttpFault, ...] = ()
    kill: Kill | None = None
    disk: DiskFault | None = None
    rival: bool = False
    not_stored: bool = False
    renamed: bool = False
    given_away: bool = False

    @property
    def timeout(self) -> float | None:
        """The option ``timeout`` that the run needs, so that a hanging answer does not hold up everything."""
        return SHORT_TIMEOUT if any(fault.kind in ("hang", "late") for fault in self.http) else None

    def __str__(self) -> str:
        known = {
            "a rival": self.rival,
            "token not stored": self.not_stored,
            "another key renamed": self.renamed,
            "given away": self.given_away,
        }
        flags = [name for name, holds in known.items() if holds]
        return "; ".join([*map(str, self.http), *(str(each) for each in (self.kill, self.disk) if each), *flags])


@dataclass(frozen=True)
class Case:
    """One key of the task: its situation, where its token is kept, and what it is called."""

    flow: str
    store: str
    sub_type: str
    description: str


@dataclass(frozen=True)
class Schedule:
    """One task of ``module`` (or the ``role``) about ``cases``, run with each of ``runs``, then without faults.

    ``skew``: seconds by which the tenant's clock is ahead of the machine's. ``settings``: those of the tenant.
    ``sign_in``: token or client. ``purges``: api_keys with ``purge``, over a scope with keys that are not listed.
    ``by_playbook``: each run is a whole one of ``ansible-playbook``, not of the module alone.
    """

    number: int
    module: str
    cases: tuple[Case, ...]
    runs: tuple[Spoiled, ...]
    sign_in: str = "token"
    skew: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    purges: bool = False
    by_playbook: bool = False

    def __str__(self) -> str:
        cases = ", ".join(f"{case.flow} ({case.sub_type}, {case.store})" for case in self.cases)
        how = f"{' with purge' if self.purges else ''}{' by a playbook' if self.by_playbook else ''}"
        parts = [f"{self.module}{how}: {cases}", f"signs in by {self.sign_in}"]
        parts += [f"clock ahead by {self.skew} s"] if self.skew else []
        parts += [f"{name}={value}" for name, value in self.settings.items()]
        return "; ".join(parts) + "".join(f"\n  run {number}: {run}" for number, run in enumerate(self.runs, 1))
