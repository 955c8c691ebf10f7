# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents such as the report on API keys renders, of any size, the same in each run.

What was read of the tenants is drawn; what is found in it, and the document, are made by the code that makes them.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.findings import find_findings
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import Policy
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.snapshot import (
    KeyCreatorsSnapshot,
    KeySnapshot,
    StoredTokenSnapshot,
    TenantSnapshot,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.summary import format_summary
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfig
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.document import HostReport, build_document

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
STATUSES = ("active",) * 9 + ("invited", "disabled", "deleted", "gone", None)
POLICY = Policy(longest_life="P500D", unused_description=r"(?i)\b(test|tmp)\b", permission_roles=("Integration",))
FAIL_WITHIN = "P2D"
IDP_ID = "6f1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b"


def document(
    tenants: int = 5, keys: int = 2000, hostile: bool = True, unreachable: int | None = None
) -> dict[str, Any]:
    """A report on so many tenants, of which some could not be read (by default one of several), and keys of the others.

    With ``hostile`` one text in six is one of HOSTILE.
    """
    drawn = random.Random(tenants * 1_000_003 + keys)
    dead = (1 if tenants > 1 else 0) if unreachable is None else unreachable
    alive = tenants - dead
    read = [
        HostReport(_host(number), _report(drawn, number, keys // alive + (number < keys % alive), hostile))
        for number in range(alive)
    ]
    return _document([*read, *(_dead(number, hostile) for number in range(dead))])


def with_summary(tenants: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole document of these tenants, as they are in another, with the findings that they have."""
    hosts = [HostReport(tenant["host"], tenant, tenant["failure"]) for tenant in tenants]
    return _document(hosts, replace(POLICY, severities={"unreachable": "off"}))


def _document(hosts: list[HostReport], policy: Policy = POLICY) -> dict[str, Any]:
    return build_document(hosts, policy, FAIL_WITHIN, "error", MADE_AT)


def texts(value: Any) -> list[str]:
    """Each text in a JSON value."""
    if isinstance(value, dict):
        return [text for entry in value.values() for text in texts(entry)]
    if isinstance(value, list):
        return [text for entry in value for text in texts(entry)]
    return [value] if isinstance(value, str) else []


def _host(number: int) -> str:
    return ("prod-eu", "prod-us", "test-eu", "sandbox", "partner-ap")[number % 5] + (f"-{number}" if number > 4 else "")


def _dead(number: int, hostile: bool) -> HostReport:
    failure = f"Could not connect to dead-{number + 1}.eu.qlikcloud.com: name or service not known."
    if hostile:
        failure += f" The proxy answered: {HOSTILE[number % len(HOSTILE)]}"
    return HostReport(f"dead-{number + 1}", None, failure)


def _report(drawn: random.Random, number: int, keys: int, hostile: bool) -> dict[str, Any]:
    """What the module returns for a tenant."""
    has_switch, hostname = number % 2 == 1, f"{_host(number)}.eu.qlikcloud.com"
    config = ApiKeyConfig(
        # The third of those with the switch.
        api_keys_enabled=number != 5 if has_switch else None,
        max_keys_per_user=5,
        max_api_key_expiry="P90D" if has_switch else "PT24H",
        scim_external_client_expiry="P365D",
    )
    records = sorted((_key(drawn, f"{number}-{index}", hostile) for index in range(keys)), key=_soonest_active_first)
    snapshot = TenantSnapshot(
        requester="Platform Automation",
        sees_all=number != 3,
        config=config,
        key_creators=_makers(drawn, number, hostile),
        keys=records,
        stored_tokens=[*(_stored_token(drawn, key.record) for key in records if drawn.random() < 0.1), *_due(number)],
    )
    found = [finding.as_result() for finding in find_findings(snapshot, POLICY, FAIL_WITHIN, MADE_AT)]
    return {
        "tenant_id": f"hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1H{number:02}",
        "hostname": hostname,
        "name": _text(drawn, _host(number).replace("-", " ").title(), hostile),
        "read_at": _time(MADE_AT),
        "enabled_by": "switch" if has_switch else "permission",
        "config": config.as_result(),
        "makers": snapshot.key_creators.as_result(),
        "api_keys": [key.as_result(MADE_AT) for key in records],
        "stored_tokens": [stored.as_result() for stored in snapshot.stored_tokens],
        "findings": found,
        "policy": {**POLICY.as_result(), "fail_within": FAIL_WITHIN},
        "summary": format_summary(hostname, snapshot, found, MADE_AT),
    }


def _makers(drawn: random.Random, number: int, hostile: bool) -> KeyCreatorsSnapshot:
    users = [
        {"id": f"u-{n}", "name": _text(drawn, name, hostile), "email": _email(name)} for n, name in enumerate(NAMES[:4])
    ]
    return KeyCreatorsSnapshot(
        everybody=number == 1,
        roles=("Integration", "UserDefault") if number == 1 else ("Integration",),
        users=tuple(users),
        groups=({"id": "g-1", "name": _text(drawn, "Data engineers", hostile)},),
        complete=number != 2,
    )


def _key(drawn: random.Random, key_id: str, hostile: bool) -> KeySnapshot:
    is_scim = drawn.random() < 0.06
    expired = drawn.random() < 0.01
    life = timedelta(
        minutes=drawn.randint(-7 * 1440, -1) if expired else int(drawn.paretovariate(0.6) * 8 * 1440) % (400 * 1440)
    )
    created = _time(MADE_AT - timedelta(days=drawn.randint(0, 400), minutes=drawn.randint(0, 1440)))
    name = drawn.choice(NAMES)
    owner_id = f"66f0c7d2a1b2c3d4e5f6{NAMES.index(name):04}"
    owner = {"id": owner_id, "name": _text(drawn, name, hostile), "email": _email(name), "subject": f"idp|{owner_id}"}
    status = drawn.choice(STATUSES)
    if status == "gone":
        owner |= {"name": None, "email": None, "subject": None}
    record = ApiKey(
        id=f"{drawn.getrandbits(64):016x}-{key_id}",
        description=_text(drawn, f"{drawn.choice(PURPOSES)} {drawn.randint(1, 99)}", hostile),
        status="expired" if expired else "active",
        sub=f"SCIM\\{IDP_ID}" if is_scim else owner_id,
        sub_type="externalClient" if is_scim else "user",
        expiry=_time(MADE_AT + life),
        created=created,
        last_updated=created,
        created_by_user=owner_id,
        tenant_id="hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1H",
    )
    provider = {"id": IDP_ID, "provider": "azureAD", "active": drawn.random() < 0.8}
    return KeySnapshot(
        record,
        owner={
            **owner,
            "status": status,
            "may_make_keys": status != "gone" and drawn.choice((True,) * 8 + (False, None)),
        },
        identity_provider=provider if is_scim else None,
        successor=f"{drawn.getrandbits(64):016x}" if drawn.random() < 0.08 else None,
    )


def _stored_token(drawn: random.Random, key: ApiKey) -> StoredTokenSnapshot:
    valid, reason = drawn.choice(
        [(True, "the tenant accepts it")] * 8
        + [
            (False, "the tenant has no record of its API key"),
            (None, "its API key is active, and its store gives nothing back, so the token cannot be read"),
        ]
    )
    return StoredTokenSnapshot(key.description, f"/etc/qlik/{key.id}.token", key.id, valid, reason)


def _due(number: int) -> list[StoredTokenSnapshot]:
    """The first tenant lacks a key."""
    due = StoredTokenSnapshot("not made yet", "/etc/qlik/none.token", None, False, "the store has none", is_due=True)
    return [due] if number == 0 else []


def _soonest_active_first(key: KeySnapshot) -> tuple[bool, str]:
    return key.record.status != "active", key.record.expiry


def _text(drawn: random.Random, harmless: str, hostile: bool) -> str:
    return drawn.choice(HOSTILE) if hostile and drawn.random() < 1 / 6 else harmless


def _email(name: str) -> str:
    return f"{name.split()[0].lower()}@corp.example"


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
