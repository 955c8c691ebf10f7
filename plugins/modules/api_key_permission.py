#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: api_key_permission
short_description: Manage who may make API keys on a Qlik Cloud tenant
version_added: 1.0.0
description:
  - Grants the permission Manage API keys, or takes it away. A role has the permission if it has the scope C(api-keys).
  - On all tenants since early 2026 this permission enables API keys. They do not have the switch
    O(tenantops.qlik_cloud.api_key_config#module:api_keys_enabled).
  - On a tenant that still has the switch, the role C(Developer) lets users make keys. There the module assigns that role to
    O(users) and O(groups), or takes it from them, and changes no scope. It fails if both are empty.
  - Gives the scope to O(role), and assigns the role to O(users) and O(groups). The role keeps its other scopes, and the users and
    groups keep their other roles.
  - Looks up all names before it writes anything. Needs the role TenantAdmin, or an OAuth client.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.changing
  - tenantops.qlik_cloud._attributes.group
attributes:
  check_mode:
    support: partial
    details:
      - Sends reads only. It cannot tell whether a role that would be deleted is still assigned, in which case a real run
        takes the scope from it instead.
options:
  state:
    description:
      - V(present) makes sure that the role exists and has the scope, and that the users and groups hold the role.
      - V(absent) with O(users) or O(groups) takes the role from these, and leaves the role and its other holders alone. Names that
        the tenant does not have are skipped.
      - V(absent) without them takes the scope from the role. A custom role that this module made is deleted if it has no other
        scope. If it is still assigned to somebody, it stays without the scope, and the module warns. No later run deletes it, so
        take it from its holders first. Check mode cannot tell whether a role is still assigned, and announces the deletion.
      - The tenant refuses the API keys of users who lose the permission.
    type: str
    choices: [present, absent]
    default: present
  role:
    description:
      - Name of the role, written exactly as on the tenant.
      - V(UserDefault) is the role that every user has, so it grants the permission to all.
      - Any other name is that of a custom role. If it does not exist, the module makes it. The other roles of Qlik Cloud itself,
        such as V(TenantAdmin), cannot be changed.
      - If not set, V(UserDefault). On a tenant with the switch it is V(Developer), and no other name is accepted.
    type: str
  users:
    description:
      - Users who get the role, or lose it with O(state=absent). Each is named by id, e-mail address or subject.
      - A name that several users have is refused; name those by their id.
      - Not possible with O(role=UserDefault). With O(state=absent) the list must not be empty if it is given.
    type: list
    elements: str
  groups:
    description:
      - Groups whose members get the role, or lose it with O(state=absent). Each is named by its id or name.
      - Not possible with O(role=UserDefault). With O(state=absent) the list must not be empty if it is given.
    type: list
    elements: str
  exclusive:
    description:
      - Whether to take the scope from all other roles that have it, V(UserDefault) included.
      - If V(false), and O(role) is not V(UserDefault), a warning names the other roles that let users make keys.
      - Not possible on a tenant with the switch, nor with O(state=absent).
    type: bool
    default: false
seealso:
  - module: tenantops.qlik_cloud.api_key_config
  - module: tenantops.qlik_cloud.api_key
"""

EXAMPLES = r"""
- name: Let every user manage API keys
  tenantops.qlik_cloud.api_key_permission:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"

- name: Let only those who automate manage API keys
  tenantops.qlik_cloud.api_key_permission:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    role: API key owners
    users: [platform@example.com]
    groups: [Platform Engineering]

- name: Take it from one of them
  tenantops.qlik_cloud.api_key_permission:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    role: API key owners
    users: [platform@example.com]
    state: absent

- name: Let it no longer be a right of everybody
  tenantops.qlik_cloud.api_key_permission:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    state: absent
"""

RETURN = r"""
role:
  description: The role as it is now, or, in check mode, as it would be.
  returned: success
  type: dict
  contains:
    id:
      description: Id of the role; V(null) when there is none, or when it would be made.
      type: str
      returned: success
    name:
      description: Name of the role.
      type: str
      returned: success
    type:
      description: V(default) for one of Qlik Cloud's own roles, else V(custom); V(null) when there is none.
      type: str
      returned: success
    scopes:
      description: All scopes of the role.
      type: list
      elements: str
      returned: success
    exists:
      description: Whether there is such a role.
      type: bool
      returned: success
  sample:
    id: 66f0c7d2a1b2c3d4e5f60730
    name: API key owners
    type: custom
    scopes: [api-keys]
    exists: true
users:
  description: The users that were named, in the order given, as they are now or would be.
  returned: success
  type: list
  elements: dict
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
      description: E-mail address of the user; V(null) when the tenant does not tell.
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
    - id: 66f0c7d2a1b2c3d4e5f60718
      name: Platform Automation
      email: platform@example.com
      subject: auth0|66f0c7d2a1b2c3d4e5f60718
      roles: [API key owners, SharedSpaceCreator]
groups:
  description: The groups that were named, in the order given, as they are now or would be.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the group.
      type: str
      returned: success
    name:
      description: Name of the group.
      type: str
      returned: success
    roles:
      description: Names of the roles assigned to the group, in alphabetical order.
      type: list
      elements: str
      returned: success
  sample:
    - id: 66f0c7d2a1b2c3d4e5f60722
      name: Platform Engineering
      roles: [API key owners]
actions:
  description:
    - What was done, or would be done in check mode, in this order. At most one for the role, one for each user and group, and
      with O(exclusive=true) one for each other role that has the scope.
  returned: success, and on a failure after a change
  type: list
  elements: dict
  contains:
    action:
      description: V(create) or V(retire) for a role that is made or deleted, V(update) for a change of scope or of roles.
      type: str
      returned: success
    id:
      description: Id of the role, user or group; V(null) in check mode for a role that does not exist yet.
      type: str
      returned: success
    description:
      description: Name of the role, user or group.
      type: str
      returned: success
    reason:
      description: What it gets or loses.
      type: str
      returned: success
    outcome:
      description: Always V(deleted).
      type: str
      returned: when a role was deleted
  sample:
    - action: create
      id: 66f0c7d2a1b2c3d4e5f60730
      description: API key owners
      reason: there is no role of this name to give the scope api-keys by
    - action: update
      id: 66f0c7d2a1b2c3d4e5f60718
      description: Platform Automation
      reason: gets the role API key owners
remaining:
  description: What was planned and not done, as in RV(actions).
  returned: failure after a change
  type: list
  elements: dict
diff:
  description:
    - The role with its scopes, and the named users and groups with their roles, before and after. With O(exclusive=true) also
      the other roles that have the scope.
  returned: success, with C(--diff)
  type: dict
  contains:
    before:
      description: What was there before.
      type: dict
      returned: success
    after:
      description: What will be there after, where that is known beforehand.
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
    path: /api/v1/roles
"""

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import API_KEY_PERMISSION
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_key_permission import (
    ManagePermission,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import run_module


def main():
    run_module(API_KEY_PERMISSION, ManagePermission)


if __name__ == "__main__":
    main()
