# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""YAML mappings as text: entries are put in and replaced without touching how the others are written."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field

import yaml

WIDTH = 128
_ENTRY = re.compile(r"(?P<name>[\w-]+):(?: +(?P<value>.*))?")


@dataclass
class Entry:
    """What stands behind a name: a value on the same line, or lines below it, which may be a mapping again."""

    value: str = ""
    lines: list[str] = field(default_factory=list)
    mapping: dict[str, Entry] | None = None


def parse(lines: list[str]) -> dict[str, Entry]:
    """The entries of a mapping whose lines begin at the left margin. Raises ValueError for anything else."""
    entries: dict[str, Entry] = {}
    entry: Entry | None = None
    for line in lines:
        found = _ENTRY.fullmatch(line)
        if found and found["name"] not in entries:
            entry = entries[found["name"]] = Entry(found["value"] or "")
        elif entry is not None and (line.startswith("  ") or not line):
            entry.lines.append(line[2:])
        else:
            raise ValueError(f"not an entry of a mapping, or one that is there already: {line!r}")
    for entry in entries.values():
        if not entry.value and entry.lines and _ENTRY.fullmatch(entry.lines[0]):
            entry.mapping, entry.lines = parse(entry.lines), []
    return entries


def render(entries: dict[str, Entry]) -> list[str]:
    """The lines of a mapping."""
    lines = []
    for name, entry in entries.items():
        inner = entry.lines if entry.mapping is None else render(entry.mapping)
        lines += [
            f"{name}: {entry.value}" if entry.value else f"{name}:",
            *(f"  {line}" if line else "" for line in inner),
        ]
    return lines


def merge(own: dict[str, Entry], shared: dict[str, Entry]) -> dict[str, Entry]:
    """``own`` with the entries of ``shared``, which win; one that was not there comes behind the one that it follows there."""
    merged, before = dict(own), None
    for name, entry in shared.items():
        mine = own.get(name)
        if mine is None:
            merged = _insert(merged, before, name, entry)
        elif mine.mapping is not None and entry.mapping is not None:
            merged[name] = Entry(mapping=merge(mine.mapping, entry.mapping))
        else:
            merged[name] = entry
        before = name
    return merged


def _insert(entries: dict[str, Entry], before: str | None, name: str, entry: Entry) -> dict[str, Entry]:
    inserted = {name: entry} if before is None else {}
    for each, value in entries.items():
        inserted[each] = value
        if each == before:
            inserted[name] = entry
    return inserted


def paragraph(text: str, indent: int) -> Entry:
    """One paragraph of documentation as a plain value, or as a list of one where it is too long for the line."""
    one_line = f"description: {text}"
    if len(one_line) + indent <= WIDTH:
        entry = Entry(text)
    else:
        wrapped = textwrap.wrap(text, WIDTH - indent - 4, break_on_hyphens=False, break_long_words=False)
        entry = Entry(lines=[f"{'  ' if number else '- '}{line}" for number, line in enumerate(wrapped)])
    read = yaml.safe_load("\n".join(render({"description": entry})))["description"]
    if read not in (text, [text]):
        raise ValueError(f"cannot be written without quotes: {text}")
    return entry
