# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls the official Python SDK as told by lines of JSON on stdin, and answers each by a line of JSON on stdout.

The first line says where and how to sign in: `{url, access_token}` or `{url, client_id, client_secret}`. Each further
one is a call, `{call, arguments}`; the answer is `{result}`, or `{refused: status}`. tests/conformance/official_clients.py
is the other end. Runs with an interpreter that has qlik-sdk.
"""

from __future__ import annotations

import json
import sys
import warnings
from dataclasses import is_dataclass
from typing import Any

from qlik_sdk import AuthType, Config, Qlik
from qlik_sdk.rest import AuthenticationException
from requests import HTTPError


def main() -> None:
    # The SDK warns of parameters that it sends itself.
    warnings.simplefilter("ignore", DeprecationWarning)
    calls = None
    for line in sys.stdin:
        order = json.loads(line)
        try:
            if calls is None:
                calls, answer = Calls(signed_in(**order)), None
            else:
                answer = getattr(calls, order["call"])(**order["arguments"])
            print(json.dumps({"result": plain(answer)}), flush=True)
        except HTTPError as refusal:
            print(json.dumps({"refused": refusal.response.status_code}), flush=True)
        except AuthenticationException:
            print(json.dumps({"refused": 401}), flush=True)


def signed_in(
    url: str, access_token: str | None = None, client_id: str | None = None, client_secret: str | None = None
) -> Qlik:
    if access_token is not None:
        return Qlik(Config(host=url, auth_type=AuthType.APIKey, api_key=access_token))
    qlik = Qlik(Config(host=url, auth_type=AuthType.OAuth2, client_id=client_id, client_secret=client_secret))
    qlik.auth.authorize()
    return qlik


class Calls:
    """The calls by the names that official_clients.py uses. Lists come whole, whatever the length of their pages."""

    def __init__(self, qlik: Qlik) -> None:
        self._qlik = qlik

    def me(self) -> Any:
        return self._qlik.users.get_me()

    def user(self, id: str) -> Any:
        return self._qlik.users.get(id)

    def users(self, **query: Any) -> Any:
        return list(self._qlik.users.get_users(**query).pagination)

    def keys(self, **query: Any) -> Any:
        return list(self._qlik.api_keys.get_api_keys(**query).pagination)

    def key(self, id: str) -> Any:
        return self._qlik.api_keys.get(id)

    def create_key(self, **body: Any) -> Any:
        return self._qlik.api_keys.create(body)

    def patch_key(self, id: str, operations: list[dict[str, Any]]) -> None:
        self._qlik.api_keys.get(id).patch(operations)

    def delete_key(self, id: str) -> None:
        self._qlik.api_keys.get(id).delete()

    def config(self, tenant_id: str) -> Any:
        return self._qlik.api_keys.get_config(tenant_id)

    def patch_config(self, tenant_id: str, operations: list[dict[str, Any]]) -> None:
        self._qlik.api_keys.patch_config(tenant_id, operations)


def plain(value: Any) -> Any:
    """The SDK's objects as what their JSON was; `auth` is what it hangs on to each for further calls."""
    if is_dataclass(value):
        return {name: plain(member) for name, member in vars(value).items() if name != "auth"}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


if __name__ == "__main__":
    main()
