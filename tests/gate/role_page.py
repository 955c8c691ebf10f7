# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts the entry point `main` first on the site's page of a role, and describes its variables only there.

antsibull-docs sorts the entry points by name, and describes for each of them the variables that they share.
"""

from __future__ import annotations

import re

MAIN = "main"
LABEL = re.compile(r"\.\. _([\w.]+__entrypoint-)(\w+):\n")
SECTION = re.compile(r"^(?=\.\. _[\w.]+__entrypoint-)", re.MULTILINE)
AFTER_SECTIONS = re.compile(r"^(?=\.\. Extra links\n)", re.MULTILINE)
TABLE = re.compile(r"^\.\. tabularcolumns::.*?(?=^\.\. (?!list-table))", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^(?=  \* - \.\. raw:)", re.MULTILINE)
VARIABLE = re.compile(r'id="parameter-\w+--([^"/]+)"')


def arranged(page: str) -> str:
    """The page, in RST, with `main` first, and without the rows of other entry points that are the same for `main`."""
    page, after = AFTER_SECTIONS.split(page)
    head, *sections = SECTION.split(page)
    main, *others = sorted(sections, key=lambda section: _label(section)[1] != MAIN)
    described = set(_rows(main))
    return "".join([head, main, *(_shortened(section, described) for section in others), after])


def _label(section: str) -> tuple[str, str]:
    """What the labels of all entry points begin with, and the name of this one."""
    found = LABEL.match(section)
    assert found
    return found[1], found[2]


def _rows(section: str) -> list[str]:
    """The rows of the table of variables, with the labels of `main`."""
    table = TABLE.search(section)
    rows = ROW.split(table[0])[1:] if table else []
    return [re.sub(rf"(parameter-|#role:){_label(section)[1]}(--|__|:)", rf"\1{MAIN}\2", row).rstrip() for row in rows]


def _shortened(section: str, described: set[str]) -> str:
    table = TABLE.search(section)
    assert table
    header, *rows = ROW.split(table[0])
    kept, shared = [], []
    for row, comparable in zip(rows, _rows(section)):
        if comparable not in described:
            kept.append(row)
        elif variable := VARIABLE.search(row):
            shared.append(variable[1])
    prefix, name = _label(section)
    text = "".join([header, *kept]) if kept else ""
    if shared:
        names = ", ".join(f":literal:`{variable}`" for variable in shared)
        text = f"Described :ref:`above <{prefix}{MAIN}>`: {names}.\n\n{text}"
    section = section[: table.start()] + text + section[table.end() :]
    for variable in shared:
        escaped = variable.replace("_", r"\_")
        section = section.replace(f"#role:{name}:{escaped}`", f"#role:{MAIN}:{escaped}`")
    return section
