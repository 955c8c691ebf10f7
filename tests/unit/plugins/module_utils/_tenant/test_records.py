# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from requests import Request

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import UnusableAnswerError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import quote_segment
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import (
    Record,
    is_id,
    read_usable_records,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import Answer
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID, TENANT_ID, USER_ID
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE

NO_OBJECTS = [None, 5, True, "text", [], [{"id": "1"}]]
NO_TEXTS = [None, 5, True, [], ["text"], {}]


@pytest.fixture
def warnings() -> list[str]:
    """What the user was warned of."""
    return []


@pytest.fixture
def answer(warnings) -> Answer:
    return Answer(
        "GET", "/api/v1/things", f"{BASE}/api/v1/things", 200, 0, None, "application/json", {}, warnings.append
    )


@pytest.fixture
def record_of(answer):
    """A record with these fields."""
    return lambda fields: Record(answer, fields, "thing")


@pytest.mark.parametrize(
    "text",
    [
        USER_ID,
        TENANT_ID,
        IDP_ID,
        "a",
        "-",
        "_",
        "~",
        "...",
        ".a",
        "..a",
        "a.",
        "auth0|5",
        "user@example.com",
        "a:b",
        "A-Z_0-9.:|~@$&!*()+,;=",
        "x" * 255,
    ],
)
def test_an_id_is_printable_text_that_can_be_part_of_a_path(text):
    assert is_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "user/1",
        "../me",
        "/",
        "a b",
        " a",
        "a ",
        "a\n",
        "a\r\nX: y",
        "\ta",
        "a\x00",
        "a?b",
        "a#b",
        "a%2Fb",
        "a\\b",
        'a"b',
        "a'b",
        "a<b>",
        "[a]",
        "{a}",
        "a`b",
        "a^b",
        "ä",
        "１",
        # The Cyrillic letter that looks like an a.
        "\u0430",
        "a\u200b",
        "\ufffd",
        "x" * 256,
    ],
)
def test_what_is_no_part_of_a_path_or_means_something_in_an_address_is_no_id(text):
    assert not is_id(text)


# Most texts at random are no ids; those of such characters often are.
NEARLY_IDS = st.text(st.sampled_from("ab9._-~:|@$&!*()+,;=/%?# \\\n"), max_size=6)


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(text=st.one_of(NEARLY_IDS, st.text(max_size=6)))
@example(text="..")
@example(text=".")
def test_whatever_counts_as_an_id_is_exactly_one_segment_of_the_path_that_is_sent(text):
    if is_id(text):
        path = urlsplit(Request("GET", f"{BASE}/api/v1/things/{quote_segment(text)}").prepare().url).path
        assert path.startswith("/api/v1/things/") and path.count("/") == 4
        assert unquote(path.rpartition("/")[2]) == text
        # A reader of the message can tell where the id ends.
        assert text.isascii() and text.isprintable() and " " not in text


@pytest.mark.parametrize("value", NO_OBJECTS)
def test_what_is_no_object_is_a_record_without_any_field(record_of, value):
    record = record_of(value)
    assert record.fields == {}
    assert str(record) == "thing without a usable id"
    with pytest.raises(UnusableAnswerError):
        record.id()


def test_fields_are_as_they_came(record_of):
    assert record_of({"id": 5, "more": [1]}).fields == {"id": 5, "more": [1]}


def test_an_id_is_taken_from_the_field_of_that_name(record_of):
    record = record_of({"id": "thing-1", "tenantId": "tenant-1"})
    assert (record.id(), record.id("tenantId")) == ("thing-1", "tenant-1")
    assert str(record) == "thing thing-1"


@pytest.mark.parametrize("value", [*NO_TEXTS, "", "..", "thing/1", "thing 1", "x" * 256])
def test_what_is_no_id_is_not_taken_for_one_nor_repeated(record_of, value):
    record = record_of({"id": value})
    with pytest.raises(UnusableAnswerError) as failed:
        record.id()
    assert str(failed.value) == (
        "GET /api/v1/things was answered 200 with a record, thing without a usable id, that has no usable 'id'. "
        "Is this the address of a Qlik Cloud tenant?"
    )
    assert str(record) == "thing without a usable id"


def test_a_field_that_is_missing_is_told_with_the_id_of_the_record(record_of):
    with pytest.raises(UnusableAnswerError, match="with a record, thing thing-1, that has no usable 'tenantId'"):
        record_of({"id": "thing-1"}).id("tenantId")


@pytest.mark.parametrize("text", ["", "text", " two\nlines "])
def test_any_text_is_a_text(record_of, warnings, text):
    record = record_of({"name": text})
    assert (record.text("name"), record.optional_text("name")) == (text, text)
    assert warnings == []


@pytest.mark.parametrize("value", NO_TEXTS)
def test_what_is_no_text_is_not_taken_for_one(record_of, value):
    with pytest.raises(UnusableAnswerError, match="thing thing-1, that has no usable 'name'"):
        record_of({"id": "thing-1", "name": value}).text("name")


@pytest.mark.parametrize("fields", [{}, {"name": None}])
def test_a_text_that_is_not_told_is_none(record_of, warnings, fields):
    assert record_of(fields).optional_text("name") is None
    assert warnings == []


@pytest.mark.parametrize("value", [value for value in NO_TEXTS if value is not None])
def test_a_text_that_may_be_missing_counts_as_not_told_when_it_is_none_and_the_user_is_told(record_of, warnings, value):
    assert record_of({"id": "thing-1", "name": value}).optional_text("name") is None
    assert warnings == ["thing thing-1 came with a 'name' that is no text; it counts as missing."]


@pytest.mark.parametrize("text", [None, "2026-11-29T07:30:00Z", "2026-11-29T07:30:00.123456789+01:00"])
def test_a_time_is_as_it_came_and_may_be_missing(record_of, warnings, text):
    assert record_of({"ends": text}).optional_time("ends") == text
    assert warnings == []


@pytest.mark.parametrize("text", ["", "2026-12-31", "Thu, 31 Dec 2026 00:00:00 GMT", "2026-02-30T00:00:00Z"])
def test_of_what_is_no_time_the_user_is_told(record_of, warnings, text):
    """A key whose end cannot be read is never due, so it would end unnoticed."""
    assert record_of({"id": "thing-1", "ends": text}).optional_time("ends") == text
    assert warnings == ["The 'ends' of thing thing-1 is no time, so nothing that depends on it is done or found."]


@pytest.mark.parametrize(
    ("fields", "flag"),
    [({"on": True}, True), ({"on": False}, False), ({}, False), ({"on": 1}, False), ({"on": "true"}, False)],
)
def test_only_true_is_a_flag(record_of, fields, flag):
    assert record_of(fields).flag("on") is flag


@pytest.mark.parametrize(
    ("fields", "texts"), [({}, ()), ({"all": None}, ()), ({"all": []}, ()), ({"all": ["b", "a"]}, ("b", "a"))]
)
def test_texts_are_in_their_order_and_may_be_missing(record_of, fields, texts):
    assert record_of(fields).texts("all") == texts


@pytest.mark.parametrize("value", [5, False, "text", {}, {"a": "b"}, ["a", None], ["a", 5], [["a"]]])
def test_a_list_with_anything_but_texts_is_not_taken_for_one(record_of, value):
    with pytest.raises(UnusableAnswerError, match="thing thing-1, that has no usable 'all'"):
        record_of({"id": "thing-1", "all": value}).texts("all")


def test_names_are_in_their_order(record_of):
    assert record_of({"roles": [{"id": "1", "name": "b"}, {"name": "a"}]}).names("roles") == ("b", "a")
    assert record_of({"roles": []}).names("roles") == ()


@pytest.mark.parametrize(
    "fields",
    [{}, *({"roles": value} for value in [None, 5, "a", {"name": "a"}, ["a"], [None], [{"id": "1"}], [{"name": 5}]])],
)
def test_names_that_are_not_all_told_are_none(record_of, fields):
    with pytest.raises(UnusableAnswerError, match="thing thing-1, that has no usable 'roles'"):
        record_of({"id": "thing-1", **fields}).names("roles")


def names_of(answer: Answer, values: list[Any], is_needed=lambda fields: False) -> list[str]:
    """The names of the usable records among those of a list call."""
    pages = ((answer, value) for value in values)
    return list(read_usable_records(pages, "thing", lambda record: record.text("name"), is_needed))


def test_records_that_cannot_be_read_are_left_out_and_each_is_told(answer, warnings):
    values = [{"name": "a"}, {"id": "thing-2"}, "text", {"name": "b"}]
    assert names_of(answer, values) == ["a", "b"]
    assert [text.partition(" that has ")[0] for text in warnings] == [
        "Left out: GET /api/v1/things was answered 200 with a record, thing thing-2,",
        "Left out: GET /api/v1/things was answered 200 with a record, thing without a usable id,",
    ]


def test_a_record_that_something_depends_on_is_not_left_out(answer, warnings):
    with pytest.raises(UnusableAnswerError, match="thing thing-2, that has no usable 'name'"):
        names_of(answer, [{"id": "thing-1"}, {"id": "thing-2"}], lambda fields: fields.get("id") == "thing-2")
    assert len(warnings) == 1


def test_what_is_no_object_is_judged_by_no_fields_at_all(answer):
    judged = []
    assert names_of(answer, ["text", None], lambda fields: bool(judged.append(fields))) == []
    assert judged == [{}, {}]


def test_records_are_read_as_they_are_asked_for(answer):
    def pages():
        yield answer, {"name": "a"}
        raise AssertionError("asked for more than is needed")

    assert next(read_usable_records(pages(), "thing", lambda record: record.text("name"), lambda fields: True)) == "a"


def test_only_what_is_unusable_is_left_out(answer):
    def read(record: Record) -> str:
        raise ValueError("a fault of the reader")

    with pytest.raises(ValueError, match="a fault of the reader"):
        list(read_usable_records([(answer, {})], "thing", read, lambda fields: False))


def test_a_part_of_a_record_is_called_as_the_record(record_of, warnings):
    record = record_of({"id": "thing-1", "part": {"id": "part-1", "name": 5, "inner": {"name": 6}}})
    part = record.nested("part")
    assert (part.id(), part.optional_text("name"), part.nested("inner").optional_text("name")) == ("part-1", None, None)
    assert warnings == ["thing thing-1 came with a 'name' that is no text; it counts as missing."] * 2


@pytest.mark.parametrize("odd", [*NO_OBJECTS[1:], {}])
def test_a_part_that_is_no_object_is_empty(record_of, warnings, odd):
    assert record_of({"id": "1", "part": odd}).nested("part").fields == {}
    assert warnings == ([] if odd == {} else ["thing 1 came with a 'part' that is no object; it counts as missing."])


@pytest.mark.parametrize("fields", [{}, {"part": None}])
def test_a_part_that_is_not_told_is_empty(record_of, warnings, fields):
    assert record_of(fields).nested("part").fields == {}
    assert warnings == []


def test_an_id_may_be_missing_or_odd(record_of, warnings):
    record = record_of({"id": "1", "good": "a", "null": None, "odd": "a b", "number": 5})
    assert [record.optional_id(name) for name in ("good", "null", "missing")] == ["a", None, None]
    assert warnings == []
    assert [record.optional_id(name) for name in ("odd", "number")] == [None, None]
    assert warnings == [
        f"thing 1 came with a {name!r} that is no id; it counts as missing." for name in ("odd", "number")
    ]
