# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the file that keeps one token; ``token_file_lock`` changes it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field, replace

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._json_web_token import (
    MAX_TOKEN_CHARACTERS,
    WHITE_SPACE,
    parse_token,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._regular_file import describe_file_type, read_at_most
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.attributes import (
    ATTRIBUTE_NAMES,
    FileAttributes,
    WantedAttributes,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import Claims, extract_claims
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.folder import PRIVATE, Folder

OPTION = "token_file"
LOCK_SUFFIX, MARKER_SUFFIX, NEW_SUFFIX = ".qlik-lock", ".qlik-pending", ".qlik-new"
UNCHANGED = WantedAttributes()


@dataclass(frozen=True)
class StoredToken:
    """The text that is kept where a token should be. ``is_token``: whether the whole of it is one token.

    ``claims`` are None for other text, and for a token that does not say which key it is of.
    """

    text: str = field(repr=False)
    claims: Claims | None
    is_token: bool

    @classmethod
    def parse(cls, content: str | bytes) -> StoredToken | None:
        """None for white space alone. ``content`` longer than a token can be may be the beginning of a longer file."""
        if isinstance(content, bytes):
            # A token is ASCII, so it does not matter how other bytes are decoded.
            content = content.decode("utf-8", "replace")
        stripped = content.strip(WHITE_SPACE)
        if not stripped and len(content) <= MAX_TOKEN_CHARACTERS:
            return None
        token = parse_token(content)
        return cls(stripped, None if token is None else extract_claims(token), token is not None)


class TokenFile:
    """``path`` is where the token is, or will be; ``wanted`` the owner, group and mode that the file shall have.

    While a run works on the file three hidden ones lie beside it: the lock, the marker with the note of what the run is doing
    (``marker.py``), and the new file that will replace it. After a finished run none of them is left.
    """

    def __init__(self, path: str, wanted: WantedAttributes = UNCHANGED):
        self.path = _absolute(path)
        self.folder, self.name = os.path.split(self.path)
        self.wanted = wanted
        self.lock_name, self.marker_name, self.new_name = (
            f".{self.name}{suffix}" for suffix in (LOCK_SUFFIX, MARKER_SUFFIX, NEW_SUFFIX)
        )
        self.lock_path, self.marker_path, self.new_path = (
            os.path.join(self.folder, name) for name in self._names_beside()
        )
        self._seen_folder: tuple[int, int] | None = None
        self._read: tuple[bytes, StoredToken | None] | None = None

    def check(self) -> None:
        """Raise OptionError when the path is that of something else, or no file can be made there."""
        self.check_kind()
        if not os.path.isdir(self.folder):
            raise OptionError(OPTION, f"the folder {self.folder} does not exist; make it first.")
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise OptionError(OPTION, f"the folder {self.folder} is not writable, so no token can be stored there.")

    def check_kind(self) -> None:
        """Raise OptionError when something that is no regular file is at the path, or at one of the three beside it."""
        if not self.name:
            raise OptionError(OPTION, f"{self.path} is a folder; give the path of a regular file, or of none yet.")
        if self.name.startswith(".") and self.name.lower().endswith((LOCK_SUFFIX, MARKER_SUFFIX, NEW_SUFFIX)):
            raise OptionError(
                OPTION,
                f"{self.path} has a name that runs give to files beside a token file, which they remove; give another "
                "path.",
            )
        try:
            with self.open_folder() as folder:
                for name in (self.name, *self._names_beside()):
                    self._check_kind_at(folder, name)
        except FileNotFoundError:
            return
        except ValueError:
            raise OptionError(OPTION, f"{self.path!r} is not a path.") from None
        except OSError as error:
            raise OptionError(OPTION, f"{self.path} cannot be looked at: {error.strerror}.") from None

    def open_folder(self) -> Folder:
        """The folder, opened for one phase of a run.

        Raises TokenFileError when it is another one than in the phases before, OSError and ValueError when it cannot be
        opened.
        """
        folder = Folder(self.folder)
        identity = folder.identity
        if self._seen_folder not in (None, identity):
            folder.close()
            raise TokenFileError(
                f"{OPTION}: {self.folder} is another folder than it was when this run began. See what else changes that "
                "path, and run again."
            )
        self._seen_folder = identity
        return folder

    def read(self) -> StoredToken | None:
        """The stored text, None when there is no file or an empty one. Raises TokenFileError when it is unreadable."""
        try:
            with self.open_folder() as folder:
                return self.read_in(folder)
        except OSError as error:
            if isinstance(error, FileNotFoundError):
                return None
            raise TokenFileError(f"{OPTION}: {self.path} cannot be read: {error.strerror}.") from None

    def read_in(self, folder: Folder) -> StoredToken | None:
        """The stored text as ``read`` returns it, from a folder that is open. Raises OSError."""
        try:
            with folder.open_for_reading(self.name) as descriptor:
                content = read_at_most(descriptor, MAX_TOKEN_CHARACTERS + 1)
        except FileNotFoundError:
            return None
        # A run reads the file many times, and parsing a token takes longer than reading it.
        if self._read is None or self._read[0] != content:
            self._read = content, StoredToken.parse(content)
        return self._read[1]

    def choose_attributes(self, present: FileAttributes, stored: StoredToken | None) -> FileAttributes:
        """The attributes of the file with the next token in it: the wanted ones, else the present ones.

        The mode of a file without a token is not kept: it says nothing about who may read a token.
        """
        return self.wanted.apply_to(replace(present, mode=PRIVATE) if stored is None else present)

    def find_attribute_change(self) -> tuple[dict[str, str], dict[str, str]] | None:
        """The attributes that are not as wanted: as they are, and as they shall be; None when all are, or no file is there."""
        present = None if self.wanted == UNCHANGED else self._read_attributes()
        if present is None:
            return None
        wanted = self.wanted.apply_to(present)
        different = [name for name in ATTRIBUTE_NAMES if getattr(present, name) != getattr(wanted, name)]
        return (present.as_texts(different), wanted.as_texts(different)) if different else None

    def find_exposed_mode(self, stored: StoredToken | None) -> str | None:
        """The mode (``0644``) that the file will have, if others than its owner may use it then; else None.

        A mode from the options may let the group read.
        """
        present = self._read_attributes() or FileAttributes(os.geteuid(), os.getegid(), PRIVATE, {})
        mode = self.choose_attributes(present, stored).mode
        others = stat.S_IRWXO if self.wanted.mode else stat.S_IRWXG | stat.S_IRWXO
        return f"{mode:04o}" if mode & others else None

    def has_leftovers(self) -> bool:
        """Whether a run is working on the file, or was killed while it did."""
        try:
            with self.open_folder() as folder:
                return any(folder.status(name) is not None for name in self._names_beside())
        except OSError:
            return False

    def _names_beside(self) -> tuple[str, str, str]:
        return self.lock_name, self.marker_name, self.new_name

    def _read_attributes(self) -> FileAttributes | None:
        """Without the extended ones; None when there is no file."""
        try:
            with self.open_folder() as folder:
                status = folder.status(self.name)
        except OSError:
            return None
        return status and FileAttributes(status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode), {})

    def _check_kind_at(self, folder: Folder, name: str) -> None:
        status = folder.status(name)
        kind = status and describe_file_type(status.st_mode)
        if kind is not None:
            path = os.path.join(self.folder, name)
            raise OptionError(OPTION, f"{path} is {kind}; give the path of a regular file, or of none yet.")


def _absolute(path: str) -> str:
    """The absolute path as the system reads it: ``..`` after a link leads up from the link's target."""
    folder, name = os.path.split(path)
    if os.pardir not in folder.split(os.sep) or "\0" in path:
        return os.path.abspath(path)
    return os.path.join(os.path.realpath(folder), name)
