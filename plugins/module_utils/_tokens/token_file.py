# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that keeps one token: what is at its path, and what may be put there. All that changes it is in ``turn``."""

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
    WantedAttributes,
    FileAttributes,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import Claims, extract_claims
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.folder import PRIVATE, Folder

OPTION = "token_file"
LOCK, MARKER, NEW = ".qlik-lock", ".qlik-pending", ".qlik-new"
UNCHANGED = WantedAttributes()


@dataclass(frozen=True)
class StoredToken:
    """What is kept where a token should be. ``is_token``: whether it is one, as a whole and with nothing else.

    ``claims`` are None when it is not, and when the token does not say which key it is of.
    """

    text: str = field(repr=False)
    claims: Claims | None
    is_token: bool

    @classmethod
    def parse(cls, content: str | bytes) -> StoredToken | None:
        """None when there is nothing but white space; ``content`` that is longer than a token may go on after it."""
        if isinstance(content, bytes):
            # What is no ASCII is no token, however the rest of it is read.
            content = content.decode("utf-8", "replace")
        stripped = content.strip(WHITE_SPACE)
        if not stripped and len(content) <= MAX_TOKEN_CHARACTERS:
            return None
        token = parse_token(content)
        return cls(stripped, None if token is None else extract_claims(token), token is not None)


class TokenFile:
    """``path`` is where the token is, or will be. Nothing here changes anything.

    While a run works on the file three more lie beside it, hidden: a lock, a marker that tells what the run was about
    (``marker``), and the new file that is to take the place. After a finished run none of them is left.

    ``asked`` is what the file's owner, group and mode shall be.
    """

    def __init__(self, path: str, asked: WantedAttributes = UNCHANGED):
        self.path = _absolute(path)
        self.folder, self.name = os.path.split(self.path)
        self.wanted = asked
        self.lock_name, self.marker_name, self.new_name = (f".{self.name}{end}" for end in (LOCK, MARKER, NEW))
        self.lock_path, self.marker_path, self.new_path = (os.path.join(self.folder, name) for name in self._beside())
        self._seen_folder: tuple[int, int] | None = None
        self._read: tuple[bytes, StoredToken | None] | None = None

    def check(self) -> None:
        """Raise OptionError when the path is not, or can be seen not to become, a file with a token."""
        self.check_kind()
        if not os.path.isdir(self.folder):
            raise OptionError(OPTION, f"the folder {self.folder} does not exist; make it first.")
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise OptionError(OPTION, f"the folder {self.folder} is not writable, so no token can be stored there.")

    def check_kind(self) -> None:
        """Raise OptionError when something is at the path, or at one of those beside it, that is no regular file."""
        if not self.name:
            raise OptionError(OPTION, f"{self.path} is a folder; give the path of a regular file, or of none yet.")
        if self.name.startswith(".") and self.name.lower().endswith((LOCK, MARKER, NEW)):
            raise OptionError(
                OPTION,
                f"{self.path} has a name such as runs give to what they put beside a token file, and remove again; "
                "give another.",
            )
        try:
            with self.open_folder() as folder:
                for name in (self.name, *self._beside()):
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
        if self._seen_folder not in (None, folder.identity):
            folder.close()
            raise TokenFileError(
                f"{OPTION}: {self.folder} is another folder than it was when this run began. See what else changes that "
                "path, and run again."
            )
        self._seen_folder = folder.identity
        return folder

    def read(self) -> StoredToken | None:
        """What is stored, None when there is no file or an empty one. Raises TokenFileError when it is unreadable."""
        try:
            with self.open_folder() as folder:
                return self.read_in(folder)
        except OSError as error:
            if isinstance(error, FileNotFoundError):
                return None
            raise TokenFileError(f"{OPTION}: {self.path} cannot be read: {error.strerror}.") from None

    def read_in(self, folder: Folder) -> StoredToken | None:
        """The same, in the folder as it is open already. Raises OSError."""
        try:
            with folder.open_for_reading(self.name) as descriptor:
                content = read_at_most(descriptor, MAX_TOKEN_CHARACTERS + 1)
        except FileNotFoundError:
            return None
        # A run reads the file again and again, and to make out a token takes longer than to read it.
        if self._read is None or self._read[0] != content:
            self._read = content, StoredToken.parse(content)
        return self._read[1]

    def choose_attributes(self, present: FileAttributes, stored: StoredToken | None) -> FileAttributes:
        """What the file is to be like with the next token in it.

        A renewal keeps them. The mode of a file without a token says nothing about who may read one.
        """
        return self.wanted.apply_to(replace(present, mode=PRIVATE) if stored is None else present)

    def find_attribute_change(self) -> tuple[dict, dict] | None:
        """What of owner, group and mode is not as it is asked for: as it is, and as it shall be; None for nothing."""
        now = self._attributes()
        if now is None:
            return None
        wanted = self.wanted.apply_to(now)
        different = [name for name in ATTRIBUTE_NAMES if getattr(now, name) != getattr(wanted, name)]
        return (now.told(different), wanted.told(different)) if different else None

    def find_exposed_mode(self, stored: StoredToken | None) -> str | None:
        """The mode (``0644``) of the file once it is as asked for, if others than its owner may read it then.

        A mode that was asked for may let the group read: that is what one asks for it for.
        """
        present = self._attributes() or FileAttributes(os.geteuid(), os.getegid(), PRIVATE, {})
        mode = self.choose_attributes(present, stored).mode
        others = stat.S_IRWXO if self.wanted.mode else stat.S_IRWXG | stat.S_IRWXO
        return f"{mode:04o}" if mode & others else None

    def has_leftovers(self) -> bool:
        """Whether a run is working on the file, or was killed while it did."""
        try:
            with self.open_folder() as folder:
                return any(folder.status(name) is not None for name in self._beside())
        except OSError:
            return False

    def _beside(self) -> tuple[str, str, str]:
        return self.lock_name, self.marker_name, self.new_name

    def _attributes(self) -> FileAttributes | None:
        """Without the extended ones."""
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
    """As the system reads it: ``..`` leads up from where a link leads to, not from where the link is."""
    folder, name = os.path.split(path)
    if os.pardir not in folder.split(os.sep) or "\0" in path:
        return os.path.abspath(path)
    return os.path.join(os.path.realpath(folder), name)
