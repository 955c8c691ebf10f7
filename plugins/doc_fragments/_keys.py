# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the modules that keep a list of API keys. Private to the collection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  keys:
    description:
      - The keys. Each entry takes options of M(tenantops.qlik_cloud.api_key), where they are explained in full.
      - No two entries may name the same key or the same O(keys[].token_file). Each has a O(keys[].description), or a O(keys[].id).
      - With O(keys[].token_file), a run that is stopped anywhere is completed by the next one, and no token is lost.
    type: list
    elements: dict
    required: false
    suboptions:
      state:
        description: Whether the key exists when the task is done.
        type: str
        choices: [present, absent]
        default: present
      id:
        description: Id of an existing key, to rename it to O(keys[].description) or to retire it.
        type: str
      description:
        description: Description of the key, part of what identifies it.
        type: str
      sub:
        description: The user that the key is for, by id, e-mail address or subject. If not set, the user who signs in.
        type: str
      sub_type:
        description: V(user) for a key that acts as a user, V(externalClient) for a SCIM key.
        type: str
        choices: [user, externalClient]
        default: user
      idp_id:
        description: Id of the identity provider that a SCIM key is for.
        type: str
      idp:
        description:
          - The identity provider that a SCIM key is for, by its vendor, protocol or description. Give it instead of
            O(keys[].idp_id).
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
        description: How long a new key lives, as an ISO 8601 duration such as V(P90D). If not set, the tenant decides.
        type: str
      token_file:
        description: File that keeps the key's token, and nothing else. Its folder must exist.
        type: path
      token_file_owner:
        description:
          - Name or id of the user who owns O(keys[].token_file). If not set, it keeps its owner, also when its token is
            renewed.
        type: str
      token_file_group:
        description:
          - Name or id of the group of O(keys[].token_file). If not set, it keeps its group, also when its token is renewed.
        type: str
      token_file_mode:
        description: Mode of O(keys[].token_file), as M(ansible.builtin.file) takes it, for example V('0640') or V(u=rw,g=r).
        type: raw
      token:
        description: The token that your own store holds now, or an empty string if it holds none.
        type: str
      key_id:
        description:
          - The id of the key whose token your store says it holds, or an empty string if it holds none. Give it instead of
            O(keys[].token), for a store that never shows a token again.
        type: str
      on_lost_token:
        description:
          - What to do when the token is lost, that is when a matching key is active and its token is not stored, or when the
            stored token is not that of an active matching key.
        type: str
        choices: [fail, replace, ignore]
        default: fail
      renew_before:
        description: Make the key's successor when the key expires within this ISO 8601 duration, such as V(P14D).
        type: str
      overlap:
        description:
          - How long a key stays active after its successor was made, as an ISO 8601 duration such as V(P2D). If not set, it
            stays until it expires by itself.
        type: str
      force_renew:
        description: Make a successor in this run. Every run that has this option makes another.
        type: bool
        default: false
      retire_first:
        description: Retire a key before its successor is made, for tenants that refuse a second one.
        type: bool
        default: false
      return_token:
        description: Whether the run that makes the key returns its token. Use C(no_log) on the task then.
        type: bool
"""

    WHOLE_SET = r"""
options:
  purge:
    description:
      - Whether to retire every active key inside O(purge_scope) that O(keys) does not name, and that is no predecessor of a key
        that it names. If O(keys) is empty, every key of the scope is retired.
      - This comes after all entries. So it makes no room for them, and does not happen if one of them fails.
      - The key that the run signs in with is never purged. If the scope has it, the run fails before anything is changed. Look with
        C(--check --diff) first.
    type: bool
    default: false
  purge_scope:
    description:
      - Which keys may be purged. Give at least one of these options. A key must fit all that are given.
      - Signed in as a TenantAdmin, V(user) alone means the keys of every user of the tenant.
    type: dict
    suboptions:
      sub_type:
        description: Keys of this type.
        type: str
        choices: [user, externalClient]
      created_by_user:
        description: Keys made by this user (id, e-mail address or subject).
        type: str
      sub:
        description: Keys of this subject, a user (id, e-mail address or subject) or C(SCIM\\<identity provider id>).
        type: str
      owner:
        description:
          - Keys of this user (id, e-mail address or subject), as O(tenantops.qlik_cloud.api_key_info#module:owner) finds them.
        type: str
      description_search:
        description: Keys with this text in their description, in any case.
        type: str
      older_than:
        description: Keys that were made longer ago than this ISO 8601 duration.
        type: str
      lives_longer_than:
        description: Keys that were made to live longer than this ISO 8601 duration, from creation to expiry.
        type: str
  return_tokens:
    description:
      - Whether the run that makes keys returns their tokens. O(keys[].return_token) says so for one key. Use C(no_log) on the task
        then.
      - If not set, a task with C(no_log=true) returns the tokens of those entries that have no O(keys[].token_file), and any
        other task returns none.
      - No key is made if its token would neither be returned nor be stored in O(keys[].token_file). A task with C(async), C(until)
        or C(retries) returns no token, because its result lies in a file, or is lost when another attempt follows.
      - A run that is killed returns nothing. Keys that it made without O(keys[].token_file) and O(keys[].token) stay active, and
        later runs do not know that nobody has their tokens. For a large set give O(keys[].token_file) and read the files.
    type: bool
"""

    SCIM = r"""
options:
  scim_keys:
    description:
      - SCIM keys that the tenant has when the task is done, each for an identity provider.
      - Each is like an entry of O(keys) with O(keys[].idp_id) or O(keys[].idp), one of which is needed. SCIM keys are handled
        before O(keys).
    type: list
    elements: dict
    suboptions:
      description:
        description: Description of the key, part of what identifies it.
        type: str
        required: true
      idp_id:
        description: Id of the identity provider that a SCIM key is for.
        type: str
      idp:
        description:
          - The identity provider that a SCIM key is for, by its vendor, protocol or description. Give it instead of
            O(scim_keys[].idp_id).
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
        description: How long a new key lives, as an ISO 8601 duration such as V(P90D). If not set, the tenant decides.
        type: str
      token_file:
        description: File that keeps the key's token, and nothing else. Its folder must exist.
        type: path
      token_file_owner:
        description:
          - Name or id of the user who owns O(scim_keys[].token_file). If not set, it keeps its owner, also when its token is
            renewed.
        type: str
      token_file_group:
        description:
          - Name or id of the group of O(scim_keys[].token_file). If not set, it keeps its group, also when its token is
            renewed.
        type: str
      token_file_mode:
        description:
          - Mode of O(scim_keys[].token_file), as M(ansible.builtin.file) takes it, for example V('0640') or V(u=rw,g=r).
        type: raw
      token:
        description: The token that your own store holds now, or an empty string if it holds none.
        type: str
      key_id:
        description:
          - The id of the key whose token your store says it holds, or an empty string if it holds none. Give it instead of
            O(scim_keys[].token), for a store that never shows a token again.
        type: str
      on_lost_token:
        description:
          - What to do when the token is lost, that is when a matching key is active and its token is not stored, or when the
            stored token is not that of an active matching key.
        type: str
        choices: [fail, replace, ignore]
        default: fail
      renew_before:
        description: Make the key's successor when the key expires within this ISO 8601 duration, such as V(P14D).
        type: str
      overlap:
        description:
          - How long a key stays active after its successor was made, as an ISO 8601 duration such as V(P2D). If not set, it
            stays until it expires by itself.
        type: str
      retire_first:
        description: Retire a key before its successor is made, for tenants that refuse a second one.
        type: bool
        default: false
      return_token:
        description: Whether the run that makes the key returns its token. Use C(no_log) on the task then.
        type: bool
"""


# Outside of the class, whose assignments ansible-test takes for plain texts.
ModuleDocFragment.REQUIRED = ModuleDocFragment.DOCUMENTATION.replace("    required: false", "    required: true")
