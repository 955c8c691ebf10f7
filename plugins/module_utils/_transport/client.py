# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP to one tenant: one session, always a timeout, waiting for rate limits, repeating only what is safe to repeat.

urllib3's own ``Retry`` is not used: it decides by method alone, and cannot tell a POST refused with 429 (not executed,
may be sent again) from a POST answered 503 (may have been executed, must not be).
"""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Union
from urllib.parse import urljoin, urlsplit

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    NoAnswerError,
    NotSentError,
    RefusedError,
    RequestError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import (
    is_loopback,
    is_plain_address,
    is_same_host,
    join_link,
    parse_origin,
    resolve_link,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import (
    Answer,
    Response,
    build_answer,
    build_refusal,
    build_unusable_answer,
    clean_text,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.bodies import (
    CHUNK_BYTES,
    BodyError,
    read_body,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.connections import RecordingAdapter
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.failures import (
    Failure,
    describe_failure,
    describe_proxy,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.http_dates import TenantClock
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.rate_limits import RateLimits
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.request_thread import (
    Attempt,
    RequestThread,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._version import COLLECTION, VERSION

try:
    import requests
except ImportError:
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

USER_AGENT = f"{COLLECTION}/{VERSION}"
SAFE_METHODS = {"GET", "HEAD"}
TRANSIENT_STATUSES = {502, 503, 504}
REDIRECT_STATUSES = {301, 302, 303, 307, 308}
MAX_REDIRECTS = 5
MAX_BACKOFF_SECONDS = 30.0
MIN_LIMIT_WAIT_SECONDS = 1.0
# Gateways may have dropped a connection that was idle for longer.
MAX_IDLE_SECONDS = 5.0
# One for the connection, one for the first byte, one for the rest.
TIMEOUTS_PER_CALL = 3


# As ansible-test has pylint assume Python 3.8, which knows no other form.
JsonBody = Union[Mapping[str, object], Sequence[object]]  # noqa: UP007


@dataclass(frozen=True)
class Call:
    """One request: ``path`` is how messages name it, ``url`` where it is sent, which is another after a redirect."""

    method: str
    path: str
    url: str
    query: Mapping[str, str | int] | None
    body: JsonBody | None
    bearer_token: str | None

    @property
    def is_safe(self) -> bool:
        """Whether it changes nothing, so that it may be repeated."""
        return self.method in SAFE_METHODS


class HttpClient:
    """A connection to ``base_url`` (as ``check_tenant_url`` returns it).

    ``timeout``: seconds, for connecting and for each read; a whole call, with its redirects, takes three times that at most.
    ``retries``: how often a safe call is repeated after a connection error or 502, 503, 504, with a jittered backoff from
    ``retry_interval`` seconds. ``rate_limit_wait``: seconds that all waits for rate limits may take together. ``verify``: as
    in requests. ``headers``: sent along with every request. ``secrets``: the texts that no output may have, should the tenant
    repeat them. ``warn`` takes each warning once; ``progress`` says what is waited for.
    """

    def __init__(
        self,
        base_url: str,
        *,
        verify: bool | str = True,
        timeout: float = 30.0,
        retries: int = 5,
        retry_interval: float = 1.0,
        rate_limit_wait: float = 900.0,
        headers: Mapping[str, str] | None = None,
        secrets: Collection[str] = (),
        warn: Callable[[str], object] = lambda warning: None,
        progress: Progress | None = None,
    ):
        self.base_url = base_url
        self._verify = verify
        self._timeout = timeout
        self._deadline = TIMEOUTS_PER_CALL * timeout
        self._retries = retries
        self._retry_interval = retry_interval
        self._limits = RateLimits(rate_limit_wait, max(retry_interval, MIN_LIMIT_WAIT_SECONDS))
        self._headers = dict(headers or {})
        self._own_secrets = (*secrets, *self._headers.values())
        self._session = self._new_session()
        self._thread = RequestThread()
        self._used_at = time.monotonic()
        self.start_run(warn, progress or Progress())

    def start_run(self, warn: Callable[[str], object], progress: Progress) -> None:
        """Serve another run from here on. Its waits, warnings, clock and secrets are its own."""
        self.secrets = Secrets(self._own_secrets)
        self._warn = warn
        self._warned: set[str] = set()
        self._progress = progress
        self._limits.start_run()
        self._clock = TenantClock(self.warn)

    def close(self) -> None:
        """Leave no connection open. Raises nothing."""
        self._session.close()
        self._thread.close()

    def warn(self, text: str) -> None:
        """Warn the user, once however often the same text is given."""
        if text not in self._warned:
            self._warned.add(text)
            self._warn(text)

    def now(self) -> datetime:
        """The time (UTC) by which keys expire and become due: the earlier of the tenant's and this machine's."""
        return self._clock.now()

    def tenant_time(self) -> datetime:
        """The tenant's time (UTC) by its last answer, this machine's before the first."""
        return self._clock.tenant_time()

    @property
    def has_tenant_time(self) -> bool:
        """Whether the tenant's time is known, so that this machine's clock does not decide alone."""
        return self._clock.has_tenant_time

    @property
    def clocks_agree(self) -> bool:
        """Whether the tenant's time and this machine's are not far apart."""
        return self._clock.is_close

    def request(
        self,
        method: str,
        target: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: JsonBody | None = None,
        bearer: str | None = None,
    ) -> Answer:
        """Send one call and return its 2xx answer.

        ``target`` is a path below the base URL, or an absolute URL on the same host (a page's ``next`` link).
        Raises NotSentError, NoAnswerError, RefusedError (by status) or UnusableAnswerError, and nothing else.
        """
        url = target if "://" in target else self.base_url + target
        if not is_plain_address(url) or not is_same_host(url, self.base_url):
            raise self._build_other_host_error(method, clean_text(target, self.secrets) or "", url)
        call = Call(method, urlsplit(url).path, url, query, body, bearer)
        response = self._follow_redirects(call)
        if not 200 <= response.status < 300:
            raise self._build_refusal(call, response)
        return build_answer(method, call.path, response, self.secrets, self.warn)

    def _follow_redirects(self, call: Call) -> Response:
        """The answer that is no redirect. All of it together takes no longer than one call may."""
        seconds_left = self._deadline
        for _hop in range(MAX_REDIRECTS + 1):
            response = self._send_until_answered(call, seconds_left)
            if response.status not in REDIRECT_STATUSES:
                return response
            seconds_left = max(0.0, seconds_left - response.seconds)
            call = replace(call, url=self._find_redirect_target(call, response), query=None)
        raise UnusableAnswerError(
            f"{call.method} {call.path} was redirected more than {MAX_REDIRECTS} times.",
            call.method,
            call.path,
            response.status,
        )

    def _send_until_answered(self, call: Call, max_seconds: float) -> Response:
        """Send a call, repeating it while that is safe and useful. Each attempt may take ``max_seconds``."""
        attempt = 0
        while True:
            attempt += 1
            may_repeat = call.is_safe and attempt <= self._retries
            self._sleep_for_limit(self._limits.reserve_pause(call.method, time.monotonic()))
            try:
                response = self._send(call, max_seconds, attempt)
            except (NoAnswerError, NotSentError) as error:
                if not (may_repeat and error.is_transient):
                    raise
            else:
                self._clock.update(response.headers)
                if response.status == 429 and self._is_limited(call, response):
                    self._wait_for_limit(call, response)
                    attempt -= 1
                    continue
                self._limits.record_admission(call.method, response.headers, time.monotonic())
                if response.status not in TRANSIENT_STATUSES or not may_repeat:
                    return response
            self._progress.wait(self._compute_backoff(attempt), "another try")

    def _send(self, call: Call, max_seconds: float, number: int) -> Response:
        """Send a call once, as attempt ``number``. Raises NotSentError, NoAnswerError or UnusableAnswerError."""
        self._progress.report_if_due()
        self._close_if_idle()
        attempt = Attempt()
        proxy = None
        try:
            request = self._prepare(call)
            if not is_same_host(request.url, self.base_url):
                raise self._build_other_host_error(call.method, call.path, request.url)
            # Per call: set on the session alone, verify would give way to REQUESTS_CA_BUNDLE.
            settings = self._session.merge_environment_settings(request.url, {}, True, self._verify, None)
            proxy = describe_proxy(request.url, settings["proxies"])
            return self._thread.run(
                max_seconds,
                attempt,
                lambda: self._exchange(request, settings),
                self._progress.report_waiting_for_answer,
            )
        except RequestError:
            raise
        except _UnusableBodyError as error:
            raise build_unusable_answer(call.method, call.path, error.status, str(error)) from None
        except Exception as error:
            failure = describe_failure(error, attempt, self._timeout, self._deadline, proxy)
        except BaseException:
            # The task was ended in the middle of the call, and the process may go on with another.
            self._renew_session()
            raise
        self._renew_session()
        raise self._build_no_answer_error(call, failure, number)

    def _prepare(self, call: Call) -> Any:
        """The request as it will be sent. The session is not asked: it would add cookies and what a netrc file says."""
        request = requests.PreparedRequest()
        request.prepare(
            call.method,
            call.url,
            headers=self._session.headers,
            params=call.query,
            json=call.body,
            auth=_BearerAuth(call.bearer_token),
        )
        return request

    def _exchange(self, request: Any, settings: Mapping[str, Any]) -> Response:
        """Send a prepared request of requests and read its whole answer."""
        begun = time.monotonic()
        # The adapter keeps no cookies and follows no redirects, for which the session would read the whole body first.
        adapter = self._session.get_adapter(request.url)
        response = adapter.send(request, timeout=(self._timeout, self._timeout), **settings)
        with closing(response):
            try:
                body = read_body(response.raw.stream(CHUNK_BYTES, decode_content=False), response.headers)
            except BodyError as error:
                raise _UnusableBodyError(str(error), response.status_code) from None
        return Response(response.url, response.status_code, response.headers, body, time.monotonic() - begun)

    def _renew_session(self) -> None:
        """Start anew, so that nothing of a call that failed meets the next one."""
        self._session.close()
        self._session = self._new_session()

    def _new_session(self) -> Any:
        session: Any = requests.Session()
        session.headers.update(
            {"Accept": "application/json", **self._headers, "Accept-Encoding": "gzip", "User-Agent": USER_AGENT}
        )
        for scheme in ("https://", "http://"):
            session.mount(scheme, RecordingAdapter())
        origin = parse_origin(self.base_url)
        if origin is not None and is_loopback(origin.host):
            # Plain http is allowed because it stays on this machine; a proxy from the environment would carry it off.
            session.trust_env = False
        return session

    def _find_redirect_target(self, call: Call, response: Response) -> str:
        location = response.headers.get("Location")
        if not call.is_safe or not location:
            raise UnusableAnswerError(
                f"{call.method} {call.path} was answered with a redirect ({response.status}), which is not followed for this "
                "call. Is tenant_url the tenant's own address?",
                call.method,
                call.path,
                response.status,
            )
        target = resolve_link(location, response.url, self.base_url)
        if target is None:
            raise self._build_other_host_error(call.method, call.path, location, response.status, response.url)
        return target

    def _build_other_host_error(
        self, method: str, path: str, target: str, status: int | None = None, found_at: str = ""
    ) -> UnusableAnswerError:
        """The error for a ``target``, a link or address that was found at ``found_at``, which is not on the tenant."""
        origin = parse_origin(join_link(target, found_at)) if is_plain_address(target) else None
        place = f"another host, {clean_text(str(origin), self.secrets)}" if origin else "what is no address on it"
        return UnusableAnswerError(
            f"{method} {path}: the tenant at {self.base_url} points to {place}. The token is not sent there."
            + (" If that is the tenant's own name, give it as tenant_url." if origin else ""),
            method,
            path,
            status,
        )

    def _build_refusal(self, call: Call, response: Response) -> RefusedError:
        """The error for an error status; after a 404 of anybody but the tenant the address may be wrong."""
        error = build_refusal(call.method, call.path, response, self.secrets)
        if response.status == 404 and not error.is_from_tenant:
            path = urlsplit(self.base_url).path
            without_path = f" Leave out {path}, unless a proxy needs it." if path else ""
            error.add_advice(f"Is tenant_url, {self.base_url}, the address of a Qlik Cloud tenant?{without_path}")
        return error

    def _is_limited(self, call: Call, response: Response) -> bool:
        """Whether a call answered 429 may be repeated: always if it reads, if it writes only when the tenant refused it."""
        return call.is_safe or build_refusal(call.method, call.path, response, self.secrets).is_from_tenant

    def _wait_for_limit(self, call: Call, response: Response) -> None:
        """Wait as long as a 429 asks for; give up, saying so, when the waits would add up to too much."""
        wait = self._limits.record_refusal(call.method, response.headers, self.tenant_time())
        waited = self._limits.waited
        if not self._limits.reserve(wait):
            raise build_refusal(call.method, call.path, response, self.secrets).add_advice(
                f"The rate limit asks to wait {wait:.0f} s more, after {waited:.0f} s of waiting in this run, for which "
                f"rate_limit_wait allows {self._limits.max_wait:g} s in total. Run again later, or allow more."
            )
        self._sleep_for_limit(wait)

    def _sleep_for_limit(self, seconds: float) -> None:
        if seconds > 0:
            # Gateways drop a connection that was idle for about as long as this, and a write must not find that out.
            self._session.close()
            self._progress.wait(seconds, "the tenant's rate limit")

    def _close_if_idle(self) -> None:
        """Close a connection that gateways may have dropped meanwhile: a write must not find that out."""
        now = time.monotonic()
        if now - self._used_at > MAX_IDLE_SECONDS:
            self._session.close()
        self._used_at = now

    def _compute_backoff(self, attempt: int) -> float:
        """Seconds before repeat number ``attempt``: doubled each time, between half and all of it by chance."""
        full: float = min(self._retry_interval * 2 ** (attempt - 1), MAX_BACKOFF_SECONDS)
        return full * random.uniform(0.5, 1.0)

    def _build_no_answer_error(self, call: Call, failure: Failure, attempts: int) -> NoAnswerError | NotSentError:
        tried = f" (tried {attempts} times)" if attempts > 1 else ""
        reason = clean_text(failure.reason, self.secrets)
        message = f"{call.method} {urljoin(self.base_url, call.path)} got no answer: {reason}{tried}."
        if failure.was_not_sent:
            return NotSentError(
                f"{message} Nothing was sent.", call.method, call.path, is_transient=failure.is_transient
            )
        doubt = "" if call.is_safe else " Whether the tenant carried it out is not known."
        return NoAnswerError(message + doubt, call.method, call.path, is_transient=failure.is_transient)


class _UnusableBodyError(Exception):
    """The body of an answer is too large, or cannot be unpacked."""

    def __init__(self, problem: str, status: int):
        super().__init__(problem)
        self.status = status


class _BearerAuth:
    """Puts the bearer token on a request. Given as "auth", it also keeps requests from taking credentials out of a URL."""

    def __init__(self, bearer_token: str | None):
        self._bearer_token = bearer_token

    def __call__(self, request: Any) -> Any:
        if self._bearer_token is not None:
            request.headers["Authorization"] = f"Bearer {self._bearer_token}"
        return request
