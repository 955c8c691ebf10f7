# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays usual calls one after the other, each on the tenant as it was prepared, with answers that are spoiled, and judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ansible_collections.tenantops.qlik_cloud.tests.faults.scene import key_id_of
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Stage
from hostile.gateway import Gateway
from hostile.holders import unheld
from hostile.module_run import Run, run_forked
from hostile.usual_calls import Cast, Usual
from hostile.verdicts import complaints, returned_tokens

# Only so that nothing is waited for for ever.
LONGEST_RUN = 120.0
SETTING = {"timeout": 20, "retries": 1, "retry_interval": 0.01, "rate_limit_wait": 2}


class Theatre:
    """``folder`` is for token files; every run finds it empty but for the token that the call says is stored."""

    def __init__(self, stage: Stage, cast: Cast, gateway: Gateway, folder: Path):
        self.cast = cast
        self.gateway = gateway
        self._stage = stage
        self._folder = folder
        self._secrets = {*stage.secrets, *(key["token"] for key in cast.keys.values())}
        self._active_before = set(stage.active_ids())
        self._is_as_prepared = True

    @property
    def file(self) -> Path:
        return self._folder / "x.secret"

    def run(self, usual: Usual, spoil: Callable[[Gateway], object] | None = None) -> tuple[Run, list[str]]:
        """The finished run of a usual call before a gateway that is told what to ``spoil``; in words, what is wrong about it."""
        if not self._is_as_prepared:
            self._stage.restore()
        self._is_as_prepared = usual.module.endswith("_info")
        self.gateway.reset()
        for path in self._folder.iterdir():
            path.unlink()
        if usual.stored:
            self.file.write_text(f"{self.cast.token(usual.stored)}\n")
            self.file.chmod(0o600)
        if spoil:
            spoil(self.gateway)
        run = run_forked(usual.module, self._options(usual), seconds=LONGEST_RUN)
        return run, list(self._wrong(usual, run))

    def _options(self, usual: Usual) -> dict:
        common = {"tenant_url": self.gateway.url, "access_token": self.cast.ready["admin_token"], **SETTING}
        given = {**common, **usual.options(self.cast, str(self.file))}
        return {name: value for name, value in given.items() if value is not None}

    def _wrong(self, usual: Usual, run: Run) -> Iterator[str]:
        returned = set(returned_tokens(run.result)) if run.has_ended and run.code in (0, 1) else set()
        found = complaints(run, (self._secrets | self.gateway.issued) - returned)
        yield from found
        if not run.has_ended or run.code not in (0, 1) or usual.module.endswith("_info"):
            return
        active = set(self._stage.active_ids())
        for key_id in unheld(run, active, self._active_before, self._folder):
            yield f"nobody holds the token of {key_id}, and nobody was told"
        for name in set(self.cast.keys) - {"ended", *usual.ends}:
            if self.cast.id(name) not in active:
                yield f"ended key {name!r}, which it is not about"
        yield from self._wrong_about_the_file(usual, run, active)

    def _wrong_about_the_file(self, usual: Usual, run: Run, active: set[str]) -> Iterator[str]:
        """A stored token of an active key goes only when another one that works has taken its place."""
        stored = key_id_of(self.file.read_text().strip()) if self.file.exists() else None
        before = self.cast.id(usual.stored) if usual.stored else None
        if before in active and stored not in active:
            yield f"took the token of key {before}, which is active, out of its file"
        if stored is not None and stored not in active and stored != before:
            yield f"stored the token of key {stored}, which has ended"
        if (
            before in self._active_before
            and stored == before
            and stored not in active
            and not (run.failed or run.warnings)
        ):
            yield f"ended key {before}, left its token in the file, and said nothing of it"
