# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Input that cannot be used fails before anything is sent, with a message that names the option.

The unit tests have every case; these are of each way in which Ansible takes part.
"""

from __future__ import annotations

import pytest
from conftest import Playground

ADMIN = "{{ tenant.admin_token }}"
# Found before a request is made, in code that all modules share; each is tried with one such mistake.
NO_SCHEME = {"tenant_url": "tenant.eu.qlikcloud.com"}
CASES = {
    "api_key": [
        ("description", {}),
        ("expiry: '90 days' is not an ISO 8601 duration; write P90D.", {"description": "k", "expiry": "90 days"}),
        ("expiry: '90' is not an ISO 8601 duration, since it has no unit", {"description": "k", "expiry": 90}),
        ("sub: is given together with idp_id", {"description": "k", "sub": "a", "idp_id": "b"}),
        ("sub_type", {"description": "k", "sub_type": "robot"}),
        ("state", {"description": "k", "state": "gone"}),
        ("token_file", {"description": "k", "token_file": "{{ folder }}"}),
        ("token_file", {"description": "k", "token_file": "{{ folder }}/none/k.token"}),
        ("token", {"description": "k", "token": "{{ 'a' ~ '-token' }}", "token_file": "{{ folder }}/k.token"}),
        ("on_lost_token", {"description": "k", "on_lost_token": "guess"}),
        ("renew_before", {"description": "k", "expiry": "P14D", "renew_before": "P14D"}),
        ("retire_first", {"description": "k", "retire_first": "perhaps"}),
        ("token: is given together with key_id", {"description": "k", "key_id": "", "token": ""}),
        ("key_id", {"description": "k", "key_id": None}),
        ("idp", {"description": "k", "idp_id": "a", "idp": {"provider": "azureAD"}}),
        ("idp.provider: must be given", {"description": "k", "idp": {}}),
        ("idp.vendor", {"description": "k", "idp": {"vendor": "a"}}),
        ("token_file_mode", {"description": "k", "token_file": "{{ folder }}/k.token", "token_file_mode": "rw"}),
        (
            'token_file_mode: 640 without quotes is mode 1200, which has more in it than who may read and write; write "0640".',
            {"description": "k", "token_file": "{{ folder }}/k.token", "token_file_mode": 640},
        ),
        ("tenant_url", {"description": "k", **NO_SCHEME}),
    ],
    "api_keys": [
        ("keys", {}),
        ("keys", {"keys": "k"}),
        ("keys[0]: must be a dictionary, not text", {"keys": ["k"]}),
        ("keys[1]: must be a dictionary, not a number", {"keys": [{"description": "k"}, 5]}),
        (
            "keys[0].expirey: there is no such option (entry 'k'). Is expiry",
            {"keys": [{"description": "k", "expirey": 1}]},
        ),
        ("keys[0].token_file: must not be null (entry 'k').", {"keys": [{"description": "k", "token_file": None}]}),
        ("keys[0].token_file_mode: has no meaning", {"keys": [{"description": "k", "token_file_mode": "0600"}]}),
        ("keys[1]", {"keys": [{"description": "k"}, {"description": "k", "expiry": "P1D"}]}),
        ("keys[1].description", {"keys": [{"description": "k"}, {}]}),
        ("keys[0].expiry", {"keys": [{"description": "k", "expiry": "90 days"}]}),
        ("keys[1].token_file", {"keys": [{"description": name, "token_file": "{{ folder }}/t"} for name in "kl"]}),
        (
            "keys[0].token_file: is given together with token",
            {"keys": [{"description": "k", "token": "{{ 'a' ~ '-token' }}", "token_file": "/t"}]},
        ),
        ("purge_scope", {"keys": [], "purge": True}),
        ("purge_scope", {"keys": [], "purge": True, "purge_scope": "user"}),
        ("purge_scope.created_by_user", {"keys": [], "purge": True, "purge_scope": {"created_by_user": None}}),
        ("purge_scope.sub", {"keys": [], "purge": True, "purge_scope": {"sub": " "}}),
        ("purge_scope.description_search", {"keys": [], "purge": True, "purge_scope": {"description_search": ""}}),
        ("purge_scope.subject", {"keys": [], "purge": True, "purge_scope": {"subject": "a"}}),
        ("purge_scope", {"keys": [], "purge_scope": {"sub": "a"}}),
        ("keys[0].return_token", {"keys": [{"description": "k", "return_token": False}]}),
        ("tenant_url", {"keys": [{"description": "k"}], **NO_SCHEME}),
    ],
    "api_key_config": [
        ("max_keys_per_user", {"max_keys_per_user": 1001}),
        ("max_keys_per_user", {"max_keys_per_user": -1}),
        ("max_api_key_expiry", {"max_api_key_expiry": "PT0S"}),
        ("max_api_key_expiry", {"max_api_key_expiry": "one day"}),
        ("scim_external_client_expiry", {"scim_external_client_expiry": "-P1D"}),
        ("tenant_id", {"tenant_id": ""}),
        ("tenant_url", NO_SCHEME),
    ],
    "api_key_event_info": [
        ("since", {"since": "last week"}),
        ("since", {"since": "PT0S"}),
        ("since", {"since": None}),
        ("since", {"since": "P1D", "until": "P2D"}),
        ("since", {"since": "2999-01-01T00:00:00Z"}),
        ("until", {"until": "2026-13-01T00:00:00Z"}),
        ("event", {"event": "revoked"}),
        ("event", {"event": []}),
        ("event", {"event": "config_updated", "id": "a"}),
        ("id", {"id": "a b"}),
        ("idp_id", {"sub": "a", "idp_id": "b"}),
        ("user_id", {"user_id": " "}),
        ("limit", {"limit": 0}),
        ("tenant_url", NO_SCHEME),
    ],
    "api_key_info": [
        ("expires_within", {"expires_within": "soon"}),
        ("idp_id", {"sub": "a", "idp_id": "b"}),
        ("status", {"status": "lost"}),
        ("owner", {"owner": " "}),
        ("older_than", {"older_than": "30 days"}),
        ("limit", {"limit": 0}),
        ("sub_type", {"idp_id": "a", "sub_type": "user"}),
        ("id", {"id": ""}),
        ("tenant_url", NO_SCHEME),
    ],
    "api_key_report_info": [
        ("policy.expires_within", {"policy": {"expires_within": "soon"}}),
        ("policy.severities.owner_gone", {"policy": {"severities": {"owner_gone": "bad"}}}),
        ("policy.unused_description", {"policy": {"unused_description": "("}}),
        ("policy.keys_per_user", {"policy": {"keys_per_user": 5}}),
        ("fail_within", {"fail_within": "P0D"}),
        ("permission.role", {"permission": {"role": ["r"]}}),
        (
            "scim_keys[0].token_file_mode",
            {"scim_keys": [{"description": "k", "idp_id": "a", "token_file": "/t", "token_file_mode": "0x"}]},
        ),
        ("tenant_url", NO_SCHEME),
    ],
    "api_key_permission": [
        ("role", {"role": ""}),
        ("role", {"role": "User Default"}),
        ("users", {"role": "r", "users": ["a", ""]}),
        ("groups", {"role": "r", "groups": [" "]}),
        ("users", {"role": "r", "users": [], "state": "absent"}),
        ("exclusive", {"exclusive": True, "state": "absent"}),
        ("exclusive", {"exclusive": "perhaps"}),
        ("groups[1]", {"role": "r", "groups": ["a", None]}),
        ("state", {"state": "gone"}),
        ("tenant_url", NO_SCHEME),
    ],
    "tenant": [
        ("config.max_keys_per_user", {"config": {"max_keys_per_user": 1001}}),
        ("config.max_keys", {"config": {"max_keys": 5}}),
        ("config", {"config": "max_keys_per_user: 5"}),
        ("config.max_api_key_expiry", {"config": {"max_api_key_expiry": "one day"}}),
        ("permission.role", {"permission": {"role": " "}}),
        ("permission.groups[0]", {"permission": {"role": "r", "groups": [None]}}),
        ("permission", {"permission": {"role": "r"}, "api_keys_enabled": False}),
        ("keys", {"keys": [{"description": "k"}], "api_keys_enabled": False}),
        ("scim_keys[0].expiry", {"scim_keys": [{"description": "k", "idp_id": "a", "expiry": "soon"}]}),
        ("scim_keys[0].idp_id: must be given, unless idp", {"scim_keys": [{"description": "k"}]}),
        ("scim_keys[0].idp: must be a dictionary, not a list", {"scim_keys": [{"description": "k", "idp": [1]}]}),
        ("scim_keys[0].sub", {"scim_keys": [{"description": "k", "idp_id": "a", "sub": "b"}]}),
        ("keys[1]", {"keys": [{"description": "k"}] * 2}),
        ("purge", {"purge": True, "purge_scope": {"sub": "a"}}),
        ("purge_scope", {"keys": [], "purge": True}),
        ("only_renew", {"only_renew": True, "config": {"max_keys_per_user": 5}}),
        ("handed_on", {"keys": [], "handed_on": []}),
        ("tenant_url", NO_SCHEME),
    ],
    "tenant_info": [
        ("access_token", {"access_token": ""}),
        (
            "access_token",
            {"access_token": ADMIN, "client_id": "some-client", "client_secret": "{{ 'some' ~ '-secret' }}"},
        ),
        ("client_secret", {"access_token": "", "client_id": "some-client"}),
        ("access_token", {"access_token": "Bearer x"}),
        ("tenant_url", {"tenant_url": "http://tenant.eu.qlikcloud.com"}),
        ("tenant_url", NO_SCHEME),
        ("tenant_url", {"tenant_url": ""}),
        ("ca_path", {"ca_path": "{{ folder }}/none.pem"}),
        ("retries", {"retries": 11}),
        ("timeout", {"timeout": 0}),
        ("headers", {"headers": {"Authorization": "x"}}),
        ("headers", {"headers": {"Content-Length": "0"}}),
    ],
}


@pytest.mark.parametrize("generation", ["permission"])
@pytest.mark.parametrize("module", CASES)
def test_the_message_names_the_option_and_nothing_is_sent(playground: Playground, module: str) -> None:
    cases = CASES[module]
    answers = playground.run(*({f"tenantops.qlik_cloud.{module}": options} for _name, options in cases))
    assert [answer["failed"] for answer in answers] == [True] * len(cases)
    named = [(case[0], answer["msg"]) for case, answer in zip(cases, answers)]
    unnamed = [(name, message) for name, message in named if name not in message]
    assert unnamed == []
    assert playground.tenant.control("GET", "requests")["requests"] == []
    assert list(playground.folder.iterdir()) == []


@pytest.mark.parametrize("generation", ["switch"])
def test_a_folder_that_cannot_be_written_after_all_is_found_before_the_key_is_made(enabled: Playground) -> None:
    # The kernel's own file systems take no new files from anybody, root included, whatever their modes say.
    [answer] = enabled.run({"tenantops.qlik_cloud.api_key": {"description": "k", "token_file": "/proc/k.token"}})
    assert answer["failed"]
    assert answer["msg"].startswith("token_file: ")
    assert enabled.writes() == []
