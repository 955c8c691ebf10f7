# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook ``report``: what it reads, writes and says, and when it fails."""

from __future__ import annotations

import csv
import json
import socket
from pathlib import Path

import pytest
from conftest import Playground, Run
from emulator_process import EmbeddedTenant
from jsonschema import Draft202012Validator
from onboarding import ONBOARD, REPORT, inputs, join_output, last_lines, run_plain, sent, state_of

pytestmark = pytest.mark.parametrize("generation", ["permission"])

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "report.schema.json").read_text("utf-8"))
FILES = ["keys.html", "keys.JSON", "sub/keys.csv", "keys.md"]


@pytest.fixture
def onboarded(enabled: Playground) -> Playground:
    """A tenant that has the key of ``inputs``, whose token is in its file."""
    enabled.play(ONBOARD, **inputs(enabled))
    enabled.forget_calls()
    return enabled


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def report(playground: Playground, *, expect: int = 0, **variables: object) -> Run:
    return playground.play(REPORT, expect=expect, **inputs(playground, **variables))


def valid_document(path: Path) -> dict:
    written = json.loads(path.read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(written)] == []
    return written


def test_of_three_tenants_one_in_order_one_that_lost_a_token_and_one_dead(
    onboarded: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = onboarded.folder.parent
    (folder / "sub").mkdir()
    lost = {"description": "lost provisioning", "token_file": str(onboarded.folder / "none.token")}
    dead = {
        "onboarding_tenant_url": f"http://127.0.0.1:{closed_port()}",
        "onboarding_access_token": "nobodys",
        "onboarding_retry_interval": 0.1,
    }
    with EmbeddedTenant(generation="switch") as other:
        ready = other.ready
        body = {"description": lost["description"], "subType": "externalClient", "sub": f"SCIM\\{ready['idp_id']}"}
        Playground(other, "switch", folder).allow_keys()
        Playground(other, "switch", folder).api("POST", "/api-keys", body)
        lossy = {
            "onboarding_tenant_url": ready["url"],
            "onboarding_access_token": ready["admin_token"],
            "onboarding_scim_keys": [{**lost, "idp_id": ready["idp_id"]}],
        }
        shared = {"onboarding_report_file": FILES}
        inventory = {"all": {"hosts": {"good": inputs(onboarded), "lossy": lossy, "dead": dead}, "vars": shared}}
        before = state_of(onboarded), other.control("GET", "state")
        other.control("DELETE", "requests")
        # A relative path begins where Ansible was started, which the shell's own variable need not say.
        monkeypatch.delenv("PWD", raising=False)
        run = run_plain(onboarded, inventory, REPORT, expect=2)
        lines = last_lines(run)
        # Whatever is found; a tenant that fails is one that fails all the same.
        without_dead = ("--limit", "good,lossy", "-e", "onboarding_report_fail_on=never", "--check")
        never = run_plain(onboarded, inventory, REPORT, *without_dead)
        assert (state_of(onboarded), other.control("GET", "state")) == before
        asked = [*sent(onboarded), *other.control("GET", "requests")["requests"]]
    assert {call["method"] for call in asked if call["path"] != "/oauth/token"} == {"GET"}

    good, lossy_line, problem, dead_line = lines
    assert good.startswith(f"good: {onboarded.tenant.ready['hostname']}: 1 active key, the first to expire in ")
    assert good.endswith(": Entra provisioning; stored tokens: 1 of 1 valid; nothing to be done")
    assert lossy_line.startswith(f"lossy: {ready['hostname']}: 1 active key,")
    assert "; stored tokens: 0 of 1 valid; 1 error" in lossy_line
    assert (
        problem
        == f"  ERROR: The stored token of 'lost provisioning' in {lost['token_file']} is not valid: the store has none."
    )
    assert dead_line.startswith("dead: FAILED: ")
    assert len(last_lines(never)) == 2
    assert "The tenant could not be read: " in join_output(run)

    assert sorted(path.name for path in folder.rglob("*eys.*")) == ["keys.JSON", "keys.csv", "keys.html", "keys.md"]
    document = valid_document(folder / "keys.JSON")
    assert [tenant["host"] for tenant in document["tenants"]] == ["good", "lossy", "dead"]
    assert [tenant["enabled_by"] for tenant in document["tenants"]] == ["permission", "switch", None]
    assert (document["summary"]["active_keys"], document["summary"]["unreachable"]) == (2, 1)
    with (folder / "sub" / "keys.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["tenant"], row["description"], row["stored_token_valid"], row["severity"]) for row in rows] == [
        ("good", "Entra provisioning", "true", ""),
        ("lossy", "lost provisioning", "", ""),
        ("lossy", "", "", "error"),
        ("dead", "", "", "error"),
    ]
    assert "| good | Entra provisioning |" in (folder / "keys.md").read_text()
    assert "2 errors must be mended now." in " ".join((folder / "keys.html").read_text().split())


def test_what_expires_within_a_span_that_is_given_fails_the_run(onboarded: Playground) -> None:
    [quiet] = last_lines(report(onboarded))
    assert quiet.endswith("; nothing to be done")
    told_line, problem = last_lines(report(onboarded, expect=2, onboarding_report_fail_within="P200D"))
    assert told_line.endswith("; 1 error")
    assert problem.startswith("  ERROR: API key 'Entra provisioning' expires in 179 days, on ")
    policy = {"expires_within": "P200D", "severities": {"expires_soon": "note"}}
    [noted] = last_lines(report(onboarded, onboarding_report_policy=policy))
    assert noted.endswith("; 1 note")


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        (
            {"onboarding_report_file": ["keys.html", "keys.xls"]},
            "onboarding_report_file: keys.xls must end in one of .html, .json, .csv, .md",
        ),
        (
            {"onboarding_report_policy": {"severities": {"expires": "error"}}},
            "onboarding_report_policy.severities.expires: there is no such rule.",
        ),
        (
            {"onboarding_reprot_file": "keys.html"},
            "onboarding_reprot_file: there is no such variable. Is onboarding_report_file meant?",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_request(playground: Playground, variables: dict, words: str) -> None:
    assert words in join_output(report(playground, expect=2, **variables))
    assert sent(playground) == []
    assert list(playground.folder.parent.glob("keys.*")) == []


def test_the_role_leaves_a_fact_and_takes_what_a_play_has_for_defaults(onboarded: Playground) -> None:
    role = {"name": "tenantops.qlik_cloud.onboarding", "tasks_from": "report"}
    right = [
        "onboarding_report.tenant_id == tenant.tenant_id",
        "onboarding_report.stored_tokens[0].valid",
        "onboarding_report.findings == []",
    ]
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {"group/tenantops.qlik_cloud.tenant": {"timeout": 41.5}},
        "tasks": [{"ansible.builtin.include_role": role}, {"ansible.builtin.assert": {"that": right}}],
    }
    playbook = onboarded.folder.parent / "tasks.yml"
    playbook.write_text(json.dumps([play]))
    output = onboarded.play(playbook, **inputs(onboarded)).output
    # What the role asks for itself, less patience than a task has, gives way to it.
    assert '"timeout": 41.5' in output and '"retries": 2' in output
    assert onboarded.writes() == []
