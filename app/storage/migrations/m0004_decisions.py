"""One index of the kinds of records that are few and looked for on their own: what persons decided, and readings."""

from __future__ import annotations

from typing import Any

VERSION = 4
TITLE = "decisions"

KINDS = (
    "balance_reading", "lot_selection", "period_seal", "price_override", "sealed_file", "standing_order",
    "transfer_link", "waiver",
)  # fmt: skip
IS_FEW = f"kind IN ({', '.join(repr(kind) for kind in KINDS)})"
"""Stands word for word in every query that the index shall serve: SQLite compares a partial index by its text."""

BEFORE = ("standing_orders", "lot_selections")
"""Indexes of one kind each, whose work this one does."""


def apply(connection: Any) -> None:
    """Replace an index a kind by one for all, also for the kinds to come."""
    for name in BEFORE:
        connection.execute(f"DROP INDEX IF EXISTS {name}")
    connection.execute(f"CREATE INDEX decisions ON records (kind, n) WHERE {IS_FEW}")
