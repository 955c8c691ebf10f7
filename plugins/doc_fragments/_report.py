# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the modules that report on API keys. Private to the collection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  policy:
    description:
      - What counts as a finding. Options that are left out have their defaults.
      - A finding has a rule and a severity, V(error), V(warning) or V(note).
    type: dict
    suboptions:
      expires_within:
        description:
          - Rule V(expires_soon), an active key that expires within this ISO 8601 duration and has no successor, V(P14D) if not
            set.
        type: str
      expired_within:
        description:
          - Rule V(expired_lately), a key that expired within this ISO 8601 duration and has no successor, V(P7D) if not set.
        type: str
      longest_life:
        description:
          - Rule V(lives_too_long), an active key that lives longer than this ISO 8601 duration, from creation to expiry. If not
            set, longer than the limit that the tenant has now.
        type: str
      rotated_within:
        description:
          - Rule V(not_rotated), an active key that was made longer ago than this ISO 8601 duration, V(P365D) if not set.
        type: str
      keys_per_owner:
        description:
          - Rule V(too_many_keys), a user with more active keys than this. If not set, a user with as many as the tenant allows.
        type: int
      unused_description:
        description:
          - Rule V(unused_description), an active key whose description has a match of this regular expression of Python. If not
            set, words such as C(test), C(tmp), C(old) and C(unused).
        type: str
      permission_roles:
        description:
          - The names of the roles that may let users make keys, for rule V(permission_too_wide). If not set, and without
            C(permission), the rule finds nothing.
        type: list
        elements: str
      severities:
        description:
          - The severities of rules that shall differ from the defaults below, each V(error), V(warning), V(note), or V(off), which
            turns the rule off.
          - By default V(unreachable) and V(stored_token_invalid) are errors. V(not_rotated), V(unused_description),
            V(stored_token_unread) and V(turned_off) are notes.
          - V(key_missing), V(expires_soon), V(expired_lately), V(owner_gone), V(owner_disabled), V(owner_not_allowed),
            V(lives_too_long), V(too_many_keys), V(inactive_provider), V(permission_too_wide) and V(partial_view) are warnings.
        type: dict
  fail_within:
    description:
      - An active key that expires within this ISO 8601 duration and has no successor is a finding of severity V(error), whatever
        O(policy) says.
    type: str
"""
