# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of each module, and of the actions that have no module."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments, ArgumentSpec

SUB_TYPES = ["user", "externalClient"]
AWX_TEMPLATES = ("onboard", "rotate", "report", "leaver")
STATE: dict[str, Any] = {"type": "str", "choices": ["present", "absent"], "default": "present"}

PREFIX_OPTION: ArgumentSpec = {"variables_prefix": {"type": "str"}}
VARIABLE_OPTIONS: ArgumentSpec = {**PREFIX_OPTION, "other_variables": {"type": "list", "elements": "str"}}
"""With these a role has its own variables taken for options."""


def build_sign_in_arguments(
    module: str, own_options: ArgumentSpec, mutually_exclusive: Sequence[tuple[str, ...]] = ()
) -> Arguments:
    """The arguments of a module that can take the common options, and no others, from a role's variables."""
    return Arguments(
        module,
        {**own_options, **PREFIX_OPTION},
        mutually_exclusive=mutually_exclusive,
        per_call_options=frozenset((*own_options, *PREFIX_OPTION)),
    )


PROVIDER_FILTER: ArgumentSpec = {
    "provider": {"type": "str"},
    "protocol": {"type": "str"},
    "description": {"type": "str"},
}
"""Options that find an identity provider by its fields."""

SCIM_KEY_OPTIONS: ArgumentSpec = {
    "idp_id": {"type": "str"},
    "idp": {"type": "dict", "options": PROVIDER_FILTER, "required_one_of": [tuple(PROVIDER_FILTER)]},
    "description": {"type": "str"},
    "expiry": {"type": "str"},
    "token_file": {"type": "path", "no_log": False},
    "token_file_owner": {"type": "str", "no_log": False},
    "token_file_group": {"type": "str", "no_log": False},
    "token_file_mode": {"type": "raw", "no_log": False},
    "token": {"type": "str", "no_log": True},
    "key_id": {"type": "str", "no_log": False},
    "on_lost_token": {"type": "str", "choices": ["fail", "replace", "ignore"], "default": "fail", "no_log": False},
    "renew_before": {"type": "str"},
    "overlap": {"type": "str"},
    "retire_first": {"type": "bool", "default": False},
    "return_token": {"type": "bool", "no_log": False},
}
"""The options of a key for an identity provider, which shall be there."""
TOKEN_STORES = ("token_file", "token", "key_id")

KEY_OPTIONS: ArgumentSpec = {
    **SCIM_KEY_OPTIONS,
    "state": STATE,
    "id": {"type": "str"},
    "sub": {"type": "str"},
    "sub_type": {"type": "str", "choices": SUB_TYPES, "default": "user"},
    "force_renew": {"type": "bool", "default": False},
}
"""One key, in ``api_key`` and in each entry of ``api_keys``."""
KEY_EXCLUSIONS = [*combinations(("id", "sub", "idp_id", "idp"), 2), TOKEN_STORES]

KEY_REQUIREMENTS = {f"token_file_{attribute}": ("token_file",) for attribute in ("owner", "group", "mode")}

API_KEY = Arguments("api_key", KEY_OPTIONS, mutually_exclusive=KEY_EXCLUSIONS, required_by=KEY_REQUIREMENTS)

KEYS: dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "no_log": False,
    "options": KEY_OPTIONS,
    "mutually_exclusive": KEY_EXCLUSIONS,
    "required_by": KEY_REQUIREMENTS,
}
KEY_SET_OPTIONS: ArgumentSpec = {
    "purge": {"type": "bool", "default": False},
    "purge_scope": {
        "type": "dict",
        "options": {
            "sub_type": {"type": "str", "choices": SUB_TYPES},
            "created_by_user": {"type": "str"},
            "sub": {"type": "str"},
            "owner": {"type": "str"},
            "description_search": {"type": "str"},
            "older_than": {"type": "str"},
            "lives_longer_than": {"type": "str"},
        },
    },
    "return_tokens": {"type": "bool", "no_log": False},
}
"""Options of a list of keys as a whole."""

API_KEYS = build_sign_in_arguments("api_keys", {"keys": {**KEYS, "required": True}, **KEY_SET_OPTIONS})

KEY_SORT_ORDERS = [
    f"{direction}{field}"
    for field in ("created", "created_by_user", "description", "status", "sub")
    for direction in ("", "-")
]
"""The orders in which the service lists keys, by fields as results have them; ``-`` is descending."""

API_KEY_INFO = build_sign_in_arguments(
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
        "description_search": {"type": "str"},
        "owner": {"type": "str"},
        "unknown_owner": {"type": "str", "choices": ["fail", "pass"], "default": "fail"},
        "older_than": {"type": "str"},
        "lives_longer_than": {"type": "str"},
        "with_owner": {"type": "bool", "default": False},
        "sort": {"type": "str", "choices": KEY_SORT_ORDERS, "default": "-created"},
        "limit": {"type": "int"},
    },
    mutually_exclusive=[("sub", "idp_id"), ("id", "owner")],
)

API_KEY_EVENT_INFO = build_sign_in_arguments(
    "api_key_event_info",
    {
        "since": {"type": "str", "default": "P7D"},
        "until": {"type": "str"},
        "event": {
            "type": "list",
            "elements": "str",
            "choices": ["created", "updated", "deleted", "validation_failed", "config_updated"],
        },
        "id": {"type": "str"},
        "sub": {"type": "str"},
        "idp_id": {"type": "str"},
        "user_id": {"type": "str"},
        "limit": {"type": "int"},
    },
    mutually_exclusive=[("sub", "idp_id")],
)

LIMIT_OPTIONS: ArgumentSpec = {
    "max_keys_per_user": {"type": "int", "no_log": False},
    "max_api_key_expiry": {"type": "str", "no_log": False},
    "scim_external_client_expiry": {"type": "str"},
}

API_KEY_CONFIG = Arguments(
    "api_key_config", {"tenant_id": {"type": "str"}, "api_keys_enabled": {"type": "bool"}, **LIMIT_OPTIONS}
)

PERMISSION_OPTIONS: ArgumentSpec = {
    "role": {"type": "str"},
    "users": {"type": "list", "elements": "str"},
    "groups": {"type": "list", "elements": "str"},
    "exclusive": {"type": "bool", "default": False},
}
"""The options of who may make keys, in ``api_key_permission`` and in ``tenant``."""

API_KEY_PERMISSION = Arguments("api_key_permission", {"state": STATE, **PERMISSION_OPTIONS})

SCIM_KEYS = {
    **KEYS,
    "options": {**SCIM_KEY_OPTIONS, "description": {"type": "str", "required": True}},
    "mutually_exclusive": [("idp_id", "idp"), TOKEN_STORES],
    "required_one_of": [("idp_id", "idp")],
}

FLAT_VARIABLES = {**{name: ("config", name) for name in LIMIT_OPTIONS}, "permission_role": ("permission", "role")}
"""Options inside others that surveys ask for, by the names of their variables."""

TENANT = Arguments(
    "tenant",
    {
        "api_keys_enabled": {"type": "bool"},
        "permission": {"type": "dict", "options": PERMISSION_OPTIONS},
        "config": {"type": "dict", "options": LIMIT_OPTIONS},
        "keys": KEYS,
        "scim_keys": SCIM_KEYS,
        **KEY_SET_OPTIONS,
        "force_renew": {"type": "bool", "default": False},
        "only_renew": {"type": "bool", "default": False},
        "handed_on": {
            "type": "list",
            "elements": "dict",
            "no_log": False,
            "options": {
                "entry": {"type": "str", "required": True},
                "key": {"type": "dict", "required": True, "no_log": False},
                "token": {"type": "str", "no_log": True, "required": True},
                "problem": {"type": "str"},
                "replaced": {"type": "list", "elements": "str"},
            },
        },
        "done_before": {"type": "list", "elements": "dict"},
        **VARIABLE_OPTIONS,
    },
    per_call_options=frozenset(("only_renew", "handed_on", "done_before", "return_tokens", *VARIABLE_OPTIONS)),
    flat_variables=FLAT_VARIABLES,
    blank_means_unset=frozenset(("force_renew",)),
)

POLICY_OPTIONS: ArgumentSpec = {
    "expires_within": {"type": "str"},
    "expired_within": {"type": "str"},
    "longest_life": {"type": "str"},
    "rotated_within": {"type": "str"},
    "keys_per_owner": {"type": "int", "no_log": False},
    "unused_description": {"type": "str"},
    "permission_roles": {"type": "list", "elements": "str"},
    "severities": {"type": "dict"},
}
"""The options of a report's policy."""

API_KEY_REPORT_INFO = Arguments(
    "api_key_report_info",
    {
        "policy": {"type": "dict", "options": POLICY_OPTIONS},
        "fail_within": {"type": "str"},
        "permission": {"type": "dict"},
        "keys": KEYS,
        "scim_keys": SCIM_KEYS,
        **VARIABLE_OPTIONS,
    },
    variable_names={"policy": "report_policy", "fail_within": "report_fail_within"},
    per_call_options=frozenset(VARIABLE_OPTIONS),
    flat_variables={"permission_role": FLAT_VARIABLES["permission_role"]},
    blank_means_unset=frozenset(("fail_within",)),
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

API_KEY_REPORT = Arguments(
    "api_key_report",
    {
        "tenants": {
            "type": "list",
            "elements": "dict",
            "options": {
                "host": {"type": "str", "required": True},
                "report": {"type": "dict"},
                "failure": {"type": "str"},
            },
            "required_one_of": [("report", "failure")],
        },
        "hosts": {"type": "list", "elements": "str"},
        "file": {"type": "list", "elements": "str"},
        "fail_on": {"type": "str", "choices": ["error", "warning", "note", "never"], "default": "error"},
        "show": {"type": "bool"},
        "policy": {"type": "dict", "options": POLICY_OPTIONS},
        "fail_within": {"type": "str"},
        "variables_prefix": {"type": "str"},
    },
    variable_names={
        "file": "report_file",
        "show": "report_show",
        "fail_on": "report_fail_on",
        "policy": "report_policy",
        "fail_within": "report_fail_within",
    },
    per_call_options=frozenset(("tenants", "hosts", "variables_prefix")),
    blank_means_unset=frozenset(("fail_within", "fail_on")),
    signs_in=False,
)
"""An action without a module."""

NAME_OPTION: ArgumentSpec = {"name": {"type": "str", "required": True}}

AWX_PLAN = Arguments(
    "awx_plan",
    {
        "state": STATE,
        "name": {"type": "str", "default": "Qlik Cloud"},
        "adopt": {"type": "bool", "default": False},
        "organization": {"type": "str", "default": "Default"},
        "galaxy_credentials": {"type": "list", "elements": "str"},
        "execution_environment": {"type": "str"},
        "execution_environment_image": {"type": "str"},
        "execution_environment_credential": {"type": "str"},
        "execution_environment_pull": {
            "type": "str",
            "choices": ["always", "missing", "never"],
            "default": "missing",
        },
        "project_url": {"type": "str"},
        "project_branch": {"type": "str"},
        "project_credential": {"type": "str"},
        "inventory_file": {"type": "str", "default": "inventory/tenants.yml"},
        "inventory_credential": {"type": "str"},
        "update_on_launch": {"type": "bool", "default": True},
        "update_timeout": {"type": "int", "default": 600},
        "credentials": {
            "type": "list",
            "elements": "dict",
            "no_log": False,
            "options": {
                **NAME_OPTION,
                "type": {"type": "str", "default": "tenant"},
                "inputs": {"type": "dict", "default": {}, "no_log": True},
            },
        },
        "update_secrets": {"type": "bool", "default": False, "no_log": False},
        "job_credentials": {"type": "list", "elements": "str", "default": []},
        "templates": {
            "type": "list",
            "elements": "str",
            "choices": list(AWX_TEMPLATES),
            "default": list(AWX_TEMPLATES),
        },
        "forks": {"type": "int", "default": 10},
        "job_slices": {"type": "int", "default": 1},
        "job_timeout": {"type": "int", "default": 0},
        "labels": {"type": "list", "elements": "str", "default": ["qlik-cloud"]},
        "notifications": {
            "type": "list",
            "elements": "dict",
            "options": {
                **NAME_OPTION,
                "type": {"type": "str"},
                "configuration": {"type": "dict", "no_log": True},
            },
            "required_together": [("type", "configuration")],
        },
        "workflow": {"type": "bool", "default": True},
        "approval_timeout": {"type": "int", "default": 0},
        "schedules": {
            "type": "list",
            "elements": "dict",
            "options": {
                **NAME_OPTION,
                "template": {
                    "type": "str",
                    "choices": ["onboard", "rotate", "report", "workflow"],
                    "required": True,
                },
                "rrule": {"type": "str", "required": True},
                "limit": {"type": "str"},
                "enabled": {"type": "bool", "default": True},
            },
        },
        "variables_prefix": {"type": "str"},
    },
    per_call_options=frozenset(("variables_prefix",)),
    signs_in=False,
)
"""An action without a module."""

ROLE_MODULES = (TENANT, API_KEY_REPORT_INFO, API_KEY_REPORT)
"""The modules whose options have variables in role onboarding."""
OTHER_ROLE_VARIABLES = (
    *("failure", "hosts", "key", "leaver", "report", "result", "rotation"),
    *("secure_logging", "token", "token_tasks"),
)
"""The other variables of role onboarding, after their prefix."""
