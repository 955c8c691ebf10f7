# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making one key, whatever becomes of the request: at the end there is one whose token the run has, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    OrphanedKeyError,
    QlikCloudError,
    RequestError,
    TenantStateError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.require import require
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import is_made_by
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.lost_token import describe_surplus_keys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import PATH, ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import API
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

TOKEN_LOST = "the request that made it got no usable answer, so nobody has its token"


class KeyCreation:
    """Creates ``wanted``, for the requester unless ``sub`` is given.

    ``existing``: ids of the active matches, and of keys that the run has just retired, which lists may show for a moment.

    The tenant takes no idempotency key: a request whose answer was lost may have made a key, or not. Before it is sent again,
    the keys are listed, and one that it made is retired. ``earlier_requests``: how many requests of other runs may still be
    carried out as well. ``note_requests`` writes the number of all such requests into the marker beside the token file, by
    which the next run finds out what became of them; None where there is no marker.
    """

    def __init__(
        self,
        tenant: Tenant,
        wanted: WantedKey,
        sub: str | None,
        existing: Iterable[str],
        log: ActionLog,
        *,
        earlier_requests: int = 0,
        note_requests: Callable[[int], object] | None = None,
    ):
        self._tenant = tenant
        self._wanted = wanted
        self._sub = sub
        self.existing = set(existing)
        """The ids given, and those of keys that were retired since."""
        self._log = log
        self._note_requests = note_requests
        self._earlier_requests = earlier_requests
        self._unanswered = 0
        self.is_in_doubt = False
        """Whether a request without an answer may still be carried out: no key that it made was found yet."""

    def create(self) -> tuple[ApiKey, str]:
        """Create the key, if need be by a second request; return its record and its token.

        Raises RequestError or TenantStateError when there is no key; OrphanedKeyError when there may be one whose token nobody
        has.
        """
        try:
            return self._create_once()
        except RequestError as error:
            if not error.may_have_been_done:
                raise
            has_retired = self._retire_unheld(error)
        if (self.is_in_doubt or has_retired) and self._note_requests:
            self._note_requests(self._earlier_requests + self._unanswered + 1)
        try:
            return self._create_once()
        except RequestError as error:
            if error.may_have_been_done and self._retire_unheld(error):
                raise error.add_advice(
                    "A look at the keys shows that it was carried out; the key that it made was retired again."
                ) from None
            if self.is_in_doubt:
                raise error.add_advice(
                    "A request for this key that got no usable answer may still be carried out, or have been. "
                    f"{self._advice}"
                ) from None
            raise

    def retire_late_ones(self, made: ApiKey) -> None:
        """If a request may still be carried out, list the keys once more and retire what it made; warn if the doubt remains.

        Called when the token of ``made`` is stored, which matters more. Raises OrphanedKeyError.
        """
        if not self.is_in_doubt:
            return
        self.existing.add(require(made.id, "id"))
        try:
            late = self._find_new()
        except QlikCloudError as error:
            raise OrphanedKeyError(
                f"API key {made.id} was made and its token is at hand, but whether an earlier request made one as well could "
                f"not be looked up. {self._advice} {error}",
                error.failure,
            ) from None
        for orphan in late:
            self.retire(orphan, TOKEN_LOST)
        self.is_in_doubt = not late
        if self.is_in_doubt:
            self._log.warnings.append(
                f"Before API key {made.id} was made, a request for it got no usable answer, and no key that it made is "
                f"to be seen. It may still be carried out. {self._advice}"
            )

    def retire(self, orphan: ApiKey, reason: str) -> str:
        """Retire a key whose token nobody has; return a sentence that says so. Raises OrphanedKeyError when that fails."""
        orphan_id = require(orphan.id, "id")
        try:
            outcome = self._tenant.api_keys.retire(orphan_id)
        except QlikCloudError as error:
            what_next = "the next run retires it" if self._note_requests else "retire it, with state: absent and its id"
            raise OrphanedKeyError(
                f"API key {orphan.id} is active and nobody holds its token: {what_next}. Retiring it at once failed: {error}",
                error.failure,
            ) from None
        self.existing.add(orphan_id)
        self._log.add(Action("retire", orphan.id, orphan.description, reason, outcome))
        return f"The API key just made, {orphan.id}, was retired again ({outcome}), so no key without a token is left."

    def _create_once(self) -> tuple[ApiKey, str]:
        made, token = self._tenant.api_keys.create(
            require(self._wanted.description, "description"), self._sub, self._wanted.sub_type, self._wanted.expiry
        )
        is_another = made.id in self.existing or (token is None and not self._wanted.matches(made))
        if is_another:
            # A gateway may have answered from its cache of another call, whose key may be in use.
            raise UnusableAnswerError(
                f"POST {API}{PATH} was answered with API key {made.id}, which is not the one that was asked for. Whether the "
                "tenant carried it out is not known.",
                "POST",
                API + PATH,
                201,
            )
        if token is None:
            left = self.retire(made, "it was made without a token")
            raise TenantStateError(f"The tenant made API key {made.id}, but its answer holds no token. {left}")
        return made, token

    def _retire_unheld(self, error: RequestError) -> bool:
        """Retire the keys that requests without a usable answer have made; return whether there were any.

        Raises OrphanedKeyError.
        """
        self._unanswered += 1
        found = self._look_for_new(error)
        if len(found) > self._unanswered + self._earlier_requests:
            raise OrphanedKeyError(f"{error} {describe_surplus_keys(self._wanted, found)}", error.failure)
        self.is_in_doubt = len(found) < self._unanswered
        for orphan in found:
            self.retire(orphan, TOKEN_LOST)
        self._unanswered = max(0, self._unanswered - len(found))
        return bool(found)

    def _look_for_new(self, error: RequestError) -> list[ApiKey]:
        try:
            return self._find_new()
        except QlikCloudError:
            raise OrphanedKeyError(
                f"{error} The keys could not be listed after that either, so whether one was made is not known. "
                f"{self._advice}",
                error.failure,
            ) from None

    @property
    def _advice(self) -> str:
        if self._note_requests:
            return "What it was about stays noted beside the token file, and the next run looks again."
        return (
            f"Look whether there is a new {self._wanted}, and retire it by its id: without token_file no later run can tell "
            "that nobody has its token."
        )

    def _find_new(self) -> list[ApiKey]:
        """The active matches that were not there before and that this user made."""
        listed = self._tenant.api_keys.list(
            is_needed=self._wanted.may_match, status="active", sub=self._wanted.listing_sub
        )
        active = self._wanted.find_active(listed, self._tenant.now())
        requester_id = self._tenant.requester.id
        return [key for key in active if key.id not in self.existing and is_made_by(key, requester_id)]


@contextmanager
def prepend_error(first: Exception) -> Iterator[None]:
    """Put the error that came first before the message of an OrphanedKeyError."""
    try:
        yield
    except OrphanedKeyError as error:
        raise OrphanedKeyError(f"{first} {error}", error.failure) from None
