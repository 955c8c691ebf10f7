# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the filters that sum up what role onboarding did to several hosts. It is private to the collection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  _input:
    description: Pairs of a host's name and its variables.
    type: list
    elements: list
    required: true
"""

    JOB = r"""
options:
  playbook:
    description: What the role did, C(onboard), C(rotate) or C(leaver).
    type: str
    choices: [onboard, rotate, leaver]
    required: true
  check_mode:
    description: Whether it only said what it would do.
    type: bool
    default: false
"""
