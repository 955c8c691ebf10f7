# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can stop a module, by type.

Raised in the layer that knows the fact, turned into a result in one place (``_operations/run.py``). No message and no
``failure`` ever holds an answer's raw body: a body can carry a token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager


class QlikCloudError(Exception):
    """Stops a module; ``str()`` of it is written for the person who reads the playbook's output."""

    @property
    def failure(self) -> dict:
        """What the module returns as ``failure``: status, code, title, detail, method, path, trace_id, where known."""
        return {}

    begins_with_option = False
    """Whether the message begins with the name of an option, or with the place of one inside others."""

    def add_place(self, place: str) -> QlikCloudError:
        """The same error, its message saying where among the options it belongs."""
        self.args = (f"{place}: {self}",)
        self.begins_with_option = True
        return self

    def message_for(self, as_variable: Callable[[str], str] = str) -> str:
        """The message for a caller who gives options by variables: ``as_variable`` puts one's name for the option's at the
        beginning of a text.
        """
        return as_variable(str(self)) if self.begins_with_option else str(self)


class OptionError(QlikCloudError):
    """An option cannot be used as given. Raised before anything is changed."""

    begins_with_option = True

    def __init__(self, option: str, problem: str):
        super().__init__(f"{option}: {problem}")
        self.option = option
        self.problem = problem

    def add_place(self, place: str) -> OptionError:
        return OptionError(f"{place}.{self.option}", self.problem)


class UnknownUserError(OptionError):
    """The tenant does not have the user that an option names."""


class SeveralErrors(QlikCloudError):
    """More than one entry of a list cannot be kept as it is; the message has those of the first few."""

    MAX_SHOWN_ERRORS = 10

    def __init__(self, errors: Sequence[QlikCloudError]):
        self._errors = errors
        super().__init__(self.message_for())

    def message_for(self, as_variable: Callable[[str], str] = str) -> str:
        more = len(self._errors) - self.MAX_SHOWN_ERRORS
        told = [error.message_for(as_variable) for error in self._errors[: self.MAX_SHOWN_ERRORS]]
        return " ".join([f"{len(self._errors)} entries:", *told, *([f"And {more} more."] if more > 0 else [])])


@contextmanager
def at_option(place: str) -> Iterator[None]:
    """Have an error say where among the options it belongs."""
    try:
        yield
    except QlikCloudError as error:
        raise error.add_place(place) from None


def combine_errors(errors: Sequence[QlikCloudError]) -> QlikCloudError:
    """The error that tells of all of them."""
    return errors[0] if len(errors) == 1 else SeveralErrors(errors)


class MissingLibraryError(QlikCloudError):
    """A Python library is not there that this run needs, though most do not; ``reason`` is the failed import's."""

    def __init__(self, library: str, reason: str):
        super().__init__(f"The Python library {library} is needed for this, and cannot be imported.")
        self.library = library
        self.reason = reason


class TokenFileError(QlikCloudError):
    """The token file cannot be read, or a token cannot be stored in it."""


class LostTokenError(QlikCloudError):
    """A key is active, or should be, and the token at hand is not its token."""


class OrphanedKeyError(QlikCloudError):
    """A key is active whose token nobody holds, or may be; what was noted beside its token file must stay."""

    def __init__(self, message: str, failure: dict | None = None):
        super().__init__(message)
        self._failure = failure or {}

    @property
    def failure(self) -> dict:
        return self._failure


class TenantStateError(QlikCloudError):
    """The tenant is in a state in which what was asked for cannot be reached."""

    def __init__(self, message: str, *, begins_with_option: bool = False):
        super().__init__(message)
        self.begins_with_option = begins_with_option


class RequestError(QlikCloudError):
    """A request did not lead to a usable answer.

    ``may_have_been_done``: of a request that writes, whether the tenant may have carried it out all the same.
    """

    may_have_been_done = True

    def __init__(self, message: str, method: str, path: str):
        super().__init__(message)
        self.method = method
        self.path = path

    @property
    def failure(self) -> dict:
        return {"method": self.method, "path": self.path}

    def add_advice(self, advice: str) -> RequestError:
        """The same error, its message followed by ``advice``."""
        self.args = (f"{self} {advice}",)
        return self


class NotSentError(RequestError):
    """Nothing of the request left this machine for the tenant. ``may_pass``: the same may succeed at once."""

    may_have_been_done = False

    def __init__(self, message: str, method: str, path: str, *, is_transient: bool = False):
        super().__init__(message, method, path)
        self.is_transient = is_transient


class NoAnswerError(RequestError):
    """The connection failed, was dropped or timed out. After a write, whether the work was done is unknown."""

    def __init__(self, message: str, method: str, path: str, *, is_transient: bool = False):
        super().__init__(message, method, path)
        self.is_transient = is_transient


class UnusableAnswerError(RequestError):
    """An answer came that cannot be used: not JSON, not the documented shape, or a way to another host."""

    def __init__(self, message: str, method: str, path: str, status: int | None = None):
        super().__init__(message, method, path)
        self.status = status

    @property
    def failure(self) -> dict:
        known = {"status": self.status} if self.status is not None else {}
        return {**known, **super().failure}


class RefusedError(RequestError):
    """The tenant, or something before it, answered with an error status.

    ``code``, ``title``, ``detail`` and ``trace_id`` come from the published envelope
    ``{"errors": [{code, title, detail?}], traceId?}`` and are None where the answer had none. ``is_by_tenant``: it had, so
    that it is the tenant's own word; anybody between could have answered otherwise.
    """

    def __init__(
        self,
        message: str,
        method: str,
        path: str,
        status: int,
        code: str | None = None,
        title: str | None = None,
        detail: str | None = None,
        trace_id: str | None = None,
        is_from_tenant: bool = False,
    ):
        super().__init__(message, method, path)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.trace_id = trace_id
        self.is_from_tenant = is_from_tenant

    @property
    def may_have_been_done(self) -> bool:
        """After 5xx, and 408, as well: a gateway answers so when only the tenant's answer did not reach it."""
        return not self.is_from_tenant or self.status >= 500 or self.status == 408

    @property
    def failure(self) -> dict:
        told = {
            "status": self.status,
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
            "trace_id": self.trace_id,
        }
        return {**{name: value for name, value in told.items() if value is not None}, **super().failure}


class UnauthorizedError(RefusedError):
    """401: the bearer was not accepted."""


class ForbiddenError(RefusedError):
    """403: the bearer was accepted, but may not do this."""


class NotFoundError(RefusedError):
    """404, in the tenant's own words: there is no such record."""


class RateLimitedError(RefusedError):
    """429, still after waiting as long as the client is willing to wait."""
