# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the RST that docs.ansible.com takes from the Markdown that people write.

Each guide becomes `docs/docsite/rst/<page>.rst`, and the sections of `docs/README.md` become
`docs/docsite/extra-docs.yml`. A link to another guide becomes a reference, a link to any other file of the repository a URL.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote

import paths
import pypandoc
import tree
import yaml

INDEX = PurePosixPath("docs/README.md")
DOCSITE = paths.ROOT / "docs" / "docsite"
FIRST = "overview"
OTHER_PAGES = {
    PurePosixPath("README.md"): FIRST,
    PurePosixPath("roles/onboarding/README.md"): "onboarding-role",
    PurePosixPath("tests/emulator/README.md"): "embedded-tenant",
}
"""Guides that are not in `docs`, by the name of their page."""

TEMPLATES = {PurePosixPath("tests/benchmarks/template.md")}
"""Their links are right where the document that is made of them lies."""

LABEL = "ansible_collections.tenantops.qlik_cloud.docsite."
LANGUAGES = {"": "text", "sh": "shell", "bash": "shell", "yaml": "yaml+jinja", "yml": "yaml+jinja", "ini": "ini"}
"""The names by which Sphinx highlights a block; others are the same there."""

BEFORE_MARKUP = re.compile(r"[\s'\"(\[{<\-/:]$")
AFTER_MARKUP = re.compile(r"^[\s'\")\]}>\-/:.,;!?\\]")
"""What RST wants before and after a role, or else an escaped space."""

EMPHASIS = frozenset({"Strong", "Emph"})
SPACES = frozenset({"Space", "SoftBreak", "LineBreak"})
WORDS = SPACES | {"Str", "Quoted"}

HEADER = """\
..
  SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
  SPDX-License-Identifier: GPL-3.0-or-later

  "make guides" writes this file from {source}. Change that one.

"""
INDEX_HEADER = """\
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# "make guides" writes this file from docs/README.md. Change that one.
---
"""

Element = dict[str, Any]


class Document(NamedTuple):
    """A Markdown file of the repository as pandoc reads it."""

    path: PurePosixPath
    blocks: list[Element]
    anchors: frozenset[str]

    @property
    def page(self) -> str | None:
        """The name of its page, if it is a guide."""
        if self.path.parent == INDEX.parent and self.path != INDEX:
            return self.path.stem
        return OTHER_PAGES.get(self.path)


class Repository:
    """The Markdown files of the repository, and where its files are to be seen."""

    def __init__(self) -> None:
        files = [PurePosixPath(path.as_posix()) for path in tree.project_files()]
        self.files = {*files, *(parent for path in files for parent in path.parents)}
        self.documents = {path: _read(path) for path in files if path.suffix == ".md" and path not in TEMPLATES}
        self.faults: list[str] = []
        self.url = yaml.safe_load((paths.ROOT / "galaxy.yml").read_text(encoding="utf-8"))["repository"]

    @property
    def guides(self) -> Iterator[Document]:
        """The documents that become pages."""
        return (document for document in self.documents.values() if document.page)

    def url_of(self, path: PurePosixPath, kind: str = "") -> str:
        """Where a file or folder is to be seen."""
        kind = kind or ("blob" if (paths.ROOT / path).is_file() else "tree")
        return f"{self.url}/{kind}/main/{path}"

    def target(self, document: Document, address: str) -> tuple[PurePosixPath, str] | None:
        """The file and the anchor that a link leads to, None for one out of the repository, or to nothing, which is a fault."""
        if re.match(r"[a-z][a-z0-9+.-]*:", address):
            return None
        relative, _, anchor = address.partition("#")
        path = _normal(document.path.parent / unquote(relative)) if relative else document.path
        if path not in self.files:
            self.faults.append(f"{document.path}: the link to {address} leads to no file of the repository")
            return None
        if anchor and anchor not in self._anchors(path):
            self.faults.append(f"{document.path}: the link to {address} leads to no heading of {path}")
            return None
        return path, anchor

    def _anchors(self, path: PurePosixPath) -> frozenset[str]:
        return self.documents[path].anchors if path in self.documents else frozenset()


def generated() -> tuple[dict[Path, str], list[str]]:
    """The content of each file below `docs/docsite` that is made from Markdown, and the faults of all Markdown files.

    A fault is a link that leads nowhere, HTML, or a guide that `docs/README.md` does not name.
    """
    repository = Repository()
    texts = {DOCSITE / "extra-docs.yml": _extra_docs(repository)}
    for document in repository.documents.values():
        converted = _Converter(repository, document).blocks(document.blocks)
        if document.page:
            texts[DOCSITE / "rst" / f"{document.page}.rst"] = _rst(document, converted)
    return texts, sorted(set(repository.faults))


def _rst(document: Document, blocks: list[Element]) -> str:
    pandoc_document = {"pandoc-api-version": [1, 23], "meta": {}, "blocks": blocks}
    options = ["--wrap=none", "--list-tables"]
    text = pypandoc.convert_text(json.dumps(pandoc_document), "rst", format="json", extra_args=options)
    return HEADER.format(source=document.path) + text.rstrip() + "\n"


def _read(path: PurePosixPath) -> Document:
    text = (paths.ROOT / path).read_text(encoding="utf-8")
    blocks = json.loads(pypandoc.convert_text(text, "json", format="gfm"))["blocks"]
    return Document(path, blocks, frozenset(each["c"][1][0] for each in _all(blocks, "Header")))


def _normal(path: PurePosixPath) -> PurePosixPath:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)


def _all(content: Any, kind: str) -> Iterator[Element]:
    """Every element of that kind within a list of elements, in order."""
    if isinstance(content, list):
        for each in content:
            yield from _all(each, kind)
    elif isinstance(content, dict):
        if content.get("t") == kind:
            yield content
        yield from _all(content.get("c"), kind)


def _text(content: Any) -> str:
    """Inline elements as plain text."""
    if isinstance(content, list):
        return "".join(map(_text, content))
    if content["t"] in SPACES:
        return " "
    if content["t"] == "Quoted":
        return f"\"{_text(content['c'][1])}\""
    inner = content.get("c", "")
    if isinstance(inner, list) and content["t"] in ("Code", "Link", "Image"):
        inner = inner[1]
    return inner if isinstance(inner, str) else _text(inner)


def _parted(content: Iterable[Element]) -> Iterator[Element]:
    """The same inline elements without markup inside emphasis, which RST does not know: it would show the signs as text.

    Bold words around code become bold words, code, and bold words.
    """
    for each in content:
        if each["t"] not in EMPHASIS:
            yield each
            continue
        for is_words, run in itertools.groupby(_parted(each["c"]), lambda inner: inner["t"] in WORDS):
            parts = list(run)
            yield from [{**each, "c": parts}] if is_words else parts


def _raw(text: str, kind: str = "RawBlock") -> Element:
    return {"t": kind, "c": ["rst", text]}


class _Converter:
    """Turns what pandoc read of a document into what it shall write as RST."""

    def __init__(self, repository: Repository, document: Document) -> None:
        self._repository = repository
        self._document = document

    def blocks(self, blocks: Iterable[Element]) -> list[Element]:
        converted = []
        for block in blocks:
            if block["t"] == "Header":
                level, (anchor, *_), _ = block["c"]
                converted.append(_raw(f".. _{self._label(anchor if level > 1 else '')}:\n\n"))
                # Without an anchor, or pandoc would write a label of its own.
                block = {**block, "c": [level, ["", [], []], block["c"][2]]}
            if block["t"] != "RawBlock":
                converted.append(self._block(block))
            elif not block["c"][1].lstrip().startswith("<!--"):
                self._refuse_html(block["c"][1])
        return converted

    def _refuse_html(self, text: str) -> None:
        self._repository.faults.append(f"{self._document.path}: {text!r} is HTML. Write it in Markdown.")

    def _label(self, anchor: str, page: str | None = None) -> str:
        return LABEL + ".".join(filter(None, (page or self._document.page, anchor)))

    def _block(self, block: Element) -> Element:
        if block["t"] == "CodeBlock":
            (_, classes, _), text = block["c"]
            language = classes[0] if classes else ""
            if language == "console" and not re.search(r"^\$ ", text, re.MULTILINE):
                # Without prompts, what highlights a console would take commands for what they print.
                language = "shell"
            lines = "\n".join(f"   {line}".rstrip() for line in text.splitlines())
            return _raw(f".. code-block:: {LANGUAGES.get(language, language)}\n\n{lines}\n\n")
        if block["t"] == "Para" and [each["t"] for each in block["c"]] == ["Image"]:
            _, alt, (address, _) = block["c"][0]["c"]
            return _raw(f".. image:: {self._image(address)}\n   :alt: {_text(alt)}\n\n")
        return self._converted(block)

    def _converted(self, content: Any) -> Any:
        """The same with what it holds converted, at any depth."""
        if isinstance(content, dict):
            if content.get("t") == "Image":
                content["c"][2][0] = self._image(content["c"][2][0])
            elif "c" in content:
                return {**content, "c": self._converted(content["c"])}
            return content
        if not isinstance(content, list):
            return content
        if content and all(isinstance(each, dict) and "t" in each for each in content):
            if any(each["t"] in ("CodeBlock", "RawBlock", "Para", "Plain") for each in content):
                return self.blocks(content)
            return self._inlines(content)
        return [self._converted(each) for each in content]

    def _inlines(self, content: list[Element]) -> list[Element]:
        content = list(_parted(content))
        converted = []
        for number, each in enumerate(content):
            if each["t"] == "RawInline" and not each["c"][1].startswith("<!--"):
                self._refuse_html(each["c"][1])
            if each["t"] != "Link":
                converted.append(self._converted(each))
                continue
            link = self._link(each)
            if link["t"] == "RawInline":
                before = "" if number == 0 else _text(content[number - 1])
                after = "" if number + 1 == len(content) else _text(content[number + 1])
                if before and not BEFORE_MARKUP.search(before):
                    link["c"][1] = f"\\ {link['c'][1]}"
                if after and not AFTER_MARKUP.match(after):
                    link["c"][1] += "\\ "
            converted.append(link)
        return converted

    def _link(self, link: Element) -> Element:
        _, text, (address, _) = link["c"]
        target = self._repository.target(self._document, address)
        words = _text(text)
        if target is None:
            return self._url(words, address)
        path, anchor = target
        page = self._repository.documents[path].page if path in self._repository.documents else None
        if page is None:
            return self._url(words, self._repository.url_of(path) + (f"#{anchor}" if anchor else ""))
        words = re.sub(r"([\\`<])", r"\\\1", words)
        return _raw(f":ref:`{words} <{self._label(anchor, page)}>`", "RawInline")

    @staticmethod
    def _url(words: str, url: str) -> Element:
        """A link whose words are plain, since RST has no markup within markup."""
        return {"t": "Link", "c": [["", [], []], [{"t": "Str", "c": words}], [url, ""]]}

    def _image(self, address: str) -> str:
        target = self._repository.target(self._document, address)
        return self._repository.url_of(target[0], "raw") if target else address


def _extra_docs(repository: Repository) -> str:
    sections: list[tuple[str, list[str]]] = []
    title = "Guides"
    for block in repository.documents[INDEX].blocks:
        if block["t"] == "Header":
            title = _text(block["c"][2])
        elif block["t"] in ("Para", "Plain"):
            title = _text(block["c"]).rstrip(":")
        elif block["t"] == "BulletList":
            pages = [page for item in block["c"] if (page := _page_of(repository, item))]
            sections.append((title, pages))
    sections[0][1].insert(0, FIRST)
    named = [page for _, pages in sections for page in pages]
    for document in repository.guides:
        if (times := named.count(str(document.page))) != 1:
            repository.faults.append(
                f"{INDEX}: its lists name {document.path} {times} times, and must name each guide once"
            )
    lines = ["sections:"]
    for title, pages in sections:
        if pages:
            lines += [f"  - title: {json.dumps(title)}", "    toctree:", *map(_entry, pages)]
    return INDEX_HEADER + "\n".join(lines) + "\n"


def _entry(page: str) -> str:
    # The title of README.md is the name of the collection.
    return f"      - ref: {page}\n        title: Overview" if page == FIRST else f"      - {page}"


def _page_of(repository: Repository, item: list[Element]) -> str | None:
    """The guide that the first link of an item leads to."""
    for link in _all(item, "Link"):
        target = repository.target(repository.documents[INDEX], link["c"][2][0])
        return repository.documents[target[0]].page if target and target[0] in repository.documents else None
    return None
