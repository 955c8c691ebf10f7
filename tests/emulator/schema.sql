-- SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
-- SPDX-License-Identifier: GPL-3.0-or-later

-- Times are integer milliseconds since 1970. `seq` orders rows that are equal in the column sorted by.

CREATE TABLE tenants (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    hostnames TEXT NOT NULL,
    region TEXT NOT NULL,
    created INTEGER NOT NULL,
    signing_key TEXT NOT NULL,
    signing_key_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    client_secret TEXT NOT NULL,
    bot_user_id TEXT NOT NULL,
    admin_user_id TEXT NOT NULL,
    admin_token TEXT NOT NULL,
    member_user_id TEXT NOT NULL,
    member_token TEXT NOT NULL,
    idp_id TEXT NOT NULL
);

CREATE TABLE api_key_configs (
    tenant_id TEXT PRIMARY KEY REFERENCES tenants (id),
    api_keys_enabled INTEGER NOT NULL DEFAULT 0,
    max_keys_per_user INTEGER NOT NULL DEFAULT 5,
    max_api_key_expiry TEXT NOT NULL DEFAULT 'PT24H',
    "scim_externalClient_expiry" TEXT NOT NULL DEFAULT 'P365D'
);

CREATE TABLE api_keys (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    id TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0,
    sub TEXT NOT NULL,
    sub_type TEXT NOT NULL,
    expiry INTEGER NOT NULL,
    created INTEGER NOT NULL,
    last_updated INTEGER NOT NULL,
    created_by_user TEXT NOT NULL
);

-- A key record as it was before a change, for lists that lag. All but `change`, `changed` (the machine's time) and
-- `key_id` is NULL if there was none.
CREATE TABLE past_api_keys (
    change INTEGER PRIMARY KEY AUTOINCREMENT,
    changed INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    seq INTEGER,
    tenant_id TEXT,
    id TEXT,
    description TEXT,
    revoked INTEGER,
    sub TEXT,
    sub_type TEXT,
    expiry INTEGER,
    created INTEGER,
    last_updated INTEGER,
    created_by_user TEXT
);

CREATE TABLE users (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    id TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'active',
    client_id TEXT, -- of the OAuth client, if this is its bot
    created INTEGER NOT NULL,
    last_updated INTEGER NOT NULL
);

-- "groups" is a keyword of SQL.
CREATE TABLE user_groups (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    last_updated INTEGER NOT NULL
);

CREATE TABLE group_members (
    group_id TEXT NOT NULL REFERENCES user_groups (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    PRIMARY KEY (group_id, user_id)
);

CREATE TABLE roles (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    level TEXT NOT NULL,
    description TEXT NOT NULL,
    assigned_scopes TEXT NOT NULL,
    can_edit INTEGER NOT NULL,
    can_delete INTEGER NOT NULL,
    created INTEGER NOT NULL,
    last_updated INTEGER NOT NULL,
    UNIQUE (tenant_id, name)
);

-- A holder is a user or a group, whose ids never collide.
CREATE TABLE assigned_roles (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    holder_id TEXT NOT NULL,
    role_id TEXT NOT NULL REFERENCES roles (id),
    UNIQUE (holder_id, role_id)
);

CREATE TABLE identity_providers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    id TEXT NOT NULL UNIQUE,
    active INTEGER NOT NULL,
    interactive INTEGER NOT NULL,
    protocol TEXT NOT NULL,
    provider TEXT NOT NULL,
    description TEXT NOT NULL,
    created INTEGER NOT NULL
);

CREATE TABLE audits (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    event_time INTEGER NOT NULL,
    source TEXT NOT NULL,
    data TEXT NOT NULL,
    extensions TEXT NOT NULL
);
