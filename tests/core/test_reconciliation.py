"""Ledger against reported: equal is no break, any difference is one, and the unknown is not called zero."""

from __future__ import annotations

from decimal import Decimal

from app.core.model.ledger_rows import BalanceRow, Reading
from app.core.reconciliation import reconcile
from tests.storage.journal_books import Assets


def rows(ledger: dict[str, str], reported: dict[str, str]) -> list[tuple[str, str, str | None, str | None]]:
    """Return (asset, ledger, reported, difference)."""
    found = reconcile(
        [BalanceRow("k", "spot", asset, Decimal(quantity)) for asset, quantity in ledger.items()],
        [Reading("k", "spot", asset, Decimal(quantity), 7) for asset, quantity in reported.items()],
        Assets(),
        {"k": "Kraken"},
    )
    return [
        (
            row.asset.asset_id,
            str(row.ledger),
            None if row.reported is None else str(row.reported),
            None if row.difference is None else str(row.difference),
        )
        for row in found
    ]


def test_what_agrees_is_no_break() -> None:
    assert rows({"bitcoin": "1.5"}, {"bitcoin": "1.50"}) == [("bitcoin", "1.5", "1.50", "0.00")]


def test_the_smallest_difference_is_a_break_and_comes_first() -> None:
    found = rows({"bitcoin": "1", "usd": "5"}, {"usd": "5.000000000000000000001", "bitcoin": "1"})

    assert found[0] == ("usd", "5", "5.000000000000000000001", "-1E-21")


def test_a_difference_beyond_28_digits_is_seen() -> None:
    found = rows({"usd": "100000000000000000000000000000.5"}, {"usd": "100000000000000000000000000000.4"})

    assert found[0][3] == "0.1"


def test_what_no_source_reports_has_no_difference() -> None:
    assert rows({"bitcoin": "1"}, {}) == [("bitcoin", "1", None, None)]


def test_what_only_the_source_knows_is_a_break() -> None:
    assert rows({}, {"ether": "2"}) == [("ether", "0", "2", "-2")]


def test_places_that_hold_nothing_on_both_sides_are_left_out() -> None:
    assert rows({"bitcoin": "0"}, {"bitcoin": "0"}) == []
