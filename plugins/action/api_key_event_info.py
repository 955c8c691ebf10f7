# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs module ``api_key_event_info`` inside Ansible's worker where it can; documented with the module."""

from __future__ import annotations

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import API_KEY_EVENT_INFO
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_key_event_info import FindEvents
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._role_action import RoleAction


class ActionModule(RoleAction):
    arguments, work = API_KEY_EVENT_INFO, FindEvents
