# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two ways to run the playbook: by ``ansible-playbook`` itself, and by ``ansible-runner`` as AWX does."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from stage import Stage

MAX_SECONDS = 900


def run_plainly(stage: Stage, playbook: Path, *options: str) -> None:
    """At ``-vvvv --diff``, with the OAuth client exported and a fact cache, its output beside all else."""
    exported = {
        "QLIK_CLIENT_ID": stage.tenant.ready["client_id"],
        "QLIK_CLIENT_SECRET": stage.tenant.ready["client_secret"],
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(stage.written / "facts"),
    }
    command = [
        "ansible-playbook",
        "-vvvv",
        "--inventory",
        str(stage.inventory),
        *_given(stage, *options),
        str(playbook),
    ]
    _run(stage, command, exported)


def run_by_runner(stage: Stage, playbook: Path, *options: str) -> None:
    """The same, with artifacts. No secret is exported: ansible-runner writes its whole environment to one of them."""
    command = ["ansible-runner", "run", "-vvvv", "--playbook", str(playbook), "--inventory", str(stage.inventory)]
    command += ["--cmdline", shlex.join(_given(stage, *options)), str(stage.written / "runner")]
    _run(stage, command, {"ANSIBLE_PIPELINING": "true"})


def _given(stage: Stage, *options: str) -> list[str]:
    secrets = ["-e", f"@{stage.variables_file}", "--vault-password-file", str(stage.password_file)]
    return ["--diff", *secrets, *options]


def _run(stage: Stage, command: list[str], more_environment: dict[str, str]) -> None:
    """Whatever the exit status: that some tasks fail is meant, and what was not run is missed elsewhere."""
    with open(stage.written / "output", "a", encoding="utf-8") as output:
        subprocess.run(
            [str(Path(sys.executable).with_name(command[0])), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            cwd=stage.written,
            env={**stage.environment(), **more_environment},
            timeout=MAX_SECONDS,
        )
