# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what must be done about the API keys of a tenant, by a policy and from what was read before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import (
    ERROR,
    OFF,
    SEVERITIES,
    Policy,
    Severity,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.snapshot import KeySnapshot, TenantSnapshot
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import parse_time
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.ages import (
    expires_within,
    is_older_than,
    lives_longer_than,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line, quote_text

MAX_TEXT_LENGTH = 300
GONE, ACTIVE, INVITED = "gone", "active", "invited"


@dataclass(frozen=True)
class Finding:
    """One thing to be done. ``what`` says what is wrong, ``advice`` what to do, ``whose`` names the owner of the key.

    ``whose`` and ``key_id`` are None for a finding that is not about one owner or one key.
    """

    rule: str
    severity: Severity
    what: str
    whose: str | None
    advice: str
    key_id: str | None = None

    def as_result(self) -> dict[str, str | None]:
        return asdict(self)


def find_findings(snapshot: TenantSnapshot, policy: Policy, fail_within: str | None, now: datetime) -> list[Finding]:
    """The most severe first. A key that expires within ``fail_within`` is an error, whatever the policy says."""
    found = [finding for finding in _iterate_findings(snapshot, policy, fail_within, now) if finding.severity != OFF]
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))


def _iterate_findings(
    snapshot: TenantSnapshot, policy: Policy, fail_within: str | None, now: datetime
) -> Iterator[Finding]:
    yield from _check_tenant(snapshot, policy)
    yield from _check_stored_tokens(snapshot, policy)
    for key in snapshot.keys:
        if key.record.is_active(now):
            yield from _check_expiry(key, policy, fail_within, now)
            yield from _check_owner(key, policy)
            yield from _check_life(key, snapshot, policy, now)
            yield from _check_provider(key, policy)
        else:
            yield from _check_expired(key, policy)
    yield from _check_counts(snapshot, policy, now)


def _check_tenant(snapshot: TenantSnapshot, policy: Policy) -> Iterator[Finding]:
    if not snapshot.sees_all:
        yield _build_finding(
            policy,
            "partial_view",
            f"Only the API keys of {snapshot.requester} are seen, who signs in and is no TenantAdmin.",
            None,
            "Sign in as a TenantAdmin or with an OAuth client, to see those of everybody.",
        )
    if snapshot.config is not None and snapshot.config.api_keys_enabled is False:
        yield _build_finding(
            policy,
            "turned_off",
            "API keys are turned off on this tenant.",
            None,
            "Turn them on with api_keys_enabled: true, if keys shall work.",
        )
    intended, creators = policy.permission_roles, snapshot.key_creators
    if intended is not None and creators is not None:
        unintended = sorted(set(creators.roles) - set(intended))
        if unintended:
            everybody = ", so everybody may" if creators.everybody else ""
            yield _build_finding(
                policy,
                "permission_too_wide",
                f"The {'role' if len(unintended) == 1 else 'roles'} {', '.join(unintended)} may make API keys as well{everybody}. "
                f"Meant to: {', '.join(intended) or 'no role'}.",
                None,
                "Take the permission from them: tenantops.qlik_cloud.api_key_permission with exclusive: true.",
            )


def _check_stored_tokens(snapshot: TenantSnapshot, policy: Policy) -> Iterator[Finding]:
    for stored in snapshot.stored_tokens:
        name = quote_text(stored.description)
        place = f" in {stored.token_file}" if stored.token_file else ""
        if stored.is_due:
            yield _build_finding(
                policy,
                "key_missing",
                f"There is no active API key {name}, nor a stored token of it.",
                None,
                "Run tenantops.qlik_cloud.onboard, which makes it.",
            )
        elif stored.valid is False:
            yield _build_finding(
                policy,
                "stored_token_invalid",
                f"The stored token of {name}{place} is not valid: {_end_sentence(stored.reason)}",
                None,
                "Run tenantops.qlik_cloud.onboard with on_lost_token: replace, which makes another and stores it.",
                stored.key_id,
            )
        elif stored.valid is None:
            yield _build_finding(
                policy,
                "stored_token_unread",
                f"Whether the stored token of {name}{place} is valid is not known: {_end_sentence(stored.reason)}",
                None,
                "Ask the store whether it has the token of that key.",
                stored.key_id,
            )


def _check_expiry(key: KeySnapshot, policy: Policy, fail_within: str | None, now: datetime) -> Iterator[Finding]:
    if key.successor is not None:
        return
    is_urgent = fail_within is not None and expires_within(key.record, fail_within, now)
    if is_urgent or expires_within(key.record, policy.expires_within, now):
        left = key.record.expires_in(now) or 0
        yield _build_key_finding(
            policy,
            "expires_soon",
            key,
            f"expires in {format_duration(left)}, on {_format_time(key.record.expiry)}, and has no successor.",
            "Renew it with renew_before (tenantops.qlik_cloud.rotate), or let its owner know.",
            severity=ERROR if is_urgent else None,
        )


def _check_expired(key: KeySnapshot, policy: Policy) -> Iterator[Finding]:
    if key.successor is None:
        yield _build_key_finding(
            policy,
            "expired_lately",
            key,
            f"expired on {_format_time(key.record.expiry)} and has no successor.",
            "Make another if it is still needed (tenantops.qlik_cloud.onboard).",
        )


def _check_owner(key: KeySnapshot, policy: Policy) -> Iterator[Finding]:
    owner = key.owner
    if owner is None:
        return
    if owner["status"] in (GONE, "deleted"):
        what = "belongs to a user whom the tenant does not have any more."
        yield _build_key_finding(policy, "owner_gone", key, what, "Retire it, and make one for whoever follows.")
    elif owner["status"] not in (ACTIVE, INVITED, None):
        what = f"belongs to a user who is {format_one_line(owner['status'], 30)}."
        yield _build_key_finding(policy, "owner_disabled", key, what, "Retire it, or enable the user again.")
    elif owner["may_make_keys"] is False and key.record.sub_type == "user":
        what = "belongs to a user who may not use API keys any more, so it fails."
        advice = "Give the user the permission again (tenantops.qlik_cloud.api_key_permission), or retire the key."
        yield _build_key_finding(policy, "owner_not_allowed", key, what, advice)


def _check_life(key: KeySnapshot, snapshot: TenantSnapshot, policy: Policy, now: datetime) -> Iterator[Finding]:
    record = key.record
    limit = policy.longest_life
    if limit is None and snapshot.config is not None and record.sub_type in ("user", "externalClient"):
        limit = snapshot.config.longest_life(record.sub_type)
    if limit is not None and lives_longer_than(record, limit):
        what = f"lives from {_format_time(record.created)} to {_format_time(record.expiry)}, longer than the {limit} that are allowed."
        yield _build_key_finding(policy, "lives_too_long", key, what, "Renew it with a shorter expiry.")
    if is_older_than(record, policy.rotated_within, now):
        what = f"was made on {_format_time(record.created)}, longer ago than {policy.rotated_within}, and was not rotated since."
        yield _build_key_finding(policy, "not_rotated", key, what, "Renew it with force_renew: true.")
    if re.search(policy.unused_description, record.description):
        what = "has a description that says it is not used for good."
        yield _build_key_finding(
            policy, "unused_description", key, what, "Retire it if nobody needs it, else say what it is for."
        )


def _check_provider(key: KeySnapshot, policy: Policy) -> Iterator[Finding]:
    provider = key.identity_provider
    if key.record.sub_type != "externalClient" or provider is None or provider["active"]:
        return
    what = "is there no more" if provider["active"] is None else "is not active"
    yield _build_key_finding(
        policy,
        "inactive_provider",
        key,
        f"is for identity provider {format_one_line(provider['id'], 100)}, which {what}.",
        "Activate the provider, or retire the key.",
    )


def _check_counts(snapshot: TenantSnapshot, policy: Policy, now: datetime) -> Iterator[Finding]:
    keys = {key.record.sub: key for key in snapshot.keys}
    counts = Counter(
        key.record.sub for key in snapshot.keys if key.record.sub_type == "user" and key.record.is_active(now)
    )
    limit = snapshot.config.max_keys_per_user if snapshot.config is not None else None
    for sub, count in counts.items():
        whose = keys[sub].whose
        has = f"{whose or sub} has {count} active API {'key' if count == 1 else 'keys'}"
        if policy.keys_per_owner is not None and count > policy.keys_per_owner:
            what = f"{has}, more than {policy.keys_per_owner}."
        elif policy.keys_per_owner is None and limit is not None and count >= limit:
            what = f"{has}, and max_keys_per_user is {limit}: the tenant makes no more."
        else:
            continue
        yield _build_finding(
            policy, "too_many_keys", what, whose, "Retire those that nobody needs, or raise the limit."
        )


def _build_key_finding(
    policy: Policy, rule: str, key: KeySnapshot, what: str, advice: str, *, severity: Severity | None = None
) -> Finding:
    message = f"API key {quote_text(key.record.description)} {what}"
    return _build_finding(policy, rule, message, key.whose, advice, key.record.id, severity=severity)


def _build_finding(
    policy: Policy,
    rule: str,
    what: str,
    whose: str | None,
    advice: str,
    key_id: str | None = None,
    *,
    severity: Severity | None = None,
) -> Finding:
    return Finding(
        rule, severity or policy.get_severity(rule), format_one_line(what, MAX_TEXT_LENGTH), whose, advice, key_id
    )


def _end_sentence(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."


def _format_time(time: str | None) -> str:
    """A time of a record to the minute; text that is no time as it is."""
    parsed = parse_time(time)
    return f"{parsed:%Y-%m-%d %H:%M} UTC" if parsed else str(time)


def format_duration(seconds: int) -> str:
    """A duration in its largest unit, such as ``3 days``."""
    for name, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = seconds // length
        if count:
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "less than a minute"
