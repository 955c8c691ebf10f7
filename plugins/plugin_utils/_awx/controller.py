# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a controller by collection awx.awx, signed in as its modules are, with one sign-in for all that is read.

Its lookup plugin would do, but leaves a token on the controller at each call.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import QlikCloudError

MAX_PAGES = 500
"""More than any controller has; what goes on after that would go on for ever."""

CONTROLLER_API_MODULE = "ansible_collections.awx.awx.plugins.module_utils.controller_api"


class ControllerError(QlikCloudError):
    """The controller cannot be read; ``str()`` of it says why, and what to do."""


class Controller:
    def __init__(self, module: Any):
        self._module = module

    def find(self, endpoint: str, **query: Any) -> list[dict[str, Any]]:
        """The objects of an endpoint that the query selects, of all pages. Raises ControllerError."""
        answer = self._module.get_endpoint(endpoint, data={**query, "page_size": 200})
        results: list[dict[str, Any]] = []
        for _page in range(MAX_PAGES):
            body = answer.get("json")
            if answer.get("status_code") != 200 or not isinstance(body, dict) or not _is_list_of_records(body):
                raise ControllerError(f"The controller does not list {endpoint}: {_get_detail(answer)}")
            results += body["results"]
            if not body.get("next"):
                return results
            answer = self._module.get_endpoint(str(body["next"]))
        raise ControllerError(f"The controller does not list {endpoint}: its list has no end after {MAX_PAGES} pages.")


def _is_list_of_records(body: Mapping[str, Any]) -> bool:
    records = body.get("results")
    return isinstance(records, list) and all(isinstance(record, dict) and "id" in record for record in records)


def _get_detail(answer: Mapping[str, Any]) -> str:
    body = answer.get("json")
    detail = body.get("detail") if isinstance(body, dict) else None
    return str(detail or f"its answer has status {answer.get('status_code')} and is no list of objects.")


@contextmanager
def sign_in() -> Iterator[Controller]:
    """Raises ControllerError for a missing collection, and for a sign-in that is refused once something is read."""
    try:
        module_class = import_module(CONTROLLER_API_MODULE).ControllerAPIModule
    except ImportError as error:
        raise ControllerError(
            "The collection awx.awx is missing, or cannot be loaded, by which the controller is set up "
            f"({error}). Install it: ansible-galaxy collection install awx.awx. The Python package ansible has it as well."
        ) from None
    module = None
    try:
        module = module_class(
            argument_spec={},
            direct_params=_read_environment(module_class.AUTH_ARGSPEC),
            error_callback=_fail,
            warn_callback=lambda warning: None,
        )
        yield Controller(module)
    except ControllerError as error:
        raise ControllerError(_explain(str(error), getattr(module, "host", None))) from None
    finally:
        if module is not None:
            module.logout()


def _fail(msg: Any = "", **_more: Any) -> None:
    raise ControllerError(str(msg))


def _read_environment(spec: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What the modules of awx.awx take from the environment, by the names of their options."""
    found = {}
    for name, argument in spec.items():
        for variable in argument.get("fallback", (None, []))[1]:
            if variable in os.environ:
                found[name] = _convert(os.environ[variable], argument.get("type"))
                break
    return found


def _convert(text: str, kind: str | None) -> Any:
    if kind == "bool":
        return boolean(text, strict=False)
    return float(text) if kind == "float" else text


def _explain(reason: str, host: str | None) -> str:
    if host and _hide_user_info(host) != host:
        return (
            f"The controller's address {_hide_user_info(host)} was given with a user or a password in it. Take them out of "
            "CONTROLLER_HOST, and give them by CONTROLLER_USERNAME and CONTROLLER_PASSWORD."
        )
    where = f"the controller {host}" if host else "the controller"
    if "401" in reason:
        return (
            f"{where[0].upper()}{where[1:]} refuses the sign-in ({reason.rstrip('.')}). Look at CONTROLLER_USERNAME and "
            "CONTROLLER_PASSWORD, or CONTROLLER_OAUTH_TOKEN, or the file tower_cli.cfg."
        )
    if "CONTROLLER_HOST" not in os.environ and "TOWER_HOST" not in os.environ and _is_connection_failure(reason):
        return f"{reason.rstrip('.')}. CONTROLLER_HOST is not set; it is the controller's address, such as https://awx.example.com."
    if "parse the response json" in reason:
        reason = "its answer is not JSON, so something else answers there. Look at CONTROLLER_HOST, and at proxies."
    return reason if host and host in reason else f"{where[0].upper()}{where[1:]} cannot be read: {reason}"


def _hide_user_info(address: str) -> str:
    """The address without what is before an @, which may be a password."""
    return re.sub(r"//.*@", "//", address)


def _is_connection_failure(reason: str) -> bool:
    return any(word in reason for word in ("trying to connect", "Failed to get token", "resolve"))
