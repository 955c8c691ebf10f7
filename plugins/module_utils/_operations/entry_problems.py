# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with entries of a list, collected so that one run tells of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    LostTokenError,
    OptionError,
    QlikCloudError,
    TenantStateError,
    TokenFileError,
    combine_errors,
)

# Errors about one key alone: the others are done all the same.
SINGLE_KEY_ERRORS = (LostTokenError, TenantStateError, TokenFileError)


class EntryProblems:
    """``found``: the errors about one key alone. Errors in options are raised together; any other ends the run at once."""

    def __init__(self) -> None:
        self.found: list[QlikCloudError] = []
        self._options: list[QlikCloudError] = []

    @contextmanager
    def collect(self, place: str) -> Iterator[None]:
        """Collect the error that is raised inside, if there is one, as one about the entry at ``place``."""
        try:
            yield
        except QlikCloudError as raised:
            error = _add_place(raised, place)
            if isinstance(error, OptionError):
                self._options.append(error)
            elif isinstance(error, SINGLE_KEY_ERRORS):
                self.found.append(error)
            else:
                raise error from None

    def raise_option_errors(self) -> None:
        """Raise what is wrong with options, and with it all else that was found; nothing if no option is wrong."""
        if self._options:
            raise combine_errors([*self._options, *self.found])


@contextmanager
def name_entry(place: str) -> Iterator[None]:
    """Have an error say which entry it is about; ``place`` is empty for the options of a module for one key."""
    try:
        yield
    except QlikCloudError as error:
        raise _add_place(error, place) from None


def _add_place(error: QlikCloudError, place: str) -> QlikCloudError:
    return error.add_place(place) if place else error
