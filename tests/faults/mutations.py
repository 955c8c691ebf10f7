# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to make the collection a worse one, in the process of one run; the campaign is worth what it finds of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, RequestError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations import key_creation, key_planning
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan import api_key as planning
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens import token_file_lock
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets
from ansible_collections.tenantops.qlik_cloud.tests.faults.schedules import Case, Schedule, Spoiled
from ansible_collections.tenantops.qlik_cloud.tests.faults.steps import DiskFault, Kill


def leave_no_marker() -> None:
    token_file_lock.write_marker = lambda file, folder, noted: None


def forget_an_earlier_marker() -> None:
    prepare = token_file_lock.TokenFileLock.prepare

    def preparing(taken: token_file_lock.TokenFileLock, noted: Any) -> None:
        try:
            prepare(taken, noted)
        except OptionError:
            taken.remove_leftovers()
            raise

    token_file_lock.TokenFileLock.prepare = preparing


def retire_before_storing() -> None:
    planned = key_planning.plan_present

    def retiring_first(*arguments: Any) -> Any:
        plan = planned(*arguments)
        return replace(plan, actions=tuple(sorted(plan.actions, key=lambda action: action.action != "retire")))

    key_planning.plan_present = retiring_first


def send_the_request_for_a_key_again_blindly() -> None:
    create_once = key_creation.KeyCreation._create_once

    def create(creation: key_creation.KeyCreation) -> Any:
        try:
            return create_once(creation)
        except RequestError:
            return create_once(creation)

    key_creation.KeyCreation.create = create


def forget_the_gap() -> None:
    planned = key_planning.plan_present
    key_planning.plan_present = lambda *arguments: replace(planned(*arguments), leaves_a_gap=False)


def leave_files_behind() -> None:
    token_file_lock.TokenFileLock.remove_leftovers = lambda self: None


def tell_the_token() -> None:
    Secrets.hide = Secrets.hide_tokens = lambda secrets, text: text
    create = key_creation.KeyCreation.create

    def telling(creation: key_creation.KeyCreation) -> tuple[ApiKey, str]:
        made, token = create(creation)
        creation._log.warnings.append(f"made {token}")
        return made, token

    key_creation.KeyCreation.create = telling


def match_by_description_alone() -> None:
    WantedKey.matches = lambda wanted, key: wanted.description == key.description


def never_look_at_the_overlap() -> None:
    planning.find_overdue_predecessors = lambda wanted, kept, predecessors, now: tuple(
        zip(predecessors, (kept, *predecessors))
    )


def take_revoked_keys_for_active() -> None:
    def is_active(key: ApiKey, now: datetime) -> bool:
        return key.status != "expired"

    ApiKey.is_active = is_active


@dataclass(frozen=True)
class Finding:
    """A mutation must lead to a violation of one of ``kinds`` in a drawn schedule with one of ``flows``; None: any.

    What only two certain faults in a row bring to light is drawn too seldom for a test; then ``runs`` are those.
    """

    kinds: frozenset[str]
    flows: frozenset[str] | None = None
    runs: tuple[Spoiled, ...] | None = None

    def schedules(self, drawn: Iterable[Schedule]) -> Iterable[Schedule]:
        """Those in which it has to be found."""
        if self.runs:
            return [Schedule(0, "api_key", (Case(flow, "file", "user", flow),), self.runs) for flow in self.flows or ()]
        return (each for each in drawn if self.flows is None or any(case.flow in self.flows for case in each.cases))


MUTATIONS: dict[Callable[[], None], Finding] = {
    leave_no_marker: Finding(frozenset({"unsettled", "lost"}), frozenset({"create"})),
    forget_an_earlier_marker: Finding(
        frozenset({"unsettled", "lost"}),
        frozenset({"create"}),
        (Spoiled(kill=Kill(1, "use of the answer to POST")), Spoiled(disk=DiskFault("open", 2, "ENOSPC"))),
    ),
    retire_before_storing: Finding(frozenset({"lost"}), frozenset({"renew", "force"})),
    send_the_request_for_a_key_again_blindly: Finding(frozenset({"doubled"}), frozenset({"create"})),
    forget_the_gap: Finding(frozenset({"unsettled", "lost"}), frozenset({"retire first"})),
    leave_files_behind: Finding(frozenset({"left over"})),
    tell_the_token: Finding(frozenset({"leaked"})),
    match_by_description_alone: Finding(frozenset({"touched"})),
    never_look_at_the_overlap: Finding(frozenset({"lost"}), frozenset({"renew with overlap", "in the overlap"})),
    take_revoked_keys_for_active: Finding(frozenset({"unsettled", "lost", "broken"})),
}
