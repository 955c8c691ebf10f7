# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A test that changes something gets a tenant as new: the same process, reset. Those that only read, or are only
refused, share one that is ready for use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from emulator_process import EmbeddedTenant
from hypothesis.configuration import set_hypothesis_home_dir
from tenant_api import Api, grant_to_everyone, running


def pytest_configure(config: pytest.Config) -> None:
    # Otherwise hypothesis keeps its files in a folder of its own in the checkout.
    set_hypothesis_home_dir(config.cache.mkdir("hypothesis"))


@pytest.fixture(scope="session")
def shared_tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedTenant]:
    """For reads and refusals: of the generation `permission`, everyone may manage keys, limits of rate are off."""
    for tenant in running("permission", tmp_path_factory.mktemp("shared")):
        tenant.control("PATCH", "settings", {"tier1_per_minute": 0, "tier2_per_minute": 0})
        grant_to_everyone(Api(tenant, tenant.ready["admin_token"]))
        yield tenant


@pytest.fixture(scope="session")
def shared_admin(shared_tenant: EmbeddedTenant) -> Api:
    return Api(shared_tenant, shared_tenant.ready["admin_token"])


@pytest.fixture(scope="session")
def shared_member(shared_tenant: EmbeddedTenant) -> Api:
    return Api(shared_tenant, shared_tenant.ready["member_token"])


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedTenant]:
    yield from running("permission", tmp_path_factory.mktemp("permission"))


@pytest.fixture(scope="session")
def switch_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedTenant]:
    yield from running("switch", tmp_path_factory.mktemp("switch"))


@pytest.fixture
def tenant(process: EmbeddedTenant) -> Iterator[EmbeddedTenant]:
    """Of the generation `permission`, with nobody allowed to manage keys yet."""
    yield from as_new(process)


@pytest.fixture
def switch_tenant(switch_process: EmbeddedTenant) -> Iterator[EmbeddedTenant]:
    """Of the generation `switch`, with the switch off."""
    yield from as_new(switch_process)


def as_new(tenant: EmbeddedTenant) -> Iterator[EmbeddedTenant]:
    tenant.control("POST", "reset")
    yield tenant
    assert tenant.stderr == "", "the tenant must not fail by itself"


@pytest.fixture
def admin(tenant: EmbeddedTenant) -> Api:
    """The TenantAdmin of `tenant`, where now everyone may manage keys."""
    api = Api(tenant, tenant.ready["admin_token"])
    grant_to_everyone(api)
    return api


@pytest.fixture
def member(tenant: EmbeddedTenant, admin: Api) -> Api:
    """A user of `tenant` without a role."""
    return Api(tenant, tenant.ready["member_token"])
