"""The index of records that are few takes in rules of alerts and what came of them."""

from __future__ import annotations

from typing import Any

from app.storage.migrations import m0004_decisions

VERSION = 5
TITLE = "alerts"

KINDS = ("alert_event", "alert_rule", *m0004_decisions.KINDS)
IS_FEW = f"kind IN ({', '.join(repr(kind) for kind in KINDS)})"
"""Stands word for word in every query that the index shall serve: SQLite compares a partial index by its text."""


def apply(connection: Any) -> None:
    """Make the index anew."""
    connection.execute("DROP INDEX IF EXISTS decisions")
    connection.execute(f"CREATE INDEX decisions ON records (kind, n) WHERE {IS_FEW}")
