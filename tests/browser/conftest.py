# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of the report in a real Chromium. Whatever a test does, nothing of a text may run and nothing be requested."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.html import render
from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import document

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium that CHROMIUM or PATH names."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.fail("There is no Chromium: install one (apt-get install chromium), or name it by CHROMIUM=<path>.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, headless=True, args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def documents() -> dict[str, dict[str, Any]]:
    return {
        "large": document(tenants=5, keys=2000, hostile=True),
        "small": document(tenants=3, keys=60, hostile=True),
        "empty": document(tenants=0, keys=0),
        "unreachable": document(tenants=3, keys=0, unreachable=3),
    }


@pytest.fixture(scope="session")
def files(documents: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of each document."""
    folder = tmp_path_factory.mktemp("pages")
    paths = {name: folder / f"{name}.html" for name in documents}
    for name, path in paths.items():
        path.write_text(render(documents[name]), encoding="utf-8")
    return paths


@pytest.fixture
def open_page(browser: Browser, files: dict[str, Path]) -> Iterator[Open]:
    """Opens the page of a document; at the end of the test all of them must have kept quiet."""
    opened: list[tuple[Page, str, list[str], list[str]]] = []

    def opener(name: str, *, width: int = 1600, scheme: str = "light", script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 1000}, color_scheme=scheme, java_script_enabled=script
        )
        page, requested, said = context.new_page(), [], []
        page.on("request", lambda request: requested.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        opened.append((page, files[name].as_uri(), requested, said))
        page.goto(files[name].as_uri())
        return page

    yield opener
    for page, address, requested, said in opened:
        assert set(requested) == {address}
        assert said == []
        assert page.evaluate("window.ran") is None
        page.context.close()
