# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether every active key has somebody who holds its token, or somebody who was told of it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ansible_collections.tenantops.qlik_cloud.tests.faults.scene import key_id_of
from hostile.module_run import Run
from hostile.verdicts import returned_tokens

MARKER = ".qlik-pending"


def unheld(run: Run, active: Collection[str], held_before: Collection[str], folder: Path) -> list[str]:
    """The active keys, by id, that nobody holds and nobody was told of.

    ``held_before``: the keys whose tokens somebody else has. A key is held as well if its token is in a file of the folder
    or was returned, and told of if its id is in what the run printed. A marker tells the next run, if the user is told
    that there is something to be done.
    """
    files = [path for path in folder.iterdir() if path.is_file()]
    stored = {key_id_of(path.read_text("utf-8", "replace").strip()) for path in files if not path.name.startswith(".")}
    returned = {key_id_of(token) for token in returned_tokens(run.result)}
    is_marked = any(path.name.endswith(MARKER) for path in files) and bool(run.failed or run.warnings)
    loose = set(active) - set(held_before) - stored - returned
    return sorted(key_id for key_id in loose if key_id not in run.printed and not is_marked)
