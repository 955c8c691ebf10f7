# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token is the whole text, and nothing else is one."""

from __future__ import annotations

import base64
import json

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._json_web_token import (
    MAX_DEPTH,
    MAX_TOKEN_CHARACTERS,
    JsonWebToken,
    parse_token,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import jwt, token_of

TOKEN = token_of("key-1")
HEADER, PAYLOAD, SIGNATURE = TOKEN.split(".")


def encoded(content: bytes | str | dict) -> str:
    if isinstance(content, dict):
        content = json.dumps(content)
    if isinstance(content, str):
        content = content.encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def signed(algorithm: object, length: int) -> str:
    """A token by that algorithm with a signature of so many bytes."""
    return f"{encoded({'alg': algorithm})}.{PAYLOAD}.{encoded(bytes(length))}"


def with_payload(payload: bytes | str) -> str:
    return f"{HEADER}.{encoded(payload)}.{SIGNATURE}"


def test_a_token_is_taken_apart():
    found = parse_token(TOKEN)
    assert found == JsonWebToken(
        TOKEN, {"alg": "ES384", "typ": "JWT"}, json.loads(base64.urlsafe_b64decode(f"{PAYLOAD}==")), SIGNATURE
    )
    assert TOKEN not in repr(found) and SIGNATURE not in repr(found)


@pytest.mark.parametrize("around", ["{}\n", "\r\n{}\r\n", " \t{} \v\f", "\n\n{}"])
def test_white_space_around_it_is_no_part_of_it(around):
    assert parse_token(around.format(TOKEN)).text == TOKEN


RSA_LENGTHS = list(range(256, 1025, 64))


@pytest.mark.parametrize(
    ("algorithm", "lengths"),
    [
        ("HS256", [32]),
        ("HS384", [48]),
        ("HS512", [64]),
        ("ES256", [64]),
        ("ES256K", [64]),
        ("ES384", [96]),
        ("ES512", [132]),
        ("EdDSA", [64, 114]),
        ("Ed25519", [64]),
        ("Ed448", [114]),
        *((f"{family}S{bits}", RSA_LENGTHS) for family in "RP" for bits in (256, 384, 512)),
    ],
)
def test_a_signature_has_the_length_that_its_algorithm_makes(algorithm, lengths):
    assert [length for length in range(1, 1025) if parse_token(signed(algorithm, length))] == lengths


@pytest.mark.parametrize(("length", "is_token"), [(31, False), (32, True), (33, True), (5000, True)])
def test_one_by_an_algorithm_of_another_time_has_32_bytes_at_least(length, is_token):
    assert (parse_token(signed("ML-DSA-44", length)) is not None) is is_token


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", " none", "", " ", None, 5, ["ES384"], {"ES384": 96}])
@pytest.mark.parametrize("length", [0, 96, 256])
def test_one_that_is_not_signed_is_none(algorithm, length):
    assert parse_token(signed(algorithm, length)) is None


@pytest.mark.parametrize("length", range(128))
def test_a_cut_signature_is_noticed_wherever_it_was_cut(length):
    assert parse_token(f"{HEADER}.{PAYLOAD}.{SIGNATURE[:length]}") is None


@pytest.mark.parametrize(
    "text",
    {
        "nothing": "",
        "white space": " \n",
        "words": "my shopping list",
        "opaque": "an-opaque-token",
        "quoted": f'"{TOKEN}"',
        "quoted otherwise": f"'{TOKEN}'",
        "with the word Bearer": f"Bearer {TOKEN}",
        "as a header": f"Authorization: Bearer {TOKEN}",
        "settings": f"A=1\nQLIK_KEY={TOKEN}\nB=2\n",
        "a setting": f"QLIK_KEY={TOKEN}",
        "JSON": json.dumps({"token": TOKEN}),
        "YAML": f"token: {TOKEN}\n",
        "a template": f"{{{{ {TOKEN} }}}}",
        "two": f"{TOKEN}\n{TOKEN}\n",
        "two beside each other": f"{TOKEN} {TOKEN}",
        "two without a gap": TOKEN + TOKEN,
        "with a comment": f"# the key\n{TOKEN}\n",
        "wrapped at 64": "\n".join(TOKEN[start : start + 64] for start in range(0, len(TOKEN), 64)),
        "wrapped at a dot": TOKEN.replace(".", ".\n"),
        "indented and wrapped": f"{TOKEN[:70]}\n  {TOKEN[70:]}",
        "cut at the front": TOKEN[1:],
        "cut to the payload": f"{HEADER}.{PAYLOAD}",
        "without a signature": f"{HEADER}.{PAYLOAD}.",
        "without a header": f".{PAYLOAD}.{SIGNATURE}",
        "without a payload": f"{HEADER}..{SIGNATURE}",
        "one part more": f"{TOKEN}.{SIGNATURE}",
        "a dot more": f"{TOKEN}.",
        "encrypted": f"{TOKEN}.{SIGNATURE}.{SIGNATURE}",
        "with a byte order mark": f"\ufeff{TOKEN}",
        "with a zero": f"{TOKEN}\0",
        "with a zero width space": f"{TOKEN}\u200b",
        "with a no-break space": f"\u00a0{TOKEN}",
        "with wide letters": TOKEN.replace("eyJ", "\uff45\uff59\uff2a"),
        "with an umlaut": f"{HEADER}.{PAYLOAD[:-1]}ö.{SIGNATURE}",
        "padded": f"{HEADER}.{PAYLOAD}==.{SIGNATURE}",
        "in the other alphabet": f"{HEADER}.{PAYLOAD}.{'+' * 128}",
        "percent-encoded": TOKEN.replace(".", "%2E"),
        "ended by a percent sign": f"{TOKEN}%",
        "of an impossible length": f"{HEADER}.{PAYLOAD[: len(PAYLOAD) // 4 * 4 + 1]}.{SIGNATURE}",
        "with half a character": f"{TOKEN}\ud800",
    }.items(),
    ids=lambda item: item[0],
)
def test_what_is_more_less_or_other_than_a_token_is_none(text):
    assert parse_token(text[1]) is None


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "{",
        "[]",
        '["jti"]',
        '"jti"',
        "5",
        "null",
        "{} {}",
        '{"jti": "a", "jti": "b"}',
        '{"inside": {"a": 1, "a": 2}}',
        '{"exp": NaN}',
        '{"exp": -Infinity}',
        '{"exp": 1e999}',
        '{"jti": "\\ud800"}',
        '{"\\udfff": 1}',
        b'{"jti": "\xff"}',
        b"\xef\xbb\xbf{}",
        '{"jti": "a"}'.encode("utf-16"),
        '{"jti": "a"}'.encode("utf-32-le"),
        "[" * 10_000,
        '{"a":' * 8_000,
        '{"a": ' + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "}",
        f'{{"exp": {"1" * 40_000}}}',
    ],
)
def test_header_and_payload_are_json_objects_that_every_reader_reads_alike(payload):
    assert parse_token(with_payload(payload)) is None
    assert parse_token(f"{encoded(payload)}.{PAYLOAD}.{SIGNATURE}") is None


@pytest.mark.parametrize("payload", [{}, {"a": None, "字": [1.5, True, {"b": -3}]}])
def test_any_object_may_be_a_payload(payload):
    assert parse_token(jwt(payload)).payload == payload


def test_a_payload_may_be_nested_as_deeply_as_anybody_needs():
    deep = '{"a": ' + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1) + "}"
    assert parse_token(with_payload(deep)) is not None


def test_what_is_longer_than_any_token_is_none():
    room = MAX_TOKEN_CHARACTERS - len(TOKEN)
    assert parse_token(TOKEN + " " * room).text == TOKEN
    assert parse_token(TOKEN + " " * (room + 1)) is None
    long = with_payload(json.dumps({"a": "x" * MAX_TOKEN_CHARACTERS}))
    assert parse_token(long) is None
    assert parse_token("." * 10_000_000) is None


@pytest.mark.parametrize("length", range(1, 9))
def test_base64_without_padding_is_read_at_every_length(length):
    assert parse_token(token_of("k" * length)).payload["jti"] == "k" * length
