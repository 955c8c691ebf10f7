# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that say whose a token file shall be and who may read it: with the values that ansible.builtin.file takes."""

from __future__ import annotations

import grp
import pwd
import stat
from collections.abc import Callable, Mapping
from types import SimpleNamespace

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.attributes import Asked
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.folder import PRIVATE

FILE_OPTIONS = {
    "token_file_owner": {"type": "str", "no_log": False},
    "token_file_group": {"type": "str", "no_log": False},
    "token_file_mode": {"type": "raw", "no_log": False},
}
# The largest is what stands for "as it is" in the calls of the system.
LARGEST_ID = 2**32 - 2
OPERATORS = set("+-=")
GOOD_MODES = "give octal digits as text such as '0640', or letters such as u=rw,g=r"


def asked_attributes(params: Mapping) -> Asked:
    """What ``FILE_OPTIONS`` ask for. Raises OptionError for a user or group that is unknown, and for what is no mode."""
    given = {name: params.get(name) for name in FILE_OPTIONS if params.get(name) is not None}
    for name in given:
        if params["token_file"] is None:
            raise OptionError(name, "has no meaning without token_file.")
    return Asked(
        owner=_id_of(given, "token_file_owner", "user", lambda name: pwd.getpwnam(name).pw_uid),
        group=_id_of(given, "token_file_group", "group", lambda name: grp.getgrnam(name).gr_gid),
        mode=_mode(given.get("token_file_mode")),
    )


def _id_of(given: Mapping[str, str], option: str, kind: str, find: Callable[[str], int]) -> int | None:
    """A number is an id, whether there is somebody who has it or not."""
    if option not in given:
        return None
    text = given[option].strip()
    if text.isascii() and text.isdigit() and int(text) <= LARGEST_ID:
        return int(text)
    try:
        return find(text)
    except (KeyError, ValueError):
        raise OptionError(
            option, f"there is no {kind} {text!r} on this machine; give the name or the id of one."
        ) from None


def _mode(given: object) -> Callable[[int], int] | None:
    """From the mode that a file has to the one it shall have."""
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, (int, str)):
        raise _no_mode(given)

    def mode(present: int) -> int:
        return _checked(given if isinstance(given, int) else _read_mode(given, present), given)

    mode(PRIVATE)
    return mode


def _read_mode(given: str, present: int) -> int:
    try:
        return int(given, 8)
    except ValueError:
        pass
    if not all(OPERATORS & set(part) for part in given.split(",")):
        raise _no_mode(given)
    try:
        return AnsibleModule._symbolic_mode_to_octal(SimpleNamespace(st_mode=stat.S_IFREG | present), given.strip())
    except (ValueError, KeyError):
        raise _no_mode(given) from None


def _checked(mode: int, given: object) -> int:
    """Raise OptionError for what no token file should be, as a number becomes whose zero in front is missing."""
    if mode < 0:
        raise _no_mode(given)
    if mode > 0o777:
        problem = "has more in it than who may read and write"
    elif not mode & stat.S_IRUSR:
        problem = "would not let its owner read it"
    elif isinstance(given, int) and (mode & 0o111 or mode & 0o222 & ~((mode & 0o444) >> 1)):
        problem = "would let somebody execute it, or write to it without reading it"
    else:
        return mode
    meant = f"{given} is {mode:04o} in octal, which" if isinstance(given, int) else repr(given)
    raise OptionError("token_file_mode", f"{meant} {problem}; {GOOD_MODES}.")


def _no_mode(given: object) -> OptionError:
    return OptionError("token_file_mode", f"{given!r} is not a mode; {GOOD_MODES}.")
