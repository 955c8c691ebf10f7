# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that keeps one token: what is at its path, and what may be put there. Writing is in ``turn``."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import Claims, claims_of

OPTION = "token_file"
# Tokens are a few hundred bytes; a larger file is something else, given by mistake.
LARGEST = 64 * 1024


@dataclass(frozen=True)
class StoredToken:
    """A token as it is kept somewhere; its claims are None when the content is no Qlik API key token."""

    text: str = field(repr=False)
    claims: Claims | None

    @classmethod
    def of(cls, text: str) -> StoredToken | None:
        """None when there is nothing but white space."""
        stripped = text.strip()
        return cls(stripped, claims_of(stripped)) if stripped else None


class TokenFile:
    """``path`` is where the token is, or will be. Nothing here writes, but ``remove``.

    While a run works on the file three more lie beside it, hidden: a lock, a marker that tells what the run was about
    (``marker``), and the new file that is to take the place. After a finished run none of them is left.
    """

    def __init__(self, path: str):
        self.path = os.path.abspath(path)
        self.folder, name = os.path.split(self.path)
        beside = os.path.join(self.folder, f".{name}.qlik-")
        self.lock_path = f"{beside}lock"
        self.marker_path = f"{beside}pending"
        self.new_path = f"{beside}new"

    def check(self) -> None:
        """Raise OptionError when the path is not, or can be seen not to become, a file with a token. Changes nothing."""
        self.check_kind()
        if not os.path.isdir(self.folder):
            raise OptionError(OPTION, f"the folder {self.folder} does not exist; make it first.")
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise OptionError(OPTION, f"the folder {self.folder} is not writable, so no token can be stored there.")

    def check_kind(self) -> None:
        """Raise OptionError when something is at the path, or at one of those beside it, that is no regular file."""
        for path in (self.path, *self._beside()):
            try:
                mode = os.lstat(path).st_mode
            except FileNotFoundError:
                continue
            except ValueError:
                raise OptionError(OPTION, f"{path!r} is not a path.") from None
            except OSError as error:
                raise OptionError(OPTION, f"{path} cannot be looked at: {error.strerror}.") from None
            if not stat.S_ISREG(mode):
                kind = (
                    "a symbolic link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "a special file"
                )
                raise OptionError(OPTION, f"{path} is {kind}; give the path of a regular file, or of none yet.")

    def read(self) -> StoredToken | None:
        """The stored token, None when there is no file or an empty one. Raises TokenFileError when it is unreadable."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with open(descriptor, "rb") as stream:
                return StoredToken.of(stream.read(LARGEST).decode("utf-8", "replace"))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise TokenFileError(f"{OPTION}: {self.path} cannot be read: {error.strerror}.") from None

    def readable_by_others(self) -> str | None:
        """The file's mode (``0644``) when others than its owner may read it, else None."""
        try:
            mode = stat.S_IMODE(os.lstat(self.path).st_mode)
        except OSError:
            return None
        return f"{mode:04o}" if mode & 0o077 else None

    def has_leftovers(self) -> bool:
        """Whether a run is working on the file, or was killed while it did."""
        return any(os.path.lexists(path) for path in self._beside())

    def _beside(self) -> tuple[str, str, str]:
        return self.lock_path, self.marker_path, self.new_path
