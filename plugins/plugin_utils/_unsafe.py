# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks what a filter returns as unsafe, as Ansible calls text that must never be taken for a template."""

from __future__ import annotations

from typing import TypeVar

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._task_options import to_plain

Value = TypeVar("Value")

try:
    from ansible.utils.unsafe_proxy import wrap_var
except ImportError:
    # ansible-core is going to drop it: since 2.19 nothing that a filter returns is taken for a template.
    wrap_var = None


def mark_unsafe(value: Value) -> Value:
    """A copy in plain types: since 2.19 Ansible's lazily templated lists and dictionaries cannot be marked."""
    copy: Value = to_plain(value)
    if wrap_var is None:
        return copy
    marked: Value = wrap_var(copy)
    return marked
