# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever becomes of the answer to a request for a key: no key is left whose token nobody holds and nobody is told of."""

from __future__ import annotations

import json

import pytest
from exchanges import Answer

from hostile import manners
from hostile.gateway import Exchange, Manner
from hostile.holders import unheld
from hostile.module_run import Run
from hostile.scene import DESCRIPTION, KEYS, ONE_KEY, Scene

DIGITS = "9" * 20
DATES = {
    "a year of 20 digits": f"Mon, 01 Jan {DIGITS} 00:00:00 GMT",
    "a year of 11 digits": "Mon, 01 Jan 99999999999 00:00:00 GMT",
    "the year 0": "Mon, 01 Jan 0000 00:00:00 GMT",
    "a zone of 20 digits": f"Mon, 01 Jan 2026 00:00:00 +{DIGITS}",
    "a negative zone of 20 digits": f"Mon, 01 Jan 2026 00:00:00 -{DIGITS}",
    "the end of time in the far west": "Fri, 31 Dec 9999 23:59:59 -1400",
    "the beginning of time in the far east": "Mon, 01 Jan 0001 00:00:00 +1400",
    "50 kB": "Mon, 01 Jan 2026 " + "0" * 50_000,
    "no date": "\x1b[31m",
    "empty": "",
}
SPOILED: dict[str, Manner] = {
    **{f"Date: {name}": manners.with_headers(Date=value) for name, value in DATES.items()},
    "nested lists": manners.with_body(manners.nested()),
    "nested objects": manners.with_body(manners.nested(kind="object")),
    "a number of 10 000 digits": manners.with_body(b'{"id": ' + b"1" * 10_000 + b"}"),
    "not UTF-8": manners.with_body(b'{"id": "\xff\xfe"}'),
    "empty body": manners.with_body(b""),
    "a list": manners.edited(lambda document: [document]),
    "null": manners.with_body(b"null"),
    "20 MiB": manners.rewritten(lambda real: Answer(201, b" " * 20 * manners.MEBIBYTE + real.body, real.headers)),
    **{
        f"id {name}": manners.fields_set(id=value)
        for name, value in {
            "empty": "",
            "blank": " ",
            "dots": "..",
            "one dot": ".",
            "a path": "../api-keys/configs",
            "a query": "x?limit=1",
            "with a line break": "k\n1",
            "of ESC": "\x1b[2J",
            "of a lone surrogate": "\ud800",
            "of 1 MB": "x" * 1_000_000,
            "null": None,
            "a number": 7,
            "a list": ["x"],
            "true": True,
        }.items()
    },
    **{
        f"token {name}": manners.fields_set(token=value)
        for name, value in {
            "null": None,
            "empty": "",
            "a number": 7,
            "a word": "token",
            "with a line break": "eyJhbGciOiJFUzM4NCJ9.\neyJqdGkiOiJrLTEifQ.c2ln",
            "of a lone surrogate": "\ud800",
            "of 1 MB": "eyJhbGciOiJFUzM4NCJ9.eyJqdGkiOiJrLTEifQ." + "x" * 1_000_000,
            "a list": ["x"],
        }.items()
    },
    **{
        f"{name} null": manners.fields_set(**{name: None})
        for name in ("description", "status", "sub", "subType", "expiry", "created", "createdByUser", "tenantId")
    },
    "expiry at the end of time": manners.fields_set(expiry="9999-12-31T23:59:59-14:00"),
    "created at the beginning of time": manners.fields_set(created="0001-01-01T00:00:00+14:00"),
    **{
        f"a page with {status}": manners.after(manners.foreign(status))
        for status in (200, 201, 400, 404, 409, 429, 503)
    },
    **{
        f"nothing with {status}": manners.after(manners.instead(Answer(status))) for status in (200, 202, 204, 205, 299)
    },
    "a redirect": manners.after(manners.redirected("/elsewhere")),
    "no answer": manners.lost,
    "half of it": manners.rewritten(lambda real: Answer(201, real.body[:40], real.headers, promised=len(real.body))),
    "garbage for headers": manners.after(
        lambda exchange: manners.Raw([b"HTTP/1.1 201 Created\r\n\x00\xff: \r\nx\r\n\r\n"])
    ),
    "no HTTP": manners.after(lambda exchange: manners.Raw([b"\x15\x03\x01\x00\x02\x02\x0a"])),
    "gzip that is none": manners.with_headers(Content_Encoding="gzip"),
}


def assert_nothing_is_loose(scene: Scene, run: Run, held: list[str]) -> None:
    """No key without a holder; and what was asked to be deleted were keys, by their ids."""
    assert unheld(run, scene.active(), held, scene.folder) == []
    ids = {exchange.path.rpartition("/")[2] for exchange in scene.gateway.asked("DELETE", ".*")}
    assert all(exchange.path.startswith(f"{KEYS}/") for exchange in scene.gateway.asked("DELETE", ".*"))
    assert ids <= set(made_ids(scene))


def made_ids(scene: Scene) -> list[str]:
    """The ids of all keys that were ever made, by the tenant's own answers through the gateway."""
    return [json.loads(exchange.real().body)["id"] for exchange in scene.gateway.asked("POST", KEYS)]


@pytest.mark.sample(60)
@pytest.mark.parametrize("manner", SPOILED.values(), ids=SPOILED)
@pytest.mark.parametrize("store", ["file", "caller"])
def test_a_spoiled_answer_leaves_no_key_loose(scene: Scene, manner, store):
    other = scene.make("of somebody else")["id"]
    scene.gateway.spoil("POST", KEYS, manner)
    given = {"token_file": str(scene.file)} if store == "file" else {}
    run = scene.run("api_key", description=DESCRIPTION, **given)
    assert_nothing_is_loose(scene, run, [other])
    assert other in scene.active()


@pytest.mark.parametrize("name", DATES)
def test_no_date_keeps_a_run_from_its_end(scene: Scene, name):
    scene.gateway.spoil("*", ".*", manners.with_headers(Date=DATES[name]))
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file))
    assert not run.failed
    assert scene.active() == [scene.stored_key()]
    assert not scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file)).result["changed"]


@pytest.mark.parametrize("name", ["id dots", "nested lists", "no answer", "token null"])
def test_once_spoiled_the_key_is_made_all_the_same_or_the_failure_says_why_not(scene: Scene, name):
    scene.gateway.spoil("POST", KEYS, SPOILED[name], times=1)
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file))
    assert_nothing_is_loose(scene, run, [])
    again = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file))
    assert not again.failed
    assert scene.active() == [scene.stored_key()]
    assert list(scene.files()) == [scene.file.name]


@pytest.mark.parametrize("name", ["no answer", "nested lists", "id empty", "Date: a year of 20 digits"])
def test_when_the_look_is_spoiled_as_well_the_user_is_told(scene: Scene, name):
    scene.gateway.spoil("POST", KEYS, SPOILED[name])
    scene.gateway.spoil("GET", KEYS, manners.foreign(503), skip=1)
    for given in ({"token_file": str(scene.file)}, {}):
        run = scene.run("api_key", description=DESCRIPTION, **given)
        loose = unheld(run, scene.active(), [], scene.folder)
        # Nobody can name what cannot be seen; then the message says that it must be looked for.
        assert loose == [] or (run.failed and DESCRIPTION in run.message), run.printed


def lagging(scene: Scene) -> Manner:
    """A list that lacks the keys that were made through the gateway."""

    def change(document: dict) -> None:
        document["data"] = [record for record in document["data"] if record["id"] not in made_ids(scene)]

    return manners.edited(change)


def test_a_lost_answer_and_a_list_that_lags_are_remembered_until_the_list_has_it(scene: Scene):
    scene.gateway.spoil("POST", KEYS, manners.lost, times=1)
    scene.gateway.spoil("GET", KEYS, lagging(scene))
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file))
    [lost, *_later] = made_ids(scene)
    assert lost in scene.active()
    assert scene.marker.exists()
    assert run.failed or run.warnings
    scene.gateway.reset()
    again = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file))
    assert not again.failed
    assert scene.active() == [scene.stored_key()]
    assert not scene.marker.exists()
    last = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file))
    assert not last.result["changed"] and last.warnings == []


def test_without_a_file_doubt_is_told(scene: Scene):
    scene.gateway.spoil("POST", KEYS, manners.lost, times=1)
    scene.gateway.spoil("GET", KEYS, lagging(scene))
    run = scene.run("api_key", description=DESCRIPTION)
    assert run.failed or any("may" in warning and DESCRIPTION in warning for warning in run.warnings), run.printed


def stale(exchange: Exchange) -> Answer:
    """The record as it was before it was deleted."""
    key_id = exchange.path.rpartition("/")[2]
    return Answer.of(200, KNOWN[key_id])


KNOWN: dict[str, dict] = {}


@pytest.mark.parametrize("way", ["absent", "renewal"])
def test_a_deleted_key_that_is_shown_for_two_more_seconds_is_no_failure(scene: Scene, way):
    made = scene.make_stored()
    KNOWN[made["id"]] = {name: value for name, value in made.items() if name != "token"}
    scene.gateway.spoil("GET", f"{KEYS}/{made['id']}", manners.within_seconds(2.0, stale))
    given = {"state": "absent"} if way == "absent" else {"force_renew": True, "overlap": "PT0S"}
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), **given)
    assert not run.failed, run.message
    assert scene.active() == ([] if way == "absent" else [scene.stored_key()])
    assert made["id"] not in scene.active()
    assert not scene.marker.exists()


def test_one_that_stays_is_a_failure(scene: Scene):
    made = scene.make_stored()
    scene.gateway.spoil("DELETE", ONE_KEY, manners.foreign(204))
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), state="absent")
    assert run.failed and made["id"] in run.message
    assert scene.stored_key() == made["id"] and scene.active() == [made["id"]]
