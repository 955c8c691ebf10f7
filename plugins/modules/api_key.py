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
  - Makes, renews, renames and retires an API key, and keeps its token in a file.
  - A key is identified by O(sub), O(sub_type) and O(description) together, among active keys. Revoked and expired keys
    never match, so the module makes a new key when the last one has ended.
  - Qlik Cloud shows a token only once, when its key is made. Give O(token_file), and the module stores it. Or give O(token) with
    what your own store holds. Then every run checks that the stored token still belongs to the key. With neither, the task must ask
    for the token by C(no_log=true) or O(return_token=true). Then the run that makes the key returns the token, and no later run
    checks whether you still have it.
  - The order is always the same. The module makes a key, stores its token and reads it back. Only then does it retire the key
    that the new one replaces. The next run completes a run that was stopped in between.
  - The answer to a request for a key can be lost. The module does not simply send the request again, because that could leave a
    key whose token nobody has. It looks whether a key was made, retires it, and asks once more.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.making_keys
  - tenantops.qlik_cloud._attributes.group
attributes:
  idempotent:
    support: partial
    details:
      - With O(force_renew=true) each run makes another key.
options:
  state:
    description:
      - Whether the key exists when the task is done.
      - V(present) makes the key unless an active one exists. If several are active, the one whose token is stored counts, or else
        the newest.
      - V(absent) retires every active key that matches. If the key's owner signs in, the tenant deletes the key. If another
        TenantAdmin signs in, the tenant revokes the key and keeps its record.
    type: str
    choices: [present, absent]
    default: present
  id:
    description:
      - Id of an existing key, to rename it to O(description) or to retire it.
      - It alone says which key is meant. The tenant chooses the ids of new keys, so no key is made while this is set.
    type: str
  description:
    description:
      - Description of the key, part of what identifies it.
      - Required unless O(id) is given.
    type: str
  sub:
    description:
      - The user that the key is for, by id, e-mail address or subject. If not set, the user who signs in.
      - For a SCIM key it is C(SCIM\\<identity provider id>). It is easier to give O(idp_id) instead.
    type: str
  sub_type:
    description: V(user) for a key that acts as a user, V(externalClient) for a SCIM key.
    type: str
    choices: [user, externalClient]
    default: user
  idp_id:
    description:
      - Id of the identity provider that a SCIM key is for.
      - Sets O(sub_type=externalClient), and O(sub) to the subject of that provider's keys.
    type: str
  idp:
    description:
      - The identity provider that a SCIM key is for, by its vendor, protocol or description. Give it instead of O(idp_id).
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
      - The tenant's configuration has a limit for it, and a default.
      - The expiry of an existing key cannot be changed. If it differs from this, the module warns.
    type: str
  token_file:
    description:
      - File that keeps the key's token, and nothing else. Its folder must exist.
      - The module writes it atomically and never through a symbolic link. Before it makes or retires a key, it checks that it can
        write the file, by replacing a file that is there with a copy.
      - The module never overwrites a token that may still work, whatever O(on_lost_token) says. On a tenant whose tokens do not
        carry the id of their key it cannot know that, and warns. It never overwrites a file that holds anything but one token, such
        as a file of settings with a token in it.
      - The stored token says which key it belongs to. Older active keys of the same name are predecessors, see O(overlap). A
        younger key is retired if a marker beside the file proves that a stopped run made it and did not store its token. A
        warning names all others, and they stay.
      - While a run works on it, up to three hidden files lie beside it. Their names begin with a dot and its name, and end in
        C(.qlik-lock), C(.qlik-pending) and C(.qlik-new). A second run on the same file waits until the first is done.
      - With O(state=absent), the module removes the file when its token belongs to a key that has ended.
    type: path
  token_file_owner:
    description:
      - Name or id of the user who owns O(token_file). If not set, it keeps its owner, also when its token is renewed.
      - A new file belongs to the user who runs the module.
    type: str
  token_file_group:
    description:
      - Name or id of the group of O(token_file). If not set, it keeps its group, also when its token is renewed.
    type: str
  token_file_mode:
    description:
      - Mode of O(token_file), as M(ansible.builtin.file) takes it, for example V('0640') or V(u=rw,g=r).
      - Quote an octal mode, so that it stays octal. The owner must be able to read the file.
      - If not set, a file with a token keeps its mode when the token is renewed, and any other gets V('0600'). The file keeps its
        SELinux label and access control lists as well.
      - If others than its owner may read the file, the module warns.
    type: raw
  token:
    description:
      - The token that your own store holds now, or an empty string if it holds none.
      - It may come from a lookup, for example. The module only compares it, and never sends it.
      - The run that makes a key returns its token as RV(token), for you to store. The first run that gets the new token retires
        the key that it replaces.
    type: str
  key_id:
    description:
      - The id of the key whose token your store says it holds, or an empty string if it holds none. Give it instead of O(token),
        for a store that never shows a token again.
      - Let the store keep it beside the token, and write both at once.
    type: str
  on_lost_token:
    description:
      - What to do when the token is lost, that is when a matching key is active and its token is not stored, or when the stored
        token is not that of an active matching key.
      - V(fail) names the key and says what you can do.
      - V(replace) makes a new key, stores its token, and then retires the other active keys of the same name.
      - V(ignore) warns, and goes on as if no token were tracked.
    type: str
    choices: [fail, replace, ignore]
    default: fail
  renew_before:
    description:
      - Make the key's successor when the key expires within this ISO 8601 duration, such as V(P14D).
      - It must be shorter than O(expiry). If it is not shorter than the longest life that the tenant allows, the module renews the
        key in the second half of its life, and warns.
    type: str
  overlap:
    description:
      - How long a key stays active after its successor was made, as an ISO 8601 duration such as V(P2D). If not set, it stays until
        it expires by itself.
      - The first run after that time retires it. V(PT0S) retires it as soon as the new token is stored.
    type: str
  force_renew:
    description: Make a successor in this run. Every run that has this option makes another.
    type: bool
    default: false
  retire_first:
    description:
      - Retire a key before its successor is made, for tenants that refuse a second one.
      - From then until your programs have the new token, no key works.
      - It also helps a user who has as many keys as the tenant allows. Without it, the tenant's refusal fails the run, and nothing
        is changed.
    type: bool
    default: false
  return_token:
    description:
      - Whether the run that makes the key returns its token. Use C(no_log) on the task then.
      - The token is in RV(token). If this option is not set, a task with C(no_log=true) and without O(token_file) returns the
        token, and no other task does.
      - The module makes no key if its token would neither be returned nor be stored in O(token_file). A task with C(async),
        C(until) or C(retries) returns no token, because its result lies in a file, or is lost when another attempt follows.
    type: bool
seealso:
  - module: tenantops.qlik_cloud.api_keys
  - module: tenantops.qlik_cloud.api_key_info
  - module: tenantops.qlik_cloud.api_key_config
"""

EXAMPLES = r"""
- name: Make a SCIM key for Entra ID, with its token on file
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

- name: Make a token that a service can read
  tenantops.qlik_cloud.api_key:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    description: reload service
    token_file: /etc/qlik/reload.token
    token_file_owner: root
    token_file_group: reload
    token_file_mode: "0640"

- name: Make a key whose token a secret store keeps
  tenantops.qlik_cloud.api_key:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    description: nightly reload
    expiry: P30D
    renew_before: P7D
    token: "{{ token_from_your_store | default('') }}"
  register: reload
  no_log: true

- name: Make a key of my own, and get its token
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
    - The token, in the run that made the key. No other run can return it.
    - A run that fails after it has made the key returns the token as well, unless the token is in O(token_file).
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
