# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One key to be kept: where its token is, what is to be done about it, and doing that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    OptionError,
    OrphanError,
    QlikCloudError,
    RefusedError,
    TokenFileError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.file_options import asked_attributes
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_creation import KeyCreation
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import wanted_key
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.report import Report
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import (
    KeyPlan,
    adjusting,
    plan_absent,
    plan_present,
    to_be_made,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted import Interrupted
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.renewal import (
    expiry_warning,
    is_always_due,
    is_due,
    short_life_warning,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import TrackedToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import same_sub
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import Claims, claims_of
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.marker import read_marker
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import StoredToken, TokenFile
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.turn import Turn
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quoted

# How a tenant may refuse a key because of those that there are.
NO_ROOM = {400, 403, 409, 422}
# How it may refuse to tell of a key: the requester may not see it, or its id is none of this tenant's kind.
NOT_OF_THIS_TENANT = {400, 403, 422}
LEFT_ACTIVE = "If it succeeds a key, that one was left active."
NOBODY_GETS_IT = (
    "the key would have to be made, and nobody would get its token, which is shown once. Give token_file. Or store the token "
    "yourself, and have it returned by no_log: true on the task, or return_token: true where it may be shown; a task with "
    "async returns none."
)


class KeyEntry:
    """``params``: the options of one key. Raises OptionError when they cannot be used as given."""

    def __init__(self, params: Mapping):
        self.state: str = params["state"]
        self.wanted = wanted_key(params)
        asked = asked_attributes(params)
        self.file = None if params["token_file"] is None else TokenFile(params["token_file"], asked)
        self._given_token: str | None = params["token"]
        self._sub_given = self.wanted.sub
        self.returns_token = bool(params["return_token"])
        self.made: ApiKey | None = None
        self.token: str | None = None
        self._is_in_doubt = False
        # How many requests of runs that were stopped may still be carried out.
        self._pending = 0
        self._seen: tuple[StoredToken | None, Interrupted | None] = (None, None)
        may_create = self.state == "present" and self.wanted.id is None
        if may_create and not self.file and params["return_token"] is False:
            raise OptionError(
                "return_token", "false without token_file would make a key whose token nobody gets; give token_file."
            )
        if self.file and may_create:
            self.file.check()
        elif self.file:
            self.file.check_kind()

    def resolve(self, tenant: Tenant) -> None:
        """Fill in who is meant when no ``sub`` is given: the requester.

        Comes before anything is sent: what is stored is a secret from the first answer on.
        """
        with suppress(TokenFileError):
            self._stored(tenant)
        if self.wanted.id is None and self.wanted.sub is None:
            self.wanted = replace(self.wanted, sub=tenant.requester.id)

    def plan(self, tenant: Tenant, known: KnownKeys) -> KeyPlan:
        """``known``: the active matches are among them. Reads the token file; may read the stored token's key."""
        self._seen = self._look(tenant)
        stored, interrupted = self._seen
        token = self._tracked(tenant, known, stored)
        keys = known.candidates(self.wanted)
        if token and token.owner and token.owner not in keys and self.wanted.matches(token.owner):
            # A key just made may be missing in the list for a moment.
            keys = [token.owner, *keys]
        now = tenant.now()
        if self.state == "absent":
            return plan_absent(self.wanted, keys, token, now)
        # Who asks matters only for keys that a stopped run may have made; otherwise it is not worth a request.
        requester_id = tenant.requester.id if interrupted else ""
        limit = None
        if any(is_due(self.wanted, key, now) and is_always_due(self.wanted, key) for key in keys):
            limit = tenant.longest_life(self.wanted.sub_type)
        plan = plan_present(self.wanted, keys, token, interrupted, requester_id, limit, now)
        self._check_name_is_free(plan, known, now)
        if plan.creates and self.file is None and not self.returns_token:
            raise OptionError("return_token", NOBODY_GETS_IT)
        is_kept = self.file is not None and stored is not None and stored.is_token
        return adjusting(plan, self.file.path, self.file.change()) if is_kept else plan

    def apply(self, tenant: Tenant, plan: KeyPlan, report: Report, look_again: Callable[[], KnownKeys]) -> KeyPlan:
        """Carry the plan out, or another if the token file is not as it was any more; return the one carried out."""
        if not self._needs_turn(plan):
            self._carry_out(tenant, plan, report, None)
            return plan
        with Turn(self.file, report.progress) as turn:
            if self._look(tenant) != self._seen:
                before, plan = plan, self.plan(tenant, look_again())
                report.plan_otherwise(before.actions, plan.actions)
                report.warnings.extend(plan.warnings)
            self._carry_out(tenant, plan, report, turn)
            if self.wanted.id is None and not self._is_in_doubt:
                turn.settle()
        return plan

    def record(self, plan: KeyPlan) -> dict | None:
        """The key as it is after the plan, None when it is not to be."""
        if self.state == "absent":
            return None
        if self.made is not None or plan.counted is None:
            return (self.made or to_be_made(self.wanted)).as_result()
        return replace(plan.counted, description=self.wanted.description or plan.counted.description).as_result()

    @property
    def returned_token(self) -> dict:
        """The token for the result, if one was made and is to be returned."""
        return {"token": self.token} if self.token is not None and self.returns_token else {}

    @property
    def has_leftovers(self) -> bool:
        """Whether a stopped run left something beside the token file, which a run that is not in check mode takes away."""
        return self.file is not None and self.wanted.id is None and self.file.has_leftovers()

    @cached_property
    def token_file(self) -> dict:
        return {"token_file": self.file.path} if self.file else {}

    def _look(self, tenant: Tenant) -> tuple[StoredToken | None, Interrupted | None]:
        """What is stored, and what an interrupted run has noted beside it."""
        if self.file is None:
            return self._stored(tenant), None
        # A marker is about a key to be made, which is never named by an id.
        interrupted = read_marker(self.file) if self.wanted.id is None else None
        wanted = self.wanted
        if interrupted and not interrupted.is_about(tenant.url, wanted.description, wanted.sub, wanted.sub_type):
            raise TokenFileError(
                f"token_file: a run that used {self.file.path} for API key {quoted(interrupted.description)} "
                f"({interrupted.sub_type} {interrupted.sub}) on {interrupted.tenant_url} was interrupted. Run that once "
                f"more, so that no key without a token is left; or give another path; or remove {self.file.marker_path}."
            )
        return self._stored(tenant), interrupted

    def _stored(self, tenant: Tenant) -> StoredToken | None:
        """What is stored, kept secret from now on."""
        if self.file is not None:
            stored = self.file.read()
        else:
            stored = None if self._given_token is None else StoredToken.of(self._given_token)
        if stored is not None:
            tenant.keep_secret(stored.text)
        return stored

    def _tracked(self, tenant: Tenant, known: KnownKeys, stored: StoredToken | None) -> TrackedToken | None:
        if self.file is None and self._given_token is None:
            return None
        claims = stored.claims if stored else None
        token = TrackedToken(
            place=f"token_file {self.file.path}" if self.file else "the given token",
            path=self.file.path if self.file else None,
            is_empty=stored is None,
            key_id=claims.key_id if claims else None,
            is_nameless=stored is not None and stored.is_token and claims is None,
            open_mode=self.file.readable_by_others(stored) if self.file else None,
            by_status=not tenant.clock_is_told,
        )
        if claims is None:
            return token
        owner = known.get(claims.key_id)
        if owner is not None:
            return replace(token, owner=owner)
        try:
            owner = tenant.api_keys.get(claims.key_id)
        except RefusedError as error:
            if error.status not in NOT_OF_THIS_TENANT:
                raise
            return token
        is_gone = owner is None and _was_visible(claims, tenant)
        return replace(token, owner=owner, is_of_gone_key=is_gone)

    def _needs_turn(self, plan: KeyPlan) -> bool:
        """Whether anything depends on what is stored being what was seen: another run may be just about to store."""
        if self.file is None:
            return False
        if self.wanted.id is not None:
            return plan.drops_token or plan.adjusts_file
        is_kept = self.state == "present" and plan.actions
        return bool(is_kept) or plan.drops_token or plan.adjusts_file or self.has_leftovers

    def _check_name_is_free(self, plan: KeyPlan, known: KnownKeys, now: datetime) -> None:
        """Raise OptionError when the key would get the name of another one; from then on they could not be told apart."""
        if plan.counted is None or not self.wanted.renames(plan.counted):
            return
        other = known.namesake(plan.counted, self.wanted.description, now)
        if other is not None:
            raise OptionError(
                "description",
                f"API key {other.id}, of the same owner and active, is called {quoted(self.wanted.description)} already. Choose "
                "another description, or retire that key first.",
            )

    def _carry_out(self, tenant: Tenant, plan: KeyPlan, report: Report, turn: Turn | None) -> None:
        stored, interrupted = self._seen
        self._pending = interrupted.pending(_key_id(stored), len(plan.orphans)) if interrupted else 0
        self._is_in_doubt = self._pending > 0
        if self._is_in_doubt:
            report.warnings.append(
                f"token_file: a run that was stopped asked for {self.wanted} {interrupted.age:.0f} s ago, and that may still be "
                f"carried out. It stays noted in {self.file.marker_path}; a run some minutes later looks again."
            )
        if turn and plan.creates:
            turn.prepare(self._noted(tenant, plan, self._pending + 1, plan.existing))
        elif plan.adjusts_file:
            turn.adjust()
        retired: list[str] = []
        for action in plan.actions:
            if action.action == "create":
                self._create(tenant, plan, action, retired, report, turn)
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
            turn.remove(self._seen[0])

    def _noted(self, tenant: Tenant, plan: KeyPlan, requests: int, existing: Iterable[str]) -> Interrupted:
        stored, asked = self._seen[0], tenant.time()
        return Interrupted(
            tenant_url=tenant.url,
            description=self.wanted.description,
            sub=self.wanted.sub,
            sub_type=self.wanted.sub_type,
            existing=tuple(sorted(existing)),
            replaced=plan.replaced,
            stored=_key_id(stored),
            asked=asked.isoformat() if asked else None,
            requests=requests,
        )

    def _create(
        self, tenant: Tenant, plan: KeyPlan, action: Action, retired: Sequence[str], report: Report, turn: Turn | None
    ) -> None:
        """``retired``: what the run has just retired."""
        creation = KeyCreation(
            tenant,
            self.wanted,
            self._sub_given,
            {*plan.existing, *retired},
            report,
            earlier_requests=self._pending,
            note_requests=(
                None
                if turn is None
                else lambda count: turn.prepare(self._noted(tenant, plan, count, creation.existing))
            ),
        )
        try:
            if turn and not creation.existing.issubset(plan.existing):
                # A list may show a retired key still, which the next run must not take for the one that is made now.
                turn.prepare(self._noted(tenant, plan, self._pending + 1, creation.existing))
            self.made, self.token = creation.create()
            report.note(replace(action, id=self.made.id))
            if turn:
                self._store(creation, turn)
                self._verify(turn)
            creation.retire_late_ones(self.made)
        except OrphanError:
            # The marker stays: it lets the next run find and retire the orphan.
            raise
        except QlikCloudError as error:
            if turn and not plan.leaves_a_gap and not self._is_in_doubt and not creation.is_in_doubt:
                turn.settle()
            raise self._advised(error, plan) from None
        self._is_in_doubt |= creation.is_in_doubt
        report.warnings.extend(self._surprises(tenant.now()))

    def _store(self, creation: KeyCreation, turn: Turn) -> None:
        try:
            turn.store(self.token, self._seen[0])
        except (TokenFileError, OSError) as error:
            self.token = None
            with _after(error):
                fate = creation.retire(self.made, "its token could not be kept")
            raise TokenFileError(f"{error} {fate}") from None

    def _verify(self, turn: Turn) -> None:
        try:
            turn.verify(self.token)
        except TokenFileError as error:
            raise OrphanError(
                f"{error} It was put there as that of API key {self.made.id}, and nothing was retired. See to the file's "
                "disk, and run again."
            ) from None

    def _advised(self, error: QlikCloudError, plan: KeyPlan) -> QlikCloudError:
        """A refusal that may be due to the keys that there were already, and what can be done about that."""
        if not isinstance(error, RefusedError) or error.status not in NO_ROOM or not plan.existing:
            return error
        if plan.leaves_a_gap:
            return error.advised(
                f"API key {', '.join(plan.existing)} had been retired to make room, as retire_first says, so none works now. "
                "Run again when the cause is mended."
            )
        return error.advised(
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

    def _surprises(self, now: datetime) -> list[str]:
        """What the tenant made of the request that the next run will stumble over."""
        made, wanted = self.made, self.wanted
        surprises = [expiry_warning(made, wanted.expiry), short_life_warning(wanted, made)]
        if (self.file or self._given_token is not None) and not self._is_tracked_for_sure():
            surprises.append(
                f"The token of API key {made.id} does not carry the key's id as its jti, so a later run cannot tell whose "
                f"token is stored, and will call it lost. {LEFT_ACTIVE}"
            )
        if not made.is_active(now):
            surprises.append(
                f"API key {made.id} had ended when it was made (status {made.status}, expiry {made.expiry}), so its token "
                f"opens nothing. {LEFT_ACTIVE}"
            )
        if not same_sub(made.sub, wanted.sub) or made.sub_type != wanted.sub_type:
            surprises.append(
                f"API key {made.id} was made for {made.sub_type} {made.sub!r} instead of {wanted.sub_type} "
                f"{wanted.sub!r}, so a later run will not find it by what this task says. {LEFT_ACTIVE}"
            )
        if made.description != wanted.description:
            surprises.append(
                f"API key {made.id} was made with the description {quoted(made.description)} instead of "
                f"{quoted(wanted.description)}, so a later run will not find it by what this task says. {LEFT_ACTIVE}"
            )
        return [surprise for surprise in surprises if surprise]


@contextmanager
def _after(first: Exception) -> Iterator[None]:
    """Have an OrphanError tell what came before it as well."""
    try:
        yield
    except OrphanError as error:
        raise OrphanError(f"{first} {error}", error.failure) from None


def _key_id(stored: StoredToken | None) -> str | None:
    """The key that a stored token says it is of."""
    return stored.claims.key_id if stored and stored.claims else None


def _was_visible(claims: Claims, tenant: Tenant) -> bool:
    """Whether the requester would be shown the token's key if it still existed; others than admins see their own only."""
    if not claims.is_plain_jwt:
        # No key's: the tenant has no record of a token that signs a user in, and yet accepts it.
        return False
    requester = tenant.requester
    if claims.tenant_id is None or claims.tenant_id != requester.tenant_id:
        return False
    return requester.is_admin or claims.sub == requester.id
