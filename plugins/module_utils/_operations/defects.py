# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The message for a defect of the collection: where in its files, and no values, which could be secrets."""

from __future__ import annotations

import traceback

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._version import COLLECTION

FOLDER = "/plugins/"


def describe_defect(error: BaseException) -> str:
    """The type of the error, and the calls in the collection's own files that led to it, the innermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if COLLECTION.replace(".", "/") + FOLDER in frame.filename.replace("\\", "/")]
    calls = ", called by ".join(
        f"{frame.filename.rpartition(FOLDER)[2]}, line {frame.lineno}, in {frame.name}"
        for frame in reversed(own or frames)
    )
    return f"This is a defect in {COLLECTION}, please report it: {type(error).__name__} in {calls}."
