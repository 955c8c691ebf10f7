# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the secrets engine KV version 2 of HashiCorp Vault: reading, writing and deleting over real HTTP.

Written from the API documentation of HashiCorp (Secrets engines, KV version 2). It has one mount, ``secret``, and two
tokens, of which one may only read.
"""

from __future__ import annotations

import json
import secrets
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

DATA = "/v1/secret/data/"


class Refusal(Exception):
    """An answer with an error status; ``errors`` are the reasons that it gives, ``data`` is what it tells beside."""

    def __init__(self, status: int, *errors: str, data: dict | None = None):
        super().__init__(status)
        self.status = status
        self.body = {"errors": list(errors)} if data is None else {"data": data}


class Secret:
    """The versions of one secret; a deleted one has no data."""

    def __init__(self) -> None:
        self.versions: list[dict[str, Any]] = []

    def read(self) -> dict:
        latest = self.versions[-1]
        if latest["data"] is None:
            raise Refusal(404, data=latest)
        return latest

    def write(self, body: dict) -> dict:
        """``{options: {cas}, data}``: with ``cas``, only if that is the number of the latest version; 0 for none."""
        if not isinstance(body.get("data"), dict):
            raise Refusal(400, "no data provided")
        expected = body.get("options", {}).get("cas", len(self.versions))
        if isinstance(expected, bool) or not isinstance(expected, int):
            raise Refusal(400, "error converting check-and-set parameter to an integer")
        if expected != len(self.versions):
            raise Refusal(400, "check-and-set parameter did not match the current version")
        metadata = {
            "created_time": _now(),
            "custom_metadata": None,
            "deletion_time": "",
            "destroyed": False,
            "version": len(self.versions) + 1,
        }
        self.versions.append({"data": body["data"], "metadata": metadata})
        return metadata

    def delete(self) -> None:
        """A soft one: the number of the latest version is kept."""
        metadata = {**self.versions[-1]["metadata"], "deletion_time": _now()}
        self.versions[-1] = {"data": None, "metadata": metadata}


class KvStore:
    """``with KvStore() as store: store.url``. ``secrets`` is what is in it, ``log`` each ``(method, path, status)``."""

    def __init__(self) -> None:
        self.token = f"hvs.{secrets.token_hex(24)}"
        self.reading_token = f"hvs.{secrets.token_hex(24)}"
        self.secrets: dict[str, Secret] = {}
        self.log: list[tuple[str, str, int]] = []
        self._turn = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> KvStore:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, token: str | None, body: bytes) -> tuple[int, dict | None]:
        """The status and the body of the answer to one request."""
        with self._turn:
            try:
                status, answer = self._answer(method, path, token, body)
            except Refusal as refusal:
                status, answer = refusal.status, refusal.body
            self.log.append((method, path, status))
            return status, answer

    def _answer(self, method: str, path: str, token: str | None, body: bytes) -> tuple[int, dict | None]:
        if token not in (self.token, self.reading_token) or (method != "GET" and token != self.token):
            raise Refusal(403, "permission denied")
        if not path.startswith(DATA):
            raise Refusal(404, f'no handler for route "{path.removeprefix("/v1/")}". route entry not found.')
        name = path.removeprefix(DATA)
        if method in ("POST", "PUT"):
            try:
                document = json.loads(body)
            except ValueError:
                raise Refusal(400, "error parsing JSON") from None
            return 200, {"data": self.secrets.setdefault(name, Secret()).write(document)}
        if name not in self.secrets or not self.secrets[name].versions:
            raise Refusal(404)
        if method == "DELETE":
            return 204, self.secrets[name].delete()
        return 200, {"data": self.secrets[name].read()}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        store = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, answer = store.answer(self.command, self.path, self.headers.get("X-Vault-Token"), body)
                text = b"" if answer is None else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_POST = do_PUT = do_DELETE = do_GET

            def log_message(self, *_arguments: object) -> None:
                """Nothing on stderr; the store keeps a log of its own."""

        return Handler


def _now() -> str:
    return datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")
