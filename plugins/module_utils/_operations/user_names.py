# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds users as options name them: by id, e-mail address or subject. A name that no user has is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    OptionError,
    UnknownUserError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.owners import Owner
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import parse_idp_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

# In Qlik's reference ids of users are letters and digits, with - and _; e-mail addresses and most subjects (auth0|…, qlikbot\…,
# DOMAIN\…) are not. What is taken for an id and turns out to be nobody's is looked up all the same.
ID_PATTERN = re.compile(r"[\w-]{1,255}", re.ASCII)

Found = TypeVar("Found")


class UserNames:
    """``names``: all that will be asked for, so that they are looked up together; None among them counts as no name."""

    def __init__(self, tenant: Tenant, names: Iterable[str | None] = ()):
        self._tenant = tenant
        self._found: dict[str, list[Owner]] = {}
        self._look_up([name for name in names if name is not None and not _looks_like_id(name)])

    def find_id(self, option: str, name: str) -> str:
        """The id of the user that is called so; a SCIM subject as it is, and so what has the usual form of an id.

        Raises OptionError when no user is called so, or more than one.
        """
        if _looks_like_id(name):
            return name
        self._look_up([name])
        return self._choose_user(option, name)

    def find_past_id(self, option: str, name: str) -> str:
        """As ``find_id``, where a user who was deleted counts as well, whom the tenant does not know any more but by id."""
        if parse_idp_id(name) is not None:
            return name
        self._look_up([name])
        return name if not self._found[name] and _looks_like_id(name) else self._choose_user(option, name)

    def resolve_and_read(
        self, given: Mapping[str, str], read: Callable[[Mapping[str, str]], Found]
    ) -> tuple[Mapping[str, str], Found]:
        """The ids of users, and what ``read`` finds for them. ``given``: their names, by the options that name them.

        Where nothing is found, each user is looked up that was taken for an id by its form: it may be a subject, or no user's at
        all. Raises OptionError as ``find_id``.
        """
        ids = {option: self.find_id(option, name) for option, name in given.items()}
        found = read(ids)
        guessed = {option: name for option, name in given.items() if ids[option] == name and parse_idp_id(name) is None}
        if found or not guessed:
            return ids, found
        self._look_up(list(guessed.values()))
        known = {**ids, **{option: self._choose_user(option, name) for option, name in guessed.items()}}
        return (ids, found) if known == ids else (known, read(known))

    def check(self, option: str, name: str) -> None:
        """Raise OptionError unless what was taken for an id is the id of a user, as far as users can be looked up."""
        self._look_up([name])
        user_id = self._choose_user(option, name)
        if user_id != name:
            raise OptionError(option, f"{name!r} is the subject of user {user_id}; give that id.")

    def _look_up(self, names: Sequence[str]) -> None:
        new = [name for name in names if name not in self._found]
        if not new:
            return
        try:
            self._found.update(self._tenant.owners.find_by_names(new))
        except ForbiddenError:
            # Who may not look users up can still name them by id, and sees no keys but their own.
            if not all(map(_looks_like_id, new)):
                raise
            self._found.update({name: [_build_unseen_owner(name)] for name in new})

    def _choose_user(self, option: str, name: str) -> str:
        """The id of the only user that was found by the name; a user with that id comes before others. Raises OptionError."""
        found = self._found[name]
        found = [owner for owner in found if owner.id == name] or found
        if not found:
            raise UnknownUserError(option, f"no user of the tenant has {name!r} for an id, e-mail address or subject.")
        if len(found) > 1:
            users = ", ".join(str(owner) for owner in found)
            raise OptionError(option, f"{name!r} is more than one user: {users}. Give the id of the one that is meant.")
        return found[0].id


def check_sees_keys_of(tenant: Tenant, users: Mapping[str, str | None]) -> None:
    """Raise OptionError unless that no key was found means that there is none: who is no TenantAdmin sees their own keys only.

    ``users``: the ids by the options that named them, None for somebody whom the tenant does not know; subjects of SCIM keys,
    which are no users, are passed over.
    """
    for option, user_id in users.items():
        is_user = user_id is None or parse_idp_id(user_id) is None
        if is_user and not tenant.requester.is_admin and tenant.requester.id != user_id:
            raise OptionError(
                option,
                "the user who signs in is no TenantAdmin and sees their own keys only, so whether this user has keys is not "
                "known. Sign in as a TenantAdmin or with an OAuth client.",
            )


def _looks_like_id(name: str) -> bool:
    return ID_PATTERN.fullmatch(name) is not None or parse_idp_id(name) is not None


def _build_unseen_owner(user_id: str) -> Owner:
    return Owner(user_id, None, None, None, None, None, None, None)
