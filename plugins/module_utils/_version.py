# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's version, for the user agent; a unit test holds it equal to galaxy.yml."""

from __future__ import annotations

COLLECTION = "tenantops.qlik_cloud"
VERSION = "1.0.0"
