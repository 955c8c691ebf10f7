# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One key to be kept: where its token is, what is to be done about it, and doing that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from typing import NoReturn

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    OptionError,
    OrphanedKeyError,
    QlikCloudError,
    RefusedError,
    TenantStateError,
    TokenFileError,
    at_option,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.token_store import (
    HandedOverToken,
    TokenStore,
    key_id_of,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_creation import (
    KeyCreation,
    tell_first,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import (
    NOBODY_GETS_IT,
    wanted_key,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.provider_filter import ProviderFilter
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.creation_warnings import (
    creation_warnings,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.user_names import UserNames
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import (
    KeyPlan,
    adjusting,
    given_up,
    left_alone,
    plan_absent,
    plan_present,
    storing,
    to_be_made,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import InterruptedRun
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.renewal import is_always_due, is_due
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import claims_of
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.marker import read_marker
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import StoredToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file_lock import TokenFileLock
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quote_text

# How a tenant may refuse a key because of those that there are.
LIMIT_STATUSES = {400, 403, 409, 422}


class KeyEntry:
    """``params``: the options of one key. Raises OptionError when they cannot be used as given.

    ``hands_on``: a new token is not kept by this run but returned, for the caller to keep it, and kept by a later one, which
    is told so by ``handed_on``. Then the key is not renewed now, nor anything made for it. ``only_renew``: no key is made that
    is not a successor.
    """

    def __init__(
        self,
        params: Mapping,
        *,
        hands_on: bool = False,
        only_renew: bool = False,
        handed_on: HandedOverToken | None = None,
    ):
        self.state: str = params["state"]
        self.wanted = wanted_key(params)
        with at_option("idp"):
            self._provider = None if params.get("idp") is None else ProviderFilter(params["idp"])
        self._kept = TokenStore(params)
        self.file = self._kept.file
        self._sub_given = self.wanted.sub
        self._user_is_given = False
        self._names: UserNames | None = None
        self._hands_on = hands_on
        self._only_renew = only_renew
        self.returns_token = hands_on or bool(params["return_token"])
        self.made: ApiKey | None = None
        self.token: str | None = None
        self.is_missing = False
        """Whether there is no key that could be renewed, where no other is made."""
        self._is_in_doubt = False
        # How many requests of runs that were stopped may still be carried out.
        self._pending = 0
        self._seen: tuple[StoredToken | None, InterruptedRun | None] = (None, None)
        may_create = self.state == "present" and self.wanted.id is None
        if may_create and not self.file and not hands_on and params["return_token"] is False:
            raise OptionError(
                "return_token", "false without token_file would make a key whose token nobody gets; give token_file."
            )
        if handed_on is not None:
            self._kept.handed_on = handed_on
            self.wanted = replace(self.wanted, renew_before=None, force_renew=False, on_lost_token="fail")
        elif self.file and may_create:
            self.file.check()
        elif self.file:
            self.file.check_kind()

    @property
    def identity(self) -> tuple:
        """The same for two that mean the same key, as far as that is known."""
        return (*self.wanted.identity, None if self._provider is None else self._provider.identity)

    @property
    def handed_on(self) -> HandedOverToken | None:
        """What became of the token of a key that an earlier run made."""
        return self._kept.handed_on

    @property
    def user(self) -> str | None:
        """The user whose key it is, as the options name them."""
        return self.wanted.sub if self.wanted.sub_type == "user" else None

    def resolve(self, tenant: Tenant, names: UserNames) -> None:
        """Fill in who is meant: the user called so, or where no ``sub`` is given, the requester or the identity provider.

        Comes before anything else is sent: what is stored is a secret from the first answer on. Raises OptionError.
        """
        with suppress(TokenFileError):
            self._kept.stored(tenant)
        if self._provider is not None:
            self._sub_given = self._provider.find(tenant).sub
            self.wanted, self._provider = replace(self.wanted, sub=self._sub_given), None
        elif self.user is not None:
            self._user_is_given, self._names = True, names
            self._sub_given = names.id_of("sub", self.user)
            self.wanted = replace(self.wanted, sub=self._sub_given)
        elif self.wanted.id is None and self.wanted.sub is None:
            self.wanted = replace(self.wanted, sub=tenant.requester.id)

    def plan(self, tenant: Tenant, known: KnownKeys) -> KeyPlan:
        """``known``: the active matches are among them. Reads the token file; may read the stored token's key."""
        self._seen = self._look(tenant)
        stored, interrupted = self._seen
        handed_on = self._kept.handed_on
        if handed_on is not None and handed_on.problem:
            return given_up(known.get(handed_on.key_id) or tenant.api_keys.get(handed_on.key_id), handed_on.problem)
        token = self._kept.tracked(tenant, known, stored)
        keys = known.candidates(self.wanted)
        if token and token.owner and token.owner not in keys and self.wanted.matches(token.owner):
            # A key just made may be missing in the list for a moment.
            keys = [token.owner, *keys]
        now = tenant.now()
        if self.state == "absent":
            if self._user_is_given and not any(self.wanted.matches(key) for key in keys):
                # That nothing is there to be retired must not come of a slip in the name.
                self._names.check("sub", self.user)
            return plan_absent(self.wanted, keys, token, now)
        # Who asks matters only for keys that a stopped run may have made; otherwise it is not worth a request.
        requester_id = tenant.requester.id if interrupted else ""
        limit = None
        if any(is_due(self.wanted, key, now) and is_always_due(self.wanted, key) for key in keys):
            limit = tenant.longest_life(self.wanted.sub_type)

        def planned(wanted: WantedKey) -> KeyPlan:
            return plan_present(wanted, keys, token, interrupted, requester_id, limit, now)

        if self._only_renew:
            as_it_is = replace(self.wanted, renew_before=None, force_renew=False)
            there = planned(as_it_is)
            self.is_missing = there.creates
            if self.is_missing:
                return left_alone(there)
        plan = planned(self.wanted)
        self._check_name_is_free(plan, known, now)
        if plan.creates and self.file is None and not self.returns_token:
            raise OptionError("return_token", NOBODY_GETS_IT)
        if self._kept.is_to_be_stored(stored):
            return storing(plan, self.file.path, (key_id_of(stored), handed_on.key_id))
        is_kept = self.file is not None and stored is not None and stored.is_token
        return adjusting(plan, self.file.path, self.file.change()) if is_kept else plan

    def plan_unlisted(self, tenant: Tenant) -> KeyPlan | None:
        """What is to be done if the tenant has no such key, where it does not list any yet; None if that is not likely."""
        stored, interrupted = self._look(tenant)
        if self.state == "absent" or self.wanted.id is not None or interrupted or not self._kept.is_empty(stored):
            return None
        return self.plan(tenant, KnownKeys([]))

    def apply(self, tenant: Tenant, plan: KeyPlan, report: ActionLog, look_again: Callable[[], KnownKeys]) -> KeyPlan:
        """Carry the plan out, or another if the token file is not as it was any more; return the one carried out."""
        if plan.is_given_up:
            with TokenFileLock(self.file, report.progress) if self.file else nullcontext() as lock:
                self._give_up(tenant, plan, report, lock)
        if not self._needs_lock(plan):
            self._carry_out(tenant, plan, report, None)
            return plan
        with TokenFileLock(self.file, report.progress) as lock:
            if self._look(tenant) != self._seen:
                before, plan = plan, self.plan(tenant, look_again())
                report.plan_otherwise(before.actions, plan.actions)
                report.warnings.extend(plan.warnings)
            self._carry_out(tenant, plan, report, lock)
            if self.wanted.id is None and not self._is_in_doubt and not self.is_to_be_handed_on:
                lock.remove_leftovers()
        return plan

    def keep_handed_on(self, report: ActionLog) -> None:
        """See that no later run takes a key for nobody's whose token the caller has stored, whatever else cannot be done."""
        if self.file is not None and self.handed_on is not None and not self.handed_on.problem:
            with suppress(QlikCloudError), TokenFileLock(self.file, report.progress) as lock:
                lock.remove_leftovers()

    def record(self, plan: KeyPlan) -> dict | None:
        """The key as it is after the plan, None when it is not to be, or nothing is known of it."""
        if self.state == "absent" or plan.is_given_up or self.is_missing:
            return None
        if self.made is not None or plan.kept is None:
            return (self.made or to_be_made(self.wanted)).as_result()
        return replace(plan.kept, description=self.wanted.description or plan.kept.description).as_result()

    @property
    def returned_token(self) -> dict:
        """The token for the result, if one was made and is to be returned."""
        return {"token": self.token} if self.token is not None and self.returns_token else {}

    @property
    def is_to_be_handed_on(self) -> bool:
        """Whether this run made the key, and its token is not kept yet."""
        return self._hands_on and self.token is not None

    @property
    def has_leftovers(self) -> bool:
        """Whether a stopped run left something beside the token file, which a run that is not in check mode takes away."""
        return self.file is not None and self.wanted.id is None and self.file.has_leftovers()

    @property
    def token_file(self) -> dict:
        return {"token_file": self.file.path} if self.file else {}

    def _look(self, tenant: Tenant) -> tuple[StoredToken | None, InterruptedRun | None]:
        """What is stored, and what an interrupted run has noted beside it."""
        if self.file is None:
            return self._kept.stored(tenant), None
        # A marker is about a key to be made, which is never named by an id.
        interrupted = read_marker(self.file) if self.wanted.id is None else None
        wanted = self.wanted
        if interrupted and not interrupted.is_about(tenant.url, wanted.description, wanted.sub, wanted.sub_type):
            raise TokenFileError(
                f"token_file: a run that used {self.file.path} for API key {quote_text(interrupted.description)} "
                f"({interrupted.sub_type} {interrupted.sub}) on {interrupted.tenant_url} was interrupted. Run that once "
                f"more, so that no key without a token is left; or give another path; or remove {self.file.marker_path}."
            )
        return self._kept.stored(tenant), interrupted

    def _needs_lock(self, plan: KeyPlan) -> bool:
        """Whether anything depends on what is stored being what was seen: another run may be just about to store."""
        if self.file is None:
            return False
        if self.wanted.id is not None:
            return plan.drops_token or plan.adjusts_file
        is_kept = self.state == "present" and plan.actions
        return bool(is_kept) or plan.drops_token or plan.adjusts_file or plan.stores_token or self.has_leftovers

    def _check_name_is_free(self, plan: KeyPlan, known: KnownKeys, now: datetime) -> None:
        """Raise OptionError when the key would get the name of another one; from then on they could not be told apart."""
        if plan.kept is None or not self.wanted.renames(plan.kept):
            return
        other = known.namesake(plan.kept, self.wanted.description, now)
        if other is not None:
            raise OptionError(
                "description",
                f"API key {other.id}, of the same owner and active, is called {quote_text(self.wanted.description)} already. Choose "
                "another description, or retire that key first.",
            )

    def _carry_out(self, tenant: Tenant, plan: KeyPlan, report: ActionLog, lock: TokenFileLock | None) -> None:
        self._pending = self._requests_in_doubt(plan)
        self._is_in_doubt = self._pending > 0
        if self._is_in_doubt:
            report.warnings.append(
                f"token_file: a run that was stopped asked for {self.wanted} {self._seen[1].age:.0f} s ago, and that may still be "
                f"carried out. It stays noted in {self.file.marker_path}; a run some minutes later looks again."
            )
        if lock and plan.creates:
            lock.prepare(self._noted(tenant, plan, self._pending + 1, plan.existing))
        elif plan.stores_token:
            self._store_handed_on(tenant, plan, lock)
        elif plan.adjusts_file:
            lock.adjust()
        retired: list[str] = []
        for action in plan.actions:
            if self.is_to_be_handed_on:
                # What the new key takes the place of goes when its token is kept.
                break
            if action.action == "create":
                self._create(tenant, plan, action, retired, report, lock)
            elif self.made is not None and not self._is_succeeded(plan, action, tenant.now()):
                # The new token is there, but no later run could tell; so what it was to take the place of stays.
                continue
            elif action.action == "update":
                tenant.api_keys.rename(action.id, action.description)
                report.note(action)
            else:
                report.retire(tenant, action)
                retired.append(action.id)
        if plan.drops_token:
            lock.remove(self._seen[0])

    def _requests_in_doubt(self, plan: KeyPlan) -> int:
        """How many requests of runs that were stopped may still be carried out; none of a run that has told of its key."""
        interrupted = self._seen[1]
        if interrupted is None or self.handed_on is not None:
            return 0
        return interrupted.pending(key_id_of(self._seen[0]), len(plan.orphans))

    def _give_up(self, tenant: Tenant, plan: KeyPlan, report: ActionLog, lock: TokenFileLock | None) -> NoReturn:
        """Retire the key whose token the caller could not keep. Raises TenantStateError in any case, which says so."""
        handed_on = self.handed_on
        told = f"the token of API key {handed_on.key_id} was not handed on: {handed_on.problem}"
        try:
            for action in plan.actions:
                report.retire(tenant, action)
        except QlikCloudError as error:
            raise TenantStateError(
                f"{told} Retiring it failed as well, so it is active; retire it with state: absent and its id. {error}"
            ) from None
        if lock:
            lock.remove_leftovers()
        raise TenantStateError(f"{told} The key was retired again, so that none is left whose token nobody holds.")

    def _noted(self, tenant: Tenant, plan: KeyPlan, requests: int, existing: Iterable[str]) -> InterruptedRun:
        stored, asked = self._seen[0], tenant.time()
        return InterruptedRun(
            tenant_url=tenant.url,
            description=self.wanted.description,
            sub=self.wanted.sub,
            sub_type=self.wanted.sub_type,
            existing=tuple(sorted(existing)),
            replaced=plan.replaced,
            stored=key_id_of(stored),
            asked=asked.isoformat() if asked else None,
            requests=requests,
        )

    def _create(
        self,
        tenant: Tenant,
        plan: KeyPlan,
        action: Action,
        retired: Sequence[str],
        report: ActionLog,
        lock: TokenFileLock | None,
    ) -> None:
        """``retired``: what the run has just retired."""
        note = None if lock is None else lambda count: lock.prepare(self._noted(tenant, plan, count, creation.existing))
        creation = KeyCreation(
            tenant,
            self.wanted,
            self._sub_given,
            {*plan.existing, *retired},
            report,
            earlier_requests=self._pending,
            note_requests=note,
        )
        try:
            if lock and not creation.existing.issubset(plan.existing):
                # A list may show a retired key still, which the next run must not take for the one that is made now.
                lock.prepare(self._noted(tenant, plan, self._pending + 1, creation.existing))
            self.made, self.token = creation.create()
            report.note(replace(action, id=self.made.id))
            if lock and not self._hands_on:
                self._store(creation, lock)
                self._verify(lock)
            creation.retire_late_ones(self.made)
        except OrphanedKeyError:
            # The marker stays: it lets the next run find and retire the orphan.
            raise
        except QlikCloudError as error:
            if lock and not plan.leaves_a_gap and not self._is_in_doubt and not creation.is_in_doubt:
                lock.remove_leftovers()
            raise self._advised(error, plan) from None
        self._is_in_doubt |= creation.is_in_doubt
        is_untold = self._kept.is_tracked and not self._is_tracked_for_sure()
        report.warnings.extend(creation_warnings(self.made, self.wanted, is_untold=is_untold, now=tenant.now()))

    def _store_handed_on(self, tenant: Tenant, plan: KeyPlan, lock: TokenFileLock) -> None:
        """Keep a token that is in use by now: whatever comes of it, no run may take its key for one that nobody holds."""
        handed_on = self._kept.handed_on
        noted = self._noted(tenant, plan, 1, {*plan.existing, handed_on.key_id})
        lock.note(noted)
        lock.prepare(noted)
        lock.store(handed_on.token, self._seen[0])
        lock.verify(handed_on.token)

    def _store(self, creation: KeyCreation, lock: TokenFileLock) -> None:
        try:
            lock.store(self.token, self._seen[0])
        except (TokenFileError, OSError) as error:
            self.token = None
            with tell_first(error):
                fate = creation.retire(self.made, "its token could not be kept")
            raise TokenFileError(f"{error} {fate}") from None

    def _verify(self, lock: TokenFileLock) -> None:
        try:
            lock.verify(self.token)
        except TokenFileError as error:
            raise OrphanedKeyError(
                f"{error} It was put there as that of API key {self.made.id}, and nothing was retired. See to the file's "
                "disk, and run again."
            ) from None

    def _advised(self, error: QlikCloudError, plan: KeyPlan) -> QlikCloudError:
        """A refusal that may be due to the keys that there were already, and what can be done about that."""
        if not isinstance(error, RefusedError) or error.status not in LIMIT_STATUSES or not plan.existing:
            return error
        if plan.leaves_a_gap:
            return error.add_advice(
                f"API key {', '.join(plan.existing)} had been retired to make room, as retire_first says, so none works now. "
                "Run again when the cause is mended."
            )
        return error.add_advice(
            f"API key {', '.join(plan.existing)} is active as before. If the tenant takes no second key beside it, set "
            "retire_first: true: the key is retired before its successor is made, and until the new token is in use, none "
            "works."
        )

    def _is_succeeded(self, plan: KeyPlan, action: Action, now: datetime) -> bool:
        """Whether the key just made takes the place of that of the action: a key that works and is the one asked for."""
        if not self.wanted.matches(self.made) or not self.made.is_active(now):
            return False
        return action.id in plan.replaced or self._is_tracked_for_sure()

    def _is_tracked_for_sure(self) -> bool:
        """Whether a later run can tell that the stored token is that of the key just made."""
        claims = claims_of(self.token)
        return claims is not None and claims.key_id == self.made.id
