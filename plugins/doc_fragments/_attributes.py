# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the attributes of the modules mean, and those that all modules share. Private to the collection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode, sending reads only, and says what a real run would do.
  diff_mode:
    description: Under C(--diff), returns what changes or would change. It shows metadata only, never a token.
  idempotent:
    description: A second run with the same options, when nothing else changed the tenant in between, changes nothing.
  action_group:
    description: Takes the options that are set for the group in C(module_defaults).
    support: full
    membership:
      - tenantops.qlik_cloud.tenant
"""

    CHANGING = r"""
options: {}
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
"""

    READING = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - The module only reads.
  diff_mode:
    support: N/A
    details:
      - The module only reads.
  idempotent:
    support: full
    details:
      - The module only reads.
"""
