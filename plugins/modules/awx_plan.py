#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: awx_plan
short_description: Plan the objects of an AWX controller for Qlik Cloud tenants
version_added: 1.0.0
description:
  - Checks the variables of the playbook C(tenantops.qlik_cloud.awx), reads the controller, and returns the objects that the
    playbook makes or removes. It writes nothing.
  - It signs in as the modules of the collection C(awx.awx) do, by E(CONTROLLER_HOST), E(CONTROLLER_USERNAME),
    E(CONTROLLER_PASSWORD), E(CONTROLLER_OAUTH_TOKEN), E(CONTROLLER_VERIFY_SSL), or the file C(tower_cli.cfg). It runs beside Ansible
    and needs that collection there.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.controller
attributes:
  diff_mode:
    support: N/A
    details:
      - It only reads.
  idempotent:
    support: full
    details:
      - It only reads.
options:
  state:
    description:
      - Whether the objects exist when the playbook is done. V(absent) removes the objects that the playbook has made, which it
        knows by their descriptions. It never removes the organization.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: How the names of the objects begin.
    type: str
    default: Qlik Cloud
  adopt:
    description: Whether to take over and change objects of these names that the playbook has not made.
    type: bool
    default: false
  organization:
    description: The organization of the objects. If it does not exist, it is made.
    type: str
    default: Default
  galaxy_credentials:
    description:
      - Names of the organization's Galaxy credentials, in their order. If not set, the organization must have one already.
    type: list
    elements: str
  execution_environment:
    description:
      - Name of the execution environment of the jobs. If not set, it is O(name) if O(execution_environment_image) is set. Otherwise
        the controller chooses.
    type: str
  execution_environment_image:
    description:
      - Image of the execution environment, which the playbook then makes. If not set, the execution environment must exist.
    type: str
  execution_environment_credential:
    description: Name of the credential for the image's registry.
    type: str
  execution_environment_pull:
    description: When to pull the image.
    type: str
    choices: [always, missing, never]
    default: missing
  project_url:
    description: Address of the git repository of the project. Required unless O(state=absent).
    type: str
  project_branch:
    description: Its branch, tag or commit. If not set, the repository's own.
    type: str
  project_credential:
    description: Name of the credential for the repository.
    type: str
  inventory_file:
    description: Path of the inventory in the project.
    type: str
    default: inventory/tenants.yml
  inventory_credential:
    description: Name of a credential for the inventory, such as one of type C(contexts) for an inventory of contexts.
    type: str
  update_on_launch:
    description: Whether to update project and inventory when a job starts.
    type: bool
    default: true
  update_timeout:
    description: Seconds to wait for the update of the project, and of the inventory.
    type: int
    default: 600
  credentials:
    description: Credentials to make.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the credential.
        type: str
        required: true
      type:
        description:
          - V(tenant), V(contexts) or V(token) is a type of this collection. Any other text is the name of a credential type.
        type: str
        default: tenant
      inputs:
        description:
          - All its inputs. An input that is left out is removed from the credential. The inputs of type V(token) are written only
            when the credential is made. After that, jobs write them.
        type: dict
        default: {}
  update_secrets:
    description:
      - Whether to write credentials and notifications in any case. AWX gives no secret back. So without this option, a secret is
        written only when its object is made, or when something else of the object changes.
    type: bool
    default: false
  job_credentials:
    description: Names of the credentials of the job templates.
    type: list
    elements: str
    default: []
  templates:
    description: The job templates to make.
    type: list
    elements: str
    choices: [onboard, rotate, report, leaver]
    default: [onboard, rotate, report, leaver]
  forks:
    description: How many tenants a job works on at the same time.
    type: int
    default: 10
  job_slices:
    description: Into how many slices a job is divided.
    type: int
    default: 1
  job_timeout:
    description: Seconds after which a job is cancelled; V(0) for never.
    type: int
    default: 0
  labels:
    description: Labels of the templates.
    type: list
    elements: str
    default: [qlik-cloud]
  notifications:
    description:
      - Notification templates that tell of jobs that fail, and of approvals that wait. One that has only a name must exist.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the notification template.
        type: str
        required: true
      type:
        description: Its type, such as V(slack), V(email) or V(webhook).
        type: str
      configuration:
        description: Its configuration, as AWX has it for that type.
        type: dict
  workflow:
    description: Whether to make the workflow, which consists of check, approval, onboard and report.
    type: bool
    default: true
  approval_timeout:
    description: Seconds after which an approval that nobody gave is denied; V(0) for never.
    type: int
    default: 0
  schedules:
    description: Schedules to make.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the schedule.
        type: str
        required: true
      template:
        description: What it launches.
        type: str
        choices: [onboard, rotate, report, workflow]
        required: true
      rrule:
        description: When, as AWX takes it, such as V(DTSTART:20270101T020000Z RRULE:FREQ=DAILY;INTERVAL=1).
        type: str
        required: true
      limit:
        description: The hosts to run for.
        type: str
      enabled:
        description: Whether it is active.
        type: bool
        default: true
  variables_prefix:
    description:
      - Takes each option that the task does not give from a variable. Its name is this text and the option's name. Any other
        variable whose name begins with this text is refused. Messages begin with the variable's name.
    type: str
"""

EXAMPLES = r"""
- name: See what there is to do
  tenantops.qlik_cloud.awx_plan:
    project_url: https://git.example.com/team/qlik-cloud.git
    galaxy_credentials: [Ansible Galaxy]
    credentials:
      - name: Qlik Cloud production
        inputs:
          tenant_url: https://your-tenant.eu.qlikcloud.com
          client_id: your-client-id
          client_secret: "{{ vault_qlik_client_secret }}"
    job_credentials: [Qlik Cloud production]
  register: plan
"""

RETURN = r"""
state:
  description: O(state).
  returned: success
  type: str
  sample: present
objects:
  description:
    - The objects by their kind, in the order in which they are made or removed, each with C(kind), C(name), C(exists) and what its
      module of C(awx.awx) is given. There are no secrets in it.
  returned: success
  type: dict
  sample:
    project: [{kind: project, name: Qlik Cloud, exists: false, scm_url: https://git.example.com/team/qlik-cloud.git}]
left:
  description: Objects that are not removed although they have such a name, with C(kind), C(name) and C(reason).
  returned: success
  type: list
  elements: dict
  sample: []
"""
