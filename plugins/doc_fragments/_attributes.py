# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attributes of the modules, as Ansible defines them, and how far each kind of module supports them.

A module extends the first part and one of the others, and ``group`` if it signs in on a tenant. It is private to the collection.
"""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode, which changes nothing, and returns what a run would do.
  diff_mode:
    description: With C(--diff) returns what changes, or would change. It never shows a token.
  idempotent:
    description: A second run with the same options changes nothing, unless something else changed the tenant in between.
  async:
    description: Supports the keyword C(async).
  action:
    description: Has an action plugin, so that options are checked on the controller.
    support: full
  platform:
    description: The platforms that it runs on. Without a remote connection that is the controller.
    support: full
    platforms: posix
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
  async:
    support: full
"""

    MAKING_KEYS = r"""
options: {}
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  async:
    support: partial
    details:
      - With C(async) no token is returned, because Ansible writes the result to a file. A key is made only if its token goes into a
        token file.
  safe_file_operations:
    description: Writes a file whole or not at all, and never lets others read it for a moment.
    support: full
    details:
      - A token file is written under another name, with its owner, group and mode, moved into place in one step, and read back.
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
  async:
    support: full
"""

    CONTROLLER = r"""
options: {}
attributes:
  check_mode:
    support: full
  async:
    support: none
    details:
      - It runs on the controller, inside Ansible, and takes a moment only.
"""

    GROUP = r"""
options: {}
attributes:
  action_group:
    description: Takes the options that C(module_defaults) has for the group.
    support: full
    membership:
      - tenantops.qlik_cloud.tenant
"""
