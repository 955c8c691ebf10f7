# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation of module ``api_key``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    OptionError,
    QlikCloudError,
    TenantStateError,
    TokenFileError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import check_duration
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._module.key_options import (
    check_id,
    check_not_blank,
    subject_of,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._module.run import Report
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import (
    KeyPlan,
    TokenOnFile,
    WantedKey,
    expiry_warning,
    plan_absent,
    plan_present,
    to_be_made,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import same_sub
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import claims_of
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import TokenFile


class EnsureApiKey:
    def __init__(self, params: Mapping):
        self._state: str = params["state"]
        self._sub_given = params["sub"] is not None or params["idp_id"] is not None
        self._wanted = _wanted_key(params)
        self._file = None if params["token_file"] is None else TokenFile(params["token_file"])
        self._returns_token = self._file is None if params["return_token"] is None else params["return_token"]
        self._made: ApiKey | None = None
        self._token: str | None = None
        may_create = self._state == "present" and self._wanted.id is None
        if may_create and not (self._file or self._returns_token):
            raise OptionError(
                "return_token", "false without token_file would make a key whose token nobody gets; give token_file."
            )
        if self._file and may_create:
            self._file.check()
        elif self._file:
            self._file.check_kind()

    def plan(self, tenant: Tenant) -> KeyPlan:
        if self._wanted.id is None and self._wanted.sub is None:
            self._wanted = replace(self._wanted, sub=tenant.requester.id)
        token = self._token_on_file()
        keys = self._candidates(tenant)
        if self._state == "present":
            return plan_present(self._wanted, keys, token, tenant.now())
        if token is not None and token.key_id is not None and token.key_id not in {key.id for key in keys}:
            record = tenant.api_keys.get(token.key_id)
            keys += [record] if record else []
            token = replace(token, is_of_gone_key=record is None and token.tenant_id == tenant.requester.tenant_id)
        return plan_absent(self._wanted, keys, token, tenant.now())

    def apply(self, tenant: Tenant, plan: KeyPlan, report: Report) -> None:
        for action in plan.actions:
            if action.action == "create":
                self._create(tenant, action, report)
            elif action.action == "update":
                tenant.api_keys.rename(action.id, action.description)
                report.done.append(action)
            else:
                outcome = tenant.api_keys.retire(action.id)
                report.done.append(replace(action, outcome=outcome))
        if plan.drops_token:
            self._file.remove()

    def results(self, plan: KeyPlan) -> dict:
        results: dict = {}
        if self._state == "present":
            results["api_key"] = self._record(plan).as_result()
        if self._file:
            results["token_file"] = self._file.path
        if self._token is not None and self._returns_token:
            results["token"] = self._token
        return results

    def _record(self, plan: KeyPlan) -> ApiKey:
        if plan.counted is None:
            return self._made or to_be_made(self._wanted)
        return replace(plan.counted, description=self._wanted.description or plan.counted.description)

    def _token_on_file(self) -> TokenOnFile | None:
        if self._file is None:
            return None
        stored = self._file.read()
        claims = stored.claims if stored else None
        return TokenOnFile(
            path=self._file.path,
            is_empty=stored is None,
            key_id=claims.key_id if claims else None,
            tenant_id=claims.tenant_id if claims else None,
            open_mode=self._file.readable_by_others() if stored else None,
        )

    def _candidates(self, tenant: Tenant) -> list[ApiKey]:
        """The records among which the wanted key is, if there is one."""
        if self._wanted.id is not None:
            record = tenant.api_keys.get(self._wanted.id)
            return [record] if record else []
        # A SCIM subject may be stored with one backslash or two, so asking the service for one spelling could miss it.
        sub = self._wanted.sub if self._wanted.sub_type == "user" else None
        return list(tenant.api_keys.list(status="active", sub=sub))

    def _create(self, tenant: Tenant, action: Action, report: Report) -> None:
        """Create, store, verify. A key whose token cannot be kept is retired again: nobody else can hold it."""
        if self._file:
            self._file.prepare()
        try:
            self._made, self._token = tenant.api_keys.create(
                self._wanted.description,
                self._wanted.sub if self._sub_given else None,
                self._wanted.sub_type,
                self._wanted.expiry,
            )
            report.done.append(replace(action, id=self._made.id))
            if self._token is None:
                problem = f"The tenant made API key {self._made.id}, but its answer holds no token."
                raise TenantStateError(f"{problem} {self._retire_orphan(tenant, report)}")
            if self._file:
                self._store(tenant, report)
        finally:
            if self._file:
                self._file.discard()
        report.warnings.extend(self._surprises())

    def _store(self, tenant: Tenant, report: Report) -> None:
        try:
            self._file.store(self._token)
        except (TokenFileError, OSError) as error:
            raise TokenFileError(f"{error} {self._retire_orphan(tenant, report)}") from None

    def _retire_orphan(self, tenant: Tenant, report: Report) -> str:
        """Retire the key just made, whose token nobody holds; return what became of it, in words."""
        made = self._made
        try:
            outcome = tenant.api_keys.retire(made.id)
        except QlikCloudError as error:
            return (
                f"API key {made.id} is active and nobody holds its token: retire it, with state: absent and its id. "
                f"Retiring it at once failed: {error}"
            )
        report.done.append(Action("retire", made.id, made.description, "its token could not be kept", outcome))
        return f"The API key just made, {made.id}, was retired again ({outcome}), so no key without a token is left."

    def _surprises(self) -> list[str]:
        """What the tenant made of the request that the next run will stumble over."""
        made, surprises = self._made, []
        claims = claims_of(self._token)
        if self._file and (claims is None or claims.key_id != made.id):
            surprises.append(
                f"The token of API key {made.id} does not carry the key's id as its jti, so a later run cannot tell "
                f"that {self._file.path} holds this key's token."
            )
        if not same_sub(made.sub, self._wanted.sub) or made.sub_type != self._wanted.sub_type:
            surprises.append(
                f"API key {made.id} was made for {made.sub_type} {made.sub!r} instead of {self._wanted.sub_type} "
                f"{self._wanted.sub!r}, so a later run will not find it by what this task says."
            )
        late = expiry_warning(made, self._wanted.expiry)
        return [*surprises, late] if late else surprises


def _wanted_key(params: Mapping) -> WantedKey:
    """Raises OptionError when the options do not say which key is meant."""
    check_id(params, "id")
    check_not_blank(params, "description", "sub", "idp_id", "token_file")
    if params["id"] is None and params["description"] is None:
        raise OptionError("description", "needed to say which key is meant, unless id names it.")
    sub, sub_type = subject_of(params)
    if params["id"] is None and sub_type == "externalClient" and sub is None:
        raise OptionError("sub_type", "externalClient needs idp_id, or sub, to say which identity provider it is for.")
    if params["expiry"] is not None:
        check_duration("expiry", params["expiry"])
    return WantedKey(
        id=params["id"], description=params["description"], sub=sub, sub_type=sub_type, expiry=params["expiry"]
    )
