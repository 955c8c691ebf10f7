# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that keeps one token: 0600, written whole or not at all, never through a symbolic link."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import Claims, claims_of

OPTION = "token_file"
# Tokens are a few hundred bytes; a larger file is something else, given by mistake.
LARGEST = 64 * 1024
# Written to prove that the disk has room for a token, before the key is made.
ROOM = b"\0" * 4096


@dataclass(frozen=True)
class StoredToken:
    """The token a file holds; its claims are None when the content is no Qlik API key token."""

    text: str = field(repr=False)
    claims: Claims | None


class TokenFile:
    """``path`` is where the token is, or will be. Nothing is touched before ``prepare``."""

    def __init__(self, path: str):
        self.path = os.path.abspath(path)
        self._folder = os.path.dirname(self.path)
        self._prepared: tuple[int, str] | None = None

    def check(self) -> None:
        """Raise OptionError when the path is not, or can be seen not to become, a file with a token. Changes nothing."""
        self.check_kind()
        if not os.path.isdir(self._folder):
            raise OptionError(OPTION, f"the folder {self._folder} does not exist; make it first.")
        if not os.access(self._folder, os.W_OK | os.X_OK):
            raise OptionError(OPTION, f"the folder {self._folder} is not writable, so no token can be stored there.")

    def check_kind(self) -> None:
        """Raise OptionError when something is at the path that is no regular file."""
        try:
            mode = os.lstat(self.path).st_mode
        except FileNotFoundError:
            mode = None
        except ValueError:
            raise OptionError(OPTION, f"{self.path!r} is not a path.") from None
        except OSError as error:
            raise OptionError(OPTION, f"{self.path} cannot be looked at: {error.strerror}.") from None
        if mode is not None and not stat.S_ISREG(mode):
            kind = "a symbolic link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "a special file"
            raise OptionError(OPTION, f"{self.path} is {kind}; give the path of a regular file, or of none yet.")

    def read(self) -> StoredToken | None:
        """The stored token, None when there is no file or an empty one. Raises TokenFileError when it is unreadable."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with open(descriptor, "rb") as stream:
                text = stream.read(LARGEST).decode("utf-8", "replace").strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise TokenFileError(f"{OPTION}: {self.path} cannot be read: {error.strerror}.") from None
        return StoredToken(text, claims_of(text)) if text else None

    def readable_by_others(self) -> str | None:
        """The file's mode (``0644``) when others than its owner may read it, else None."""
        try:
            mode = stat.S_IMODE(os.lstat(self.path).st_mode)
        except OSError:
            return None
        return f"{mode:04o}" if mode & 0o077 else None

    def prepare(self) -> None:
        """Prove that a token can be stored: make the new file beside the old one, with room on the disk for a token.

        Raises OptionError. After this, ``store`` or ``discard`` must follow.
        """
        self.check()
        try:
            # mkstemp: 0600 from the first byte, a new name, and no following of a link that somebody plants there.
            self._prepared = tempfile.mkstemp(prefix=".qlik-token-", dir=self._folder)
            _write(self._prepared[0], ROOM)
        except OSError as error:
            self.discard()
            raise OptionError(OPTION, f"no token can be stored at {self.path}: {error.strerror}.") from None

    def store(self, token: str) -> None:
        """Put the token in place, atomically, once it has been read back.

        Raises TokenFileError; what was at the path before is then still there.
        """
        descriptor, temporary = self._prepared
        content = f"{token}\n".encode()
        try:
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            _write(descriptor, content)
            if os.pread(descriptor, len(content) + 1, 0) != content:
                raise TokenFileError(f"{OPTION}: {temporary} does not hold what was written to it.")
            self._put_in_place(temporary)
            _sync_folder(self._folder)
        except OSError as error:
            raise TokenFileError(f"{OPTION}: the token could not be written to {self.path}: {error.strerror}.") from None
        finally:
            self.discard()

    def _put_in_place(self, temporary: str) -> None:
        """Never over a token: another run may have stored one since this run looked, and nobody could get it again."""
        try:
            # Fails when there is a file, and cannot be overtaken; discard() takes the other name away.
            os.link(temporary, self.path)
        except OSError:
            # There is a file, or the file system knows no hard links.
            if self.read() is not None:
                raise TokenFileError(
                    f"{OPTION}: {self.path} holds a token that was not there before; is another run using the same file?"
                ) from None
            os.replace(temporary, self.path)

    def discard(self) -> None:
        """Remove what ``prepare`` made, if it is still there.

        A disk that fails here has failed ``store`` as well, and that failure is the one to be told.
        """
        if self._prepared is None:
            return
        descriptor, temporary = self._prepared
        self._prepared = None
        for tidy, what in ((os.close, descriptor), (os.unlink, temporary)):
            with suppress(OSError):
                tidy(what)

    def remove(self) -> None:
        """Remove the file. Raises TokenFileError."""
        try:
            os.unlink(self.path)
            _sync_folder(self._folder)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise TokenFileError(f"{OPTION}: {self.path} could not be removed: {error.strerror}.") from None


def _write(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
    os.fsync(descriptor)


def _sync_folder(folder: str) -> None:
    """Make a rename survive a power cut: the folder's entry has to reach the disk, too.

    Some network file systems cannot do that; the rename itself has been done by then, and stands.
    """
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
