# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts by name, and how one is measured."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from . import create, fleet, machine, nothing_to_do, one_task, rate_limit, steady
from .results import Measurement
from .sizes import Sizes
from .workbench import Workbench

PARTS = {
    "create": create.run,
    "nothing": nothing_to_do.run,
    "task": one_task.run,
    "limit": rate_limit.run,
    "fleet": fleet.run,
    "steady": steady.run,
}


def measured(part: str, folder: Path, sizes: Sizes) -> Measurement:
    """Run a part in an empty folder."""
    load = os.getloadavg()[0]
    return Measurement(PARTS[part](Workbench(folder), sizes), machine.describe(), date.today().isoformat(), load)
