# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of a token file, opened once for all that is done in it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._regular_file import open_regular_file

PRIVATE = 0o600


class Folder:
    """``with Folder(path) as folder:`` reaches files by their names in it, whatever becomes of the path meanwhile.

    No operation follows a link or waits for what is at a name. Each, and opening the folder, raises OSError, and ValueError
    for what is no path.
    """

    def __init__(self, path: str):
        self._descriptor = _open_folder(path)

    def __enter__(self) -> Folder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        os.close(self._descriptor)

    @property
    def identity(self) -> tuple[int, int]:
        """The same as long as it is the same folder, under whatever path."""
        status = os.fstat(self._descriptor)
        return status.st_dev, status.st_ino

    def status(self, name: str) -> os.stat_result | None:
        """What is at the name, None for nothing."""
        try:
            return os.lstat(name, dir_fd=self._descriptor)
        except FileNotFoundError:
            return None

    @contextmanager
    def open_for_reading(self, name: str) -> Iterator[int]:
        """A descriptor to read the regular file by."""
        descriptor = open_regular_file(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=self._descriptor)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def create(self, name: str) -> int:
        """A descriptor of a new file: 0600 from its first byte, and never through a link that somebody planted there.

        What a killed run left at the name is removed first.
        """
        with suppress(FileNotFoundError):
            self.remove(name)
        descriptor = open_regular_file(
            name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, dir_fd=self._descriptor
        )
        try:
            _make_private(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    def open_or_create(self, name: str) -> int:
        """A descriptor of the regular file at the name, of a new one if there is none.

        Not of one that has another name as well: what is done to it would be done to somebody's file.
        """
        flags = os.O_CREAT | os.O_NOFOLLOW
        try:
            descriptor = open_regular_file(name, os.O_RDWR | flags, dir_fd=self._descriptor)
        except PermissionError:
            # A umask may have made it so, and its maker been killed before it could mend that.
            descriptor = open_regular_file(name, os.O_RDONLY | flags, dir_fd=self._descriptor)
        if os.fstat(descriptor).st_nlink > 1:
            os.close(descriptor)
            raise OSError(errno.EMLINK, f"{name} beside it is a hard link to another file")
        with suppress(OSError):
            _make_private(descriptor)
        return descriptor

    def is_at(self, descriptor: int, name: str) -> bool:
        """Whether the open file is still the one at the name."""
        status = self.status(name)
        return status is not None and os.path.samestat(os.fstat(descriptor), status)

    def replace(self, source: str, target: str) -> None:
        os.replace(source, target, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def link(self, source: str, target: str) -> None:
        """Give the file a second name; fails if there is something at it."""
        os.link(source, target, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor, follow_symlinks=False)

    def remove(self, name: str) -> None:
        os.unlink(name, dir_fd=self._descriptor)

    def sync(self) -> None:
        """Make a rename or removal last.

        Some network file systems cannot do that; the rename itself has been done by then, and stands.
        """
        with suppress(OSError):
            os.fsync(self._descriptor)


def _open_folder(path: str) -> int:
    flags = os.O_DIRECTORY | os.O_CLOEXEC
    try:
        return os.open(path, os.O_RDONLY | flags)
    except PermissionError:
        # One whose names may not be listed serves as well, where the system can open it so; only it cannot be synced.
        if not hasattr(os, "O_PATH"):
            raise
        return os.open(path, os.O_PATH | flags)


def _make_private(descriptor: int) -> None:
    """Whatever the umask has made of the mode."""
    if os.fstat(descriptor).st_mode & 0o7777 != PRIVATE:
        os.fchmod(descriptor, PRIVATE)
