# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module's ``main()`` in this process and reads what it prints, on every supported ansible-core."""

from __future__ import annotations

import contextlib
import importlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings as issued

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import is_printable
from ansible_collections.tenantops.qlik_cloud.tests.private_task import as_of_a_private_task
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import ACCESS_TOKEN, BASE

MODULES = "ansible_collections.tenantops.qlik_cloud.plugins.modules"
CLIENT_SECRET = "secret-of-the-client"
SIGN_IN = {"tenant_url": BASE, "access_token": ACCESS_TOKEN}


@dataclass(frozen=True)
class Run:
    """What a module printed, ``text``, and what that says: its own results, and apart from them the warnings."""

    text: str
    results: dict
    warnings: list[str]

    @property
    def message(self) -> str:
        assert self.results["failed"] is True
        return self.results["msg"]


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for entry in value if isinstance(value, list) else [*value, *value.values()]:
            yield from texts(entry)


def check_output(run: Run) -> None:
    """No defect, nothing that moves a cursor or turns the writing, and no message that fills a log."""
    assert not any(shown in run.text for shown in ("defect", "Traceback", '"exception"'))
    assert all(is_printable(text) for text in texts([run.results, run.warnings]))
    shown = [run.results.get("msg", ""), *run.warnings, *texts(run.results.get("failure", {}))]
    assert all(len(text) <= 8000 and "\n" not in text for text in shown)


def main_of(name: str) -> Callable[[], None]:
    """The ``main`` of the module with that name."""
    return importlib.import_module(f"{MODULES}.{name}").main


def run_main(
    main: Callable[[], None], options: dict[str, Any], switches: dict[str, Any], printed: Callable[[], str]
) -> Run:
    """Run with the options that are not None; ``switches`` are Ansible's own (``_ansible_check_mode``).

    ``printed`` gives what was printed since it was last asked.
    """
    # Ansible collects warnings for the life of a process, which normally is one module's.
    issued._global_warnings.clear()
    issued._global_deprecations.clear()
    given = as_of_a_private_task(main, {option: value for option, value in options.items() if value is not None})
    printed()
    with _arguments({**given, **switches}), _in_a_module_process():
        with pytest.raises(SystemExit) as end:
            main()
    text = printed()
    results = json.loads(text)
    assert end.value.code == (1 if results.get("failed") else 0)
    for secret in (ACCESS_TOKEN, CLIENT_SECRET, "Traceback"):
        assert secret not in text
    # Older cores return the options, too.
    results.pop("invocation", None)
    return Run(text, results, [_warning(word) for word in results.pop("warnings", [])])


def _warning(warning: str | dict) -> str:
    """A warning's text; from 2.19 on it may be an object with an event."""
    return warning if isinstance(warning, str) else warning["event"]["msg"]


@contextlib.contextmanager
def _in_a_module_process() -> Iterator[None]:
    """Without the controller's side of Ansible, which other tests load: from 2.19 on it would show a module's warnings itself."""
    try:
        from ansible.module_utils import _internal
    except ImportError:
        yield
    else:
        with mock.patch.object(_internal, "is_controller", False):
            yield


@contextlib.contextmanager
def _arguments(given: dict[str, Any]) -> Iterator[None]:
    """Hand the options to AnsibleModule: by its own helper where there is one (2.19), else the way it replaces."""
    try:
        from ansible.module_utils.testing import patch_module_args
    except ImportError:
        buffer = json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode()
        with mock.patch.object(basic, "_ANSIBLE_ARGS", buffer):
            yield
    else:
        with patch_module_args(given):
            yield
