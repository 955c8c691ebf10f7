# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the playbook ``leaver`` says in the end, and writes for whoever follows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.filter.tenant_lines import tenant_lines

DOCUMENTATION = r"""
name: leaver_summary
short_description: Sum up what became of the API keys of a person who leaves
version_added: 1.0.0
description:
  - For the end of a playbook that runs C(tasks_from=leaver) of the role C(tenantops.qlik_cloud.onboarding) on several hosts.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
options:
  _input:
    description: Pairs of a host's name and its variables.
    type: list
    elements: list
    required: true
  leaver:
    description: What the person is called.
    type: str
    required: true
  previous:
    description:
      - The text that earlier runs left in the file, empty for none. What they retired stays in the record.
      - A text that is no such record, or that of another person, is not added to, which C(misplaced) says.
    type: raw
    default: ""
"""

EXAMPLES = r"""
- name: Say what became of the keys
  ansible.builtin.debug:
    msg: "{{ (pairs | tenantops.qlik_cloud.leaver_summary('ana@example.com')).lines }}"
  vars:
    pairs: "{{ ansible_play_hosts_all | zip(ansible_play_hosts_all | map('extract', hostvars)) }}"
  run_once: true
"""

RETURN = r"""
_value:
  description:
    - C(lines), one for each host; C(problems), by the host, what fails the run, which is that no tenant knows the person;
      C(retired), whether a key was retired now; C(record), of each host what was retired and kept, with what earlier runs retired;
      C(misplaced), why the record cannot take the place of the previous text, empty when it can.
  type: dict
"""

VERSION = 1
OF_RECORD = ("user_id", "tenant_id", "kept")


def leaver_summary(hosts: Iterable[tuple[str, Mapping[str, Any]]], leaver: str, previous: Any = "") -> dict[str, Any]:
    hosts = list(hosts)
    before, misplaced = _retired_before(previous, leaver)
    results = {name: variables.get("onboarding_leaver") for name, variables in hosts}
    lines, problems = tenant_lines(hosts), {}
    if hosts and all(result and result["user_id"] is None for result in results.values()):
        told = f"leaver: no tenant knows {leaver}. Give the id, the e-mail address or the subject that the person has there."
        lines.append(f"ERROR: {told}")
        problems = {name: [told] for name in results}
    tenants = []
    for name, variables in hosts:
        result = results[name] or {}
        now = [key for key in result.get("retired", []) if key["outcome"] is not None]
        tenants.append(
            {
                "host": name,
                "failure": variables.get("onboarding_failure"),
                **{field: result.get(field) for field in OF_RECORD},
                "retired": [*before.pop(name, []), *now],
            }
        )
    tenants += [{"host": name, "retired": retired} for name, retired in before.items() if retired]
    return {
        "lines": lines,
        "problems": problems,
        "retired": any(
            key["outcome"] is not None for result in results.values() for key in (result or {}).get("retired", [])
        ),
        "misplaced": misplaced,
        "record": {"version": VERSION, "leaver": leaver, "tenants": tenants},
    }


def _retired_before(previous: Any, leaver: str) -> tuple[dict[str, list[dict[str, Any]]], str]:
    """By the host, what the record of earlier runs says, and why it is none of this person, if so."""
    if previous == "":
        return {}, ""
    try:
        # Before 2.19 Ansible reads JSON by itself where a variable holds nothing else.
        record = json.loads(previous) if isinstance(previous, str) else previous
        of, retired = record["leaver"], {each["host"]: each["retired"] for each in record["tenants"]}
    except (ValueError, KeyError, TypeError):
        return {}, "it holds something else already. Name another file."
    if of != leaver:
        return {}, f"it is about {of} already, not about {leaver}. Name another file."
    return retired, ""


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"leaver_summary": leaver_summary}
