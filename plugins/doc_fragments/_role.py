# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the modules that role onboarding gives its variables to. Private to the collection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  variables_prefix:
    description:
      - Takes each option that the task does not give from a variable of the host. The variable's name is this text and the option's
        name. It is for a role whose variables are named like the options, as those of C(tenantops.qlik_cloud.onboarding) are.
      - A variable whose value has an undefined variable in it is an error. So is a variable whose name begins with this text, and
        that is neither that of an option nor one of O(other_variables). Messages begin with the variable's name.
    type: str
  other_variables:
    description: Variables whose names begin with O(variables_prefix) and that are not those of options.
    type: list
    elements: str
"""

    SIGN_IN = r"""
options:
  variables_prefix:
    description:
      - Takes the options of the connection that the task does not give, such as address and credentials, from variables of the host.
        The variable's name is this text and the option's name. With V(onboarding_) a task signs in as role
        C(tenantops.qlik_cloud.onboarding) does, with the same inventory.
      - A variable whose value has an undefined variable in it is an error. So is a variable whose name begins with this text, and
        that the role does not have.
      - Then O(timeout) is V(15) and O(retries) is V(2), unless the task, its defaults or the variables say otherwise.
    type: str
"""
