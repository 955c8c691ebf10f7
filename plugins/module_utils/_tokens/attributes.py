# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a token file is and who may read it: owner, group, mode and extended attributes.

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
from dataclasses import dataclass, replace

# Digests that the system makes of the content, so another content has others.
OF_THE_CONTENT = {"security.ima", "security.evm"}
# Labels belong to every file; one that the other file does not show cannot be taken away.
LABELS = "security."
ATTRIBUTE_NAMES = ("owner", "group", "mode")


@dataclass(frozen=True)
class FileAttributes:
    """``owner`` and ``group`` are ids."""

    owner: int
    group: int
    mode: int
    extended: Mapping[str, bytes]

    def told(self, names: Iterable[str]) -> dict[str, str]:
        """Some of them for people; ``names`` are among ``ATTRIBUTE_NAMES``."""
        all_told = {
            "owner": get_owner_name(self.owner),
            "group": get_group_name(self.group),
            "mode": f"{self.mode:04o}",
        }
        return {name: all_told[name] for name in names}


@dataclass(frozen=True)
class WantedAttributes:
    """What is asked for; None is for what shall stay as it is. ``mode`` makes the new mode of the present one."""

    owner: int | None = None
    group: int | None = None
    mode: Callable[[int], int] | None = None

    def apply_to(self, attributes: FileAttributes) -> FileAttributes:
        return replace(
            attributes,
            owner=attributes.owner if self.owner is None else self.owner,
            group=attributes.group if self.group is None else self.group,
            mode=attributes.mode if self.mode is None else self.mode(attributes.mode),
        )


class SetAttributeError(Exception):
    """``what`` is owner, group, mode or an extended attribute's name; the text says which and why it cannot be given."""

    def __init__(self, what: str, value: str, error: OSError):
        super().__init__(f"{what}{value}: {error.strerror}")
        self.what = what


def read_attributes(descriptor: int) -> FileAttributes:
    """Raises OSError."""
    status = os.fstat(descriptor)
    return FileAttributes(status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode), _extended_of(descriptor))


def set_attributes(descriptor: int, wanted: FileAttributes) -> None:
    """Make the open file have them; what it has already is left alone. Raises SetAttributeError, and OSError."""
    now = read_attributes(descriptor)
    if now.owner != wanted.owner:
        _give("owner", f" {get_owner_name(wanted.owner)}", os.fchown, descriptor, wanted.owner, -1)
    if now.group != wanted.group:
        _give("group", f" {get_group_name(wanted.group)}", os.fchown, descriptor, -1, wanted.group)
    for name, value in wanted.extended.items():
        if now.extended.get(name) != value:
            _give(name, "", os.setxattr, descriptor, name, value)
    for name in now.extended:
        # Such as a list that the folder hands down.
        if name not in wanted.extended and not name.startswith(LABELS):
            _give(name, "", os.removexattr, descriptor, name)
    # At the end: another owner or list may have changed the mode.
    if stat.S_IMODE(os.fstat(descriptor).st_mode) != wanted.mode:
        _give("mode", f" {wanted.mode:04o}", os.fchmod, descriptor, wanted.mode)


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


def _give(what: str, value: str, operation: Callable[..., None], *arguments: object) -> None:
    try:
        operation(*arguments)
    except OSError as error:
        raise SetAttributeError(what, value, error) from None


def _extended_of(descriptor: int) -> dict[str, bytes]:
    if not hasattr(os, "listxattr"):
        return {}
    found = {}
    with _where_supported():
        for name in os.listxattr(descriptor):
            with _where_supported():
                found[name] = os.getxattr(descriptor, name)
    return {name: value for name, value in found.items() if name not in OF_THE_CONTENT}


@contextmanager
def _where_supported() -> Iterator[None]:
    """A file system may have none, or not the one that was there a moment ago."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.ENOSYS, errno.ENODATA):
            raise
