# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token file, and runs of api_key with it."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import DOUBT_SECONDS
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport import http_dates
from ansible_collections.tenantops.qlik_cloud.tests.unit.module_runs import Run
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import NIGHTLY
from ansible_collections.tenantops.qlik_cloud.tests.unit.token_files import brings_another
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import Wire

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "nightly.token"


@pytest.fixture
def stored(path: Path) -> Callable[..., str]:
    """Puts the token of a key into the file, as an earlier run did; gives the token."""

    def store(key_id: str, **claims: Any) -> str:
        token = token_of(key_id, **claims)
        path.write_text(f"{token}\n")
        path.chmod(0o600)
        return token

    return store


@pytest.fixture
def ensure(run: Callable[..., Run], path: Path) -> Callable[..., Run]:
    """Runs api_key for the key "nightly reload" and its token file."""

    def ensurer(**options: Any) -> Run:
        return run("api_key", **{**NIGHTLY, "token_file": str(path), **options})

    return ensurer


@pytest.fixture
def marker(path: Path) -> Path:
    """Where a run notes beside the token file what it asks for."""
    return path.with_name(f".{path.name}.qlik-pending")


@pytest.fixture
def let_doubt_pass(marker: Path) -> Callable[[], None]:
    """Lets the time pass in which what the noted run asked for may still be carried out."""

    def passer() -> None:
        then = time.time() - DOUBT_SECONDS
        os.utime(marker, (then, then))

    return passer


@pytest.fixture
def set_machine(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets this machine's clock, which then stands still."""

    def setter(moment: datetime) -> None:
        monkeypatch.setattr(http_dates, "get_machine_time", lambda: moment)

    return setter


@pytest.fixture
def now(wire: Wire, set_machine: Callable[[datetime], None]) -> None:
    """The clocks of the tenant and of this machine show the moment that ``planning`` counts from."""
    wire.now = NOW
    set_machine(NOW)


@pytest.fixture
def noon(wire: Wire, set_machine: Callable[[datetime], None]) -> None:
    """It is noon, by the clocks of the tenant and of this machine."""
    wire.now = NOON
    set_machine(NOON)


@pytest.fixture
def cannot_store(monkeypatch: pytest.MonkeyPatch, path: Path) -> Iterator[pytest.MonkeyPatch]:
    """As long as the context lasts, the disk fails when a new token is put at the token file's path."""
    really = {name: getattr(os, name) for name in ("link", "replace")}

    def failing(name: str) -> Callable[..., None]:
        def put(source: str, target: str, **options: Any) -> None:
            if brings_another(path, source, target):
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            really[name](source, target, **options)

        return put

    with monkeypatch.context() as patch:
        for name in really:
            patch.setattr(os, name, failing(name))
        yield patch
