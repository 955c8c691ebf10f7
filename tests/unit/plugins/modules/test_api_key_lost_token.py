# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stored token that is not the active key's: what each policy makes of each state of the file."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import TENANT_ID, USER, USER_ID, jwt, record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    KEYS,
    MINE,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_no_record,
    expect_record,
    expect_retirement,
    steps,
)

ACTIVE = record("active")


@dataclass(frozen=True)
class State:
    """What the file holds (None: there is no file), what is read to know more of it, and how it is called.

    ``answer`` is the record of the token's key, or the status with which it is refused, None where nobody asks.
    """

    content: str | None
    reason: str
    is_replaceable: bool
    answer: dict | int | None = None


STATES = {
    "missing": State(None, "holds no token, and Qlik Cloud never shows a token again", True),
    "empty": State(" \n", "holds no token", True),
    "garbage": State("my shopping list", "something that is not a token", False),
    "settings": State(f"A=1\nQLIK_KEY={token_of('active')}\nB=2\n", "something that is not a token", False),
    "of no named key": State(jwt({}), "a token that does not say which API key it is of", False),
    "of another active key": State(
        token_of("other"),
        "the token of API key other, which is active as 'weekly'",
        False,
        record("other", description="weekly"),
    ),
    "revoked": State(token_of("other"), "key other, which is revoked", True, record("other", status="revoked")),
    "expired": State(token_of("other"), "key other, which is expired", True, record("other", status="expired")),
    "deleted": State(token_of("other"), "key other, which has been deleted", True, 404),
    "of no key, but to sign in with": State(
        jwt({"jti": "other", "sub": USER_ID, "subType": "user", "tenantId": TENANT_ID}, typ="at+jwt"),
        "know nothing",
        False,
        404,
    ),
    "of another tenant": State(token_of("other", tenantId="another"), "know nothing", False, 404),
    "of no named tenant": State(token_of("other", tenantId=None), "know nothing", False, 404),
    "of another user": State(token_of("other", sub="u9"), "know nothing", False, 404),
    "forbidden": State(token_of("other"), "know nothing", False, 403),
    "of another system": State(token_of("other"), "know nothing", False, 400),
}


@pytest.fixture(params=STATES)
def state(request, path) -> State:
    """One of the states, with the file in it."""
    state = STATES[request.param]
    if state.content is not None:
        path.write_text(state.content)
        path.chmod(0o600)
    return state


def expect_reads(wire, state: State, *active: dict) -> None:
    expect_my_keys(wire, *active)
    if isinstance(state.answer, dict):
        expect_record(wire, state.answer)
    elif state.answer:
        wire.expects("GET", f"{KEYS}/other").answers(state.answer)


def content_of(path) -> str | None:
    return path.read_text() if path.exists() else None


@pytest.mark.parametrize("check", [False, True])
def test_by_default_it_fails_with_reads_only_and_says_what_to_do(wire, path, ensure, state, check):
    expect_reads(wire, state, ACTIVE)
    result = ensure(check=check, verbosity=3)
    assert f"API key 'nightly reload' (user {USER_ID}) is active (id active), but token_file {path}" in result.message
    assert state.reason in result.message
    way_out = "set on_lost_token: replace" if state.is_replaceable else "Nothing was changed: give another path"
    assert way_out in result.message
    assert "changed" not in result.results and "exception" not in result.results
    assert content_of(path) == state.content
    assert state.content is None or state.content not in result.text


@pytest.mark.parametrize("policy", ["fail", "replace", "ignore"])
def test_without_an_active_key_a_token_of_no_key_is_lost_as_well(wire, path, ensure, state, policy):
    expect_reads(wire, state)
    nothing_is_lost = state.content is None or not state.content.strip()
    if nothing_is_lost or (state.is_replaceable and policy != "fail"):
        expect_new_key(wire, "new")
        assert steps(ensure(on_lost_token=policy).results) == ["create new"]
        assert path.read_text() == token_of("new") + "\n"
    else:
        assert state.reason in ensure(on_lost_token=policy).message
        assert content_of(path) == state.content


@pytest.mark.parametrize("check", [False, True])
def test_replacing_makes_a_key_stores_its_token_and_then_retires_the_others_of_that_name(
    wire, path, ensure, state, check
):
    expect_reads(wire, state, record("newer", created="2026-11-23T00:00:00Z"), ACTIVE)
    if not state.is_replaceable:
        assert "It was left as it is, and no key was made" in ensure(check=check, on_lost_token="replace").message
        assert content_of(path) == state.content
        return
    if check:
        assert steps(ensure(check=True, on_lost_token="replace").results) == ["create", "retire active", "retire newer"]
        assert content_of(path) == state.content
        return
    expect_new_key(wire, "new")
    expect_retirement(wire, "active")
    expect_retirement(wire, "newer")
    result = ensure(on_lost_token="replace")
    assert steps(result.results) == ["create new", "retire active", "retire newer"]
    assert (path.read_text(), list(path.parent.iterdir())) == (token_of("new") + "\n", [path])


@pytest.mark.parametrize("check", [False, True])
def test_ignoring_warns_and_leaves_everything_as_it_is(wire, path, ensure, state, check):
    expect_reads(wire, state, ACTIVE)
    result = ensure(check=check, on_lost_token="ignore")
    assert (result.results["changed"], result.results["api_key"]["id"]) == (False, "active")
    assert any(
        warning.startswith("on_lost_token is ignore: ") and state.reason in warning for warning in result.warnings
    )
    assert content_of(path) == state.content


def test_what_could_not_be_retired_after_a_replacement_is_retired_by_the_next_run(wire, path, ensure):
    expect_my_keys(wire, ACTIVE)
    expect_new_key(wire, "new", created="2026-11-23T00:00:00Z")
    wire.expects("DELETE", f"{KEYS}/active").answers(403)
    failed = ensure(on_lost_token="replace")
    assert (steps(failed.results), steps(failed.results, "remaining")) == (["create new"], ["retire active"])
    expect_my_keys(wire, record("new", created="2026-11-23T00:00:00Z"), ACTIVE)
    expect_retirement(wire, "active")
    done = ensure()
    assert (steps(done.results), done.warnings) == (["retire active"], [])
    assert list(path.parent.iterdir()) == [path]


def test_a_tenant_admin_is_shown_every_key_so_one_that_is_not_shown_is_gone(wire, path, ensure):
    path.write_text(token_of("other", sub="u9"))
    wire.expects("GET", "/api/v1/users/me").answers(json={**USER, "roles": ["TenantAdmin"]})
    expect_listing(wire, ACTIVE, **MINE)
    expect_no_record(wire, "other")
    assert "API key other, which has been deleted" in ensure().message


def test_the_lost_token_of_a_key_named_by_its_id_is_told_with_that_id(wire, run, path):
    expect_record(wire, ACTIVE)
    message = run("api_key", id="active", token_file=str(path)).message
    assert message.startswith(f"API key active is active (id active), but token_file {path} holds no token")
    assert "on_lost_token" not in message


@pytest.mark.parametrize("how", [{}, {"overlap": "PT0S", "force_renew": True}])
def test_a_token_that_does_not_name_its_key_is_stored_with_a_warning_and_what_it_succeeds_is_left(
    wire, path, stored, ensure, how
):
    if how:
        stored("active")
    expect_my_keys(wire, *([ACTIVE] if how else []))
    wire.expects("POST", KEYS, json=BODY).answers(201, json={**record("new"), "token": token_of("odd")})
    result = ensure(**how)
    assert (steps(result.results), path.read_text()) == (["create new"], token_of("odd") + "\n")
    assert [warning[:55] for warning in result.warnings] == ["The token of API key new does not carry the key's id as"]
    assert list(path.parent.iterdir()) == [path]


def test_such_a_token_is_called_lost_later_and_never_a_licence_to_make_another_key(wire, path, stored, ensure):
    token = stored("odd")
    expect_my_keys(wire, record("new"))
    expect_no_record(wire, "odd")
    assert "(id new), but token_file" in ensure().message
    assert path.read_text() == f"{token}\n"


def test_replacing_such_a_token_does_not_leave_more_keys_with_each_run(wire, path, stored, ensure):
    stored("odd")
    expect_my_keys(wire, record("new"))
    expect_no_record(wire, "odd")
    wire.expects("POST", KEYS, json=BODY).answers(201, json={**record("newer"), "token": token_of("odder")})
    expect_retirement(wire, "new")
    assert steps(ensure(on_lost_token="replace").results) == ["create newer", "retire new"]
    assert path.read_text() == token_of("odder") + "\n"
