# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Sphinx makes the documentation site."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

project = "tenantops.qlik_cloud"
author = "tenantops.qlik_cloud contributors"
html_title = project
extensions = ["sphinx_antsibull_ext"]
default_role = "any"
nitpicky = True
smartquotes = False
highlight_language = "yaml+jinja"
pygments_style = "friendly"
pygments_dark_style = "github-dark"
html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_use_index = False

IMAGE = re.compile(r"\.\. image:: https://github\.com/[^/\s]+/[^/\s]+/raw/main/docs/images/")
CONTENTS = re.compile(r"^\.\. contents::\n(   :.*\n)*", re.MULTILINE)
UNDERLINE = re.compile(r"[-=~]{4,}")
TITLE = re.compile(r"(?<=^\.\. Title\n\n)tenantops\.qlik_cloud\.(\w+ [\w ]+) -- ", re.MULTILINE)
ENTRY_POINT = re.compile(r"^(Entry point ``\w+``) -- ", re.MULTILINE)
PLUGIN = re.compile(r"    (\w+)_(module|filter|inventory|role)")
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest"
OF_ANSIBLE = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}
"""Pages of Ansible's own documentation by the labels that antsibull-docs refers to."""
BUILTIN = re.compile(r"ansible_collections\.ansible\.builtin\.(\w+_\w+)")


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", fit_the_theme)
    app.connect("missing-reference", link_to_ansible)


def fit_the_theme(_app: Sphinx, page: str, source: list[str]) -> None:
    """What is written for docs.ansible.com is not all as this site and its theme want it.

    The images are here; the theme has a table of contents of its own; the sidebar shows sections and short names; and the
    title of a plugin is short, since its page says below how to name it in a playbook.
    """
    text = IMAGE.sub(".. image:: /images/", source[0])
    text = CONTENTS.sub("", text)
    text = ENTRY_POINT.sub(r"\1: ", TITLE.sub(r"\1: ", text))
    if page == "index":
        text = text.replace("Tenantops.Qlik_Cloud\n", f"{project}\n")
        text = _with_captions(text)
    source[0] = text


def _with_captions(index: str) -> str:
    title, lines = "", []
    for line, below in zip(index.splitlines(), [*index.splitlines()[1:], ""]):
        if UNDERLINE.fullmatch(below):
            title = line.removesuffix(" Plugins").removesuffix(" Index")
        lines.append(PLUGIN.sub(r"    \1 <\1_\2>", line) if PLUGIN.fullmatch(line) else line)
        if line == "    :maxdepth: 1":
            lines.append(f"    :caption: {title}")
    return "\n".join(lines) + "\n"


def link_to_ansible(_app: Sphinx, _env: Any, node: nodes.Element, content: nodes.Node) -> nodes.Element | None:
    """Other sites cannot be asked for their labels while this one is made, so those in use are in a table."""
    label = node.get("reftarget", "")
    page = OF_ANSIBLE.get(label)
    if builtin := BUILTIN.fullmatch(label):
        page = f"collections/ansible/builtin/{builtin[1]}.html"
    return nodes.reference("", "", content, internal=False, refuri=f"{ANSIBLE}/{page}") if page else None
