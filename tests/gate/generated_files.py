# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that a script writes: bringing them up to date, and failing where somebody forgot that."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import paths


def write(wanted: Mapping[Path, str], obsolete: Collection[Path] = ()) -> str:
    """Give each file its text and delete those that are obsolete. Returns what was done, in words."""
    changed = [path for path, text in wanted.items() if _text(path) != text]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8")
    for path in obsolete:
        path.unlink()
        for folder in path.parents:
            if any(folder.iterdir()):
                break
            folder.rmdir()
    done = {"written": changed, "deleted": obsolete}
    return "; ".join(f"{word}: {_names(files)}" for word, files in done.items() if files) or "nothing to write"


def check(wanted: Mapping[Path, str], command: str, obsolete: Collection[Path] = ()) -> None:
    """Exit with the names of the files that ``command`` would change, after printing how. Raises SystemExit, too, if there is nothing
    to compare."""
    if not wanted:
        raise SystemExit(f"`{command}` would write no file at all")
    stale = [*obsolete]
    for path, text in wanted.items():
        if _text(path) != text:
            stale.append(path)
            before = (_text(path) or "").splitlines(True)
            sys.stdout.writelines(difflib.unified_diff(before, text.splitlines(True), "is", "should be"))
    if stale:
        raise SystemExit(f"{_names(stale)}: not as `{command}` writes it. Run that, and commit what it changes.")


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _names(files: Collection[Path]) -> str:
    return ", ".join(str(path.relative_to(paths.ROOT)) for path in sorted(files))
