# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a playbook over an inventory of tenants in several slices at a time, each in an ansible-runner of its own.

Example: python run_slices.py --inventory tenants.yml --slices 4 tenantops.qlik_cloud.onboard -- --forks 8 -e @secrets.yml

What comes after "--" is for ansible-playbook. Exits with 1 if a tenant failed; the last lines say which, and why, and the
file "failed" in the folder names them, for --only.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import ansible_runner

ADDRESSES = ("onboarding_tenant_url", "qlik_tenant_url")
"""The variables that say which tenant a host is, by which two hosts of one tenant are known; the first that is set."""


@dataclass(frozen=True)
class Slice:
    """Hosts that are run together; `folder` is where ansible-runner keeps what it needs and what came of it."""

    number: int
    hosts: list[str]
    folder: Path


def addresses(inventory: Path) -> dict[str, str]:
    """Each host of the inventory with the address of its tenant, or its own name where no variable tells one."""
    command = ["ansible-inventory", "--inventory", str(inventory), "--list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode:
        raise SystemExit(listed.stderr)
    listing = json.loads(listed.stdout)
    known = listing["_meta"]["hostvars"]
    hosts = {host for group in listing.values() for host in group.get("hosts", ())}
    return {host: address_in(known.get(host, {})) or host for host in sorted(hosts)}


def address_in(variables: Mapping[str, object]) -> str | None:
    """Variables are listed as they are written, and one template may mean another address on each host."""
    told = next((str(variables[name]) for name in ADDRESSES if variables.get(name)), None)
    return None if told is None or "{{" in told else told


def dealt(hosts: Mapping[str, str], count: int) -> list[list[str]]:
    """The hosts in that many slices at most, every n-th tenant to slice n; all hosts of one tenant are in one slice."""
    tenants: dict[str, list[str]] = {}
    for host, address in hosts.items():
        tenants.setdefault(address.rstrip("/").lower(), []).append(host)
    in_turn = list(tenants.values())
    return [sum(in_turn[first::count], []) for first in range(min(count, len(in_turn)))]


def run(playbook: str, inventory: Path, part: Slice, options: list[str]) -> dict[str, str]:
    """Run one slice; the hosts that failed, with the message of the failure that ended each."""
    part.folder.mkdir(parents=True, exist_ok=True)
    limit = part.folder / "hosts"
    limit.write_text("\n".join(part.hosts), encoding="utf-8")
    finished = ansible_runner.run(
        private_data_dir=str(part.folder.resolve()),
        # Where the playbook runs, so that relative paths in the options and variables are what they seem to be.
        project_dir=str(Path.cwd()),
        playbook=playbook,
        inventory=str(inventory.resolve()),
        cmdline=shlex.join(["--limit", f"@{limit.resolve()}", *options]),
        quiet=True,
    )
    if finished.stats is None:
        printed = finished.stdout.read().strip().splitlines() or ["see its folder"]
        return dict.fromkeys(part.hosts, f"slice {part.number} ended before its first task: {printed[-1]}")
    failed = {*finished.stats["failures"], *finished.stats["dark"]}
    reasons = {
        event["event_data"]["host"]: str(event["event_data"]["res"].get("msg", "no reason is told"))
        for event in finished.events
        if event["event"] in ("runner_on_failed", "runner_on_unreachable")
    }
    return {host: reasons.get(host, "no reason is told") for host in sorted(failed)}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inventory", type=Path, required=True)
    parser.add_argument("--slices", type=int, default=2, metavar="N", help="how many at a time (default 2)")
    parser.add_argument("--folder", type=Path, default=Path("slices"), help="for artifacts (default ./slices)")
    parser.add_argument(
        "--only", type=Path, metavar="FILE", help="with the names of the hosts to run, one on each line"
    )
    parser.add_argument("playbook", help="its path, or its name in a collection")
    parser.add_argument("options", nargs="*", help="for ansible-playbook, after --")
    given = parser.parse_args()
    if any(option.startswith(("-l", "--lim")) for option in given.options):
        parser.error("--limit would take the place of each slice's own hosts; use --only")
    hosts = addresses(given.inventory)
    if not hosts:
        parser.error(f"--inventory {given.inventory}: there is no host in it")
    if given.only:
        wanted = given.only.read_text(encoding="utf-8").splitlines()
        unknown = sorted({*wanted} - {*hosts})
        if unknown:
            parser.error(f"--only {given.only}: not in the inventory: {', '.join(unknown)}")
        hosts = {host: hosts[host] for host in wanted}
    slices = enumerate(dealt(hosts, given.slices), start=1)
    parts = [Slice(number, part, given.folder / str(number)) for number, part in slices]
    failed: list[str] = []
    given.folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(max_workers=given.slices) as pool:
        outcomes = [pool.submit(run, given.playbook, given.inventory, part, given.options) for part in parts]
        for part, outcome in zip(parts, outcomes):
            reasons = outcome.result()
            failed += reasons
            for host in part.hosts:
                print(f"slice {part.number}: {host}: {'FAILED: ' + reasons[host] if host in reasons else 'done'}")
    (given.folder / "failed").write_text("\n".join(failed), encoding="utf-8")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
