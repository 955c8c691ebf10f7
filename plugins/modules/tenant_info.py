#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tenant_info
short_description: Show a Qlik Cloud tenant, who is signed in, and who may make API keys
version_added: 1.0.0
description:
  - Reads the user that signs in, the tenant, and its configuration of API keys.
  - A good first task against a tenant, since it proves the address and the credentials and changes nothing.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.reading
  - tenantops.qlik_cloud._attributes.group
seealso:
  - module: tenantops.qlik_cloud.api_key_config
"""

EXAMPLES = r"""
- name: See which tenant this is, and who I am there
  tenantops.qlik_cloud.tenant_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
  register: about

- name: Show the host name that Entra ID must be given
  ansible.builtin.debug:
    msg: "{{ about.tenant.hostname }}: API keys are enabled by {{ about.enabled_by }}"
"""

RETURN = r"""
tenant:
  description: The tenant.
  returned: success
  type: dict
  contains:
    id:
      description: Id of the tenant.
      type: str
      returned: success
    name:
      description: Name of the tenant.
      type: str
      returned: success
    hostname:
      description: The original host name, which Microsoft Entra ID must be given for SCIM, not an alias.
      type: str
      returned: success
    hostnames:
      description: All host names; the original one first.
      type: list
      elements: str
      returned: success
  sample:
    id: hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1Hb5
    name: 4ddkg5r5sr5bm4l
    hostname: 4ddkg5r5sr5bm4l.eu.qlikcloud.com
    hostnames: [4ddkg5r5sr5bm4l.eu.qlikcloud.com, your-tenant.eu.qlikcloud.com]
requester:
  description: The user that the credentials belong to.
  returned: success
  type: dict
  contains:
    id:
      description: Id of the user.
      type: str
      returned: success
    tenant_id:
      description: Id of the user's tenant.
      type: str
      returned: success
    name:
      description: Name of the user.
      type: str
      returned: success
    email:
      description: E-mail address of the user; V(null) for a bot.
      type: str
      returned: success
    subject:
      description: Subject of the user.
      type: str
      returned: success
    roles:
      description: Names of the roles assigned to the user directly, in alphabetical order.
      type: list
      elements: str
      returned: success
  sample:
    id: 66f0c7d2a1b2c3d4e5f60718
    tenant_id: hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1Hb5
    name: Platform Automation
    email: platform@example.com
    subject: auth0|66f0c7d2a1b2c3d4e5f60718
    roles: [TenantAdmin]
enabled_by:
  description:
    - How creating API keys is allowed on this tenant.
    - V(switch) on tenants that still have O(tenantops.qlik_cloud.api_key_config#module:api_keys_enabled), V(permission)
      on those where the permission Manage API keys decides (all since early 2026).
  returned: success
  type: str
  sample: permission
config:
  description: The configuration of API keys, as module M(tenantops.qlik_cloud.api_key_config) returns it.
  returned: success
  type: dict
  sample:
    api_keys_enabled: null
    max_keys_per_user: 5
    max_api_key_expiry: PT24H
    scim_external_client_expiry: P365D
permission:
  description:
    - By which roles users may make API keys. V(null) for a caller who may not see roles, which needs the role TenantAdmin.
  returned: success
  type: dict
  contains:
    roles:
      description:
        - Names of the roles. With RV(enabled_by=permission) those with the scope C(api-keys), else C(Developer).
      type: list
      elements: str
      returned: success
    everybody:
      description: Whether every user may, by the role C(UserDefault).
      type: bool
      returned: success
  sample:
    roles: [API key owners]
    everybody: false
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
    path: /api/v1/roles
"""

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import TENANT_INFO
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.tenant_info import DescribeTenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import run_module


def main():
    run_module(TENANT_INFO, DescribeTenant)


if __name__ == "__main__":
    main()
