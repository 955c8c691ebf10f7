# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last lines of playbook awx."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

DOCUMENTATION = r"""
name: awx_lines
short_description: Format one line for each object of an AWX controller
version_added: 1.0.0
description:
  - For the end of the playbook C(tenantops.qlik_cloud.awx).
author:
  - tenantops.qlik_cloud contributors (@tenantops)
options:
  _input:
    description: What M(tenantops.qlik_cloud.awx_plan) has returned.
    type: dict
    required: true
  results:
    description:
      - What the tasks have returned, each of which is a loop over the objects of one kind.
    type: list
    elements: dict
    required: true
  check_mode:
    description: Whether the tasks ran in check mode.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Say what was done
  ansible.builtin.debug:
    msg: "{{ plan | tenantops.qlik_cloud.awx_lines([credential_types, projects], ansible_check_mode) }}"
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
"""

KIND_NAMES = {"workflow_job_template": "workflow", "workflow_job_template_node": "workflow node"}


def awx_lines(plan: Mapping[str, Any], results: Iterable[Mapping[str, Any]], check_mode: bool = False) -> list[str]:
    """``results`` are registered results of loops over the objects of the plan."""
    done: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for loop in results:
        for result in loop.get("results", ()):
            item = result.get("item")
            if isinstance(item, Mapping):
                done.setdefault((item["kind"], item["name"]), []).append(result)
    lines = []
    for objects in plan["objects"].values():
        for item in objects:
            outcome = _format_outcome(plan["state"], item, done.get((item["kind"], item["name"]), []), check_mode)
            lines.append(f"{_format_kind(item)} {item['name']}: {outcome}")
    lines += [f"{_format_kind(left)} {left['name']}: left, {left['reason']}" for left in plan["left"]]
    return lines or ["nothing to do"]


def _format_kind(item: Mapping[str, Any]) -> str:
    kind = str(item["kind"])
    return KIND_NAMES.get(kind, kind.replace("_", " "))


def _format_outcome(state: str, item: Mapping[str, Any], results: list[Mapping[str, Any]], check_mode: bool) -> str:
    if not results:
        return "not reached"
    # A task that hides its result does not fail by itself, so that the reason can be told.
    if any(result.get("failed") or ("msg" in result and not result.get("skipped")) for result in results):
        return "FAILED, see above"
    # In check mode a task is skipped for what needs an object that would be made.
    would_be = check_mode and not item.get("can_be_checked", True)
    if not would_be and not any(result.get("changed") for result in results):
        return "unchanged"
    word = "deleted" if state == "absent" else "changed" if item["exists"] else "created"
    return f"would be {word}" if check_mode else word


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"awx_lines": awx_lines}
