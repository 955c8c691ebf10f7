# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The YAML examples of all pages and modules, by what they are, and as plays against embedded tenants."""

from __future__ import annotations

import ast
import os
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from emulator_process import ServedTenant
from pages import ROOT, SHELL, Block, blocks_of

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import (
    API_KEY,
    AWX_PLAN,
    ROLE_MODULES,
)

COLLECTION = "tenantops.qlik_cloud"
GROUP = f"group/{COLLECTION}.tenant"
LANGUAGES = (*SHELL, "yaml", "yml")
PAGES = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("*.md", "docs/*.md", "roles/*/README.md", "tests/emulator/README.md")
    for path in ROOT.glob(pattern)
)
MODULES = sorted(path for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__")

PEOPLE = ("ana@example.com", "somebody@example.com", "platform@example.com", "auth0|somebody")
ADDRESS = re.compile(r"https://(your-tenant|\{\{ inventory_hostname \}\})\.eu\.qlikcloud\.com")
IDP = "6f1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b"
KEY = "8b0d3c1e-7f5a-4c62-9d11-2f6f0c9a7b34"
FOLDER = "/etc/qlik"
TOKEN_FILES = {"nightly reload": "reload.token", "monitoring": "monitoring.token"}
LEFT_BY_A_JOB = {"summary": {"tenants": 0, "failed": 0}, "tenants": {}}
STORED = "{{ lookup('ansible.builtin.file', '%s/%s') }}"


def all_blocks() -> list[Block]:
    """Every YAML and shell example: of the pages, and the EXAMPLES of the modules, each as one block."""
    shown = [block for page in PAGES for block in blocks_of(page) if block.language in LANGUAGES]
    return [*shown, *(Block(f"plugins/modules/{path.name}", *_examples(path)) for path in MODULES)]


def _examples(path: Path) -> tuple[int, str, str]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if _assigns(node, "EXAMPLES"):
            return node.lineno, "yaml", ast.literal_eval(node.value)
    raise ValueError(f"{path} has no EXAMPLES")


def _assigns(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name


def read(block: Block) -> Any:
    """The content of a YAML block, however far it is indented there."""
    return yaml.safe_load(textwrap.dedent(block.text))


def kind_of(block: Block) -> str:
    """What a YAML block is: plays, imports, tasks, options of a module, variables of the role, an inventory or something else."""
    content = read(block)
    if f"{COLLECTION}.awx_plan:" in block.text:
        return "awx"
    if isinstance(content, list) and all(isinstance(each, dict) for each in content):
        if all("ansible.builtin.import_playbook" in each for each in content):
            return "imports"
        if all("hosts" in each for each in content):
            return "plays"
        if all("block" in each or any("." in name for name in each) for each in content):
            return "tasks"
    if isinstance(content, dict):
        if all(name.startswith("onboarding_") for name in content):
            return "variables"
        if set(content) <= set(API_KEY.own_options):
            return "options"
        if any(name.startswith(f"{COLLECTION}.") for name in content):
            return "tasks"
        for name in ("all", "contexts", "module_defaults", "plugin"):
            if name in content:
                return {"all": "inventory", "plugin": "source"}.get(name, name)
    return "other"


def source_options() -> dict[str, Any]:
    """The options of the inventory plugin, without those that Ansible documents."""
    module = ast.parse((ROOT / "plugins" / "inventory" / "contexts.py").read_text("utf-8"))
    [text] = [ast.literal_eval(node.value) for node in module.body if _assigns(node, "DOCUMENTATION")]
    return yaml.safe_load(text)["options"]


def given_options(block: Block) -> dict[str, Any]:
    """What a block of options or variables gives. Tasks that need the collection awx.awx count as one, as they cannot run here."""
    content = read(block)
    return content[0][f"{COLLECTION}.awx_plan"] if kind_of(block) == "awx" else content


def known_options(kind: str) -> dict[str, Any]:
    """What may be given in a block of that kind."""
    if kind == "awx":
        return AWX_PLAN.own_options
    if kind == "options":
        return API_KEY.own_options
    if kind == "source":
        return source_options()
    return {
        f"onboarding_{module.variable_names.get(name, name)}": option
        for module in ROLE_MODULES
        for name, option in module.own_options.items()
    } | yaml.safe_load((ROOT / "roles/onboarding/meta/argument_specs.yml").read_text("utf-8"))["argument_specs"][
        "main"
    ][
        "options"
    ]


def unknown_names(given: dict[str, Any], options: dict[str, Any], where: str = "") -> Iterator[str]:
    """What is given and is no option, and choices that are none."""
    for name, value in given.items():
        if name not in options:
            yield f"{where}{name}"
            continue
        option = options[name]
        inner = option.get("options") or option.get("suboptions")
        for each in value if isinstance(value, list) else [value]:
            if inner and isinstance(each, dict):
                yield from unknown_names(each, inner, f"{where}{name}.")
            elif "choices" in option and "{{" not in str(each) and each not in option["choices"]:
                yield f"{where}{name}: {each}"


class Stage:
    """A tenant of its own for one example, with what examples name: people, keys, an identity provider, token files."""

    def __init__(self, tenant: ServedTenant, folder: Path, key: dict[str, str]) -> None:
        self.ready = tenant.ready
        self.folder = folder
        self.key = key
        folder.mkdir()

    def fit(self, text: str) -> str:
        """An example with this tenant's address, people and ids, and this folder."""
        for person in PEOPLE:
            text = text.replace(person, self.ready["member_user_id"])
        text = text.replace("impersonate_subject", "impersonate_user_id")
        # Nobody else is sure to be on this machine, and root alone may give a file away.
        text = re.sub(r"token_file_owner: \w+", f"token_file_owner: {os.getuid()}", text)
        text = re.sub(r"token_file_group: \w+", f"token_file_group: {os.getgid()}", text)
        fitted = ADDRESS.sub(self.ready["url"], text).replace(IDP, self.ready["idp_id"])
        return fitted.replace(KEY, self.key["id"]).replace(FOLDER, str(self.folder))

    def plays(self, block: Block) -> list[dict[str, Any]]:
        """The block as plays, whose names say where it stands."""
        content, kind = yaml.safe_load(self.fit(textwrap.dedent(block.text))), kind_of(block)
        plays: list[dict[str, Any]] = content
        if kind == "tasks":
            plays = [{"tasks": content if isinstance(content, list) else [content]}]
        elif kind == "module_defaults":
            plays = [{**content, "tasks": [{f"{COLLECTION}.tenant_info": {}}]}]
        elif kind == "contexts":
            file = self.folder / "contexts.yml"
            given = self.fit(block.text).replace("your-client-id", self.ready["client_id"])
            file.write_text(given.replace("your-client-secret", self.ready["client_secret"]))
            options = {"context": next(iter(content["contexts"])), "contexts_file": str(file)}
            plays = [{"tasks": [{f"{COLLECTION}.tenant_info": options}]}]
        return [self._play(play, block) for play in plays]

    def _play(self, play: dict[str, Any], block: Block) -> dict[str, Any]:
        signs_in = "tenant_url" in block.text or "contexts" in block.text
        options = {"tenant_url": self.ready["url"], "access_token": self.ready["admin_token"]}
        secrets = {
            f"{prefix}qlik_{name}": self.ready[name]
            for prefix in ("", "vault_")
            for name in ("client_id", "client_secret")
        }
        return {
            "connection": "local",
            "gather_facts": False,
            **({} if signs_in else {"module_defaults": {GROUP: options}}),
            **play,
            "hosts": "localhost",
            "name": f"{block.place} {play.get('name', '')}".strip(),
            "vars": {
                **secrets,
                "qlik_access_token": self.ready["admin_token"],
                "entra_idp_id": self.ready["idp_id"],
                "qlik_cloud": LEFT_BY_A_JOB,
                "token_of": {name: STORED % (self.folder, file) for name, file in TOKEN_FILES.items()},
                **play.get("vars", {}),
            },
        }
