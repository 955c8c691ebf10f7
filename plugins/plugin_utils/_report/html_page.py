# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of the report's HTML page: rows, groups of findings, weeks. Texts are not escaped yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, timezone
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import parse_time
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report import texts

RANKS = {"error": 3, "warning": 2, "note": 1}
KINDS = {"user": "User", "externalClient": "SCIM"}
# The worst first; findings of one severity come in this order.
TITLES = {
    "unreachable": "Tenants could not be read",
    "stored_token_invalid": "Stored tokens are not valid",
    "key_missing": "API keys are missing",
    "expired_lately": "API keys expired lately",
    "expires_soon": "API keys expire soon",
    "inactive_provider": "Identity providers are not active",
    "owner_gone": "Owners are gone",
    "owner_disabled": "Owners are disabled",
    "owner_not_allowed": "Owners may not make API keys any more",
    "permission_too_wide": "Too many people may make API keys",
    "too_many_keys": "Owners have too many API keys",
    "lives_too_long": "API keys live too long",
    "partial_view": "Only some API keys were seen",
    "not_rotated": "API keys were not renewed for long",
    "unused_description": "Descriptions tell of API keys that nobody uses",
    "stored_token_unread": "Stored tokens could not be read",
    "turned_off": "API keys are turned off",
}
STORED = {True: "valid", False: "not valid", None: "not read"}
POLICY = {
    "expires_within": "API keys that expire within",
    "fail_within": "API keys that expire, as an error, within",
    "expired_within": "API keys that expired within the last",
    "longest_life": "API keys that live longer than",
    "rotated_within": "API keys that were not renewed within",
    "keys_per_owner": "owners with more API keys than",
    "unused_description": "API keys with a description that matches",
    "permission_roles": "roles with the permission Manage API keys, other than",
}
WEEKS = 13


@dataclass
class FindingGroup:
    """The findings of one severity and rule, by the advice they share."""

    number: int
    severity: str
    rule: str
    by_advice: dict[str, list[GroupedFinding]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return TITLES.get(self.rule) or self.label

    @property
    def label(self) -> str:
        return self.rule.replace("_", " ")

    @property
    def items(self) -> list[GroupedFinding]:
        return [item for items in self.by_advice.values() for item in items]

    @property
    def has_keys(self) -> bool:
        return any(item.row is not None for item in self.items)


@dataclass
class KeyRow:
    """An API key with what belongs to it."""

    host: str | None
    tenant: int
    key: dict[str, Any]
    kind: str
    expiry: datetime | None
    left: str | None
    tokens: list[dict[str, Any]]
    groups: list[FindingGroup]
    number: int = 0

    @property
    def is_active(self) -> bool:
        return self.key.get("status") == "active"

    def data(self, kinds: list[str]) -> list[Any]:
        """The data by which the page's script filters and sorts."""
        created = parse_time(self.key.get("created"))
        numbers = sorted({group.number for group in self.groups})
        return [
            self.tenant,
            kinds.index(self.kind),
            numbers,
            _to_seconds(created),
            _to_seconds(self.expiry),
            int(self.is_active),
        ]


@dataclass
class GroupedFinding:
    """A finding, with the row of its key if the table has it."""

    finding: dict[str, Any]
    row: KeyRow | None


@dataclass
class Week:
    """How many API keys expire from one day to another, both included; without a last day, from the first one on."""

    first: datetime
    last: datetime | None
    keys: int = 0
    with_successor: int = 0

    def compute_shares(self, max_keys: int) -> tuple[float, float]:
        """The keys without a successor and those with one, in percent of the week with the most keys."""
        return round(100 * (self.keys - self.with_successor) / max_keys, 1), round(
            100 * self.with_successor / max_keys, 1
        )


@dataclass
class Page:
    """What the template shows."""

    document: dict[str, Any]
    made_at: datetime | None
    rows: list[KeyRow]
    groups: list[FindingGroup]
    weeks: list[Week]

    @property
    def tenants(self) -> list[dict[str, Any]]:
        return self.document.get("tenants") or []

    @property
    def unread(self) -> list[dict[str, Any]]:
        return [tenant for tenant in self.tenants if tenant.get("failure") is not None]

    @property
    def kinds(self) -> list[str]:
        return sorted({row.kind for row in self.rows}, reverse=True)

    @property
    def max_keys_per_week(self) -> int:
        """The number of keys of the week with the most."""
        return max((week.keys for week in self.weeks), default=0)

    @property
    def until_next(self) -> str | None:
        """How far away the next expiry is, such as ``in 3 days``."""
        expiry = parse_time((self.document.get("summary") or {}).get("next_expiry"))
        return texts.format_distance((expiry - self.made_at).total_seconds()) if expiry and self.made_at else None

    @property
    def looked_for(self) -> list[tuple[str, str]]:
        """The policy in words: what the report looks for, and the value that counts."""
        policy = self.document.get("policy") or {}
        return [
            (
                sentence,
                (
                    ", ".join(str(each) for each in value if each is not None)
                    if isinstance(value, list)
                    else texts.format_duration(value) or ""
                ),
            )
            for name, sentence in POLICY.items()
            if (value := policy.get(name)) is not None
        ]

    def data(self) -> dict[str, Any]:
        """The data for the page's script."""
        return {
            "now": _to_seconds(self.made_at),
            "severities": [RANKS.get(group.severity, 0) for group in self.groups],
            "weeks": [
                [_to_seconds(week.first), week.last and _to_seconds(week.last + timedelta(days=1))]
                for week in self.weeks
            ],
            "rows": [row.data(self.kinds) for row in self.rows],
        }


def build_page(document: dict[str, Any]) -> Page:
    """Build the content of the page from a document."""
    made_at = parse_time(document.get("made_at"))
    tenants = document.get("tenants") or []
    groups = _build_groups(finding for tenant in tenants for finding in tenant.get("findings") or ())
    rows = []
    for number, tenant in enumerate(tenants):
        own = _build_rows(number, tenant, groups, made_at)
        row_of = {row.key.get("id"): row for row in own}
        rows += own
        for finding in tenant.get("findings") or ():
            advice = groups[_get_group_key(finding)].by_advice
            advice.setdefault(finding.get("advice") or "", []).append(
                GroupedFinding(finding, row_of.get(finding.get("key_id")))
            )
    rows.sort(key=lambda row: (row.expiry is None, row.expiry))
    for number, row in enumerate(rows):
        row.number = number
    return Page(document, made_at, rows, list(groups.values()), _count_weeks(rows, made_at))


def _build_rows(
    number: int, tenant: dict[str, Any], groups: dict[tuple[str, str], FindingGroup], made_at: datetime | None
) -> list[KeyRow]:
    """The rows of one tenant."""
    tokens: dict[Any, list[dict[str, Any]]] = {}
    found: dict[Any, list[FindingGroup]] = {}
    for token in tenant.get("stored_tokens") or ():
        tokens.setdefault(token.get("key_id"), []).append(token)
    for finding in tenant.get("findings") or ():
        found.setdefault(finding.get("key_id"), []).append(groups[_get_group_key(finding)])
    rows = []
    for key in tenant.get("api_keys") or ():
        key_id, sub_type = key.get("id"), key.get("sub_type") or "not known"
        expiry, seconds = parse_time(key.get("expiry")), key.get("expires_in")
        if seconds is None and expiry and made_at:
            seconds = (expiry - made_at).total_seconds()
        row = KeyRow(
            host=tenant.get("host"),
            tenant=number,
            key=key,
            kind=KINDS.get(sub_type, sub_type),
            expiry=expiry,
            left=None if seconds is None else texts.format_distance(seconds),
            tokens=tokens.get(key_id, []),
            groups=sorted(found.get(key_id, []), key=lambda group: group.number),
        )
        rows.append(row)
    return rows


def _build_groups(findings: Iterable[dict[str, Any]]) -> dict[tuple[str, str], FindingGroup]:
    """A group without findings for each severity and rule that occurs, the most severe first."""
    order = list(TITLES)
    kinds = sorted(
        {_get_group_key(finding) for finding in findings},
        key=lambda kind: (-RANKS.get(kind[0], 0), order.index(kind[1]) if kind[1] in TITLES else len(order), kind),
    )
    return {kind: FindingGroup(number, *kind) for number, kind in enumerate(kinds)}


def _get_group_key(finding: dict[str, Any]) -> tuple[str, str]:
    return finding.get("severity") or "note", finding.get("rule") or "finding"


def _count_weeks(rows: list[KeyRow], made_at: datetime | None) -> list[Week]:
    """Count the expiries in the weeks after the report was made, and later; none if that time is not known."""
    if made_at is None:
        return []
    today = datetime.combine(made_at.date(), time(), timezone.utc)
    weeks = [Week(today + timedelta(weeks=n), today + timedelta(weeks=n + 1, days=-1)) for n in range(WEEKS)]
    weeks.append(Week(today + timedelta(weeks=WEEKS), None))
    for row in rows:
        if row.is_active and row.expiry is not None and row.expiry >= today:
            week = weeks[min((row.expiry - today).days // 7, WEEKS)]
            week.keys += 1
            week.with_successor += bool(row.key.get("successor"))
    return weeks


def _to_seconds(read: datetime | None) -> int | None:
    return None if read is None else int(read.timestamp())
