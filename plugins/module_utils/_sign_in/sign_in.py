# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The choice of the tenant that a run signs in to, and of the credentials.

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
from dataclasses import dataclass, field

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    CHOICES,
    Credentials,
    find_impersonated_user,
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
    if user is not None:
        credentials = credentials.impersonate(user)
    return SignIn(tenant_url, credentials, fallback.secrets | credentials.secrets)


def _choose_fallback(task: SignInOptions, contexts_file: str | None, environment: Mapping[str, str]) -> Fallback:
    environment_options = SignInOptions.from_environment(environment)
    for source in (task, environment_options):
        if source.context:
            return ContextFallback(source.context, source, environment_options, contexts_file, environment)
    return EnvironmentFallback(environment_options)


def _find_own_credentials(task: SignInOptions, fallback: Fallback, tenant_url: str | None) -> Credentials | None:
    """The credentials of the task's options, with the other half of a client pair where the fallback has it."""
    half = task.missing_half
    if half is not None:
        task = task.complete_pair(half, fallback.find_missing_half(half, tenant_url))
    return task.credentials()
