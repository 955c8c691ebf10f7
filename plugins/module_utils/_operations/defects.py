# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of a defect: where it is, and nothing of what was worked on, which could be a secret."""

from __future__ import annotations

import traceback

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._version import COLLECTION

FOLDER = "/plugins/"


def describe_defect(error: BaseException) -> str:
    """The type of the error and the way to it through the collection's own files, the innermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if COLLECTION.replace(".", "/") + FOLDER in frame.filename.replace("\\", "/")]
    way = ", called by ".join(
        f"{frame.filename.rpartition(FOLDER)[2]}, line {frame.lineno}, in {frame.name}"
        for frame in reversed(own or frames)
    )
    return f"This is a defect in {COLLECTION}, please report it: {type(error).__name__} in {way}."
