# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An ordinary module starts an interpreter of its own, so what a run does not need must not be imported by it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.module_runs import MODULES as PACKAGE
from ansible_collections.tenantops.qlik_cloud.tests.unit.project import MODULES

UTILS = "ansible_collections.tenantops.qlik_cloud.plugins.module_utils"
# A run signed in with an access token that reads a record, as far as it gets without a tenant.
PLAIN_RUN = f"""
import importlib, json, sys
import ansible.module_utils.basic
before = set(sys.modules)
importlib.import_module(sys.argv[1])
from {UTILS}._iso8601 import parse_time
from {UTILS}._sign_in.sign_in import choose_sign_in
choose_sign_in({{"tenant_url": "https://tenant.example.com", "access_token": "t", "context": "prod"}}, {{}})
parse_time("2026-11-22T09:15:00.000Z")
print(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.mark.parametrize("module", MODULES)
def test_a_plain_run_imports_neither_durations_nor_contexts_nor_the_sign_in_of_oauth_clients(module):
    finished = subprocess.run(
        [sys.executable, "-c", PLAIN_RUN, f"{PACKAGE}.{module}"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    imported = set(json.loads(finished.stdout))
    assert "requests" in imported
    assert imported & {"isodate", "yaml", f"{UTILS}._sign_in.contexts", f"{UTILS}._sign_in.oauth"} == set()
