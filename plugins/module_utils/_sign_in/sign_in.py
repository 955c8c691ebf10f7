# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a run signs in, and with what.

The options of the task, then a context, then the environment; and credentials go to no host they were not given for:

| the options give        | address      | credentials                                                         |
|-------------------------|--------------|---------------------------------------------------------------------|
| address and credentials | theirs       | theirs; nothing else is read                                        |
| credentials             | the fallback | theirs                                                              |
| an address              | theirs       | the fallback, if its address is the same host or not given at all   |
| neither                 | the fallback | the fallback                                                        |

The fallback is the first of these that there is, and that one alone: the context that the option ``context`` names; the
context that ``QLIK_CONTEXT`` names; ``QLIK_TENANT_URL``, ``QLIK_ACCESS_TOKEN``, ``QLIK_CLIENT_ID``, ``QLIK_CLIENT_SECRET``.
A client pair may be given by halves, where those variables are the fallback, and for the same host.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    CHOICES,
    Credentials,
    ImpersonatedUser,
    OAuthClient,
    find_impersonated_user,
    secrets_of,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.fallback import (
    ContextFallback,
    EnvironmentFallback,
    Fallback,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in_options import SignInOptions


@dataclass(frozen=True)
class SignIn:
    """``tenant_url`` is as ``check_tenant_url`` returns it; ``secrets`` must not appear in any output."""

    tenant_url: str
    credentials: Credentials
    secrets: frozenset[str] = field(repr=False)


def choose_sign_in(options: Mapping[str, str | None], environment: Mapping[str, str]) -> SignIn:
    """``options`` are what the task itself says, ``environment`` the variables of the process.

    Raises OptionError when something is missing, given twice or unusable, and when credentials would leave their host.
    """
    user = find_impersonated_user(options)
    task = SignInOptions.from_task(options)
    fallback = _choose_fallback(task, options.get("contexts_file"), environment)
    tenant_url = task.tenant_url()
    credentials = _find_own_credentials(task, fallback, tenant_url) or fallback.find_credentials(tenant_url)
    if credentials is None:
        raise OptionError("access_token", f"no credentials are given. {CHOICES}")
    tenant_url = tenant_url or fallback.address()
    if tenant_url is None:
        raise OptionError(
            "tenant_url",
            "not given. Set the option, or the environment variable QLIK_TENANT_URL, or name a context (QLIK_CONTEXT).",
        )
    return SignIn(tenant_url, _impersonate(user, credentials), fallback.secrets | secrets_of(credentials))


def _choose_fallback(task: SignInOptions, contexts_file: str | None, environment: Mapping[str, str]) -> Fallback:
    exported = SignInOptions.from_environment(environment)
    for source in (task, exported):
        if source.context:
            return ContextFallback(source, exported, contexts_file, environment)
    return EnvironmentFallback(exported)


def _find_own_credentials(task: SignInOptions, fallback: Fallback, tenant_url: str | None) -> Credentials | None:
    """Those of the task's options, a half pair made whole."""
    half = task.missing_half
    if half is not None:
        task = task.complete_pair(half, fallback.find_missing_half(half, tenant_url))
    return task.credentials()


def _impersonate(user: ImpersonatedUser | None, credentials: Credentials) -> Credentials:
    if user is None:
        return credentials
    if not isinstance(credentials, OAuthClient):
        raise OptionError(
            user.option,
            f"takes an OAuth client (client_id and client_secret, or a context with them), not {credentials.origin}.",
        )
    return replace(credentials, acting_as=user)
