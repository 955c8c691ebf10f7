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
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    NoAnswerError,
    NotSentError,
    RequestError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import (
    is_loopback,
    is_plain_address,
    join_link,
    parse_origin,
    resolve_link,
    is_same_host,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import (
    Answer,
    Response,
    build_answer,
    build_refusal,
    clean_text,
    build_unusable_answer,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.bodies import (
    CHUNK_BYTES,
    BodyError,
    read_body,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.connections import (
    Attempt,
    RecordingAdapter,
    run_with_deadline,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.failures import (
    describe_failure,
    describe_proxy,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.http_dates import TenantClock
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.rate_limits import RateLimits
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._version import COLLECTION, VERSION

try:
    import requests
except ImportError:
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

USER_AGENT = f"{COLLECTION}/{VERSION}"
SAFE_METHODS = {"GET", "HEAD"}
TRANSIENT_STATUSES = {502, 503, 504}
REDIRECT_STATUSES = {301, 302, 303, 307, 308}
MAX_REDIRECTS = 5
MAX_BACKOFF_SECONDS = 30.0
MIN_LIMIT_WAIT_SECONDS = 1.0
# Seconds between two calls after which the connection is not trusted to be open still.
MAX_IDLE_SECONDS = 5.0
# A whole call may take as many timeouts: one for the connection, one for the first byte, one for the rest.
TIMEOUTS_PER_CALL = 3


class HttpClient:
    """A connection to ``base_url`` (as ``check_tenant_url`` returns it).

    ``timeout``: seconds, for connecting and for each read; a whole call, with its redirects, takes three times that at most.
    ``retries``: how often a safe call is repeated after a connection error or 502, 503, 504, with a jittered backoff from
    ``retry_interval`` seconds. ``rate_limit_wait``: seconds that all waits for rate limits may take together. ``verify``: as
    in requests. ``headers``: sent along with every request. ``secrets``: what no output may tell, should the tenant repeat it.
    ``warn`` takes, once each, what the user should know beside; ``progress`` tells what is waited for.
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
        warn: Callable[[str], object] = lambda clean_text: None,
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
        self._used = time.monotonic()
        self.start_run(warn, progress or Progress())

    def start_run(self, warn: Callable[[str], object], progress: Progress) -> None:
        """Serve another run from here on: what is waited for, warned of, said of the time and hidden is that run's own."""
        self.secrets = Secrets(self._own_secrets)
        self._warn = warn
        self._warned: set[str] = set()
        self._progress = progress
        self._limits.start_run()
        self._clock = TenantClock(self.warn)

    def close(self) -> None:
        """Leave no connection open. Raises nothing."""
        self._session.close()

    def warn(self, text: str) -> None:
        """Tell the user, once however often it is said."""
        if text not in self._warned:
            self._warned.add(text)
            self._warn(text)

    def now(self) -> datetime:
        """The moment (UTC) by which keys expire and become due: the earlier of the tenant's clock and this machine's."""
        return self._clock.now()

    def tenant_time(self) -> datetime:
        """The tenant's time (UTC) by its last answer, this machine's before the first."""
        return self._clock.tenant_time()

    @property
    def has_tenant_time(self) -> bool:
        """Whether the tenant has told its time, so that this machine's clock is not believed alone."""
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
        query: dict[str, str | int] | None = None,
        body: dict | list | None = None,
        bearer: str | None = None,
    ) -> Answer:
        """Send one call and return its 2xx answer.

        ``target`` is a path below the base URL, or an absolute URL on the same host (a page's ``next`` link).
        Raises NotSentError, NoAnswerError, RefusedError (by status) or UnusableAnswerError, and nothing else.
        """
        url = target if "://" in target else self.base_url + target
        if not is_plain_address(url) or not is_same_host(url, self.base_url):
            raise self._other_host(method, clean_text(target, self.secrets), url)
        path, left = urlsplit(url).path, self._deadline
        for _hop in range(MAX_REDIRECTS + 1):
            response = self._send_until_answered(method, path, url, query, body, bearer, left)
            if response.status not in REDIRECT_STATUSES:
                break
            left = max(0.0, left - response.seconds)
            url = self._redirect_target(method, path, response)
            query = None
        else:
            raise UnusableAnswerError(
                f"{method} {path} was redirected more than {MAX_REDIRECTS} times.", method, path, response.status
            )
        if not 200 <= response.status < 300:
            raise build_refusal(method, path, response, self.secrets)
        return build_answer(method, path, response, self.secrets, self.warn)

    def _send_until_answered(self, method, path, url, query, body, bearer, most_seconds) -> Response:
        """Each time it may take ``most_seconds``."""
        attempt = 0
        while True:
            attempt += 1
            may_repeat = method in SAFE_METHODS and attempt <= self._retries
            self._sleep_for_limit(self._limits.reserve_pause(method, time.monotonic()))
            try:
                response = self._send(method, path, url, query, body, bearer, most_seconds, attempt)
            except (NoAnswerError, NotSentError) as error:
                if not (may_repeat and error.is_transient):
                    raise
            else:
                self._clock.read(response.headers)
                if response.status == 429 and self._is_limited(method, path, response):
                    self._wait_for_limit(method, path, response)
                    attempt -= 1
                    continue
                self._limits.record_admission(method, response.headers, time.monotonic())
                if response.status not in TRANSIENT_STATUSES or not may_repeat:
                    return response
            self._progress.wait(self._backoff(attempt), "another try")

    def _send(self, method, path, url, query, body, bearer, most_seconds, number) -> Response:
        """Raises NotSentError, NoAnswerError or UnusableAnswerError."""
        self._progress.report_if_due()
        self._close_if_idle()
        attempt = Attempt()
        proxy = None
        try:
            request = self._session.prepare_request(
                requests.Request(method, url, params=query, json=body, auth=_BearerAuth(bearer))
            )
            if not is_same_host(request.url, self.base_url):
                raise self._other_host(method, path, request.url)
            # Per call: set on the session alone, verify would give way to REQUESTS_CA_BUNDLE.
            how = self._session.merge_environment_settings(request.url, {}, True, self._verify, None)
            proxy = describe_proxy(request.url, how["proxies"])
            return run_with_deadline(
                most_seconds, attempt, lambda: self._exchange(request, how), self._progress.report_waiting_for_answer
            )
        except RequestError:
            raise
        except _UnusableBodyError as error:
            raise build_unusable_answer(method, path, error.status, str(error)) from None
        except Exception as error:
            failure = describe_failure(error, attempt, self._timeout, self._deadline, proxy)
        except BaseException:
            # The task was ended in the middle of the call, and the process may go on with another.
            self._renew_session()
            raise
        self._renew_session()
        raise self._no_answer(method, path, failure, number)

    def _exchange(self, request: Any, how: Mapping[str, Any]) -> Response:
        begun = time.monotonic()
        response = self._session.send(request, timeout=(self._timeout, self._timeout), allow_redirects=False, **how)
        with closing(response):
            try:
                body = read_body(response.raw.stream(CHUNK_BYTES, decode_content=False), response.headers)
            except BodyError as error:
                raise _UnusableBodyError(str(error), response.status_code) from None
        return Response(response.url, response.status_code, response.headers, body, time.monotonic() - begun)

    def _renew_session(self) -> None:
        """What is left of a call that failed must not meet the next one."""
        self._session.close()
        self._session = self._new_session()

    def _new_session(self) -> Any:
        session = requests.Session()
        session.headers.update(
            {"Accept": "application/json", **self._headers, "Accept-Encoding": "gzip", "User-Agent": USER_AGENT}
        )
        # A cookie would carry one caller's session into the calls of another.
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        # To prepare a redirect that is not asked for, requests would read its whole body, however large.
        session.get_redirect_target = lambda response: None
        for scheme in ("https://", "http://"):
            session.mount(scheme, RecordingAdapter())
        origin = parse_origin(self.base_url)
        if origin is not None and is_loopback(origin.host):
            # Plain http is allowed because it stays on this machine; a proxy from the environment would carry it off.
            session.trust_env = False
        return session

    def _redirect_target(self, method, path, response: Response) -> str:
        location = response.headers.get("Location")
        if method not in SAFE_METHODS or not location:
            raise UnusableAnswerError(
                f"{method} {path} was answered with a redirect ({response.status}), which is not followed for this call. "
                "Is tenant_url the tenant's own address?",
                method,
                path,
                response.status,
            )
        target = resolve_link(location, response.url, self.base_url)
        if target is None:
            raise self._other_host(method, path, location, response.status, response.url)
        return target

    def _other_host(self, method, path, target, status=None, found_at="") -> UnusableAnswerError:
        origin = parse_origin(join_link(target, found_at)) if is_plain_address(target) else None
        where = f"another host, {clean_text(str(origin), self.secrets)}" if origin else "what is no address on it"
        return UnusableAnswerError(
            f"{method} {path}: the tenant at {self.base_url} points to {where}. The token is not sent there."
            + (" If that is the tenant's own name, give it as tenant_url." if origin else ""),
            method,
            path,
            status,
        )

    def _is_limited(self, method, path, response: Response) -> bool:
        """Whether an answer of 429 may be repeated: always for reads, for writes if it is certain that nothing was done."""
        return method in SAFE_METHODS or build_refusal(method, path, response, self.secrets).is_from_tenant

    def _wait_for_limit(self, method, path, response: Response) -> None:
        """Wait as long as a 429 asks for; give up, saying so, when the waits would add up to too much."""
        wait = self._limits.record_refusal(method, response.headers, self.tenant_time())
        waited = self._limits.waited
        if not self._limits.reserve(wait):
            raise build_refusal(method, path, response, self.secrets).add_advice(
                f"The rate limit asks to wait {wait:.0f} s more, after {waited:.0f} s of waiting in this run, for which "
                f"rate_limit_wait allows {self._limits.max_wait:g} s in total. Run again later, or allow more."
            )
        self._sleep_for_limit(wait)

    def _sleep_for_limit(self, seconds: float) -> None:
        if seconds > 0:
            # Gateways drop a connection that was idle for about as long as this; on a write it must not be found out.
            self._session.close()
            self._progress.wait(seconds, "the tenant's rate limit")

    def _close_if_idle(self) -> None:
        """A connection that gateways may have dropped meanwhile is not used again: on a write it must not be found out."""
        now = time.monotonic()
        if now - self._used > MAX_IDLE_SECONDS:
            self._session.close()
        self._used = now

    def _backoff(self, attempt: int) -> float:
        """Seconds before repeat number ``attempt``: doubled each time, between half and all of it by chance."""
        full = min(self._retry_interval * 2 ** (attempt - 1), MAX_BACKOFF_SECONDS)
        return full * random.uniform(0.5, 1.0)

    def _no_answer(self, method, path, failure, attempts) -> NoAnswerError | NotSentError:
        tried = f" (tried {attempts} times)" if attempts > 1 else ""
        why = clean_text(failure.reason, self.secrets)
        message = f"{method} {urljoin(self.base_url, path)} got no answer: {why}{tried}."
        if failure.was_not_sent:
            return NotSentError(f"{message} Nothing was sent.", method, path, is_transient=failure.is_transient)
        doubt = "" if method in SAFE_METHODS else " Whether the tenant carried it out is not known."
        return NoAnswerError(message + doubt, method, path, is_transient=failure.is_transient)


class _UnusableBodyError(Exception):
    """A whole answer came as far as its headers, and its body is beyond bounds."""

    def __init__(self, why: str, status: int):
        super().__init__(why)
        self.status = status


class _BearerAuth:
    """Puts the bearer on a request.

    Given as "auth" rather than as a header: requests would let a matching netrc entry replace the header.
    """

    def __init__(self, bearer: str | None):
        self._bearer = bearer

    def __call__(self, request: Any) -> Any:
        if self._bearer is not None:
            request.headers["Authorization"] = f"Bearer {self._bearer}"
        return request
