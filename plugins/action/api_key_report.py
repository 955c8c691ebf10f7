# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a report on the API keys of several tenants, beside Ansible; documented with the module of that name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import API_KEY_REPORT
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import QlikCloudError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import Policy
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.containers import is_job, vanishes
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import parse_duration
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._task_options import to_plain
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._job_summary import summarize_report
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._control_node_action import ControlNodeAction
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.document import (
    HostReport,
    check_report,
    document,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.files import report_files
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.lines import lines, problems
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.shown import shown

REPORT, FAILURE = "report", "failure"
"""The variables of a host, after the prefix, that hold its report, or why there is none."""


class ActionModule(ControlNodeAction):
    # That there are no other variables is seen to where each tenant is read.
    arguments = API_KEY_REPORT

    def execute(self, options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return self._report(options, task_vars)
        except OSError as error:
            raise QlikCloudError(f"The report cannot be written: {error.strerror}: {error.filename}.") from None

    def _report(self, options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        policy, fail_within = Policy.from_options(options["policy"]), parse_duration(options, "fail_within")
        files = report_files("file", options["file"] or [])
        hosts = [*self._told(options), *self._of_hosts(options, task_vars)]
        told = document(hosts, policy, fail_within, options["fail_on"], datetime.now(timezone.utc))
        if not self._task.check_mode:
            # All of it is made before any of it is written.
            for file, text in [(file, file.rendered(told)) for file in files]:
                file.write(text)
        paths, failing = [file.path for file in files], problems(told)
        vanishing = [path for path in paths if vanishes(path, os.environ)]
        return {
            "changed": bool(files),
            "files": paths,
            "summary": told["summary"],
            "lines": lines(told),
            "problems": failing,
            "job_summary": summarize_report(told, failing, self._task.check_mode),
            "text": shown(told, options["show"], lose_it=is_job(os.environ) and len(vanishing) == len(paths)),
            "warnings": [f"{path} ends with the container that this job runs in." for path in vanishing],
        }

    def _told(self, options: Mapping[str, Any]) -> Iterator[HostReport]:
        for number, each in enumerate(options["tenants"] or []):
            check_report(f"tenants[{number}].report", each["report"])
            yield HostReport(each["host"], each["report"], each["failure"])

    def _of_hosts(self, options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> Iterator[HostReport]:
        """What role onboarding has left with each host."""
        prefix, variables_of = options["variables_prefix"] or "", task_vars.get("hostvars", {})
        for host in options["hosts"] or []:
            variables = variables_of.get(host, {})
            try:
                report, failure = (to_plain(variables.get(f"{prefix}{name}")) for name in (REPORT, FAILURE))
            except AnsibleError as error:
                report, failure = None, error.message
            yield HostReport(host, report if failure is None else None, failure and str(failure))
