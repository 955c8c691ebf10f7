# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contexts file of qlik-cli: modules sign in with one of its contexts, the inventory plugin makes a host of each.

Its shape is ``contexts: {<name>: {server, server-type, headers: {Authorization: "Bearer …"}, oauth-client-id,
oauth-client-secret}}`` (qlik.dev, "Authenticate to Qlik using qlik-cli contexts"). It is full of secrets, so no message
quotes it but for names of contexts, addresses, types and line numbers.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import MissingLibraryError, OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._regular_file import open_regular_file, read_at_most
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credential_text import (
    is_quoted,
    is_sendable,
    strip_text,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    AccessToken,
    Credentials,
    OAuthClient,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import check_tenant_url

try:
    import yaml
except ImportError:
    YAML_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    YAML_IMPORT_ERROR = None

FILE_VARIABLE = "QLIK_CONTEXTS_FILE"
HOME_VARIABLE = "QLIK_CLI_USER_HOME_DIR"
FOLDER_NAME = ".qlik"
FILE_NAME = "contexts.yml"
# A context takes a few hundred.
MAX_FILE_BYTES = 1024 * 1024
NO_FILE_ADVICE = "make it with 'qlik context init', or give the path of another"
CLOUD = "cloud"
CLOUD_DOMAIN = ["qlikcloud", "com"]


class NoContextsFileError(OptionError):
    """There is no file at the path."""


@dataclass(frozen=True)
class Context:
    """One context as it is in the file, which need not be fit for anything; ``server_type`` is in lower case."""

    name: str
    server: str | None
    server_type: str
    headers: Mapping[str, str] = field(repr=False)
    client_id: str | None
    client_secret: str | None = field(repr=False)

    @classmethod
    def from_file(cls, name: str, entry: object) -> Context:
        return cls(
            name,
            server=_find_text(entry, "server"),
            # qlik-cli writes a type only when one was given; without it the server is a tenant.
            server_type=(_find_text(entry, "server-type") or CLOUD).lower(),
            headers=_find_headers(entry),
            client_id=_find_text(entry, "oauth-client-id"),
            client_secret=_find_text(entry, "oauth-client-secret"),
        )

    @property
    def is_cloud(self) -> bool:
        return self.server_type == CLOUD

    @property
    def secrets(self) -> set[str]:
        """The texts that must not appear in any output."""
        texts = {self.client_secret, self._find_bearer_token(), *self.headers.values()}
        return {text for text in texts if text}

    def tenant_url(self) -> str:
        """The server, as ``check_tenant_url`` returns it. Raises OptionError when it is no address of a tenant."""
        if not self.is_cloud:
            raise self._build_error(f"is for a server of type {self.server_type!r}, which is not a Qlik Cloud tenant.")
        if self.server is None:
            raise self._build_error("has no server, so it does not say where the tenant is.")
        try:
            return check_tenant_url(self.server)
        except OptionError as error:
            raise self._build_error(f"has a server that cannot be used: {error.problem}") from None

    def credentials(self) -> Credentials:
        """The credentials of the context. Raises OptionError for none, half a client pair, or two kinds."""
        token = self._find_bearer_token()
        if token and (self.client_id or self.client_secret):
            raise self._build_error("has both an Authorization header and an OAuth client; keep one of them.")
        if token:
            return AccessToken(self._check_sendable("Authorization header", token), context=self.name)
        if not self.client_id and not self.client_secret:
            raise self._build_error(
                "has no usable credentials: neither a header Authorization with a Bearer token, nor oauth-client-id "
                "and oauth-client-secret."
            )
        if not self.client_id or not self.client_secret:
            missing = "oauth-client-secret" if self.client_id else "oauth-client-id"
            raise self._build_error(f"has half an OAuth client only, {missing} is missing.")
        return OAuthClient(
            self._check_sendable("oauth-client-id", self.client_id),
            self._check_sendable("oauth-client-secret", self.client_secret),
            context=self.name,
        )

    def _find_bearer_token(self) -> str | None:
        for name, value in self.headers.items():
            scheme, _space, token = value.partition(" ")
            if name.lower() == "authorization" and scheme.lower() == "bearer":
                return strip_text(token)
        return None

    def _check_sendable(self, place: str, value: str) -> str:
        if not is_sendable(value):
            raise self._build_error(f"has white space or characters that no Qlik credential has in its {place}.")
        if is_quoted(value):
            raise self._build_error(f"has a quotation mark at the beginning or end of its {place}.")
        return value

    def _build_error(self, why: str) -> OptionError:
        return OptionError("context", f"{self.name!r} {why}")


def find_contexts_path(given: str | None, environment: Mapping[str, str]) -> str:
    """The path of the contexts file: the one that the user gives, or else that of qlik-cli."""
    return find_given_path(given, environment) or _find_qlik_cli_path(strip_text(environment.get(HOME_VARIABLE)))


def find_given_path(given: str | None, environment: Mapping[str, str]) -> str | None:
    """The path that the option gives, or else the variable of the environment; None if neither does."""
    if given is not None and strip_text(given):
        return given
    exported = strip_text(environment.get(FILE_VARIABLE))
    return os.path.expanduser(exported) if exported else None


def name_contexts_file_option(given: str | None, environment: Mapping[str, str]) -> str:
    """The option or variable of the environment that gives the path; the option if neither does."""
    by_variable = not strip_text(given) and strip_text(environment.get(FILE_VARIABLE))
    return FILE_VARIABLE if by_variable else "contexts_file"


def find_context(name: str, path: str, *, path_is_given: bool) -> Context:
    """The context with that name. Raises OptionError, naming those there are when it is not among them.

    ``path_is_given``: the user says where the file is. Otherwise it is where qlik-cli keeps it.
    """
    try:
        contexts = read_contexts(path)
    except NoContextsFileError:
        raise _build_no_file_error(name, path, path_is_given=path_is_given) from None
    if name not in contexts:
        others = f"which has {', '.join(map(repr, contexts))}" if contexts else "which has no contexts"
        raise OptionError("context", f"{name!r} is not in {path}, {others}.")
    return contexts[name]


def read_contexts(path: str) -> dict[str, Context]:
    """All contexts of a file, by name, in its order.

    Raises OptionError for a file that cannot be read as a contexts file, MissingLibraryError without PyYAML.
    """
    document = _parse_yaml(path, _read_file(path))
    entries = (document.get("contexts") or {}) if isinstance(document, dict) else None
    if not isinstance(entries, dict):
        raise OptionError("contexts_file", f"{path} is not a contexts file of qlik-cli: it has no mapping 'contexts'.")
    return {name: Context.from_file(name, entry) for name, entry in entries.items()}


def find_region(tenant_url: str) -> str | None:
    """The region of ``https://<tenant>.<region>.qlikcloud.com``, None for an address of another form."""
    labels = (urlsplit(tenant_url).hostname or "").split(".")
    return labels[1] if len(labels) == 4 and labels[2:] == CLOUD_DOMAIN else None


def _find_qlik_cli_path(home: str | None) -> str:
    """The path at which qlik-cli keeps its contexts; ``home`` is the value of ``QLIK_CLI_USER_HOME_DIR``.

    Its documentation calls that the home folder in one place and the path of the file in another, so a folder with the
    file itself in it, and the file itself, are accepted as well.
    """
    home_path = os.path.expanduser(home or "~")
    folder = os.path.join(home_path, FOLDER_NAME)
    if home and os.path.isfile(home_path):
        return home_path
    file_in_home = os.path.join(home_path, FILE_NAME)
    if home and os.path.isfile(file_in_home) and not os.path.exists(folder):
        return file_in_home
    return os.path.join(folder, FILE_NAME)


def _build_no_file_error(name: str, path: str, *, path_is_given: bool) -> OptionError:
    if path_is_given:
        return OptionError(
            "contexts_file", f"{path} does not exist, so the context {name!r} cannot be found; {NO_FILE_ADVICE}."
        )
    return OptionError(
        "context",
        f"{name!r} cannot be found: there is no {path}, where qlik-cli keeps its contexts. Make it with 'qlik context init', or "
        f"say by contexts_file ({FILE_VARIABLE}) where it is.",
    )


def _read_file(path: str) -> bytes:
    try:
        descriptor = open_regular_file(path)
        try:
            content = read_at_most(descriptor, MAX_FILE_BYTES + 1)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise NoContextsFileError("contexts_file", f"{path} does not exist; {NO_FILE_ADVICE}.") from None
    except OSError as error:
        raise OptionError("contexts_file", f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise OptionError("contexts_file", f"{path!r} is not a path.") from None
    if len(content) > MAX_FILE_BYTES:
        raise OptionError("contexts_file", f"{path} is larger than 1 MiB, as no contexts file of qlik-cli is.")
    return content


def _parse_yaml(path: str, content: bytes) -> object:
    if YAML_IMPORT_ERROR is not None:
        raise MissingLibraryError("PyYAML", YAML_IMPORT_ERROR)
    try:
        # Every scalar stays the text it is: a name may look like a number, and a secret like anything.
        return yaml.load(content, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1})" if mark else ""
    # Raised here, outside of the handler: the parser's error quotes the file, and must not be found as the context.
    raise OptionError("contexts_file", f"{path} is not valid YAML{place}.")


def _find_text(entry: object, name: str) -> str | None:
    value = entry.get(name) if isinstance(entry, dict) else None
    return strip_text(value) if isinstance(value, str) else None


def _find_headers(entry: object) -> dict[str, str]:
    headers = entry.get("headers") if isinstance(entry, dict) else None
    if not isinstance(headers, dict):
        return {}
    return {name: value.strip() for name, value in headers.items() if isinstance(value, str)}
