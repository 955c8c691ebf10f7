# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Input that cannot be meant is told by its option, before any request."""

from __future__ import annotations

import os

import pytest

NIGHTLY = {"description": "nightly reload"}


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "description: needed to say which key is meant, unless id names it."),
        ({"state": "absent"}, "description: needed to say which key is meant"),
        ({"description": ""}, "description: must not be empty."),
        ({"description": " \t"}, "description: must not be empty."),
        ({"id": ""}, "id: must not be empty."),
        ({"id": ".."}, "id: '..' is not an id."),
        ({**NIGHTLY, "sub": ""}, "sub: must not be empty."),
        ({**NIGHTLY, "idp_id": " "}, "idp_id: must not be empty."),
        ({**NIGHTLY, "sub": "u", "idp_id": "i"}, "mutually exclusive: sub|idp_id"),
        ({"id": "k", "sub": "u"}, "mutually exclusive: id|sub"),
        ({"id": "k", "idp_id": "i"}, "mutually exclusive: id|idp_id"),
        ({**NIGHTLY, "sub_type": "robot"}, "sub_type"),
        ({**NIGHTLY, "state": "gone"}, "state"),
        ({**NIGHTLY, "sub_type": "externalClient"}, "sub_type: externalClient needs idp_id, or sub"),
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
    ],
)
def test_it_is_refused_in_check_mode_and_outside(run, wire, options, told, check):
    result = run("api_key", check=check, verbosity=3, **options)
    assert told in result.message
    assert "exception" not in result.results
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
