# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of a tenant, read field by field: nothing is taken for an id, a text or a list that is not one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import UnusableAnswerError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import parse_time
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import Answer

# Ids are opaque (API reference), but become part of a path and of messages: no blanks, quotes, nor what means something in
# an address.
ID_PATTERN = re.compile(r"(?!\.{1,2}$)[\w.:|~@$&!*()+,;=-]{1,255}", re.ASCII)

AnyRecord = TypeVar("AnyRecord")


class Record:
    """One object of an answer. ``noun`` names its kind in messages (``API key``)."""

    def __init__(self, answer: Answer, value: Any, noun: str):
        self._answer = answer
        self._fields = value if isinstance(value, dict) else {}
        self._noun = noun
        self._outer: Record | None = None

    def nested(self, name: str) -> Record:
        """The object in the field, called as this record is in messages; an empty one where the tenant tells none."""
        value = self._fields.get(name)
        if value is not None and not isinstance(value, dict):
            self._warn_unusable(name, "object")
        part = Record(self._answer, value, self._noun)
        part._outer = self._outer or self
        return part

    @property
    def fields(self) -> dict[str, Any]:
        """As they came; empty if it was no object."""
        return self._fields

    def id(self, name: str = "id") -> str:
        """Raises UnusableAnswerError unless the field is an id that can be part of a path."""
        value = self._fields.get(name)
        if not isinstance(value, str) or not is_id(value):
            raise self._build_error(name)
        return value

    def text(self, name: str) -> str:
        """Raises UnusableAnswerError unless the field is text."""
        value = self._fields.get(name)
        if not isinstance(value, str):
            raise self._build_error(name)
        return value

    def one_of(self, name: str, known: Collection[str]) -> str:
        """Raises UnusableAnswerError unless the field is one of these texts."""
        value = self.text(name)
        if value not in known:
            raise self._build_error(name)
        return value

    def optional_text(self, name: str) -> str | None:
        """None where the tenant tells none; told to the user, and None as well, where it is not text."""
        value = self._fields.get(name)
        if value is None or isinstance(value, str):
            return value
        return self._warn_unusable(name, "text")

    def optional_id(self, name: str) -> str | None:
        """None where the tenant tells none; told to the user, and None as well, where it is no id."""
        value = self._fields.get(name)
        if value is None or (isinstance(value, str) and is_id(value)):
            return value
        return self._warn_unusable(name, "id")

    def optional_time(self, name: str) -> str | None:
        """The text as it came; the user is told where it is no time, since nothing that depends on it is done then."""
        value = self.optional_text(name)
        if value is not None and parse_time(value) is None:
            self._answer.warn(f"The {name!r} of {self} is no time, so nothing that depends on it is done or found.")
        return value

    def flag(self, name: str) -> bool:
        """Whether the field is true."""
        return self._fields.get(name) is True

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts that may be missing. Raises UnusableAnswerError for anything else."""
        value = self._fields.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise self._build_error(name)
        return tuple(value)

    def names(self, name: str) -> tuple[str, ...]:
        """The names in a list of ``{id, name, …}``. Raises UnusableAnswerError when there is no such list."""
        value = self._fields.get(name)
        entries = value if isinstance(value, list) else [None]
        found = tuple(entry.get("name") if isinstance(entry, dict) else None for entry in entries)
        if not all(isinstance(each, str) for each in found):
            raise self._build_error(name)
        return found

    def __str__(self) -> str:
        if self._outer is not None:
            return str(self._outer)
        value = self._fields.get("id")
        return (
            f"{self._noun} {value}" if isinstance(value, str) and is_id(value) else f"{self._noun} without a usable id"
        )

    def _build_error(self, name: str) -> UnusableAnswerError:
        return self._answer.build_error(f"with a record, {self}, that has no usable {name!r}")

    def _warn_unusable(self, name: str, kind: str) -> None:
        self._answer.warn(f"{self} came with a {name!r} that is no {kind}; it counts as not told.")


def is_id(text: str) -> bool:
    """Whether a text can be an id: printable ASCII without blanks, and not the folder itself or the one above."""
    return ID_PATTERN.fullmatch(text) is not None


def read_usable_records(
    pages: Iterable[tuple[Answer, Any]],
    noun: str,
    read: Callable[[Record], AnyRecord],
    is_needed: Callable[[dict[str, Any]], bool],
) -> Iterator[AnyRecord]:
    """All records of a list call as ``read`` makes them of it.

    One that it cannot read is left out with a warning, unless ``is_needed`` says of its fields that something depends on
    it: then UnusableAnswerError is raised.
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
