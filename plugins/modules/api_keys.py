#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: api_keys
short_description: Keep a set of API keys of a Qlik Cloud tenant, in one call
version_added: 1.0.0
description:
  - Makes sure that a list of API keys exists, or does not, and if wanted that no other key does. Each entry is treated as
    M(tenantops.qlik_cloud.api_key) treats its options.
  - The keys are listed once, however many entries there are, and only what differs is written, over one connection. Rate
    limits are waited for, up to O(rate_limit_wait).
  - All entries are planned before anything is changed. If one cannot be planned, because its token is lost, its O(keys[].id)
    is not there or its folder is missing, the run fails and changes nothing.
  - Entries are worked off in the order given. When the tenant refuses one, the run stops there and says in RV(ignore:actions) and
    RV(ignore:remaining) what was done and what was not; the next run goes on from there.
  - A run that takes long says every few seconds how far it is and what it waits for, where it runs inside Ansible's worker.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.changing
attributes:
  idempotent:
    support: partial
    details:
      - An entry with O(keys[].force_renew=true) makes another key in each run.
options:
  keys:
    description:
      - The keys. No two entries may name the same key or the same O(keys[].token_file).
    type: list
    elements: dict
    required: true
    suboptions:
      state:
        description: Whether the key shall exist.
        type: str
        choices: [present, absent]
        default: present
      id:
        description: Id of an existing key, to rename it to O(keys[].description) or to retire it.
        type: str
      description:
        description: Description of the key, part of what identifies it. Required unless O(keys[].id) is given.
        type: str
      sub:
        description: Whom the key is for, a user's id. If not set, the user who signs in.
        type: str
      sub_type:
        description: V(user) for a key that acts as a user, V(externalClient) for a SCIM key.
        type: str
        choices: [user, externalClient]
        default: user
      idp_id:
        description: Id of the identity provider that a SCIM key is for.
        type: str
      expiry:
        description: How long a new key lives, as an ISO 8601 duration such as V(P90D).
        type: str
      token_file:
        description:
          - File that keeps the key's token. With it, a run that is stopped anywhere is completed by the next one, and no
            token is lost.
        type: path
      token_file_owner:
        description: Name or id of the user whose O(keys[].token_file) shall be. If not set, it keeps its owner.
        type: str
      token_file_group:
        description: Name or id of the group that O(keys[].token_file) shall have. If not set, it keeps its group.
        type: str
      token_file_mode:
        description:
          - Mode that O(keys[].token_file) shall have, as M(ansible.builtin.file) takes it, for example V('0640') or
            V(u=rw,g=r).
          - If not set, a file with a token keeps its mode, and any other gets V('0600').
        type: raw
      token:
        description: The token as a store of your own holds it; an empty string if it holds none.
        type: str
      on_lost_token:
        description: What to do when the stored token is not that of the active key.
        type: str
        choices: [fail, replace, ignore]
        default: fail
      renew_before:
        description: Make the key's successor when the key expires within this span, an ISO 8601 duration.
        type: str
      overlap:
        description:
          - How long a predecessor stays active once its successor was made, an ISO 8601 duration. If not set, until it expires
            by itself.
        type: str
      force_renew:
        description: Make a successor now, in this run and in each one that says so.
        type: bool
        default: false
      retire_first:
        description: Retire a key before its successor is made, for tenants that refuse a second one.
        type: bool
        default: false
      return_token:
        description:
          - Whether the token is returned by the run that makes the key. If not set, O(return_tokens) decides.
        type: bool
  purge:
    description:
      - Retire every active key inside O(purge_scope) that is neither named by O(keys) nor a predecessor of one that is. An
        empty O(keys) names none, so the whole scope goes.
      - This comes after all entries, so it makes no room for them, and is not reached when one fails.
      - The key that the run signs in with is never purged; the run fails before anything is changed. Look with C(--check --diff)
        first.
    type: bool
    default: false
  purge_scope:
    description:
      - Which keys may be purged. At least one is needed; with both, keys that fit both.
      - Signed in as a TenantAdmin, V(user) alone means the keys of every user of the tenant.
    type: dict
    suboptions:
      sub_type:
        description: Keys of this type.
        type: str
        choices: [user, externalClient]
      created_by_user:
        description: Keys made by the user with this id.
        type: str
  return_tokens:
    description:
      - Whether the run that makes keys returns their tokens. Use C(no_log) on the task then.
      - If not set, a task with C(no_log=true) returns the tokens of those entries that have no O(keys[].token_file), and any
        other task returns none.
      - No key is made whose token would neither be returned nor be put into O(keys[].token_file). A task with C(async),
        C(until) or C(retries) returns none, since its result lies in a file, or is thrown away when another attempt follows.
      - A run that is killed returns nothing. Keys that it made without O(keys[].token_file) and O(keys[].token) stay active, and
        later runs do not know that nobody has their tokens. For a large set give O(keys[].token_file) and read the files.
    type: bool
seealso:
  - module: tenantops.qlik_cloud.api_key
  - module: tenantops.qlik_cloud.api_key_info
"""

EXAMPLES = r"""
- name: Have a key for each service, their tokens on file
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

- name: Have no SCIM keys but this one
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
- name: Have keys, and their tokens in a store of your own
  block:
    - name: Have the keys
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
    - The keys in the order given, V(null) for an entry with O(keys[].state=absent). In check mode, what is not known of a
      key that would be made is V(null).
    - A run that fails returns those it had made until then and whose tokens are returned, so that none is lost, and V(null)
      for all others.
  returned: success, and a failure after keys were made whose tokens are returned
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
