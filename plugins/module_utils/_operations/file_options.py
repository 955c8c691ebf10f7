# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options for the owner, group and mode of a token file, with the values that ansible.builtin.file takes."""

from __future__ import annotations

import grp
import os
import pwd
import re
import stat
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.attributes import WantedAttributes
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.folder import PRIVATE

FILE_OPTIONS = ("token_file_owner", "token_file_group", "token_file_mode")
# One more stands for "as it is" in system calls.
MAX_ID = 2**32 - 2
LISTED_MODE = re.compile(r"(?:[r-][w-][x-]){3}")
"""As ``ls -l`` shows a mode."""
# Symbolic modes as in chmod(1) of POSIX.
CLAUSE = re.compile(r"(?P<who>[ugoa]*)(?P<changes>(?:[-+=](?:[ugo]|[rwxXst]*))+)")
CHANGE = re.compile(r"([-+=])([ugo]|[rwxXst]*)")
SHIFTS = {"u": 6, "g": 3, "o": 0}
SET_ID = {"u": stat.S_ISUID, "g": stat.S_ISGID, "o": 0}
MODE_ADVICE = "give octal digits as text such as '0640', or letters such as u=rw,g=r"


def parse_attributes(params: Mapping[str, Any]) -> WantedAttributes:
    """What ``FILE_OPTIONS`` ask for. Raises OptionError for a user or group that is unknown, and for what is no mode."""
    given = {name: params[name] for name in FILE_OPTIONS if params.get(name) is not None}
    return WantedAttributes(
        owner=_parse_owner(given, "token_file_owner", "user", lambda name: pwd.getpwnam(name).pw_uid),
        group=_parse_owner(given, "token_file_group", "group", lambda name: grp.getgrnam(name).gr_gid),
        mode=_parse_mode(given.get("token_file_mode")),
    )


def _parse_owner(given: Mapping[str, str], option: str, kind: str, find: Callable[[str], int]) -> int | None:
    """The id of a user or group; a number is one, whether anybody has it or not. Raises OptionError."""
    if option not in given:
        return None
    text = given[option].strip()
    if text.isascii() and text.isdigit() and int(text) <= MAX_ID:
        return int(text)
    try:
        return find(text)
    except (KeyError, ValueError):
        raise OptionError(
            option, f"there is no {kind} {text!r} on this machine; give the name or the id of one."
        ) from None


def _parse_mode(given: object) -> Callable[[int], int] | None:
    """A function from the mode that a file has to the one it shall have; None where nothing is asked for. Raises OptionError."""
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, (int, str)):
        raise _build_mode_error(given)

    def apply_mode(present: int) -> int:
        return _check_mode(given if isinstance(given, int) else _evaluate_mode(given, present), given)

    # A mode that is no good for a token file is refused at once.
    apply_mode(PRIVATE)
    return apply_mode


def _evaluate_mode(given: str, present: int) -> int:
    try:
        return int(given, 8)
    except ValueError:
        pass
    mode = present
    for clause in given.strip().split(","):
        found = CLAUSE.fullmatch(clause)
        if found is None:
            raise _build_mode_error(given)
        for operator, letters in CHANGE.findall(found["changes"]):
            mode = _change_mode(mode, found["who"], operator, letters)
    return mode


def _change_mode(mode: int, who: str, operator: str, letters: str) -> int:
    """The mode after one change such as ``u``, ``=``, ``rw``; where nobody is named, bits that the umask forbids are not set."""
    allowed = 0o7777 if who else 0o7777 & ~_read_umask()
    for person in "ugo" if not who or "a" in who else who:
        shift = SHIFTS[person]
        if letters in SHIFTS:
            bits = mode >> SHIFTS[letters] & 0o7
        else:
            bits = sum({"r": 4, "w": 2, "x": 1}.get(letter, 0) for letter in set(letters))
            bits |= 1 if "X" in letters and mode & 0o111 else 0
        meant = bits << shift & allowed
        meant |= SET_ID[person] if "s" in letters else 0
        meant |= stat.S_ISVTX if "t" in letters else 0
        if operator == "=":
            mode &= ~(0o7 << shift)
        mode = mode & ~meant if operator == "-" else mode | meant
    return mode


def _read_umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _check_mode(mode: int, given: object) -> int:
    """Raise OptionError for a mode that no token file should have, such as a number whose leading zero was forgotten."""
    if mode < 0:
        raise _build_mode_error(given)
    if mode > 0o777:
        problem = "has more in it than who may read and write"
    elif not mode & stat.S_IRUSR:
        problem = "would not let its owner read it"
    elif isinstance(given, int) and (mode & 0o111 or mode & 0o222 & ~((mode & 0o444) >> 1)):
        problem = "would let somebody execute it, or write to it without reading it"
    else:
        return mode
    if isinstance(given, int):
        advice = _suggest_quoted_mode(given) or MODE_ADVICE
        raise OptionError("token_file_mode", f"{given} without quotes is mode {mode:04o}, which {problem}; {advice}.")
    raise OptionError("token_file_mode", f"{given!r} {problem}; {MODE_ADVICE}.")


def _suggest_quoted_mode(number: int) -> str | None:
    """The advice to write the digits of a number as octal text, None where they would be no better."""
    digits = f"{number:04}"
    is_usable = re.fullmatch("0[0-7]{3}", digits) and int(digits, 8) & stat.S_IRUSR
    return f'write "{digits}"' if is_usable else None


def _build_mode_error(given: object) -> OptionError:
    listed = LISTED_MODE.fullmatch(given.strip()) if isinstance(given, str) else None
    if listed is None:
        return OptionError("token_file_mode", f"{given!r} is not a mode; {MODE_ADVICE}.")
    bits = int("".join("0" if bit == "-" else "1" for bit in listed[0]), 2)
    return OptionError("token_file_mode", f'{given!r} is how a mode is shown, not how it is given; write "{bits:04o}".')
