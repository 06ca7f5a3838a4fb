"""Devices, connections with their secrets, and settings."""

from __future__ import annotations

from typing import Any

VERSION = 2
TITLE = "devices, connections and settings"

TABLES = (
    """CREATE TABLE devices (
        fingerprint BLOB PRIMARY KEY, public_key BLOB NOT NULL, private_key BLOB NOT NULL, made_at INTEGER NOT NULL)
        WITHOUT ROWID""",
    """CREATE TABLE connections (
        book TEXT NOT NULL, name TEXT NOT NULL, venue TEXT NOT NULL, account TEXT NOT NULL, endpoint TEXT NOT NULL,
        key_hint TEXT NOT NULL, is_paused INTEGER NOT NULL, allow_withdraw INTEGER NOT NULL, has_scope INTEGER NOT NULL,
        may_read INTEGER, may_trade INTEGER, may_withdraw INTEGER, scope_detail TEXT NOT NULL,
        added_at INTEGER NOT NULL, last_read INTEGER, last_error TEXT NOT NULL, PRIMARY KEY (book, name))
        WITHOUT ROWID""",
    """CREATE TABLE secrets (
        book TEXT NOT NULL, connection TEXT NOT NULL, field TEXT NOT NULL, sealed BLOB NOT NULL,
        PRIMARY KEY (book, connection, field),
        FOREIGN KEY (book, connection) REFERENCES connections (book, name) ON DELETE CASCADE) WITHOUT ROWID""",
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)


def apply(connection: Any) -> None:
    """Create the tables, empty."""
    for statement in TABLES:
        connection.execute(statement)
