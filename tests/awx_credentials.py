# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the credentials of an AWX: reading and updating one over real HTTP, as far as a store of tokens needs it.

Written from AWX 24.6.1: a secret input is given back as ``$encrypted$``, an update names all inputs, that text stands for what
there is, and an input that the credential's type does not have is refused.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

CREDENTIAL = re.compile(r"/api/v2/credentials/(\d+)/")
SECRET, READABLE = "token", "key_id"
ENCRYPTED = "$encrypted$"


class Refusal(Exception):
    def __init__(self, status: int, body: dict[str, Any]):
        super().__init__(status)
        self.status = status
        self.body = body


class AwxCredentials:
    """``with AwxCredentials() as awx: awx.url``. ``inputs`` are those of credential ``number`` as AWX has them in its database, ``log``
    each ``(method, path, status)``; ``fields`` are those of its type.

    ``before_update`` and ``after_update`` are called in the middle of an update, before it is carried out and before it is answered.
    """

    number = 42

    def __init__(self) -> None:
        self.token = secrets.token_hex(20)
        self.fields = {SECRET, READABLE}
        self.inputs: dict[str, str] = {}
        self.log: list[tuple[str, str, int]] = []
        self.before_update: Callable[[], None] = lambda: None
        self.after_update: Callable[[], None] = lambda: None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a credential of the type "Red Hat Ansible Automation Platform" sets for a job."""
        return {
            "CONTROLLER_HOST": self.url,
            "CONTROLLER_OAUTH_TOKEN": self.token,
            "CONTROLLER_USERNAME": "",
            "CONTROLLER_PASSWORD": "",
            "CONTROLLER_VERIFY_SSL": "True",
        }

    def __enter__(self) -> AwxCredentials:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, authorization: str | None, body: bytes) -> tuple[int, dict[str, Any]]:
        """The status and the body of the answer to one request."""
        try:
            status, answer = 200, self._answer(method, path, authorization, body)
        except Refusal as refusal:
            status, answer = refusal.status, refusal.body
        self.log.append((method, path, status))
        return status, answer

    def _answer(self, method: str, path: str, authorization: str | None, body: bytes) -> dict[str, Any]:
        if authorization != f"Bearer {self.token}":
            raise Refusal(
                401,
                {
                    "detail": "Authentication credentials were not provided. To establish a login session, visit /api/login/."
                },
            )
        found = CREDENTIAL.fullmatch(path)
        if not found or int(found[1]) != self.number:
            raise Refusal(404, {"detail": "Not found."})
        if method == "PATCH":
            self.before_update()
            self._update(json.loads(body))
            self.after_update()
        shown = {name: ENCRYPTED if name == SECRET else value for name, value in self.inputs.items()}
        return {"id": self.number, "type": "credential", "name": "Entra ID provisioning", "kind": None, "inputs": shown}

    def _update(self, body: dict[str, Any]) -> None:
        inputs = body.get("inputs", self.inputs)
        unknown = sorted(set(inputs) - self.fields)
        if unknown:
            reason = f"Additional properties are not allowed ({unknown[0]!r} was unexpected)"
            raise Refusal(400, {"inputs": [reason]})
        kept = {name: self.inputs[name] for name in inputs if inputs[name] == ENCRYPTED and name in self.inputs}
        self.inputs = {**inputs, **kept}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        awx = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, answer = awx.answer(self.command, self.path, self.headers.get("Authorization"), body)
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_PATCH = do_GET

            def log_message(self, *_arguments: object) -> None:
                """Nothing on stderr; there is a log of its own."""

        return Handler
