# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of the API keys of a person who leaves, on one tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import parse_time
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.texts import format_count

DOCUMENTATION = r"""
name: leaver_keys
short_description: Sort the API keys of a person who leaves by what becomes of them
version_added: 1.0.0
description:
  - For tasks that retire the keys of one person, as the playbook C(tenantops.qlik_cloud.leaver) does.
  - With the list alone, it says which keys to retire. With the results of the tasks that come after that, it says what was done.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
options:
  _input:
    description: Result of M(tenantops.qlik_cloud.api_key_info) with its option C(owner).
    type: dict
    required: true
  leaver:
    description: What the person is called in the summary.
    type: str
    required: true
  scim_keys:
    description: Whether to retire the SCIM keys that the person made as well.
    type: str
    choices: [keep, retire]
    default: keep
  retired:
    description: Result of the module M(tenantops.qlik_cloud.api_keys) that retired the keys, or would in check mode.
    type: dict
  after:
    description: Result of another M(tenantops.qlik_cloud.api_key_info) after that.
    type: dict
"""

EXAMPLES = r"""
- name: Find the keys of a person who leaves
  tenantops.qlik_cloud.api_key_info:
    owner: ana@example.com
    unknown_owner: pass
  register: found

- name: Name those to be retired
  ansible.builtin.debug:
    msg: "{{ (found | tenantops.qlik_cloud.leaver_keys('ana@example.com')).to_retire | map(attribute='description') }}"
"""

RETURN = r"""
_value:
  description:
    - C(user_id), V(null) where the tenant does not know the person, and C(tenant_id), V(null) where there is no key to tell it.
    - C(to_retire), the active keys that are to go; C(retired), those that went, or would in check mode; C(kept), the SCIM keys that stay;
      C(left), those that were to go and are active all the same; C(revoked_before), those that were revoked already.
    - Of each key C(id), C(description), C(sub), C(sub_type) and C(expiry); of one that went C(outcome) and C(retired_at) as well.
    - C(summary), all of it in one line.
  type: dict
"""

SHOWN_FIELDS = ("id", "description", "sub", "sub_type", "expiry")
SCIM = "externalClient"
# Whoever makes a key chooses its description, and a long one must not push the other keys out of the summary.
MAX_DESCRIPTION_LENGTH = 60
MAX_RETIRED_LENGTH = 1300
MAX_KEPT_LENGTH = 400
MAX_SUMMARY_LENGTH = 2000


def leaver_keys(
    found: Mapping[str, Any],
    leaver: str,
    scim_keys: str = "keep",
    retired: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    keys = {key["id"]: key for key in found["api_keys"]}
    active = [key for key in keys.values() if key["status"] == "active"]
    kept = [key for key in active if key["sub_type"] == SCIM and scim_keys != "retire"]
    to_retire = [key for key in active if key not in kept]
    # In check mode an action has no outcome.
    actions = [action for action in (retired or {}).get("actions") or [] if action["action"] == "retire"]
    done = [{**_select_fields(keys.get(action["id"], action)), **_describe_outcome(action)} for action in actions]
    kept_ids = {key["id"] for key in kept}
    left = [
        key for key in (after or {}).get("api_keys") or [] if key["status"] == "active" and key["id"] not in kept_ids
    ]
    result = {
        "user_id": found["owner_id"],
        "tenant_id": next((key["tenant_id"] for key in keys.values()), None),
        "to_retire": [_select_fields(key) for key in to_retire],
        "retired": done,
        "kept": [_select_fields(key) for key in kept],
        "left": [_select_fields(key) for key in left],
        "revoked_before": [_select_fields(key) for key in keys.values() if key["status"] == "revoked"],
    }
    return {**result, "summary": format_one_line(_format_summary(result, leaver), MAX_SUMMARY_LENGTH)}


def _select_fields(key: Mapping[str, Any]) -> dict[str, Any]:
    return {name: key.get(name) for name in SHOWN_FIELDS}


def _describe_outcome(action: Mapping[str, Any]) -> dict[str, Any]:
    if "outcome" not in action:
        return {"outcome": None, "retired_at": None}
    return {"outcome": action["outcome"], "retired_at": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")}


def _format_summary(result: Mapping[str, Any], leaver: str) -> str:
    if result["user_id"] is None:
        return f"does not know {leaver}"
    parts = []
    if result["retired"]:
        done = "would retire" if result["retired"][0]["outcome"] is None else "retired"
        keys = _format_keys(result["retired"], MAX_RETIRED_LENGTH)
        parts.append(f"{done} {format_count(len(result['retired']), 'API key')} of {leaver}: {keys}")
    else:
        parts.append(f"nothing to retire of {leaver}")
    if result["kept"]:
        keys = _format_keys(result["kept"], MAX_KEPT_LENGTH)
        parts.append(
            f"kept {format_count(len(result['kept']), 'SCIM key')} that {leaver} made: {keys}; "
            "leaver_scim_keys=retire would end the provisioning by it"
        )
    return "; ".join(parts)


def _format_keys(keys: Iterable[Mapping[str, Any]], max_characters: int) -> str:
    texts = [
        f"'{format_one_line(key['description'], MAX_DESCRIPTION_LENGTH)}' ({_format_kind(key)}, expires {_format_date(key['expiry'])})"
        for key in keys
    ]
    return format_one_line(", ".join(texts), max_characters)


def _format_date(time: str | None) -> str:
    """The day of a time in UTC; the beginning of what is no time as it is."""
    parsed = parse_time(time)
    return parsed.date().isoformat() if parsed else (time or "?")[:10]


def _format_kind(key: Mapping[str, Any]) -> str:
    return f"SCIM, {key['sub']}" if key["sub_type"] == SCIM else "user"


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"leaver_keys": leaver_keys}
