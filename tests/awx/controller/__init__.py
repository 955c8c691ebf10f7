# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in of an AWX controller's API: what playbook awx makes use of, and nothing else."""
