#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tenant
short_description: Set up a Qlik Cloud tenant for API keys
version_added: 1.0.0
description:
  - Enables API keys, sets their limits, says who may make them, and keeps a list of keys. It neither changes nor reads what is not
    given.
  - Signs in once, reads what it needs, checks options, rights, identity providers and token files, and plans everything before it
    changes anything. It warns of what the tenant will probably refuse.
  - Writes only what differs, first the limits and the switch, then the permission, then the keys.
  - A tenant may refuse to list keys before API keys are enabled. Then the module plans as far as it can see, and plans again in the
    same run when they are enabled.
  - If one entry of O(keys) has a problem, such as a lost token, the other entries are done, nothing is purged, and the run fails
    and names that entry.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._keys
  - tenantops.qlik_cloud._keys.scim
  - tenantops.qlik_cloud._keys.whole_set
  - tenantops.qlik_cloud._role
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.making_keys
  - tenantops.qlik_cloud._attributes.group
attributes:
  check_mode:
    support: partial
    details:
      - If the tenant does not list keys before they are enabled, check mode assumes that there are none yet.
  idempotent:
    support: partial
    details:
      - O(force_renew=true), for all or for one entry, makes another key in each run.
options:
  api_keys_enabled:
    description:
      - Whether API keys are enabled. All tenants since early 2026 have the permission Manage API keys for that, and the module
        grants it. Older tenants may have the switch O(tenantops.qlik_cloud.api_key_config#module:api_keys_enabled) instead, and the
        module turns it on.
      - V(false) turns the switch off. It fails on a tenant without the switch.
      - If not set, the module leaves this as it is.
    type: bool
  permission:
    description:
      - Who may make API keys, as M(tenantops.qlik_cloud.api_key_permission) takes it.
      - If not set, O(api_keys_enabled=true) lets everybody make keys on a tenant without the switch, by the role V(UserDefault).
      - On a tenant with the switch, O(permission.users) and O(permission.groups) get the role V(Developer), and the other options
        have no effect.
    type: dict
    suboptions:
      role:
        description: The role that gets the permission. If a custom role does not exist, it is made. If not set, V(UserDefault).
        type: str
      users:
        description: Users who get that role, each by id, e-mail address or subject.
        type: list
        elements: str
      groups:
        description: Groups that get that role, each by id or name.
        type: list
        elements: str
      exclusive:
        description:
          - Whether to take the permission from all other roles. If V(false), a warning names them.
        type: bool
        default: false
  config:
    description: Limits of API keys, as M(tenantops.qlik_cloud.api_key_config) takes them.
    type: dict
    suboptions:
      max_keys_per_user:
        description: How many active API keys a user may have, from 0 to 1000.
        type: int
      max_api_key_expiry:
        description: The longest life of a user's API key, as an ISO 8601 duration.
        type: str
      scim_external_client_expiry:
        description:
          - How long a SCIM key lives that is made without an expiry, as an ISO 8601 duration. Qlik does not document whether a key
            may live longer.
        type: str
  force_renew:
    description: Whether to make a successor of every key of the lists now. Give it for one run.
    type: bool
    default: false
  only_renew:
    description:
      - Whether to renew keys and do nothing else. A key that does not exist is not made but named in RV(missing). So is a key whose
        token is lost, if O(keys[].on_lost_token=replace).
    type: bool
    default: false
  handed_on:
    description:
      - With this option the module returns one token at a time, so that you can store it before the next key is made. Give an empty
        list at first. The run ends when it has made a key, and returns it in RV(to_hand_on).
      - Store the token, add RV(to_hand_on) to the list RV(handed_on), and run the same task again with that list, until no
        RV(to_hand_on) is returned. If you could not store the token, add C(problem) to RV(to_hand_on). The next run then retires
        that key.
      - The module writes the token file of an entry only after O(handed_on) says that the token was stored.
      - The task needs C(no_log).
    type: list
    elements: dict
    suboptions:
      entry:
        description: The place of the key among the options, for example V(scim_keys[0]).
        type: str
        required: true
      key:
        description: The key's record.
        type: dict
        required: true
      token:
        description: The key's token.
        type: str
        required: true
      problem:
        description: Why the token was not stored; empty if it was.
        type: str
      replaced:
        description: The ids of keys whose token nobody has, which are retired once this one is stored.
        type: list
        elements: str
  done_before:
    description:
      - RV(actions) of the runs before this one, with O(handed_on). RV(actions) of this run begins with them.
    type: list
    elements: dict
seealso:
  - module: tenantops.qlik_cloud.tenant_info
  - module: tenantops.qlik_cloud.api_key_config
  - module: tenantops.qlik_cloud.api_key_permission
  - module: tenantops.qlik_cloud.api_keys
"""

EXAMPLES = r"""
- name: Set up a tenant
  tenantops.qlik_cloud.tenant:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    api_keys_enabled: true
    permission:
      role: API key owners
      groups: [Platform Engineering]
    config:
      max_keys_per_user: 10
      max_api_key_expiry: P90D
    scim_keys:
      - description: Entra ID provisioning
        idp: {provider: azureAD, protocol: OIDC}
        expiry: P180D
        renew_before: P30D
        overlap: P2D
        token_file: /etc/qlik/entra.token
    keys:
      - description: nightly reload
        expiry: P90D
        renew_before: P14D
        token_file: /etc/qlik/reload.token
  register: tenant

- name: Say what was done
  ansible.builtin.debug:
    msg: "{{ tenant.summary }}"
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
    max_keys_per_user: 10
    max_api_key_expiry: P90D
    scim_external_client_expiry: P365D
permission:
  description:
    - The C(role), C(users) and C(groups) as module M(tenantops.qlik_cloud.api_key_permission) returns them. V(null) where none was
      asked for.
  returned: success
  type: dict
  sample:
    role: {id: role-7, name: API key owners, type: custom, scopes: [api-keys], exists: true}
    users: []
    groups: [{id: group-3, name: Platform Engineering, roles: [API key owners]}]
api_keys:
  description:
    - The keys of O(keys) in the order given. V(null) for an entry with O(keys[].state=absent), for one that has a problem of its
      own, and for one that is not there to be renewed. In check mode, what is not known of a key that would be made is V(null).
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
      description: Absolute path of the token file; V(null) for a key without one.
      type: str
      returned: success
    token:
      description: The token, in the run that made the key, and only there.
      type: str
      returned: when the key was made and its token is to be returned
scim_keys:
  description: The keys of O(scim_keys), as in RV(api_keys).
  returned: as for RV(api_keys)
  type: list
  elements: dict
missing:
  description:
    - With O(only_renew), the descriptions of keys that are not there to be renewed, or whose lost token would have to be replaced.
  returned: success
  type: list
  elements: str
has_leftovers:
  description: As module M(tenantops.qlik_cloud.api_keys) returns it.
  returned: success
  type: bool
  sample: false
summary:
  description: What was done, or would be done in check mode, in one line.
  returned: success
  type: str
  sample: "4ddkg5r5sr5bm4l.eu.qlikcloud.com: nothing to do"
fact:
  description:
    - What a role may leave as a fact, without tokens. C(tenant_id), C(hostname), C(keys), which are RV(api_keys), and RV(enabled_by),
      RV(config), RV(scim_keys), RV(missing), RV(actions) and RV(summary).
  returned: success
  type: dict
to_hand_on:
  description: The key that was made and whose token is to be stored now, with O(handed_on).
  returned: when there is one
  type: dict
  contains:
    entry:
      description: The place of the key among the options.
      type: str
      returned: success
    key:
      description: The key, as in RV(api_keys).
      type: dict
      returned: success
    token:
      description: Its token.
      type: str
      returned: success
    replaced:
      description: The ids of keys whose token nobody has, which are retired once this one is stored.
      type: list
      elements: str
      returned: when there are such
handed_on:
  description: What the option O(handed_on) was.
  returned: with RV(to_hand_on)
  type: list
  elements: dict
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
      description: Id of the key, role, user, group or tenant; V(null) in check mode for what does not exist yet.
      type: str
      returned: success
    description:
      description: Description of the key, name of the role, user or group, or C(API key configuration).
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
    - What was asked for, before and after, without any token. C(config), C(permission) and C(api_keys), and C(token_files)
      where owner, group or mode of those are not as asked for.
  returned: success, with C(--diff)
  type: dict
  contains:
    before:
      description: What there was.
      type: dict
      returned: success
    after:
      description: What there is then, as planned. The id of a key yet to be made is V(null), in the run that makes it as well.
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

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import TENANT
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.tenant import SetUpTenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import run_module


def main():
    run_module(TENANT, SetUpTenant)


if __name__ == "__main__":
    main()
