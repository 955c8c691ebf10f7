#!/bin/sh
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Lists the Python interpreters from 3.10 on that really run, one "<version> <path>" a line, or with "first" the first.
# $PYTHON, when set, is the only candidate. Trying each one is needed because a name on PATH proves nothing: pyenv
# puts a shim there for every version it knows, and most of them end with exit code 127. Debian's interpreter without
# its python3-venv package runs but cannot make virtual environments, hence the import of ensurepip.
set -u

candidates() {
    if [ -n "${PYTHON:-}" ]; then
        echo "$PYTHON"
        return
    fi
    # What .venv was made with, so that it is not made anew for another interpreter without having been asked to.
    echo "$(dirname "$0")/../../.venv/bin/python"
    for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
        echo "$name"
    done
    ls -d "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.*/bin/python3 \
        "${XDG_DATA_HOME:-${HOME:-}/.local/share}"/uv/python/cpython-3.*/bin/python3 2>/dev/null
}

describe='
import ensurepip, os, sys
if sys.version_info < (3, 10):
    sys.exit(1)
print("%d.%d" % sys.version_info[:2], os.path.realpath(sys.executable))
'

found=$(candidates | while read -r candidate; do
    "$candidate" -I -c "$describe" </dev/null 2>/dev/null || continue
    if [ "${1:-}" = first ]; then
        break
    fi
done)

if [ -z "$found" ]; then
    echo "No Python 3.10 or later that runs and has ensurepip${PYTHON:+ (PYTHON=$PYTHON)}; set PYTHON=<path>." >&2
    exit 1
fi
echo "$found"
