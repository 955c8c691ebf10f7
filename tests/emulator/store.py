# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tenant's state in one SQLite database. Every request is one transaction, committed before it is answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 4


class UnusableStore(Exception):
    """The file cannot hold a tenant: not writable, not SQLite, another program's, or in use."""


class Store:
    """A connection used by one thread: statements need no locks, and no write comes between a check and its write.

    Without a `path` the state lies in memory and ends with the process.
    """

    def __init__(self, path: Path | None) -> None:
        try:
            self._connection = sqlite3.connect(path or ":memory:", timeout=0, isolation_level=None)
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA foreign_keys = ON")
            # Held from here until the process ends: two servers on one file would disagree about its limits.
            self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            # The rollback journal alone makes a killed process harmless; waiting for the disk guards only against
            # a power cut, which throw-away state need not survive.
            self._connection.execute("PRAGMA synchronous = OFF")
            self._prepare_schema()
        except sqlite3.Error as error:
            raise UnusableStore(f"{path}: {error}") from error

    def _prepare_schema(self) -> None:
        with self.transaction("EXCLUSIVE"):
            version = self.one("PRAGMA user_version")[0]
            tables = self.one("SELECT count(*) FROM sqlite_master")[0]
            if version == 0 and tables == 0:
                for statement in Path(__file__).with_name("schema.sql").read_text(encoding="utf-8").split(";"):
                    self.run(statement)
                self.run(f"PRAGMA user_version = {SCHEMA_VERSION}")
            elif version != SCHEMA_VERSION:
                raise sqlite3.DatabaseError("holds something else than an embedded tenant of this version")

    def define(self, name: str, function: Callable[[], Any]) -> None:
        """Let statements call `function` as `name()`."""
        self._connection.create_function(name, 0, function)

    def copy(self) -> sqlite3.Connection:
        """All that is stored, in memory."""
        target = sqlite3.connect(":memory:")
        self._connection.backup(target)
        return target

    def restore(self, copy: sqlite3.Connection) -> None:
        """Make the state that of the copy."""
        copy.backup(self._connection)

    @contextmanager
    def transaction(self, kind: str = "DEFERRED") -> Iterator[None]:
        """Commit what the block did, or nothing of it if the block raises."""
        self._connection.execute(f"BEGIN {kind}")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def one(self, sql: str, *values: Any) -> Any:
        """The first row, or None."""
        return self._connection.execute(sql, values).fetchone()

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self._connection.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Any) -> None:
        self._connection.execute(sql, values)

    def insert(self, table: str, **columns: Any) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *columns.values())
