# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token file, and runs of api_key with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from unit.module_runs import Run
from unit.planning import NOW
from unit.samples import token_of
from unit.tenant_calls import NIGHTLY
from unit.wire import Wire


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
def now(wire: Wire) -> None:
    """The tenant's clock shows the moment that ``unit.planning`` counts from."""
    wire.now = NOW
