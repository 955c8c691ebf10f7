# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every part runs, with a few keys and tenants, and the pages can be written. How long anything takes is not asserted."""

from __future__ import annotations

from xml.etree import ElementTree

from benchmarks import report, results
from benchmarks.parts import PARTS, measured
from benchmarks.sizes import TINY


def test_every_part_can_be_measured_kept_and_shown(tmp_path):
    measurements = {}
    for part in PARTS:
        folder = tmp_path / part
        folder.mkdir()
        measurement = measured(part, folder, TINY)
        results.save(measurement, folder / "kept.json")
        measurements[part] = results.load(folder / "kept.json")
        assert measurements[part] == measurement

    report.write(measurements, tmp_path / "docs")

    page = (tmp_path / "docs" / "benchmarks.md").read_text()
    assert str(tmp_path) not in page
    plots = sorted((tmp_path / "docs" / "images").iterdir())
    assert [plot.name for plot in plots if f"images/{plot.name}" not in page] == []
    for plot in plots:
        assert ElementTree.parse(plot).getroot().findtext("{http://www.w3.org/2000/svg}title")
