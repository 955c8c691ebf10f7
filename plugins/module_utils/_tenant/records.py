# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of a tenant, read field by field with the type of each checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import UnusableAnswerError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import parse_time
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import Answer

# Ids are opaque (API reference), but become part of a path and of messages: no blanks or quotation marks, and no character with
# a meaning in an address.
ID_PATTERN = re.compile(r"(?!\.{1,2}$)[\w.:|~@$&!*()+,;=-]{1,255}", re.ASCII)

AnyRecord = TypeVar("AnyRecord")


class Record:
    """One object of an answer. ``noun`` is what messages call it, such as ``API key``."""

    def __init__(self, answer: Answer, value: Any, noun: str):
        self._answer = answer
        self._fields = value if isinstance(value, dict) else {}
        self._noun = noun
        self._outer: Record | None = None

    def nested(self, name: str) -> Record:
        """The object in the field, empty without one. Messages call it what they call this record."""
        value = self._fields.get(name)
        if value is not None and not isinstance(value, dict):
            self._warn_unusable(name, "object")
        nested = Record(self._answer, value, self._noun)
        nested._outer = self._outer or self
        return nested

    @property
    def fields(self) -> dict[str, Any]:
        """The fields as the tenant names them; empty if the record is no object."""
        return self._fields

    def id(self, name: str = "id") -> str:
        """The id in the field. Raises UnusableAnswerError unless it can be part of a path."""
        value = self._fields.get(name)
        if not isinstance(value, str) or not is_id(value):
            raise self._build_error(name)
        return value

    def text(self, name: str) -> str:
        """The text in the field. Raises UnusableAnswerError for anything else."""
        value = self._fields.get(name)
        if not isinstance(value, str):
            raise self._build_error(name)
        return value

    def one_of(self, name: str, known: Collection[str]) -> str:
        """The text in the field. Raises UnusableAnswerError unless it is one of these."""
        value = self.text(name)
        if value not in known:
            raise self._build_error(name)
        return value

    def optional_text(self, name: str) -> str | None:
        """The text in the field, None without one; with a warning for anything else."""
        value = self._fields.get(name)
        if value is None or isinstance(value, str):
            return value
        self._warn_unusable(name, "text")
        return None

    def optional_id(self, name: str) -> str | None:
        """The id in the field, None without one; with a warning for anything else."""
        value = self._fields.get(name)
        if value is None or (isinstance(value, str) and is_id(value)):
            return value
        self._warn_unusable(name, "id")
        return None

    def optional_time(self, name: str) -> str | None:
        """The text in the field, None without one; with a warning where it is no time, so that nothing is done by it."""
        value = self.optional_text(name)
        if value is not None and parse_time(value) is None:
            self._answer.warn(f"The {name!r} of {self} is no time, so nothing that depends on it is done or found.")
        return value

    def flag(self, name: str) -> bool:
        """Whether the field is true."""
        return self._fields.get(name) is True

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts in the field, none without it. Raises UnusableAnswerError for anything but a list of texts."""
        value = self._fields.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise self._build_error(name)
        return tuple(value)

    def names(self, name: str) -> tuple[str, ...]:
        """The names in a list of ``{id, name, …}``. Raises UnusableAnswerError when there is no such list."""
        entries = self._fields.get(name)
        if not isinstance(entries, list):
            raise self._build_error(name)
        found = (entry.get("name") if isinstance(entry, dict) else None for entry in entries)
        names = tuple(each for each in found if isinstance(each, str))
        if len(names) < len(entries):
            raise self._build_error(name)
        return names

    def __str__(self) -> str:
        if self._outer is not None:
            return str(self._outer)
        value = self._fields.get("id")
        return (
            f"{self._noun} {value}" if isinstance(value, str) and is_id(value) else f"{self._noun} without a usable id"
        )

    def _build_error(self, name: str) -> UnusableAnswerError:
        return self._answer.build_error(f"with a record, {self}, that has no usable {name!r}")

    def _warn_unusable(self, name: str, type_name: str) -> None:
        self._answer.warn(f"{self} came with a {name!r} that is no {type_name}; it counts as missing.")


def is_id(text: str) -> bool:
    """Whether a text can be an id: printable ASCII without blanks, and neither ``.`` nor ``..``."""
    return ID_PATTERN.fullmatch(text) is not None


def read_usable_records(
    pages: Iterable[tuple[Answer, Any]],
    noun: str,
    read: Callable[[Record], AnyRecord],
    is_needed: Callable[[dict[str, Any]], bool],
) -> Iterator[AnyRecord]:
    """The records of a list, each read by ``read``.

    A record that it cannot read is left out with a warning. If ``is_needed`` is true of its fields, UnusableAnswerError is
    raised instead.
    """
    for answer, value in pages:
        record = Record(answer, value, noun)
        try:
            found = read(record)
        except UnusableAnswerError as error:
            if is_needed(record.fields):
                raise
            answer.warn(f"Left out: {error}")
        else:
            yield found
