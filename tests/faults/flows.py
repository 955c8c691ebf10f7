# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The situations a run can meet, each with what is asked for and the one right end, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

STORES = ("file", "caller", "none")
"""Where the token is kept: in ``token_file``, by the caller (``token``), or nobody tracks it."""
SUB_TYPES = ("user", "externalClient")
LIFETIME = "P30D"
LOST_OPTION = "on_lost_token"
DUE = {"expiry": LIFETIME, "renew_before": "P10D"}


@dataclass(frozen=True)
class Past:
    """A key that was made ``age`` days before the first run, to live for LIFETIME; ``ended``: and was revoked since."""

    age: float
    ended: bool = False


@dataclass(frozen=True)
class Flow:
    """``options`` ask for it; ``past`` are the keys there are, the oldest first; ``stored`` is whose token is kept.

    At the end the keys of ``keeps`` are active still and, if it ``makes`` one, a new key whose token is kept; all other
    keys of this identity have ended. ``fails``: a run without faults has to fail, saying that, and change nothing.
    ``once`` are options of the first runs only, so that the end may be that of ``makes`` or not. ``gap``: until the end
    there may be no key in use. ``foreign``: the new key's token does not tell whose it is. ``named``: of the keys of
    ``past`` these may be in use by somebody, so the last run has to name them in a warning.
    """

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    past: tuple[Past, ...] = ()
    stored: int | None = None
    keeps: tuple[int, ...] = ()
    makes: bool = False
    drops: bool = False
    fails: str | None = None
    once: Mapping[str, Any] = field(default_factory=dict)
    gap: bool = False
    renames: bool = False
    foreign: bool = False
    named: tuple[int, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    stores: tuple[str, ...] = ("file", "caller")
    sub_types: tuple[str, ...] = SUB_TYPES


FLOWS = {
    flow.name: flow
    for flow in (
        Flow("create", {"expiry": LIFETIME}, makes=True, stores=STORES),
        Flow("keep", DUE, (Past(5),), stored=0, keeps=(0,)),
        Flow("renew", {**DUE, "overlap": "PT0S"}, (Past(25),), stored=0, makes=True),
        Flow("renew with overlap", {**DUE, "overlap": "P7D"}, (Past(25),), stored=0, keeps=(0,), makes=True),
        Flow("renew, old one left to expire", DUE, (Past(25),), stored=0, keeps=(0,), makes=True),
        Flow("in the overlap", {**DUE, "overlap": "P7D"}, (Past(25), Past(3)), stored=1, keeps=(0, 1)),
        Flow("overlap over", {**DUE, "overlap": "P7D"}, (Past(25), Past(8)), stored=1, keeps=(1,)),
        Flow("force", {"overlap": "PT0S"}, (Past(5),), stored=0, makes=True, once={"force_renew": True}),
        # A younger key of the same name: made by hand or by another host, renamed by somebody, or the file is an older one
        # from a backup. Nothing proves that nobody uses it.
        Flow("younger", {"expiry": LIFETIME}, (Past(8), Past(3)), stored=0, keeps=(0, 1), named=(1,)),
        Flow("older file, due", {**DUE, "overlap": "P7D"}, (Past(25), Past(3)), stored=0, keeps=(0, 1), makes=True),
        Flow(
            "older file, lost",
            {"on_lost_token": "fail"},
            (Past(20, ended=True), Past(5)),
            stored=0,
            keeps=(1,),
            fails=LOST_OPTION,
        ),
        Flow("replace", {"on_lost_token": "replace"}, (Past(5),), makes=True),
        Flow(
            "replace an ended one's",
            {"on_lost_token": "replace"},
            (Past(20, ended=True), Past(5)),
            stored=0,
            makes=True,
        ),
        Flow("lost", {"on_lost_token": "fail"}, (Past(5),), keeps=(0,), fails=LOST_OPTION),
        Flow("ignore", {"on_lost_token": "ignore"}, (Past(5),), keeps=(0,)),
        Flow("absent", {"state": "absent"}, (Past(25), Past(3)), stored=1, drops=True, stores=STORES),
        Flow(
            "retire first",
            {**DUE, "retire_first": True},
            (Past(25),),
            stored=0,
            makes=True,
            gap=True,
            settings={"second_scim_key": "refuse"},
            sub_types=("externalClient",),
        ),
        Flow(
            "second key refused",
            {**DUE, "overlap": "PT0S"},
            (Past(25),),
            stored=0,
            keeps=(0,),
            fails="retire_first",
            settings={"second_scim_key": "refuse"},
            sub_types=("externalClient",),
        ),
        # A tenant whose tokens carry another id than their key's: it cannot be known later whose token is kept.
        Flow(
            "token of an unknown id",
            {"expiry": LIFETIME},
            makes=True,
            fails=LOST_OPTION,
            foreign=True,
            settings={"token_jti": "other"},
            stores=("file",),
        ),
        Flow(
            "answer without a token",
            {"expiry": LIFETIME},
            fails="holds no token",
            settings={"omit_token": True},
            stores=("file",),
        ),
        # Without the optional field, keys cannot be told apart by their age.
        Flow(
            "create, no moment told", {"expiry": LIFETIME}, makes=True, settings={"omit_created": True}, stores=STORES
        ),
        Flow(
            "replace, no moment told",
            {"on_lost_token": "replace"},
            (Past(5),),
            makes=True,
            settings={"omit_created": True},
            stores=("file",),
        ),
        Flow("rename", {}, (Past(5),), stored=0, keeps=(0,), renames=True, stores=STORES),
    )
}
