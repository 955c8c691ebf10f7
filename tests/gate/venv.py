# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes `.venv` with the interpreter that runs this file, unless one made from the same requirements is there.

Usage: venv.py run|test. The level `run` has what the demo needs, `test` tops it up with the tools of the checks.
"""

from __future__ import annotations

import argparse
import fcntl
import sys
import time
from pathlib import Path

import environments
import paths

RUN = (paths.REQUIREMENTS / "core.txt", paths.REQUIREMENTS / "run.txt", environments.EMULATOR)
TEST = (paths.REQUIREMENTS / "pytest.txt", paths.REQUIREMENTS / "test.txt", environments.CONFORMANCE)
LEVELS = {"run": RUN, "test": RUN + TEST}


def fingerprint(level: str) -> str:
    """What the content of `.venv` depends on at that level, the interpreter included."""
    return environments.fingerprint(LEVELS[level], sys.version, sys.base_prefix)


def stamp(level: str) -> Path:
    """The file that says from what a level of `.venv` was installed."""
    return paths.VENV / f".installed-{level}"


def ensure(level: str) -> None:
    """Bring `.venv` to that level: nothing, a top-up, or made anew when what it was made from has changed."""
    stamps = {name: stamp(name).read_text(encoding="utf-8") for name in LEVELS if stamp(name).exists()}
    outdated = any(content != fingerprint(name) for name, content in stamps.items())
    if level in stamps and not outdated:
        return
    started = time.monotonic()
    if outdated or not stamps:
        environments.create_main(sys.executable)
    environments.install(paths.VENV, LEVELS[level])
    stamp(level).write_text(fingerprint(level), encoding="utf-8")
    version = ".".join(map(str, sys.version_info[:3]))
    print(f".venv: Python {version}, requirements of level {level}, {time.monotonic() - started:.0f} s")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("level", choices=sorted(LEVELS))
    level = parser.parse_args().level
    paths.CACHE.mkdir(exist_ok=True)
    # Two make commands at a time must not install into the same folder.
    with (paths.CACHE / "venv.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ensure(level)


if __name__ == "__main__":
    main()
