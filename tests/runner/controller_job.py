# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays one job by the Python interface of ansible-runner, as AWX 24.6.1 does; prints its status.

Argument: a folder with job.json, the arguments of `ansible_runner.run`. It is cancelled when there is a file `cancel` in it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import ansible_runner


def main() -> None:
    """Command line."""
    folder = Path(sys.argv[1])
    arguments = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    job = ansible_runner.run(cancel_callback=(folder / "cancel").exists, **arguments)
    print(job.status)


if __name__ == "__main__":
    main()
