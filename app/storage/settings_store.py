"""Preferences that belong to a vault, not to a computer."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol


class Connections(Protocol):
    """The database, as far as settings need it."""

    def write(self) -> AbstractContextManager[Any]:
        """Begin a writing transaction: committed at the end, rolled back on any exception."""

    def read(self) -> AbstractContextManager[Any]:
        """Begin a reading transaction on one consistent state."""


class SqlSettings:
    """Keeps texts by name."""

    def __init__(self, database: Connections) -> None:
        """Take the vault's database."""
        self._database = database

    def setting(self, name: str) -> str | None:
        """Return a preference; None where it was never kept."""
        with self._database.read() as connection:
            row = connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_setting(self, name: str, value: str) -> None:
        """Keep a preference; the same value again writes nothing."""
        if self.setting(name) == value:
            return
        with self._database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))
