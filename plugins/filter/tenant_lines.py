# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last lines of the collection's playbooks."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._tenant_lines import format_tenant_lines
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._tenant_outcomes import Hosts, read_outcomes

DOCUMENTATION = r"""
name: tenant_lines
short_description: Format one line for each tenant that role onboarding worked on
version_added: 1.0.0
description:
  - For the end of a playbook that runs the role C(tenantops.qlik_cloud.onboarding) on several hosts.
  - The line of a tenant that failed has the reason. After that come hosts that turned out to be one tenant.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._hosts
"""

EXAMPLES = r"""
- name: Summary of the tenants
  ansible.builtin.debug:
    msg: "{{ ansible_play_hosts_all | zip(ansible_play_hosts_all | map('extract', hostvars)) | tenantops.qlik_cloud.tenant_lines }}"
  run_once: true
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
"""


def tenant_lines(hosts: Hosts) -> list[str]:
    """Take the names of hosts with their variables."""
    return format_tenant_lines(read_outcomes(hosts))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., list[str]]]:
        return {"tenant_lines": tenant_lines}
