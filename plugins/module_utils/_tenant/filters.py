# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``filter`` of the lists of roles, users and groups (RFC 7644, section 3.4.2.2)."""

from __future__ import annotations

import json
from collections.abc import Iterable


def build_filter(attributes: Iterable[str], value: str) -> str:
    """The filter for records in which any of the attributes has the value.

    By the RFC a value is a JSON string. The service ignores case, so it may answer more than was meant.
    """
    return " or ".join(f"{attribute} eq {json.dumps(value, ensure_ascii=False)}" for attribute in attributes)
