# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A throw-away certificate authority, and the server's certificate signed by it."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme


def server_context(ca_path: Path) -> ssl.SSLContext:
    """A context for the loopback names; writes the authority's certificate, which clients trust, to `ca_path`."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(ca_path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1", "::1").configure_cert(context)
    return context
