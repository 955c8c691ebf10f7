# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line of the embedded tenant."""

from __future__ import annotations

import argparse
import contextlib
import json
import ssl
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from .app import build_app
from .clock import Clock
from .seed import seed
from .server import Server, bind
from .settings import Settings
from .store import Store, UnusableStore
from .tenant import GENERATIONS, Tenant, load_tenant


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; 0 then. Bad arguments, an unusable file or a taken port end with status 2."""
    parser = _parser()
    options = parser.parse_args(arguments)
    settings = Settings()
    try:
        for assignment in options.setting:
            settings.update_from_text(assignment)
        clock = Clock(options.clock_offset)
        listener = bind(options.host, options.port)
    except (ValueError, OSError) as error:
        parser.error(f"{options.host}:{options.port}: {error}" if isinstance(error, OSError) else str(error))
    with listener, _folder(options.db) as folder:
        path = Path(folder).absolute() / (options.db.name if options.db else "tenant.db")
        try:
            store = Store(path)
        except UnusableStore as error:
            parser.error(str(error))
        seed(store, clock)
        tenant = load_tenant(store, clock, settings, options.generation)
        ca_path = path.with_name(path.name + ".ca.pem") if options.tls else None
        port = listener.getsockname()[1]
        announce = _announcement(tenant, options.host, port, ca_path)
        Server(build_app(tenant), _tls(ca_path), announce).run(sockets=[listener])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python tests/emulator",
        description="Serve a Qlik Cloud tenant on loopback. One JSON line on stdout says that it accepts connections.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default %(default)s)")
    parser.add_argument("--port", type=_port, default=0, help="0 takes a free one (default)")
    parser.add_argument("--db", type=Path, metavar="FILE", help="state that survives a restart (default: none does)")
    parser.add_argument(
        "--generation",
        choices=GENERATIONS,
        default=GENERATIONS[0],
        help="how API keys are enabled: by permission, or by the old switch (default %(default)s)",
    )
    parser.add_argument("--tls", action="store_true", help="serve https with a throw-away certificate authority")
    parser.add_argument(
        "--clock-offset", type=float, default=0.0, metavar="SECONDS", help="how far the tenant's time is ahead"
    )
    parser.add_argument(
        "--setting",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a knob of the control endpoint, see README.md; may be repeated",
    )
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)


def _folder(db: Path | None) -> contextlib.AbstractContextManager[Path | str]:
    """Where the state lies: where it was asked for, or in a folder that goes with the process."""
    return contextlib.nullcontext(db.parent) if db else tempfile.TemporaryDirectory(prefix="embedded-tenant-")


def _tls(ca_path: Path | None) -> ssl.SSLContext | None:
    if ca_path is None:
        return None
    from .tls import server_context  # only here: loading trustme would slow down every start without TLS

    return server_context(ca_path)


def _announcement(tenant: Tenant, host: str, port: int, ca_path: Path | None) -> Callable[[], None]:
    """Prints the ready line, with all that a client needs to know."""
    authority = f"[{host}]" if ":" in host else host
    url = f"{'https' if ca_path else 'http'}://{authority}:{port}"
    record = tenant.record
    ready = {
        "url": url,
        "tenant_id": tenant.id,
        "admin_token": record["admin_token"],
        "client_id": record["client_id"],
        "client_secret": record["client_secret"],
        "user_id": record["admin_user_id"],
        "idp_id": record["idp_id"],
        "hostname": tenant.hostnames[0],
        "control_url": f"{url}/_control",
        "ca_path": str(ca_path) if ca_path else None,
        "member_user_id": record["member_user_id"],
        "member_token": record["member_token"],
    }
    return lambda: print(json.dumps(ready), flush=True)
