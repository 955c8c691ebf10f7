# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user's pip settings, for the tools that do not read them: uv, and pip as run by ansible-test."""

from __future__ import annotations

import ast
import os
import subprocess
from pathlib import Path

UV_VARIABLES = {
    # pip's setting: uv's variable and what separates its values (https://docs.astral.sh/uv/reference/environment/)
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", " "),
}

VARIABLES = {
    "cert": ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"),
    "proxy": ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"),
}
"""Variables that pip heeds, the first one set, where it has no setting of its own."""


def read(python: Path) -> dict[str, str]:
    """Settings in force for `pip install`, by their name in pip.conf; lists as words separated by blanks.

    pip prints `<section>.<name>='<value>'`, where the section `:env:` stands for PIP_* variables, which win over
    `install`, which wins over `global`.
    """
    command = [str(python), "-m", "pip", "config", "list"]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    sections: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listing.splitlines():
        key, value = line.split("=", 1)
        section, name = key.rsplit(".", 1)
        if section in sections:
            sections[section][name] = " ".join(str(ast.literal_eval(value)).split())
    general = {name: next(filter(None, map(os.environ.get, variables)), "") for name, variables in VARIABLES.items()}
    given = {name: value for name, value in general.items() if value}
    return given | sections["global"] | sections["install"] | sections[":env:"]


def uv_environment(python: Path) -> dict[str, str]:
    """Environment in which uv installs from where pip would; variables the user has set for uv stay as they are."""
    # pip compares the versions of all indexes, uv by default stops at the first index that knows the name.
    environment = {"UV_COMPILE_BYTECODE": "1", "UV_INDEX_STRATEGY": "unsafe-best-match"}
    settings = read(python)
    for name, (variable, separator) in UV_VARIABLES.items():
        if name in settings:
            environment[variable] = separator.join(settings[name].split())
    return environment | dict(os.environ)


def write(python: Path, path: Path) -> None:
    """Write the settings in force to a pip.conf; readable by the user alone, as index addresses may hold passwords."""
    settings = {"quiet": "1"} | read(python)
    lines = ["[global]", *(f"{name} = {value}" for name, value in sorted(settings.items()))]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
