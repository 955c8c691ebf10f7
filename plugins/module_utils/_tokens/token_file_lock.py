# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run's turn at a token file: the lock, and every change of the file and of what lies beside it."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._json_web_token import MAX_TOKEN_CHARACTERS
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import InterruptedRun
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._regular_file import read_at_most
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.attributes import (
    ATTRIBUTE_NAMES,
    SetAttributeError,
    FileAttributes,
    read_attributes,
    set_attributes,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.durable import write_all
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.folder import Folder
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.marker import write_marker
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import (
    OPTION,
    StoredToken,
    TokenFile,
)

# Written to prove that the disk has room for a token, before the key is made.
ROOM = b"\0" * 4096
# Seconds; longer than a run waits for rate limits, unless it was told to wait longer than usual.
MAX_WAIT_SECONDS = 1800.0
POLL_SECONDS = 0.1

IN_GENERAL = "Give a path in a folder that this user may change."
NOT_REPLACEABLE = {
    errno.EBUSY: "It is mounted by itself, so nothing can take its place: mount its folder instead.",
    errno.EXDEV: "It lies on another file system than its folder, so nothing can take its place: mount its folder instead.",
    errno.EPERM: "Give a path in a folder where this user may change the files of others as well (in a sticky one nobody "
    "may), and see that the file is not immutable.",
}
"""What to do about a file that cannot be taken away from its place."""


class TokenFileLock:
    """``with TokenFileLock(file) as turn:`` waits for its turn, and ends it. Raises TokenFileError when the turn never comes.

    ``progress`` tells of the wait.

    What a killed run left beside the file stays until ``remove_leftovers``; a lock ends with the process that held it.
    """

    def __init__(self, file: TokenFile, progress: Progress | None = None):
        self._file = file
        self._progress = progress or Progress()
        self._folder: Folder | None = None
        self._lock: int | None = None
        self._new: int | None = None

    def __enter__(self) -> TokenFileLock:
        try:
            self._folder = self._file.open_folder()
        except OSError as error:
            raise self._not_workable(error) from None
        try:
            self._wait_for_lock()
            # A folder that came to its path while this waited for the lock in the one before.
            self._file.open_folder().close()
        except BaseException as error:
            self._leave()
            if isinstance(error, OSError):
                raise self._not_workable(error) from None
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._discard()
        self._leave()

    def write_marker(self, noted: InterruptedRun) -> None:
        """Leave the marker alone. Raises TokenFileError."""
        try:
            write_marker(self._file, self._folder, noted)
        except OSError as error:
            raise TokenFileError(
                f"{OPTION}: {self._file.marker_path} could not be written: {error.strerror}."
            ) from None

    def prepare(self, noted: InterruptedRun) -> None:
        """Leave the marker, and prove that a token can be stored: that what is at the path can be replaced, and that a new
        file can be made, with room on the disk for a token and with the owner, group, mode and extended attributes it is to
        have.

        Raises OptionError, TokenFileError. Nothing is left then but the marker of an earlier run, whose orphan is still to be
        retired.
        """
        was_marked = self._folder.status(self._file.marker_name) is not None
        try:
            wanted = self._prove_replacing()
            write_marker(self._file, self._folder, noted)
            self._make_new(ROOM, wanted)
        except (OptionError, TokenFileError, OSError) as error:
            if not was_marked:
                self.remove_leftovers()
            if isinstance(error, OSError):
                raise OptionError(OPTION, f"no token can be stored at {self._file.path}: {error.strerror}.") from None
            raise

    def set_attributes(self) -> None:
        """Give the file the owner, group and mode that are asked for. Raises OptionError, TokenFileError."""
        try:
            with self._folder.open_for_reading(self._file.name) as descriptor, self._named_by_option():
                set_attributes(descriptor, self._file.wanted.apply_to(read_attributes(descriptor)))
        except OSError as error:
            raise TokenFileError(f"{OPTION}: {self._file.path} cannot be changed: {error.strerror}.") from None

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
        self._folder.sync()

    def verify(self, token: str) -> None:
        """Raise TokenFileError unless the stored token can be read back, by the file's path."""
        stored = self._file.read()
        if stored is None or stored.text != token:
            raise TokenFileError(f"{OPTION}: {self._file.path} does not hold the token that was put there.")

    def remove(self, stored: StoredToken) -> None:
        """Remove the token file, which holds what was ``stored``. Raises TokenFileError."""
        try:
            now = self._file.read_in(self._folder)
            if now not in (None, stored):
                raise self._changed_meanwhile()
            self._folder.remove(self._file.name)
            self._folder.sync()
        except FileNotFoundError:
            pass
        except OSError as error:
            raise TokenFileError(
                f"{OPTION}: {self._file.path} could not be removed: {error.strerror}. "
                f"{NOT_REPLACEABLE.get(error.errno, IN_GENERAL)}"
            ) from None

    def remove_leftovers(self) -> None:
        """Nothing is open any more: take away the marker and the new file.

        A marker that cannot be removed, or comes back after a power cut, does no harm: it names keys of the past, and the
        next run settles it.
        """
        self._discard()
        with suppress(OSError):
            self._folder.remove(self._file.marker_name)

    def _prove_replacing(self) -> FileAttributes | None:
        """Put a copy of the file in place of the file itself, in the way in which the new one is going to come there.

        What the new one is to be like; None when there is no file. Raises OptionError, TokenFileError, OSError.
        """
        if self._folder.status(self._file.name) is None:
            return None
        with self._folder.open_for_reading(self._file.name) as current:
            status, content = os.fstat(current), read_at_most(current, MAX_TOKEN_CHARACTERS + 1)
            stored = StoredToken.parse(content)
            wanted = self._file.choose_attributes(read_attributes(current), stored)
        self._check_may_be_replaced(stored)
        self._make_new(content, wanted)
        with suppress(OSError):
            os.utime(self._new, ns=(status.st_atime_ns, status.st_mtime_ns))
        with self._folder.open_for_reading(self._file.name) as current:
            if (
                not os.path.samestat(status, os.fstat(current))
                or read_at_most(current, MAX_TOKEN_CHARACTERS + 1) != content
            ):
                raise self._changed_meanwhile()
        try:
            self._folder.replace(self._file.new_name, self._file.name)
        except OSError as error:
            raise OptionError(
                OPTION,
                f"what is in {self._file.path} could not be replaced: {error.strerror}. "
                f"{NOT_REPLACEABLE.get(error.errno, IN_GENERAL)} No key was made or retired for it.",
            ) from None
        self._close_new()
        return wanted

    def _make_new(self, content: bytes, wanted: FileAttributes | None) -> None:
        """The new file; ``wanted`` is None for one that is as asked and otherwise as new files are.

        Raises OptionError when it cannot be made so, OSError.
        """
        self._close_new()
        self._new = self._folder.create(self._file.new_name)
        write_all(self._new, content)
        with self._named_by_option():
            set_attributes(self._new, wanted or self._file.wanted.apply_to(read_attributes(self._new)))
        # A token must be readable once it is in place.
        with self._folder.open_for_reading(self._file.new_name):
            pass

    def _put_in_place(self, token: str, replaced: StoredToken | None) -> None:
        """Never over what was not expected: nobody could get that again."""
        if replaced is None:
            with suppress(OSError):
                # Fails when there is a file, and cannot be overtaken; the other name is taken away with the new file.
                self._folder.link(self._file.new_name, self._file.name)
                return
        # There is a file, or the file system knows no hard links; or it said so of one that it made.
        stored = self._file.read_in(self._folder)
        if stored is not None and stored.text == token:
            return
        if stored != replaced:
            raise self._changed_meanwhile()
        self._check_may_be_replaced(stored)
        self._folder.replace(self._file.new_name, self._file.name)

    def _check_may_be_replaced(self, stored: StoredToken | None) -> None:
        """Whatever the plan says: raise TokenFileError for what no run has put there."""
        if stored is not None and not stored.is_token:
            raise TokenFileError(
                f"{OPTION}: {self._file.path} holds something that is not a token. It was left as it is; give another path, "
                "or remove the file."
            )

    def _changed_meanwhile(self) -> TokenFileError:
        return TokenFileError(
            f"{OPTION}: {self._file.path} holds something that was not there before; what else writes to it?"
        )

    @contextmanager
    def _named_by_option(self) -> Iterator[None]:
        """An attribute that cannot be given, as the fault of the option that asked for it. Raises OptionError."""
        try:
            yield
        except SetAttributeError as failure:
            is_asked = failure.what in ATTRIBUTE_NAMES and getattr(self._file.wanted, failure.what) is not None
            option = f"{OPTION}_{failure.what}" if is_asked else OPTION
            advice = (
                "Ask for another, or run as a user who may do that."
                if is_asked
                else "The file that is there has it, and the new one would not. Run as a user who may do that, or ask for "
                "another owner, group or mode."
            )
            raise OptionError(option, f"{self._file.path} cannot be given the {failure}. {advice}") from None

    def _discard(self) -> None:
        """A disk that fails here has failed the writing before as well, and that failure is the one to be told."""
        with suppress(OSError):
            self._folder.remove(self._file.new_name)
        self._close_new()

    def _close_new(self) -> None:
        if self._new is not None:
            with suppress(OSError):
                os.close(self._new)
            self._new = None

    def _leave(self) -> None:
        if self._lock is not None:
            # Removed while it is held: whoever waits for it then finds that it is not the file at the path any more.
            with suppress(OSError):
                self._folder.remove(self._file.lock_name)
            os.close(self._lock)
            self._lock = None
        self._folder.close()

    def _wait_for_lock(self) -> None:
        deadline = time.monotonic() + MAX_WAIT_SECONDS
        while not self._try_lock():
            if time.monotonic() > deadline:
                raise TokenFileError(
                    f"{OPTION}: another run has been working on {self._file.path} for {MAX_WAIT_SECONDS:.0f} s; "
                    "run again when it has finished."
                )
            self._progress.wait_once(POLL_SECONDS, f"another run that works on {self._file.path}")

    def _try_lock(self) -> bool:
        lock = self._folder.open_or_create(self._file.lock_name)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self._folder.is_at(lock, self._file.lock_name):
                self._lock = lock
                return True
        except BlockingIOError:
            pass
        except OSError as error:
            os.close(lock)
            raise TokenFileError(f"{OPTION}: {self._file.path} cannot be locked: {error.strerror}.") from None
        os.close(lock)
        return False

    def _not_workable(self, error: OSError) -> OptionError:
        return OptionError(OPTION, f"{self._file.path} cannot be worked on: {error.strerror}.")
