# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of the API keys of a person who leaves, on one tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line

DOCUMENTATION = r"""
name: leaver_keys
short_description: Sort the API keys of a person who leaves by what becomes of them
version_added: 1.0.0
description:
  - For tasks that retire the keys of one person, as the playbook C(tenantops.qlik_cloud.leaver) does.
  - Given the list alone, it says which keys are to be retired. With the results of the tasks after it, it says what was done.
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
    description: Whether the SCIM keys are to be retired that the person made.
    type: str
    choices: [keep, retire]
    default: keep
  retired:
    description: Result of M(tenantops.qlik_cloud.api_keys) that retired them, or would in check mode.
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
      C(left), those that were to go and are active all the same. Of each key C(id), C(description), C(sub), C(sub_type) and C(expiry),
      of one that went C(outcome) and C(retired_at) as well.
    - C(summary), all of it in one line.
  type: dict
"""

TOLD = ("id", "description", "sub", "sub_type", "expiry")
SCIM = "externalClient"
LONGEST = 2000


def leaver_keys(
    found: Mapping[str, Any],
    leaver: str,
    scim_keys: str = "keep",
    retired: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    keys = {key["id"]: key for key in found["api_keys"]}
    active = [key for key in keys.values() if key["status"] == "active"]
    stays = [key for key in active if key["sub_type"] == SCIM and scim_keys != "retire"]
    goes = [key for key in active if key not in stays]
    # An outcome is known of what was done, none of what would be.
    actions = [action for action in (retired or {}).get("actions") or [] if action["action"] == "retire"]
    gone = [{**_told(keys.get(action["id"], action)), **_done(action)} for action in actions]
    staying = {key["id"] for key in stays}
    left = [
        key for key in (after or {}).get("api_keys") or [] if key["status"] == "active" and key["id"] not in staying
    ]
    told = {
        "user_id": found["owner_id"],
        "tenant_id": next((key["tenant_id"] for key in keys.values()), None),
        "to_retire": [_told(key) for key in goes],
        "retired": gone,
        "kept": [_told(key) for key in stays],
        "left": [_told(key) for key in left],
    }
    return {**told, "summary": format_one_line(_summary(told, leaver), LONGEST)}


def _told(key: Mapping[str, Any]) -> dict[str, Any]:
    return {name: key.get(name) for name in TOLD}


def _done(action: Mapping[str, Any]) -> dict[str, Any]:
    if "outcome" not in action:
        return {"outcome": None, "retired_at": None}
    return {"outcome": action["outcome"], "retired_at": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")}


def _summary(told: Mapping[str, Any], leaver: str) -> str:
    if told["user_id"] is None:
        return f"does not know {leaver}"
    parts = []
    if told["retired"]:
        done = "would retire" if told["retired"][0]["outcome"] is None else "retired"
        parts.append(f"{done} {_several(told['retired'], 'API key')} of {leaver}: {_listed(told['retired'])}")
    else:
        parts.append(f"nothing to retire of {leaver}")
    if told["kept"]:
        parts.append(
            f"kept {_several(told['kept'], 'SCIM key')} that {leaver} made: {_listed(told['kept'])}; "
            "leaver_scim_keys=retire would end the provisioning by it"
        )
    return "; ".join(parts)


def _several(keys: list[dict[str, Any]], noun: str) -> str:
    return f"{len(keys)} {noun}{'' if len(keys) == 1 else 's'}"


def _listed(keys: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(f"'{key['description']}' ({_kind(key)}, expires {(key['expiry'] or '?')[:10]})" for key in keys)


def _kind(key: Mapping[str, Any]) -> str:
    return f"SCIM, {key['sub']}" if key["sub_type"] == SCIM else "user"


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"leaver_keys": leaver_keys}
