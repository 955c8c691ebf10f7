# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of a page of the documentation, run as a reader runs them: the ``console`` blocks, in a shell."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from conftest import Run, assert_no_secret
from emulator_process import ServedTenant
from markdown_it import MarkdownIt
from onboarding import EXAMPLES

DOCS = EXAMPLES.parent
ROOT = DOCS.parent
SHELL = ("console", "sh", "bash", "shell")


@dataclass(frozen=True)
class Block:
    """An example of a page, which is named by its path in the repository, or of a module, named by its file."""

    page: str
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """Each command of a shell block as it stands there, its continued lines with it; not what it prints."""
        typed = re.findall(r"^\$ ((?:.*\\\n)*.*)$", self.text, re.MULTILINE)
        return typed or [line for line in re.findall(r"(?:.*\\\n)*.*", self.text) if line.strip()]


def blocks_of(page: str) -> list[Block]:
    """All blocks of code in a page."""
    tokens = MarkdownIt().parse((ROOT / page).read_text("utf-8"))
    return [
        Block(page, each.map[0] + 1, each.info, each.content) for each in tokens if each.type == "fence" and each.map
    ]


def commands_of(page: str) -> list[str]:
    """Each command in the ``console`` blocks of a page in ``docs``, in one line."""
    blocks = [block for block in blocks_of(f"docs/{page}") if block.language == "console"]
    return [" ".join(command.replace("\\\n", " ").split()) for block in blocks for command in block.commands]


class Reader:
    """Somebody at a shell in a folder with copies of examples, and with ``tenants.yml``, which is ``inventory``, by the hosts, and
    ``variables`` of all hosts. Without an inventory, the file is left as it is.
    """

    def __init__(
        self,
        page: str,
        folder: Path,
        tenants: dict[str, ServedTenant],
        *,
        examples: Iterable[str] = (),
        **variables: object,
    ):
        self.commands = commands_of(page)
        self.folder = folder
        self._tenants = list(tenants.values())
        self.environment: dict[str, str] = {}
        self.inventory = {
            name: {
                "onboarding_tenant_url": tenant.url,
                "onboarding_client_id": tenant.ready["client_id"],
                "onboarding_client_secret": tenant.ready["client_secret"],
            }
            for name, tenant in tenants.items()
        }
        self.variables = variables
        for name in examples:
            shutil.copy(EXAMPLES / name, folder / name)

    def runs(self, command: str, expect: int = 0) -> Run:
        if self.inventory:
            inventory = {"all": {"hosts": self.inventory, "vars": self.variables}}
            (self.folder / "tenants.yml").write_text(json.dumps(inventory))
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("QLIK_", "ANSIBLE_"))}
        finished = subprocess.run(
            ["bash", "-euc", command],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            cwd=self.folder,
            env={
                **inherited,
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
                "ANSIBLE_HOME": str(self.folder / ".ansible"),
                "ANSIBLE_LOCALHOST_WARNING": "false",
                "ANSIBLE_NOCOLOR": "true",
                **self.environment,
            },
        )
        run = Run(finished.returncode, finished.stdout + finished.stderr)
        assert run.code == expect, f"{command}\n{run.output}"
        assert "Traceback (most recent call last)" not in run.output, run.output
        for tenant in self._tenants:
            assert_no_secret(tenant, run.output)
        return run
