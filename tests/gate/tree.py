# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copies the project to a path that ends with `ansible_collections/tenantops/qlik_cloud`, whatever the checkout's path.

A copy, because ansible-test refuses a collection behind a symbolic link and checks nothing of children that are links.
Run as a program it refreshes the working copy.
"""

from __future__ import annotations

import fcntl
import fnmatch
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import paths


def project_files() -> list[Path]:
    """Relative paths of the files that are the project: tracked ones and new ones, without those `.gitignore` names."""
    return [path for path in _listed_by_git() or _walk(paths.ROOT) if (paths.ROOT / path).is_file()]


def refresh(destination: Path, keep_caches: bool = False) -> Path:
    """Make the collection below a collections path equal to the project and return where it is.

    Files that are no longer in the project go, with `keep_caches` except those that `.gitignore` names.
    """
    collection = destination / paths.COLLECTION
    wanted = project_files()
    paths.CACHE.mkdir(exist_ok=True)
    with (paths.CACHE / "tree.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _remove_others(collection, set(wanted), keep_caches)
        for path in wanted:
            _copy(paths.ROOT / path, collection / path)
    return collection


def _listed_by_git() -> list[Path]:
    """Nothing where git is absent or refuses, and in an archive that was unpacked inside some other repository."""
    if not (paths.ROOT / ".git").exists() or not shutil.which("git"):
        return []
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=paths.ROOT, check=False, capture_output=True).stdout
    return [Path(os.fsdecode(name)) for name in listing.split(b"\0") if name]


def _walk(top: Path) -> Iterator[Path]:
    """The same without git."""
    for folder, folders, names in os.walk(top):
        here = Path(folder).relative_to(top)
        folders[:] = [name for name in folders if name != ".git" and not _ignored(here / name, is_folder=True)]
        yield from (here / name for name in names if name != ".git" and not _ignored(here / name, is_folder=False))


def _ignored(path: Path, is_folder: bool) -> bool:
    """Whether `.gitignore` names this path; knows the plain forms that file keeps to."""
    for line in (paths.ROOT / ".gitignore").read_text(encoding="utf-8").splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#") or (pattern.endswith("/") and not is_folder):
            continue
        subject = path.as_posix() if "/" in pattern.rstrip("/") else path.name
        if fnmatch.fnmatchcase(subject, pattern.strip("/")):
            return True
    return False


def _remove_others(collection: Path, wanted: set[Path], keep_caches: bool) -> None:
    for folder, folders, names in os.walk(collection):
        here = Path(folder).relative_to(collection)
        if keep_caches:
            folders[:] = [name for name in folders if not _ignored(here / name, is_folder=True)]
        for name in names:
            if here / name not in wanted:
                (collection / here / name).unlink()
    for path in sorted(collection.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _copy(source: Path, target: Path) -> None:
    if target.exists():
        before, after = source.stat(), target.stat()
        if (before.st_mtime_ns, before.st_size, before.st_mode) == (after.st_mtime_ns, after.st_size, after.st_mode):
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    # Replaced in one step: another command may be reading the file.
    fresh = target.with_name(f"{target.name}.new")
    shutil.copy2(source, fresh)
    os.replace(fresh, target)


if __name__ == "__main__":
    refresh(paths.TREE, keep_caches=True)
