# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents such as the report on API keys renders, of any size, the same in each run."""

from __future__ import annotations

import copy
import random
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import Any

MADE_AT = datetime(2026, 11, 30, 2, 30, tzinfo=timezone.utc)
HOSTILE = (
    "<script>window.ran = true</script>",
    "</script></style></title><img src=x onerror='window.ran = true'>",
    '"><svg onload=window.ran=true><a href="javascript:window.ran=true">x</a>',
    "' autofocus onfocus='window.ran=true' style='position:fixed;inset:0'",
    "{{ 7 * 7 }} {% for x in [] %} {# lost #} {{ ''.__class__ }}",
    "<!-- <script> --> ]]> &lt;b&gt; &#60;i&#62; <template><plaintext>",
    '=HYPERLINK("https://evil.example/","x") @SUM(1) \uff1dcmd|x',
    "invoice\u202egpj.exe \u2066hidden\u2069 a\u200bb\ufeffc\u200e\u200f",
    "\x00\x07\x1b[31mred\x1b[0m\x7f\x85\x9b end",
    "line one\nline two\r\nline three\u2028four\u2029five",
    "| a | b |\n|---|---|\n`code` **bold** [x](javascript:alert(1)) \\",
    "مفتاح للتقارير (2026) مع نص طويل",
    "lone \ud800 half of a pair",
    "W" * 600,
    "many words " * 54 + "the end.",
    "   ",
    "",
)
PURPOSES = (
    "nightly reload",
    "ci",
    "billing export",
    "monitoring",
    "data catalogue",
    "test of Ana",
    "Power Automate",
    "backup",
)
NAMES = (
    "Ana Silva",
    "Björn Åkesson",
    "Chidi Okafor",
    "Dana Novák",
    "Emre Yıldız",
    "Fumiko Satō",
    "Гульнара Ким",
    "Hugo Martin",
)
STATUSES = ("active",) * 9 + ("invited", "disabled", "deleted", "unknown to the tenant", None)
SEVERITIES = {
    "expires_soon": "warning",
    "expired_lately": "warning",
    "stored_token_invalid": "error",
    "stored_token_unread": "note",
    "owner_gone": "warning",
    "owner_disabled": "warning",
    "owner_not_allowed": "warning",
    "lives_too_long": "warning",
    "not_rotated": "note",
    "unused_description": "note",
    "too_many_keys": "warning",
    "inactive_provider": "warning",
    "permission_too_wide": "warning",
    "unreachable": "error",
}
POLICY = {
    "expires_within": "P14D",
    "fail_within": "P2D",
    "expired_within": "P7D",
    "longest_life": None,
    "rotated_within": "P365D",
    "keys_per_owner": None,
    "unused_description": "(?i)\\b(test|tmp)\\b",
    "permission_roles": ["Integration"],
    "severities": SEVERITIES,
}


def document(
    tenants: int = 5, keys: int = 2000, hostile: bool = True, unreachable: int | None = None
) -> dict[str, Any]:
    """A report on so many tenants, of which some could not be read (by default one of several), and keys of the others.

    With ``hostile`` one text in six is one of HOSTILE.
    """
    drawn = random.Random(tenants * 1_000_003 + keys)
    dead = (1 if tenants > 1 else 0) if unreachable is None else unreachable
    alive = tenants - dead
    read = [_tenant(drawn, number, keys // alive + (number < keys % alive), hostile) for number in range(alive)]
    return with_summary(read + [_dead_tenant(number, hostile) for number in range(dead)])


def with_summary(tenants: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole document of these tenants."""
    findings = Counter(finding["severity"] for tenant in tenants for finding in tenant["findings"])
    expiries = [key["expiry"] for tenant in tenants for key in tenant["api_keys"] if key["status"] == "active"]
    return {
        "version": 1,
        "made_at": _time(MADE_AT),
        "policy": copy.deepcopy(POLICY),
        "fail_on": "error",
        "summary": {
            "tenants": len(tenants),
            "unreachable": sum(tenant["failure"] is not None for tenant in tenants),
            "keys": sum(len(tenant["api_keys"]) for tenant in tenants),
            "findings": {severity: findings[severity] for severity in ("error", "warning", "note")},
            "next_expiry": min(filter(None, expiries), default=None),
        },
        "tenants": tenants,
    }


def texts(value: Any) -> list[str]:
    """Each text in a JSON value."""
    if isinstance(value, dict):
        return [text for entry in value.values() for text in texts(entry)]
    if isinstance(value, list):
        return [text for entry in value for text in texts(entry)]
    return [value] if isinstance(value, str) else []


def _tenant(drawn: random.Random, number: int, keys: int, hostile: bool) -> dict[str, Any]:
    host = ("prod-eu", "prod-us", "test-eu", "sandbox", "partner-ap")[number % 5] + (f"-{number}" if number > 4 else "")
    records = sorted((_key(drawn, f"{number}-{index}", hostile) for index in range(keys)), key=_soonest_active_first)
    stored = [_stored_token(drawn, key) for key in records if drawn.random() < 0.1]
    return {
        "host": host,
        "failure": None,
        "tenant_id": f"hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1H{number:02}",
        "hostname": f"{host}.eu.qlikcloud.com",
        "name": _text(drawn, host.replace("-", " ").title(), hostile),
        "enabled_by": "permission" if number % 2 == 0 else "switch",
        "config": {
            "api_keys_enabled": None if number % 2 == 0 else True,
            "max_keys_per_user": 5,
            "max_api_key_expiry": "PT24H" if number % 2 == 0 else "P90D",
            "scim_external_client_expiry": "P365D",
        },
        "makers": {
            "everybody": number == 1,
            "roles": ["Integration", "TenantAdmin"],
            "users": [
                {"id": f"u-{n}", "name": _text(drawn, name, hostile), "email": _email(name)}
                for n, name in enumerate(NAMES[:4])
            ],
            "groups": [{"id": "g-1", "name": _text(drawn, "Data engineers", hostile)}],
            "complete": number != 2,
        },
        "api_keys": records,
        "stored_tokens": stored,
        "findings": [finding for key in records for finding in _findings(host, key, stored)]
        + _about_tenant(host, number),
    }


def _dead_tenant(number: int, hostile: bool) -> dict[str, Any]:
    host = f"dead-{number + 1}"
    failure = f"Could not connect to {host}.eu.qlikcloud.com: name or service not known."
    if hostile:
        failure += f" The proxy answered: {HOSTILE[number % len(HOSTILE)]}"
    advice = "Look at its address and credentials, and run the report again: nothing is known of its keys."
    nothing = dict.fromkeys(("tenant_id", "hostname", "name", "enabled_by", "config", "makers"))
    found = _finding(host, "unreachable", f"Tenant {host} could not be read: {failure}", advice)
    return {"host": host, "failure": failure, **nothing, "api_keys": [], "stored_tokens": [], "findings": [found]}


def _key(drawn: random.Random, key_id: str, hostile: bool) -> dict[str, Any]:
    is_scim = drawn.random() < 0.06
    expired = drawn.random() < 0.01
    life = timedelta(
        minutes=drawn.randint(-7 * 1440, -1) if expired else int(drawn.paretovariate(0.6) * 8 * 1440) % (400 * 1440)
    )
    created = MADE_AT - timedelta(days=drawn.randint(0, 500), minutes=drawn.randint(0, 1440))
    name = drawn.choice(NAMES)
    owner_id = f"66f0c7d2a1b2c3d4e5f6{NAMES.index(name):04}"
    owner = {"id": owner_id, "name": _text(drawn, name, hostile), "email": _email(name), "subject": f"idp|{owner_id}"}
    status = drawn.choice(STATUSES)
    if status == "unknown to the tenant":
        owner |= {"name": None, "email": None, "subject": None}
    return {
        "id": f"{drawn.getrandbits(64):016x}-{key_id}",
        "description": _text(drawn, f"{drawn.choice(PURPOSES)} {drawn.randint(1, 99)}", hostile),
        "status": "expired" if expired else "active",
        "sub": "SCIM\\6f1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b" if is_scim else owner_id,
        "sub_type": "externalClient" if is_scim else "user",
        "expiry": _time(MADE_AT + life),
        "expires_in": int(life.total_seconds()),
        "created": _time(created),
        "last_updated": _time(created),
        "created_by_user": owner_id,
        "tenant_id": "hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1H",
        "successor": f"{drawn.getrandbits(64):016x}" if drawn.random() < 0.08 else None,
        "owner": {**owner, "status": status},
        "identity_provider": {"id": "6f1d", "provider": "azureAD", "active": drawn.random() < 0.8} if is_scim else None,
    }


def _stored_token(drawn: random.Random, key: dict[str, Any]) -> dict[str, Any]:
    valid, reason = drawn.choice(
        [(True, "It is the token of an active key.")] * 8
        + [(False, "The tenant does not take it any more."), (None, "The file cannot be read: permission denied.")]
    )
    file = f"/etc/qlik/{key['id']}.token"
    return {
        "description": key["description"],
        "token_file": file,
        "key_id": key["id"],
        "valid": valid,
        "reason": reason,
    }


def _findings(host: str, key: dict[str, Any], stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
    named, found = f"API key {key['description']!r}", []
    owner, status = key["owner"]["name"] or key["owner"]["id"], key["owner"]["status"]
    whose = f"{owner} <{key['owner']['email']}>" if key["owner"]["email"] else owner
    if key["status"] == "expired":
        found.append(
            (
                "expired_lately",
                f"{named} expired on {key['expiry'][:10]}.",
                "Make a new key if something still uses it.",
            )
        )
    elif key["expires_in"] < 14 * 86400 and not key["successor"]:
        found.append(
            ("expires_soon", f"{named} expires in {key['expires_in'] // 86400} days, on {key['expiry'][:10]}.",
             "Renew it, and hand the new token to whatever uses it.")
        )  # fmt: skip
    if status == "unknown to the tenant":
        found.append(
            ("owner_gone", f"{named} belongs to a user who is gone.", "Give its work to another owner, then retire it.")
        )
    elif status == "disabled":
        found.append(
            ("owner_disabled", f"{named} belongs to {owner}, who is disabled.", "Give its work to another owner.")
        )
    if "test" in key["description"].lower():
        found.append(
            ("unused_description", f"{named} looks like a left-over.", f"Ask {owner}; retire it if nobody uses it.")
        )
    for token in stored:
        if token["key_id"] == key["id"] and not token["valid"]:
            rule = "stored_token_unread" if token["valid"] is None else "stored_token_invalid"
            found.append(
                (rule, f"The token of {named} in {token['token_file']}: {token['reason']}", "Run the playbook rotate.")
            )
    return [_finding(host, rule, what, advice, whose, key["id"]) for rule, what, advice in found]


def _about_tenant(host: str, number: int) -> list[dict[str, Any]]:
    if number != 1:
        return []
    what = "Everybody may make API keys: the role UserDefault has the permission Manage API keys."
    return [_finding(host, "permission_too_wide", what, "Use api_key_permission with exclusive: true.")]


def _finding(
    host: str, rule: str, what: str, advice: str, whose: str | None = None, key_id: str | None = None
) -> dict[str, Any]:
    told = {"what": what, "whose": whose, "advice": advice, "key_id": key_id, "tenant": host}
    return {"rule": rule, "severity": SEVERITIES[rule], **told}


def _soonest_active_first(key: dict[str, Any]) -> tuple[bool, str]:
    return key["status"] != "active", key["expiry"]


def _text(drawn: random.Random, harmless: str, hostile: bool) -> str:
    return drawn.choice(HOSTILE) if hostile and drawn.random() < 1 / 6 else harmless


def _email(name: str) -> str:
    return f"{name.split()[0].lower()}@corp.example"


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
