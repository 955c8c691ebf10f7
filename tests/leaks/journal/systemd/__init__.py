# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the binding to the system journal, where every module of Ansible notes its arguments."""
