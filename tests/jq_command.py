# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command jq as the scripts of docs/coming-from-qlik-cli.md call it, by jq's own library, so that no machine must have it.

Usage: jq_command.py [-r] PROGRAM. Reads JSON from standard input.
"""

from __future__ import annotations

import argparse
import json
import sys

import jq


def main() -> None:
    parser = argparse.ArgumentParser(prog="jq")
    parser.add_argument("-r", dest="raw", action="store_true")
    parser.add_argument("program")
    given = parser.parse_args()
    for value in jq.compile(given.program).input_text(sys.stdin.read()):
        print(value if given.raw and isinstance(value, str) else json.dumps(value))


if __name__ == "__main__":
    main()
