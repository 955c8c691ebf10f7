# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from requests import Session

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import COMMON_OPTIONS
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.sessions import MAX_SESSIONS, Sessions
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    AccessToken,
    ImpersonatedUser,
    OAuthClient,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in import SignIn
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE

OPTIONS = {**{name: argument.get("default") for name, argument in COMMON_OPTIONS.items()}, "headers": {"X-Gate": "a"}}
CLIENT = OAuthClient("client-7", "secret-of-client")


def lent(
    sessions: Sessions,
    options: dict[str, Any] | None = None,
    url: str = BASE,
    credentials: Any = CLIENT,
    environment: dict[str, str] | None = None,
    warnings: list[str] | None = None,
) -> Calls:
    sign_in = SignIn(url, credentials, frozenset({"secret-of-client"}))
    given = {**OPTIONS, **(options or {})}
    return sessions.connect(sign_in, given, environment or {}, (warnings or []).append, Progress())


def test_who_asks_for_the_very_same_gets_the_same():
    sessions = Sessions()
    assert lent(sessions) is lent(sessions)


@pytest.mark.parametrize(
    "other",
    [
        {"url": "https://other.example.com"},
        {"credentials": OAuthClient("client-7", "another-secret")},
        {"credentials": OAuthClient("client-7", "secret-of-client", context="prod")},
        {
            "credentials": OAuthClient(
                "client-7", "secret-of-client", acting_as=ImpersonatedUser("impersonate_subject", "a")
            )
        },
        {"credentials": AccessToken("a-token-of-one")},
        {"environment": {"HTTPS_PROXY": "http://127.0.0.1:9"}},
        {"options": {"validate_certs": False}},
        {"options": {"headers": {"X-Gate": "b"}}},
        {"options": {"headers": None}},
        {"options": {"timeout": 1.0}},
        {"options": {"ca_path": __file__}},
    ],
    ids=str,
)
def test_nobody_gets_anybody_elses(other):
    sessions = Sessions()
    own = lent(sessions)
    assert lent(sessions, **other) is not own
    assert lent(sessions) is own


def test_each_run_has_secrets_and_warnings_of_its_own():
    sessions = Sessions()
    warnings: list[list[str]] = [["first"], ["second"]]
    http = lent(sessions, warnings=warnings[0]).http
    http.secrets.add("secret-of-one-run")
    http.warn("odd")
    assert lent(sessions, warnings=warnings[1]).http is http
    http.warn("odd")
    assert warnings == [["first", "odd"], ["second", "odd"]]
    assert http.secrets.hide("secret-of-one-run") == "secret-of-one-run"
    assert "secret-of-client" not in http.secrets.hide("It is secret-of-client.")


def test_only_the_last_few_are_kept_and_the_others_closed(monkeypatch):
    closed = []

    def close(session):
        closed.append(session)

    monkeypatch.setattr(Session, "close", close)
    sessions = Sessions()
    calls = [lent(sessions, {"headers": {"X-Run": str(number)}}) for number in range(MAX_SESSIONS + 3)]
    assert len(closed) == 3
    assert lent(sessions, {"headers": {"X-Run": str(MAX_SESSIONS + 2)}}) is calls[-1]
    assert lent(sessions, {"headers": {"X-Run": "0"}}) is not calls[0]
