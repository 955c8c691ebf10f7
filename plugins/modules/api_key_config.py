#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: api_key_config
short_description: Set the limits of API keys on a Qlik Cloud tenant
version_added: 1.0.0
description:
  - Sets how many API keys a user may have and how long keys live, and on older tenants whether keys are enabled at all.
  - Sets only the options that are given. Without any, the module reads the configuration and changes nothing.
  - New limits apply to keys that are made after that. Keys that exist keep their expiry.
  - After a change the module reads the configuration back, and fails if the tenant did not take the change.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.changing
  - tenantops.qlik_cloud._attributes.group
options:
  tenant_id:
    description: Id of the tenant. If not set, the tenant of the user who signs in.
    type: str
  api_keys_enabled:
    description:
      - Whether API keys can be made and used. Only older tenants have this switch.
      - All tenants since early 2026 have the permission Manage API keys instead. There V(true) changes nothing and warns, and
        V(false) fails.
    type: bool
  max_keys_per_user:
    description: How many active API keys a user may have, from 0 to 1000.
    type: int
  max_api_key_expiry:
    description:
      - The longest life of a user's API key, as an ISO 8601 duration such as V(P90D). A key that is made without an expiry lives as
        long.
      - Durations are compared by length, so V(P7D) and V(PT168H) are the same.
    type: str
  scim_external_client_expiry:
    description:
      - How long a SCIM key lives that is made without an expiry, as an ISO 8601 duration such as V(P365D).
      - Qlik does not document whether a SCIM key may live longer.
    type: str
seealso:
  - module: tenantops.qlik_cloud.tenant_info
  - module: tenantops.qlik_cloud.api_key
"""

EXAMPLES = r"""
- name: Let users have up to ten keys that live for at most 90 days
  tenantops.qlik_cloud.api_key_config:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    max_keys_per_user: 10
    max_api_key_expiry: P90D

- name: Let SCIM keys live for half a year
  tenantops.qlik_cloud.api_key_config:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    scim_external_client_expiry: P180D

- name: Read the configuration
  tenantops.qlik_cloud.api_key_config:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
  register: limits
"""

RETURN = r"""
tenant_id:
  description: Id of the tenant.
  returned: success
  type: str
  sample: hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1Hb5
config:
  description: The whole configuration as it is now, or, in check mode, as it would be.
  returned: success
  type: dict
  contains:
    api_keys_enabled:
      description: The switch; V(null) on tenants that have none.
      type: bool
      returned: success
    max_keys_per_user:
      description: How many active keys a user may have.
      type: int
      returned: success
    max_api_key_expiry:
      description: ISO 8601 duration.
      type: str
      returned: success
    scim_external_client_expiry:
      description: ISO 8601 duration; V(null) on tenants that do not tell it.
      type: str
      returned: success
  sample:
    api_keys_enabled: null
    max_keys_per_user: 10
    max_api_key_expiry: P90D
    scim_external_client_expiry: P365D
actions:
  description: What was done, or would be done in check mode. One entry, or none.
  returned: success, and on a failure after a change
  type: list
  elements: dict
  contains:
    action:
      description: Always V(update).
      type: str
      returned: success
    id:
      description: Id of the tenant.
      type: str
      returned: success
    description:
      description: What is updated.
      type: str
      returned: success
    reason:
      description: Each setting that differs, with its old and new value.
      type: str
      returned: success
  sample:
    - action: update
      id: hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1Hb5
      description: API key configuration
      reason: max_keys_per_user from 5 to 10, max_api_key_expiry from "PT24H" to "P90D"
diff:
  description: The configuration before and after.
  returned: success, with C(--diff)
  type: dict
  contains:
    before:
      description: The configuration before.
      type: dict
      returned: success
    after:
      description: The configuration after.
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
    path: /api/v1/api-keys/configs/hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1Hb5
"""

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import API_KEY_CONFIG
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_key_config import SetConfig
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import run_module


def main():
    run_module(API_KEY_CONFIG, SetConfig)


if __name__ == "__main__":
    main()
