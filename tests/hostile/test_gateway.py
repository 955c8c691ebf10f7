# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway does what the other tests here believe it to do."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable, Iterator

import pytest
import requests
from exchanges import Answer

from hostile import manners
from hostile.gateway import Exchange, Gateway, Raw, Rule
from hostile.other_host import OtherHost
from hostile.proxy import PASSWORD, refusing
from hostile.scene import KEYS, ONE_KEY, Scene

ME = "/api/v1/users/me"
PATIENCE = 30.0


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def ask(scene: Scene, session: requests.Session) -> Callable[..., requests.Response]:
    """A request to the gateway, signed in as the admin."""

    def send(method: str = "GET", path: str = ME, **named: object) -> requests.Response:
        headers = {"Authorization": f"Bearer {scene.stage.ready['admin_token']}"}
        url = scene.gateway.url + path
        return session.request(method, url, headers=headers, timeout=PATIENCE, allow_redirects=False, **named)

    return send


def read_by(gateway: Gateway, enough: int) -> bytes:
    """What a client gets that asks for the user's record, and goes when it has so many bytes, or at the end."""
    host, port = gateway.authority.split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as client:
        client.sendall(f"GET {ME} HTTP/1.1\r\nHost: {gateway.authority}\r\n\r\n".encode())
        read = b""
        while len(read) < enough and (piece := client.recv(65536)):
            read += piece
        return read


def test_what_is_not_spoiled_is_the_tenants_own(scene, ask):
    assert ask().json()["id"] == scene.stage.ready["user_id"]
    assert [str(exchange) for exchange in scene.gateway.exchanges] == [f"GET {ME}"]


def test_a_rule_takes_the_requests_that_it_names_as_often_as_it_says(scene, ask):
    rule = scene.gateway.spoil("GET", ME, manners.foreign(404), times=2, skip=1)
    assert [ask().status_code for _request in range(4)] == [200, 404, 404, 200]
    assert ask("GET", KEYS).status_code == 200
    assert len(rule.struck) == 2


def test_an_answer_before_the_work_leaves_the_tenant_alone_and_one_after_it_does_not(scene, ask):
    made = [scene.make(description)["id"] for description in ("before", "after")]
    scene.gateway.spoil("DELETE", f"{KEYS}/{made[0]}", manners.foreign(404))
    scene.gateway.spoil("DELETE", f"{KEYS}/{made[1]}", manners.after(manners.foreign(404)))
    assert [ask("DELETE", f"{KEYS}/{key_id}").status_code for key_id in made] == [404, 404]
    assert scene.active() == made[:1]


def test_status_headers_and_body_are_rewritten(scene, ask):
    scene.gateway.spoil("GET", ME, manners.fields_set(name=None), times=1)
    scene.gateway.spoil("GET", ME, manners.with_headers(Date="never", Set_Cookie="a=b"), times=1)
    scene.gateway.spoil("GET", ME, manners.with_body(manners.nested()))
    assert ask().json()["name"] is None
    headed = ask()
    assert (headed.headers["Date"], headed.headers["Set-Cookie"]) == ("never", "a=b")
    assert ask().content.startswith(b"[" * manners.NEST)


def test_a_cut_answer_is_none_and_the_work_is_done_or_not(scene, ask):
    scene.gateway.spoil("POST", KEYS, manners.lost, times=1)
    scene.gateway.spoil("POST", KEYS, manners.unheard)
    for description in ("lost", "unheard"):
        with pytest.raises(requests.ConnectionError):
            ask("POST", KEYS, json={"description": description})
    assert [key["description"] for key in scene.stage.state()["api_keys"]] == ["lost"]


@pytest.mark.parametrize(
    ("layers", "coding", "first"), [(1, "gzip", b"\x1f\x8b"), (3, "gzip", b"\x1f\x8b"), (1, "deflate", b"x")]
)
def test_a_bomb_is_small_and_unpacks_to_what_it_says(scene, ask, layers, coding, first):
    scene.gateway.spoil("GET", ME, manners.bomb(20 * manners.MEBIBYTE, layers, coding))
    response = ask(stream=True)
    packed = response.raw.read(decode_content=False)
    assert packed.startswith(first) and len(packed) < manners.MEBIBYTE
    assert ask().json() == manners.EMPTY_LIST
    if coding == "gzip":
        for _layer in range(layers):
            packed = gzip.decompress(packed)
        assert len(packed) > 20 * manners.MEBIBYTE


@pytest.mark.parametrize("manner", [manners.endless_body(), manners.endless_header, manners.many_headers])
def test_what_is_endless_goes_on_until_the_client_goes(scene, manner):
    rule = scene.gateway.spoil("GET", ME, manner)
    assert len(read_by(scene.gateway, 3 * manners.MEBIBYTE)) >= 3 * manners.MEBIBYTE
    wait_for_the_end(rule)
    # Fresh each time.
    assert read_by(scene.gateway, 100).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    ("manner", "start", "pauses"),
    [
        (manners.dripped(0.01), b"HTTP/1.1", 8),
        (manners.dripped_body(0.01), b"HTTP/1.1 401 Unauthorized\r\n", 1),
        (manners.continued_for_ever(0.01), b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n", 2),
        (manners.silent, b"", 0),
    ],
)
def test_what_is_slow_is_noted_with_how_long_it_lasted(scene, manner, start, pauses):
    rule = scene.gateway.spoil("GET", ME, manner)
    assert read_by(scene.gateway, len(start)).startswith(start)
    assert wait_for_the_end(rule).lasted >= 0.009 * pauses


def wait_for_the_end(rule: Rule) -> Exchange:
    """The first exchange that the rule took, when it is over."""
    end = time.monotonic() + PATIENCE
    while not (rule.struck and rule.struck[0].lasted is not None) and time.monotonic() < end:
        time.sleep(0.01)
    [first, *_others] = rule.struck
    assert first.lasted is not None
    return first


def test_a_body_may_be_shorter_than_promised(scene, ask):
    scene.gateway.spoil("GET", ME, manners.instead(Answer(200, b"{}", promised=10)))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask()


def test_a_connection_may_be_reset_within_an_answer(scene, ask):
    scene.gateway.spoil(
        "GET", ME, manners.instead(Raw([b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"], ending="reset"))
    )
    with pytest.raises(requests.RequestException):
        ask()


def test_redirects_links_and_pages_lead_where_they_are_told(scene, ask):
    scene.gateway.spoil("GET", ME, manners.redirected("http:\\\\other\\@tenant"))
    scene.gateway.spoil("GET", KEYS, manners.with_next("//other"), times=1)
    scene.gateway.spoil("GET", KEYS, manners.pages_for_ever(lambda number: [number]))
    assert ask().headers["Location"] == "http:\\\\other\\@tenant"
    assert ask("GET", KEYS).json()["links"]["next"] == {"href": "//other"}
    pages = [ask("GET", KEYS).json() for _page in range(3)]
    assert [page["data"] for page in pages] == [[0], [1], [2]]
    assert len({page["links"]["next"]["href"] for page in pages}) == 3


def test_headers_may_hold_what_they_should_not(scene):
    scene.gateway.spoil("GET", ME, manners.instead(Answer(200, b"{}", {"Content-Type": "\x1b[31m\u202e"})))
    assert b"Content-Type: \x1b[31m\xe2\x80\xae\r\n" in read_by(scene.gateway, 60)


def test_a_lag_ends(scene, ask):
    scene.gateway.spoil("GET", ME, manners.within_seconds(1.0, manners.foreign(404)))
    assert ask().status_code == 404
    time.sleep(1.0)
    assert ask().status_code == 200


def test_over_https_and_by_a_proxy_it_is_the_same(scene, certified, proxy):
    with requests.Session() as session:
        session.trust_env = False
        headers = {"Authorization": f"Bearer {scene.stage.ready['admin_token']}"}
        how = {"headers": headers, "verify": str(certified.ca_path), "timeout": PATIENCE}
        direct = session.get(certified.gateway.url + ME, **how)
        tunnelled = session.get(f"https://tenant.example{ME}", proxies={"https": proxy.url}, **how)
        assert direct.json()["id"] == tunnelled.json()["id"] == scene.stage.ready["user_id"]
        proxy.answered = lambda number: refusing(407, "Proxy Authentication Required")
        certified.gateway.keeps_connections = False
        session.close()
        with pytest.raises(requests.exceptions.ProxyError, match="407"):
            session.get(f"https://tenant.example{ME}", proxies={"https": proxy.url}, **how)
    assert [head.split()[:2] for head in proxy.asked] == [[b"CONNECT", b"tenant.example:443"]] * 2
    assert PASSWORD in proxy.url and PASSWORD.encode() not in proxy.asked[0]


def test_the_other_host_keeps_what_it_is_sent_and_answers(other: OtherHost, session):
    answer = session.get(f"http://{other.authority}/x", headers={"Authorization": "Bearer told"}, timeout=PATIENCE)
    assert answer.json()["data"] == []
    assert b"Bearer told" in other.received[0]


def test_all_that_was_issued_is_known(scene, ask):
    token = ask("POST", KEYS, json={"description": "x"}).json()["token"]
    assert token in scene.gateway.issued
    assert [json.loads(exchange.body) for exchange in scene.gateway.asked("POST", KEYS)] == [{"description": "x"}]
    assert scene.gateway.asked("DELETE", ONE_KEY) == []
