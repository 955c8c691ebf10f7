# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for a library that is installed and cannot be imported."""

raise ImportError("a part of it is missing")
