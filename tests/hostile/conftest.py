# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One embedded tenant, one gateway before it and one other host for all tests here; each test finds them as new."""

from __future__ import annotations

import gc
import random
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from emulator_process import EmbeddedTenant

from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import NO_LIMITS, Stage
from hostile.gateway import Gateway, serve_gateway
from hostile.module_run import foreign_variables
from hostile.other_host import OtherHost, serve_other_host
from hostile.proxy import Proxy, serve_proxy
from hostile.scene import Scene
from hostile.theatre import Theatre
from hostile.usual_calls import prepared_tenant

SEED = 2026
TENANT_NAME = "tenant.example"
"""A name that no resolver knows: only a proxy leads there."""


@dataclass(frozen=True)
class Certified:
    """The gateway over https; ``ca_path`` is the certificate of the authority that vouches for it."""

    gateway: Gateway
    ca_path: Path


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in foreign_variables():
            patch.delenv(name)
        # What is there now stays; a forked run then need not look through it, and so not copy it.
        gc.collect()
        gc.freeze()
        yield
        gc.unfreeze()


@pytest.fixture(scope="session")
def tenant() -> Iterator[EmbeddedTenant]:
    """Its links are relative, since it does not know the gateway's address."""
    with EmbeddedTenant(settings={"link_style": "relative", **NO_LIMITS}) as tenant:
        yield tenant
        assert tenant.stderr == ""


@pytest.fixture(scope="session")
def _gateway(tenant: EmbeddedTenant) -> Iterator[Gateway]:
    with serve_gateway(tenant.url) as gateway:
        yield gateway


@pytest.fixture
def gateway(_gateway: Gateway) -> Iterator[Gateway]:
    yield _gateway
    _gateway.reset()


@pytest.fixture(scope="session")
def _other() -> Iterator[OtherHost]:
    with serve_other_host() as other:
        yield other


@pytest.fixture
def other(_other: OtherHost) -> OtherHost:
    _other.reset()
    return _other


@pytest.fixture(scope="session")
def _certified(tenant: EmbeddedTenant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Certified]:
    authority, ca_path = trustme.CA(), tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", TENANT_NAME).configure_cert(context)
    with serve_gateway(tenant.url, context) as gateway:
        yield Certified(gateway, ca_path)


@pytest.fixture
def certified(_certified: Certified) -> Iterator[Certified]:
    yield _certified
    _certified.gateway.reset()


@pytest.fixture(scope="session")
def _proxy(_certified: Certified) -> Iterator[Proxy]:
    host, _colon, port = _certified.gateway.authority.partition(":")
    with serve_proxy((host, int(port))) as proxy:
        yield proxy


@pytest.fixture
def proxy(_proxy: Proxy) -> Iterator[Proxy]:
    """A proxy that leads to the certified gateway."""
    yield _proxy
    _proxy.reset()


@pytest.fixture
def scene(tenant: EmbeddedTenant, gateway: Gateway, other: OtherHost, tmp_path: Path) -> Scene:
    stage = Stage(tenant)
    stage.reset()
    folder = tmp_path / "tokens"
    folder.mkdir()
    return Scene(stage, gateway, other, folder)


@pytest.fixture(scope="session")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    with prepared_tenant(tmp_path_factory.mktemp("tenant")) as (tenant, cast):
        with serve_gateway(tenant.url) as gateway:
            yield Theatre(Stage(tenant), cast, gateway, tmp_path_factory.mktemp("tokens"))
        assert tenant.stderr == ""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "sample(count): of a large table only so many cases, unless --every-field is given"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of each large table the same sample in every run; the others are deselected, which pytest counts and tells."""
    if config.getoption("--every-field", default=False) or config.getoption("--field", default=""):
        return
    tables: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("sample"):
            tables.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left_out = set()
    for name, table in tables.items():
        [count] = table[0].get_closest_marker("sample").args
        drawn = random.Random(f"{SEED} {name}").sample(range(len(table)), min(count, len(table)))
        left_out |= {item for number, item in enumerate(table) if number not in drawn}
    items[:] = [item for item in items if item not in left_out]
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("hostile answers")
    group.addoption(
        "--every-field", action="store_true", help="spoil each field of each answer in each way, not a sample"
    )
    group.addoption(
        "--field", default="", help="spoil only the fields whose name, as a failure tells it, has this text"
    )


@pytest.fixture(scope="session")
def every_field(request: pytest.FixtureRequest) -> bool:
    return request.config.getoption("--every-field", default=False)


@pytest.fixture(scope="session")
def field(request: pytest.FixtureRequest) -> str:
    return request.config.getoption("--field", default="")
