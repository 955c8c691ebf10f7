# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and writes the marker beside a token file: the note of a run that asks for a key, in case it cannot store the token.

Qlik Cloud has no idempotency key, so only a comparison of the keys there are with those there were says whether a request
that was cut off made a key.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import (
    MAX_RUN_DURATION,
    InterruptedRun,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._regular_file import read_at_most
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.durable import write_all
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.folder import Folder
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import OPTION, TokenFile

MAX_MARKER_BYTES = 1024 * 1024
FIELDS = tuple(each.name for each in fields(InterruptedRun) if each.name != "age")
ID_LIST_FIELDS = ("existing", "replaced")
NULLABLE_FIELDS = ("stored", "asked")
COUNT_FIELD = "requests"
# Earlier versions did not write these.
DEFAULTS: Mapping[str, Any] = {"asked": None, COUNT_FIELD: 1}


def read_marker(file: TokenFile) -> InterruptedRun | None:
    """The note of a run that did not finish; None when there is none.

    Raises TokenFileError for an unusable marker. Since it decides which keys are retired, one that another user could have
    written is unusable.
    """
    try:
        with file.open_folder() as folder, folder.open_for_reading(file.marker_name) as descriptor:
            state = os.fstat(descriptor)
            if state.st_uid != os.geteuid() or stat.S_IMODE(state.st_mode) & 0o022:
                raise _build_error(file, "it is not this user's own, or others may write to it")
            text = read_at_most(descriptor, MAX_MARKER_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _build_error(file, error.strerror or str(error)) from None
    noted = _parse_object(text)
    if noted is None:
        raise _build_error(file, "it is no JSON object")
    values: dict[str, Any] = {name: noted.get(name, DEFAULTS.get(name)) for name in FIELDS}
    for name, value in values.items():
        if not _is_valid(name, value):
            raise _build_error(file, f"its {name} is missing or unusable")
    for name in ID_LIST_FIELDS:
        values[name] = tuple(values[name])
    return InterruptedRun(**values, age=_compute_age(state.st_mtime))


def write_marker(file: TokenFile, folder: Folder, noted: InterruptedRun) -> None:
    """Put the marker in place, whole or not at all. Raises OSError."""
    descriptor = folder.create(file.new_name)
    try:
        write_all(descriptor, json.dumps({name: getattr(noted, name) for name in FIELDS}).encode())
    finally:
        os.close(descriptor)
    folder.replace(file.new_name, file.marker_name)
    folder.sync()


def _compute_age(written: float) -> float:
    """Seconds since the time; also for one far in the future, which was written before the clock was set back."""
    age = time.time() - written
    return abs(age) if abs(age) > MAX_RUN_DURATION.total_seconds() else max(0.0, age)


def _parse_object(text: bytes) -> dict[str, Any] | None:
    """The JSON object of the text; None when it is none, or nested too deeply to be read."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _is_valid(name: str, value: object) -> bool:
    """Whether ``write_marker`` can have written the value of that field."""
    if name in ID_LIST_FIELDS:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if name == COUNT_FIELD:
        return isinstance(value, int) and not isinstance(value, bool) and value > 0
    return isinstance(value, str) or (name in NULLABLE_FIELDS and value is None)


def _build_error(file: TokenFile, why: str) -> TokenFileError:
    return TokenFileError(
        f"{OPTION}: {file.marker_path} is where an interrupted run notes what it was doing, and cannot be used: {why}. "
        "See which API keys of that description exist, retire those whose token nobody has, and remove the file."
    )
