# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the modules that role onboarding gives its variables to. Private to the collection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  variables_prefix:
    description:
      - Takes each option that the task does not give from a variable of the host, which is this text and the option's name. For a
        role whose variables are called like the options, as in C(tenantops.qlik_cloud.onboarding).
      - A value with an undefined variable in it is an error. So is a variable that begins so and is neither an option nor one of
        O(other_variables). Messages begin with the variable's name.
    type: str
  other_variables:
    description: Variables that may begin with O(variables_prefix) and are no options.
    type: list
    elements: str
"""

    SIGN_IN = r"""
options:
  variables_prefix:
    description:
      - Takes the address, the credentials and what else is about the connection, as far as the task does not give it, from variables of
        the host, each called this text and the option's name. With V(onboarding_) a task signs in as role
        C(tenantops.qlik_cloud.onboarding) does, in the inventory that is there for it.
      - A value with an undefined variable in it is an error. So is a variable that begins so and that the role does not have.
      - O(timeout) is V(15) and O(retries) V(2) then, unless the task, its defaults or the variables say otherwise.
    type: str
"""
