# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the documentation site finds markup that a page shows as text, and accepts it in code."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.gate.site_markup import signs


@pytest.mark.parametrize(
    "text",
    [
        "<strong>The role ``onboarding``</strong>",
        "set `overlap` for it",
        "**bold** words",
        "an *emphasis",
        "see [the guide](guide.md)",
        "see the guide_ for more",
        ".. note: something",
        "## A heading",
        "|---|---|",
        "press &lt;b&gt;here&lt;/b&gt;",
        "the option O(name)",
    ],
)
def test_markup_in_text_is_found(text: str) -> None:
    assert list(signs(f"<p>{text}</p>"))


@pytest.mark.parametrize(
    "text",
    [
        "Plain words (in brackets), 2 * 3, a name_with_underscores, and so on …",
        "<code><span>``x`` **y** [a](b)</span></code>",
        "<pre>## *.qlik.yml\n.. a &lt;b&gt;</pre> after it",
    ],
)
def test_plain_text_and_code_are_accepted(text: str) -> None:
    assert not list(signs(f"<p>{text}</p>"))
