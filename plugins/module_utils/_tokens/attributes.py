# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and sets the owner, group, mode and extended attributes of a token file.

The extended ones are where Linux keeps the label of SELinux (``security.selinux``) and access control lists
(``system.posix_acl_access``), see xattr(7) and acl(5).
"""

from __future__ import annotations

import errno
import grp
import os
import pwd
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

# The system computes these from the content, so they are not copied to another content.
CONTENT_DIGESTS = {"security.ima", "security.evm"}
# Every file has labels of its own, which cannot be removed.
LABEL_PREFIX = "security."
ATTRIBUTE_NAMES = ("owner", "group", "mode")


@dataclass(frozen=True)
class FileAttributes:
    """``owner`` and ``group`` are numeric ids, ``extended`` the extended attributes by their names."""

    owner: int
    group: int
    mode: int
    extended: Mapping[str, bytes]

    def as_texts(self, names: Iterable[str]) -> dict[str, str]:
        """The attributes of these names, among ``ATTRIBUTE_NAMES``, as people read them."""
        texts = {
            "owner": get_owner_name(self.owner),
            "group": get_group_name(self.group),
            "mode": f"{self.mode:04o}",
        }
        return {name: texts[name] for name in names}


@dataclass(frozen=True)
class WantedAttributes:
    """The attributes that the options ask for; None for what shall stay as it is. ``mode`` computes the new mode from the present one."""

    owner: int | None = None
    group: int | None = None
    mode: Callable[[int], int] | None = None

    def apply_to(self, attributes: FileAttributes) -> FileAttributes:
        return FileAttributes(
            owner=attributes.owner if self.owner is None else self.owner,
            group=attributes.group if self.group is None else self.group,
            mode=attributes.mode if self.mode is None else self.mode(attributes.mode),
            extended=attributes.extended,
        )


class SetAttributeError(Exception):
    """``attribute``: owner, group, mode or an extended attribute's name. The text names it and says why it cannot be set."""

    def __init__(self, attribute: str, value: str, error: OSError):
        super().__init__(f"{attribute}{value}: {error.strerror}")
        self.attribute = attribute


def read_attributes(descriptor: int) -> FileAttributes:
    """Raises OSError."""
    status = os.fstat(descriptor)
    return FileAttributes(status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode), _read_extended(descriptor))


def set_attributes(descriptor: int, wanted: FileAttributes) -> None:
    """Give the open file the attributes that it does not have yet. Raises SetAttributeError, and OSError."""
    present = read_attributes(descriptor)
    if present.owner != wanted.owner:
        _set("owner", f" {get_owner_name(wanted.owner)}", os.fchown, descriptor, wanted.owner, -1)
    if present.group != wanted.group:
        _set("group", f" {get_group_name(wanted.group)}", os.fchown, descriptor, -1, wanted.group)
    for name, value in wanted.extended.items():
        if present.extended.get(name) != value:
            _set(name, "", os.setxattr, descriptor, name, value)
    for name in present.extended:
        # The folder may have given the new file an access control list.
        if name not in wanted.extended and not name.startswith(LABEL_PREFIX):
            _set(name, "", os.removexattr, descriptor, name)
    # Comes last, since another owner or list may have changed the mode.
    if stat.S_IMODE(os.fstat(descriptor).st_mode) != wanted.mode:
        _set("mode", f" {wanted.mode:04o}", os.fchmod, descriptor, wanted.mode)


def get_owner_name(owner: int) -> str:
    """The name of the user, or the id where it has none."""
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return str(owner)


def get_group_name(group: int) -> str:
    try:
        return grp.getgrgid(group).gr_name
    except KeyError:
        return str(group)


def _set(attribute: str, value: str, operation: Callable[..., None], *arguments: object) -> None:
    try:
        operation(*arguments)
    except OSError as error:
        raise SetAttributeError(attribute, value, error) from None


def _read_extended(descriptor: int) -> dict[str, bytes]:
    if not hasattr(os, "listxattr"):
        return {}
    found = {}
    with _ignore_missing_support():
        for name in os.listxattr(descriptor):
            with _ignore_missing_support():
                found[name] = os.getxattr(descriptor, name)
    return {name: value for name, value in found.items() if name not in CONTENT_DIGESTS}


@contextmanager
def _ignore_missing_support() -> Iterator[None]:
    """A file system may support none, and an attribute may be gone since it was listed."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.ENOSYS, errno.ENODATA):
            raise
