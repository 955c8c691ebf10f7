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
  - Writes into files what M(tenantops.qlik_cloud.api_key_report_info) has read of several tenants, and returns lines that say what
    must be done.
  - It calls no tenant. It runs beside Ansible and writes there, whatever host the task is for.
  - The playbook C(tenantops.qlik_cloud.report) reads the tenants, runs this module, and fails if RV(problems) names any.
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
      - Nearly every line of a report differs from run to run.
  idempotent:
    support: none
    details:
      - A report says when it was made and how long keys have left, so each run writes a new one.
  safe_file_operations:
    description: Writes a file whole or not at all.
    support: full
    details:
      - A file is written under another name and moved into place in one step.
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
        description: Why there is no report of it.
        type: str
  hosts:
    description:
      - Hosts of the inventory, on each of which role C(tenantops.qlik_cloud.onboarding) has left a variable. Its name is
        O(variables_prefix) and C(report) where the tenant was read, or O(variables_prefix) and C(failure) where it was not.
    type: list
    elements: str
  file:
    description:
      - The files to write. The suffix C(.html), C(.json), C(.csv) or C(.md) says what is written. A relative path begins where
        Ansible was started. The folder must exist.
      - A file gets the permissions of the umask. It contains names and e-mail addresses of people.
    type: list
    elements: str
  fail_on:
    description: The least severity of the findings in RV(problems).
    type: str
    choices: [error, warning, note, never]
    default: error
  show:
    description:
      - Whether to return the report in RV(text), for the output of a run.
      - If not set, up to 1000 lines of it are returned in a job of a controller such as AWX, if the files of O(file) would be lost
        when the container of the job ends.
    type: bool
  variables_prefix:
    description:
      - Takes O(file), O(fail_on), O(show), O(policy) and O(fail_within), if the task does not give them, from variables of the
        host. The name of such a variable is this text, C(report_) and the option's name. Messages begin with the variable's name.
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
  description: A line for each tenant, followed by the lines of its RV(problems).
  returned: success
  type: list
  elements: str
  sample:
    - 'your-tenant: your-tenant.eu.qlikcloud.com: 12 active keys, the first to expire in 3 days: nightly reload; 1 error'
problems:
  description: The findings of at least the severity O(fail_on), as sentences, by host. Hosts without such findings are left out.
  returned: success
  type: dict
  sample:
    your-tenant: ["ERROR: API key 'nightly reload' expires in 3 days, on 2026-12-03 14:00 UTC, and has no successor. (Ana <ana@example.com>)"]
text:
  description: The lines of the report, in Markdown. Empty unless O(show) asks for it.
  returned: success
  type: list
  elements: str
  sample: ['# API keys of Qlik Cloud tenants']
job_summary:
  description:
    - A summary for M(ansible.builtin.set_stats), which leaves it for later nodes of a workflow, notifications and the API of a
      controller. It has what P(tenantops.qlik_cloud.job_summary#filter) returns, and C(findings), the number of findings of each
      severity.
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
