# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""README.md names the versions that the gate tests with."""

from __future__ import annotations

import re

from ansible_collections.tenantops.qlik_cloud.tests.unit.project import ROOT


def test_the_versions_of_ansible_core_are_those_of_the_matrix():
    readme = (ROOT / "README.md").read_text(encoding="utf-8").split("## Tested with")[1].split("\n## ")[0]
    matrix = (ROOT / "tests" / "gate" / "matrix.py").read_text(encoding="utf-8")
    tested = re.findall(r'Core\("(\d+\.\d+)\.', matrix)
    assert tested
    assert re.findall(r"\b2\.\d\d\b", readme) == tested
