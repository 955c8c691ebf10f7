# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A schedule on stage: the keys there are, the tokens that are kept, the task's options, and what can be seen of it."""

from __future__ import annotations

import base64
import json
import os
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import DOUBT_SECONDS
from ansible_collections.tenantops.qlik_cloud.tests.faults.flows import FLOWS, LIFETIME, Flow
from ansible_collections.tenantops.qlik_cloud.tests.faults.schedules import Case, Schedule
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Requester, Stage
from ansible_collections.tenantops.qlik_cloud.tests.faults.steps import BESIDE

RENAMED = "renamed: "
STRAYS = 2
JSON_WEB_TOKEN = re.compile(r"eyJ[\w-]{5,}\.[\w-]+\.[\w-]*")


def let_time_pass(files: Iterable[Path]) -> None:
    """Make them so old that what they tell is not in doubt any more."""
    past = time.time() - 2 * DOUBT_SECONDS
    for file in files:
        os.utime(file, (past, past), follow_symlinks=False)


def key_id_of(token: str) -> str | None:
    """The id of the key that a token belongs to, None if it is no token."""
    try:
        payload = token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["jti"]
    except (IndexError, KeyError, ValueError):
        return None


@dataclass
class Subject:
    """One key of the task. ``past`` are the ids of the keys that there were, ``stored`` is the caller's own store.

    ``gives_up_lost``: the user has been told that the token is lost, and lets it be replaced. ``neighbour`` is the id of a
    key in use whose name is nearly this one's, None where there is none; ``rivals`` are those that have been given this
    name.
    """

    case: Case
    path: Path
    sub: str
    identifying: dict[str, str]
    past: list[str] = field(default_factory=list)
    stored: str = ""
    gives_up_lost: bool = False
    neighbour: str | None = None
    rivals: list[str] = field(default_factory=list)

    @property
    def flow(self) -> Flow:
        return FLOWS[self.case.flow]

    @property
    def end_description(self) -> str:
        return f"{RENAMED if self.flow.renames else ''}{self.case.description}"

    def options(self, *, first_runs: bool) -> dict[str, Any]:
        """The options of this key; those that are for the first runs only are left out afterwards."""
        flow = self.flow
        given: dict[str, Any] = {**flow.options, **(flow.once if first_runs else {})}
        if flow.renames:
            given |= {"id": self.past[0], "description": self.end_description}
        else:
            given |= {**self.identifying, "description": self.case.description}
        if self.gives_up_lost:
            given["on_lost_token"] = "replace"
        if self.case.store == "file":
            given["token_file"] = str(self.path)
        elif self.case.store == "caller":
            given["token"] = self.stored
        return given

    def keep(self, token: str) -> None:
        """Put a token where this key's is kept, before the first run or as the caller does it."""
        if self.case.store == "file":
            self.path.touch(0o600)
            self.path.write_text(f"{token}\n")
        self.stored = token

    def kept(self) -> str | None:
        """The token that is kept now."""
        if self.case.store == "caller":
            return self.stored or None
        return self.path.read_text().strip() or None if self.path.exists() else None

    def is_about(self, row: Mapping[str, Any]) -> bool:
        """Whether a row of the tenant's table is one of this key's, by any spelling of a SCIM subject."""
        plain = row["sub"].replace("\\\\", "\\")
        texts = (self.case.description, self.end_description)
        return (row["sub_type"], plain) == (self.case.sub_type, self.sub) and row["description"] in texts


@dataclass(frozen=True)
class Moment:
    """What there is between two runs: the tenant's tables, the ids of active keys, and whose each kept token is.

    ``beside`` are the other files in the token folder: name, mode and content.
    """

    state: dict[str, list[dict[str, Any]]]
    active: tuple[str, ...]
    held: tuple[str | None, ...]
    beside: dict[str, tuple[int, str]]


class Scene:
    """``folder`` is empty, and for the token files of this schedule alone."""

    def __init__(self, stage: Stage, schedule: Schedule, folder: Path):
        stage.reset(schedule.skew)
        self.stage = stage
        self.schedule = schedule
        self.folder = folder
        self.requester: Requester = stage.requester(schedule.sign_in)
        self.subjects = [self._subject(number, case) for number, case in enumerate(schedule.cases)]
        self.strays: set[str] = set()
        if schedule.purges:
            stray = {"subType": "externalClient", "sub": f"SCIM\\{stage.ready['idp_id']}"}
            self.strays = {
                stage.create(self.requester.bearer, description=f"stray {n}", **stray)["id"] for n in range(STRAYS)
            }
        self._add_bystanders()
        for subject in self.subjects:
            self._add_past(subject)
        stage.go_back(0)
        stage.set(**schedule.settings)
        stage.calls()
        self.start = self.look()

    def options(self, *, first_runs: bool, timeout: float | None = None) -> dict[str, Any]:
        """The task's options. Repetition is short, so that a schedule does not wait for minutes."""
        common = {**self.requester.options, "retries": 2, "retry_interval": 0.01}
        if timeout is not None:
            common["timeout"] = timeout
        entries = [subject.options(first_runs=first_runs) for subject in self.subjects]
        if self.schedule.module == "api_key":
            return {**common, **entries[0]}
        purge = {"purge": True, "purge_scope": {"sub_type": "externalClient"}} if self.schedule.purges else {}
        return {**common, "keys": entries, **purge}

    def look(self) -> Moment:
        kept = [subject.kept() for subject in self.subjects]
        token_files = {subject.path for subject in self.subjects}
        others = {path for path in self.folder.iterdir() if path not in token_files}
        return Moment(
            state=self.stage.state(),
            active=tuple(self.stage.active_ids()),
            held=tuple(None if token is None else key_id_of(token) or "no token" for token in kept),
            beside={
                path.name: (path.stat().st_mode & 0o777, path.read_text("utf-8", "replace")) for path in sorted(others)
            },
        )

    def rename_a_rival(self) -> None:
        """Somebody gives a key in use the name of the task's first key."""
        [subject, *_others] = self.subjects
        if subject.neighbour is not None and not subject.rivals:
            self.stage.rename(subject.neighbour, subject.case.description)
            subject.rivals.append(subject.neighbour)

    def give_away(self) -> None:
        """Another user counts as the creator of the keys that there are."""
        active = self.stage.active_ids()
        for key_id in (key_id for subject in self.subjects for key_id in subject.past):
            if key_id in active:
                self.stage.give(key_id, self.stage.ready["member_user_id"])

    def let_time_pass(self) -> None:
        """Make the files beside the token files so old that what they tell is not in doubt any more."""
        let_time_pass(self.folder / name for name in self.look().beside)

    def described(self, moment: Moment) -> str:
        """What lies beside the token files, by what it is for."""
        names = {
            next((role for ending, role in BESIDE.items() if name.endswith(ending)), "another file")
            for name in moment.beside
        }
        return ", ".join(sorted(names)) or "nothing"

    def _subject(self, number: int, case: Case) -> Subject:
        path = self.folder / f"key-{number}.token"
        if case.sub_type == "user":
            return Subject(case, path, self.requester.id, {})
        idp_id = self.stage.ready["idp_id"]
        return Subject(case, path, f"SCIM\\{idp_id}", {"idp_id": idp_id})

    def _add_past(self, subject: Subject) -> None:
        tokens = []
        for past in subject.flow.past:
            self.stage.go_back(past.age)
            made = self._create(subject, subject.case.description)
            subject.past.append(made["id"])
            tokens.append(made["token"])
            if past.ended:
                self.stage.revoke(made["id"])
        if subject.flow.stored is not None and subject.case.store != "none":
            subject.keep(tokens[subject.flow.stored])

    def _create(self, subject: Subject, description: str, **changes: str) -> dict[str, Any]:
        body = {"description": description, "expiry": LIFETIME, "subType": subject.case.sub_type, **changes}
        return self.stage.create(self.requester.bearer, **{"sub": subject.sub, **body})

    def _add_bystanders(self) -> None:
        """Keys that are nearly those of the task, and that no run may touch."""
        admin, member = self.stage.ready["admin_token"], self.stage.ready["member_user_id"]
        other_provider = f"SCIM\\{self.stage.other_provider()}"
        may_have_two = self.schedule.settings.get("second_scim_key") != "refuse"
        for subject in self.subjects:
            text = subject.case.description
            self.stage.go_back(90)
            # Of the same identity, and expired since.
            self._create(subject, text)
            self.stage.go_back(2)
            if subject.case.sub_type == "user" or (may_have_two and not self.schedule.purges):
                subject.neighbour = self._create(subject, f"{text[1:]}?")["id"]
            self.stage.create(admin, description=text, sub=member)
            if not self.schedule.purges:
                self.stage.create(admin, description=text, sub=other_provider, subType="externalClient")
