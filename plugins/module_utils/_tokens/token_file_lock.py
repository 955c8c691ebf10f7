# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Locks a token file for one run, and changes it and the files beside it."""

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
    FileAttributes,
    SetAttributeError,
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

# Written before the key is made, to prove that the disk has room for a token.
PLACEHOLDER = b"\0" * 4096
# Longer than a run waits for rate limits by default.
MAX_WAIT_SECONDS = 1800.0
POLL_SECONDS = 0.1

GENERAL_ADVICE = "Give a path in a folder that this user may change."
REPLACING_ADVICE = {
    errno.EBUSY: "It is mounted by itself, so nothing can take its place: mount its folder instead.",
    errno.EXDEV: "It lies on another file system than its folder, so nothing can take its place: mount its folder instead.",
    errno.EPERM: "Give a path in a folder where this user may change the files of others as well (in a sticky one nobody "
    "may), and see that the file is not immutable.",
}
"""The advice about a file that cannot be replaced or removed, by the number of the system's error."""


class TokenFileLock:
    """``with TokenFileLock(file) as lock:`` waits until no other run holds the lock of the file, and releases it at the end.

    Raises OptionError when the folder cannot be opened, TokenFileError when another run holds the lock for too long. ``progress``
    says that the run waits. A lock ends with the process that holds it; the marker of a killed run stays until
    ``remove_leftovers``.
    """

    # Open as long as the lock is held.
    _folder: Folder

    def __init__(self, file: TokenFile, progress: Progress | None = None):
        self._file = file
        self._progress = progress or Progress()
        self._lock: int | None = None
        self._new: int | None = None

    def __enter__(self) -> TokenFileLock:
        try:
            self._folder = self._file.open_folder()
        except OSError as error:
            raise self._build_open_error(error) from None
        try:
            self._wait_for_lock()
            # Another folder may have come to the path during the wait.
            self._file.open_folder().close()
        except BaseException as error:
            self._release()
            if isinstance(error, OSError):
                raise self._build_open_error(error) from None
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove_new()
        self._release()

    def write_marker(self, note: InterruptedRun) -> None:
        """Write the marker, and nothing else. Raises TokenFileError."""
        try:
            write_marker(self._file, self._folder, note)
        except OSError as error:
            raise TokenFileError(
                f"{OPTION}: {self._file.marker_path} could not be written: {error.strerror}."
            ) from None

    def prepare(self, note: InterruptedRun) -> None:
        """Write the marker, and prove that a token can be stored: what is at the path is replaced by its own copy, and a new
        file is made as large as a token and with the attributes that it will have.

        Raises OptionError, TokenFileError. Then nothing is left but a marker that an earlier run had written.
        """
        was_marked = self._folder.status(self._file.marker_name) is not None
        try:
            wanted = self._prove_replacing()
            write_marker(self._file, self._folder, note)
            self._make_new(PLACEHOLDER, wanted)
        except (OptionError, TokenFileError, OSError) as error:
            if not was_marked:
                self.remove_leftovers()
            if isinstance(error, OSError):
                raise OptionError(OPTION, f"no token can be stored at {self._file.path}: {error.strerror}.") from None
            raise

    def set_attributes(self) -> None:
        """Give the file the wanted owner, group and mode. Raises OptionError, TokenFileError."""
        try:
            with self._folder.open_for_reading(self._file.name) as descriptor, self._blame_option():
                set_attributes(descriptor, self._file.wanted.apply_to(read_attributes(descriptor)))
        except OSError as error:
            raise TokenFileError(f"{OPTION}: {self._file.path} cannot be changed: {error.strerror}.") from None

    def store(self, token: str, replaced: StoredToken | None) -> None:
        """Replace the file by one with the token, atomically and on the disk; ``replaced`` is what is stored now.

        Comes after ``prepare``. Raises TokenFileError; what was at the path before is then still there.
        """
        try:
            write_all(self._require_new(), f"{token}\n".encode())
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
        """Remove the token file if it still holds what was ``stored``. Raises TokenFileError."""
        try:
            present = self._file.read_in(self._folder)
            if present not in (None, stored):
                raise self._build_change_error()
            self._folder.remove(self._file.name)
            self._folder.sync()
        except FileNotFoundError:
            pass
        except OSError as error:
            raise TokenFileError(
                f"{OPTION}: {self._file.path} could not be removed: {error.strerror}. "
                f"{REPLACING_ADVICE.get(error.errno or 0, GENERAL_ADVICE)}"
            ) from None

    def remove_leftovers(self) -> None:
        """Remove the marker and the new file, since no request for a key is open any more.

        A marker that cannot be removed, or comes back after a power cut, does no harm: it names keys of the past, and the
        next run removes it.
        """
        self._remove_new()
        with suppress(OSError):
            self._folder.remove(self._file.marker_name)

    def _prove_replacing(self) -> FileAttributes | None:
        """Replace the file by a copy of itself, just as ``store`` will replace it; returns the attributes for the new file.

        None when there is no file. Raises OptionError, TokenFileError, OSError.
        """
        if self._folder.status(self._file.name) is None:
            return None
        with self._folder.open_for_reading(self._file.name) as current:
            status, content = os.fstat(current), read_at_most(current, MAX_TOKEN_CHARACTERS + 1)
            stored = StoredToken.parse(content)
            wanted = self._file.choose_attributes(read_attributes(current), stored)
        self._check_replaceable(stored)
        self._make_new(content, wanted)
        with suppress(OSError):
            os.utime(self._require_new(), ns=(status.st_atime_ns, status.st_mtime_ns))
        with self._folder.open_for_reading(self._file.name) as current:
            if (
                not os.path.samestat(status, os.fstat(current))
                or read_at_most(current, MAX_TOKEN_CHARACTERS + 1) != content
            ):
                raise self._build_change_error()
        try:
            self._folder.replace(self._file.new_name, self._file.name)
        except OSError as error:
            raise OptionError(
                OPTION,
                f"what is in {self._file.path} could not be replaced: {error.strerror}. "
                f"{REPLACING_ADVICE.get(error.errno or 0, GENERAL_ADVICE)} No key was made or retired for it.",
            ) from None
        self._close_new()
        return wanted

    def _make_new(self, content: bytes, wanted: FileAttributes | None) -> None:
        """Make the new file; ``wanted`` None means the attributes of the options, and otherwise those of new files.

        Raises OptionError for an attribute that cannot be set, OSError.
        """
        self._close_new()
        self._new = new = self._folder.create(self._file.new_name)
        write_all(new, content)
        with self._blame_option():
            set_attributes(new, wanted or self._file.wanted.apply_to(read_attributes(new)))
        # A stored token must be readable.
        with self._folder.open_for_reading(self._file.new_name):
            pass

    def _put_in_place(self, token: str, replaced: StoredToken | None) -> None:
        """Let the new file take the place of what was ``replaced``, and of nothing else: nobody could get that again."""
        if replaced is None:
            with suppress(OSError):
                # A link never replaces a file, even one that came this very moment; the other name is removed with the new file.
                self._folder.link(self._file.new_name, self._file.name)
                return
        # There is a file, or the file system has no hard links, or it reported a failure of a link that it made.
        stored = self._file.read_in(self._folder)
        if stored is not None and stored.text == token:
            return
        if stored != replaced:
            raise self._build_change_error()
        self._check_replaceable(stored)
        self._folder.replace(self._file.new_name, self._file.name)

    def _check_replaceable(self, stored: StoredToken | None) -> None:
        """Raise TokenFileError for what is no token, whatever the plan says: no run has stored that."""
        if stored is not None and not stored.is_token:
            raise TokenFileError(
                f"{OPTION}: {self._file.path} holds something that is not a token. It was left as it is; give another path, "
                "or remove the file."
            )

    def _build_change_error(self) -> TokenFileError:
        return TokenFileError(
            f"{OPTION}: {self._file.path} holds something that was not there before. See what else writes to it, and run again."
        )

    @contextmanager
    def _blame_option(self) -> Iterator[None]:
        """Raise a SetAttributeError as an OptionError of the option that asks for the attribute."""
        try:
            yield
        except SetAttributeError as failure:
            is_wanted = (
                failure.attribute in ATTRIBUTE_NAMES and getattr(self._file.wanted, failure.attribute) is not None
            )
            option = f"{OPTION}_{failure.attribute}" if is_wanted else OPTION
            advice = (
                "Ask for another, or run as a user who may do that."
                if is_wanted
                else "The file that is there has it, and the new one would not. Run as a user who may do that, or ask for "
                "another owner, group or mode."
            )
            raise OptionError(option, f"{self._file.path} cannot be given the {failure}. {advice}") from None

    def _remove_new(self) -> None:
        """A disk that fails here has failed before as well, and that failure is reported."""
        with suppress(OSError):
            self._folder.remove(self._file.new_name)
        self._close_new()

    def _require_new(self) -> int:
        if self._new is None:
            raise RuntimeError("the new file is made by prepare")
        return self._new

    def _close_new(self) -> None:
        if self._new is not None:
            with suppress(OSError):
                os.close(self._new)
            self._new = None

    def _release(self) -> None:
        if self._lock is not None:
            # Removed while it is held, so whoever waits for it finds that it is not the file at the path any more.
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

    def _build_open_error(self, error: OSError) -> OptionError:
        return OptionError(OPTION, f"{self._file.path} cannot be worked on: {error.strerror}.")
