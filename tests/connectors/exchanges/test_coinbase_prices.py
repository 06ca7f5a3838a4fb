"""Coinbase's tickers: the price of its own row, since ccxt's loses exact numbers on the way."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.connectors.exchanges.coinbase import Coinbase


def ticker(**told: str) -> dict[str, object]:
    return {"last": None, "close": None, "open": None, "info": told}


@pytest.mark.parametrize("name", ["price_percentage_change_24h", "price_percent_chg_24_h"])
def test_price_and_opening_are_those_of_the_venues_row(name: str) -> None:
    told = ticker(price="110.00", **{name: "10"})

    assert (Coinbase().last(told), Coinbase().open_24h(told)) == (Decimal("110.00"), Decimal(100))


def test_a_product_that_was_never_traded_has_no_price() -> None:
    told = ticker(price="", price_percentage_change_24h="")

    assert (Coinbase().last(told), Coinbase().open_24h(told)) == (None, None)


def test_without_a_row_of_the_venue_there_is_no_price() -> None:
    assert Coinbase().last({"last": Decimal(5), "info": None}) is None
