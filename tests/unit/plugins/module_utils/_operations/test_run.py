# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How every module runs, with operations made for the purpose."""

from __future__ import annotations

import importlib.util
import re
import sys
from dataclasses import replace

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    OptionError,
    RefusedError,
    TenantStateError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations import run as run_file
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import run_module
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in import contexts
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport import client
from ansible_collections.tenantops.qlik_cloud.tests.unit.module_runs import CLIENT_SECRET
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import KEYS
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import ACCESS_TOKEN, BASE

NO_OPTIONS = Arguments("made_for_the_purpose", {})
PLANNED = Action("create", None, "nightly", "none is active")
LATER = Action("retire", "key-0", "nightly", "another took its place")
DONE = Action("create", "key-1", "nightly", "none is active")
DIFF = {"before": {"keys": 0}, "after": {"keys": 1}}
CLIENT = {"access_token": None, "client_id": "client-7", "client_secret": CLIENT_SECRET}


class Operation:
    """Plans two actions, does the first, and returns ``extra``."""

    failing_at: dict[str, Exception] = {}
    extra: dict = {}

    def __init__(self, params):
        self._fail("options")

    def plan(self, tenant):
        self._fail("plan")
        return Plan(**DIFF, actions=(PLANNED, LATER), warnings=("planned with care",))

    def apply(self, tenant, plan, log):
        log.warnings.append("done with care")
        self._fail("apply")
        log.add(DONE)
        self._fail("applied")
        return plan

    def results(self, plan):
        self._fail("results")
        return dict(self.extra)

    def _fail(self, step):
        if step in self.failing_at:
            raise self.failing_at[step]


def operation(**attributes):
    """A module's ``main`` for an operation that differs from the above in ``attributes``."""
    kind = type("Changed", (Operation,), attributes)

    def main():
        run_module(NO_OPTIONS, kind)

    return main


def inquiry(answer):
    """A module's ``main`` for an inquiry with that ``answer``."""
    kind = type("Asked", (), {"__init__": lambda self, params: None, "answer": lambda self, tenant: answer(tenant)})

    def main():
        run_module(NO_OPTIONS, kind)

    return main


def test_an_inquiry_returns_its_answer_and_never_a_change(run):
    assert run(inquiry(lambda tenant: {"things": [1]})).results == {"changed": False, "things": [1]}


def test_a_run_returns_what_was_done_and_check_mode_what_would_be(run):
    real, check = run(operation(extra={"a": 1})), run(operation(extra={"a": 1}), check=True)
    assert real.results == {"changed": True, "actions": [DONE.as_result()], "a": 1}
    assert check.results == {"changed": True, "actions": [PLANNED.as_result(), LATER.as_result()], "a": 1}
    assert (real.warnings, check.warnings) == (["planned with care", "done with care"], ["planned with care"])


def test_check_mode_and_the_run_itself_show_the_same_diff(run):
    assert (
        run(operation(), diff=True).results["diff"] == run(operation(), diff=True, check=True).results["diff"] == DIFF
    )


def test_check_mode_applies_nothing(run):
    assert "failed" not in run(operation(failing_at={"apply": TenantStateError("no")}), check=True).results


def test_a_typed_error_becomes_its_message_and_failure(run):
    error = RefusedError("GET /x was refused.", "GET", "/x", 500, code="C")
    failure = {"status": 500, "code": "C", "method": "GET", "path": "/x"}
    result = run(operation(failing_at={"plan": error}))
    assert result.results == {"failed": True, "msg": "GET /x was refused.", "failure": failure}


def test_the_plan_that_was_carried_out_is_the_one_that_is_told(run):
    otherwise = Plan(before={"keys": 1}, after={"keys": 1})
    result = run(operation(apply=lambda self, tenant, plan, log: otherwise), diff=True)
    assert result.results == {"changed": False, "actions": [], "diff": otherwise.diff()}


def test_an_error_without_a_request_has_no_failure(run):
    result = run(operation(failing_at={"options": OptionError("expiry", "is odd.")}))
    assert result.results == {"failed": True, "msg": "expiry: is odd."}


def test_a_failure_after_a_change_tells_what_was_done_and_what_was_not_and_keeps_the_warnings(run):
    result = run(operation(failing_at={"applied": TenantStateError("Then it broke.")}))
    reported = {"changed": True, "actions": [DONE.as_result()], "remaining": [LATER.as_result()]}
    assert result.results == {"failed": True, "msg": "Then it broke.", **reported}
    assert result.warnings == ["planned with care", "done with care"]


@pytest.mark.parametrize("step", ["options", "plan", "apply", "results"])
@pytest.mark.parametrize("verbosity", [0, 3])
def test_an_unexpected_error_is_told_by_its_place_without_values_or_traceback(run, step, verbosity):
    result = run(operation(failing_at={step: ZeroDivisionError("value-of-a-variable")}), verbosity=verbosity)
    assert result.message.startswith(
        "This is a defect in tenantops.qlik_cloud, please report it: ZeroDivisionError in "
    )
    place = r" in module_utils/_operations/run\.py, line \d+, in "
    assert re.search(f"{place}_do_work, called by{place[3:]}run\\.$", result.message)
    assert "value-of-a-variable" not in result.text
    assert "exception" not in result.results


@pytest.mark.parametrize("error", [OptionError("expiry", "is odd."), TenantStateError("odd")])
def test_no_traceback_is_added_at_high_verbosity(run, error):
    assert "exception" not in run(operation(failing_at={"plan": error}), verbosity=3).results


def test_requests_is_missed_before_anything_else(run, monkeypatch):
    monkeypatch.setattr(run_file, "REQUESTS_IMPORT_ERROR", "No module named requests")
    result = run(operation(failing_at={"options": TenantStateError("too late")}))
    assert result.message.startswith("Failed to import the required Python library (requests) on ")


def test_isodate_is_missed_only_when_a_duration_is_given_and_before_any_request(run, wire, monkeypatch):
    monkeypatch.setitem(sys.modules, "isodate", None)
    result = run("api_key_info", expires_within="P14D")
    assert result.message.startswith("Failed to import the required Python library (isodate) on ")
    wire.expects("GET", f"{KEYS}/key-1").answers(json=record("key-1"))
    [found] = run("api_key_info", id="key-1").results["api_keys"]
    assert (found["id"], found["expires_in"] > 0) == ("key-1", True)


def test_pyyaml_is_missed_only_when_a_context_is_needed(run, monkeypatch, tmp_path):
    contexts_file = tmp_path / "contexts.yml"
    contexts_file.write_text("contexts: {}")
    options = {"context": "prod", "contexts_file": str(contexts_file)}
    monkeypatch.setattr(contexts, "YAML_IMPORT_ERROR", "No module named yaml")
    assert "failed" not in run(operation(), **options).results
    result = run(operation(), access_token=None, **options)
    assert result.message.startswith("Failed to import the required Python library (PyYAML) on ")


@pytest.mark.parametrize(("file", "library"), [(client, "requests"), (contexts, "yaml")])
def test_a_file_can_be_imported_without_its_library_and_keeps_the_reason(monkeypatch, file, library):
    monkeypatch.setitem(sys.modules, library, None)
    spec = importlib.util.spec_from_file_location("without_library", file.__file__)
    copy = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, copy)
    spec.loader.exec_module(copy)
    assert library in getattr(copy, f"{library.upper()}_IMPORT_ERROR")
    assert getattr(file, f"{library.upper()}_IMPORT_ERROR") is None


@pytest.mark.parametrize(
    ("options", "environment", "secrets"),
    [
        ({}, {}, [ACCESS_TOKEN]),
        ({"access_token": None}, {"QLIK_ACCESS_TOKEN": ACCESS_TOKEN}, [ACCESS_TOKEN]),
        (CLIENT, {}, [CLIENT_SECRET]),
        (
            {"access_token": None},
            {"QLIK_CLIENT_ID": "client-7", "QLIK_CLIENT_SECRET": CLIENT_SECRET},
            [CLIENT_SECRET],
        ),
        ({"headers": {"X-Gate": CLIENT_SECRET}}, {}, [CLIENT_SECRET]),
    ],
)
def test_credentials_never_reach_a_result_even_by_mistake(run, monkeypatch, options, environment, secrets):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = run(operation(extra={"mistake": f"sent {' '.join(secrets)}"}), **options)
    assert result.results["mistake"].startswith("sent ")
    assert [secret for secret in secrets if secret in result.text] == []


def test_nothing_secret_of_a_context_reaches_a_result_even_by_mistake(run, tmp_path):
    secrets = ["token-of-the-context", "value-of-a-header"]
    contexts_file = tmp_path / "contexts.yml"
    contexts_file.write_text(
        f"contexts: {{prod: {{server: '{BASE}', headers: {{authorization: Bearer {secrets[0]}, X-Gate: {secrets[1]}}}}}}}"
    )
    options = {"access_token": None, "context": "prod", "contexts_file": str(contexts_file)}
    result = run(operation(extra={"mistake": f"sent {' '.join(secrets)}"}), **options)
    assert result.results["mistake"].startswith("sent ")
    assert [secret for secret in secrets if secret in result.text] == []


def test_a_token_fetched_for_an_oauth_client_never_reaches_a_result(run, wire):
    def answer(tenant):
        return {"me": tenant.requester.id, "mistake": "fetched-token"}

    grant = {"client_id": "client-7", "client_secret": CLIENT_SECRET, "grant_type": "client_credentials"}
    wire.expects("POST", "/oauth/token", json=grant, bearer=None).answers(json={"access_token": "fetched-token"})
    wire.expects("GET", "/api/v1/users/me", bearer="fetched-token").answers(json={"id": "u1", "tenantId": "t1"})
    result = run(inquiry(answer), **CLIENT)
    assert result.results["me"] == "u1"
    assert "fetched-token" not in result.text


@pytest.mark.parametrize("fails", [False, True])
def test_what_became_a_secret_after_it_was_told_is_left_out_but_for_a_returned_token(run, fails):
    token = token_of("key-1")
    signature = token.rpartition(".")[2]

    def apply(self, tenant, plan, log):
        log.warnings.append(f"seen: {signature}")
        log.add(replace(DONE, reason=f"because of {token}"))
        tenant.keep_secret(f"KEY={token}")
        log.secured = {"token": token, "api_key": {"id": "key-1", "tenant_id": signature}}
        if fails:
            raise TenantStateError(f"It is {token[-40:]}.")
        return plan

    result = run(operation(apply=apply, extra={"token": token, "api_keys": [{"token": token, "sub": signature}]}))
    assert result.results["token"] == token
    assert result.text.count(token) == (1 if fails else 2)
    assert signature[:40] not in result.text.replace(token, "") and token[-40:] not in result.text.replace(token, "")
    assert result.results["actions"][0]["reason"] == "because of (secret left out)"


def test_the_tenants_address_may_come_from_the_environment(run, wire, monkeypatch):
    monkeypatch.setenv("QLIK_TENANT_URL", "https://exported.example.com")
    wire.base = "https://exported.example.com"
    wire.expects("GET", "/api/v1/users/me").answers(json={"id": "u1", "tenantId": "t1"})
    asked = inquiry(lambda tenant: {"me": tenant.requester.id})
    assert run(asked, tenant_url=None).results["me"] == "u1"


@pytest.mark.parametrize("alias", ["server", "tenant_uri"])
def test_the_tenants_address_has_aliases(run, wire, alias):
    wire.base = "https://named.example.com"
    wire.expects("GET", "/api/v1/users/me").answers(json={"id": "u1", "tenantId": "t1"})
    asked = inquiry(lambda tenant: {"me": tenant.requester.id})
    assert run(asked, tenant_url=None, **{alias: "https://named.example.com"}).results["me"] == "u1"
