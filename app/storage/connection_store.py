"""Connections of a book, and their secrets: each field sealed by itself, opened per call."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from app.core.errors import InputError
from app.core.journal.encoding import encode
from app.core.model.accounts import Book, Connection, Credentials, KeyScope
from app.storage.claims import FileClaim, claimed
from app.storage.keys import DataKey

_PURPOSE = b"secret"
_COLUMNS = (
    "name, venue, account, endpoint, key_hint, is_paused, allow_withdraw, has_scope, may_read, may_trade, may_withdraw,"
    " scope_detail, added_at, last_read, last_error"
)


class Connections(Protocol):
    """The database, as far as connections need it."""

    def write(self) -> AbstractContextManager[Any]:
        """Begin a writing transaction: committed at the end, rolled back on any exception."""

    def read(self) -> AbstractContextManager[Any]:
        """Begin a reading transaction on one consistent state."""

    @property
    def path(self) -> Path:
        """Return the database's file, beside which claims lie."""


class SqlConnectionStore:
    """Keeps the connections of one book in the vault."""

    def __init__(self, database: Connections, book: Book, key: DataKey) -> None:
        """Take the vault's database and the key from which that of the secrets follows."""
        self._database = database
        self._book = book.book_id
        self._key = key

    def claim(self, name: str) -> FileClaim | None:
        """Return the claim to be the only one that reads a connection; None where somebody else has it."""
        return claimed(self._database.path, self._book, name)

    def connections(self) -> Sequence[Connection]:
        """Return all connections of the book, by name."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM connections WHERE book = ? ORDER BY name",  # noqa: S608 - our own words
                (self._book,),
            ).fetchall()
        return [_connection(row) for row in rows]

    def save(self, connection: Connection, credentials: Credentials | None = None) -> None:
        """Keep a connection, and its credentials where given: they replace those that were there."""
        with self._database.write() as database:
            row = _row(connection)
            marks = ", ".join("?" * (len(row) + 1))
            known = [name.strip() for name in _COLUMNS.split(",")]
            changed = ", ".join(f"{name} = excluded.{name}" for name in known[1:])
            database.execute(
                f"INSERT INTO connections (book, {_COLUMNS}) VALUES ({marks})"  # noqa: S608 - our own words
                f" ON CONFLICT (book, name) DO UPDATE SET {changed}",
                (self._book, *row),
            )
            if credentials is not None:
                self._keep(database, connection.name, credentials)

    def credentials(self, name: str) -> Credentials:
        """Return the credentials of a connection."""
        with self._database.read() as connection:
            self._check_known(connection, name)
            rows = connection.execute(
                "SELECT field, sealed FROM secrets WHERE book = ? AND connection = ?", (self._book, name)
            ).fetchall()
        opened = {field: self._key.unseal(_PURPOSE, sealed, self._context(name, field)) for field, sealed in rows}
        return Credentials({field: value.decode() for field, value in opened.items()})

    def remove(self, name: str) -> None:
        """Forget a connection and its secrets; its records stay in the books."""
        with self._database.write() as connection:
            self._check_known(connection, name)
            connection.execute("DELETE FROM connections WHERE book = ? AND name = ?", (self._book, name))

    def _keep(self, connection: Any, name: str, credentials: Credentials) -> None:
        connection.execute("DELETE FROM secrets WHERE book = ? AND connection = ?", (self._book, name))
        rows = [
            (self._book, name, field, self._key.seal(_PURPOSE, value.encode(), self._context(name, field)))
            for field, value in credentials.fields.items()
        ]
        connection.executemany("INSERT INTO secrets VALUES (?, ?, ?, ?)", rows)

    def _context(self, name: str, field: str) -> bytes:
        return encode([self._book, name, field])

    def _check_known(self, connection: Any, name: str) -> None:
        rows = connection.execute("SELECT name FROM connections WHERE book = ?", (self._book,)).fetchall()
        names = sorted(known for (known,) in rows)
        if name not in names:
            message = f"There is no connection {name!r}."
            raise InputError(message, hint=f"There are: {', '.join(names) or 'none yet'}.")


def _row(connection: Connection) -> tuple[Any, ...]:
    scope = connection.scope or KeyScope(None, None, None)
    return (
        connection.name,
        connection.venue,
        connection.account_id,
        connection.endpoint,
        connection.key_hint,
        connection.is_paused,
        connection.allow_withdraw,
        connection.scope is not None,
        scope.may_read,
        scope.may_trade,
        scope.may_withdraw,
        scope.detail,
        connection.added_at_ns,
        connection.last_read_ns,
        connection.last_error,
    )


def _connection(row: tuple[Any, ...]) -> Connection:
    name, venue, account, endpoint, hint, paused, withdraw, has_scope, *rights, detail, added, last_read, error = row
    read, trade, may_withdraw = (None if right is None else bool(right) for right in rights)
    return Connection(
        name=name,
        venue=venue,
        account_id=account,
        endpoint=endpoint,
        key_hint=hint,
        is_paused=bool(paused),
        allow_withdraw=bool(withdraw),
        scope=KeyScope(read, trade, may_withdraw, detail) if has_scope else None,
        added_at_ns=added,
        last_read_ns=last_read,
        last_error=error,
    )
