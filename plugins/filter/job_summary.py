# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection's playbooks leave behind for programs."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._job_summary import (
    JobSummary,
    Playbook,
    summarize_outcomes,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._tenant_outcomes import Hosts, read_outcomes
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._unsafe import mark_unsafe

DOCUMENTATION = r"""
name: job_summary
short_description: Summarize for programs what role onboarding did to each tenant
version_added: 1.0.0
description:
  - For the end of a playbook that runs the role C(tenantops.qlik_cloud.onboarding) on several hosts. M(ansible.builtin.set_stats)
    can leave the result for later nodes of a workflow, notifications and the API of a controller.
  - The result has no secret and no description of a key in it. Ansible never treats texts of tenants in it as templates.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._hosts
  - tenantops.qlik_cloud._hosts.job
"""

EXAMPLES = r"""
- name: Leave what was done
  ansible.builtin.set_stats:
    data:
      qlik_cloud: "{{ ansible_play_hosts_all | zip(ansible_play_hosts_all | map('extract', hostvars))
                   | tenantops.qlik_cloud.job_summary('onboard', ansible_check_mode) }}"
    aggregate: false
  run_once: true
"""

RETURN = r"""
_value:
  description:
    - C(playbook), C(check_mode), C(summary) with counts over all tenants, and C(tenants) by the name of the host.
    - Each tenant has C(tenant_id), C(hostname), C(changed), C(failed), the C(reason) of that, C(actions), how many of each kind were done, or
      would be, C(findings), which only a report has, and C(next_expiry), when the first of the keys it keeps expires.
  type: dict
"""


def job_summary(hosts: Hosts, playbook: Playbook, check_mode: bool = False) -> JobSummary:
    """Take the names of hosts with their variables."""
    return mark_unsafe(summarize_outcomes(read_outcomes(hosts), playbook, check_mode))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., JobSummary]]:
        return {"job_summary": job_summary}
