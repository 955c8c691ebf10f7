# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of a token file, opened once for all changes in it."""

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

    No method follows a link, nor blocks on a pipe or device at a name. Each method and the constructor raise OSError, and
    ValueError for what is no path.
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
        """Device and inode: equal for the same folder under any path."""
        status = os.fstat(self._descriptor)
        return status.st_dev, status.st_ino

    def status(self, name: str) -> os.stat_result | None:
        """The status of what is at the name, None for nothing; a link is not followed."""
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
        """A descriptor of a new file of mode 0600; what a killed run left at the name is removed first, and a link is refused."""
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

        A file with a second name is refused, since it may be somebody else's.
        """
        flags = os.O_CREAT | os.O_NOFOLLOW
        try:
            descriptor = open_regular_file(name, os.O_RDWR | flags, dir_fd=self._descriptor)
        except PermissionError:
            # A run may have been killed before it mended a mode that its umask had narrowed.
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
        """Give the file a second name. Raises FileExistsError if something has it."""
        os.link(source, target, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor, follow_symlinks=False)

    def remove(self, name: str) -> None:
        os.unlink(name, dir_fd=self._descriptor)

    def sync(self) -> None:
        """Write a rename or removal to the disk. Some network file systems cannot; the change itself stands all the same."""
        with suppress(OSError):
            os.fsync(self._descriptor)


def _open_folder(path: str) -> int:
    flags = os.O_DIRECTORY | os.O_CLOEXEC
    try:
        return os.open(path, os.O_RDONLY | flags)
    except PermissionError:
        # A folder that may not be listed can be opened by O_PATH, where the system has it; it cannot be synced then.
        if not hasattr(os, "O_PATH"):
            raise
        return os.open(path, os.O_PATH | flags)


def _make_private(descriptor: int) -> None:
    """Set mode 0600, which a umask may have narrowed."""
    if os.fstat(descriptor).st_mode & 0o7777 != PRIVATE:
        os.fchmod(descriptor, PRIVATE)
