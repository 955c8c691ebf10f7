#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: api_key_info
short_description: List the API keys of a Qlik Cloud tenant
version_added: 1.0.0
description:
  - Lists API keys with their status and expiry, newest first. Several options narrow the list; a key must fit all of them.
  - A user may be named by id, e-mail address or subject. If the tenant does not have the user, the module fails, unless
    O(unknown_owner) says otherwise.
  - A TenantAdmin sees all keys of the tenant, other users see their own.
  - Never returns a token, because Qlik Cloud shows a token only when its key is made.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._role.sign_in
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.reading
  - tenantops.qlik_cloud._attributes.group
options:
  id:
    description: Only the key with this id.
    type: str
  description:
    description: Only keys with exactly this description.
    type: str
  description_search:
    description: Only keys with this text in their description, in upper or lower case.
    type: str
  sub:
    description: Only keys of this subject, a user (id, e-mail address or subject) or C(SCIM\\<identity provider id>).
    type: str
  sub_type:
    description: Only keys of this type.
    type: str
    choices: [user, externalClient]
  idp_id:
    description: Only SCIM keys of the identity provider with this id.
    type: str
  created_by_user:
    description: Only keys made by this user (id, e-mail address or subject).
    type: str
  owner:
    description:
      - Only keys of this user (id, e-mail address or subject). These are the keys that act as the user, and the SCIM keys that the
        user made.
      - A user who was deleted can be named by id, as long as the tenant has keys of that user.
      - A user who signs in and is no TenantAdmin sees their own keys only. So the module fails if it finds none of another user.
    type: str
  unknown_owner:
    description:
      - What to do when the tenant does not have the user that O(owner) names. V(fail) fails, V(pass) returns an empty list.
      - If several users have the name, the module fails in both cases.
    type: str
    choices: [fail, pass]
    default: fail
  status:
    description: Only keys with this status, or with one of these.
    type: list
    elements: str
    choices: [active, expired, revoked]
  expires_within:
    description:
      - Only active keys that expire within this ISO 8601 duration from now, such as V(P14D).
      - Keys that have expired already are not among them.
    type: str
  older_than:
    description: Only keys that were made longer ago than this ISO 8601 duration, such as V(P180D).
    type: str
  lives_longer_than:
    description: Only keys that were made to live longer than this ISO 8601 duration, such as V(P90D), from creation to expiry.
    type: str
  with_owner:
    description:
      - Whether to look up the owners of the keys that are found. This needs a TenantAdmin. One request asks for many users.
    type: bool
    default: false
  sort:
    description: The field to sort the keys by. C(-) before it reverses the order, so that the latest time comes first.
    type: str
    choices: [created, -created, created_by_user, -created_by_user, description, -description, status, -status, sub, -sub]
    default: -created
  limit:
    description:
      - How many keys are returned at most, the first ones by O(sort). The module reads no more pages than it needs for them.
    type: int
seealso:
  - module: tenantops.qlik_cloud.api_key
  - module: tenantops.qlik_cloud.api_key_event_info
"""

EXAMPLES = r"""
- name: List all keys of the tenant
  tenantops.qlik_cloud.api_key_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
  register: all_keys

- name: Find the keys that expire within two weeks
  tenantops.qlik_cloud.api_key_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    expires_within: P14D
  register: expiring

- name: Find the keys of somebody who leaves
  tenantops.qlik_cloud.api_key_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    owner: ana@example.com
    status: active

- name: Find keys whose owner may not use them any more
  tenantops.qlik_cloud.api_key_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    status: active
    with_owner: true
  register: owned

- name: Name those
  ansible.builtin.debug:
    msg: "{{ owned.api_keys | rejectattr('owner.status', 'equalto', 'active') | map(attribute='description') }}"

- name: Find what was ever made for SCIM and has ended
  tenantops.qlik_cloud.api_key_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    access_token: "{{ qlik_access_token }}"
    sub_type: externalClient
    status: [expired, revoked]
"""

RETURN = r"""
api_keys:
  description: The keys, in the order of O(sort); an empty list when none fits.
  returned: success
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
      description:
        - Id of the newest active key with the same subject, type and description, if that was made later than this one; V(null) when
          there is none.
        - It is known only where the list has all keys of the same name, so not with O(id), O(owner), O(created_by_user) or O(limit), or
          a O(status) without V(active).
      type: str
      returned: when it is known
    owner:
      description:
        - The user whose key it is; of a SCIM key the one who made it. V(null) when the tenant does not tell.
        - C(status) is that of the user, such as V(active), V(invited), V(disabled) or V(deleted), or V(gone) for one that
          the tenant does not have any more; C(may_make_keys) whether roles and groups let the user make and use keys,
          V(null) where that cannot be said, as of administrators and bots without such a role.
      type: dict
      returned: with O(with_owner)
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
  sample:
    - id: 8b0d3c1e-7f5a-4c62-9d11-2f6f0c9a7b34
      description: Entra ID provisioning
      status: active
      sub: 'SCIM\6f1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b'
      sub_type: externalClient
      expiry: '2027-11-22T09:15:00.000Z'
      expires_in: 31535980
      created: '2026-11-22T09:15:00.000Z'
      last_updated: '2026-11-22T09:15:00.000Z'
      created_by_user: 66f0c7d2a1b2c3d4e5f60718
      tenant_id: hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1Hb5
owner_id:
  description: Id of the user that O(owner) names; V(null) when the tenant has none, with O(unknown_owner=pass).
  returned: with O(owner)
  type: str
  sample: 66f0c7d2a1b2c3d4e5f60718
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

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import API_KEY_INFO
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_key_info import FindApiKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import run_module


def main():
    run_module(API_KEY_INFO, FindApiKeys)


if __name__ == "__main__":
    main()
