# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that fail on their way, over https and by a proxy: repeated where it is safe, and told as what they are."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from exchanges import Answer

from hostile import manners
from hostile.gateway import Exchange, Manner, Raw, on_the_wire
from hostile.module_run import ForkedRun, Run
from hostile.other_host import closed_port
from hostile.proxy import OPENED, PASSWORD, Proxy, refusing
from hostile.scene import DESCRIPTION, KEYS, Scene

TENANT = "https://tenant.example"
NOT_KNOWN = "is not known"
TIMEOUT = 2.0
# Only so that nothing is waited for for ever.
PATIENCE = 120.0


def cut_within(exchange: Exchange) -> Raw:
    """Half of the answer, and then the end of the connection without the end of TLS."""
    whole = on_the_wire(exchange.real())
    return Raw([whole[: len(whole) // 2]])


CUTS: dict[str, Manner] = {"before the answer": manners.unheard, "within the answer": cut_within}


class Road:
    """The way to the tenant over https: ``direct``, or by the proxy."""

    def __init__(self, scene: Scene, certified: Any, proxy: Proxy):
        self.scene = scene
        self.gateway = certified.gateway
        self.proxy = proxy
        self._trusted = {"ca_path": str(certified.ca_path)}
        # Each call needs a connection of its own, so that each asks the proxy.
        self.gateway.keeps_connections = False

    def direct(self, module: str, **given: Any) -> Run:
        return self.scene.run(module, **{"tenant_url": self.gateway.url, **self._trusted, **given})

    def by_proxy(self, module: str, proxy: str | None = None, **given: Any) -> Run:
        run = self.scene.run(
            module,
            environment={"HTTPS_PROXY": self.proxy.url if proxy is None else proxy},
            **{"tenant_url": TENANT, **self._trusted, **given},
        )
        assert PASSWORD not in run.printed
        return run

    @property
    def client_pair(self) -> dict[str, Any]:
        """A sign-in whose first call is a POST."""
        pair = {name: self.scene.stage.ready[name] for name in ("client_id", "client_secret")}
        return {"access_token": None, **pair}


@pytest.fixture
def road(scene: Scene, certified, proxy: Proxy) -> Road:
    return Road(scene, certified, proxy)


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_a_read_that_was_cut_is_repeated(road: Road, cut):
    rule = road.gateway.spoil("GET", "/api/v1/users/me", cut, times=1)
    assert not road.direct("tenant_info").failed
    assert len(rule.struck) == 1


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_a_cut_is_not_called_a_matter_of_certificates(road: Road, cut):
    rule = road.gateway.spoil("GET", "/api/v1/users/me", cut)
    run = road.direct("tenant_info", retries=2)
    assert run.failed and len(rule.struck) == 3
    assert "certificate" not in run.message and "ca_path" not in run.message


def test_a_write_that_was_cut_is_not_repeated_without_a_look(road: Road):
    road.gateway.spoil("POST", KEYS, manners.lost, times=1)
    run = road.direct("api_key", description=DESCRIPTION, token_file=str(road.scene.file))
    assert not run.failed
    assert road.scene.active() == [road.scene.stored_key()]


@pytest.mark.parametrize("way", ["a read", "a write"])
def test_a_certificate_that_nobody_vouches_for_is_told_with_what_to_do(road: Road, way):
    run = road.direct("tenant_info", ca_path=None, **(road.client_pair if way == "a write" else {}))
    assert run.failed
    assert "certificate" in run.message and "ca_path" in run.message
    assert NOT_KNOWN not in run.message
    assert road.gateway.exchanges == []


def test_https_at_a_port_of_plain_http_is_told_so(road: Road):
    port = road.scene.gateway.authority.rpartition(":")[2]
    for given in ({}, road.client_pair):
        run = road.direct("tenant_info", tenant_url=f"https://127.0.0.1:{port}", retries=0, **given)
        assert run.failed
        assert "certificate" not in run.message and "ca_path" not in run.message
        assert re.search("plain|TLS|speaks http|no https|not https", run.message), run.message
        assert NOT_KNOWN not in run.message


def test_plain_http_at_a_port_of_https_is_no_more_than_a_failure(road: Road):
    port = road.gateway.authority.rpartition(":")[2]
    assert road.direct("tenant_info", tenant_url=f"http://127.0.0.1:{port}", retries=0).failed
    refusal = Answer(400, b"<html><title>The plain HTTP request was sent to HTTPS port</title></html>")
    road.scene.gateway.spoil("*", ".*", manners.instead(refusal))
    assert road.scene.run("tenant_info").failed


def test_by_a_proxy_all_goes_well(road: Road):
    run = road.by_proxy("api_key", description=DESCRIPTION, token_file=str(road.scene.file))
    assert not run.failed and road.proxy.asked
    assert road.scene.active() == [road.scene.stored_key()]


ONCE: dict[str, list[bytes]] = {
    "503": refusing(503, "Service Unavailable"),
    "502": refusing(502, "Bad Gateway"),
    "a cut": [],
    "a cut within the handshake": [OPENED],
    "a cut with half of an answer": [b"HTTP/1.1 200 Conn"],
}


@pytest.mark.parametrize("pieces", ONCE.values(), ids=ONCE)
def test_what_a_proxy_refuses_once_is_asked_again(road: Road, pieces):
    road.proxy.answered = lambda number: pieces if number == 0 else None
    assert not road.by_proxy("tenant_info").failed


REFUSED: dict[str, Callable[[], list[bytes]]] = {
    "407": lambda: refusing(407, "Proxy Authentication Required"),
    "403": lambda: refusing(403, "Forbidden"),
    "503": lambda: refusing(503, "Service Unavailable"),
    "garbage": lambda: [b"\x00\xff\x1b[31mgarbage\r\n\r\n"],
    "garbage in the reason": lambda: [b"HTTP/1.1 407 \x1b[31m" + b"x" * 20_000 + b"\r\n\r\n"],
    "nothing": list,
}


@pytest.mark.parametrize("pieces", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("way", ["a read", "a write"])
def test_what_a_proxy_refuses_was_not_sent(road: Road, pieces, way):
    road.proxy.answered = lambda number: pieces()
    run = road.by_proxy("tenant_info", **(road.client_pair if way == "a write" else {}))
    assert run.failed
    assert "proxy" in run.message
    assert "certificate" not in run.message
    assert NOT_KNOWN not in run.message
    assert road.gateway.exchanges == []


@pytest.mark.parametrize("pieces", REFUSED.values(), ids=REFUSED)
def test_a_request_for_a_key_that_a_proxy_refuses_makes_none(road: Road, pieces):
    road.proxy.answered = lambda number: pieces() if road.gateway.asked("GET", KEYS) else None
    run = road.by_proxy("api_key", description=DESCRIPTION, token_file=str(road.scene.file))
    assert run.failed and "proxy" in run.message
    assert NOT_KNOWN not in run.message
    assert road.scene.active() == [] and road.scene.files() == {}


@pytest.mark.parametrize("way", ["a read", "a write"])
def test_a_proxy_that_is_not_there_is_named(road: Road, way):
    port = closed_port()
    proxy = f"http://user:{PASSWORD}@127.0.0.1:{port}"
    run = road.by_proxy("tenant_info", proxy, **(road.client_pair if way == "a write" else {}))
    assert run.failed
    assert "proxy" in run.message and f"127.0.0.1:{port}" in run.message
    assert NOT_KNOWN not in run.message


@pytest.mark.sample(10)
@pytest.mark.parametrize(
    "proxy",
    [
        f"http://user:{PASSWORD}@[127.0.0.1",
        f"http://user:{PASSWORD}@127.0.0.1:port",
        f"http://user:{PASSWORD}@127.0.0.1:99999",
        f"http://user:{PASSWORD}@:8080",
        f"nonsense://user:{PASSWORD}@127.0.0.1:8080",
        f"socks5://user:{PASSWORD}@127.0.0.1:8080",
        f"//user:{PASSWORD}@127.0.0.1:1",
        f"http://user:{PASSWORD}\\@127.0.0.1:1",
        f"http://user:{PASSWORD}@",
    ],
)
@pytest.mark.parametrize("way", ["a read", "a write"])
def test_a_proxy_of_a_wrong_address_is_told_without_its_password(road: Road, proxy, way):
    run = road.by_proxy("tenant_info", proxy, **(road.client_pair if way == "a write" else {}))
    assert run.failed
    assert re.search("proxy", run.message, re.IGNORECASE)
    assert NOT_KNOWN not in run.message


def test_no_proxy_is_asked_on_the_way_to_this_machine(scene: Scene):
    proxy = f"http://{scene.other.authority}"
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        assert not scene.run("tenant_info", environment={name: proxy}).failed
    assert scene.other.received == []


def test_a_proxy_has_no_more_time_than_the_tenant(road: Road):
    """A byte at a time, and lines without end: each read is quick, and it is the deadline that ends the call."""
    road.proxy.pause = 0.25
    lines = itertools.chain([OPENED[:-2]], itertools.repeat(b"X: y\r\n"))
    slow = lines, (bytes([byte]) for byte in itertools.cycle(OPENED[:-2]))
    road.proxy.answered = lambda number: slow[number] if number < len(slow) else []
    given = {"tenant_url": TENANT, "timeout": TIMEOUT, "retries": 0}
    runs = [
        ForkedRun(
            "tenant_info", road.scene.options(**given), seconds=PATIENCE, environment={"HTTPS_PROXY": road.proxy.url}
        )
        for _answer in slow
    ]
    for run in [started.wait() for started in runs]:
        assert road.scene.judged(run).failed
        assert f"within {3 * TIMEOUT:g} s (three times the option timeout)" in run.message
