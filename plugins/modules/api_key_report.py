#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: api_key_report
short_description: Write a report on the API keys of Qlik Cloud tenants
version_added: 1.0.0
description:
  - Writes what M(tenantops.qlik_cloud.api_key_report_info) has read of several tenants to files, and says in lines what must be done.
  - It calls no tenant. It runs beside Ansible and writes there, whatever host the task is for.
  - The playbook C(tenantops.qlik_cloud.report) reads tenants, runs this, and fails for what is found.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._report
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.controller
attributes:
  diff_mode:
    support: none
    details:
      - Nearly every line of a report is another in each run.
  idempotent:
    support: none
    details:
      - A report says when it was made and how long keys have left, so each run writes another.
  safe_file_operations:
    description: Writes files in a way that never leaves a part of one.
    support: full
    details:
      - A file is written beside its place and put there in one step.
options:
  tenants:
    description: What is known of each tenant.
    type: list
    elements: dict
    suboptions:
      host:
        description: What the tenant is called in the report.
        type: str
        required: true
      report:
        description: RV(tenantops.qlik_cloud.api_key_report_info#module:report) of the tenant.
        type: dict
      failure:
        description: Why there is none.
        type: str
  hosts:
    description:
      - Hosts of the inventory, of whose variables O(variables_prefix) and C(report) holds what is known of the tenant, or O(variables_prefix)
        and C(failure) why there is nothing, as role C(tenantops.qlik_cloud.onboarding) leaves them.
    type: list
    elements: str
  file:
    description:
      - The files to write, each by its suffix as C(.html), C(.json), C(.csv) or C(.md). A relative path begins where Ansible was
        started. The folder must exist.
      - A file is written whole or not at all, with the permissions of the umask. It has names and e-mail addresses of people in it.
    type: list
    elements: str
  fail_on:
    description: How severe a finding must be to be among RV(problems), the least of them.
    type: str
    choices: [error, warning, note, never]
    default: error
  show:
    description:
      - Whether RV(text) has the report, for the output of a run.
      - If not set, it has it in a job of a controller such as AWX that keeps none of O(file), because its container ends with it,
        and not more than 1000 lines of it.
    type: bool
  variables_prefix:
    description:
      - Takes options that the task does not give from variables of the host, which are this text, C(report_) and the option's name,
        O(file), O(fail_on), O(show), O(policy) and O(fail_within). Messages begin with the variable's name.
    type: str
seealso:
  - module: tenantops.qlik_cloud.api_key_report_info
"""

EXAMPLES = r"""
- name: Read what the report says
  tenantops.qlik_cloud.api_key_report_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
  register: keys

- name: Write it for people and for programs
  tenantops.qlik_cloud.api_key_report:
    tenants:
      - host: your-tenant
        report: "{{ keys.report }}"
    file: [keys.html, keys.json]
    fail_on: warning
  register: written

- name: Fail for what is found
  ansible.builtin.fail:
    msg: "{{ written.lines }}"
  when: written.problems | length > 0
"""

RETURN = r"""
files:
  description: The files that were written, or would be.
  returned: success
  type: list
  elements: str
  sample: [/srv/reports/keys.html, /srv/reports/keys.json]
lines:
  description: One for each tenant, each followed by those of its findings that are among RV(problems).
  returned: success
  type: list
  elements: str
  sample:
    - 'your-tenant: your-tenant.eu.qlikcloud.com: 12 active keys, the first to expire in 3 days: nightly reload; 1 error'
problems:
  description: The findings that are as severe as O(fail_on), or more, in words, by the host; none for a host without.
  returned: success
  type: dict
  sample:
    your-tenant: ["ERROR: API key 'nightly reload' expires in 3 days, on 2026-12-03 14:00 UTC, and has no successor. (Ana <ana@example.com>)"]
text:
  description: The report as the lines of a Markdown text; none if it is not to be shown, see O(show).
  returned: success
  type: list
  elements: str
  sample: ['# API keys of Qlik Cloud tenants']
job_summary:
  description:
    - What is to be left for later nodes of a workflow, notifications and the API of a controller, by M(ansible.builtin.set_stats). It is
      like the value of P(tenantops.qlik_cloud.job_summary#filter), with C(findings), how many of each severity.
  returned: success
  type: dict
summary:
  description: Counts over all tenants.
  returned: success
  type: dict
  contains:
    tenants:
      description: How many tenants.
      type: int
      returned: success
    unreachable:
      description: How many of them could not be read.
      type: int
      returned: success
    active_keys:
      description: How many active keys they have.
      type: int
      returned: success
    findings:
      description: How many findings, by C(error), C(warning) and C(note).
      type: dict
      returned: success
    next_expiry:
      description: When the first key without a successor expires, as an RFC 3339 time in UTC; V(null) without any.
      type: str
      returned: success
  sample: {tenants: 1, unreachable: 0, active_keys: 12, findings: {error: 1, warning: 0, note: 0}, next_expiry: '2026-12-03T14:00:00.000Z'}
"""
