# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of each module."""

from __future__ import annotations

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments

SUB_TYPES = ["user", "externalClient"]
STATE = {"type": "str", "choices": ["present", "absent"], "default": "present"}

KEY = {
    "state": STATE,
    "id": {"type": "str"},
    "description": {"type": "str"},
    "sub": {"type": "str"},
    "sub_type": {"type": "str", "choices": SUB_TYPES, "default": "user"},
    "idp_id": {"type": "str"},
    "expiry": {"type": "str"},
    "token_file": {"type": "path", "no_log": False},
    "token_file_owner": {"type": "str", "no_log": False},
    "token_file_group": {"type": "str", "no_log": False},
    "token_file_mode": {"type": "raw", "no_log": False},
    "token": {"type": "str", "no_log": True},
    "on_lost_token": {"type": "str", "choices": ["fail", "replace", "ignore"], "default": "fail", "no_log": False},
    "renew_before": {"type": "str"},
    "overlap": {"type": "str"},
    "force_renew": {"type": "bool", "default": False},
    "retire_first": {"type": "bool", "default": False},
    "return_token": {"type": "bool", "no_log": False},
}
"""One key, in ``api_key`` and in each entry of ``api_keys``."""
KEY_EXCLUDES = [("sub", "idp_id"), ("id", "sub"), ("id", "idp_id"), ("token_file", "token")]

API_KEY = Arguments("api_key", KEY, mutually_exclusive=KEY_EXCLUDES)

API_KEYS = Arguments(
    "api_keys",
    {
        "keys": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "no_log": False,
            "options": KEY,
            "mutually_exclusive": KEY_EXCLUDES,
        },
        "purge": {"type": "bool", "default": False},
        "purge_scope": {
            "type": "dict",
            "options": {
                "sub_type": {"type": "str", "choices": SUB_TYPES},
                "created_by_user": {"type": "str"},
            },
        },
        "return_tokens": {"type": "bool", "no_log": False},
    },
)

API_KEY_INFO = Arguments(
    "api_key_info",
    {
        "id": {"type": "str"},
        "description": {"type": "str"},
        "sub": {"type": "str"},
        "sub_type": {"type": "str", "choices": SUB_TYPES},
        "idp_id": {"type": "str"},
        "created_by_user": {"type": "str"},
        "status": {"type": "list", "elements": "str", "choices": ["active", "expired", "revoked"]},
        "expires_within": {"type": "str"},
    },
    mutually_exclusive=[("sub", "idp_id")],
)

API_KEY_CONFIG = Arguments(
    "api_key_config",
    {
        "tenant_id": {"type": "str"},
        "api_keys_enabled": {"type": "bool"},
        "max_keys_per_user": {"type": "int", "no_log": False},
        "max_api_key_expiry": {"type": "str", "no_log": False},
        "scim_external_client_expiry": {"type": "str"},
    },
)

API_KEY_PERMISSION = Arguments(
    "api_key_permission",
    {
        "state": STATE,
        "role": {"type": "str", "default": "UserDefault"},
        "users": {"type": "list", "elements": "str"},
        "groups": {"type": "list", "elements": "str"},
    },
)

IDENTITY_PROVIDER_INFO = Arguments(
    "identity_provider_info",
    {
        "id": {"type": "str"},
        "provider": {"type": "str"},
        "protocol": {"type": "str"},
        "active": {"type": "bool"},
        "description": {"type": "str"},
    },
)

TENANT_INFO = Arguments("tenant_info", {})

TOKEN_INFO = Arguments(
    "token_info",
    {
        "token": {"type": "str", "no_log": True},
        "token_file": {"type": "path", "no_log": False},
    },
    mutually_exclusive=[("token", "token_file")],
    required_one_of=[("token", "token_file")],
)
