# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: contexts
short_description: Make a host of each context of qlik-cli
version_added: 1.0.0
description:
  - Makes one host of each context in the contexts file of qlik-cli, so that a play runs once for each tenant.
  - The source is a file whose name ends in C(.qlik.yml) or C(.qlik.yaml).
  - The host has exactly the name of the context, and the variables C(qlik_context), C(qlik_tenant_url) and C(qlik_contexts_file),
    the file that was read. Tasks for it run on the controller, with the Python of Ansible.
  - Credentials stay in the contexts file; they never become variables. The modules read them there by the name of the
    context, see O(tenantops.qlik_cloud.tenant_info#module:context).
  - A host is in the group C(qlik_type_<type>), by the type of its server. If the context does not say the type, it is C(cloud). The
    host is in C(qlik_region_<region>) as well, if its address is C(https://<tenant>.<region>.qlikcloud.com). In names of groups
    everything but letters, digits and underscores becomes an underscore.
  - If the server of a context is no usable address, for example because it has a password in it, the host has no
    C(qlik_tenant_url). If its type is C(cloud), there is a warning.
  - A context is left out, with a warning, if its name or server looks like a template (C({{)), or if its name is empty, begins or
    ends with white space, cannot be printed, or is the name of a group. Such groups are C(all), C(ungrouped), those above, those
    made by O(groups) or O(keyed_groups), and those of a source before this one. C(qlik context rename) gives a context another
    name.
  - If the name of a context has characters that mean something in host patterns, such as C(:), C(,), C([) or C(*), a play reaches
    the host by C(all) or its groups, but not always by its name. Then choose another name in qlik-cli.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - ansible.builtin.constructed
options:
  plugin:
    description: Says that a source is for this plugin.
    type: str
    required: true
    choices: [tenantops.qlik_cloud.contexts]
  contexts_file:
    description:
      - The file with the contexts.
      - If not set, it is the file that the environment variable E(QLIK_CONTEXTS_FILE) names.
      - If neither is set, it is C(.qlik/contexts.yml) in the folder that the environment variable E(QLIK_CLI_USER_HOME_DIR) names,
        or else in the home folder. If C(contexts.yml) lies in that folder itself, without C(.qlik), that file is used.
    type: path
notes:
  - A task with the option C(context) takes no address and no credentials from the environment, so that each host is its own tenant.
    A task without it takes both from the environment, the same for all hosts. So set the option once for a play, in
    C(module_defaults), as below.
"""

EXAMPLES = r"""
# tenants.qlik.yml: a host for each context of qlik-cli, for the role onboarding, too
plugin: tenantops.qlik_cloud.contexts
compose:
  onboarding_context: qlik_context
  onboarding_contexts_file: qlik_contexts_file
groups:
  production: qlik_context.endswith('-prod')

# With the contexts of another file than qlik-cli's own:
#   contexts_file: /etc/qlik/contexts.yml
#
# A play over it (ansible-playbook -i tenants.qlik.yml look.yml):
#   - name: Look at every tenant
#     hosts: qlik_type_cloud
#     gather_facts: false
#     module_defaults:
#       group/tenantops.qlik_cloud.tenant:
#         context: "{{ qlik_context }}"
#         contexts_file: "{{ qlik_contexts_file }}"
#     tasks:
#       - name: See which tenant this is, and who I am there
#         tenantops.qlik_cloud.tenant_info:
"""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, QlikCloudError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.contexts import (
    Context,
    find_contexts_path,
    find_region,
    name_contexts_file_option,
    read_contexts,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in_options import name_options_as

SOURCE_SUFFIXES = (".qlik.yml", ".qlik.yaml")
# A template, because inventories are also made in one place, and kept, to be used in another.
INTERPRETER = "{{ ansible_playbook_python }}"
RENAME = "Rename the context in qlik-cli (qlik context rename)"
TEMPLATE_MARKS = ("{{", "{%", "{#")


class InventoryModule(BaseInventoryPlugin, Constructable):  # type: ignore[misc]  # ansible-core ships no types
    NAME = "tenantops.qlik_cloud.contexts"
    # From ansible-core 2.19 on the variables are templates only by this; before, those of any inventory are. No text
    # of the contexts file becomes one, see _find_problem.
    trusted_by_default = True

    def verify_file(self, path: str) -> bool:
        return bool(super().verify_file(path)) and path.endswith(SOURCE_SUFFIXES)

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        option = self.get_option("contexts_file")
        contexts_file = os.path.abspath(find_contexts_path(option, os.environ))
        try:
            with name_options_as({"contexts_file": name_contexts_file_option(option, os.environ)}):
                contexts = read_contexts(contexts_file)
        except QlikCloudError as error:
            raise AnsibleParserError(str(error)) from None
        self._add_all(contexts.values(), contexts_file)

    def _add_all(self, contexts: Iterable[Context], contexts_file: str) -> None:
        """Add a host for each context that can be one. Any other is left out with a warning, so that it does not stop the rest."""
        hosts_before = set(self.inventory.hosts)
        added = []
        for context in contexts:
            problem = _find_problem(context) or self._find_name_clash(context.name)
            if problem:
                self._warn_about(context.name, problem)
                continue
            added.append(context.name)
            try:
                self._add(context, contexts_file)
            except Exception:
                # Ansible's "can't add group to itself", of a group that has the host's name.
                if not self._find_name_clash(context.name):
                    raise
        # Now all groups are there, and one may have the name of a host that was added before it.
        for name in added:
            problem = self._find_name_clash(name)
            if problem:
                self._warn_about(name, problem)
                if name not in hosts_before:
                    self.inventory.remove_host(self.inventory.hosts[name])

    def _find_name_clash(self, name: str) -> str | None:
        """Why a host cannot have that name, if a group has it: Ansible would set the host's variables on the group."""
        return (
            f"a group has that name. {RENAME}, or the group, if you made it." if name in self.inventory.groups else None
        )

    def _warn_about(self, name: str, problem: str) -> None:
        self.display.warning(f"context: {name!r} is left out: {problem}")

    def _add(self, context: Context, contexts_file: str) -> None:
        variables: dict[str, str] = {
            "ansible_connection": "local",
            "ansible_python_interpreter": INTERPRETER,
            "qlik_context": context.name,
            "qlik_contexts_file": contexts_file,
        }
        groups = [f"qlik_type_{context.server_type}"]
        tenant_url = self._tenant_url(context)
        if tenant_url is not None:
            variables["qlik_tenant_url"] = tenant_url
            region = find_region(tenant_url)
            groups += [f"qlik_region_{region}"] if region else []

        self.inventory.add_host(context.name)
        for name, value in variables.items():
            self.inventory.set_variable(context.name, name, value)
        for group in map(_to_group_name, groups):
            self.inventory.add_group(group)
            self.inventory.add_child(group, context.name)
        self._construct(context.name, variables)

    def _tenant_url(self, context: Context) -> str | None:
        try:
            return context.tenant_url()
        except OptionError as error:
            if context.is_cloud:
                self.display.warning(str(error))
            return None

    def _construct(self, host: str, variables: dict[str, str]) -> None:
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, host, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)


def _is_template(text: str) -> bool:
    return any(mark in text for mark in TEMPLATE_MARKS)


NAME_PROBLEMS: tuple[tuple[Callable[[str], bool], str], ...] = (
    (lambda name: not name.strip(), "its name is empty."),
    (lambda name: name != name.strip(), "its name begins or ends with white space, which the modules do not see."),
    (lambda name: not name.isprintable(), "its name has characters that cannot be shown."),
    (_is_template, "its name looks like a template."),
)


def _find_problem(context: Context) -> str | None:
    """Why a context cannot be a host, and what to do; None if it can."""
    if _is_template(context.server or ""):
        return "its server looks like a template. Correct it in qlik-cli (qlik context update)."
    for applies, problem in NAME_PROBLEMS:
        if applies(context.name):
            return f"{problem} {RENAME}."
    return None


def _to_group_name(text: str) -> str:
    return re.sub(r"\W", "_", text, flags=re.ASCII)
