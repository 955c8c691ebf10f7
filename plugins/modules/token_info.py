#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: token_info
short_description: Check whether a stored token works, and whose it is
version_added: 1.0.0
description:
  - Reads what the token of an API key says of itself, looks up the key's record, and asks the tenant with that token who it is.
  - Sends the token to its own tenant only, and shows it nowhere.
  - A tenant accepts a SCIM token only for the calls of an identity provider. So the module does not try such a token, and the key's
    record decides.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.reading
  - tenantops.qlik_cloud._attributes.group
options:
  token:
    description: The token to examine. Give either this or O(token_file).
    type: str
  token_file:
    description: A file that holds the token.
    type: path
seealso:
  - module: tenantops.qlik_cloud.api_key
  - module: tenantops.qlik_cloud.api_key_info
"""

EXAMPLES = r"""
- name: See whether the stored token still works
  tenantops.qlik_cloud.token_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    token_file: /etc/qlik/entra.token
  register: stored

- name: Stop if it does not
  ansible.builtin.assert:
    that: stored.valid
    fail_msg: "The token in /etc/qlik/entra.token does not work: {{ stored.reason }}"
"""

RETURN = r"""
valid:
  description: Whether the token works.
  returned: success
  type: bool
  sample: true
reason:
  description: Why, in words.
  returned: success
  type: str
  sample: the tenant accepts it
claims:
  description:
    - What the token says of itself, with the names it uses. V(jti) is the id of its key.
    - V(null) when the text is not the token of an API key.
  returned: success
  type: dict
  sample:
    jti: 8b0d3c1e-7f5a-4c62-9d11-2f6f0c9a7b34
    sub: 66f0c7d2a1b2c3d4e5f60718
    subType: user
    tenantId: hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1Hb5
user:
  description: The user that the token acts as; V(null) for a SCIM token, and for one that does not work.
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
  sample: null
api_key:
  description: The record of the token's key; V(null) when the tenant has none, or the one who signs in may not see it.
  returned: success
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
    description: nightly reload
    status: active
    sub: 66f0c7d2a1b2c3d4e5f60718
    sub_type: user
    expiry: '2027-05-21T09:15:00.000Z'
    created: '2026-11-22T09:15:00.000Z'
    last_updated: '2026-11-22T09:15:00.000Z'
    created_by_user: 66f0c7d2a1b2c3d4e5f60718
    tenant_id: hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1Hb5
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

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import TOKEN_INFO
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.token_info import ExamineToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import run_module


def main():
    run_module(TOKEN_INFO, ExamineToken)


if __name__ == "__main__":
    main()
