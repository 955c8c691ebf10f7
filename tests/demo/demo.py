# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make demo``: onboard an embedded tenant, twice, and prove that the token on file belongs to a live key."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from emulator_process import EmbeddedTenant

HERE = Path(__file__).parent
TENANT_HOST = "embedded-tenant"
SUMMARY = re.compile(r"Summary[^]]*\]")


class Demonstration:
    def __init__(self, tenant: EmbeddedTenant, folder: Path, logs: Path):
        self._tenant = tenant
        self._folder = folder
        self._logs = logs
        self._inventory = folder / "inventory.yml"
        self._inventory.write_text((HERE / "inventory.yml.in").read_text().format(host=TENANT_HOST, folder=folder))

    def play(self, title: str, playbook: str, *options: str) -> dict[str, int]:
        """Run a playbook, print what it changes and says, keep all of its output; return the recap's counts."""
        print(f"\n=== {title}", flush=True)
        command = ["ansible-playbook", "-i", str(self._inventory), playbook, *options]
        shown = (
            " ".join(command).replace(str(self._inventory), "inventory.yml").replace(f"{HERE}{os.sep}", "tests/demo/")
        )
        print(f"$ {shown}\n")
        finished = subprocess.run(
            [str(Path(sys.executable).with_name(command[0])), *command[1:]],
            capture_output=True,
            text=True,
            check=False,
            cwd=self._folder,
            env={
                **os.environ,
                "QLIK_TENANT_URL": self._tenant.url,
                "QLIK_CLIENT_ID": self._tenant.ready["client_id"],
                "QLIK_CLIENT_SECRET": self._tenant.ready["client_secret"],
                "ANSIBLE_FORCE_COLOR": "false",
                "ANSIBLE_NOCOLOR": "true",
            },
        )
        log = self._logs / f"{re.sub('[^a-z]+', '-', title.lower()).strip('-')}.log"
        log.write_text(finished.stdout + finished.stderr)
        if finished.returncode:
            sys.exit(f"{finished.stdout}{finished.stderr}\nThe demonstration failed: {title}.")
        print(shorten_output(finished.stdout), flush=True)
        recap = finished.stdout.rpartition("PLAY RECAP")[2]
        return {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", recap)}


def shorten_output(output: str) -> str:
    """The tasks that change something or sum up, and the recap: what a reader wants to see of a playbook's output."""
    blocks = re.split(r"\n(?=TASK \[|PLAY RECAP)", output)
    kept = [block.strip() for block in blocks if "\nchanged: " in block or SUMMARY.search(block) or "RECAP" in block]
    return textwrap.indent("\n\n".join(re.sub(r" \*{3,}", "", block) for block in kept), "    ")


def main() -> None:
    logs = Path(os.environ.get("DEMO_LOGS", tempfile.gettempdir()))
    logs.mkdir(parents=True, exist_ok=True)
    with EmbeddedTenant(generation="permission") as tenant, tempfile.TemporaryDirectory() as folder:
        print(f"An embedded Qlik Cloud tenant listens on {tenant.url}; nothing leaves this machine.")
        print(
            "It is as new: nobody may make API keys, and there is none. Sign-in: its OAuth client, from the environment."
        )
        demonstration = Demonstration(tenant, Path(folder), logs)
        onboard = "tenantops.qlik_cloud.onboard"

        demonstration.play("1. What onboarding would do (check mode, nothing is changed)", onboard, "--check", "--diff")
        demonstration.play("2. Onboard", onboard, "--diff")
        again = demonstration.play("3. Onboard again: nothing is left to do", onboard, "--diff")
        demonstration.play(
            "4. The keys, and the proof that the stored token is the live key's", str(HERE / "prove.yml")
        )

    if again["changed"]:
        sys.exit("The second run should have changed nothing.")
    print(f"\nDone: the second run had changed=0. The tenant is stopped. The whole output is in {logs}.")


if __name__ == "__main__":
    main()
