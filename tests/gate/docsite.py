# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides for docs.ansible.com and the documentation site.

Usage: docsite.py write|lint|build. `write` makes `docs/docsite` from the Markdown, `lint` says whether that is needed and runs
antsibull-docs lint, and `build` makes the site with the reference of all modules in `.cache/docs`. It follows its links and
looks for markup that the pages show as text.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import environments
import generated_files
import paths
import role_page
import site_links
import site_markup

PACKAGES = paths.CACHE / "docs-packages"
REQUIREMENTS = paths.REQUIREMENTS / "docs.txt"
SITE = paths.CACHE / "docs"
COLLECTION = "tenantops.qlik_cloud"
LINT = (
    *("antsibull-docs", "lint-collection-docs", "--plugin-docs", "--check-extra-docs-refs"),
    *("--validate-collection-refs", "dependent", "--disallow-unknown-collection-refs", "."),
)


def main() -> None:
    """Command line; the exit code is 1 for whatever is stale or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("write", "lint", "build"))
    what = parser.parse_args().what
    environments.ensure_beside(PACKAGES, REQUIREMENTS)
    sys.path.insert(0, str(PACKAGES))
    import guides

    wanted, faults = guides.generated()
    if what == "write":
        print(generated_files.write(wanted, _files() - set(wanted)))
    if faults:
        raise SystemExit("\n".join(faults))
    if what != "write":
        generated_files.check(wanted, "make guides", _files() - set(wanted))
    if what == "lint":
        environments.run_beside(PACKAGES, *LINT, folder=paths.TREE / paths.COLLECTION)
        print("the guides are as the Markdown says, and antsibull-docs finds nothing")
    elif what == "build":
        _build()


def _files() -> set[Path]:
    """The generated files that are there."""
    docsite = paths.ROOT / "docs" / "docsite"
    return {*docsite.glob("rst/**/*.rst"), *docsite.glob("extra-docs.yml")}


def _build() -> None:
    source, site = SITE / "source", SITE / "html"
    for folder in (source, site):
        shutil.rmtree(folder, ignore_errors=True)
    source.mkdir(parents=True)
    reference = ("--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", str(source))
    environments.run_beside(PACKAGES, "antsibull-docs", "collection", *reference, COLLECTION)
    for page in source.glob("*_role.rst"):
        page.write_text(role_page.arranged(page.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.copytree(paths.ROOT / "docs" / "images", source / "images")
    settings = ("-c", str(paths.GATE / "site"), "-d", str(SITE / "doctrees"))
    environments.run_beside(
        PACKAGES, "sphinx-build", "-W", "--keep-going", "-q", "-E", *settings, str(source), str(site)
    )
    if faults := [*site_links.broken(site), *site_markup.left_over(site)]:
        raise SystemExit("\n".join(faults))
    print(
        f"{sum(1 for _ in site.rglob('*.html'))} pages, no warning, no broken link, no markup in text: {site / 'index.html'}"
    )


if __name__ == "__main__":
    main()
