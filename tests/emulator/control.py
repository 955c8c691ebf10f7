# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control endpoint `/_control/`: what tests set and read beside the API. Loopback only, so without sign-in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from . import clock, key_records
from .bodies import read_json_body, require_object
from .calls import UnsignedEndpoint, method_not_allowed
from .errors import Refusal, not_found
from .faults import Faults
from .request_log import RequestLog
from .state_view import state
from .tenant import Tenant

MAX_SEEDED_KEYS = 10000
SEED_FIELDS = ("count", "prefix", "sub", "sub_type", "expiry")

ControlHandler = Callable[..., Any]


class ControlEndpoint(UnsignedEndpoint):
    """One path: a handler per method, which gets the parsed body, and by name what the path's braces stand for; it gives
    what is answered as JSON."""

    def __init__(self, handlers: dict[str, ControlHandler]) -> None:
        self._handlers = handlers

    def _answer(self, request: Request, body: bytes) -> Response:
        handler = self._handlers.get(request.method)
        if handler is None:
            raise method_not_allowed(self._handlers)
        # No body is an empty order.
        order = require_object(read_json_body(request, body)) if body else {}
        try:
            answer = handler(order, **request.path_params)
        except ValueError as error:
            raise Refusal(400, "Invalid order", str(error)) from error
        return Response(status_code=204) if answer is None else JSONResponse(answer)


class Control:
    """Paths of the control endpoint with their handlers."""

    def __init__(self, tenant: Tenant, log: RequestLog, faults: Faults) -> None:
        self._tenant = tenant
        self._log = log
        self._faults = faults
        self._first_state = tenant.store.copy()
        self._first_settings = asdict(tenant.settings)
        self._first_offset = tenant.clock.offset

    def endpoints(self) -> dict[str, ControlEndpoint]:
        tables: dict[str, dict[str, ControlHandler]] = {
            "/_control/requests": {
                "GET": lambda _: {"requests": self._log.entries},
                "DELETE": lambda _: {"requests": self._log.clear()},
            },
            "/_control/state": {"GET": lambda _: state(self._tenant)},
            "/_control/faults": {
                "GET": lambda _: {"faults": self._faults.listed()},
                "POST": lambda order: asdict(self._faults.add(order)),
                "DELETE": lambda _: self._faults.clear(),
            },
            "/_control/settings": {"GET": lambda _: asdict(self._tenant.settings), "PATCH": self._patch_settings},
            "/_control/clock": {"GET": lambda _: self._clock(), "PATCH": self._patch_clock},
            "/_control/keys": {"GET": lambda _: self._keys(), "POST": self._seed_keys},
            "/_control/keys/{id}/rename": {"POST": self._rename_key},
            "/_control/keys/{id}/owner": {"POST": self._give_key},
            "/_control/reset": {"POST": lambda _: self._reset()},
        }
        return {path: ControlEndpoint(handlers) for path, handlers in tables.items()}

    def _reset(self) -> None:
        """Everything as it was when the process started."""
        self._tenant.store.restore(self._first_state)
        self._tenant.settings.update(self._first_settings)
        self._tenant.clock.move_to(self._first_offset)
        self._tenant.limits.forget()
        self._faults.clear()
        self._log.clear()

    def _patch_settings(self, order: dict[str, Any]) -> dict[str, Any]:
        self._tenant.settings.update(order)
        return asdict(self._tenant.settings)

    def _clock(self) -> dict[str, Any]:
        return {"offset": self._tenant.clock.offset, "now": clock.timestamp(self._tenant.clock.now())}

    def _patch_clock(self, order: dict[str, Any]) -> dict[str, Any]:
        offset = order.get("offset")
        if set(order) != {"offset"} or isinstance(offset, bool) or not isinstance(offset, (int, float)):
            raise ValueError("expected an offset in seconds")
        self._tenant.clock.move_to(offset)
        return self._clock()

    def _keys(self) -> dict[str, Any]:
        return {"keys": [key_records.wire(self._tenant, key) for key in key_records.list_all_keys(self._tenant)]}

    def _rename_key(self, order: dict[str, Any], id: str) -> dict[str, Any]:
        return self._change_key(key_records.rename, id, _require_text(order, "description"))

    def _give_key(self, order: dict[str, Any], id: str) -> dict[str, Any]:
        return self._change_key(key_records.give, id, _require_text(order, "created_by"))

    def _change_key(self, change: Callable[[Tenant, str, str], None], key_id: str, value: str) -> dict[str, Any]:
        """What a rival might have done between two requests, past all limits; the record after it."""
        with self._tenant.store.transaction():
            if key_records.find(self._tenant, key_id) is None:
                raise not_found("API key")
            change(self._tenant, key_id, value)
        return key_records.wire(self._tenant, key_records.find(self._tenant, key_id))

    def _seed_keys(self, order: dict[str, Any]) -> dict[str, Any]:
        """Create `count` keys described `<prefix> 1`, `<prefix> 2`, …, all at the same moment and past every limit."""
        unknown = sorted(set(order) - set(SEED_FIELDS))
        if unknown:
            raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(SEED_FIELDS)}")
        count = order.get("count")
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MAX_SEEDED_KEYS:
            raise ValueError(f"count must be an integer from 1 to {MAX_SEEDED_KEYS}")
        texts = {"prefix": "seeded", "sub": self._tenant.record["admin_user_id"], "sub_type": "user", "expiry": "PT24H"}
        texts |= {name: order[name] for name in texts if name in order}
        if not all(isinstance(text, str) and text for text in texts.values()):
            raise ValueError("prefix, sub, sub_type and expiry are strings")
        if texts["sub_type"] not in key_records.SUB_TYPES:
            raise ValueError(f"sub_type must be one of {', '.join(key_records.SUB_TYPES)}")
        now = self._tenant.clock.now()
        expiry = clock.after(now, texts["expiry"])
        creator = texts["sub"] if texts["sub_type"] == "user" else self._tenant.record["admin_user_id"]
        with self._tenant.store.transaction():
            keys = [
                key_records.insert(
                    self._tenant,
                    description=f"{texts['prefix']} {number}",
                    sub=texts["sub"],
                    sub_type=texts["sub_type"],
                    created=now,
                    expiry=expiry,
                    created_by_user=creator,
                )
                for number in range(1, count + 1)
            ]
        return {"keys": [key_records.wire(self._tenant, key) for key in keys]}


def _require_text(order: dict[str, Any], name: str) -> str:
    if set(order) != {name} or not isinstance(order[name], str):
        raise ValueError(f"expected {name}, a string, and nothing else")
    return order[name]
