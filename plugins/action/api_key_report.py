# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a report on the API keys of several tenants, beside Ansible; documented with the module of that name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import API_KEY_REPORT
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import QlikCloudError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import Policy
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.containers import (
    is_job,
    is_lost_with_job,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import parse_duration
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._control_node_action import ControlNodeAction
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._job_summary import summarize_report
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.document import (
    HostReport,
    build_document,
    check_report,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.files import ReportFile, parse_report_files
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.lines import find_problems, format_lines
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.output import show_report
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._task_options import to_plain

REPORT = "report"
FAILURE = "failure"
"""The variables of a host, after the prefix, that hold its report, or why there is none."""


class ActionModule(ControlNodeAction):
    # The tasks that read each tenant check that there are no other variables.
    arguments = API_KEY_REPORT

    def execute(self, options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        policy, fail_within = Policy.from_options(options["policy"]), parse_duration(options, "fail_within")
        files = parse_report_files("file", options["file"] or [])
        hosts = [*_read_tenants(options), *_read_hosts(options, task_vars)]
        document = build_document(hosts, policy, fail_within, options["fail_on"], datetime.now(timezone.utc))
        if not self._task.check_mode:
            _write(files, document)
        paths, problems = [file.path for file in files], find_problems(document)
        vanishing = [path for path in paths if is_lost_with_job(path, os.environ)]
        keeps_no_file = is_job(os.environ) and len(vanishing) == len(paths)
        return {
            "changed": bool(files),
            "files": paths,
            "summary": document["summary"],
            "lines": format_lines(document),
            "problems": problems,
            "job_summary": summarize_report(document, problems, self._task.check_mode),
            "text": show_report(document, options["show"], is_lost_otherwise=keeps_no_file),
            "warnings": [f"{path} ends with the container that this job runs in." for path in vanishing],
        }


def _write(files: Sequence[ReportFile], document: Mapping[str, Any]) -> None:
    """Render all files before the first is written, so that a defect leaves the old ones as they are."""
    texts = [file.render(document) for file in files]
    try:
        for file, text in zip(files, texts):
            file.write(text)
    except OSError as error:
        raise QlikCloudError(f"The report cannot be written: {error.strerror}: {error.filename}.") from None


def _read_tenants(options: Mapping[str, Any]) -> Iterator[HostReport]:
    """The reports that the task itself gives."""
    for number, tenant in enumerate(options["tenants"] or []):
        check_report(f"tenants[{number}].report", tenant["report"])
        yield HostReport(tenant["host"], tenant["report"], tenant["failure"])


def _read_hosts(options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> Iterator[HostReport]:
    """The reports that role onboarding has left in the variables of hosts."""
    prefix, hostvars = options["variables_prefix"] or "", task_vars.get("hostvars", {})
    for host in options["hosts"] or []:
        variables = hostvars.get(host, {})
        try:
            report, failure = (to_plain(variables.get(f"{prefix}{name}")) for name in (REPORT, FAILURE))
        except AnsibleError as error:
            report, failure = None, error.message
        yield HostReport(host, report if failure is None else None, failure and str(failure))
