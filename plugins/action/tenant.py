# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs module ``tenant`` inside Ansible's worker where it can; documented with the module."""

from __future__ import annotations

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import TENANT
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.tenant import SetUpTenant
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._role_action import RoleAction

NOT_RENEWED = frozenset(("api_keys_enabled", "permission", "config", "purge", "purge_scope"))
"""What a call that only renews leaves alone."""


class ActionModule(RoleAction):
    arguments, work = TENANT, SetUpTenant

    def ignored_options(self) -> frozenset[str]:
        return NOT_RENEWED if boolean(self._task.args.get("only_renew", False), strict=False) else frozenset()
