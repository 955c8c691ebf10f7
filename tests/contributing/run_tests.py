# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs tests in a folder once for each line of standard input, and prints the exit code.

Each run is in a process that has the libraries loaded already. Of the collection nothing is loaded beforehand, since it changes
from run to run. What the tests print is in ``output.txt`` in the folder.
"""

from __future__ import annotations

import importlib
import os
import sys

import pytest

LIBRARIES = ("ansible.module_utils.basic", "hypothesis", "isodate", "requests", "yaml")


def run(folder: str, tests: list[str]) -> int:
    """The exit code of pytest in that folder."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.chdir(folder)
    output = os.open("output.txt", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    code = 70
    try:
        code = int(pytest.main(["-q", "-x", *tests]))
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    for library in LIBRARIES:
        importlib.import_module(library)
    for _line in sys.stdin:
        print(run(sys.argv[1], sys.argv[2:]), flush=True)
