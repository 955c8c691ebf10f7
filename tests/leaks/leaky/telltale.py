# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module that leaks the token in a file, in the way that ``how`` says, to show that the search finds it."""

from __future__ import annotations

import base64
import os

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: telltale
short_description: Leak a token
options:
  path: {type: path, description: A file with the token.}
  how: {type: str, description: In which way.}
"""


def main() -> None:
    module = AnsibleModule(argument_spec={"path": {"type": "path"}, "how": {"type": "str"}})
    with open(module.params["path"], encoding="utf-8") as stream:
        token = stream.read()
    ways = {
        "message": lambda: module.exit_json(msg=f"the token is {token}"),
        "part": lambda: module.exit_json(msg=token[-40:]),
        "encoded": lambda: module.exit_json(msg=base64.b64encode(f"admin:{token}".encode()).decode()),
        "twice": lambda: module.exit_json(token=token, actions=[{"token": token}]),
        "failure": lambda: module.fail_json(msg="refused", failure={"detail": token}),
        "warning": lambda: (module.warn(token), module.exit_json()),
        "diff": lambda: module.exit_json(changed=True, diff={"before": "", "after": token}),
        "fact": lambda: module.exit_json(ansible_facts={"token_of_ours": token}),
        "file": lambda: (_leave(token), module.exit_json()),
    }
    ways[module.params["how"]]()


def _leave(token: str) -> None:
    with open(os.path.join(os.environ["HOME"], "left"), "w", encoding="utf-8") as stream:
        stream.write(token)


if __name__ == "__main__":
    main()
