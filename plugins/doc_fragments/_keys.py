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
        description: Whom the key is for, a user by id, e-mail address or subject. If not set, the user who signs in.
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
        description: The identity provider that a SCIM key is for, by what it is, instead of O(keys[].idp_id).
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
        description: Name or id of the user who owns O(keys[].token_file). If not set, it keeps its owner.
        type: str
      token_file_group:
        description:
          - Name or id of the group of O(keys[].token_file). If not set, it keeps its group, also when its token is renewed.
        type: str
      token_file_mode:
        description: Mode of O(keys[].token_file), as M(ansible.builtin.file) takes it, for example V('0640') or V(u=rw,g=r).
        type: raw
      token:
        description: The token as a store of your own holds it; an empty string if it holds none.
        type: str
      key_id:
        description:
          - Instead of O(keys[].token), for a store that gives no token back, the id of the key whose token the store says it
            holds; an empty string if it holds none.
        type: str
      on_lost_token:
        description:
          - What to do when the stored token is not that of an active key that matches, or no token of such a key is stored.
        type: str
        choices: [fail, replace, ignore]
        default: fail
      renew_before:
        description: Make the key's successor when the key expires within this ISO 8601 duration, such as V(P14D).
        type: str
      overlap:
        description:
          - How long a predecessor stays active once its successor was made, an ISO 8601 duration such as V(P2D). If not set,
            until it expires by itself.
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
      - Retire every active key inside O(purge_scope) that is neither named by O(keys) nor a predecessor of one that is. An
        empty O(keys) names none, so the whole scope goes.
      - This comes after all entries, so it makes no room for them, and is not reached when one fails.
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
        description: Keys of this user (id, e-mail address or subject), as O(tenantops.qlik_cloud.api_key_info#module:owner) has them.
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
      - No key is made whose token would neither be returned nor be stored in O(keys[].token_file). A task with C(async), C(until) or
        C(retries) returns no token, because its result lies in a file, or is lost when another attempt follows.
      - A run that is killed returns nothing. Keys that it made without O(keys[].token_file) and O(keys[].token) stay active, and
        later runs do not know that nobody has their tokens. For a large set give O(keys[].token_file) and read the files.
    type: bool
"""

    SCIM = r"""
options:
  scim_keys:
    description:
      - SCIM keys that the tenant has when the task is done, each for an identity provider.
      - The same as entries of O(keys) with O(keys[].idp_id) or O(keys[].idp), one of which is needed. They come before those.
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
        description: The identity provider that a SCIM key is for, by what it is, instead of O(scim_keys[].idp_id).
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
        description: Name or id of the user who owns O(scim_keys[].token_file). If not set, it keeps its owner.
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
        description: The token as a store of your own holds it; an empty string if it holds none.
        type: str
      key_id:
        description:
          - Instead of O(scim_keys[].token), for a store that gives no token back, the id of the key whose token the store says
            it holds; an empty string if it holds none.
        type: str
      on_lost_token:
        description:
          - What to do when the stored token is not that of an active key that matches, or no token of such a key is stored.
        type: str
        choices: [fail, replace, ignore]
        default: fail
      renew_before:
        description: Make the key's successor when the key expires within this ISO 8601 duration, such as V(P14D).
        type: str
      overlap:
        description:
          - How long a predecessor stays active once its successor was made, an ISO 8601 duration such as V(P2D). If not set,
            until it expires by itself.
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
