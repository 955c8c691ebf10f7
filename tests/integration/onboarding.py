# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the role give it, and how they look at what it did."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from conftest import Playground, Run, assert_no_secret, run_ansible

ONBOARD = "tenantops.qlik_cloud.onboard"
ROTATE = "tenantops.qlik_cloud.rotate"
REPORT = "tenantops.qlik_cloud.report"
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
DAY = 24 * 60 * 60
SIGN_IN = ("onboarding_tenant_url", "onboarding_client_")


def inputs(playground: Playground, **more: object) -> dict:
    ready = playground.tenant.ready
    key = {
        "description": "Entra provisioning",
        "idp_id": ready["idp_id"],
        "expiry": "P180D",
        "token_file": str(playground.folder / "scim.token"),
    }
    return {
        "onboarding_tenant_url": ready["url"],
        "onboarding_client_id": ready["client_id"],
        "onboarding_client_secret": ready["client_secret"],
        "onboarding_config": {"max_keys_per_user": 20, "max_api_key_expiry": "P30D"},
        "onboarding_scim_keys": [key],
        **more,
    }


def changed_key(playground: Playground, **changes: object) -> list[dict]:
    """The SCIM key of ``inputs`` with these changes; None leaves something out."""
    key = {**inputs(playground)["onboarding_scim_keys"][0], **changes}
    return [{name: value for name, value in key.items() if value is not None}]


def keys_by_kind(playground: Playground, **kind: str) -> list[dict]:
    return changed_key(playground, idp=kind, idp_id=None)


def offset_of(day: float) -> float:
    """The tenant's clock, in seconds from this machine's, so many days after a start that lies in the past.

    Nothing is due before both clocks say so, thus the tenant's may not be the later one.
    """
    return (day - 400) * DAY


def on_day(playground: Playground, day: float) -> None:
    """Move the tenant's time to so many days after the start, see ``offset_of``."""
    playground.tenant.control("PATCH", "clock", {"offset": offset_of(day)})


def active_keys(playground: Playground) -> list[str]:
    """Ids of the keys that the tenant takes now, oldest first, from the tenant itself."""
    keys = playground.tenant.control("GET", "keys")["keys"]
    return [key["id"] for key in sorted(keys, key=lambda key: key["created"]) if key["status"] == "active"]


def key_of(token: str) -> str:
    """The id of the key that a token says it is of."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["jti"]


def module_runs(playground: Playground) -> int:
    """How often a module has signed in since ``forget_calls``; each does so once."""
    log = playground.tenant.control("GET", "requests")["requests"]
    return sum(call["path"] == "/oauth/token" for call in log)


def last_lines(run: Run) -> list[str]:
    """What the playbook says in the end, one line for each tenant and what is to be said of several."""
    summary = run.output[run.output.index("TASK [Summary of the tenants]") :]
    return json.JSONDecoder().raw_decode(summary, summary.index("{"))[0]["msg"]


def join_output(run: Run) -> str:
    """The output in one line, where Ansible breaks and indents long warnings."""
    return " ".join(run.output.split())


def run_plain(
    playground: Playground, inventory: dict, *options: str, environment: dict[str, str] | None = None, expect: int = 0
) -> Run:
    """A run of Ansible with that inventory, given nothing but what the inventory and the options say."""
    file = playground.folder.parent / "inventory.json"
    file.write_text(json.dumps(inventory))
    run = run_ansible(
        *(playground.folder.parent, "ansible-playbook", "-i", str(file), "-vvv", *options), environment=environment
    )
    assert run.code == expect, run.output
    assert_no_secret(playground.tenant, run.output)
    return run


def state_of(playground: Playground) -> dict:
    """Everything that a request can change on the tenant, and nothing that a look changes."""
    return playground.tenant.control("GET", "state")


def sent(playground: Playground) -> list[dict]:
    """Every request since ``forget_calls``, sign-ins included."""
    return playground.tenant.control("GET", "requests")["requests"]


def sign_in(playground: Playground) -> dict:
    """The variables by which the role signs in."""
    return {name: value for name, value in inputs(playground).items() if name.startswith(SIGN_IN)}


def bot_of(playground: Playground) -> str:
    """The id of the user that the OAuth client signs in as."""
    users = state_of(playground)["users"]
    return next(user["id"] for user in users if user["client_id"] == playground.tenant.ready["client_id"])
