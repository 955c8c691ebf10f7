# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example that keeps the tokens of a set of keys in HashiCorp Vault."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Playground, Run
from kv_store import KvStore
from onboarding import active_keys, key_of

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "keys_in_vault.yml"
SECRET = "qlik/api-keys"

pytestmark = pytest.mark.parametrize("generation", ["permission"])


def play(playground: Playground, kv: KvStore, *options: str, expect: int = 0) -> Run:
    tenant = {"QLIK_TENANT_URL": playground.tenant.url, "QLIK_ACCESS_TOKEN": playground.tenant.ready["admin_token"]}
    vault = {"VAULT_ADDR": kv.url, "VAULT_TOKEN": kv.token}
    run = playground.play(EXAMPLE, *options, expect=expect, environment={**tenant, **vault})
    assert kv.token not in run.output
    return run


def kept(kv: KvStore) -> dict[str, str]:
    """The ids of the keys whose tokens are kept, by their descriptions."""
    return {name: key_of(token) for name, token in kv.secrets[SECRET].versions[-1]["data"].items()}


def test_tokens_made_before_a_failure_are_kept_and_the_next_run_makes_the_rest(enabled: Playground) -> None:
    enabled.raise_limits(max_api_key_expiry="P90D")
    post = {"method": "POST", "path": "/api/v1/api-keys", "kind": "status", "when": "before", "status": 403}
    with KvStore() as kv:
        assert play(enabled, kv, "--check").stats["changed"] == 1
        assert (active_keys(enabled), kv.secrets) == ([], {})

        enabled.tenant.control("POST", "faults", {**post, "skip": 1})
        play(enabled, kv, expect=2)
        assert list(kept(kv)) == ["nightly reload"]
        assert list(kept(kv).values()) == active_keys(enabled)

        play(enabled, kv)
        assert sorted(kept(kv)) == ["monitoring", "nightly reload"]
        assert sorted(kept(kv).values()) == sorted(active_keys(enabled))

        enabled.forget_calls()
        kv.log.clear()
        assert play(enabled, kv).stats["changed"] == 0
        assert enabled.writes() == []
        assert [method for method, *_rest in kv.log] == ["GET"]
