# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs playbooks and scripts in a folder of their own, away from the settings of whoever measures."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from .measuring import Cost, measure

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PERSONAL = ("ANSIBLE_", "QLIK_", "PYTHON")


class Workbench:
    """``folder`` is where everything is written that the commands need or make."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "ansible.cfg").write_text("", encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PERSONAL)}
        self._environment = {
            **kept,
            # Ansible's defaults, rather than the settings of the user or the machine.
            "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_COLLECTIONS_PATH": os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(ROOT / ".cache" / "tree")),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }

    def tokens(self) -> Path:
        """An empty folder for token files."""
        folder = self.folder / "tokens"
        folder.mkdir(exist_ok=True)
        for left in folder.iterdir():
            left.unlink()
        return folder

    def playbook(self, name: str, variables: dict[str, Any]) -> Cost:
        """Run one of the playbooks here on this machine."""
        return self.ansible(str(HERE / "playbooks" / f"{name}.yml"), "-i", "localhost,", "-e", self._file(variables))

    def play(self, play: dict[str, Any]) -> Cost:
        """Run a playbook of one play on this machine."""
        path = self.folder / "play.yml"
        path.write_text(json.dumps([play]), encoding="utf-8")
        return self.ansible(str(path), "-i", "localhost,")

    def ad_hoc(self, module: str, options: dict[str, Any]) -> Cost:
        """Run one module by the command ``ansible``."""
        given = ("-a", json.dumps(options)) if options else ()
        return self.ansible("localhost", "-m", module, *given, program="ansible")

    def script(self, name: str, variables: dict[str, Any]) -> Cost:
        """Run one of the scripts here; it gets the path of a JSON file with the same variables as a playbook."""
        script = str(HERE / "scripts" / f"{name}.py")
        return measure(
            [sys.executable, script, self._file(variables).removeprefix("@")], self.folder, self._environment
        )

    def ansible(self, *arguments: str, fails: bool = False, program: str = "ansible-playbook") -> Cost:
        """Run Ansible, its modules on this machine with the Python that runs this."""
        local = ("-e", "ansible_connection=local", "-e", f"ansible_python_interpreter={sys.executable}")
        command = [str(Path(sys.executable).with_name(program)), *arguments, *local]
        return measure(command, self.folder, self._environment, fails=fails)

    @property
    def output(self) -> str:
        """What the last command printed."""
        return (self.folder / "output.txt").read_text(encoding="utf-8", errors="replace")

    def _file(self, variables: dict[str, Any]) -> str:
        path = self.folder / "variables.json"
        path.write_text(json.dumps(variables), encoding="utf-8")
        return f"@{path}"
