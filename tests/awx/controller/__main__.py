# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the stand-in: `python tests/awx/controller`. One JSON line on stdout says that it accepts connections."""

from __future__ import annotations

import json
import sys
from pathlib import Path

if not __package__:
    # Started as a directory; the packages are found from above it, and the emulator's server beside that.
    here = Path(__file__).resolve()
    sys.path[0:1] = [str(here.parents[1]), str(here.parents[2])]

from emulator.server import Server, bind

from controller.app import PASSWORD, USERNAME, build_app


def main() -> int:
    """Serve until SIGTERM."""
    with bind("127.0.0.1", 0) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        ready = json.dumps({"url": url, "username": USERNAME, "password": PASSWORD})
        Server(build_app(), None, when_ready=lambda: print(ready, flush=True)).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
