# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ASGI application: paths, sign-in, and the answers to what awx.awx asks."""

from __future__ import annotations

import base64
import copy
import json
import secrets
from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .resources import KINDS, REQUIRED, SURVEYS, TEMPLATES, UPDATES
from .rules import ENCRYPTED, HIDDEN, Refusal, check, check_association, check_removal, survey_problem
from .store import Record, Store, update_status

USERNAME, PASSWORD = "admin", "a-password-of-the-controller"
API = "/api/v2"
PRODUCT = {"X-API-Product-Name": "AWX", "X-API-Product-Version": "24.6.1"}
STARTS_UPDATE = ("scm_type", "scm_url", "scm_branch", "credential")


def build_app() -> Starlette:
    controller = Controller(Store())
    return Starlette(routes=[Route("/{path:path}", controller, methods=["GET", "POST", "PATCH", "DELETE"])])


class Controller:
    """Every path. What is not known is answered by 404 and kept as a problem of the test."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        body = await request.body()
        try:
            given = json.loads(body) if body else None
            answer = self._answer(request, given)
        except Refusal as refusal:
            answer = JSONResponse(refusal.body, refusal.status)
        answer.headers.update(PRODUCT)
        await answer(scope, receive, send)

    def _answer(self, request: Request, given: Any) -> Response:
        path = request.url.path
        if path.startswith("/_control/"):
            return self._control(request.method, path.removeprefix("/_control/"), given)
        if not path.startswith(f"{API}/") or not path.endswith("/"):
            return self._unknown(request.method, path)
        parts = path.removeprefix(f"{API}/").strip("/").split("/")
        if parts[0] == "tokens":
            return self._tokens(request, parts)
        if parts == ["ping"]:
            return JSONResponse({"version": "24.6.1", "ha": False})
        self._check_bearer(request)
        if request.method != "GET":
            self._store.writes.append({"method": request.method, "path": path, "body": given})
        if parts == ["me"]:
            return self._page([{"id": 1, "username": USERNAME, "type": "user"}], request)
        if parts == ["config"]:
            return JSONResponse({"version": "24.6.1"})
        if parts == ["unified_job_templates"]:
            every = [(name, record) for name in TEMPLATES for record in self._store.records[name].values()]
            return self._page([self._shown(*each) for each in every if self._fits(*each, request)], request)
        if parts[0] in UPDATES.values() and len(parts) == 2:
            return JSONResponse(self._shown_update(parts[0], self._record(parts[0], parts[1])))
        if parts[0] not in KINDS:
            return self._unknown(request.method, path)
        if len(parts) == 1:
            return self._list(request, parts[0], given)
        if len(parts) == 2:
            return self._detail(request.method, parts[0], self._record(parts[0], parts[1]), given)
        return self._below(request, parts[0], self._record(parts[0], parts[1]), "/".join(parts[2:]), given)

    def _unknown(self, method: str, path: str) -> Response:
        self._store.problems.append(f"{method} {path}")
        return JSONResponse({"detail": "The requested resource could not be found."}, 404)

    def _control(self, method: str, what: str, given: Any) -> Response:
        store = self._store
        if (method, what) == ("POST", "reset"):
            store.reset()
        elif (method, what) == ("DELETE", "writes"):
            store.writes.clear()
        elif (method, what) == ("POST", "add"):
            return JSONResponse(store.add(given["endpoint"], given["record"]))
        elif (method, what) == ("POST", "inputs"):
            store.records["credentials"][given["id"]]["inputs"] = given["inputs"]
        elif (method, what) == ("POST", "echo"):
            store.echoing = given
        elif (method, what) == ("POST", "associations"):
            store.associations[(given["endpoint"], given["id"], given["name"])] = given["numbers"]
        elif method == "GET":
            answers = {"state": store.state, "writes": lambda: store.writes, "problems": lambda: store.problems}
            return JSONResponse({**answers, "tokens": lambda: list(store.tokens)}[what]())
        return Response(status_code=204)

    def _tokens(self, request: Request, parts: list[str]) -> Response:
        scheme, _space, given = request.headers.get("authorization", "").partition(" ")
        if scheme != "Basic" or base64.b64decode(given).decode() != f"{USERNAME}:{PASSWORD}":
            raise Refusal(401, {"detail": "Authentication credentials were not provided."})
        if request.method == "DELETE":
            self._store.tokens.pop(int(parts[1]))
            return Response(status_code=204)
        number, token = len(self._store.writes) + secrets.randbelow(10**9), secrets.token_urlsafe()
        self._store.tokens[number] = token
        return JSONResponse({"id": number, "token": token}, 201)

    def _check_bearer(self, request: Request) -> None:
        scheme, _space, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self._store.tokens.values():
            raise Refusal(401, {"detail": "Authentication credentials were not provided."})

    def _record(self, endpoint: str, number: str) -> Record:
        record = self._store.records[endpoint].get(int(number)) if number.isdigit() else None
        if record is None:
            raise Refusal(404, {"detail": "Not found."})
        return record

    def _page(self, results: list[Record], request: Request) -> Response:
        size, page = int(request.query_params.get("page_size", 25)), int(request.query_params.get("page", 1))
        more = len(results) > size * page
        following = f"{request.url.path}?page_size={size}&page={page + 1}" if more else None
        body = {"count": len(results), "next": following, "previous": None}
        return JSONResponse({**body, "results": results[size * (page - 1) : size * page]})

    def _fits(self, endpoint: str, record: Record, request: Request) -> bool:
        """Whether a record is among those that the query selects. Raises Refusal for a field that it cannot ask for."""
        alternatives = []
        for name, value in request.query_params.items():
            if name in ("page", "page_size"):
                continue
            field = name.removeprefix("or__")
            known = field in ("id", "name", "organization") or field in KINDS[endpoint].fields
            if not known:
                raise Refusal(400, {"detail": f"{endpoint} has no field named '{field}'"})
            has = self._store.organization_of(endpoint, record) if field == "organization" else record.get(field)
            if name != field:
                alternatives.append(str(has) == value)
            elif str(has) != value:
                return False
        return any(alternatives) or not alternatives

    def _list(self, request: Request, endpoint: str, given: Any) -> Response:
        if request.method == "GET":
            records = [
                record for record in self._store.records[endpoint].values() if self._fits(endpoint, record, request)
            ]
            return self._page([self._shown(endpoint, record) for record in records], request)
        if request.method != "POST":
            raise Refusal(405, {"detail": "Method not allowed."})
        if endpoint == self._store.echoing:
            raise Refusal(400, {"detail": f"Not taken: {given}"})
        record = self._complete(endpoint, given, None)
        made = self._store.add(endpoint, record)
        self._keep_secrets(endpoint, made)
        if endpoint == "projects":
            self._store.start_update(endpoint, made["id"])
        return JSONResponse(self._shown(endpoint, made), 201)

    def _detail(self, method: str, endpoint: str, record: Record, given: Any) -> Response:
        if method == "PATCH":
            changed = self._complete(endpoint, given, record)
            relevant = endpoint == "projects" and any(changed[name] != record[name] for name in STARTS_UPDATE)
            record.update(changed)
            self._keep_secrets(endpoint, record)
            if relevant:
                self._store.start_update(endpoint, record["id"])
        elif method == "DELETE":
            if not KINDS[endpoint].deletable:
                raise Refusal(405, {"detail": "Method not allowed."})
            check_removal(self._store, endpoint, record["id"])
            self._store.remove(endpoint, record["id"])
            # An inventory is deleted later on.
            return JSONResponse({}, 202) if endpoint == "inventories" else Response(status_code=204)
        return JSONResponse(self._shown(endpoint, record))

    def _complete(self, endpoint: str, given: Any, before: Record | None) -> Record:
        """What the object will be. Raises Refusal."""
        kind = KINDS[endpoint]
        for name in given:
            if name not in kind.fields and name not in kind.ignored:
                self._store.problems.append(f"{endpoint} has no field {name}")
        taken = {name: value for name, value in copy.deepcopy(given).items() if name in kind.fields}
        record = {
            **kind.fields,
            **(copy.deepcopy(before) or {}),
            **{name: value for name, value in taken.items() if name not in kind.ignored},
        }
        missing = [name for name, value in record.items() if value is REQUIRED]
        if missing:
            raise Refusal(400, {name: ["This field is required."] for name in missing})
        for name, there in kind.references.items():
            if record[name] is not None and record[name] not in self._store.records[there]:
                raise Refusal(400, {name: [f'Invalid pk "{record[name]}" - object does not exist.']})
        for other in self._store.records[endpoint].values():
            is_other = before is None or other["id"] != before["id"]
            if kind.unique and is_other and all(other.get(name) == record[name] for name in kind.unique):
                raise Refusal(400, {"__all__": [f"{kind.type} with this {' and '.join(kind.unique)} already exists."]})
        check(self._store, endpoint, record, given, before and before["id"])
        return record

    def _keep_secrets(self, endpoint: str, record: Record) -> None:
        """Puts secrets apart: no answer has one."""
        if endpoint == "credentials":
            fields = self._store.records["credential_types"][record["credential_type"]]["inputs"].get("fields", [])
            holder, names = record["inputs"], [field["id"] for field in fields if field.get("secret")]
        elif endpoint == "notification_templates":
            holder, names = record["notification_configuration"], HIDDEN[record["notification_type"]]
        else:
            return
        kept = self._store.secrets.setdefault((endpoint, record["id"]), {})
        for name in names:
            if holder.get(name) and holder[name] != ENCRYPTED:
                kept[name], holder[name] = holder[name], ENCRYPTED

    def _shown(self, endpoint: str, record: Record) -> Record:
        url = f"{API}/{endpoint}/{record['id']}/"
        related: dict[str, Any] = {name: f"{url}{name}/" for name in KINDS[endpoint].lists}
        more: dict[str, Any] = {}
        if endpoint == "job_templates":
            more = {"organization": self._store.organization_of(endpoint, record)}
        if endpoint in SURVEYS:
            related["survey_spec"] = f"{url}survey_spec/"
        if endpoint in UPDATES:
            related["update"] = f"{url}update/"
            more = {"status": self._store.status(endpoint, record["id"]), "scm_revision": ""}
        if record.get("unified_job_template") is not None:
            found = self._store.template(record["unified_job_template"])
            related["unified_job_template"] = f"{API}/{found[0]}/{record['unified_job_template']}/" if found else None
        return {**record, **more, "type": KINDS[endpoint].type, "url": url, "related": related, "summary_fields": {}}

    def _shown_update(self, kind: str, update: Record) -> Record:
        status = update_status(update)
        done = status in ("successful", "failed")
        common = {
            "id": update["id"],
            "url": f"{API}/{kind}/{update['id']}/",
            "status": status,
            "failed": status == "failed",
        }
        return {
            **common,
            "event_processing_finished": done,
            "finished": "2026-11-30" if done else None,
            "scm_revision": "1",
        }

    def _below(self, request: Request, endpoint: str, record: Record, name: str, given: Any) -> Response:
        owner = (endpoint, record["id"])
        if name in KINDS[endpoint].lists:
            return self._associations(request, owner, name, KINDS[endpoint].lists[name], given)
        if name == "survey_spec" and endpoint in SURVEYS:
            return self._survey(request.method, owner, given)
        if name == "update" and endpoint in UPDATES and request.method == "POST":
            update = self._store.start_update(*owner)
            return JSONResponse(self._shown_update(UPDATES[endpoint], update), 202)
        if (
            name == "create_approval_template"
            and endpoint == "workflow_job_template_nodes"
            and request.method == "POST"
        ):
            made = self._store.add(
                "workflow_approval_templates", self._complete("workflow_approval_templates", given, None)
            )
            record["unified_job_template"] = made["id"]
            return JSONResponse(self._shown("workflow_approval_templates", made), 201)
        return self._unknown(request.method, request.url.path)

    def _survey(self, method: str, owner: tuple[str, int], given: Any) -> Response:
        if method == "POST":
            problem = survey_problem(given)
            if problem:
                raise Refusal(400, {"error": problem})
            self._store.surveys[owner] = given
        return JSONResponse(self._store.surveys.get(owner, {}))

    def _associations(
        self, request: Request, owner: tuple[str, int], name: str, there: str, given: Mapping[str, Any] | None
    ) -> Response:
        numbers = self._store.associations.setdefault((*owner, name), [])
        if request.method == "GET":
            return self._page([self._shown(there, self._store.records[there][number]) for number in numbers], request)
        if given["id"] not in self._store.records[there]:
            raise Refusal(400, {"detail": "Object does not exist."})
        if given.get("disassociate"):
            numbers.remove(given["id"])
        else:
            check_association(self._store, owner, name, given["id"])
            numbers.append(given["id"])
        return Response(status_code=204)
