# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the options of a module are where nobody gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def get_defaults(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Each option of an argument spec with its default, None where it has none; as Ansible fills them in."""
    return {name: argument.get("default") for name, argument in spec.items()}
