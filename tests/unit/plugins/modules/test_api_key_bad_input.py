# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Input that cannot be meant is told by its option, before any request, by api_key and in each entry of api_keys."""

from __future__ import annotations

import os

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import NIGHTLY

# What Ansible itself checks, in words of its own.
BY_ANSIBLE = [
    ({**NIGHTLY, "sub": "u", "idp_id": "i"}, "parameters are mutually exclusive: sub|idp_id"),
    ({"id": "k", "sub": "u"}, "parameters are mutually exclusive: id|sub"),
    ({"id": "k", "idp_id": "i"}, "parameters are mutually exclusive: id|idp_id"),
    ({**NIGHTLY, "token_file": "/t", "token": "a-token"}, "parameters are mutually exclusive: token_file|token"),
    ({**NIGHTLY, "sub_type": "robot"}, "value of sub_type must be one of: user, externalClient"),
    ({**NIGHTLY, "state": "gone"}, "value of state must be one of: present, absent"),
    ({**NIGHTLY, "on_lost_token": "guess"}, "value of on_lost_token must be one of: fail, replace, ignore"),
    *(
        ({**NIGHTLY, option: "perhaps"}, f"'{option}' is of type")
        for option in ("force_renew", "retire_first", "return_token")
    ),
]
BY_OPTION = [
    ({}, "description: needed to say which key is meant, unless id names it."),
    ({"state": "absent"}, "description: needed to say which key is meant"),
    ({"description": ""}, "description: must not be empty."),
    ({"description": " \t"}, "description: must not be empty."),
    ({"id": ""}, "id: must not be empty."),
    ({"id": ".."}, "id: '..' is not an id: "),
    ({"id": "k\n1"}, "id: 'k\\n1' is not an id: "),
    ({"id": "k\u200b", "state": "absent"}, "id: has characters that are not to be seen"),
    ({**NIGHTLY, "idp_id": "i 1"}, "idp_id: 'i 1' is not an id: "),
    ({**NIGHTLY, "sub": "u\u200b", "state": "absent"}, "sub: has characters that are not to be seen"),
    ({"description": "nightly\x1b[2Jreload"}, "description: has characters that are not to be seen"),
    ({"description": "nightly\u2066reload"}, "description: has characters that are not to be seen"),
    ({**NIGHTLY, "sub": ""}, "sub: must not be empty."),
    ({**NIGHTLY, "idp_id": " "}, "idp_id: must not be empty."),
    ({**NIGHTLY, "sub_type": "externalClient"}, "sub_type: externalClient needs idp_id, idp or sub"),
    ({**NIGHTLY, "expiry": "soon"}, "expiry: 'soon' is not an ISO 8601 duration"),
    ({**NIGHTLY, "expiry": ""}, "expiry: '' is not an ISO 8601 duration"),
    ({**NIGHTLY, "expiry": "P0D"}, "expiry: 'P0D' is not longer than zero"),
    ({**NIGHTLY, "expiry": "-P1D"}, "expiry: '-P1D' is not longer than zero"),
    ({**NIGHTLY, "expiry": "P1.5Y"}, "expiry: 'P1.5Y'"),
    ({**NIGHTLY, "return_token": False}, "return_token: false without token_file would make a key"),
    ({**NIGHTLY, "token_file": ""}, "token_file: must not be empty."),
    ({**NIGHTLY, "token_file": "/nowhere/at/all"}, "token_file: the folder /nowhere/at does not exist"),
    ({**NIGHTLY, "token_file": os.sep}, "token_file: / is a folder"),
    ({**NIGHTLY, "token_file": os.devnull}, "token_file: /dev/null is a special file"),
    ({**NIGHTLY, "token_file": os.sep, "state": "absent"}, "token_file: / is a folder"),
    *(
        (
            {**which, "token_file": f"/etc/.x{end}"},
            f"token_file: /etc/.x{end} has a name that runs give to files beside a token file",
        )
        for end in (".qlik-lock", ".qlik-pending", ".qlik-new", ".QLIK-Lock")
        for which in (NIGHTLY, {**NIGHTLY, "state": "absent"}, {"id": "k"})
    ),
    ({**NIGHTLY, "renew_before": "soon"}, "renew_before: 'soon' is not an ISO 8601 duration"),
    ({**NIGHTLY, "renew_before": "PT0S"}, "renew_before: 'PT0S' is not longer than zero"),
    (
        {**NIGHTLY, "expiry": "P30D", "renew_before": "P30D"},
        "renew_before: P30D is not shorter than the expiry of P30D",
    ),
    ({**NIGHTLY, "overlap": "soon"}, "overlap: 'soon' is not an ISO 8601 duration"),
    ({**NIGHTLY, "overlap": "-P1D"}, "overlap: '-P1D' is not longer than zero"),
    ({**NIGHTLY, "overlap": "P1D", "retire_first": True}, "overlap: there is none with retire_first"),
    ({"id": "k", "renew_before": "P1D"}, "renew_before: would make another key"),
    ({"id": "k", "overlap": "P1D"}, "overlap: would make another key"),
    ({"id": "k", "force_renew": True}, "force_renew: would make another key"),
    ({"id": "k", "retire_first": True}, "retire_first: would make another key"),
    ({"id": "k", "on_lost_token": "replace"}, "on_lost_token: would make another key"),
    ({**NIGHTLY, "token": "a-token", "return_token": False}, "return_token: false without token_file would make a key"),
]


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(("options", "expected"), BY_OPTION)
def test_it_is_refused_by_its_option_in_check_mode_and_outside(run, wire, options, expected, check):
    result = run("api_key", check=check, verbosity=3, **options)
    assert result.message.startswith(expected)
    assert "exception" not in result.results
    assert wire.sent == []


@pytest.mark.parametrize(("options", "expected"), BY_OPTION)
def test_in_a_list_it_is_refused_by_the_entry_as_well(run, wire, options, expected):
    result = run("api_keys", verbosity=3, keys=[{"id": "fine"}, options])
    assert result.message.startswith(f"keys[1].{expected}")
    assert "exception" not in result.results
    assert wire.sent == []


@pytest.mark.parametrize(("options", "expected"), BY_ANSIBLE)
def test_what_ansible_checks_is_refused_in_both(run, wire, options, expected):
    assert expected in run("api_key", **options).message
    assert expected in run("api_keys", keys=[{"id": "fine"}, options]).message
    assert wire.sent == []


def test_a_token_file_in_a_folder_without_write_permission_is_refused(run, wire, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) != str(tmp_path))
    result = run("api_key", token_file=str(tmp_path / "t"), **NIGHTLY)
    assert f"token_file: the folder {tmp_path} is not writable" in result.message
    assert wire.sent == []


def test_a_token_file_that_is_a_symbolic_link_is_refused(run, wire, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "target")
    result = run("api_key", token_file=str(tmp_path / "link"), **NIGHTLY)
    assert f"token_file: {tmp_path}/link is a symbolic link" in result.message
    assert wire.sent == []
