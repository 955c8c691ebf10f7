# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out the plan for one key: its token file is prepared, the key made, its token stored, and others retired after that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NoReturn

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    OrphanedKeyError,
    QlikCloudError,
    RefusedError,
    TenantStateError,
    TokenFileError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.creation_warnings import (
    creation_warnings,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.entry_options import EntryOptions
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_creation import (
    KeyCreation,
    prepend_error,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_result import KeyResult, NewKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_state import KeyState
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_subject import KeySubject
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.require import require
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import KeyPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import InterruptedRun
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import parse_idp_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import read_claims
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file_lock import TokenFileLock

# A tenant may refuse a key with these because of how many there are already.
LIMIT_STATUSES = {400, 403, 409, 422}
# The status for a body that the tenant does not take; a key beyond another limit may have it as well, which is not documented.
INVALID_BODY_STATUS = 400
LIMITS_ADVICE = (
    "If it is a limit of the tenant that is in the way, max_keys_per_user, max_api_key_expiry and, for SCIM keys, "
    "scim_external_client_expiry are options of tenantops.qlik_cloud.api_key_config."
)


class KeyChanges:
    """``state`` is what ``plan`` was made by. ``lock`` holds the token file for this run, None where it is not changed.

    ``is_in_doubt``, afterwards: a request may still make a key that no run has found; its note beside the file stays.
    """

    def __init__(
        self,
        options: EntryOptions,
        subject: KeySubject,
        result: KeyResult,
        tenant: Tenant,
        plan: KeyPlan,
        state: KeyState,
        log: ActionLog,
        lock: TokenFileLock | None,
    ):
        self._options = options
        self._store = options.store
        self._wanted = subject.wanted
        self._requested_sub = subject.requested_sub
        self._result = result
        self._tenant = tenant
        self._plan = plan
        self._state = state
        self._log = log
        self._lock = lock
        # How many requests of runs that were stopped may still be carried out.
        self._earlier_requests = self._count_earlier_requests()
        self.is_in_doubt = self._earlier_requests > 0
        self._retired: list[str] = []

    def carry_out(self) -> None:
        """Do what the plan says: first the file, then the actions in their order. Raises QlikCloudError."""
        if self.is_in_doubt:
            self._warn_of_earlier_requests()
        self._prepare_file()
        for action in self._plan.actions:
            if self._result.is_to_be_handed_over:
                # What the new key takes the place of goes when its token is stored.
                break
            self._carry_out_action(action)
        if self._plan.removes_token_file:
            require(self._lock, "token file").remove(require(self._state.stored, "stored token"))

    def give_up(self) -> NoReturn:
        """Retire the key whose token the caller could not store. Raises TenantStateError in any case, which says so."""
        handed_over = require(self._store.handed_over, "token that was handed over")
        message = f"the token of API key {handed_over.key_id} was not handed on: {handed_over.problem}"
        try:
            for action in self._plan.actions:
                self._log.retire(self._tenant, action)
        except QlikCloudError as error:
            raise TenantStateError(
                f"{message} Retiring it failed as well, so it is active; retire it with state: absent and its id. {error}"
            ) from None
        if self._lock:
            self._lock.remove_leftovers()
        raise TenantStateError(f"{message} The key was retired again, so that none is left whose token nobody holds.")

    def _count_earlier_requests(self) -> int:
        """None are open of a run that has returned its key to the caller."""
        interrupted = self._state.interrupted
        if interrupted is None or self._store.handed_over is not None:
            return 0
        return interrupted.count_pending_requests(self._state.stored_key_id, len(self._plan.orphans))

    def _warn_of_earlier_requests(self) -> None:
        age = require(self._state.interrupted, "note of a stopped run").age
        file = require(self._store.file, "token file")
        self._log.warnings.append(
            f"token_file: a run that was stopped asked for {self._wanted} {age:.0f} s ago, and that may still be "
            f"carried out. It stays noted in {file.marker_path}; a run some minutes later looks again."
        )

    def _prepare_file(self) -> None:
        if self._lock is None:
            return
        if self._plan.creates:
            self._lock.prepare(self._build_note(self._earlier_requests + 1, self._plan.existing))
        elif self._plan.stores_token:
            self._store_handed_over(self._lock)
        elif self._plan.changes_attributes:
            self._lock.set_attributes()

    def _carry_out_action(self, action: Action) -> None:
        if action.action == "create":
            self._create(action)
        elif self._result.new_key is not None and not self._is_succeeded(action, self._result.new_key):
            # The new token is there, but no later run could tell; so what it was to take the place of stays.
            return
        elif action.action == "update":
            self._tenant.api_keys.rename(require(action.id, "id"), action.description)
            self._log.add(action)
        else:
            self._log.retire(self._tenant, action)
            self._retired.append(require(action.id, "id"))

    def _build_note(self, requests: int, existing: Iterable[str]) -> InterruptedRun:
        """What the next run must know if this one is stopped after ``requests`` for a key."""
        asked = self._tenant.time()
        return InterruptedRun(
            tenant_url=self._tenant.url,
            description=require(self._wanted.description, "description"),
            sub=require(self._wanted.sub, "subject"),
            sub_type=self._wanted.sub_type,
            existing=tuple(sorted(existing)),
            replaced=self._plan.replaced,
            stored=self._state.stored_key_id,
            asked=asked.isoformat() if asked else None,
            requests=requests,
        )

    def _create(self, action: Action) -> None:
        creation = KeyCreation(
            self._tenant,
            self._wanted,
            self._requested_sub,
            {*self._plan.existing, *self._retired},
            self._log,
            earlier_requests=self._earlier_requests,
            note_requests=(
                None
                if self._lock is None
                else lambda count: require(self._lock, "token file").prepare(self._build_note(count, creation.existing))
            ),
        )
        try:
            new_key = self._create_and_store(creation, action)
        except OrphanedKeyError:
            # The note stays: it lets the next run find and retire the orphan.
            raise
        except QlikCloudError as error:
            is_over = not self._plan.leaves_a_gap and not self.is_in_doubt and not creation.is_in_doubt
            if self._lock and is_over:
                self._lock.remove_leftovers()
            raise self._advise(error) from None
        self.is_in_doubt |= creation.is_in_doubt
        is_unrecognizable = self._store.is_tracked and not _carries_key_id(new_key)
        self._log.warnings.extend(
            creation_warnings(new_key.record, self._wanted, is_unrecognizable=is_unrecognizable, now=self._tenant.now())
        )

    def _create_and_store(self, creation: KeyCreation, action: Action) -> NewKey:
        if self._lock and not creation.existing.issubset(self._plan.existing):
            # A list may show a retired key still, which the next run must not take for the one that is made now.
            self._lock.prepare(self._build_note(self._earlier_requests + 1, creation.existing))
        new_key = NewKey(*creation.create())
        self._result.new_key = new_key
        self._log.add(replace(action, id=new_key.record.id))
        if self._lock and not self._options.hands_over:
            self._store_new(self._lock, creation, new_key)
        creation.retire_late_ones(new_key.record)
        return new_key

    def _store_new(self, lock: TokenFileLock, creation: KeyCreation, new_key: NewKey) -> None:
        try:
            lock.store(new_key.token, self._state.stored)
        except (TokenFileError, OSError) as error:
            self._result.new_key = None
            with prepend_error(error):
                outcome = creation.retire(new_key.record, "its token could not be kept")
            raise TokenFileError(f"{error} {outcome}") from None
        try:
            lock.verify(new_key.token)
        except TokenFileError as error:
            raise OrphanedKeyError(
                f"{error} It was put there as that of API key {new_key.record.id}, and nothing was retired. See to the "
                "file's disk, and run again."
            ) from None

    def _store_handed_over(self, lock: TokenFileLock) -> None:
        """Store a token that is in use by now: whatever comes of it, no run may take its key for one that nobody holds."""
        handed_over = require(self._store.handed_over, "token that was handed over")
        note = self._build_note(1, {*self._plan.existing, handed_over.key_id})
        lock.write_marker(note)
        lock.prepare(note)
        lock.store(handed_over.token, self._state.stored)
        lock.verify(handed_over.token)

    def _advise(self, error: QlikCloudError) -> QlikCloudError:
        """The error; if it may be due to the keys that there were already, with what can be done about that."""
        existing = ", ".join(self._plan.existing)
        if not isinstance(error, RefusedError) or error.status not in LIMIT_STATUSES:
            return error
        unknown_id = self._find_unknown_provider(error)
        if unknown_id is not None:
            error.add_advice(
                f"The tenant has no identity provider {unknown_id}; tenantops.qlik_cloud.identity_provider_info lists those "
                "that it has. Give the id of one of them."
            )
        elif error.status == INVALID_BODY_STATUS:
            error.add_advice(LIMITS_ADVICE)
        if existing and self._plan.leaves_a_gap:
            return error.add_advice(
                f"API key {existing} had been retired to make room, as retire_first says, so none works now. "
                "Run again when the cause is mended."
            )
        if not existing or unknown_id is not None:
            return error
        return error.add_advice(
            f"API key {existing} is active as before. If the tenant takes no second key beside it, set "
            "retire_first: true: the key is retired before its successor is made, and until the new token is in use, none "
            "works."
        )

    def _find_unknown_provider(self, error: RefusedError) -> str | None:
        """The id of the identity provider that the key is for, if the tenant says that it has none with it."""
        is_scim_key = self._wanted.sub_type == "externalClient" and self._wanted.sub is not None
        idp_id = parse_idp_id(self._wanted.sub or "") if is_scim_key else None
        if idp_id is None or error.status != INVALID_BODY_STATUS:
            return None
        try:
            return idp_id if self._tenant.identity_providers.get_cached(idp_id) is None else None
        except QlikCloudError:
            # Whoever may not read identity providers can still make a key for one.
            return None

    def _is_succeeded(self, action: Action, new_key: NewKey) -> bool:
        """Whether the new key takes the place of that of the action: a key that works and is the one asked for."""
        if not self._wanted.matches(new_key.record) or not new_key.record.is_active(self._tenant.now()):
            return False
        return action.id in self._plan.replaced or _carries_key_id(new_key)


def _carries_key_id(new_key: NewKey) -> bool:
    """Whether a later run can tell that the token is that of the new key."""
    claims = read_claims(new_key.token)
    return claims is not None and claims.key_id == new_key.record.id
