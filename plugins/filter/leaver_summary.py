# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the playbook ``leaver`` says in the end, and writes for whoever follows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypedDict

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._job_summary import JobSummary, summarize_outcomes
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._tenant_lines import format_tenant_lines
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._tenant_outcomes import (
    LEAVER,
    Hosts,
    TenantOutcome,
    read_outcomes,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._unsafe import mark_unsafe

DOCUMENTATION = r"""
name: leaver_summary
short_description: Sum up what became of the API keys of a person who leaves
version_added: 1.0.0
description:
  - For the end of a playbook that runs C(tasks_from=leaver) of the role C(tenantops.qlik_cloud.onboarding) on several hosts.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._hosts
options:
  leaver:
    description: What the person is called.
    type: str
    required: true
  previous:
    description:
      - The text that earlier runs have left in the file, or empty text. What they retired stays in the record.
      - If the text is no such record, or that of another person, nothing is added to it, and C(misplaced) says so.
    type: raw
    default: ""
  check_mode:
    description: Whether the tasks ran in check mode, for C(job_summary).
    type: bool
    default: false
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
      C(retired), whether a key was retired now; C(record), of each host what was retired, kept, and revoked before, with what earlier runs
      recorded; C(adds), whether the record has a key that the previous text does not have;
      C(misplaced), why the record cannot take the place of the previous text, empty when it can; C(job_summary), the same for
      programs, like the value of P(tenantops.qlik_cloud.job_summary#filter).
  type: dict
"""

VERSION = 1
RECORDED_FIELDS = ("user_id", "tenant_id", "kept")


class Summary(TypedDict):
    """``problems`` are what fails the run, by the host; ``record`` is what is written to the file."""

    lines: list[str]
    problems: dict[str, list[str]]
    retired: bool
    adds: bool
    misplaced: str
    record: dict[str, Any]
    job_summary: JobSummary


def leaver_summary(hosts: Hosts, leaver: str, previous: Any = "", check_mode: bool = False) -> Summary:
    outcomes = read_outcomes(hosts)
    previous_entries, misplaced = _read_record(previous, leaver)
    recorded = _collect_ids(previous_entries.values())
    lines, problems = format_tenant_lines(outcomes), {}
    if outcomes and all(_is_unknown(outcome) for outcome in outcomes):
        problem = f"leaver: no tenant knows {leaver}. Give the id, the e-mail address or the subject that the person has there."
        lines.append(f"ERROR: {problem}")
        problems = {outcome.host: [problem] for outcome in outcomes}
    tenants = [_build_entry(outcome, previous_entries.pop(outcome.host, {})) for outcome in outcomes]
    tenants += [entry for entry in previous_entries.values() if _collect_ids([entry])]
    summary: Summary = {
        "lines": lines,
        "problems": problems,
        "retired": any(_find_retired(outcome) for outcome in outcomes),
        "adds": bool(_collect_ids(tenants) - recorded),
        "misplaced": misplaced,
        "record": {"version": VERSION, "leaver": leaver, "tenants": tenants},
        "job_summary": summarize_outcomes(outcomes, "leaver", check_mode),
    }
    return mark_unsafe(summary)


def _is_unknown(outcome: TenantOutcome) -> bool:
    """Whether the tenant was asked, and does not know the person."""
    return LEAVER in outcome.facts and outcome.facts[LEAVER]["user_id"] is None


def _find_retired(outcome: TenantOutcome) -> list[Mapping[str, Any]]:
    """The keys that were retired in this run; one that check mode would retire has no outcome."""
    retired = outcome.facts.get(LEAVER, {}).get("retired", [])
    return [key for key in retired if key["outcome"] is not None]


def _collect_ids(entries: Iterable[Mapping[str, Any]]) -> set[str]:
    """The ids of the keys that ended, by entries of the record."""
    return {key["id"] for entry in entries for key in [*entry["retired"], *entry.get("revoked_before", [])]}


def _build_entry(outcome: TenantOutcome, previous: Mapping[str, Any]) -> dict[str, Any]:
    """What the record says of one host. ``previous`` is what it said before, empty for nothing."""
    fact = outcome.facts.get(LEAVER, {})
    retired = [*previous.get("retired", []), *_find_retired(outcome)]
    # A run that was killed after it retired keys has left no record of them.
    revoked = {key["id"]: key for key in [*previous.get("revoked_before", []), *fact.get("revoked_before", [])]}
    for key in retired:
        revoked.pop(key["id"], None)
    return {
        "host": outcome.host,
        "failure": outcome.failure,
        **{field: fact.get(field) for field in RECORDED_FIELDS},
        "retired": retired,
        "revoked_before": list(revoked.values()),
    }


def _read_record(previous: Any, leaver: str) -> tuple[dict[str, dict[str, Any]], str]:
    """The entries that earlier runs wrote, by the host, and why the text is no record of this person, empty if it is one."""
    if previous == "":
        return {}, ""
    try:
        # Before 2.19 Ansible reads JSON by itself where a variable holds nothing else.
        record = json.loads(previous) if isinstance(previous, str) else previous
        person, entries = record["leaver"], {each["host"]: each for each in record["tenants"]}
        _collect_ids(entries.values())
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}, "it holds something else already. Name another file."
    if person != leaver:
        return {}, f"it is about {person} already, not about {leaver}. Name another file."
    return entries, ""


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Summary]]:
        return {"leaver_summary": leaver_summary}
