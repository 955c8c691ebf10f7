# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection's playbooks say in the end, and leave for programs, from one reading of all variables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._job_summary import (
    JobSummary,
    Playbook,
    summarize_outcomes,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._tenant_lines import format_tenant_lines
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._tenant_outcomes import Hosts, read_outcomes
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._unsafe import mark_unsafe

DOCUMENTATION = r"""
name: tenant_summary
short_description: Summarize what role onboarding did to each tenant
version_added: 1.0.0
description:
  - For people and for programs, at the end of a playbook that runs the role C(tenantops.qlik_cloud.onboarding) on several hosts.
  - It returns what P(tenantops.qlik_cloud.tenant_lines#filter) and P(tenantops.qlik_cloud.job_summary#filter) return, and reads the
    variables of the hosts only once for both. That is faster for hundreds of hosts.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._hosts
  - tenantops.qlik_cloud._hosts.job
"""

EXAMPLES = r"""
- name: Sum up
  ansible.builtin.set_fact:
    done: "{{ ansible_play_hosts_all | zip(ansible_play_hosts_all | map('extract', hostvars))
              | tenantops.qlik_cloud.tenant_summary('onboard', ansible_check_mode) }}"
  run_once: true

- name: Say what was done
  ansible.builtin.debug:
    msg: "{{ done.lines }}"
  run_once: true

- name: Leave what was done for programs
  ansible.builtin.set_stats:
    data:
      qlik_cloud: "{{ done.job_summary }}"
    aggregate: false
  run_once: true
"""

RETURN = r"""
_value:
  description:
    - C(lines), a line for each host, and C(job_summary), the same for programs. Ansible never treats texts of tenants in them as
      templates.
  type: dict
"""


class Summary(TypedDict):
    lines: list[str]
    job_summary: JobSummary


def tenant_summary(hosts: Hosts, playbook: Playbook, check_mode: bool = False) -> Summary:
    """Take the names of hosts with their variables."""
    outcomes = read_outcomes(hosts)
    summary: Summary = {
        "lines": format_tenant_lines(outcomes),
        "job_summary": summarize_outcomes(outcomes, playbook, check_mode),
    }
    return mark_unsafe(summary)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Summary]]:
        return {"tenant_summary": tenant_summary}
