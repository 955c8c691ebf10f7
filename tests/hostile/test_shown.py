# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run shows of what others wrote: no token in whatever form, nothing that a terminal obeys, and not too much."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from exchanges import Answer

from hostile import manners
from hostile.module_run import Run
from hostile.scene import DESCRIPTION, KEYS, ONE_KEY, Scene

ME = "/api/v1/users/me"
FORMS: dict[str, Callable[[str], str]] = {
    "whole": lambda token: token,
    "within a text": lambda token: f"before {token} after",
    "the signature": lambda token: token.rpartition(".")[2],
    "the second half": lambda token: token[len(token) // 2 :],
    "percent-encoded": lambda token: "".join(f"%{byte:02X}" for byte in token.encode()),
    "as a query": lambda token: f"https://example.com/?token={quote(token)}",
}
TEXTS = ("description", "createdByUser", "tenantId", "sub", "expiry", "lastUpdated")


def refused(token: str, form: Callable[[str], str], status: int = 400) -> Answer:
    """A refusal that repeats the token in each of its texts."""
    text = form(token)
    errors = [{"code": text, "title": text, "detail": text}]
    return Answer.of(status, {"errors": errors, "traceId": text}, **{"X-Trace": text})


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("status", [400, 500])
def test_a_refusal_that_repeats_the_stored_token_does_not_show_it(scene: Scene, form, status):
    made = scene.make_stored()
    scene.gateway.spoil("POST", KEYS, manners.instead(refused(made["token"], form, status)))
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), force_renew=True)
    assert run.failed


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("store", ["file", "caller"])
def test_a_record_that_repeats_the_new_token_does_not_show_it(scene: Scene, form, store):
    def repeat(document: dict) -> None:
        for name in ("createdByUser", "tenantId", "lastUpdated", "x-note"):
            document[name] = form(document["token"])

    scene.gateway.spoil("POST", KEYS, manners.edited(repeat))
    given = {"token_file": str(scene.file)} if store == "file" else {}
    run = scene.run("api_key", description=DESCRIPTION, **given)
    assert not run.failed
    if store == "caller":
        assert run.result["token"] in scene.gateway.issued


def test_halves_of_the_new_token_in_two_fields_are_not_shown(scene: Scene):
    def repeat(document: dict) -> None:
        half = len(document["token"]) // 2
        document.update(createdByUser=document["token"][:half], tenantId=document["token"][half:])

    scene.gateway.spoil("POST", KEYS, manners.edited(repeat))
    assert not scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file)).failed


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_comes_after_the_making_does_not_show_the_new_token(scene: Scene, form):
    """The record that is read back, the refusal of what follows, and the list of a later run."""
    old = scene.make_stored()

    def newest() -> str:
        return json.loads(scene.gateway.asked("POST", KEYS)[-1].real().body)["token"]

    scene.gateway.spoil("DELETE", ONE_KEY, lambda exchange: refused(newest(), form, 403))
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), force_renew=True, overlap="PT0S")
    assert run.failed and old["id"] in scene.active()
    scene.gateway.spoil(
        "GET",
        KEYS,
        manners.edited(lambda page: [r.update(createdByUser=form(newest())) for r in page["data"]] and None),
    )
    again = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file))
    assert not again.failed


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("path", [ME, ONE_KEY])
def test_what_the_tenant_says_of_a_token_does_not_show_it(scene: Scene, form, path):
    made = scene.make_stored()
    text = form(made["token"])
    scene.gateway.spoil("GET", path, manners.fields_set(name=text, email=text, description=text, createdByUser=text))
    scene.run("token_info", token_file=str(scene.file))
    scene.run("token_info", token=made["token"])


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_access_token_is_shown_in_no_form(scene: Scene, form):
    text = form(scene.stage.ready["admin_token"])
    scene.make()
    scene.gateway.spoil("GET", KEYS, manners.fields_set(**dict.fromkeys(TEXTS, text)), times=1)
    scene.run("api_key_info")
    scene.gateway.spoil("GET", KEYS, manners.instead(refused(scene.stage.ready["admin_token"], form)))
    assert scene.run("api_key_info").failed


OBEYED = {
    "ESC": "\x1b]0;title\x07\x1b[31mred\x1b[2J",
    "C1": "\x9b31mred \x85 \x90",
    "bidi": "\u202egpj.exe \u2066x\u2069 \u200f",
    "invisible": "\u200b\ufeff\u00ad\u2028\u2029",
    "C0": "\x00\x01\b\r\v\f\x7f",
}
SENT = {
    "what terminals obey": "".join(OBEYED.values()),
    "lone surrogate": "\ud800 \udfff",
    "60 kB": "x" * 60_000,
    "60 kB of wide letters": "語" * 60_000,
}


@pytest.mark.parametrize("text", OBEYED.values(), ids=OBEYED)
def test_what_a_terminal_obeys_is_not_shown(scene: Scene, text):
    errors = [{"code": text, "title": text, "detail": text}]
    scene.gateway.spoil("GET", KEYS, manners.instead(Answer.of(400, {"errors": errors, "traceId": text})))
    assert scene.run("api_key_info").failed


@pytest.mark.sample(10)
@pytest.mark.parametrize("text", SENT.values(), ids=SENT)
@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_titles_are_plain_and_short(scene: Scene, text, status):
    fields = {"code": text, "title": text, "detail": text}
    answer = Answer.of(status, {"errors": [fields] * 50, "traceId": text})
    scene.gateway.spoil("GET", KEYS, manners.instead(answer))
    run = scene.run("api_key_info", rate_limit_wait=0, retries=0)
    assert run.failed and str(status) in run.message


@pytest.mark.parametrize("text", SENT.values(), ids=SENT)
def test_the_sign_ins_refusal_is_plain_and_short(scene: Scene, text):
    answer = Answer.of(401, {"error": text, "error_description": text})
    scene.gateway.spoil("POST", "/oauth/token", manners.instead(answer))
    pair = {name: scene.stage.ready[name] for name in ("client_id", "client_secret")}
    assert scene.run("tenant_info", access_token=None, **pair).failed


def headered(text: str) -> str:
    """As much of it as a header line may have."""
    return (
        "".join(letter for letter in text[:60_000] if letter not in "\r\n")
        .encode("utf-8", "surrogatepass")
        .decode("latin-1")
    )


@pytest.mark.sample(10)
@pytest.mark.parametrize("text", SENT.values(), ids=SENT)
@pytest.mark.parametrize("place", ["content type", "host of a location", "path of a location", "trace header"])
def test_headers_are_plain_and_short(scene: Scene, text, place):
    sent = headered(text)[:60_000]
    answers = {
        "content type": Answer(200, b"<html>", {"Content-Type": f"text/{sent}"}),
        "host of a location": Answer(302, b"", {"Location": f"https://{sent}.example/x"}),
        "path of a location": Answer(302, b"", {"Location": f"/{sent}"}),
        "trace header": Answer(500, b"", {"X-Trace-Id": sent}),
    }
    scene.gateway.spoil("GET", KEYS, manners.instead(answers[place]), times=1)
    assert scene.run("api_key_info", retries=0).failed


@pytest.mark.sample(8)
@pytest.mark.parametrize("text", SENT.values(), ids=SENT)
@pytest.mark.parametrize("start", ["https://", "//", "/", ""])
def test_links_are_plain_and_short(scene: Scene, text, start):
    scene.gateway.spoil("GET", KEYS, manners.with_next(f"{start}{text}.example/{text}?{text}"), times=1)
    assert scene.run("api_key_info", retries=0).failed


@pytest.mark.parametrize("text", SENT.values(), ids=SENT)
def test_words_about_records_are_plain_and_short(scene: Scene, text):
    """Each of these runs has something to say of a record that holds such texts."""
    made = scene.make_stored()
    spoiled = manners.fields_set(description=text, sub=text, createdByUser=text, id=text)
    scene.gateway.spoil("GET", KEYS, spoiled)
    scene.gateway.spoil("GET", ONE_KEY, manners.fields_set(description=text, sub=text, createdByUser=text))
    runs: list[Run] = [
        scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file)),
        scene.run("api_key", id=made["id"], description="renamed"),
        scene.run("api_key", id=made["id"], state="absent"),
        scene.run("api_keys", keys=[], purge=True, purge_scope={"sub_type": "user"}),
        scene.run("api_key_info"),
        scene.run("token_info", token_file=str(scene.file)),
    ]
    assert all(run.has_ended for run in runs)


@pytest.mark.parametrize("text", SENT.values(), ids=SENT)
def test_words_about_the_tenant_are_plain_and_short(scene: Scene, text):
    scene.gateway.spoil("GET", "/api/v1/tenants/me", manners.fields_set(name=text, hostnames=[text], id=text))
    scene.gateway.spoil(
        "GET", ME, manners.fields_set(name=text, email=text, subject=text, assignedRoles=[{"name": text}])
    )
    scene.gateway.spoil("GET", "/api/v1/roles", manners.fields_set(description=text, assignedScopes=[text], type=text))
    for run in (
        scene.run("tenant_info"),
        scene.run("api_key_permission"),
        scene.run("api_key_config", max_keys_per_user=7),
    ):
        assert run.has_ended
