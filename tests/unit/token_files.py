# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Token files as runs leave them."""

from __future__ import annotations

import os
from pathlib import Path

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import InterruptedRun
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.marker import write_marker
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import TokenFile


def put(file: TokenFile, content: str, mode: int = 0o600) -> None:
    """The file as it is between two runs."""
    Path(file.path).write_text(content)
    os.chmod(file.path, mode)


def mark(file: TokenFile, noted: InterruptedRun) -> None:
    """The marker of a run that was stopped."""
    with file.open_folder() as folder:
        write_marker(file, folder, noted)


def brings_another(path: Path, source: str, target: str) -> bool:
    """Whether a new token is put at the path, and not only a copy of what is there."""
    if target != path.name:
        return False
    return not path.exists() or path.read_bytes() != (path.parent / source).read_bytes()
