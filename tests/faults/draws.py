# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws schedules of faults. Pure: the same seed and number give the same schedule, whatever else is drawn."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from ansible_collections.tenantops.qlik_cloud.tests.faults.flows import FLOWS, Flow
from ansible_collections.tenantops.qlik_cloud.tests.faults.schedules import DATES, Case, HttpFault, Schedule, Spoiled
from ansible_collections.tenantops.qlik_cloud.tests.faults.steps import DiskFault, Kill

UNANSWERED = ("drop", "hang", "truncate", "garbage")
REFUSED = (429, 403, 409)
# What a gateway answers in its own words, whatever became of the request.
FOREIGN = (404, 404, 401, 403, 409)
BROKEN = (500, 502, 503, 504)
# More often than any run sends a call.
MANY = 9

# Each with how often a run does it for one key, at most: where a token is replaced, a copy of it is put there before.
DISK_OPERATIONS = {"open": 4, "write": 4, "fsync": 7, "ftruncate": 4, "flock": 1, "link": 1, "replace": 3, "unlink": 7}
REPLACING = "replace new file as token file"
DISK_ERRORS = ("ENOSPC", "EIO")

# Real playbook runs take thirty and a hundred times as long, so there are few of them.
ROLE_EVERY = 100
PLAYBOOK_EVERY = 50
PLAYBOOK_FLOWS = (
    "create",
    "keep",
    "renew",
    "renew with overlap",
    "overlap over",
    "force",
    "replace",
    "retire first",
    "absent",
)
# In these a younger key may get the name of the task's, and none is made that it would be older than.
RIVAL_FLOWS = ("keep", "younger", "in the overlap", "overlap over")
LIST_LAG = 0.7
ROLE_FLOWS = ("create", "renew", "renew with overlap", "replace", "retire first")

LONG_DESCRIPTION = 10_000


def draw(seed: int, number: int) -> Schedule:
    """The schedule with that number."""
    random = Random(f"{seed}/{number}")
    if number % ROLE_EVERY == ROLE_EVERY - 1:
        return _draw_of_role(random, number)
    if number % PLAYBOOK_EVERY == PLAYBOOK_EVERY - 1:
        return _draw_of_playbook(random, number)
    return _Draw(random).schedule(number)


def is_by_playbook(number: int) -> bool:
    """Whether the schedule with that number takes whole playbook runs."""
    return number % PLAYBOOK_EVERY == PLAYBOOK_EVERY - 1


def _draw_of_playbook(random: Random, number: int) -> Schedule:
    """One key, its token on file, by a task of its own."""
    case = Case(random.choice(PLAYBOOK_FLOWS), "file", "externalClient", "Entra provisioning")
    flow = FLOWS[case.flow]
    call = random.choice(_writes_of([flow]) or ["GET list"])
    return Schedule(
        number=number,
        module=random.choice(("api_key", "api_keys", "tenant")),
        cases=(case,),
        runs=(random.choice(_spoiled_playbook_runs(random, call)),),
        sign_in=random.choice(("token", "client")),
        skew=random.choice((0, 3600, -3600)),
        settings=flow.settings,
        by_playbook=True,
    )


def _spoiled_playbook_runs(random: Random, call: str) -> list[Spoiled]:
    when = random.choice(("before", "after"))
    return [
        Spoiled(http=(HttpFault(call, "hang", when),), kill=Kill(1, call)),
        Spoiled(http=(HttpFault(call, random.choice(("drop", "truncate")), when),)),
        Spoiled(http=(HttpFault(call, "status", when, random.choice(BROKEN), times=random.choice((1, MANY))),)),
        Spoiled(http=(HttpFault("GET list", "status", "before", 502, skip=random.choice((0, 1)), times=MANY),)),
        Spoiled(http=(HttpFault(call, "foreign", when, random.choice(FOREIGN)),)),
    ]


def _draw_of_role(random: Random, number: int) -> Schedule:
    """One key by the role, its token on file or handed on to the user's own tasks (``caller``)."""
    case = Case(random.choice(ROLE_FLOWS), random.choice(("file", "caller")), "externalClient", "Entra provisioning")
    flow = FLOWS[case.flow]
    writes = _writes_of([flow])
    spoiled = _spoiled_playbook_runs(random, random.choice(writes))
    if case.store == "caller":
        spoiled.append(Spoiled(not_stored=True))
    return Schedule(
        number=number,
        module="role",
        cases=(case,),
        runs=(random.choice(spoiled),),
        sign_in=random.choice(("token", "client")),
        skew=random.choice((0, 3600, -3600)),
        settings=flow.settings,
    )


class _Draw:
    """The choices for one schedule, each made with what was chosen before in mind, so that most faults strike."""

    def __init__(self, random: Random):
        self._random = random
        self._module = random.choice(("api_key", "api_key", "api_keys", "tenant"))
        self._flows = self._choose_flows()
        self._purges = self._module != "api_key" and len(self._flows) > 1 and random.random() < 0.3
        self._sign_in = random.choice(("token", "client"))
        self._cases = tuple(self._case(flow, index) for index, flow in enumerate(self._flows))
        self._writes = _writes_of(self._flows, self._purges)

    def schedule(self, number: int) -> Schedule:
        # Of two, the first leaves something to do for the second.
        runs = [self._spoiled_run()] if self._random.random() < 0.7 else [self._unfinished_run(), self._next_run()]
        return Schedule(
            number=number,
            module=self._module,
            cases=self._cases,
            runs=(self._with_somebody_else(runs[0]), *runs[1:]),
            sign_in=self._sign_in,
            skew=self._random.choice((0, 0, 3600, -3600)),
            settings={**self._settings(), **self._flows[0].settings},
            purges=self._purges,
        )

    def _with_somebody_else(self, run: Spoiled) -> Spoiled:
        """The first run, before which somebody else may have done something to keys."""
        chance = self._random.random()
        if chance < 0.3 and self._flows[0].name in RIVAL_FLOWS and not self._purges:
            return replace(run, renamed=True)
        if chance > 0.9 and any(flow.past for flow in self._flows):
            return replace(run, given_away=True)
        return run

    def _choose_flows(self) -> list[Flow]:
        """A flow that fails, or needs its own settings, is alone: it would decide about the others as well."""
        every = [flow for flow in FLOWS.values() for time in range(3 if _writes_of([flow]) else 1)]
        first = self._random.choice(every)
        if self._module == "api_key" or first.fails or first.settings:
            return [first]
        together = [flow for flow in every if not (flow.fails or flow.settings)]
        return [first, *self._random.choices(together, k=self._random.randint(0, 3))]

    def _case(self, flow: Flow, index: int) -> Case:
        sub_types = ("externalClient",) if self._purges else flow.sub_types
        texts = ("nightly export", "nightly export", 'Büro "Süd" ☃ \\ {{ x }}', "x" * LONG_DESCRIPTION)
        text = self._random.choice(texts)
        return Case(flow.name, self._random.choice(flow.stores), self._random.choice(sub_types), f"{text} {index}")

    def _settings(self) -> dict[str, Any]:
        """Few at a time, so that a failing schedule can be understood."""
        possible = (
            ("admin_deletes_own", "revoke"),
            ("scim_sub_backslashes", self._random.choice(("1", "2"))),
            ("delete_inactive", "remove"),
            ("link_style", self._random.choice(("relative", "null"))),
            ("extra_fields", True),
            ("redirect_me", True),
            *self._possible_of_lists(),
        )
        return dict(self._random.sample(possible, k=self._random.choice((0, 1, 1, 2))))

    def _possible_of_lists(self) -> tuple[tuple[str, Any], ...]:
        """Lists on small pages, which repeat rows, or which show late what has changed, where that can be seen through."""
        is_tracked = all(case.store != "none" for case in self._cases)
        lags = (("list_lag", LIST_LAG),) if is_tracked and self._late_keys_are_known() else ()
        return (("most_per_page", self._random.choice((1, 2, 3))), ("shifting_pages", True), *lags)

    def _unfinished_run(self) -> Spoiled:
        return self._failing_run() if self._writes and self._random.random() < 0.4 else self._stopped_run()

    def _next_run(self) -> Spoiled:
        """After an unfinished one: it has to write as well, so that is what fails more often than not."""
        chance = self._random.random()
        if chance < 0.4 and self._writes_files:
            return Spoiled(disk=self._disk_fault())
        if chance < 0.7 and self._writes:
            return self._failing_run()
        return self._spoiled_run()

    def _failing_run(self) -> Spoiled:
        """A call that never comes to a good end, however often it is repeated."""
        call = self._random.choice(self._writes)
        when = self._random.choice(("before", "after"))
        kind = self._random.choice(("drop", "garbage", "truncate", "broken", "refused", "foreign"))
        if kind == "foreign":
            return Spoiled(http=(HttpFault(call, kind, when, self._random.choice(FOREIGN), times=MANY),))
        if kind == "refused":
            return Spoiled(http=(HttpFault(call, "status", "before", self._random.choice((403, 409)), times=MANY),))
        if kind == "broken":
            return Spoiled(http=(HttpFault(call, "status", when, self._random.choice(BROKEN), times=MANY),))
        return Spoiled(http=(HttpFault(call, kind, when, times=MANY),))

    @property
    def _writes_files(self) -> bool:
        return bool(self._writes) and any(case.store == "file" for case in self._cases)

    def _spoiled_run(self) -> Spoiled:
        chance = self._random.random()
        if chance < 0.3:
            return self._stopped_run()
        if chance < 0.45 and self._writes_files:
            return Spoiled(disk=self._disk_fault())
        if chance < 0.52 and all(case.store == "file" for case in self._cases):
            return Spoiled(http=self._random.choice(((), self._http_faults())), rival=True)
        return Spoiled(http=self._http_faults())

    def _stopped_run(self) -> Spoiled:
        """Killed at a step, by its number or by its name; or what it returns is not stored, as its caller is killed."""
        http = self._http_faults() if self._random.random() < 0.3 else ()
        makes = any(flow.makes and case.store == "caller" for flow, case in zip(self._flows, self._cases))
        if makes and self._random.random() < 0.3:
            return Spoiled(http=http, not_stored=True)
        if self._writes and self._random.random() < 0.5:
            name = self._random.choice(self._turning_points())
            times = len(self._cases) * (2 if name == REPLACING else 1)
            return Spoiled(http=http, kill=Kill(self._random.randint(1, times), name))
        steps_of_a_key = 34 if self._writes else 0
        return Spoiled(http=http, kill=Kill(self._random.randint(1, 4 + steps_of_a_key * len(self._cases))))

    def _turning_points(self) -> list[str]:
        """The steps between which it matters most where a run ends."""
        names = [name for write in self._writes for name in (write, f"use of the answer to {write}")]
        if "POST" in self._writes and self._writes_files:
            names += ["use of the answer to POST", "unlink marker"]
            names += ["link new file as token file", REPLACING]
        return names

    def _disk_fault(self) -> DiskFault:
        possible = dict(DISK_OPERATIONS)
        if all(flow.stored is not None for flow in self._flows):
            # Where there is a token, it is replaced.
            del possible["link"]
        operation = self._random.choice(list(possible))
        return DiskFault(operation, self._random.randint(1, possible[operation]), self._random.choice(DISK_ERRORS))

    def _http_faults(self) -> tuple[HttpFault, ...]:
        """One; or that and another one on the way in which its damage is found out."""
        reads = ["GET list", *(["GET users/me"] if any(case.sub_type == "user" for case in self._cases) else [])]
        sign_in = ["sign-in"] if self._sign_in == "client" else []
        if self._random.random() < 0.08:
            return (
                HttpFault(
                    self._random.choice(reads), "date", "after", times=MANY, date=self._random.choice(list(DATES))
                ),
            )
        call = self._random.choice([*self._writes, *self._writes, *self._writes, *reads, *sign_in])
        fault = self._http_fault(
            call, self._random.choice((0, 0, 0, len(self._cases) - 1)) if call in self._writes else 0
        )
        if fault.kind == "late" and self._random.random() < 0.5:
            return fault, HttpFault("POST", "status", "before", self._random.choice((403, 409)))
        if call not in self._writes or self._random.random() < 0.6:
            return (fault,)
        look = self._http_fault("GET list", skip=1) if call == "POST" else self._http_fault("GET one", skip=0)
        return fault, look

    def _http_fault(self, call: str, skip: int) -> HttpFault:
        times = self._random.choice((1, 1, 1, 2, MANY))
        when = self._random.choice(("before", "after"))
        kinds = ("broken", "broken", "refused", "foreign", "foreign", "latency", "late", "late")
        kind = self._random.choice((*UNANSWERED, *UNANSWERED, *kinds))
        if kind == "late" and not (call == "POST" and self._late_keys_are_known()):
            kind = "hang"
        if kind in ("late", "latency"):
            return HttpFault(call, kind, "before", skip=skip)
        if kind == "broken":
            return HttpFault(call, "status", when, self._random.choice(BROKEN), skip, times)
        if kind == "foreign":
            return HttpFault(call, kind, when, self._random.choice(FOREIGN), skip, times)
        if kind == "refused":
            # Whoever refuses has not executed it. A limit is waited out, so it must end.
            status = self._random.choice(REFUSED)
            return HttpFault(call, "status", "before", status, skip, 1 if status == 429 else times)
        return HttpFault(call, kind, when, skip=skip, times=times)

    def _late_keys_are_known(self) -> bool:
        """Whether a key that is made too late can be told from any other: by its age beside the stored token's."""
        is_tracked = all(case.store != "none" for case in self._cases)
        return is_tracked and not any({"token_jti", "omit_created"} & set(flow.settings) for flow in self._flows)


def _writes_of(flows: list[Flow], purges: bool = False) -> list[str]:
    """The writing calls that these flows need."""
    makes = any(flow.makes or "omit_token" in flow.settings for flow in flows)
    retires = purges or any(len(flow.keeps) < sum(not past.ended for past in flow.past) for flow in flows)
    renames = any(flow.renames for flow in flows)
    return [call for call, is_sent in (("POST", makes), ("DELETE", retires), ("PATCH", renames)) if is_sent]
