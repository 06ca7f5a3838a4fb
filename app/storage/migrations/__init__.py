"""Numbered forward migrations of the vault's schema: each is one transaction, after a verified copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from app.core.errors import VaultTooNewError
from app.storage.migrations import m0001_journal, m0002_vault, m0003_late_history, m0004_decisions, m0005_alerts


class Migration(Protocol):
    """A module of this package."""

    VERSION: int
    TITLE: str

    def apply(self, connection: Any) -> None:
        """Change the schema inside the transaction that the runner holds."""


class Writable(Protocol):
    """The database, as far as migrations need it."""

    def write(self) -> AbstractContextManager[Any]:
        """Begin a writing transaction: committed at the end, rolled back on any exception."""


ALL: Sequence[Migration] = (m0001_journal, m0002_vault, m0003_late_history, m0004_decisions, m0005_alerts)
LATEST = ALL[-1].VERSION


def version(connection: Any) -> int:
    """Return the version of a schema."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def check_not_newer(found: int, where: str, latest: int = LATEST) -> None:
    """Refuse a vault of a later version: it is neither read nor changed."""
    if found > latest:
        message = f"The vault has version {found}; this Counterfoil knows versions up to {latest}."
        raise VaultTooNewError(message, hint="Install the newest Counterfoil.", where=where)


def migrate(database: Writable, found: int, copy: Callable[[int], None], migrations: Iterable[Migration] = ALL) -> None:
    """Bring a vault up to date; `copy` makes a verified copy before the given version is reached."""
    for migration in migrations:
        if found >= migration.VERSION:
            continue
        if found:
            copy(migration.VERSION)
        with database.write() as connection:
            # Another process may have come first.
            if version(connection) < migration.VERSION:
                migration.apply(connection)
                connection.execute(f"PRAGMA user_version = {migration.VERSION:d}")
        found = migration.VERSION
