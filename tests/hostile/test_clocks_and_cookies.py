# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant's clock that is far from this machine's decides nothing, and nothing but the token says who asks."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from exchanges import Answer

from hostile import manners
from hostile.gateway import Exchange
from hostile.scene import DESCRIPTION, KEYS, Scene

ME = "/api/v1/users/me"
OFF = {
    "25 h ahead": timedelta(hours=25),
    "400 days ahead": timedelta(days=400),
    "7000 years ahead": timedelta(days=365 * 7000),
    "25 h behind": timedelta(hours=-25),
    "400 days behind": timedelta(days=-400),
}


def date(off: timedelta) -> str:
    return format_datetime(datetime.now(timezone.utc) + off, usegmt=True)


@pytest.mark.parametrize("off", OFF.values(), ids=OFF)
@pytest.mark.parametrize("lost", ["replace", "fail"])
def test_a_key_that_is_active_is_not_expired_by_a_clock(scene: Scene, off, lost):
    made = scene.make_stored(expiry="PT24H")
    scene.gateway.spoil("*", ".*", manners.with_headers(Date=date(off)))
    before = scene.files()
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), on_lost_token=lost)
    assert not run.failed and not run.result["changed"]
    assert scene.active() == [made["id"]]
    assert scene.files() == before
    assert any(re.search("clock|time", warning) for warning in run.warnings), run.warnings


@pytest.mark.parametrize("name", ["25 h ahead", "400 days behind"])
def test_absent_and_renewal_do_what_is_asked_whatever_the_clock_says(scene: Scene, name):
    made = scene.make_stored(expiry="PT24H")
    scene.gateway.spoil("*", ".*", manners.with_headers(Date=date(OFF[name])))
    renewed = scene.run(
        "api_key", description=DESCRIPTION, token_file=str(scene.file), force_renew=True, overlap="PT0S"
    )
    assert not renewed.failed
    [key_id] = scene.active()
    assert key_id == scene.stored_key() != made["id"]
    absent = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), state="absent")
    assert not absent.failed
    assert scene.active() == [] and scene.files() == {}


def test_a_clock_that_is_off_renews_nothing_before_its_time(scene: Scene):
    made = scene.make_stored(expiry="P10D")
    scene.gateway.spoil("*", ".*", manners.with_headers(Date=date(timedelta(days=9, hours=20))))
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), renew_before="P1D")
    assert not run.result["changed"]
    assert scene.active() == [made["id"]]


def test_a_clock_that_agrees_is_worth_no_warning(scene: Scene):
    scene.make_stored()
    scene.gateway.spoil("*", ".*", manners.with_headers(Date=date(timedelta(seconds=20))))
    assert scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file)).warnings == []


@pytest.mark.parametrize("status", [200, 302])
def test_no_cookie_is_kept(scene: Scene, status):
    scene.make_stored()
    if status == 302:
        redirect = Answer(302, b"", {"Location": f"{ME}?again", "Set-Cookie": "session=of-the-admin"})
        scene.gateway.spoil("GET", ME, manners.instead(redirect), times=1)
    scene.gateway.spoil("*", ".*", manners.cookie())
    scene.run("token_info", token_file=str(scene.file))
    scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), force_renew=True, overlap="PT0S")
    assert scene.gateway.asked("POST", KEYS)
    assert [name for exchange in scene.gateway.exchanges for name in exchange.headers if name.lower() == "cookie"] == []


def test_a_token_is_not_valid_because_the_session_of_the_admin_is(scene: Scene):
    made = scene.make_stored()
    signed_with = f"Bearer {made['token']}"

    def by_session(exchange: Exchange) -> Answer:
        if "session=of-the-admin" in exchange.headers.get("Cookie", ""):
            exchange = scene.gateway.exchange("GET", ME, {**exchange.headers, "Authorization": admins}, b"")
        elif exchange.headers["Authorization"] == signed_with:
            return manners.refusal(401)
        real = exchange.real()
        return Answer(real.status, real.body, {**real.headers, "Set-Cookie": "session=of-the-admin; Path=/"})

    admins = f"Bearer {scene.stage.ready['admin_token']}"
    scene.gateway.spoil("GET", ME, by_session)
    run = scene.run("token_info", token_file=str(scene.file))
    assert run.result["valid"] is False
