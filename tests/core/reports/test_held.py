"""Lots behind what is held: hand-computed terms and values, and that lots add up to their holdings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.lots.methods import Method
from app.core.money import EXACT
from app.core.reports.catalog import report
from app.core.reports.source import ReportSource, Wanted, from_transactions
from app.core.tax.events import Transaction, TransactionType, total
from app.core.tax.profile import profile
from app.core.tax.transactions import read
from app.core.tax.valuations import Prices

HEADING = "id,timestamp,type,wallet,asset,quantity,to_wallet,value,value_currency,lots,note\n"
HISTORY = HEADING + (
    "a,2024-03-01T12:00:00Z,buy,kraken,BTC,1,,50000,USD,,\n"
    "b,2024-07-01T12:00:00Z,buy,kraken,BTC,2,,120000,USD,,\n"
    "c,2024-08-01T12:00:00Z,buy,cold,BTC,0.5,,30000,USD,,\n"
    "d,2025-01-15T12:00:00Z,sell,kraken,BTC,0.25,,25000,USD,,\n"
    "e,2025-09-01T12:00:00Z,buy,kraken,BTC,1,,110000,USD,,\n"
)
DAYS = {"BTC": {20_177: Decimal(80_000), 20_454: Decimal(90_000)}}
"""The closes of 2025-03-30 and, the last one, of 2026-01-01."""


def source(country: str, as_of: date | None = None, year: int = 2025, method: Method | None = None) -> ReportSource:
    """Return what the reports of the history are made from."""
    found = read(HISTORY)
    wanted = Wanted(year, found.currency, as_of=as_of, prices=Prices("USD", "USD", DAYS))
    return from_transactions(found.transactions, profile(country, method=method), wanted)


def test_each_lot_tells_its_gain_its_term_of_that_day_and_from_when_it_is_long() -> None:
    made = report("unrealised", source("us", date(2025, 3, 30)))

    shown = [(*row[:9], row[-1]) for row in made.tables[1].rows]
    assert shown == [
        ("BTC", "cold", date(2024, 8, 1), Decimal("0.5"), Decimal(30_000), Decimal(40_000), Decimal(10_000), "short",
         date(2025, 8, 2), "c"),
        ("BTC", "kraken", date(2024, 3, 1), Decimal("0.75"), Decimal(37_500), Decimal(60_000), Decimal(22_500), "long",
         date(2025, 3, 2), "a"),
        ("BTC", "kraken", date(2024, 7, 1), Decimal(2), Decimal(120_000), Decimal(160_000), Decimal(40_000), "short",
         date(2025, 7, 2), "b"),
    ]  # fmt: skip
    assert made.tables[0].totals[0][3:6] == made.tables[1].totals[0][4:7]


@pytest.mark.parametrize(("country", "words"), [("us", {"short", "long"}), ("au", {"no discount", "discount"})])
def test_terms_have_the_words_of_their_country(country: str, words: set[str]) -> None:
    # Australia's year 2025 ends in the middle of it.
    made = report("unrealised", source(country, date(2025, 3, 30)))

    place = [one.title for one in made.tables[1].columns].index("Term if sold")
    assert words == {row[place] for row in made.tables[1].rows}


def test_a_country_without_terms_has_no_column_for_them() -> None:
    made = report("unrealised", source("ie", date(2025, 3, 30)))

    assert "Term if sold" not in [one.title for one in made.tables[1].columns]


def test_a_country_that_averages_has_holdings_only_and_says_so() -> None:
    made = report("unrealised", source("uk", date(2025, 3, 30), 2024))

    assert [one.title for one in made.tables] == ["Held"]
    assert "United Kingdom averages cost: there are no single lots." in made.notes


def test_a_year_that_goes_on_is_told_at_the_last_prices_and_terms_are_of_that_day() -> None:
    made = report("unrealised", source("us", year=2026))

    assert "The last prices are of 2026-01-01: values and terms are of that day." in made.notes
    assert {row[5] for row in made.tables[1].rows if row[2] == date(2025, 9, 1)} == {Decimal(90_000)}


def test_a_lot_without_a_price_has_no_value_and_no_gain() -> None:
    made = report("unrealised", source("us", date(2025, 4, 30)))

    assert {(row[5], row[6]) for row in made.tables[1].rows} == {(None, None)}
    assert made.is_blocked


moves = st.lists(
    st.tuples(
        st.booleans(),
        st.sampled_from(["hot", "cold"]),
        st.decimals("0.000001", "1000", places=6),
        st.decimals("0", "100000", places=2),
    ),
    min_size=1,
    max_size=25,
)


@given(moves, st.decimals("0.000001", "90000", places=6), st.decimals("0.01", "200", places=3), st.sampled_from("uj"))
def test_lots_add_up_to_their_holdings_whatever_the_money(
    made: list[tuple[bool, str, Decimal, Decimal]], price: Decimal, rate: Decimal, money: str
) -> None:
    transactions = [
        Transaction(
            str(number), 1_700_000_000_000_000_000 + number * DAY,
            TransactionType.SELL if is_sale else TransactionType.BUY, wallet, "BTC", quantity, value=value,
        )
        for number, (is_sale, wallet, quantity, value) in enumerate(made)
    ]  # fmt: skip
    base, day = "USD", 19_999
    prices = Prices("JPY" if money == "j" else base, base, {"BTC": {day: price}, "JPY": {day: 1 / rate}})
    wanted = Wanted(2024, prices.currency, as_of=date(2024, 10, 3), prices=prices)
    found = from_transactions(transactions, profile("us", method=Method.HIFO), wanted)
    assert found.lots is not None
    assert found.values is not None
    lots = found.lots()

    for one, value in zip(found.figures.holdings, found.values, strict=True):
        of = [lot for lot in lots if lot.figures.wallet == one.wallet]
        assert one.quantity == total(lot.figures.quantity for lot in of)
        assert one.cost == total(lot.figures.cost for lot in of)
        assert value.amount == total(lot.value.amount for lot in of)
    assert {one.wallet for one in found.figures.holdings} == {lot.figures.wallet for lot in lots}
    assert all(lot.value.amount is None or EXACT.compare(lot.value.amount, Decimal(0)) >= 0 for lot in lots)


def test_without_any_price_terms_are_of_the_day_itself_and_no_value_is_known() -> None:
    found = read(HISTORY)
    wanted = Wanted(2025, found.currency, as_of=date(2025, 3, 30), prices=Prices("USD", "USD", {}))
    made = report("unrealised", from_transactions(found.transactions, profile("us"), wanted))

    assert [note for note in made.notes if note.startswith("The last prices")] == []
    assert {row[7] for row in made.tables[1].rows} == {"short", "long"}
    assert {row[5] for row in made.tables[1].rows} == {None}
