# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs module ``api_key_permission`` inside Ansible's worker where it can; documented with the module."""

from __future__ import annotations

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import API_KEY_PERMISSION
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_key_permission import (
    ManagePermission,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._worker_action import WorkerAction


class ActionModule(WorkerAction):
    arguments, work = API_KEY_PERMISSION, ManagePermission
