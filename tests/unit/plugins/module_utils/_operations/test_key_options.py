# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import KEY_OPTIONS
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import (
    check_not_blank,
    parse_id,
    parse_key_id,
    parse_name,
    parse_subject,
    parse_wanted_key,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey

NOTHING = {name: option.get("default") for name, option in KEY_OPTIONS.items()}
NIGHTLY = {"description": "nightly reload"}
BY_ID = {"id": "key-1"}
LASTING = {"expiry": "P90D", "renew_before": "P14D", "overlap": "P2D"}


@pytest.mark.parametrize("value", [None, "a", " a ", "字", "a\tb", "a\nb", "👩\u200d🔧"])
def test_an_option_may_be_left_out_or_say_something(value):
    assert check_not_blank({"a": value}, "a") is None


@pytest.mark.parametrize("value", ["", " ", "\t\n"])
def test_an_option_that_says_nothing_is_refused_by_its_name(value):
    with pytest.raises(OptionError, match="^b: must not be empty"):
        check_not_blank({"a": "x", "b": value}, "a", "b")


@pytest.mark.parametrize("odd", ["\x1b[2J", "\x00", "\x7f", "\x85", "\u202e", "\u2066", "\u200f", "\ud800"])
def test_characters_that_move_a_cursor_or_turn_the_writing_are_refused(odd):
    with pytest.raises(OptionError, match="^a: has characters that are not to be seen"):
        check_not_blank({"a": f"nightly {odd} reload"}, "a")


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (None, None),
        ("a.b", "a.b"),
        ("...", "..."),
        (" key-1\n", "key-1"),
        ("\t key-1\u00a0\r\n", "key-1"),
        ("auth0|a_b-c.d~e:1", "auth0|a_b-c.d~e:1"),
        ("a@b$&!*()+,;=", "a@b$&!*()+,;="),
        ("i" * 255, "i" * 255),
    ],
)
def test_an_id_is_taken_without_the_white_space_around_it(value, meant):
    assert parse_id({"id": value}, "id") == meant


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        ".",
        "..",
        " ..\n",
        "a b",
        "a/b",
        "../users/u1",
        "a%2eb",
        "a?b",
        "a#b",
        "a\\b",
        "'a'",
        "a\nb",
        "\ufeffa",
        "a\u200b",
        "a\u00adb",
        "ключ",
        "i" * 256,
        "\x1b[0m",
        "a\ud800",
    ],
)
def test_what_cannot_be_an_id_is_refused_by_its_name(value):
    with pytest.raises(OptionError, match="^id: ") as refused:
        parse_id({"id": value}, "id")
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(
    ("value", "meant"),
    [(None, None), (" u-1\n", "u-1"), ("auth0|a b", "auth0|a b"), ("DOMAIN\\Åsa Ö", "DOMAIN\\Åsa Ö")],
)
def test_a_user_is_named_without_the_white_space_around_it(value, meant):
    assert parse_name({"sub": value}, "sub") == meant


@pytest.mark.parametrize("value", ["u-1\u200b", "\ufeffu-1", "u\u00ad-1", "u-1\nu-2", "u\u00a01", "u\t1", "u\u20601"])
def test_a_user_is_not_named_with_characters_that_nobody_sees(value):
    """Nobody would be found then, and what the user has would be taken for gone."""
    with pytest.raises(OptionError, match="^sub: has characters that are not to be seen"):
        parse_name({"sub": value}, "sub")


@pytest.mark.parametrize(
    ("given", "subject"),
    [
        ({"idp_id": None, "sub": None, "sub_type": "user"}, (None, "user")),
        ({"idp_id": None, "sub": "u", "sub_type": "externalClient"}, ("u", "externalClient")),
        ({"idp_id": None, "sub": " u\n", "sub_type": "user"}, ("u", "user")),
        ({"idp_id": "i", "sub": None, "sub_type": "user"}, ("SCIM\\i", "externalClient")),
        ({"idp_id": " i\n", "sub": None, "sub_type": "user"}, ("SCIM\\i", "externalClient")),
        # Whose it is, is known only when the provider is looked up.
        (
            {"idp_id": None, "idp": {"provider": "okta"}, "sub": None, "sub_type": "user"},
            (None, "externalClient"),
        ),
    ],
)
def test_an_identity_provider_means_subject_and_type(given, subject):
    assert parse_subject(given) == subject


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (NIGHTLY, WantedKey("nightly reload")),
        ({**NIGHTLY, "sub": "u2"}, WantedKey("nightly reload", sub="u2")),
        ({**NIGHTLY, "idp_id": "i"}, WantedKey("nightly reload", sub="SCIM\\i", sub_type="externalClient")),
        ({**NIGHTLY, "idp": {"provider": "okta"}}, WantedKey("nightly reload", sub_type="externalClient")),
        (BY_ID, WantedKey(None, id="key-1")),
        ({"id": "key-1\n"}, WantedKey(None, id="key-1")),
        ({**NIGHTLY, "sub": "u2\n"}, WantedKey("nightly reload", sub="u2")),
        ({**BY_ID, **NIGHTLY}, WantedKey("nightly reload", id="key-1")),
        ({**NIGHTLY, **LASTING}, WantedKey("nightly reload", **LASTING)),
        ({**NIGHTLY, "overlap": "PT0S"}, WantedKey("nightly reload", overlap="PT0S")),
        (
            {**NIGHTLY, "on_lost_token": "replace", "force_renew": True, "retire_first": True},
            WantedKey("nightly reload", on_lost_token="replace", force_renew=True, retire_first=True),
        ),
        ({**BY_ID, "on_lost_token": "ignore"}, WantedKey(None, id="key-1", on_lost_token="ignore")),
        (
            {**NIGHTLY, "expiry": "P1Y", "renew_before": "P11M"},
            WantedKey("nightly reload", expiry="P1Y", renew_before="P11M"),
        ),
    ],
)
def test_the_options_say_which_key_is_meant_and_how_it_is_kept(given, meant):
    assert parse_wanted_key({**NOTHING, **given}) == meant


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "description: needed to say which key is meant, unless id names it."),
        ({**NIGHTLY, "sub_type": "externalClient"}, "sub_type: externalClient needs idp_id, idp or sub"),
        *(
            ({**NIGHTLY, option: " "}, f"{option}: must not be empty.")
            for option in ("id", "sub", "idp_id", "token_file")
        ),
        ({"description": "nightly\x1b[2J"}, "description: has characters that are not to be seen"),
        ({"description": "nightly\u202e"}, "description: has characters that are not to be seen"),
        ({"id": "key 1"}, "id: 'key 1' is not an id"),
        ({**NIGHTLY, "idp_id": "i\u200b"}, "idp_id: has characters that are not to be seen"),
        ({**NIGHTLY, "sub": "u2\u200b"}, "sub: has characters that are not to be seen"),
        *(
            ({**NIGHTLY, option: value}, f"{option}: '{value}' is not")
            for option in ("expiry", "renew_before", "overlap")
            for value in ("", "soon", "14", "P14", "-P1D")
        ),
        ({**NIGHTLY, "expiry": "P0D"}, "expiry: 'P0D' is not longer than zero"),
        ({**NIGHTLY, "renew_before": "PT0S"}, "renew_before: 'PT0S' is not longer than zero"),
        ({**NIGHTLY, "overlap": "P1D", "retire_first": True}, "overlap: there is none with retire_first"),
        ({**NIGHTLY, "overlap": "PT0S", "retire_first": True}, "overlap: there is none with retire_first"),
        (
            {**NIGHTLY, "expiry": "P14D", "renew_before": "P14D"},
            "renew_before: P14D is not shorter than the expiry of P14D",
        ),
        (
            {**NIGHTLY, "expiry": "P1W", "renew_before": "P8D"},
            "renew_before: P8D is not shorter than the expiry of P1W",
        ),
        ({**BY_ID, "renew_before": "P1D"}, "renew_before: would make another key, and a key cannot be made with an id"),
        ({**BY_ID, "overlap": "PT0S"}, "overlap: would make another key"),
        ({**BY_ID, "force_renew": True}, "force_renew: would make another key"),
        ({**BY_ID, "retire_first": True}, "retire_first: would make another key"),
        ({**BY_ID, "on_lost_token": "replace"}, "on_lost_token: would make another key"),
    ],
)
def test_options_that_do_not_say_it_or_contradict_each_other_are_refused_by_name(given, expected):
    with pytest.raises(OptionError) as refused:
        parse_wanted_key({**NOTHING, **given})
    assert str(refused.value).startswith(expected)


@pytest.mark.parametrize(("said", "key_id"), [(None, None), ("", ""), ("key-1", "key-1"), (" key-1\n", "key-1")])
def test_a_store_says_of_which_key_it_holds_the_token_or_that_it_holds_none(said, key_id):
    assert parse_key_id({"key_id": said}) == key_id


@pytest.mark.parametrize("said", [" ", "a b", "key\u200b"])
def test_what_is_no_id_of_a_key_is_refused(said):
    with pytest.raises(OptionError, match="^key_id: "):
        parse_key_id({"key_id": said})
