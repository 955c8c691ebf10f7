# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run leaves for people and for programs is the same, and comes from one reading of each host's variables."""

from __future__ import annotations

from collections import Counter

from ansible_collections.tenantops.qlik_cloud.plugins.filter.job_summary import job_summary
from ansible_collections.tenantops.qlik_cloud.plugins.filter.leaver_summary import leaver_summary
from ansible_collections.tenantops.qlik_cloud.plugins.filter.tenant_lines import tenant_lines
from ansible_collections.tenantops.qlik_cloud.plugins.filter.tenant_summary import FilterModule, tenant_summary

ACTION = {"action": "create", "id": "k1", "description": "entra", "reason": "there is none"}
RESULT = {"tenant_id": "t1", "hostname": "acme.example", "actions": [ACTION], "summary": "acme.example: made entra"}
HOSTS = {
    "acme": {"onboarding_result": RESULT},
    "birch": {"onboarding_failure": "no answer", "__onboarding_tenant": {"actions": [ACTION]}},
}
LEFT = {"user_id": "u1", "tenant_id": "t1", "retired": [], "kept": [], "summary": "nothing to retire"}


class CountedVariables(dict):
    """Counts how often each variable is read, as Ansible templates it anew each time."""

    def __init__(self, variables: dict):
        super().__init__(variables)
        self.reads: Counter[str] = Counter()

    def __getitem__(self, name: str) -> object:
        self.reads[name] += 1
        return super().__getitem__(name)

    def get(self, name: str, default: object = None) -> object:
        return self[name] if name in self else default


def test_it_is_what_the_two_filters_say():
    summary = FilterModule().filters()["tenant_summary"](HOSTS.items(), "onboard", True)
    assert summary == {
        "lines": tenant_lines(HOSTS.items()),
        "job_summary": job_summary(HOSTS.items(), "onboard", True),
    }
    assert summary["lines"] == ["acme: acme.example: made entra", "birch: FAILED: no answer"]
    assert summary["job_summary"]["summary"]["actions"]["create"] == 2


def test_each_variable_of_a_host_is_read_once():
    hosts = {name: CountedVariables(variables) for name, variables in HOSTS.items()}
    tenant_summary(hosts.items(), "onboard")
    assert {name: set(variables.reads.values()) for name, variables in hosts.items()} == {"acme": {1}, "birch": {1}}

    left = CountedVariables({"onboarding_leaver": LEFT})
    leaver_summary([("acme", left)], "ana@example.com")
    assert left.reads == {"onboarding_leaver": 1}


def test_the_summary_of_a_leaver_has_that_for_programs():
    hosts = {"acme": {"onboarding_leaver": LEFT}}
    summary = leaver_summary(hosts.items(), "ana@example.com", check_mode=True)
    assert summary["job_summary"] == job_summary(hosts.items(), "leaver", True)
