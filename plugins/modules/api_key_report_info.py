#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: api_key_report_info
short_description: List what must be done about the API keys of a Qlik Cloud tenant
version_added: 1.0.0
description:
  - Reads the active API keys of a tenant and those that expired lately, their owners, the limits, and who may make keys, and tries
    the stored tokens.
  - Finds what must be done, by the rules of O(policy).
  - If the user who signs in is no TenantAdmin, the module sees the keys of that user only, and says so.
  - M(tenantops.qlik_cloud.api_key_report) writes what was read of several tenants into files. The playbook
    C(tenantops.qlik_cloud.report) does both.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._keys
  - tenantops.qlik_cloud._keys.scim
  - tenantops.qlik_cloud._report
  - tenantops.qlik_cloud._role
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.reading
  - tenantops.qlik_cloud._attributes.group
options:
  permission:
    description:
      - Who may make keys, as M(tenantops.qlik_cloud.tenant) takes it. Only its C(role) counts here, V(UserDefault) if not set. If
        O(policy.permission_roles) is not set, rule V(permission_too_wide) allows this role.
    type: dict
seealso:
  - module: tenantops.qlik_cloud.api_key_report
  - module: tenantops.qlik_cloud.api_key_info
  - module: tenantops.qlik_cloud.token_info
"""

EXAMPLES = r"""
- name: See what must be done about the keys of a tenant
  tenantops.qlik_cloud.api_key_report_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    fail_within: P3D
    policy:
      rotated_within: P180D
      severities:
        owner_gone: error
        not_rotated: warning
    scim_keys:
      - description: Entra ID provisioning
        idp_id: 6f1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b
        token_file: /etc/qlik/entra.token
  register: keys

- name: Name it
  ansible.builtin.debug:
    msg: "{{ keys.report.findings | map(attribute='what') }}"
"""

RETURN = r"""
report:
  description: What was read, and what was found.
  returned: success
  type: dict
  contains:
    tenant_id:
      description: Id of the tenant.
      type: str
      returned: success
    hostname:
      description: The tenant's original host name.
      type: str
      returned: success
    name:
      description: Name of the tenant.
      type: str
      returned: success
    read_at:
      description: When it was read, as an RFC 3339 time in UTC.
      type: str
      returned: success
    summary:
      description: The whole report in one line.
      type: str
      returned: success
    enabled_by:
      description: How API keys are enabled on this tenant, V(switch) or V(permission).
      type: str
      returned: success
    config:
      description: The limits, as M(tenantops.qlik_cloud.api_key_config) returns them; V(null) where they cannot be seen.
      type: dict
      returned: success
    makers:
      description:
        - Who may make keys; V(null) where that cannot be seen.
      type: dict
      returned: success
      contains:
        everybody:
          description: Whether every user may.
          type: bool
          returned: success
        roles:
          description: The names of the roles that let users make keys.
          type: list
          elements: str
          returned: success
        users:
          description: Users who hold one of the roles, also by a group, with C(id), C(name) and C(email); none where everybody may.
          type: list
          elements: dict
          returned: success
        groups:
          description: Groups that hold one of the roles, with C(id) and C(name).
          type: list
          elements: dict
          returned: success
        complete:
          description: Whether all of these could be read.
          type: bool
          returned: success
    api_keys:
      description: The active keys, the soonest to expire first, then those that expired within O(policy.expired_within).
      type: list
      elements: dict
      returned: success
      contains:
        id:
          description: Id of the key.
          type: str
          returned: success
        description:
          description: Its description.
          type: str
          returned: success
        status:
          description: V(active), V(expired) or V(revoked).
          type: str
          returned: success
        sub:
          description: The subject, a user's id or C(SCIM\\<identity provider id>).
          type: str
          returned: success
        sub_type:
          description: V(user) or V(externalClient).
          type: str
          returned: success
        expiry:
          description: When the key expires, as an RFC 3339 time in UTC.
          type: str
          returned: success
        expires_in:
          description: Seconds until the key expires, negative when that is past.
          type: int
          returned: success
        created:
          description: When the key was made; V(null) when the tenant does not tell.
          type: str
          returned: success
        last_updated:
          description: When the key was last changed; V(null) when the tenant does not tell.
          type: str
          returned: success
        created_by_user:
          description: Id of the user who made the key.
          type: str
          returned: success
        tenant_id:
          description: Id of the tenant.
          type: str
          returned: success
        successor:
          description: Id of the newest active key with the same subject, type and description, if that was made later than this one.
          type: str
          returned: success
        identity_provider:
          description: Of a SCIM key, its provider with C(id), C(provider) and C(active), which is V(null) for one that is not there.
          type: dict
          returned: success
        owner:
          description:
            - The user whose key it is; of a SCIM key the one who made it. V(null) when the tenant does not tell.
            - C(status) is that of the user, such as V(active), V(invited), V(disabled) or V(deleted), or V(gone) for one that
              the tenant does not have any more; C(may_make_keys) whether roles and groups let the user make and use keys,
              V(null) where that cannot be said, as of administrators and bots without such a role.
          type: dict
          returned: success
          contains:
            id:
              description: Id of the user.
              type: str
              returned: success
            name:
              description: Name of the user.
              type: str
              returned: success
            email:
              description: E-mail address of the user.
              type: str
              returned: success
            subject:
              description: Subject of the user at the identity provider.
              type: str
              returned: success
            status:
              description: Status of the user.
              type: str
              returned: success
            may_make_keys:
              description: Whether the user may make and use keys.
              type: bool
              returned: success
    stored_tokens:
      description: Whether each stored token of O(scim_keys) and O(keys) works.
      type: list
      elements: dict
      returned: success
      contains:
        description:
          description: Description of the key.
          type: str
          returned: success
        token_file:
          description: The file that the token is kept in.
          type: str
          returned: success
        key_id:
          description: Id of the key that the stored token is of.
          type: str
          returned: success
        valid:
          description: Whether it works; V(null) where that cannot be seen.
          type: bool
          returned: success
        reason:
          description: Why.
          type: str
          returned: success
    findings:
      description: What must be done, the most severe first.
      type: list
      elements: dict
      returned: success
      contains:
        rule:
          description: The rule that found it.
          type: str
          returned: success
        severity:
          description: V(error), V(warning) or V(note).
          type: str
          returned: success
        what:
          description: What is wrong, as a sentence.
          type: str
          returned: success
        whose:
          description: The user that it is about.
          type: str
          returned: success
        advice:
          description: What to do.
          type: str
          returned: success
        key_id:
          description: Id of the key that it is about.
          type: str
          returned: success
    policy:
      description: What was looked for, as in O(policy), with the severity of each rule, and O(fail_within).
      type: dict
      returned: success
failure:
  description: What is known of the request that failed.
  returned: failure of a request
  type: dict
  contains:
    status:
      description: HTTP status of the answer.
      type: int
      returned: when there was an answer
    code:
      description: The service's error code.
      type: str
      returned: when the answer held one
    title:
      description: The service's title of the error, or the name of the status.
      type: str
      returned: when the request was refused
    detail:
      description: The service's explanation.
      type: str
      returned: when the answer held one
    method:
      description: HTTP method of the request.
      type: str
      returned: always
    path:
      description: Path of the request.
      type: str
      returned: always
    trace_id:
      description: The service's id of this very failure, for its support.
      type: str
      returned: when the answer held one
  sample:
    status: 403
    title: Forbidden
    method: GET
    path: /api/v1/api-keys
"""

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import API_KEY_REPORT_INFO
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_key_report_info import ReadForReport
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import run_module


def main():
    run_module(API_KEY_REPORT_INFO, ReadForReport)


if __name__ == "__main__":
    main()
