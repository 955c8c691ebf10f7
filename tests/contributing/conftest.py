# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of the gate import each other by their short names."""

from __future__ import annotations

import sys
from pathlib import Path

# At the end, since one of them is called venv.
sys.path.append(str(Path(__file__).resolve().parents[1] / "gate"))
