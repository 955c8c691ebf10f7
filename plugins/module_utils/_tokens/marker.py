# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The marker beside a token file: what a run was about when it asked for a key, should it never come to store the token.

Qlik Cloud has no idempotency key, so whether a request that was cut off made a key can only be told by comparing the keys
there are with those there were.
"""

from __future__ import annotations

import json
import os
import stat
import time
from dataclasses import fields

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
NOTED = tuple(each.name for each in fields(InterruptedRun) if each.name != "age")
IDS = ("existing", "replaced")
MAY_BE_NULL = ("stored", "asked")
COUNT = "requests"
# Earlier versions did not note these.
MISSING = {"asked": None, COUNT: 1}


def read_marker(file: TokenFile) -> InterruptedRun | None:
    """What a run that did not finish left; None when none did.

    Raises TokenFileError when what is there cannot be one: a marker decides which keys are retired, so one that others
    than this user could have written is not believed.
    """
    try:
        with file.open_folder() as folder, folder.open_for_reading(file.marker_name) as descriptor:
            state = os.fstat(descriptor)
            if state.st_uid != os.geteuid() or stat.S_IMODE(state.st_mode) & 0o022:
                raise _unusable(file, "it is not this user's own, or others may write to it")
            text = read_at_most(descriptor, MAX_MARKER_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(file, error.strerror) from None
    noted = _json_object(text)
    if noted is None or not all(_is_as_written(name, noted.get(name, MISSING.get(name))) for name in NOTED):
        raise _unusable(file, "it does not say what it should")
    return InterruptedRun(
        **{name: _as_noted(value) for name, value in noted.items() if name in NOTED}, age=_age(state.st_mtime)
    )


def write_marker(file: TokenFile, folder: Folder, noted: InterruptedRun) -> None:
    """Put the marker in place, whole or not at all. Raises OSError."""
    descriptor = folder.create(file.new_name)
    try:
        write_all(descriptor, json.dumps({name: getattr(noted, name) for name in NOTED}).encode())
    finally:
        os.close(descriptor)
    folder.replace(file.new_name, file.marker_name)
    folder.sync()


def _age(written: float) -> float:
    """Seconds. One of a future that is far was written before the clock was set back, so it is not new."""
    age = time.time() - written
    return abs(age) if abs(age) > MAX_RUN_DURATION.total_seconds() else max(0.0, age)


def _json_object(text: bytes) -> dict | None:
    """What the text says, None when it is no JSON object; nested too deeply to be read counts as that."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _is_as_written(name: str, value: object) -> bool:
    if name in IDS:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if name == COUNT:
        return isinstance(value, int) and not isinstance(value, bool) and value > 0
    return isinstance(value, str) or (name in MAY_BE_NULL and value is None)


def _as_noted(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _unusable(file: TokenFile, why: str) -> TokenFileError:
    return TokenFileError(
        f"{OPTION}: {file.marker_path} is where an interrupted run notes what it was doing, and cannot be used: {why}. "
        "See which API keys of that description exist, retire those whose token nobody has, and remove the file."
    )
