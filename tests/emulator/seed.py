# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a new tenant contains: users, groups, roles, identity providers, an OAuth client. All ids are random."""

from __future__ import annotations

import json
import secrets
import string

from .callers import BOT_SUBJECT_PREFIX, EVERYONE_ROLE
from .clock import Clock
from .store import Store
from .tenant import new_user_id, new_uuid
from .tokens import Signer, new_signing_key

REGION = "eu"
# `.example` (RFC 2606) resolves nowhere: nothing that gets hold of these names can reach a real tenant.
DOMAIN = f"{REGION}.qlikcloud.example"

TENANT_ID_CHARACTERS = string.ascii_letters + string.digits

GROUPS = ("Platform Engineering", "Finance")

# name, level, description; the names and levels of Qlik Cloud's own default roles
DEFAULT_ROLES = (
    ("TenantAdmin", "admin", "Administers the tenant"),
    ("AnalyticsAdmin", "admin", "Administers analytics content and spaces"),
    ("DataAdmin", "admin", "Administers data spaces and connections"),
    ("AuditAdmin", "admin", "Reads the audit events of the tenant"),
    ("Developer", "user", "Works with developer tools"),
    ("PrivateAnalyticsContentCreator", "user", "Creates analytics content of their own"),
    ("SharedSpaceCreator", "user", "Creates shared spaces"),
    ("ManagedSpaceCreator", "user", "Creates managed spaces"),
    ("DataSpaceCreator", "user", "Creates data spaces"),
    ("Steward", "user", "Maintains the glossary"),
    (EVERYONE_ROLE, "user", "What every user of the tenant may do"),
)

# active, interactive, protocol, provider, description; the last one is the ready line's `idp_id`
IDENTITY_PROVIDERS = (
    (True, True, "OIDC", "qlik", "Qlik Account"),
    (False, True, "OIDC", "okta", "Okta, before the move to Entra ID"),
    (True, False, "jwtAuth", "external", "Embedded applications"),
    (True, True, "OIDC", "azureAD", "Microsoft Entra ID"),
)


def seed(store: Store, clock: Clock) -> None:
    """Fill an empty store with one tenant; leave one that has a tenant alone."""
    with store.transaction():
        if store.one("SELECT 1 FROM tenants") is None:
            _Seeder(store, clock.now()).run()


class _Seeder:
    def __init__(self, store: Store, now: int) -> None:
        self._store = store
        self._now = now
        self._tenant_id = "".join(secrets.choice(TENANT_ID_CHARACTERS) for place in range(32))
        self._client_id = secrets.token_hex(16)

    def run(self) -> None:
        users = {
            "admin": new_user_id(),
            "member": new_user_id(),
            "second member": new_user_id(),
            "bot": new_user_id(),
        }
        providers = {new_uuid(): provider for provider in IDENTITY_PROVIDERS}
        self._tenant(users, idp_id=next(reversed(providers)))
        self._store.insert("api_key_configs", tenant_id=self._tenant_id)
        self._users(users)
        self._groups(users)
        self._roles(users)
        for idp_id, provider in providers.items():
            self._identity_provider(idp_id, *provider)

    def _tenant(self, users: dict[str, str], idp_id: str) -> None:
        signing_key, key_id = new_signing_key(), new_uuid()
        signer = Signer(self._tenant_id, signing_key, key_id)
        self._store.insert(
            "tenants",
            id=self._tenant_id,
            name="embedded-tenant",
            hostnames=json.dumps([f"{secrets.token_hex(8)}.{DOMAIN}", f"embedded-tenant.{DOMAIN}"]),
            region=REGION,
            created=self._now,
            signing_key=signing_key,
            signing_key_id=key_id,
            client_id=self._client_id,
            client_secret=secrets.token_hex(32),
            bot_user_id=users["bot"],
            admin_user_id=users["admin"],
            admin_token=signer.access_token(sub=users["admin"], expires=None),
            member_user_id=users["member"],
            member_token=signer.access_token(sub=users["member"], expires=None),
            idp_id=idp_id,
        )

    def _users(self, users: dict[str, str]) -> None:
        self._user(users["admin"], "auth0|admin", "Tenant Admin", "admin@tenant.example")
        self._user(users["member"], "auth0|member", "Member", "member@tenant.example")
        self._user(users["second member"], "auth0|second-member", "Second Member", "second.member@tenant.example")
        bot = (users["bot"], f"{BOT_SUBJECT_PREFIX}{self._client_id}", "Automation", "")
        self._user(*bot, client_id=self._client_id)

    def _user(self, user_id: str, subject: str, name: str, email: str, client_id: str | None = None) -> None:
        self._store.insert(
            "users",
            tenant_id=self._tenant_id,
            id=user_id,
            subject=subject,
            name=name,
            email=email,
            client_id=client_id,
            created=self._now,
            last_updated=self._now,
        )

    def _groups(self, users: dict[str, str]) -> None:
        members = {"Platform Engineering": ("member",), "Finance": ("member", "second member")}
        for name in GROUPS:
            columns = {"id": new_user_id(), "name": name, "created": self._now, "last_updated": self._now}
            self._store.insert("user_groups", tenant_id=self._tenant_id, **columns)
            for member in members[name]:
                self._store.insert("group_members", group_id=columns["id"], user_id=users[member])

    def _roles(self, users: dict[str, str]) -> None:
        for name, level, description in DEFAULT_ROLES:
            role_id = self._role(name, "default", level, description, can_edit=name == EVERYONE_ROLE, can_delete=False)
            if name == "TenantAdmin":
                for holder in ("admin", "bot"):
                    self._store.insert("assigned_roles", holder_id=users[holder], role_id=role_id)
        self._role("Report Builder", "custom", "user", "Builds reports", can_edit=True, can_delete=True)

    def _role(self, name: str, kind: str, level: str, description: str, *, can_edit: bool, can_delete: bool) -> str:
        role_id = new_user_id()
        self._store.insert(
            "roles",
            tenant_id=self._tenant_id,
            id=role_id,
            name=name,
            type=kind,
            level=level,
            description=description,
            assigned_scopes="[]",
            can_edit=can_edit,
            can_delete=can_delete,
            created=self._now,
            last_updated=self._now,
        )
        return role_id

    def _identity_provider(
        self, idp_id: str, active: bool, interactive: bool, protocol: str, provider: str, description: str
    ) -> None:
        self._store.insert(
            "identity_providers",
            tenant_id=self._tenant_id,
            id=idp_id,
            active=active,
            interactive=interactive,
            protocol=protocol,
            provider=provider,
            description=description,
            created=self._now,
        )
