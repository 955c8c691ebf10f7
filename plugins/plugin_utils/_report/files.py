# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a report is written to: by their suffix, where Ansible was started, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError

FORMATS = {".html": "html", ".json": "json", ".csv": "csv", ".md": "markdown"}
"""The renderers, which are loaded when they are needed, by the suffix of a file's name."""


@dataclass(frozen=True)
class ReportFile:
    path: str
    format: str

    @classmethod
    def of(cls, option: str, given: str) -> ReportFile:
        """Raises OptionError for a file that no report can be written to. A relative path begins where Ansible was started."""
        if not given.strip():
            raise OptionError(option, "must not be empty.")
        if "\0" in given:
            raise OptionError(option, f"{given!r} has a null character in it, which no name of a file can have.")
        path = os.path.abspath(os.path.expanduser(given))
        suffix = os.path.splitext(path)[1].lower()
        if suffix not in FORMATS:
            raise OptionError(option, f"{given} must end in one of {', '.join(FORMATS)}, which says what is written.")
        folder = os.path.dirname(path)
        if os.path.isdir(path):
            raise OptionError(option, f"{path} is a folder; give the name of a file.")
        if not os.path.isdir(folder):
            raise OptionError(option, f"{folder} is no folder; make it first.")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise OptionError(option, f"{folder} cannot be written to.")
        return cls(path, FORMATS[suffix])

    @property
    def real_path(self) -> str:
        """The same for all paths that lead to this file, by whichever folders. What it links to is not written to."""
        return os.path.join(os.path.realpath(os.path.dirname(self.path)), os.path.basename(self.path))

    def render(self, document: Mapping[str, Any]) -> str:
        render: Callable[[Mapping[str, Any]], str] = import_module(f"{__package__}.{self.format}").render
        return render(document)

    def write(self, text: str) -> None:
        """The file as it was, or all of the text, whatever happens. Raises OSError with the path."""
        try:
            self._write(text)
        except OSError as error:
            raise OSError(error.errno, error.strerror, self.path) from error

    def _write(self, text: str) -> None:
        umask = os.umask(0)
        os.umask(umask)
        handle, scratch = tempfile.mkstemp(dir=os.path.dirname(self.path), prefix=".report-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                os.fchmod(file.fileno(), 0o666 & ~umask)
            os.replace(scratch, self.path)
        except BaseException:
            with suppress(OSError):
                os.unlink(scratch)
            raise


def parse_report_files(option: str, given: Sequence[str]) -> list[ReportFile]:
    """Raises OptionError, also for one file that is named twice."""
    files: dict[str, ReportFile] = {}
    for path in given:
        file = ReportFile.of(option, path)
        if file.real_path in files:
            raise OptionError(option, f"{file.path} is named twice.")
        files[file.real_path] = file
    return list(files.values())
