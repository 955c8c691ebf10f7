# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One key of the options, from the options to the result."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import QlikCloudError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.entry_options import EntryOptions
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_changes import KeyChanges
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_planning import KeyPlanner
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_result import KeyResult
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_state import KeyState, read_state
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_subject import KeySubject
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import KeyPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file_lock import TokenFileLock


class KeyEntry:
    """The steps for one key, in their order: ``subject.resolve``, ``plan``, ``apply`` unless in check mode, ``build_result``.

    What the options mean is ``EntryOptions``; whose key it is, ``KeySubject``; what is to be done, ``KeyPlanner``; doing it,
    ``KeyChanges``; and what is returned, ``KeyResult``.
    """

    def __init__(self, options: EntryOptions):
        self.options = options
        self.subject = KeySubject(options.wanted, options.provider)
        self.result = KeyResult(options)
        self._file = options.store.file
        self._planner = KeyPlanner(options, self.subject)
        self._state = KeyState()
        self._is_left_clean = False

    @property
    def wanted(self) -> WantedKey:
        return self.subject.wanted

    @property
    def has_leftovers(self) -> bool:
        """Whether a stopped run left something beside the token file, which a run that is not in check mode takes away."""
        if self._file is None or self.wanted.id is not None or self._is_left_clean:
            return False
        return self._file.has_leftovers()

    def hide_stored_token(self, tenant: Tenant) -> None:
        """Make the stored token a secret of the run. Comes before anything is sent: an answer may repeat it."""
        with suppress(TokenFileError):
            self.options.store.read(tenant)

    def plan(self, tenant: Tenant, known: KnownKeys) -> KeyPlan:
        """``known``: the active matches are among them. Reads the token file; may read the stored token's key."""
        self._state = self._read_state(tenant)
        plan = self._planner.plan(tenant, known, self._state)
        self.result.is_missing = self._planner.is_missing
        return plan

    def plan_unlisted(self, tenant: Tenant) -> KeyPlan | None:
        """The plan for a tenant that lists no keys yet, if it has no such key; None where it is likely to have one."""
        state = self._read_state(tenant)
        if not self.options.is_wanted or self.wanted.id is not None or state.interrupted:
            return None
        if not self.options.store.is_empty(state.stored):
            return None
        return self.plan(tenant, KnownKeys([]))

    def apply(self, tenant: Tenant, plan: KeyPlan, log: ActionLog, read_known_keys: Callable[[], KnownKeys]) -> KeyPlan:
        """Carry the plan out, or another if the token file is not as it was any more; return the one carried out."""
        if plan.discards_new_key:
            self._give_up(tenant, plan, log)
        if self._file is None or not self._needs_lock(plan):
            self._is_left_clean = True
            self._build_changes(tenant, plan, log, None).carry_out()
            return plan
        with TokenFileLock(self._file, log.progress) as lock:
            if self._read_state(tenant) != self._state:
                before, plan = plan, self.plan(tenant, read_known_keys())
                log.replace_planned(before.actions, plan.actions)
                log.warnings.extend(plan.warnings)
            changes = self._build_changes(tenant, plan, log, lock)
            changes.carry_out()
            if self.wanted.id is None and not changes.is_in_doubt and not self.result.is_to_be_handed_over:
                lock.remove_leftovers()
        return plan

    def release_handed_over(self, log: ActionLog) -> None:
        """See that no later run takes a key for nobody's whose token the caller has stored, whatever else cannot be done."""
        handed_over = self.options.store.handed_over
        if self._file is not None and handed_over is not None and not handed_over.problem:
            with suppress(QlikCloudError), TokenFileLock(self._file, log.progress) as lock:
                lock.remove_leftovers()

    def build_result(self, plan: KeyPlan | None, *, with_token: bool = True) -> dict[str, Any] | None:
        """The key in a list of results; None for one that shall not be there, or was not planned."""
        record = None if plan is None else self.result.build_record(self.wanted, plan)
        if record is None:
            return None
        return {**record, **self.result.token_file, **(self.result.token if with_token else {})}

    def _give_up(self, tenant: Tenant, plan: KeyPlan, log: ActionLog) -> NoReturn:
        if self._file is None:
            self._build_changes(tenant, plan, log, None).give_up()
        with TokenFileLock(self._file, log.progress) as lock:
            self._build_changes(tenant, plan, log, lock).give_up()

    def _read_state(self, tenant: Tenant) -> KeyState:
        return read_state(self.options.store, self.wanted, tenant)

    def _build_changes(self, tenant: Tenant, plan: KeyPlan, log: ActionLog, lock: TokenFileLock | None) -> KeyChanges:
        return KeyChanges(self.options, self.subject, self.result, tenant, plan, self._state, log, lock)

    def _needs_lock(self, plan: KeyPlan) -> bool:
        """Whether anything depends on the file being as it was seen: another run may be just about to store."""
        if plan.removes_token_file or plan.changes_attributes:
            return True
        if self.wanted.id is not None:
            return False
        return plan.stores_token or self.has_leftovers or (self.options.is_wanted and bool(plan.actions))
