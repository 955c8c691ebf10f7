# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning one API key. Pure: records, the stored token's key id and the time come in, a plan goes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import LostTokenError, TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import add_duration, moment
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey, newest_first
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import same_sub

# Between a key's creation and the expiry the tenant computes for it may lie this much without anybody having meant it.
EXPIRY_TOLERANCE = 60.0


@dataclass(frozen=True)
class WantedKey:
    """A key as the user describes it: by ``id``, or by ``sub``, ``sub_type`` and ``description`` together.

    ``expiry`` is an ISO 8601 duration, for a key that has to be made.
    """

    description: str | None
    id: str | None = None
    sub: str | None = None
    sub_type: str = "user"
    expiry: str | None = None

    def matches(self, key: ApiKey) -> bool:
        if self.id is not None:
            return key.id == self.id
        return (
            key.description == self.description and key.sub_type == self.sub_type and same_sub(key.sub, self.sub or "")
        )

    def __str__(self) -> str:
        if self.id is not None:
            return f"API key {self.id}"
        return f"API key {self.description!r} ({self.sub_type} {self.sub})"


@dataclass(frozen=True)
class TokenOnFile:
    """What the token file says: where it is, whether it holds anything, and which key of which tenant that belongs to.

    ``open_mode`` is the file's mode if others than its owner may read it. ``is_of_gone_key`` tells that the key was one
    of this tenant, which has no record of it any more.
    """

    path: str
    is_empty: bool
    key_id: str | None
    tenant_id: str | None = None
    open_mode: str | None = None
    is_of_gone_key: bool = False


@dataclass(frozen=True)
class KeyPlan(Plan):
    """``counted`` is the existing key that fulfils what was asked for; ``drops_token`` says to remove the token file."""

    counted: ApiKey | None = None
    drops_token: bool = False


def active_matches(wanted: WantedKey, keys: Sequence[ApiKey], now: datetime) -> list[ApiKey]:
    """The keys that are meant and can be used, newest first. Revoked and expired keys never match."""
    return newest_first(key for key in keys if wanted.matches(key) and key.is_active(now))


def plan_present(wanted: WantedKey, keys: Sequence[ApiKey], token: TokenOnFile | None, now: datetime) -> KeyPlan:
    """What to do so that the key exists, and, when its token is tracked on file, that the token is its own.

    Raises LostTokenError when the token on file is not that of an active match, TenantStateError when a key named by
    its id does not exist or has ended.
    """
    active = active_matches(wanted, keys, now)
    if wanted.id is not None and not active:
        raise TenantStateError(_no_such_key(wanted.id, keys))
    if token is not None:
        active = _held(wanted, active, token)
    return _plan_kept(wanted, active[0], token) if active else _plan_created(wanted)


def plan_absent(wanted: WantedKey, keys: Sequence[ApiKey], token: TokenOnFile | None, now: datetime) -> KeyPlan:
    """What to do so that no active match is left, nor a token on file that belonged to one.

    The token file is removed only when its token is known to be that of a key which has ended: retired here, listed in
    ``keys`` as revoked or expired, or gone from the tenant.
    """
    retired = active_matches(wanted, keys, now)
    ended = {key.id for key in [*retired, *keys] if key in retired or not key.is_active(now)}
    drops_token = token is not None and (token.key_id in ended or token.is_of_gone_key)
    warnings = ()
    if token is not None and not token.is_empty and not drops_token:
        warnings = (f"token_file {token.path} was left alone: what it holds is not the token of a key that has ended.",)
    return KeyPlan(
        before=_picture(retired, token.path if drops_token else None),
        after=_picture([], None),
        actions=tuple(Action("retire", key.id, key.description, "state is absent") for key in retired),
        warnings=warnings,
        drops_token=drops_token,
    )


def expiry_warning(key: ApiKey, expiry: str | None) -> str | None:
    """In words, that the key does not live as long from its creation as ``expiry`` says; None when it does."""
    created, expires = moment(key.created), moment(key.expiry)
    if expiry is None or created is None or expires is None:
        return None
    meant = add_duration(created, expiry)
    if meant is not None and abs((expires - meant).total_seconds()) <= EXPIRY_TOLERANCE:
        return None
    return (
        f"expiry: API key {key.id} expires at {key.expiry}, which is not {expiry} after its creation at {key.created}. "
        "The expiry of a key is fixed when it is made and cannot be changed."
    )


def _held(wanted: WantedKey, active: list[ApiKey], token: TokenOnFile) -> list[ApiKey]:
    """The active match that the token on file belongs to; an empty list when there is neither a token nor a key."""
    if token.is_empty:
        if not active:
            return []
        raise LostTokenError(
            f"{wanted} is active (id {active[0].id}), but token_file {token.path} holds no token, and Qlik Cloud never "
            "shows a token again. Put the token there if somebody has it; otherwise retire the key with state: absent "
            "and run this again, which makes a new one."
        )
    if token.key_id is None:
        raise LostTokenError(
            f"token_file {token.path} holds something that is not the token of an API key. It was left as it is; "
            "give another path, or remove the file."
        )
    held = [key for key in active if key.id == token.key_id]
    if held:
        return held
    if active:
        raise LostTokenError(
            f"{wanted} is active (id {active[0].id}), but token_file {token.path} holds the token of key "
            f"{token.key_id}, which is not an active match. Put the right token there if somebody has it; otherwise "
            "retire the key with state: absent, remove the file, and run this again, which makes a new one."
        )
    raise LostTokenError(
        f"token_file {token.path} holds the token of key {token.key_id}, which is not an active {wanted}. If that is "
        "another key, give another token_file; if it has ended, remove the file and run this again, which makes a new key."
    )


def _plan_kept(wanted: WantedKey, key: ApiKey, token: TokenOnFile | None) -> KeyPlan:
    warnings = tuple(filter(None, (expiry_warning(key, wanted.expiry), _open_file_warning(token))))
    if wanted.description is None or wanted.description == key.description:
        same = _picture([key], None)
        return KeyPlan(before=same, after=same, warnings=warnings, counted=key)
    return KeyPlan(
        before=_picture([key], None),
        after=_picture([replace(key, description=wanted.description)], None),
        actions=(Action("update", key.id, wanted.description, f"description was {key.description!r}"),),
        warnings=warnings,
        counted=key,
    )


def _open_file_warning(token: TokenOnFile | None) -> str | None:
    if token is None or token.open_mode is None:
        return None
    return (
        f"token_file {token.path} has mode {token.open_mode}, so others than its owner may read the token; "
        "a token file should be 0600."
    )


def _plan_created(wanted: WantedKey) -> KeyPlan:
    expiry = f"{wanted.expiry} from its creation" if wanted.expiry else "as the tenant's configuration says"
    return KeyPlan(
        before=_picture([], None),
        after=_picture([replace(to_be_made(wanted), expiry=expiry)], None),
        actions=(Action("create", None, wanted.description, f"no active {wanted}"),),
    )


def to_be_made(wanted: WantedKey) -> ApiKey:
    """The record of a key that does not exist yet, as far as it is known."""
    return ApiKey(
        id=None,
        description=wanted.description,
        status="active",
        sub=wanted.sub,
        sub_type=wanted.sub_type,
        expiry=None,
        created=None,
        last_updated=None,
        created_by_user=None,
        tenant_id=None,
    )


def _no_such_key(key_id: str, keys: Sequence[ApiKey]) -> str:
    for key in keys:
        if key.id == key_id:
            state = "revoked" if key.status == "revoked" else "expired"
            return f"id: API key {key_id} ({key.description!r}) is {state}; an ended key cannot be brought back."
    return f"id: there is no API key {key_id} that this user may see. A key is made by its description, not by an id."


def _picture(keys: Sequence[ApiKey], token_file: str | None) -> dict:
    shown = ("id", "description", "status", "sub", "sub_type", "expiry")
    picture: dict = {"api_keys": [{name: getattr(key, name) for name in shown} for key in keys]}
    if token_file is not None:
        picture["token_file"] = token_file
    return picture
