#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: api_key
short_description: Manage an API key of a Qlik Cloud tenant
version_added: 1.0.0
description:
  - Makes sure that an API key exists, or that it does not.
  - A key is identified by O(sub), O(sub_type) and O(description) together, among active keys. Revoked and expired keys
    never match, so a new key is made when the last one has ended.
  - Qlik Cloud shows a token only once, when its key is made. Give O(token_file) to have it stored, or O(token) with what
    your own store holds; every run then checks that the stored token still belongs to the key. With neither, the token is
    returned by the run that makes the key, and not looked after any more.
  - The order is always the same. A key is made, its token is stored and read back, and only then is what it takes the
    place of retired. A run that is stopped anywhere in between is completed by the next one.
  - A request for a key whose answer is lost is not simply sent again, which could leave a key that nobody holds; the module
    looks, retires the key if one was made, and asks once more.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.making_keys
attributes:
  idempotent:
    support: partial
    details:
      - With O(force_renew=true) each run makes another key.
options:
  state:
    description:
      - Whether the key exists when the task is done.
      - V(present) makes the key unless an active one exists. Of several, the newest counts, or the one whose token is stored.
      - V(absent) retires every active key that matches. A key's owner deletes it by that; a TenantAdmin who is not the
        owner revokes it, and its record stays.
    type: str
    choices: [present, absent]
    default: present
  id:
    description:
      - Id of an existing key, to rename it to O(description) or to retire it.
      - It names that key outright. A key cannot be made with an id.
    type: str
  description:
    description:
      - Description of the key, part of what identifies it.
      - Required unless O(id) is given.
    type: str
  sub:
    description:
      - Whom the key is for, a user by id, e-mail address or subject. If not set, the user who signs in.
      - For a SCIM key C(SCIM\\<identity provider id>); O(idp_id) is the easier way to say so.
    type: str
  sub_type:
    description: V(user) for a key that acts as a user, V(externalClient) for a SCIM key.
    type: str
    choices: [user, externalClient]
    default: user
  idp_id:
    description:
      - Id of the identity provider that a SCIM key is for.
      - Means O(sub_type=externalClient) and the O(sub) that belongs to it.
    type: str
  idp:
    description:
      - The identity provider that a SCIM key is for, by what it is, instead of O(idp_id).
      - Exactly one provider of the tenant must fit. Case does not matter.
    type: dict
    suboptions:
      provider:
        description: The vendor, for example V(azureAD) for Microsoft Entra ID.
        type: str
      protocol:
        description: For example V(OIDC) or V(SAML).
        type: str
      description:
        description: The whole description of the provider.
        type: str
  expiry:
    description:
      - How long a new key lives, as an ISO 8601 duration such as V(P90D). If not set, the tenant decides.
      - The tenant's configuration sets a limit, and the life of keys for which this is not set.
      - The expiry of an existing key cannot be changed. If it differs from this, the module warns.
    type: str
  token_file:
    description:
      - File that keeps the key's token, and nothing else. Its folder must exist.
      - It is written atomically and never through a symbolic link. That it can be written is proven before a key is made or
        retired; one that is there is put in place of itself for that.
      - A token that may be of use to anybody is never overwritten, whatever O(on_lost_token) says; only on a tenant whose
        tokens do not carry the id of their key, of which the module warns, this cannot be told. Nor is anything that is not a
        token as a whole, white space around it aside, such as a file of settings with a token in it.
      - The stored token tells which key is its own. Active keys of the same name that are older are its predecessors, see
        O(overlap). Of those that are younger, a key is retired when a marker beside the file proves that a run which was
        stopped made it and did not store its token; all others are named in a warning and left.
      - While a run works on it, up to three hidden files lie beside it, named after it and ending in C(.qlik-lock),
        C(.qlik-pending) and C(.qlik-new). A second run on the same file waits for its turn.
      - With O(state=absent), the file is removed when its token is that of a key which has ended.
    type: path
  token_file_owner:
    description:
      - Name or id of the user who owns O(token_file). If not set, it keeps its owner.
      - Without it, a file that is there keeps its owner, also when its token is renewed; a new one is of the user who runs
        the module.
    type: str
  token_file_group:
    description:
      - Name or id of the group of O(token_file). If not set, it keeps its group, also when its token is renewed.
    type: str
  token_file_mode:
    description:
      - Mode of O(token_file), as M(ansible.builtin.file) takes it, for example V('0640') or V(u=rw,g=r).
      - Quote an octal mode, so that it stays octal. The owner must be able to read the file.
      - If not set, a file with a token keeps its mode, also when the token is renewed, and any other gets V('0600'). The
        label of SELinux and access control lists are kept as well.
      - If others than its owner may read the file, the module warns.
    type: raw
  token:
    description:
      - The token as a store of your own holds it; an empty string if it holds none.
      - It may come from a lookup, for example. It is only compared, never sent.
      - The token of a key that is made is returned as RV(token) for you to store. What it takes the place of is retired by
        the first run that is given the new token.
    type: str
  key_id:
    description:
      - Instead of O(token), for a store that gives no token back, the id of the key whose token the store says it holds; an
        empty string if it holds none.
      - Have the store keep it beside the token, both in one write.
    type: str
  on_lost_token:
    description:
      - What to do when the stored token is not that of an active key that matches, or no token is stored of one.
      - V(fail) says which key it is and what can be done.
      - V(replace) makes a new key, stores its token, and then retires the other active keys of the same name.
      - V(ignore) warns, and goes on as if no token were tracked.
    type: str
    choices: [fail, replace, ignore]
    default: fail
  renew_before:
    description:
      - Make the key's successor when the key expires within this ISO 8601 duration, such as V(P14D).
      - It must be shorter than the life of the successor, O(expiry) or what the tenant's configuration allows. Where it is not
        shorter than the latter, the key is renewed in the second half of its life, with a warning.
    type: str
  overlap:
    description:
      - How long a predecessor stays active once its successor was made, an ISO 8601 duration such as V(P2D). If not set, until
        it expires by itself.
      - The first run after that time retires it. V(PT0S) retires it as soon as the new token is stored.
    type: str
  force_renew:
    description: Make a successor now, in this run and in each one that says so.
    type: bool
    default: false
  retire_first:
    description:
      - Retire a key before its successor is made, for tenants that refuse a second one.
      - From then until the new token is in use, none works.
      - It is for tenants that refuse a second active key for the same identity provider, and for users whose number of keys is
        used up. Without it, such a tenant's refusal fails the run, and nothing is changed.
    type: bool
    default: false
  return_token:
    description:
      - Whether the run that makes the key returns its token. Use C(no_log) on the task then.
      - It is returned as RV(token). If not set, a task with C(no_log=true) and without O(token_file) returns it, and any other does not.
      - No key is made whose token would neither be returned nor be put into O(token_file). A task with C(async), C(until) or
        C(retries) returns none, since its result lies in a file, or is thrown away when another attempt follows.
    type: bool
seealso:
  - module: tenantops.qlik_cloud.api_keys
  - module: tenantops.qlik_cloud.api_key_info
  - module: tenantops.qlik_cloud.api_key_config
"""

EXAMPLES = r"""
- name: Have a SCIM key for Entra ID, its token on file
  tenantops.qlik_cloud.api_key:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    description: Entra ID provisioning
    idp_id: "{{ entra_idp_id }}"
    expiry: P180D
    token_file: /etc/qlik/entra.token

- name: Renew it two weeks before it expires, and let the old one live for two days more
  tenantops.qlik_cloud.api_key:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    description: Entra ID provisioning
    idp_id: "{{ entra_idp_id }}"
    expiry: P180D
    renew_before: P14D
    overlap: P2D
    token_file: /etc/qlik/entra.token

- name: Have a token that a service can read
  tenantops.qlik_cloud.api_key:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    description: reload service
    token_file: /etc/qlik/reload.token
    token_file_owner: root
    token_file_group: reload
    token_file_mode: "0640"

- name: Have a key whose token a secret store keeps
  tenantops.qlik_cloud.api_key:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    description: nightly reload
    expiry: P30D
    renew_before: P7D
    token: "{{ token_from_your_store | default('') }}"
  register: reload
  no_log: true

- name: Have a key of my own, and get its token when it is made
  tenantops.qlik_cloud.api_key:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    description: nightly reload
    expiry: P30D
  register: nightly
  no_log: true

- name: Rename a key
  tenantops.qlik_cloud.api_key:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    id: "{{ nightly.api_key.id }}"
    description: nightly reload (finance)

- name: Retire the SCIM key, and remove its token
  tenantops.qlik_cloud.api_key:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    description: Entra ID provisioning
    idp_id: "{{ entra_idp_id }}"
    token_file: /etc/qlik/entra.token
    state: absent
"""

RETURN = r"""
api_key:
  description:
    - The key. In check mode, what is not known of a key that would be made is V(null).
  returned: success, with O(state=present), and a failure that returns the token of a key just made
  type: dict
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
  sample:
    id: 8b0d3c1e-7f5a-4c62-9d11-2f6f0c9a7b34
    description: Entra ID provisioning
    status: active
    sub: 'SCIM\6f1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b'
    sub_type: externalClient
    expiry: '2027-05-21T09:15:00.000Z'
    created: '2026-11-22T09:15:00.000Z'
    last_updated: '2026-11-22T09:15:00.000Z'
    created_by_user: 66f0c7d2a1b2c3d4e5f60718
    tenant_id: hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1Hb5
token:
  description:
    - The token of the key just made. It is returned by that one run only, and cannot be had again.
    - A run that fails after the key was made returns it as well, unless it is on file.
  returned: when a key was made, and as O(return_token) says
  type: str
  sample: eyJhbGciOiJFUzM4NCJ9.…
token_file:
  description: Absolute path of the token file.
  returned: success, when O(token_file) is given
  type: str
  sample: /etc/qlik/entra.token
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
diff:
  description:
    - The active keys of that name before and after, without any token. Where owner, group or mode of O(token_file) are not
      as asked for, those as well.
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

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import API_KEY
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_key import EnsureApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import run_module


def main():
    run_module(API_KEY, EnsureApiKey)


if __name__ == "__main__":
    main()
