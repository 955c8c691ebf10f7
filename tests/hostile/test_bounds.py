# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory and time of a run have bounds, whatever comes: 200 MB, and for each call three times ``timeout``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from emulator_process import EmbeddedTenant
from exchanges import Answer

from hostile import manners
from hostile.gateway import Exchange, Gateway, Manner, Rule, serve_gateway
from hostile.holders import unheld
from hostile.lateness import watched
from hostile.manners import MEBIBYTE
from hostile.module_run import ForkedRun, Run
from hostile.scene import DESCRIPTION, KEYS, ONE_KEY, Scene

ME = "/api/v1/users/me"
SIGN_IN = "/oauth/token"
HUNDREDS_OF_MEGABYTES = 300 * MEBIBYTE
MOST_DECODED = 4 * MEBIBYTE
# An id that is well-formed, and different for each page and record.
A_RECORD = {
    "description": "x",
    "status": "active",
    "sub": "somebody",
    "subType": "user",
    "expiry": "2099-01-01T00:00:00Z",
    "created": "2026-01-01T00:00:00Z",
    "createdByUser": "somebody",
    "tenantId": "a-tenant",
}


def records(count: int, filler: int = 0) -> Callable[[int], list]:
    """So many new records on each page, with so many letters of text each: words, since long runs might be tokens."""
    more = {"description": "x " * (filler // 2)}
    return lambda page: [{**A_RECORD, **more, "id": f"key-{page}-{number}"} for number in range(count)]


LARGE: dict[str, Manner] = {
    "a body without end": manners.endless_body(),
    "a failure without end": manners.endless_body(500),
    "a page of 404 without end": manners.endless_body(404),
    "a redirect without end": manners.endless_body(302, Location="/elsewhere"),
    "a gzip bomb": manners.bomb(HUNDREDS_OF_MEGABYTES),
    "a deflate bomb": manners.bomb(HUNDREDS_OF_MEGABYTES, coding="deflate"),
    "a bomb in a bomb in a bomb": manners.bomb(HUNDREDS_OF_MEGABYTES, layers=3),
    "a length of 300 MB": manners.large_body(HUNDREDS_OF_MEGABYTES),
    "a header without end": manners.endless_header,
    "headers without end": manners.many_headers,
    "nested 100 000 deep": manners.instead(Answer(200, manners.nested())),
    "nested as deep as fits": manners.instead(Answer(200, b"[" * (MOST_DECODED - MEBIBYTE))),
    "as many records as fit": manners.instead(Answer(200, b'{"data":[' + b"{}," * (MOST_DECODED // 3 - 10) + b"{}]}")),
    "two million records": manners.instead(Answer(200, b'{"data":[' + b"{}," * (2 * 10**6) + b"{}]}")),
}


@pytest.mark.parametrize("manner", LARGE.values(), ids=LARGE)
def test_a_large_answer_needs_no_more_than_200_mb(scene: Scene, manner):
    rule = scene.gateway.spoil("GET", KEYS, manner)
    run = scene.run_in_little_memory("api_key_info", retries=0)
    assert rule.struck
    assert run.failed


@pytest.mark.parametrize("filler", [10_000, 60_000])
def test_large_pages_for_ever_need_no_more_than_200_mb(scene: Scene, filler):
    scene.gateway.spoil("GET", KEYS, manners.pages_for_ever(records(100, filler)))
    assert scene.run_in_little_memory("api_key_info").failed


@pytest.mark.parametrize("manner", [manners.endless_body(), LARGE["a gzip bomb"]], ids=["without end", "bomb"])
def test_a_large_answer_to_the_sign_in_needs_no_more_than_200_mb(scene: Scene, manner):
    scene.gateway.spoil("POST", SIGN_IN, manner)
    pair = {name: scene.stage.ready[name] for name in ("client_id", "client_secret")}
    assert scene.run_in_little_memory("tenant_info", access_token=None, retries=0, **pair).failed


@pytest.mark.parametrize("name", ["a body without end", "a gzip bomb", "a failure without end", "nested 100 000 deep"])
def test_a_large_answer_to_the_request_for_a_key_needs_no_more_and_leaves_none_loose(scene: Scene, name):
    scene.gateway.spoil("POST", KEYS, manners.after(LARGE[name]))
    run = scene.run_in_little_memory("api_key", description=DESCRIPTION, token_file=str(scene.file))
    assert unheld(run, scene.active(), [], scene.folder) == []


def test_an_answer_that_is_just_not_too_large_is_read(scene: Scene):
    made = scene.make()
    blank = b" " * (MOST_DECODED - MEBIBYTE)
    large = manners.rewritten(lambda real: Answer(real.status, blank + real.body, real.headers))
    scene.gateway.spoil("GET", KEYS, large)
    run = scene.run_in_little_memory("api_key_info")
    assert [key["id"] for key in run.result["api_keys"]] == [made["id"]]


@pytest.mark.parametrize("count", [0, 1])
def test_pages_for_ever_have_an_end(scene: Scene, count):
    scene.gateway.spoil("GET", KEYS, manners.pages_for_ever(records(count)))
    assert scene.run("api_key_info").failed


def test_a_redirect_for_ever_has_an_end(scene: Scene):
    scene.gateway.spoil(
        "GET", ".*", lambda exchange: Answer(302, b"", {"Location": f"/x{len(scene.gateway.exchanges)}"})
    )
    assert scene.run("api_key_info").failed
    assert len(scene.gateway.exchanges) < 50


TIMEOUT = 2.0
CALL_SECONDS = 3 * TIMEOUT
# What a call may outlive that, on a machine that has nothing else to do.
OUTLIVED = 2.0
PAUSE = 0.25
# Only so that nothing is waited for for ever.
PATIENCE = 120.0


@dataclass(frozen=True)
class Slow:
    """A call that is answered so slowly that it must be given up, and the run that makes it.

    ``is_seen``: whether it was done can be seen by another call, so that the run need not fail.
    """

    module: str
    method: str
    path: str
    manner: Manner
    given: dict[str, Any]
    skip: int = 0
    is_seen: bool = False


def reads(manner: Manner) -> Slow:
    return Slow("api_key_info", "GET", KEYS, manner, {})


SLOW: dict[str, Slow] = {
    "silence": reads(manners.silent),
    "a byte at a time": reads(manners.dripped(PAUSE)),
    "a byte of the body at a time": reads(manners.dripped_body(PAUSE)),
    "interim answers without end": reads(manners.continued_for_ever(PAUSE)),
    "a failure, a byte at a time": reads(manners.dripped_body(PAUSE, lambda exchange: manners.page(500))),
    "the sign-in": Slow("tenant_info", "POST", SIGN_IN, manners.dripped(PAUSE), {"access_token": None}),
    "the request for a key": Slow("api_key", "POST", KEYS, manners.dripped_body(PAUSE), {"description": DESCRIPTION}),
    "the headers of the request for a key": Slow(
        "api_key", "POST", KEYS, manners.dripped(PAUSE), {"description": DESCRIPTION}
    ),
    "a deletion": Slow(
        "api_key", "DELETE", ONE_KEY, manners.dripped(PAUSE), {"description": "held 1", "state": "absent"}, is_seen=True
    ),
    "a renaming": Slow(
        "api_key", "PATCH", ONE_KEY, manners.dripped(PAUSE), {"id": "{held}", "description": "other"}, is_seen=True
    ),
    "the second page": Slow("api_key_info", "GET", KEYS, manners.dripped_body(PAUSE), {}, skip=1),
}


@dataclass(frozen=True)
class Waited:
    """What became of one slow call: the finished run, the rule that made it slow, and the keys that are active now.

    ``late``: seconds by which this machine was late meanwhile, in sum.
    """

    run: Run
    rule: Rule
    active: list[str]
    late: float


@pytest.fixture(scope="module")
def waited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Waited]]:
    """All slow calls at once, since they do nothing but wait: each with a tenant of its own, and a gateway before that."""
    with ExitStack() as stack:
        lateness = stack.enter_context(watched())
        tenants = stack.enter_context(EmbeddedTenant(tenants=len(SLOW), settings={"link_style": "relative"}))
        started = {
            name: _started(
                slow, tenant, stack.enter_context(serve_gateway(gateway_root(tenants.url))), tenant.ready["url"]
            )
            for (name, slow), tenant in zip(SLOW.items(), tenants.all)
        }
        ended = {name: (run.wait(), rule, _active(tenant)) for name, (run, rule, tenant) in started.items()}
        for _run, rule, _keys in ended.values():
            _wait_until_over(rule.struck)
        yield {name: Waited(*what, lateness.seconds) for name, what in ended.items()}


def _started(slow: Slow, tenant: Any, gateway: Gateway, url: str) -> Any:
    """The gateway leads to the process of all tenants; which one is told by the path."""
    base = url.removeprefix(gateway_root(url))
    tenant.control("PATCH", "settings", {"tier1_per_minute": 0, "tier2_per_minute": 0})
    held = tenant.control("POST", "keys", {"count": 1, "prefix": "held"})["keys"][0]
    ready = tenant.ready
    given = {"tenant_url": gateway.url + base, "access_token": ready["admin_token"], "timeout": TIMEOUT, "retries": 0}
    if slow.path == SIGN_IN:
        given |= {name: ready[name] for name in ("client_id", "client_secret")}
    given |= {
        name: value.format(held=held["id"]) if isinstance(value, str) else value for name, value in slow.given.items()
    }
    if slow.skip:
        gateway.spoil("GET", base + KEYS, manners.with_next(f"{base}{KEYS}?limit=99"), times=slow.skip)
    rule = gateway.spoil(slow.method, base + slow.path, slow.manner)
    options = {name: value for name, value in given.items() if value is not None}
    return ForkedRun(slow.module, options, seconds=PATIENCE), rule, tenant


def gateway_root(url: str) -> str:
    """The address without a path."""
    return "/".join(url.split("/")[:3])


def _active(tenant: Any) -> list[str]:
    return [key["id"] for key in tenant.control("GET", "keys")["keys"] if key["status"] == "active"]


@pytest.mark.parametrize("name", SLOW)
def test_no_call_outlives_its_deadline(waited: dict[str, Waited], scene: Scene, name):
    """By the gateway's clock: from when it was asked to when the client let go of the connection."""
    run, struck = scene.judged(waited[name].run), waited[name].rule.struck
    assert struck
    assert run.failed or SLOW[name].is_seen
    most = CALL_SECONDS + OUTLIVED + waited[name].late
    assert [f"{call.lasted:.1f} s" for call in struck if call.lasted > most] == []


def _wait_until_over(struck: list[Exchange]) -> None:
    """The gateway notices a moment later that a client has gone."""
    end = time.monotonic() + PATIENCE
    while any(call.lasted is None for call in struck) and time.monotonic() < end:
        time.sleep(0.05)


@pytest.mark.parametrize("name", ["the request for a key", "the headers of the request for a key"])
def test_a_key_whose_answer_is_slow_is_not_left_loose(waited: dict[str, Waited], tmp_path, name):
    slow = waited[name]
    made = slow.active[1:]
    assert unheld(slow.run, made, [], tmp_path) == []


def test_a_deletion_whose_answer_is_slow_is_looked_up(waited: dict[str, Waited]):
    assert waited["a deletion"].active == []
