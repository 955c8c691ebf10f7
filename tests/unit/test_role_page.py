# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site's page of a role: the entry point `main` comes first, and what others share with it is described once."""

from __future__ import annotations

import re

from ansible_collections.tenantops.qlik_cloud.tests.gate.role_page import arranged

ENTRY_POINT = """\
.. _a.b.c_role__entrypoint-{name}:

Entry point ``{name}``
----------------------

- See :ansopt:`a.b.c#role:{name}:the\\_url`.

.. tabularcolumns:: x

.. list-table::

  * - Parameter
    - Comments

{rows}
.. Notes

"""
ROW = """\
  * - .. raw:: html

        <div id="parameter-{name}--{variable}"></div>

      .. _a.b.c_role__parameter-{name}__{variable}:

    - {text}

"""


def entry_point(name: str, **variables: str) -> str:
    """An entry point as antsibull-docs describes it, with the text of each of its variables."""
    rows = "".join(ROW.format(name=name, variable=variable, text=text) for variable, text in variables.items())
    return ENTRY_POINT.format(name=name, rows=rows)


PAGE = (
    "Title\n\n"
    + entry_point("alone", the_url="The address.", only="Only here.", both="Another text.")
    + entry_point("main", the_url="The address.", both="A text.")
    + entry_point("same", the_url="The address.")
    + ".. Extra links\n\nLinks\n"
)


def test_main_comes_first() -> None:
    assert re.findall(r"^Entry point ``(\w+)``", arranged(PAGE), re.MULTILINE) == ["main", "alone", "same"]


def test_what_main_has_as_well_is_described_there_only() -> None:
    page = arranged(PAGE)
    rows = re.findall(r'id="parameter-(\w+)--(\w+)"', page)
    assert rows == [("main", "the_url"), ("main", "both"), ("alone", "only"), ("alone", "both")]
    assert page.count("Described :ref:`above <a.b.c_role__entrypoint-main>`: :literal:`the_url`.") == 2
    assert page.count("list-table") == 2


def test_links_to_what_was_left_out_lead_to_main() -> None:
    assert re.findall(r"#role:(\w+):the", arranged(PAGE)) == ["main", "main", "main"]


def test_the_rest_of_the_page_stays() -> None:
    page = arranged(PAGE)
    assert page.startswith("Title\n") and page.endswith(".. Extra links\n\nLinks\n")
