# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning one key of the options: reads what the plan depends on, and sends reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.entry_options import EntryOptions
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import UNSTORED_TOKEN
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_state import KeyState
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_subject import KeySubject
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.require import require
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import (
    KeyPlan,
    add_attribute_change,
    add_token_change,
    plan_absent,
    plan_discard,
    plan_nothing,
    plan_present,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.renewal import (
    is_always_due,
    is_due,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import TrackedToken, WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quote_text


class KeyPlanner:
    """Plans one key from the records in ``known``, the active matches among them, and from its ``state``.

    ``is_missing``, after a plan: no key is there to be renewed, and none is to be made otherwise.
    """

    def __init__(self, options: EntryOptions, subject: KeySubject):
        self._options = options
        self._store = options.store
        self._subject = subject
        self.is_missing = False

    @property
    def _wanted(self) -> WantedKey:
        return self._subject.wanted

    def plan(self, tenant: Tenant, known: KnownKeys, state: KeyState) -> KeyPlan:
        """May read the record of the stored token's key. Raises OptionError, LostTokenError, TenantStateError."""
        handed_over = self._store.handed_over
        if handed_over is not None and handed_over.problem:
            made = known.get(handed_over.key_id) or tenant.api_keys.get(handed_over.key_id)
            return plan_discard(made, handed_over.problem)
        token = self._store.find_tracked_token(tenant, known, state.stored)
        keys: Sequence[ApiKey] = known.find_candidates(self._wanted)
        if token and token.record and token.record not in keys and self._wanted.matches(token.record):
            # A key just made may be missing in the list for a moment.
            keys = [token.record, *keys]
        now = tenant.now()
        if not self._options.is_wanted:
            if not any(self._wanted.matches(key) for key in keys):
                # That nothing is there to be retired must not come of a slip in the name.
                self._subject.check_user()
            return plan_absent(self._wanted, keys, token, now)
        plan = self._plan_present(tenant, keys, token, state)
        if self.is_missing:
            return plan
        self._check_name_is_free(plan, known, now)
        if plan.creates:
            if self._store.file is None and not self._options.returns_token:
                raise OptionError("return_token", UNSTORED_TOKEN)
            warnings = (*_warn_of_idle_options(self._wanted), *_warn_of_lookalike(self._wanted, known, now))
            plan = replace(plan, warnings=(*plan.warnings, *warnings))
        return self._plan_file(plan, state)

    def _plan_present(
        self, tenant: Tenant, keys: Sequence[ApiKey], token: TrackedToken | None, state: KeyState
    ) -> KeyPlan:
        wanted, now = self._wanted, tenant.now()
        # Who asks matters only for keys that a stopped run may have made; otherwise it is not worth a request.
        requester_id = tenant.requester.id if state.interrupted else ""
        limit = None
        if any(is_due(wanted, key, now) and is_always_due(wanted, key) for key in keys):
            limit = tenant.longest_life(wanted.sub_type)

        def plan_for(wanted: WantedKey) -> KeyPlan:
            return plan_present(wanted, keys, token, state.interrupted, requester_id, limit, now)

        if self._options.only_renew:
            unrenewed = plan_for(replace(wanted, renew_before=None, force_renew=False))
            self.is_missing = unrenewed.creates
            if self.is_missing:
                return plan_nothing(unrenewed)
        return plan_for(wanted)

    def _plan_file(self, plan: KeyPlan, state: KeyState) -> KeyPlan:
        """The plan with what is to be done about the token file beside making a key."""
        file, handed_over = self._store.file, self._store.handed_over
        if file is None:
            return plan
        if handed_over is not None and self._store.needs_storing(state.stored):
            return add_token_change(plan, file.path, (state.stored_key_id, handed_over.key_id))
        if state.stored is not None and state.stored.is_token:
            return add_attribute_change(plan, file.path, file.find_attribute_change())
        return plan

    def _check_name_is_free(self, plan: KeyPlan, known: KnownKeys, now: datetime) -> None:
        """Raise OptionError when the key would get the name of another one; from then on they could not be told apart."""
        if plan.kept is None or not self._wanted.renames(plan.kept):
            return
        description = require(self._wanted.description, "description")
        other = known.find_namesake(plan.kept, description, now)
        if other is not None:
            raise OptionError(
                "description",
                f"API key {other.id}, of the same owner and active, is called {quote_text(description)} already. Choose "
                "another description, or retire that key first.",
            )


def _warn_of_idle_options(wanted: WantedKey) -> list[str]:
    """Warnings about options that have no effect beside the others. They come when a key is made, not in each run after that."""
    if wanted.overlap is None or wanted.renew_before is not None or wanted.force_renew:
        return []
    return [
        "overlap: has no effect on this key, which gets no successor without renew_before or force_renew. Give renew_before "
        "as well, or leave overlap out."
    ]


def _warn_of_lookalike(wanted: WantedKey, known: KnownKeys, now: datetime) -> list[str]:
    alike = known.find_lookalike(wanted, now)
    if alike is None:
        return []
    return [
        f"description: API key {alike.id} is called {quote_text(alike.description)} as well, only that its letters are "
        "composed otherwise (Unicode NFC and NFD), so it is another key. To go on with that one, copy its description from "
        "there, or rename it by its id."
    ]
