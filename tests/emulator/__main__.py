# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start the embedded tenant: `python tests/emulator --port 0 --db FILE --generation permission|switch [--tls]`."""

from __future__ import annotations

import sys
from pathlib import Path

if not __package__:
    # Started as a directory, Python puts the directory itself on the path; the package is found from its parent.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from emulator.command import main

if __name__ == "__main__":
    sys.exit(main())
