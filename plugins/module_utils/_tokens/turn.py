# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run's turn at a token file: the lock, and every write to the file and beside it."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from types import TracebackType

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted import Interrupted
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.durable import (
    create_private,
    sync_folder,
    write_all,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.marker import write_marker
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import (
    OPTION,
    StoredToken,
    TokenFile,
)

# Written to prove that the disk has room for a token, before the key is made.
ROOM = b"\0" * 4096
# Seconds; longer than a run waits for rate limits, unless it was told to wait longer than usual.
LONGEST_WAIT = 1800.0
GLANCE = 0.1


class Turn:
    """``with Turn(file) as turn:`` waits for its turn, and ends it. Raises TokenFileError when the turn never comes.

    What a killed run left beside the file stays until ``settle``; a lock ends with the process that held it.
    """

    def __init__(self, file: TokenFile):
        self._file = file
        self._lock: int | None = None
        self._new: int | None = None

    def __enter__(self) -> Turn:
        deadline = time.monotonic() + LONGEST_WAIT
        while not self._try_lock():
            if time.monotonic() > deadline:
                raise TokenFileError(
                    f"{OPTION}: another run has been working on {self._file.path} for {LONGEST_WAIT:.0f} s; "
                    "run again when it has finished."
                )
            time.sleep(GLANCE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._discard()
        # Removed while it is held: whoever waits for it then finds that it is not the file at the path any more.
        with suppress(OSError):
            os.unlink(self._file.lock_path)
        os.close(self._lock)

    def prepare(self, noted: Interrupted) -> None:
        """Leave the marker, and prove that a token can be stored: make the new file, with room on the disk for a token.

        Raises OptionError. Nothing is left then but the marker of an earlier run, whose orphan is still to be retired.
        """
        was_marked = os.path.lexists(self._file.marker_path)
        try:
            write_marker(self._file, noted)
            self._new = create_private(self._file.new_path)
            write_all(self._new, ROOM)
        except OSError as error:
            if not was_marked:
                self.settle()
            raise OptionError(OPTION, f"no token can be stored at {self._file.path}: {error.strerror}.") from None

    def store(self, token: str, replaced: StoredToken | None) -> None:
        """Put the token in place, atomically and on the disk; ``replaced`` is what is there now.

        Raises TokenFileError; what was at the path before is then still there.
        """
        try:
            write_all(self._new, f"{token}\n".encode())
            self._put_in_place(token, replaced)
        except OSError as error:
            raise TokenFileError(
                f"{OPTION}: the token could not be written to {self._file.path}: {error.strerror}."
            ) from None
        sync_folder(self._file.folder)

    def verify(self, token: str) -> None:
        """Raise TokenFileError unless the stored token can be read back."""
        stored = self._file.read()
        if stored is None or stored.text != token:
            raise TokenFileError(f"{OPTION}: {self._file.path} does not hold the token that was put there.")

    def remove(self) -> None:
        """Remove the token file. Raises TokenFileError."""
        try:
            os.unlink(self._file.path)
            sync_folder(self._file.folder)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise TokenFileError(f"{OPTION}: {self._file.path} could not be removed: {error.strerror}.") from None

    def settle(self) -> None:
        """Nothing is open any more: take away the marker and the new file.

        A marker that cannot be removed, or comes back after a power cut, does no harm: it names keys of the past, and the
        next run settles it.
        """
        self._discard()
        with suppress(OSError):
            os.unlink(self._file.marker_path)

    def _put_in_place(self, token: str, replaced: StoredToken | None) -> None:
        """Never over a token that was not expected: nobody could get it again."""
        if replaced is None:
            with suppress(OSError):
                # Fails when there is a file, and cannot be overtaken; the other name is taken away with the new file.
                os.link(self._file.new_path, self._file.path)
                return
        # There is a file, or the file system knows no hard links; or it said so of one that it made.
        stored = self._file.read()
        if stored is not None and stored.text == token:
            return
        if stored != replaced:
            raise TokenFileError(
                f"{OPTION}: {self._file.path} holds a token that was not there before; what else writes to this file?"
            )
        os.replace(self._file.new_path, self._file.path)

    def _discard(self) -> None:
        """A disk that fails here has failed the writing before as well, and that failure is the one to be told."""
        with suppress(OSError):
            os.unlink(self._file.new_path)
        if self._new is not None:
            with suppress(OSError):
                os.close(self._new)
            self._new = None

    def _try_lock(self) -> bool:
        try:
            lock = os.open(self._file.lock_path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise OptionError(OPTION, f"{self._file.path} cannot be worked on: {error.strerror}.") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(lock, self._file.lock_path):
                self._lock = lock
                return True
        except BlockingIOError:
            pass
        except OSError as error:
            os.close(lock)
            raise TokenFileError(f"{OPTION}: {self._file.path} cannot be locked: {error.strerror}.") from None
        os.close(lock)
        return False


def _is_at(descriptor: int, path: str) -> bool:
    """Whether the open file is still the one at the path; its last holder may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except FileNotFoundError:
        return False
