# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the documentation that repeats from its one source, `make docs-generated`.

- what the RETURN of several modules says alike, from docs/returns.yml
- the options of a key in the lists of other modules and of role onboarding, from module api_key
- the action group of meta/runtime.yml, from the modules that there are
- the targets of `ansible-test integration`, from the playbooks of the modules

With --check nothing is written; the exit code is 1 if a file is not as it would be written.
"""

from __future__ import annotations

import argparse
import fnmatch
import importlib
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import generated_files
import paths
import yaml
from yaml_text import Entry, merge, paragraph, parse, render

RETURNS = paths.ROOT / "docs" / "returns.yml"
MODULES = paths.ROOT / "plugins" / "modules"
KEY_LISTS = paths.ROOT / "plugins" / "doc_fragments" / "_keys.py"
ROLE = paths.ROOT / "roles" / "onboarding" / "meta" / "argument_specs.yml"
RUNTIME = paths.ROOT / "meta" / "runtime.yml"
PLAYBOOKS = paths.ROOT / "tests" / "integration" / "playbooks"
TARGETS = paths.ROOT / "tests" / "integration" / "targets"
MAKE = "make docs-generated"
NAMESPACE = "tenantops"
PACKAGE = f"ansible_collections.{NAMESPACE}.qlik_cloud"

Shared = list[tuple[list[str], dict[str, Entry]]]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, only say which files are stale")
    is_check = parser.parse_args().check
    files, obsolete = dict(generated()), obsolete_targets()
    if is_check:
        generated_files.check(files, MAKE, obsolete)
        print("the generated documentation is up to date")
    else:
        print(generated_files.write(files, obsolete))


def generated() -> Iterator[tuple[Path, str]]:
    """Each file with something generated in it, and its text as it must be."""
    shared = shared_returns()
    for path in sorted(MODULES.glob("[!_]*.py")):
        returns = _block(path, "RETURN")
        lines = render(with_shared(path.stem, parse(returns.split("\n")), shared))
        yield path, path.read_text(encoding="utf-8").replace(returns, "\n".join(lines))
    yield KEY_LISTS, key_lists()
    yield ROLE, role_options()
    yield RUNTIME, action_group()
    for path in sorted(PLAYBOOKS.glob("*.yml")):
        for name, text in target(path.stem).items():
            yield TARGETS / path.stem / name, text


def shared_returns() -> Shared:
    """The places and the text of each entry of docs/returns.yml."""
    source = RETURNS.read_text(encoding="utf-8")
    places = [entry["places"] for entry in yaml.safe_load(source)]
    values = [text.splitlines() for text in source.split("\n  value:\n")[1:]]
    # A text ends where the next entry begins.
    bodies = [[line[4:] for line in lines if line.startswith("    ")] for lines in values]
    return list(zip(places, map(parse, bodies)))


def with_shared(place: str, returns: dict[str, Entry], shared: Shared) -> dict[str, Entry]:
    """Return values, and those inside them, with what docs/returns.yml has for them; ``place`` is where they stand."""
    written = {}
    for name, entry in returns.items():
        here, mapping = f"{place}.{name}", entry.mapping or {}
        for patterns, text in shared:
            if any(fnmatch.fnmatchcase(here, pattern) for pattern in patterns):
                mapping = merge(mapping, text)
        inside = mapping.get("contains")
        if inside is not None and inside.mapping is not None:
            mapping["contains"] = Entry(mapping=with_shared(here, inside.mapping, shared))
        written[name] = Entry(mapping=mapping)
    return written


def key_lists() -> str:
    """The doc fragment of the lists of keys, with the options that an entry has in each."""
    text = KEY_LISTS.read_text(encoding="utf-8")
    for option in ("keys", "scim_keys"):
        [found] = re.findall(rf'(?<= = r""")\noptions:\n  {option}:\n.*?(?=""")', text, re.DOTALL)
        documented = parse(found.strip("\n").split("\n"))
        described = inside(documented, "options", option)
        described["suboptions"] = Entry(mapping=entry_options(option, option, "suboptions", indent=6))
        text = text.replace(found, "\n".join(["", *render(documented), ""]))
    return text


def role_options() -> str:
    """The role's argument spec, with each option of a SCIM key. What it says of one in its own words stays."""
    text = ROLE.read_text(encoding="utf-8")
    [found] = re.findall(r"(?<=\n      onboarding_scim_keys: &scim_keys\n).*?(?=\n      onboarding_)", text, re.DOTALL)
    option = parse([line[8:] for line in found.split("\n")])
    wanted = entry_options("scim_keys", "onboarding_scim_keys", "options", indent=10)
    del wanted["return_token"]  # A role returns no token.
    for entry in wanted.values():
        # The module has the defaults; here they would be filled in where nobody gave a value.
        (entry.mapping or {}).pop("default", None)
    own = inside(option, "options")
    option["options"] = Entry(
        mapping=merge(
            {name: entry for name, entry in own.items() if name in wanted},
            {name: own.get(name, entry) for name, entry in wanted.items()},
        )
    )
    return text.replace(found, "\n".join(f"        {line}" for line in render(option)))


def entry_options(option: str, reference: str, nested: str, indent: int) -> dict[str, Entry]:
    """The options of an entry of a list of keys: those that its argument spec has, each described by the first paragraph
    of what module api_key says of it.

    ``reference`` is the list's name in references to options, ``nested`` the word for options inside another.
    """
    spec = argument_spec("tenant")[option]["options"]
    documentation = _block(MODULES / "api_key.py", "DOCUMENTATION")
    paragraphs = yaml.safe_load(documentation)["options"]
    options = {}
    for name, entry in inside(parse(documentation.split("\n")), "options").items():
        if name not in spec:
            continue
        said = paragraphs[name]["description"]
        text = said if isinstance(said, str) else said[0]
        for other in spec:
            text = text.replace(f"O({other}", f"O({reference}[].{other}")
        mapping = {"description": paragraph(text, indent + 2)}
        for word, value in (entry.mapping or {}).items():
            if word != "description":
                mapping[nested if word == "suboptions" else word] = value
        if spec[name].get("required"):
            mapping["required"] = Entry("true")
        options[name] = Entry(mapping=mapping)
    return options


def argument_spec(module: str) -> dict[str, Any]:
    """The argument spec of a module, as it is in the checkout."""
    for name, folders in (
        ("ansible_collections", []),
        (f"ansible_collections.{NAMESPACE}", []),
        (PACKAGE, [paths.ROOT]),
    ):
        if name not in sys.modules:
            package = types.ModuleType(name)
            package.__path__ = [str(folder) for folder in folders]
            sys.modules[name] = package
    modules = importlib.import_module(f"{PACKAGE}.plugins.module_utils._arguments.modules")
    return getattr(modules, module.upper()).spec


def action_group() -> str:
    """meta/runtime.yml with every module that signs in on a tenant in the action group."""
    calling = [
        path.stem for path in sorted(MODULES.glob("[!_]*.py")) if "def main()" in path.read_text(encoding="utf-8")
    ]
    head, _group, _modules = RUNTIME.read_text(encoding="utf-8").partition("  tenant:\n")
    return "".join([head, "  tenant:\n", *(f"    - {module}\n" for module in calling)])


def target(module: str) -> dict[str, str]:
    """The files of the target by which ansible-test plays the playbook of a module."""
    licence = "# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors\n# SPDX-License-Identifier: GPL-3.0-or-later\n"
    return {
        "aliases": f"{licence}\nneeds/target/setup_tenant\n",
        "tasks/main.yml": f"""{licence}---
- name: Play the playbook of {module}
  ansible.builtin.include_role:
    name: setup_tenant
  vars:
    setup_tenant_playbook: {module}
""",
    }


def obsolete_targets() -> list[Path]:
    """The files of targets whose playbook is gone."""
    return [
        TARGETS / module / name
        for module in sorted(path.name for path in TARGETS.glob("*") if not (PLAYBOOKS / f"{path.name}.yml").exists())
        for name, text in target(module).items()
        if (TARGETS / module / name).exists() and (TARGETS / module / name).read_text(encoding="utf-8") == text
    ]


def inside(entries: dict[str, Entry], *names: str) -> dict[str, Entry]:
    """The mapping that the names lead to."""
    for name in names:
        mapping = entries[name].mapping
        if mapping is None:
            raise ValueError(f"{name} has no entries")
        entries = mapping
    return entries


def _block(path: Path, name: str) -> str:
    """The YAML of DOCUMENTATION or RETURN of a module."""
    [text] = re.findall(rf'^{name} = r"""\n(.*?)\n"""', path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return text


if __name__ == "__main__":
    main()
