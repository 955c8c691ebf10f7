#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: api_keys
short_description: Manage a set of API keys of a Qlik Cloud tenant
version_added: 1.0.0
description:
  - Makes, renews, renames and retires the API keys of a list, and with O(purge) retires the others. An entry has the options of
    M(tenantops.qlik_cloud.api_key).
  - Lists the tenant's keys once, however many entries there are, and writes only what differs, over one connection. It waits for
    the tenant's rate limits, up to O(rate_limit_wait).
  - Plans all entries before it changes anything. If an option of one entry is wrong, the run fails at once.
  - If one entry has another problem, such as a lost token or an O(keys[].id) that does not exist, the other entries are done,
    nothing is purged, and the run fails and names that entry.
  - Handles the entries in the order given. If the tenant refuses one, the run stops there. RV(ignore:actions) says what was done,
    and RV(ignore:remaining) what was not. The next run goes on from there.
  - A long run inside Ansible's worker says every few seconds how far it is and what it waits for.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._keys.required
  - tenantops.qlik_cloud._keys.whole_set
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._role.sign_in
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.making_keys
  - tenantops.qlik_cloud._attributes.group
attributes:
  idempotent:
    support: partial
    details:
      - An entry with O(keys[].force_renew=true) makes another key in each run.
seealso:
  - module: tenantops.qlik_cloud.api_key
  - module: tenantops.qlik_cloud.api_key_info
"""

EXAMPLES = r"""
- name: Ensure each service has a key, with its token on file
  tenantops.qlik_cloud.api_keys:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    keys:
      - description: nightly reload
        expiry: P90D
        renew_before: P14D
        overlap: P2D
        token_file: /etc/qlik/reload.token
      - description: monitoring
        expiry: P90D
        token_file: /etc/qlik/monitoring.token
      - description: old dashboard
        state: absent

- name: Rename a key
  tenantops.qlik_cloud.api_keys:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    keys:
      - id: 8b0d3c1e-7f5a-4c62-9d11-2f6f0c9a7b34
        description: monitoring of the new site

- name: Retire all SCIM keys but this one
  tenantops.qlik_cloud.api_keys:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    keys:
      - description: Entra ID provisioning
        idp_id: "{{ entra_idp_id }}"
        token_file: /etc/qlik/entra.token
    purge: true
    purge_scope:
      sub_type: externalClient

# Returned tokens are lost unless they are stored, those of a run that fails included. "token" says what the store has, so
# that a later run knows which are not there.
- name: Make keys, and keep their tokens in a store of your own
  block:
    - name: Make and renew the keys
      tenantops.qlik_cloud.api_keys:
        tenant_url: https://your-tenant.eu.qlikcloud.com
        access_token: "{{ qlik_access_token }}"
        keys:
          - description: nightly reload
            token: "{{ token_of['nightly reload'] | default('') }}"
          - description: monitoring
            token: "{{ token_of['monitoring'] | default('') }}"
      register: made
      no_log: true
  always:
    - name: Store each new token
      ansible.builtin.include_tasks: store_token.yml
      loop: "{{ made.api_keys | default([]) | select | selectattr('token', 'defined') | map(attribute='id') }}"
      vars:
        key: "{{ made.api_keys | select | selectattr('id', 'equalto', item) | first }}"
"""

RETURN = r"""
api_keys:
  description:
    - The keys in the order given. V(null) for an entry with O(keys[].state=absent), and for one that has a problem of its own.
      In check mode, what is not known of a key that would be made is V(null).
    - Any other failure returns those made until then whose tokens are returned, so that none is lost, and V(null) for all others.
  returned: success, a failure of an entry alone, and one after keys were made whose tokens are returned
  type: list
  elements: dict
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
      description: V(active).
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
    token_file:
      description: Absolute path of the token file.
      type: str
      returned: when O(keys[].token_file) is given
    token:
      description: The token, in the run that made the key, and only there.
      type: str
      returned: when the key was made and its token is to be returned
  sample:
    - id: 8b0d3c1e-7f5a-4c62-9d11-2f6f0c9a7b34
      description: nightly reload
      status: active
      sub: 66f0c7d2a1b2c3d4e5f60718
      sub_type: user
      expiry: '2027-02-20T09:15:00.000Z'
      created: '2026-11-22T09:15:00.000Z'
      last_updated: '2026-11-22T09:15:00.000Z'
      created_by_user: 66f0c7d2a1b2c3d4e5f60718
      tenant_id: hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1Hb5
      token_file: /etc/qlik/reload.token
has_leftovers:
  description:
    - Whether a run that was stopped left something beside a token file. A run that is not in check mode takes it away, also
      when nothing on the tenant needs doing, unless a request of that run may still be carried out.
  returned: success
  type: bool
  sample: false
actions:
  description: What was done, or would be done in check mode, in order. Empty when nothing on the tenant needs doing.
  returned: success, and on a failure after a change
  type: list
  elements: dict
  contains:
    action:
      description: V(create), V(update) or V(retire).
      type: str
      returned: success
    id:
      description: Id of the key; V(null) in check mode for one that does not exist yet.
      type: str
      returned: success
    description:
      description: Description of the key; its new one for V(update).
      type: str
      returned: success
    reason:
      description: Why.
      type: str
      returned: success
    outcome:
      description: For an applied V(retire), what the tenant made of the key, V(deleted) or V(revoked).
      type: str
      returned: for an applied retirement
  sample:
    - action: create
      id: 8b0d3c1e-7f5a-4c62-9d11-2f6f0c9a7b34
      description: Entra ID provisioning
      reason: no active API key 'Entra ID provisioning' (externalClient SCIM\6f1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b)
remaining:
  description: What was planned and not done, as in RV(actions).
  returned: failure after a change
  type: list
  elements: dict
  sample: []
diff:
  description:
    - The active keys that the entries and the purge are about, before and after, without any token. Where owner, group or
      mode of token files are not as asked for, those as well.
  returned: success, with C(--diff)
  type: dict
  contains:
    before:
      description: The keys before.
      type: dict
      returned: success
    after:
      description: The keys after, as planned. The id of a key yet to be made is V(null), in the run that makes it as well.
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
    method: POST
    path: /api/v1/api-keys
"""

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import API_KEYS
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_keys import EnsureApiKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import run_module


def main():
    run_module(API_KEYS, EnsureApiKeys)


if __name__ == "__main__":
    main()
