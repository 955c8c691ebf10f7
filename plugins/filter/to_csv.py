# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records as CSV, for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.csv import format_csv

DOCUMENTATION = r"""
name: to_csv
short_description: Convert records to CSV that spreadsheets take for text
version_added: 1.0.0
description:
  - Returns a line of names, and a line for each record. The people who make keys choose their descriptions. So every cell is in
    quotes, and spreadsheets take none for a formula.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
options:
  _input:
    description: The records, such as RV(tenantops.qlik_cloud.api_key_event_info#module:events).
    type: list
    elements: dict
    required: true
  columns:
    description: The fields to write, in this order.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Write what happened to API keys
  ansible.builtin.copy:
    content: "{{ happened.events | tenantops.qlik_cloud.to_csv(['time', 'event', 'description', 'user_id']) }}"
    dest: events.csv
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The text.
  type: str
"""


def to_csv(records: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    return format_csv(columns, records)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"to_csv": to_csv}
