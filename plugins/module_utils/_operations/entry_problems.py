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
    at_option,
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
            with at_option(place):
                yield
        except OptionError as error:
            self._options.append(error)
        except SINGLE_KEY_ERRORS as error:
            self.found.append(error)

    def raise_option_errors(self) -> None:
        """Raise what is wrong with options, and with it all else that was found; nothing if no option is wrong."""
        if self._options:
            raise combine_errors([*self._options, *self.found])
