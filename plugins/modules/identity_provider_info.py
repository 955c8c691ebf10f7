#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_provider_info
short_description: List the identity providers of a Qlik Cloud tenant
version_added: 1.0.0
description:
  - Lists identity providers, each with the subject that a SCIM key for it has.
  - Several options narrow the list; a provider must fit all of them. Text is compared as a whole, without regard to case.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.reading
  - tenantops.qlik_cloud._attributes.group
options:
  id:
    description: Only the provider with this id.
    type: str
  provider:
    description: Only providers of this vendor, for example V(azureAD) for Microsoft Entra ID.
    type: str
  protocol:
    description: Only providers with this protocol, for example V(OIDC) or V(SAML).
    type: str
  active:
    description: Only providers that are active, or only those that are not.
    type: bool
  description:
    description: Only providers with this description.
    type: str
seealso:
  - module: tenantops.qlik_cloud.api_key
"""

EXAMPLES = r"""
- name: Find the active provider of Microsoft Entra ID
  tenantops.qlik_cloud.identity_provider_info:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    provider: azureAD
    active: true
  register: entra

- name: Make a SCIM key for it
  tenantops.qlik_cloud.api_key:
    tenant_url: https://your-tenant.eu.qlikcloud.com
    client_id: "{{ qlik_client_id }}"
    client_secret: "{{ qlik_client_secret }}"
    description: Entra ID provisioning
    idp_id: "{{ entra.identity_providers[0].id }}"
    token_file: /etc/qlik/entra.token
"""

RETURN = r"""
identity_providers:
  description: The providers, in the order of the tenant; an empty list when none fits.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the provider.
      type: str
      returned: success
    provider:
      description: The vendor, such as V(azureAD), V(okta) or V(generic).
      type: str
      returned: success
    protocol:
      description: How users sign in, such as V(OIDC), V(SAML) or V(jwtAuth).
      type: str
      returned: success
    active:
      description: Whether the provider is active.
      type: bool
      returned: success
    interactive:
      description: Whether people sign in with it.
      type: bool
      returned: success
    description:
      description: Its description.
      type: str
      returned: success
    tenant_ids:
      description: Ids of the tenants it serves.
      type: list
      elements: str
      returned: success
    scim_sub:
      description: The subject of a SCIM key for this provider.
      type: str
      returned: success
    scim_documented:
      description: Whether Qlik documents SCIM for it, which is so for active interactive providers of Microsoft Entra ID only.
      type: bool
      returned: success
  sample:
    - id: 6f1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b
      provider: azureAD
      protocol: OIDC
      active: true
      interactive: true
      description: Microsoft Entra ID
      tenant_ids: [hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1Hb5]
      scim_sub: 'SCIM\6f1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b'
      scim_documented: true
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
    path: /api/v1/identity-providers
"""

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import IDENTITY_PROVIDER_INFO
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.identity_provider_info import (
    FindIdentityProviders,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import run_module


def main():
    run_module(IDENTITY_PROVIDER_INFO, FindIdentityProviders)


if __name__ == "__main__":
    main()
