# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a run signs in, and with what: each by the task's own options, else the environment, else a context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    CHOICES,
    Credentials,
    ImpersonatedUser,
    OAuthClient,
    given_credentials,
    given_text,
    impersonated_user,
    secrets_of,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import (
    check_tenant_url,
    same_host,
)


@dataclass(frozen=True)
class SignIn:
    """``tenant_url`` is as ``check_tenant_url`` returns it; ``secrets`` must not appear in any output."""

    tenant_url: str
    credentials: Credentials
    secrets: frozenset[str] = field(repr=False)


def choose_sign_in(options: Mapping[str, str | None], environment: Mapping[str, str]) -> SignIn:
    """Read a context only if it is named and the address or the credentials are given nowhere else.

    ``tenant_url`` and ``context`` among the options already stand for their environment variables. Raises OptionError
    when something is missing, given twice or unusable, and when a context's credentials would leave its own server.
    """
    user = impersonated_user(options)
    credentials = given_credentials(options, environment)
    tenant_url = given_text(options.get("tenant_url"))
    tenant_url = tenant_url and check_tenant_url(tenant_url)
    context_name = given_text(options.get("context"))
    secrets: set[str] = set()

    if context_name and not (tenant_url and credentials):
        # Imported here because it brings PyYAML, a tenth of what a run without a context needs to start.
        from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.contexts import (
            contexts_path,
            find_context,
        )

        context = find_context(context_name, contexts_path(options.get("contexts_file"), environment))
        server = context.tenant_url()
        if credentials is None and tenant_url and not same_host(tenant_url, server):
            raise OptionError(
                "tenant_url",
                f"{tenant_url} is another host than {server}, the server of the context {context_name!r}, whose "
                "credentials are sent there only. Leave out tenant_url (QLIK_TENANT_URL), or give credentials of your "
                "own.",
            )
        secrets = context.secrets
        credentials = credentials or context.credentials()
        tenant_url = tenant_url or server
    if credentials is None:
        raise OptionError("access_token", f"no credentials are given. {CHOICES}")
    if not tenant_url:
        raise OptionError(
            "tenant_url",
            "not given. Set the option, or the environment variable QLIK_TENANT_URL, or name a context (QLIK_CONTEXT).",
        )
    return SignIn(tenant_url, _acting_as(user, credentials), frozenset(secrets | secrets_of(credentials)))


def _acting_as(user: ImpersonatedUser | None, credentials: Credentials) -> Credentials:
    if user is None:
        return credentials
    if not isinstance(credentials, OAuthClient):
        raise OptionError(
            user.option,
            f"takes an OAuth client (client_id and client_secret, or a context with them), not {credentials.origin}.",
        )
    return replace(credentials, acting_as=user)
