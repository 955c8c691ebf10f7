# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line of the embedded tenant."""

from __future__ import annotations

import argparse
import contextlib
import ssl
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .app import build_app, build_fleet
from .clock import Clock
from .ready_line import build_ready_line_of_many, ready_line
from .seed import seed
from .server import Server, bind
from .settings import Settings
from .store import Store, UnusableStore
from .tenant import GENERATIONS, Tenant, load_tenant

# Each keeps a few files open if it has one of its own, and a process may have 1024 by default on most systems.
MAX_TENANTS = 400


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; 0 then. Bad arguments, an unusable file or a taken port end with status 2."""
    parser = _build_parser()
    options = parser.parse_args(arguments)
    try:
        listener = bind(options.host, options.port)
    except (ValueError, OSError) as error:
        parser.error(f"{options.host}:{options.port}: {error}" if isinstance(error, OSError) else str(error))
    with listener, _choose_ca_path(options) as ca_path:
        try:
            tenants = [_load_tenant(options, number) for number in range(1, (options.tenants or 1) + 1)]
        except (ValueError, UnusableStore) as error:
            parser.error(str(error))
        origin = _build_origin(options, listener.getsockname()[1])
        if options.tenants:
            app, ready = build_fleet(tenants), build_ready_line_of_many(tenants, origin, ca_path)
        else:
            app, ready = build_app(tenants[0]), ready_line(tenants[0], origin, ca_path)
        Server(app, _load_tls(ca_path), when_ready=lambda: print(ready, flush=True)).run(sockets=[listener])
    return 0


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python tests/emulator",
        description="Serve a Qlik Cloud tenant on loopback. One JSON line on stdout says that it accepts connections.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default %(default)s)")
    parser.add_argument("--port", type=_parse_port, default=0, help="0 takes a free one (default)")
    parser.add_argument("--db", type=Path, metavar="FILE", help="state that survives a restart (default: none does)")
    parser.add_argument(
        "--generation",
        choices=GENERATIONS,
        default=GENERATIONS[0],
        help="how API keys are enabled: by permission, or by the old switch (default %(default)s)",
    )
    parser.add_argument(
        "--tenants",
        type=_parse_count,
        metavar="N",
        help="serve N tenants, below /t/1, /t/2, … (default: one, at the root)",
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


def _parse_count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= MAX_TENANTS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MAX_TENANTS}")
    return int(text)


def _parse_port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)


def _load_tenant(options: argparse.Namespace, number: int) -> Tenant:
    """Tenant `number`, from its file if it has one. Raises ValueError for bad settings, UnusableStore."""
    settings = Settings()
    for assignment in options.setting:
        settings.update_from_text(assignment)
    clock = Clock(options.clock_offset)
    store = Store(_get_file(options.db, number) if options.db else None)
    seed(store, clock)
    return load_tenant(store, clock, settings, options.generation)


def _get_file(db: Path, number: int) -> Path:
    """The first tenant's is the one that a tenant alone would use."""
    return db if number == 1 else db.with_name(f"{db.name}.{number}")


@contextlib.contextmanager
def _choose_ca_path(options: argparse.Namespace) -> Iterator[Path | None]:
    """Where the certificate to trust goes: beside the state or, if that has no file, in a folder of its own."""
    if not options.tls:
        yield None
    elif options.db:
        yield options.db.absolute().with_name(f"{options.db.name}.ca.pem")
    else:
        with tempfile.TemporaryDirectory(prefix="embedded-tenant-") as folder:
            yield Path(folder, "ca.pem")


def _load_tls(ca_path: Path | None) -> ssl.SSLContext | None:
    if ca_path is None:
        return None
    from .tls import server_context  # only here: loading trustme would slow down every start without TLS

    return server_context(ca_path)


def _build_origin(options: argparse.Namespace, port: int) -> str:
    authority = f"[{options.host}]" if ":" in options.host else options.host
    return f"{'https' if options.tls else 'http'}://{authority}:{port}"
