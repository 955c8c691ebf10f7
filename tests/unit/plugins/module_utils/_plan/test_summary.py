# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.summary import format_summary

HOST = "tenant.example.com"


def action(verb: str, description: str, reason: str = "why") -> dict:
    return {"action": verb, "id": None, "description": description, "reason": reason}


THREE = [action("create", "weekly"), action("update", "UserDefault"), action("retire", "old")]


@pytest.mark.parametrize(
    ("is_done", "message"),
    [
        (True, "made weekly (why), changed UserDefault (why), retired old (why)"),
        (False, "would make weekly (why), would change UserDefault (why), would retire old (why)"),
    ],
)
def test_what_was_done_or_would_be_is_told_in_order(is_done, message):
    assert format_summary(HOST, THREE, is_done=is_done) == f"{HOST}: {message}"


@pytest.mark.parametrize("is_done", [False, True])
def test_nothing_to_do_is_told(is_done):
    assert format_summary(HOST, [], is_done=is_done) == f"{HOST}: nothing to do"


def test_keys_that_were_left_are_told_beside():
    message = format_summary(HOST, THREE[:1], is_done=True, left_alone=["a", "b"])
    assert message == f"{HOST}: made weekly (why); not there to be renewed, so left to onboard: a, b"


@pytest.mark.parametrize(("count", "more"), [(6, ""), (7, ", and 1 more"), (1000, ", and 994 more")])
def test_of_many_the_first_are_told_and_the_others_counted(count, more):
    message = format_summary(HOST, [action("create", f"k{number}") for number in range(count)], is_done=True)
    assert message.endswith(f"made k5 (why){more}") and "k6" not in message


def test_it_is_one_line_that_fills_no_log():
    actions = [action("create", "a\nb\u202e" * 500, "x\x1b[2J" * 500)] * 20
    message = format_summary(HOST, actions, is_done=True, left_alone=["y\r\n" * 5000])
    assert len(message) <= 2000 and not set("\n\r\x1b\u202e") & set(message)
