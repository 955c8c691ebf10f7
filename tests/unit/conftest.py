# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of all unit tests. No test reaches the network, waits, or sees the environment of whoever runs it."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from ansible_collections.tenantops.qlik_cloud.tests.unit import project
from ansible_collections.tenantops.qlik_cloud.tests.unit.module_runs import SIGN_IN, Run, main_of, run_main
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import Wire

FOREIGN_TO_TESTS = ("QLIK_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "NETRC", "REQUESTS_CA", "CURL_CA")


def pytest_configure(config: pytest.Config) -> None:
    # Otherwise hypothesis keeps its files in a folder of its own in the checkout.
    if config.pluginmanager.hasplugin("cacheprovider"):
        set_hypothesis_home_dir(config.cache.mkdir("hypothesis"))
    else:
        # ansible-test runs pytest without its cache.
        folder = tempfile.TemporaryDirectory()
        config.add_cleanup(folder.cleanup)
        set_hypothesis_home_dir(folder.name)


@pytest.fixture(autouse=True)
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """The fake network. Without expectations, no request may be sent."""
    fake = Wire()
    fake.replace_network(monkeypatch)
    yield fake
    fake.verify()


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds the code under test wanted to sleep, which passed at once."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


@pytest.fixture(autouse=True)
def clear_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith(FOREIGN_TO_TESTS):
            monkeypatch.delenv(name)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Runs a module, by its name or its ``main``, signed in with an access token; options that are None are left out."""

    def runner(
        module: str | Callable[[], None], *, check: bool = False, diff: bool = False, verbosity: int = 0, **options: Any
    ) -> Run:
        main = main_of(module) if isinstance(module, str) else module
        switches = {"_ansible_check_mode": check, "_ansible_diff": diff, "_ansible_verbosity": verbosity}
        return run_main(main, {**SIGN_IN, **options}, switches, lambda: capsys.readouterr().out)

    return runner


@pytest.fixture(scope="session")
def documented(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """What ansible-doc says of every module, by its name."""
    return project.documentation(tmp_path_factory.mktemp("home"))
