# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors that stop a module, by type.

Each is raised in the layer that knows the fact, and turned into a result in one place (``_operations/run.py``). No message
and no ``failure`` holds the raw body of an answer, which can carry a token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypedDict


class Failure(TypedDict, total=False):
    """The result ``failure``: the refused or unanswered call, as far as it is known."""

    status: int
    code: str
    title: str
    detail: str
    trace_id: str
    method: str
    path: str


class QlikCloudError(Exception):
    """Stops a module; ``str()`` of it is written for the person who reads the playbook's output."""

    begins_with_option: bool = False
    """Whether the message begins with the name of an option, or with the place of one inside others."""

    @property
    def failure(self) -> Failure:
        """The module's result ``failure``; empty where no call failed."""
        return {}

    def add_place(self, place: str) -> QlikCloudError:
        """Put the option that the error is about, such as ``keys[0]``, before the message; return the error."""
        self.args = (f"{place}: {self}",)
        self.begins_with_option = True
        return self

    def message_for(self, as_variable: Callable[[str], str] = str) -> str:
        """The message for a caller who gives options by variables.

        ``as_variable`` replaces the name of an option at the beginning of a text by that of its variable.
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
    """Several entries of a list have errors; the message has the first few of them."""

    MAX_SHOWN_ERRORS = 10

    def __init__(self, errors: Sequence[QlikCloudError]):
        self._errors = errors
        super().__init__(self.message_for())

    def message_for(self, as_variable: Callable[[str], str] = str) -> str:
        messages = [error.message_for(as_variable) for error in self._errors[: self.MAX_SHOWN_ERRORS]]
        hidden = len(self._errors) - len(messages)
        if hidden > 0:
            messages.append(f"And {hidden} more.")
        return " ".join([f"{len(self._errors)} entries:", *messages])


@contextmanager
def at_option(place: str) -> Iterator[None]:
    """Put an option, such as ``keys[0]``, before the message of an error that is raised inside.

    ``place`` is empty for the module's own options; the message stays as it is then.
    """
    try:
        yield
    except QlikCloudError as error:
        raise (error.add_place(place) if place else error) from None


def combine_errors(errors: Sequence[QlikCloudError]) -> QlikCloudError:
    """One error with the messages of all of them; ``errors`` must not be empty."""
    return errors[0] if len(errors) == 1 else SeveralErrors(errors)


class MissingLibraryError(QlikCloudError):
    """A Python library is missing that this run needs, though most do not; ``reason`` is the traceback of its import."""

    def __init__(self, library: str, reason: str):
        super().__init__(f"The Python library {library} is needed for this, and cannot be imported.")
        self.library = library
        self.reason = reason


class TokenFileError(QlikCloudError):
    """The token file cannot be read, or a token cannot be stored in it."""


class LostTokenError(QlikCloudError):
    """A key is active, or should be, and the stored token is not its token."""


class OrphanedKeyError(QlikCloudError):
    """A key is active, or may be, whose token nobody holds; the marker beside its token file must stay."""

    def __init__(self, message: str, failure: Failure | None = None):
        super().__init__(message)
        self._failure = failure or {}

    @property
    def failure(self) -> Failure:
        return self._failure


class TenantStateError(QlikCloudError):
    """The state of the tenant does not allow what was asked for."""

    def __init__(self, message: str, *, begins_with_option: bool = False):
        super().__init__(message)
        self.begins_with_option = begins_with_option


class RequestError(QlikCloudError):
    """A request did not lead to a usable answer."""

    def __init__(self, message: str, method: str, path: str):
        super().__init__(message)
        self.method = method
        self.path = path

    @property
    def failure(self) -> Failure:
        return {"method": self.method, "path": self.path}

    @property
    def may_have_been_done(self) -> bool:
        """Whether the tenant may have carried out a write all the same."""
        return True

    def add_advice(self, advice: str) -> RequestError:
        """Put ``advice`` behind the message; return the error."""
        self.args = (f"{self} {advice}",)
        return self


class NotSentError(RequestError):
    """Nothing of the request left this machine for the tenant. ``is_transient``: the same may succeed at once."""

    def __init__(self, message: str, method: str, path: str, *, is_transient: bool = False):
        super().__init__(message, method, path)
        self.is_transient = is_transient

    @property
    def may_have_been_done(self) -> bool:
        return False


class NoAnswerError(RequestError):
    """The connection failed, was dropped or timed out, so it is not known whether a write was carried out."""

    def __init__(self, message: str, method: str, path: str, *, is_transient: bool = False):
        super().__init__(message, method, path)
        self.is_transient = is_transient


class UnusableAnswerError(RequestError):
    """The answer cannot be used: it is no JSON, has not the documented shape, or leads to another host."""

    def __init__(self, message: str, method: str, path: str, status: int | None = None):
        super().__init__(message, method, path)
        self.status = status

    @property
    def failure(self) -> Failure:
        if self.status is None:
            return super().failure
        return {"status": self.status, **super().failure}


class RefusedError(RequestError):
    """The tenant, or something before it, answered with an error status.

    ``code``, ``title``, ``detail`` and ``trace_id`` come from the published envelope
    ``{"errors": [{code, title, detail?}], traceId?}`` and are None where the answer had none. ``is_from_tenant``: the answer
    had it, so that it came from the tenant and not from anything before it.
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
        """Also after 5xx and 408: a gateway answers so when only the tenant's answer did not reach it."""
        return not self.is_from_tenant or self.status >= 500 or self.status == 408

    @property
    def failure(self) -> Failure:
        failure: Failure = {"status": self.status}
        if self.code is not None:
            failure["code"] = self.code
        if self.title is not None:
            failure["title"] = self.title
        if self.detail is not None:
            failure["detail"] = self.detail
        if self.trace_id is not None:
            failure["trace_id"] = self.trace_id
        return {**failure, **super().failure}


class UnauthorizedError(RefusedError):
    """401: the bearer token was not accepted."""


class ForbiddenError(RefusedError):
    """403: the bearer token was accepted, but may not do this."""


class NotFoundError(RefusedError):
    """404 from the tenant itself: there is no such record."""


class RateLimitedError(RefusedError):
    """429, still after all the waiting that the run may do."""
