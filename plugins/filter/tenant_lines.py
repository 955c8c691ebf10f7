# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last lines of the collection's playbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

DOCUMENTATION = r"""
name: tenant_lines
short_description: Format one line for each tenant that role onboarding worked on
version_added: 1.0.0
description:
  - For the end of a playbook that runs the role C(tenantops.qlik_cloud.onboarding) on several hosts.
  - A tenant that failed is told with the reason. Hosts that turned out to be one tenant are told after that.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
options:
  _input:
    description: Pairs of a host's name and its variables.
    type: list
    elements: list
    required: true
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

# Of several, the later one counts.
RESULTS = ("onboarding_leaver", "onboarding_report", "onboarding_rotation", "onboarding_result")
DAY = 24 * 60 * 60


def tenant_lines(hosts: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """``hosts``: names with variables, of which the role has left some."""
    lines = []
    names_of: dict[str, list[str]] = {}
    for name, variables in hosts:
        result = next((variables[left] for left in RESULTS if left in variables), None)
        if "onboarding_failure" in variables:
            lines.append(f"{name}: FAILED: {variables['onboarding_failure']}")
        elif result:
            lines.append(f"{name}: {result.get('summary') or _reported(result)}")
        else:
            lines.append(f"{name}: FAILED, see above")
        if result and result["tenant_id"] is not None:
            names_of.setdefault(str(result["tenant_id"]), []).append(name)
    for tenant_id, names in names_of.items():
        if len(names) > 1:
            lines.append(
                f"WARNING: {', '.join(names)} are one tenant, {tenant_id}. Has each host an address of its own?"
            )
    return lines


def _reported(report: Mapping[str, Any]) -> str:
    keys = report["api_keys"]
    unread = [token for token in report["stored_tokens"] if token["valid"] is None]
    stored = [token for token in report["stored_tokens"] if token["valid"] is not None]
    told = [f"{len(keys)} active {'key' if len(keys) == 1 else 'keys'}"]
    if keys and keys[0]["expires_in"] is not None:
        told.append(f"the first to expire in {keys[0]['expires_in'] // DAY} days: {keys[0]['description']}")
    parts = [", ".join(told)]
    if stored:
        parts.append(f"stored tokens: {sum(token['valid'] for token in stored)} of {len(stored)} valid")
    parts += [f"that of {token['description']}: {token['reason']}" for token in unread]
    parts += [f"NOT that of {token['description']}: {token['reason']}" for token in stored if not token["valid"]]
    return f"{report['hostname']}: {'; '.join(parts)}"


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"tenant_lines": tenant_lines}
