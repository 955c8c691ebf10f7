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
from collections.abc import Collection
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import NoAnswerError, UnusableAnswerError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import is_loopback, same_host
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import Answer, refusal
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.rate_limits import RateLimits
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._version import COLLECTION, VERSION

try:
    import requests
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
except ImportError:
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

USER_AGENT = f"{COLLECTION}/{VERSION}"
SAFE_METHODS = {"GET", "HEAD"}
PASSING_FAULTS = {502, 503, 504}
REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 5
LONGEST_BACKOFF = 30.0
LEAST_LIMIT_WAIT = 1.0


class Http:
    """A connection to ``base_url`` (as ``check_tenant_url`` returns it).

    ``timeout``: seconds, for connecting and for each read. ``retries``: how often a safe call is repeated after a
    connection error or 502, 503, 504, with a jittered backoff from ``retry_interval`` seconds. ``rate_limit_wait``:
    seconds that all waits for rate limits may take together. ``verify``: as in requests. ``headers``: sent along with
    every request. ``secrets``: what no message may tell, should the tenant repeat it.
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
        headers: dict[str, str] | None = None,
        secrets: Collection[str] = (),
    ):
        self.base_url = base_url
        self._verify = verify
        self._timeout = timeout
        self._retries = retries
        self._retry_interval = retry_interval
        self._limits = RateLimits(rate_limit_wait, max(retry_interval, LEAST_LIMIT_WAIT))
        self._secrets = {*secrets, *(headers or {}).values()}
        self._tenant_clock_ahead = timedelta(0)
        self._session = requests.Session()
        self._session.headers.update({"Accept": "application/json", **(headers or {}), "User-Agent": USER_AGENT})
        if is_loopback(urlsplit(base_url).hostname or ""):
            # Plain http is allowed because it stays on this machine; a proxy from the environment would carry it off.
            self._session.trust_env = False

    def keep_secret(self, secret: str) -> None:
        """No message may tell this, either."""
        self._secrets.add(secret)

    def now(self) -> datetime:
        """The tenant's time (UTC) by its last ``Date`` header, this machine's before the first answer."""
        return datetime.now(timezone.utc) + self._tenant_clock_ahead

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
        Raises NoAnswerError, RefusedError (by status) or UnusableAnswerError.
        """
        url = target if "://" in target else self.base_url + target
        path = urlsplit(url).path
        if not same_host(url, self.base_url):
            raise self._other_host(method, path, url)
        for hop in range(MOST_REDIRECTS + 1):
            response = self._send_until_answered(method, path, url, query, body, bearer)
            if response.status_code not in REDIRECTS:
                break
            url = self._redirect_target(method, path, response)
            query = None
        else:
            raise UnusableAnswerError(
                f"{method} {path} was redirected more than {MOST_REDIRECTS} times.", method, path, response.status_code
            )
        if not 200 <= response.status_code < 300:
            raise refusal(method, path, response, self._secrets)
        return Answer.from_response(method, path, response, self._secrets)

    def _send_until_answered(self, method, path, url, query, body, bearer):
        attempt = 0
        while True:
            attempt += 1
            may_repeat = method in SAFE_METHODS and attempt <= self._retries
            self._sleep_for_limit(self._limits.pause(method, time.monotonic()))
            try:
                response = self._send(method, url, query, body, bearer)
            except (requests.exceptions.SSLError, requests.exceptions.ProxyError) as error:
                raise self._no_answer(method, path, error, attempt) from None
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
                if not may_repeat:
                    raise self._no_answer(method, path, error, attempt) from None
            except (OSError, ValueError) as error:
                # Every other RequestException is an OSError; so is a REQUESTS_CA_BUNDLE that names a missing file.
                raise self._no_answer(method, path, error, attempt) from None
            else:
                self._read_clock(response)
                if response.status_code == 429:
                    self._wait_for_limit(method, path, response)
                    attempt -= 1
                    continue
                self._limits.admitted(method, response.headers, time.monotonic())
                if response.status_code not in PASSING_FAULTS or not may_repeat:
                    return response
            time.sleep(self._backoff(attempt))

    def _send(self, method, url, query, body, bearer):
        def sign(request):
            # Given as "auth" rather than as a header: requests would let a matching netrc entry replace the header.
            if bearer is not None:
                request.headers["Authorization"] = f"Bearer {bearer}"
            return request

        return self._session.request(
            method,
            url,
            params=query,
            json=body,
            auth=sign,
            timeout=(self._timeout, self._timeout),
            # Per call: set on the session alone, it would give way to REQUESTS_CA_BUNDLE.
            verify=self._verify,
            allow_redirects=False,
        )

    def _redirect_target(self, method, path, response) -> str:
        status, location = response.status_code, response.headers.get("Location")
        if method not in SAFE_METHODS or not location:
            raise UnusableAnswerError(
                f"{method} {path} was answered with a redirect ({status}), which is not followed for this call. "
                "Is tenant_url the tenant's own address?",
                method,
                path,
                status,
            )
        target = urljoin(response.url, location)
        if not same_host(target, self.base_url):
            raise self._other_host(method, path, target, status)
        return target

    def _other_host(self, method, path, target, status=None) -> UnusableAnswerError:
        host = urlsplit(target).netloc.rpartition("@")[2]
        return UnusableAnswerError(
            f"{method} {path}: the tenant at {self.base_url} points to another host, {host}. "
            "The token is not sent there. If that is the tenant's own name, give it as tenant_url.",
            method,
            path,
            status,
        )

    def _wait_for_limit(self, method, path, response) -> None:
        """Wait as long as a 429 asks for; give up, saying so, when the waits would add up to too much."""
        wait = self._limits.refused(method, response.headers, self.now())
        waited = self._limits.waited
        if not self._limits.take(wait):
            raise refusal(method, path, response, self._secrets).advised(
                f"The rate limit asks to wait {wait:.0f} s more, after {waited:.0f} s of waiting in this run, for which "
                f"rate_limit_wait allows {self._limits.most_wait:g} s in total. Run again later, or allow more."
            )
        self._sleep_for_limit(wait)

    def _sleep_for_limit(self, seconds: float) -> None:
        if seconds > 0:
            # Gateways drop a connection that was idle for about as long as this; on a write it must not be found out.
            self._session.close()
            time.sleep(seconds)

    def _backoff(self, attempt: int) -> float:
        """Seconds before repeat number ``attempt``: doubled each time, between half and all of it by chance."""
        full = min(self._retry_interval * 2 ** (attempt - 1), LONGEST_BACKOFF)
        return full * random.uniform(0.5, 1.0)

    def _no_answer(self, method, path, error, attempts) -> NoAnswerError:
        if isinstance(error, requests.exceptions.SSLError):
            why = f"the certificate was not accepted: {_root_cause(error)}. For a private authority, give ca_path"
        elif isinstance(error, requests.exceptions.ConnectTimeout):
            why = f"no connection within {self._timeout:g} s"
        elif isinstance(error, requests.Timeout):
            why = f"nothing came within {self._timeout:g} s (option timeout)"
        else:
            why = _root_cause(error)
        tried = f" (tried {attempts} times)" if attempts > 1 else ""
        is_harmless = method in SAFE_METHODS or _was_not_sent(error)
        unknown = "" if is_harmless else " Whether the tenant carried it out is not known."
        address = urljoin(self.base_url, path)
        return NoAnswerError(f"{method} {address} got no answer: {why}{tried}.{unknown}", method, path)

    def _read_clock(self, response) -> None:
        try:
            served = parsedate_to_datetime(response.headers["Date"])
        except (KeyError, TypeError, ValueError):
            return
        if served.tzinfo is not None:
            self._tenant_clock_ahead = served - datetime.now(timezone.utc)


def _was_not_sent(error: requests.RequestException) -> bool:
    """Whether there was no connection to send anything by."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, (NewConnectionError, ConnectTimeoutError))


def _root_cause(error: BaseException) -> str:
    """The innermost reason in words, without the URL and object names that the outer ones repeat."""
    cause = error
    while True:
        inner = getattr(cause, "reason", None) or cause.__cause__ or cause.__context__
        if not isinstance(inner, BaseException):
            break
        cause = inner
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
