# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The key has been made, and then its token cannot be stored, or not be read back."""

from __future__ import annotations

import errno
import os

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    KEYS,
    expect_my_keys,
    expect_new_key,
    expect_retirement,
    steps,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.token_files import brings_another

pytestmark = pytest.mark.usefixtures("now")

TOKEN = token_of("new")


@pytest.fixture
def cannot_read_back(monkeypatch, path):
    """Once a new token was put at the token file's path, it cannot be opened any more."""
    really = {name: getattr(os, name) for name in ("link", "replace", "open")}
    put = []

    def putting(name: str):
        def noted(source, target, **options):
            put.extend([target] if brings_another(path, source, target) else [])
            really[name](source, target, **options)

        return noted

    def opening(target, *arguments, **options):
        if put and target == path.name:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return really["open"](target, *arguments, **options)

    with monkeypatch.context() as patch:
        for name in ("link", "replace"):
            patch.setattr(os, name, putting(name))
        patch.setattr(os, "open", opening)
        yield patch


@pytest.mark.parametrize(("left", "outcome"), [(None, "deleted"), (record("new", status="revoked"), "revoked")])
def test_a_key_whose_token_cannot_be_stored_is_retired_again(wire, path, ensure, cannot_store, left, outcome):
    expect_my_keys(wire)
    expect_new_key(wire, "new")
    expect_retirement(wire, "new", left)
    result = ensure(return_token=True, diff=True, verbosity=3)
    assert "Input/output error" in result.message
    assert f"The API key just made, new, was retired again ({outcome})" in result.message
    assert (steps(result.results), result.results["actions"][1]["outcome"]) == (["create new", "retire new"], outcome)
    assert (result.results["changed"], "token" in result.results) == (True, False)
    assert TOKEN not in result.text
    assert list(path.parent.iterdir()) == []


def test_the_token_that_was_there_before_stays_and_its_key_lives_on(wire, path, stored, ensure, cannot_store):
    token = stored("old")
    expect_my_keys(wire, record("old"))
    expect_new_key(wire, "new")
    expect_retirement(wire, "new")
    result = ensure(force_renew=True, overlap="PT0S")
    assert (steps(result.results), steps(result.results, "remaining")) == (
        ["create new", "retire new"],
        ["create", "retire old"],
    )
    assert (path.read_text(), list(path.parent.iterdir())) == (f"{token}\n", [path])


def test_a_key_that_cannot_be_retired_again_is_named_and_retired_by_the_next_run(wire, path, ensure, cannot_store):
    expect_my_keys(wire)
    expect_new_key(wire, "new")
    wire.expects("DELETE", f"{KEYS}/new").answers(403)
    result = ensure()
    assert result.message.startswith(f"token_file: the token could not be written to {path}")
    assert "API key new is active and nobody holds its token: the next run retires it." in result.message
    assert (steps(result.results), result.results["failure"]["status"]) == (["create new"], 403)
    assert TOKEN not in result.text
    cannot_store.undo()
    expect_my_keys(wire, record("new"))
    expect_retirement(wire, "new")
    expect_new_key(wire, "newer")
    assert steps(ensure().results) == ["retire new", "create newer"]
    assert list(path.parent.iterdir()) == [path]


def test_after_a_failure_the_next_run_converges(wire, path, ensure, cannot_store):
    expect_my_keys(wire)
    expect_new_key(wire, "new")
    expect_retirement(wire, "new")
    assert ensure().results["failed"] is True
    cannot_store.undo()
    expect_my_keys(wire)
    expect_new_key(wire, "newer")
    assert ensure().results["api_key"]["id"] == "newer"
    assert (path.read_text(), list(path.parent.iterdir())) == (token_of("newer") + "\n", [path])


@pytest.mark.parametrize("held", [None, "old"])
def test_once_a_token_is_in_place_its_key_is_never_retired_and_nor_is_any_other(
    wire, path, stored, ensure, cannot_read_back, held
):
    keys = [record("old", created="2026-11-20T00:00:00Z")] if held else []
    if held:
        stored("old")
    expect_my_keys(wire, *keys)
    expect_new_key(wire, "new")
    result = ensure(force_renew=bool(held), overlap="PT0S")
    assert f"{path} cannot be read: Input/output error" in result.message
    assert "It was put there as that of API key new, and nothing was retired." in result.message
    assert steps(result.results) == ["create new"]
    cannot_read_back.undo()
    assert path.read_text() == TOKEN + "\n"
    expect_my_keys(wire, record("new"), *keys)
    if held:
        expect_retirement(wire, "old")
    assert steps(ensure(overlap="PT0S").results) == (["retire old"] if held else [])
    assert list(path.parent.iterdir()) == [path]


def test_a_token_that_could_not_be_read_back_is_still_returned_when_asked_for(wire, ensure, cannot_read_back):
    expect_my_keys(wire)
    expect_new_key(wire, "new")
    result = ensure(return_token=True)
    assert (result.results["token"], result.results["api_key"]["id"], result.results["failed"]) == (TOKEN, "new", True)
