# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of one module run: each operation on a file in the token folder, and each request, by number and by name.

Installed in the process of the run, around the operating system's calls and ``requests``. The production code has no
hook for it. At a step, a kill or a failing disk can strike.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

# What follows the name of a token file in the names of those that lie beside it, and what each is called here.
BESIDE = {".qlik-lock": "lock", ".qlik-pending": "marker", ".qlik-new": "new file"}
WRITABLE = os.O_WRONLY | os.O_RDWR
# What changes a file by its descriptor, beside its content.
ATTRIBUTES = tuple((os, name) for name in ("fchown", "fchmod", "setxattr", "removexattr", "utime"))
# What the interpreter tells of changes (audit events), each with where in its arguments the folder's descriptor is.
TOLD_OF_CHANGES = {"os.remove": 1, "os.rename": 2, "os.link": 2, "os.symlink": 2, "os.chmod": 2, "os.chown": 3}

CALLS = (
    ("POST", r"/oauth/token", "sign-in"),
    ("POST", r"/api/v1/api-keys", "POST"),
    ("DELETE", r"/api/v1/api-keys/[^/]+", "DELETE"),
    ("PATCH", r"/api/v1/api-keys/[^/]+", "PATCH"),
    ("GET", r"/api/v1/api-keys", "GET list"),
    ("GET", r"/api/v1/api-keys/[^/]+", "GET one"),
    ("GET", r"/api/v1/users/me", "GET users/me"),
)
"""The calls that the key modules send: method, path, and what each is called here."""
SET_UP_CALLS = (
    ("GET", r"/api/v1/tenants/me", "GET tenants/me"),
    ("GET", r"/api/v1/api-keys/configs/[^/]+", "GET config"),
    ("PATCH", r"/api/v1/api-keys/configs/[^/]+", "PATCH config"),
    ("GET", r"/api/v1/roles", "GET roles"),
    ("GET", r"/api/v1/roles/[^/]+", "GET role"),
    ("PATCH", r"/api/v1/roles/[^/]+", "PATCH role"),
    ("GET", r"/api/v1/identity-providers/[^/]+", "GET provider"),
)
"""What module ``tenant`` sends beside them."""


@dataclass(frozen=True)
class Kill:
    """SIGKILL right before a step: the ``occurrence``-th (from 1) called ``name``, or of all if that is None."""

    occurrence: int
    name: str | None = None

    def __str__(self) -> str:
        return f"kill before {'step' if self.name is None else self.name} {self.occurrence}"


@dataclass(frozen=True)
class DiskFault:
    """The ``occurrence``-th (from 1) ``operation`` (as in ``write new file``) fails with the error of that name."""

    operation: str
    occurrence: int
    error: str

    def __str__(self) -> str:
        return f"{self.error} at {self.operation} {self.occurrence}"


class Steps:
    """``notes`` is a descriptor that gets one line per step, right before it happens; it outlives a kill."""

    def __init__(self, folder: str, notes: int, kill: Kill | None = None, disk: DiskFault | None = None):
        self._folder = folder
        self._notes = notes
        self._kill = kill
        self._disk = disk
        self._counts: dict[str | None, int] = {}
        self._roles: dict[int, str] = {}
        self._wrapping = False
        self._tell = os.write

    def install(self) -> None:
        """Wrap the calls of this process, for the rest of its life."""
        self._wrap_open()
        for module, name in ((os, "write"), (os, "fsync"), (os, "ftruncate"), (fcntl, "flock"), *ATTRIBUTES):
            self._wrap_by_descriptor(module, name)
        for name in ("link", "replace", "rename"):
            self._wrap_by_paths(name, "{} {} as {}")
        for name in ("unlink", "remove", "mkdir", "symlink"):
            self._wrap_by_paths(name, "{} {}")
        self._wrap_requests()
        sys.addaudithook(self._notice_other_ways)

    def _step(self, operation: str, name: str) -> None:
        """Tell of the step, unless the process ends before it. Raises OSError where the disk is to fail."""
        for counted in (None, *sorted({operation, name})):
            self._counts[counted] = self._counts.get(counted, 0) + 1
        if self._kill and self._kill.name in (None, name) and self._counts[self._kill.name] == self._kill.occurrence:
            os.kill(os.getpid(), signal.SIGKILL)
        disk = self._disk
        fails = disk is not None and disk.operation == operation and disk.occurrence == self._counts[operation]
        self._tell(self._notes, f"{f'{disk.error} at ' if fails else ''}{name}\n".encode())
        if fails:
            number = getattr(errno, disk.error)
            raise OSError(number, os.strerror(number))

    def _role(self, path: Any, folder: int | None = None) -> str | None:
        """What the path is to the run; None for one outside the token folder.

        ``folder``: descriptor of the folder in which a relative path begins; None for the one that the run is in.
        """
        text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else ""
        if folder is not None and self._roles.get(folder) == "folder":
            text = os.path.join(self._folder, text)
        if text == self._folder:
            return "folder"
        if os.path.dirname(text) != self._folder:
            return None
        return next((role for ending, role in BESIDE.items() if text.endswith(ending)), "token file")

    def _wrap_open(self) -> None:
        real = os.open

        def wrapped(path: Any, flags: int, *rest: Any, **named: Any) -> int:
            role = self._role(path, named.get("dir_fd"))
            if role and flags & WRITABLE:
                self._step("open", f"open {role}")
            descriptor = self._quietly(real, path, flags, *rest, **named)
            self._roles.pop(descriptor, None)
            if role:
                self._roles[descriptor] = role
            return descriptor

        os.open = wrapped

    def _wrap_by_descriptor(self, module: Any, operation: str) -> None:
        real = getattr(module, operation)

        def wrapped(descriptor: int, *rest: Any, **named: Any) -> Any:
            role = self._roles.get(descriptor) if isinstance(descriptor, int) else None
            if role:
                self._step(operation, f"{operation} {role}")
            return real(descriptor, *rest, **named)

        setattr(module, operation, wrapped)

    def _wrap_by_paths(self, operation: str, phrase: str) -> None:
        real = getattr(os, operation)

        def wrapped(*paths: Any, **named: Any) -> Any:
            folders = [named.get(name, named.get("dir_fd")) for name in ("src_dir_fd", "dst_dir_fd")]
            roles = [self._role(path, folder) for path, folder in zip(paths, folders)]
            if any(roles):
                self._step(operation, phrase.format(operation, *roles))
            return self._quietly(real, *paths, **named)

        setattr(os, operation, wrapped)

    def _wrap_requests(self) -> None:
        real = HTTPAdapter.send

        def wrapped(adapter: HTTPAdapter, request: requests.PreparedRequest, **named: Any) -> requests.Response:
            call = call_name(request.method, request.path_url.partition("?")[0])
            self._step("request", call)
            response = real(adapter, request, **named)
            self._step("answer", f"use of the answer to {call}")
            return response

        HTTPAdapter.send = wrapped

    def _quietly(self, real: Callable, *arguments: Any, **named: Any) -> Any:
        self._wrapping = True
        try:
            return real(*arguments, **named)
        finally:
            self._wrapping = False

    def _notice_other_ways(self, event: str, arguments: tuple) -> None:
        """A change of a file that comes past the wrapped calls would make the list of steps incomplete."""
        if self._wrapping or event not in ("open", "os.truncate", *TOLD_OF_CHANGES):
            return
        path, is_read = arguments[0], event == "open" and not (arguments[2] or 0) & (WRITABLE | os.O_CREAT)
        role = self._role(path, arguments[TOLD_OF_CHANGES[event]] if event in TOLD_OF_CHANGES else None)
        if not is_read and role:
            self._tell(self._notes, f"unseen {event} of {role}\n".encode())


def call_name(method: str | None, path: str) -> str:
    """What a request is called here; ``other`` for one that these modules do not send."""
    matching = (
        name for verb, pattern, name in (*CALLS, *SET_UP_CALLS) if verb == method and re.fullmatch(pattern, path)
    )
    return next(matching, "other")
