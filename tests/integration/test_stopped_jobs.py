# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job that is cancelled at each step of making or renewing a key, for each store of its token, and the job after it.

docs/secret-stores.md has it as a table. The gate plays what is hardest for a store that gives nothing back, ``--every-store`` all of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import pytest
from conftest import Playground
from marked_processes import MARK, kill_marked
from onboarding import ONBOARD, ROTATE, active_keys, key_of, last_lines, on_day
from token_stores import DESCRIPTION, AwxStore, FileStore, VaultStore, store_of

pytestmark = pytest.mark.parametrize("generation", ["permission"])

STORES = ("awx", "vault", "file")
MAX_SECONDS = 300.0
MAKING, RETIRING = ("POST", "/api/v1/api-keys"), ("DELETE", "/api/v1/api-keys/[^/]+")
MOMENTS = {
    "before making": (*MAKING, "before", 1),
    "after making": (*MAKING, "after", 2),
    "after storing": (*RETIRING, "before", 2),
    "after retiring": (*RETIRING, "after", 1),
}
"""The call of the tenant that hangs when the job is cancelled, whether it is carried out before that, and how many keys are active."""
Store = FileStore | AwxStore | VaultStore


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    every = metafunc.config.getoption("--every-store")
    named = {marker.args[0] for marker in metafunc.definition.iter_markers("parametrize")}
    for name, of_gate, of_all in (("kind", ["awx"], STORES), ("moment", ["after making"], MOMENTS)):
        if name in metafunc.fixturenames and name not in named:
            metafunc.parametrize(name, of_all if every else of_gate)


@pytest.fixture
def store(enabled: Playground, kind: str) -> Iterator[Store]:
    enabled.raise_limits(scim_externalClient_expiry="P365D")
    on_day(enabled, 0)
    with ExitStack() as servers:
        yield store_of(kind, enabled, servers)


def make_and_store(store: Store) -> str:
    """The id of a key as a run on day 0 would have left it."""
    playground = store.playground
    sub = f"SCIM\\{playground.tenant.ready['idp_id']}"
    wanted = {"description": DESCRIPTION, "subType": "externalClient", "sub": sub, "expiry": "P180D"}
    made = playground.api("POST", "/api-keys", wanted).json()
    store.put(made["token"])
    return made["id"]


def cancel(store: Store, playbook: str, is_there: Callable[[], bool]) -> None:
    """Run a job and end it with all its processes once it is there."""
    mark = str(store.playground.folder.parent)
    with ThreadPoolExecutor() as pool:
        job = pool.submit(store.play, playbook, environment={MARK: mark}, expect=-9)
        try:
            deadline = time.monotonic() + MAX_SECONDS
            while not is_there():
                assert not job.done(), job.result().output
                assert time.monotonic() < deadline
                time.sleep(0.05)
        finally:
            kill_marked(mark)
        job.result()


def cancel_at(store: Store, playbook: str, call: tuple[str, str, str], active: int) -> None:
    """When the call hangs and so many keys are active."""
    playground, (method, path, when) = store.playground, call
    fault = {"method": method, "path": path, "when": when, "kind": "hang", "seconds": MAX_SECONDS}
    playground.forget_calls()
    playground.tenant.control("POST", "faults", fault)

    def hangs() -> bool:
        return any(made["fault"] for made in playground.calls()) and len(active_keys(playground)) == active

    cancel(store, playbook, hangs)


def test_a_renewal_that_is_cancelled_is_completed_by_the_next_job(store: Store, moment: str) -> None:
    old = make_and_store(store)
    on_day(store.playground, 155)
    *call, active = MOMENTS[moment]
    cancel_at(store, ROTATE, tuple(call), active)
    held = key_of(store.token)
    assert held in active_keys(store.playground), "what uses the token goes on to work"
    assert (held == old) is (moment in ("before making", "after making"))
    store.play(ROTATE)
    store.assert_holds_the_only_key()


def test_a_first_key_that_nobody_holds_is_replaced_by_the_next_job(store: Store) -> None:
    cancel_at(store, ONBOARD, (*MAKING, "after"), 1)
    [lost] = active_keys(store.playground)
    lines = last_lines(store.play(ONBOARD))
    store.assert_holds_the_only_key()
    assert key_of(store.token) != lost, lines


@pytest.mark.parametrize("kind", ["awx"])
@pytest.mark.parametrize("is_carried_out", [False, True], ids=["before", "after"])
def test_an_update_of_the_credential_that_is_cut_off_is_completed_by_the_next_job(
    store: AwxStore, is_carried_out: bool
) -> None:
    """The token is on its way to the store, which has it or not, and the job does not come to know."""
    old = make_and_store(store)
    on_day(store.playground, 155)
    arrived, over = Event(), Event()

    def hang() -> None:
        arrived.set()
        over.wait(MAX_SECONDS)
        # Without this what was cut off would be carried out after all.
        if not is_carried_out:
            raise ConnectionAbortedError

    name = "after_update" if is_carried_out else "before_update"
    setattr(store.awx, name, hang)
    cancel(store, ROTATE, arrived.is_set)
    setattr(store.awx, name, lambda: None)
    over.set()
    assert key_of(store.token) == store.awx.inputs["key_id"]
    assert (store.awx.inputs["key_id"] == old) is not is_carried_out
    store.play(ROTATE)
    store.assert_holds_the_only_key()
