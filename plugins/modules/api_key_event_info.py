#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: api_key_event_info
short_description: List what happened to the API keys of a Qlik Cloud tenant
version_added: 1.0.0
description:
  - Finds in the tenant's audit log who made, renamed, revoked or deleted API keys and who changed their configuration, and which
    SCIM keys were used after their end. Several options narrow the search; an event must fit all of them.
  - Needs a TenantAdmin, because nobody else may read the audit log. The bot user of an OAuth client counts as one.
  - Qlik Cloud keeps events in that log for 90 days. Older ones are in an archive, which this module does not read.
  - On 2026-08-31 Qlik gave the events new names. The module looks for both, and returns an event that has both once.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._role.sign_in
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.reading
  - tenantops.qlik_cloud._attributes.group
options:
  since:
    description:
      - Only what happened since this time. Give an RFC 3339 time such as V(2026-11-22T09:15:00Z), or how long ago it was, as an ISO
        8601 duration such as V(P7D) or V(PT12H).
      - A time without a zone is in UTC.
    type: str
    default: P7D
  until:
    description: Only what happened until this time, given like O(since), and later than that. If not set, until now.
    type: str
  event:
    description:
      - Only this event, or one of these. If not set, all.
      - V(validation_failed) is the use of a key that the tenant refused, for example because the key has expired. Qlik Cloud writes
        this event for SCIM keys only.
      - V(config_updated) is a change of the configuration of API keys. It belongs to no key, so O(id), O(sub) and O(idp_id) never
        find it.
    type: list
    elements: str
    choices: [created, updated, deleted, validation_failed, config_updated]
  id:
    description: Only what happened to the key with this id.
    type: str
  sub:
    description:
      - Only what happened to keys of this subject, given as a user's id, e-mail address or subject, or as
        C(SCIM\\<identity provider id>).
      - An id that no user has counts as the id of a deleted user.
    type: str
  idp_id:
    description: Only what happened to SCIM keys of the identity provider with this id.
    type: str
  user_id:
    description:
      - Only what this user did, given as id, e-mail address or subject.
      - An id that no user has counts as the id of a deleted user.
    type: str
  limit:
    description: How many events are returned at most, the newest ones. If not set, all that one run reads.
    type: int
seealso:
  - module: tenantops.qlik_cloud.api_key_info
"""

EXAMPLES = r"""
- name: See what happened to API keys in the last week
  tenantops.qlik_cloud.api_key_event_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
  register: last_week

- name: Find who ended a key that a job needs
  tenantops.qlik_cloud.api_key_event_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    id: 8b0d3c1e-7f5a-4c62-9d11-2f6f0c9a7b34
    event: deleted
    since: P90D
    limit: 1
  register: end_of_key

- name: Find the keys that somebody made before leaving
  tenantops.qlik_cloud.api_key_event_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    user_id: somebody@example.com
    event: created
    since: '2026-10-01T00:00:00Z'
    until: '2026-11-01T00:00:00Z'
  register: made_by_leaver

- name: Ask whether provisioning still uses a key that has ended
  tenantops.qlik_cloud.api_key_event_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    idp_id: 6f1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b
    event: validation_failed
    since: PT1H
  register: refused
  failed_when: refused.events | length > 0
"""

RETURN = r"""
events:
  description: The events, newest first; an empty list when none fits. What an event does not say is V(null).
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the event.
      type: str
      returned: success
    time:
      description: When it happened, as the tenant wrote it, an RFC 3339 time in UTC.
      type: str
      returned: success
    event:
      description: V(created), V(updated), V(deleted), V(validation_failed) or V(config_updated).
      type: str
      returned: success
    key_id:
      description: Id of the key that the event is about.
      type: str
      returned: success
    description:
      description: Description of the key; after the change, if that was one of the description.
      type: str
      returned: success
    sub:
      description: Subject of the key, a user's id or C(SCIM\\<identity provider id>).
      type: str
      returned: success
    sub_type:
      description: V(user) or V(externalClient).
      type: str
      returned: success
    expiry:
      description: When the key expires or would have expired, as an RFC 3339 time in UTC.
      type: str
      returned: success
    outcome:
      description: Of a key that was ended, V(deleted) if its owner did it, V(revoked) if another TenantAdmin did.
      type: str
      returned: success
    user_id:
      description: Id of the user who did it.
      type: str
      returned: success
    code:
      description: Of a failed validation, the service's code for the reason.
      type: str
      returned: success
    detail:
      description:
        - Of a failed validation, the reason. Of a change, what the event says was changed, in the form in which it says so. Of a
          change of the configuration that is not told, how the configuration is since then.
        - At most 500 characters.
      type: str
      returned: success
  sample:
    - id: 3f2504e0-4f89-41d3-9a0c-0305e82c3301
      time: '2026-11-22T09:20:03.000Z'
      event: deleted
      key_id: 8b0d3c1e-7f5a-4c62-9d11-2f6f0c9a7b34
      description: Entra ID provisioning
      sub: 'SCIM\6f1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b'
      sub_type: externalClient
      expiry: '2027-11-22T09:15:00.000Z'
      outcome: revoked
      user_id: 66f0c7d2a1b2c3d4e5f60718
      code: null
      detail: null
    - id: 9c858901-8a57-4791-81fe-4c455b099bc9
      time: '2026-11-20T14:02:41.000Z'
      event: config_updated
      key_id: null
      description: null
      sub: null
      sub_type: null
      expiry: null
      outcome: null
      user_id: 66f0c7d2a1b2c3d4e5f60718
      code: null
      detail: 'max_keys_per_user: 10, max_api_key_expiry: P30D, scim_external_client_expiry: P365D'
truncated:
  description:
    - Whether there are more events that fit, because there are more than O(limit), or more than one run reads, which is some
      100000. Then narrow the search, for example by O(since) and O(until).
  returned: success
  type: bool
  sample: false
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
    path: /api/v1/audits
"""

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import API_KEY_EVENT_INFO
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_key_event_info import FindEvents
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import run_module


def main():
    run_module(API_KEY_EVENT_INFO, FindEvents)


if __name__ == "__main__":
    main()
