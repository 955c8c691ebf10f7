# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the demonstration: what it takes from the output, and that the committed one is of today's demonstration."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from ansible_collections.tenantops.qlik_cloud.tests.demo.picture import BACKGROUND, COLOURS, COLUMNS, draw, pick_lines
from ansible_collections.tenantops.qlik_cloud.tests.unit.project import ROOT

OUTPUT = """An embedded tenant listens.

=== 1. Onboard
$ ansible-playbook onboard --diff

    TASK [Set up]
    --- before
    -    "limit": 5,
    changed: [embedded-tenant]

    TASK [Summary of the tenants]
    ok: [embedded-tenant] => {
        "msg": [
            "embedded-tenant: changed <limit> & more"
        ]
    }

    PLAY RECAP
    embedded-tenant            : ok=6    changed=1    unreachable=0    failed=0    skipped=5

=== 2. Onboard again
$ ansible-playbook onboard

    TASK [Summary of the tenants]
    ok: [embedded-tenant] => {
        "msg": [
            "embedded-tenant: nothing to do"
        ]
    }

    PLAY RECAP
    embedded-tenant            : ok=6    changed=0    unreachable=0    failed=0    skipped=5

Done: the second run had changed=0.
"""
PICTURE = ROOT / "docs" / "images" / "demo.svg"


def read_texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def luminance(colour: str) -> float:
    """As WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_step_is_shown_by_its_title_command_last_lines_and_counts():
    assert [(line.kind, line.text) for line in pick_lines(OUTPUT) if line.text] == [
        ("command", "$ make demo"),
        ("title", "=== 1. Onboard"),
        ("command", "$ ansible-playbook onboard --diff"),
        ("text", "  embedded-tenant: changed <limit> & more"),
        ("changed", "  ok=6  changed=1  failed=0"),
        ("title", "=== 2. Onboard again"),
        ("command", "$ ansible-playbook onboard"),
        ("text", "  embedded-tenant: nothing to do"),
        ("ok", "  ok=6  changed=0  failed=0"),
    ]


def test_the_drawing_has_each_line_as_it_is():
    lines = list(pick_lines(OUTPUT))
    assert read_texts(draw(lines)) == [line.text for line in lines if line.text]


def test_every_colour_stands_out_from_the_ground():
    for colour in COLOURS.values():
        assert (luminance(colour) + 0.05) / (luminance(BACKGROUND) + 0.05) >= 7


def test_the_committed_picture_has_the_steps_and_commands_of_the_demonstration():
    texts = read_texts(PICTURE.read_text(encoding="utf-8"))
    titles = re.findall(r'"(\d\. [^"]*)"', (ROOT / "tests" / "demo" / "demo.py").read_text(encoding="utf-8"))
    assert [text for text in texts if text.startswith("=== ")] == [f"=== {title}" for title in titles]
    assert len(titles) == 4
    assert max(map(len, texts)) <= COLUMNS
    assert "](docs/images/demo.svg)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_committed_picture_names_no_path_of_a_machine_and_loads_nothing():
    svg = PICTURE.read_text(encoding="utf-8")
    assert not re.search(r"/(home|work|tmp|root)/|href|url\(|<script|<image", svg)
