# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The embedded tenant: a Qlik Cloud tenant served over real HTTP on loopback, for tests and demonstrations."""
