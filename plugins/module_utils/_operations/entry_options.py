# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of one key, checked: which key is meant, where its token is kept, and what a run does about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    OptionError,
    at_option,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import parse_wanted_key
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.provider_filter import ProviderFilter
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.token_store import (
    HandedOverToken,
    TokenStore,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey


@dataclass(frozen=True)
class EntryOptions:
    """``is_wanted``: the key shall be there, otherwise it shall be gone. ``wanted`` is the key as the options describe it;
    ``provider`` the filter for its identity provider, where the options have that instead of an id.

    ``returns_token``: a new token is in the result. ``hands_over``: it is returned for the caller to store, and
    only a later run, which gets it as ``HandedOverToken``, stores it in the file and retires other keys. ``only_renew``: no
    key is made that is not a successor.
    """

    is_wanted: bool
    wanted: WantedKey
    provider: ProviderFilter | None
    store: TokenStore
    returns_token: bool
    hands_over: bool
    only_renew: bool

    @classmethod
    def from_params(
        cls,
        params: Mapping[str, Any],
        *,
        hands_over: bool = False,
        only_renew: bool = False,
        handed_over: HandedOverToken | None = None,
    ) -> EntryOptions:
        """``params`` are the options of one key, all of them. Raises OptionError when they cannot be used as given."""
        wanted = parse_wanted_key(params)
        provider = None
        if params.get("idp") is not None:
            with at_option("idp"):
                provider = ProviderFilter(params["idp"])
        store = TokenStore(params, handed_over)
        is_wanted = params["state"] == "present"
        may_create = is_wanted and wanted.id is None
        if may_create and not store.file and not hands_over and params["return_token"] is False:
            raise OptionError(
                "return_token", "false without token_file would make a key whose token nobody gets; give token_file."
            )
        if handed_over is not None:
            # Its key was made a moment ago: this run renews it no more, and makes no other in its place.
            wanted = replace(wanted, renew_before=None, force_renew=False, on_lost_token="fail")
        elif store.file and may_create:
            store.file.check()
        elif store.file:
            store.file.check_kind()
        return cls(
            is_wanted=is_wanted,
            wanted=wanted,
            provider=provider,
            store=store,
            returns_token=hands_over or bool(params["return_token"]),
            hands_over=hands_over,
            only_renew=only_renew,
        )
