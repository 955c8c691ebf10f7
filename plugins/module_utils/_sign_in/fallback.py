# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a task finds the address or credentials that its own options lack: in a context, or in the environment."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import Credentials
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in_options import (
    ENVIRONMENT_VARIABLES,
    SignInOptions,
    name_options_as,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import is_same_host

if TYPE_CHECKING:
    from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.contexts import Context


class Fallback(ABC):
    """An address and the credentials for it, which are sent to no other host."""

    @property
    @abstractmethod
    def secrets(self) -> frozenset[str]:
        """The texts that were read and must not appear in any output."""

    @abstractmethod
    def address(self) -> str | None:
        """The tenant's address. Raises OptionError when what is there cannot be used."""

    @abstractmethod
    def credentials(self) -> Credentials | None:
        """The credentials, None when there are none. Raises OptionError when what is there cannot be used."""

    @abstractmethod
    def find_missing_half(self, name: str, tenant_url: str | None) -> str | None:
        """The half of a client pair that the task's options lack. Raises OptionError where it must not be taken."""

    @abstractmethod
    def _describe_address(self) -> str:
        """Say in words whose address it is, for ``_check_host``."""

    @abstractmethod
    def _describe_removal(self) -> str:
        """Say in words how the user takes the address away."""

    def find_credentials(self, tenant_url: str | None) -> Credentials | None:
        """The credentials, for an address of the task's own or for the fallback's. Raises OptionError for another host."""
        credentials = self.credentials()
        if credentials is not None:
            self._check_host(tenant_url, needed="credentials as options")
        return credentials

    def _check_host(self, tenant_url: str | None, needed: str) -> None:
        address = self.address()
        if tenant_url and address and not is_same_host(tenant_url, address):
            raise OptionError(
                "tenant_url",
                f"{tenant_url} is another host than {address}, {self._describe_address()} are sent there only. Drop tenant_url, "
                f"or {self._describe_removal()}, or give {needed} of the task, too.",
            )


class EnvironmentFallback(Fallback):
    """``QLIK_TENANT_URL`` and the credentials beside it. Without an address they are for whatever tenant is named."""

    secrets: frozenset[str] = frozenset()

    def __init__(self, environment_options: SignInOptions):
        self._environment_options = environment_options

    def address(self) -> str | None:
        return self._environment_options.tenant_url()

    def credentials(self) -> Credentials | None:
        return self._environment_options.credentials()

    def find_missing_half(self, name: str, tenant_url: str | None) -> str | None:
        half = self._environment_options.texts[name]
        if half:
            self._check_host(tenant_url, needed=f"{name} as an option")
        return half

    def _describe_address(self) -> str:
        return "the address in QLIK_TENANT_URL, and the credentials of the environment"

    def _describe_removal(self) -> str:
        return self._environment_options.describe_removal("tenant_url")


class ContextFallback(Fallback):
    """The context with that name. Its file is read when first needed.

    ``source``: the options of the task or of the environment, whichever name it.
    """

    def __init__(
        self,
        name: str,
        source: SignInOptions,
        environment_options: SignInOptions,
        contexts_file: str | None,
        environment: Mapping[str, str],
    ):
        self._name = name
        self._source = source
        self._environment_options = environment_options
        self._contexts_file = contexts_file
        self._environment = environment
        self._context: Context | None = None

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset(self._context.secrets) if self._context else frozenset()

    def address(self) -> str:
        with name_options_as(self._source.names):
            return self._read().tenant_url()

    def credentials(self) -> Credentials:
        with name_options_as(self._source.names):
            context = self._read()
            # What kind of server it is for says more than what credentials it lacks.
            context.tenant_url()
            return context.credentials()

    def find_missing_half(self, name: str, tenant_url: str | None) -> None:
        if self._environment_options.texts[name]:
            raise OptionError(
                name,
                "missing, while the other half of the client pair is given. "
                f"{ENVIRONMENT_VARIABLES[name]} does not count beside a context; give {name} as an option, too, or "
                f"{self._describe_removal()}.",
            )

    def _describe_address(self) -> str:
        by_variable = "" if self._source.names["context"] == "context" else f" ({self._source.names['context']})"
        return f"the server of the context {self._name!r}{by_variable}, whose credentials"

    def _describe_removal(self) -> str:
        return self._source.describe_removal("context")

    def _read(self) -> Context:
        if self._context is None:
            # Imported here because it brings PyYAML, a tenth of what a run without a context needs to start.
            from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.contexts import (
                find_context,
                find_contexts_path,
                find_given_path,
                name_contexts_file_option,
            )

            with name_options_as({"contexts_file": name_contexts_file_option(self._contexts_file, self._environment)}):
                path = find_contexts_path(self._contexts_file, self._environment)
                is_given = find_given_path(self._contexts_file, self._environment) is not None
                self._context = find_context(self._name, path, path_is_given=is_given)
        return self._context
