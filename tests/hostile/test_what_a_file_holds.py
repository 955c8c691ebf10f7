# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token is the whole text of its file: one that holds something else, be a token in it or not, stays as it is."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from hostile import manners
from hostile.scene import DESCRIPTION, Scene

TOO_FAR = 70_000


def unsigned(token: str) -> str:
    return token.rpartition(".")[0] + "."


def without_algorithm(token: str) -> str:
    header = base64.urlsafe_b64encode(json.dumps({"typ": "JWT"}).encode()).decode().rstrip("=")
    return ".".join([header, *token.split(".")[1:]])


OTHERS: dict[str, Callable[[str], str | bytes]] = {
    "settings": lambda token: f"A=1\nQLIK_KEY={token}\nB=2\n",
    "one setting": lambda token: f"QLIK_KEY={token}\n",
    "JSON": lambda token: json.dumps({"token": token}),
    "YAML": lambda token: f"---\ntoken: {token}\n",
    "double quotes": lambda token: f'"{token}"\n',
    "single quotes": lambda token: f"'{token}'\n",
    "Bearer": lambda token: f"Bearer {token}\n",
    "a comment after it": lambda token: f"{token} # nightly reload\n",
    "a comment before it": lambda token: f"# nightly reload\n{token}\n",
    "wrapped": lambda token: "\n".join(token[start : start + 64] for start in range(0, len(token), 64)),
    "cut": lambda token: token[:-40],
    "cut to its half": lambda token: token[: len(token) // 2],
    "a letter missing": lambda token: token[:-1],
    "a letter more": lambda token: f"{token}A",
    "unsigned": unsigned,
    "without algorithm": without_algorithm,
    "two tokens": lambda token: f"{token}\n{token}\n",
    "two tokens in a row": lambda token: token + token,
    "four parts": lambda token: f"{token}.AAAA",
    "byte order mark": lambda token: b"\xef\xbb\xbf" + token.encode(),
    "UTF-16": lambda token: token.encode("utf-16"),
    "a null behind it": lambda token: f"{token}\x00",
    "padded base64": lambda token: f"{token}==",
    "standard base64": lambda token: token.replace("-", "+", 1).replace("_", "/", 1) + "+/",
    "settings far behind it": lambda token: token + "\n" * TOO_FAR + "A=1\n",
    "no UTF-8": lambda token: token.encode() + b"\xff",
    "no token at all": lambda token: "correct horse battery staple\n",
    "a private key": lambda token: "-----BEGIN PRIVATE KEY-----\nMIG2AgEA\n-----END PRIVATE KEY-----\n",
}
SAME: dict[str, Callable[[str], str]] = {
    "alone": lambda token: token,
    "a line": lambda token: f"{token}\n",
    "a line of Windows": lambda token: f"{token}\r\n",
    "blanks around": lambda token: f"\n  {token}\t\n\n",
}
WAYS: dict[str, dict[str, Any]] = {
    "kept": {},
    "renewed": {"force_renew": True, "overlap": "PT0S"},
    "lost is replaced": {"on_lost_token": "replace"},
    "lost is replaced and renewed": {"on_lost_token": "replace", "force_renew": True},
    "lost is ignored": {"on_lost_token": "ignore"},
}


@pytest.mark.sample(35)
@pytest.mark.parametrize("given", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
def test_what_is_no_token_stays_as_it_is_and_no_key_changes(scene: Scene, content, given):
    made = scene.make()
    scene.store(content(made["token"]), 0o640)
    before = scene.files()
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), **given)
    assert scene.files() == before
    assert scene.active() == [made["id"]]
    assert run.failed or given.get("on_lost_token") == "ignore"
    assert not run.result.get("changed")


@pytest.mark.sample(14)
@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
def test_absent_ends_the_key_and_leaves_the_file(scene: Scene, content):
    made = scene.make()
    scene.store(content(made["token"]), 0o640)
    before = scene.files()
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), state="absent")
    assert scene.files() == before
    assert scene.active() == []
    assert any(str(scene.file) in warning for warning in run.warnings)


@pytest.mark.sample(10)
@pytest.mark.parametrize("given", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("name", ["settings", "JSON", "unsigned", "two tokens", "UTF-16", "Bearer"])
def test_not_even_the_token_of_an_ended_key_is_taken_out_of_it(scene: Scene, name, given):
    made = scene.make()
    scene.store(OTHERS[name](made["token"]))
    scene.stage.revoke(made["id"])
    before = scene.files()
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), **given)
    assert run.failed
    assert scene.files() == before and scene.active() == []


@pytest.mark.sample(14)
@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
def test_it_is_not_tried_on_the_tenant_either(scene: Scene, content):
    made = scene.make()
    scene.store(content(made["token"]))
    run = scene.run("token_info", token_file=str(scene.file))
    assert run.failed or run.result["valid"] is False
    signed = {exchange.headers.get("Authorization") for exchange in scene.gateway.exchanges}
    assert signed <= {f"Bearer {scene.stage.ready['admin_token']}"}


@pytest.mark.parametrize("form", [unsigned, without_algorithm, lambda token: token[:-1]])
def test_a_scim_token_that_is_none_is_not_valid(scene: Scene, form):
    """It cannot be tried on the tenant, so its form is all there is beside the record."""
    made = scene.make(subType="externalClient", sub=f"SCIM\\{scene.stage.ready['idp_id']}")
    scene.store(form(made["token"]))
    for given in ({"token_file": str(scene.file)}, {"token": form(made["token"])}):
        run = scene.run("token_info", **given)
        assert run.failed or run.result["valid"] is False
    assert scene.run("token_info", token=made["token"]).result["valid"] is True


@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
def test_white_space_around_it_is_nothing(scene: Scene, content):
    made = scene.make()
    scene.store(content(made["token"]))
    before = scene.files()
    assert not scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file)).result["changed"]
    assert scene.files() == before
    assert scene.run("token_info", token_file=str(scene.file)).result["valid"] is True
    assert not scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), **WAYS["renewed"]).failed
    assert scene.active() == [scene.stored_key()] != [made["id"]]
    assert not scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), state="absent").failed
    assert scene.active() == [] and scene.files() == {}


@pytest.mark.parametrize("name", ["settings", "unsigned", "double quotes", "Bearer", "cut", "two tokens"])
def test_a_given_token_that_is_none_is_that_of_no_key(scene: Scene, name):
    made = scene.make()
    given = OTHERS[name](made["token"])
    run = scene.run("api_key", description=DESCRIPTION, token=given, on_lost_token="replace")
    assert run.failed
    assert scene.active() == [made["id"]]


def test_a_new_token_that_is_none_is_not_stored_for_one(scene: Scene):
    """What the tenant gives is judged as what a file holds is."""
    scene.gateway.spoil(
        "POST", "/api/v1/api-keys", manners.edited(lambda key: key.update(token=unsigned(key["token"])))
    )
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file))
    assert run.failed or any(key_id in " ".join(run.warnings) for key_id in scene.active())
