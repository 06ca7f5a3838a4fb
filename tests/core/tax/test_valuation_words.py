"""Words of valuations as people read them: symbols of assets, and every other letter as it was."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.clock import DAY
from app.core.ledger.entries import Stated
from app.core.tax.valuation_words import in_words
from app.core.tax.valuations import Prices

D = Decimal
SYMBOLS = {"ethereum": "ETH", "usd-coin": "USDC", "usd": "USD", "gbp": "GBP", "eur": "EUR", "binance:1000SATS": "SATS"}
NOW = 20_000
HOW = {"ethereum": "median of binance, kraken", "usd-coin": "set by hand: ethereum at the time, 1 usd each"}
CLOSES = {
    "ethereum": {NOW: D("2200.5")},
    "usd-coin": {NOW: D("0.999")},
    "binance:1000SATS": {NOW: D(3)},
    "gbp": {NOW: D("1.25")},
}
RATES = "the European Central Bank's rates of 2024-10-04, 1 eur = 1.1 usd = 0.85 gbp"


def symbol(asset: str) -> str:
    return SYMBOLS.get(asset, asset)


def prices(currency: str = "usd", *, published: str = "") -> Prices:
    return Prices(
        currency, "usd", CLOSES, {"solana": (D(150), "kraken", NOW * DAY)}, lambda asset, _day: HOW.get(asset, ""),
        lambda asset, _day: published if asset == "gbp" else "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asset", "currency", "published", "expected"),
    [
        ("ethereum", "usd", "", "0.85 ETH at the close of 2024-10-04, 2200.5 USD (median of binance, kraken)"),
        (
            "usd-coin", "usd", "",
            "0.85 USDC at the close of 2024-10-04, 0.999 USD (set by hand: ethereum at the time, 1 usd each)",
        ),
        ("binance:1000SATS", "usd", "", "0.85 SATS at the close of 2024-10-04, 3 USD"),
        ("solana", "usd", "", "0.85 solana at the last price of 2024-10-04 by kraken, 150 USD"),
        ("usd", "gbp", "", "0.85 USD at 1 USD, GBP at the close of 2024-10-04, 1.25 USD"),
        (
            "ethereum", "gbp", RATES,
            "0.85 ETH at the close of 2024-10-04, 2200.5 USD (median of binance, kraken), GBP at "
            + RATES.replace("eur", "EUR").replace("usd", "USD").replace("gbp", "GBP"),
        ),
    ],
)  # fmt: skip
def test_assets_and_money_are_named_by_their_symbols(asset: str, currency: str, published: str, expected: str) -> None:
    found = prices(currency, published=published).value(asset, D("0.85"), NOW * DAY)

    assert in_words(found.source, symbol) == expected


def test_parts_of_a_value_are_each_named_by_their_symbols() -> None:
    both = prices().together([("solana", D(1)), ("binance:1000SATS", D(2))], NOW * DAY).source
    stated = prices("gbp").stated(Stated(D(10), "usd"), NOW * DAY)
    assert stated is not None

    assert in_words(f"its share of: {both}; plus fees: {both}", symbol) == (
        "its share of: 1 solana at the last price of 2024-10-04 by kraken, 150 USD; "
        "2 SATS at the close of 2024-10-04, 3 USD; "
        "plus fees: 1 solana at the last price of 2024-10-04 by kraken, 150 USD; "
        "2 SATS at the close of 2024-10-04, 3 USD"
    )
    assert in_words(stated.source, symbol) == (
        "stated by the source: 10 USD at 1 USD, GBP at the close of 2024-10-04, 1.25 USD"
    )


@pytest.mark.parametrize(
    "source",
    [
        "the currency itself; less fees: the currency itself",
        "no price of that day is known: binance 3, kraken 5 disagree",
        "the giver's cost is not stated",
        "",
    ],
)
def test_what_names_no_asset_stays_as_it_is(source: str) -> None:
    assert in_words(source, lambda asset: f"<{asset}>") == source
