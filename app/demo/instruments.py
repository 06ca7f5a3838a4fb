"""What the demo market quotes: where each price starts and tends to, how wildly it moves, how finely it is written."""

from __future__ import annotations

import math
from dataclasses import dataclass

USD = "usd"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One asset as the model sees it, against the US dollar.

    Attributes:
        first: Price on the first day.
        goal: Price that the long trend reaches after three years.
        sigma: Standard deviation of its own daily move, beside the common one.
        beta: How much of the common move of all crypto assets it makes.
        pull: Share of the distance to the trend that it makes up in a day.
        places: Decimal places of its price in dollars, euros and stablecoins.
        lot: Decimal places of a traded quantity.
        turnover: Dollars traded in a quiet day.
    """

    asset: str
    symbol: str
    first: float
    goal: float
    sigma: float
    beta: float
    places: int
    lot: int
    turnover: float
    pull: float = 0.006

    @property
    def is_money(self) -> bool:
        """Tell whether it is a currency or a stablecoin."""
        return not self.beta


INSTRUMENTS = (
    Instrument("bitcoin", "BTC", 26_970.0, 98_000.0, 0.006, 0.9, 2, 5, 9e8),
    Instrument("ethereum", "ETH", 1_671.0, 3_650.0, 0.013, 1.1, 2, 4, 5e8),
    Instrument("solana", "SOL", 21.4, 168.0, 0.026, 1.25, 2, 3, 2e8),
    Instrument("ripple", "XRP", 0.515, 2.05, 0.028, 0.95, 4, 1, 1.4e8),
    Instrument("cardano", "ADA", 0.254, 0.66, 0.021, 1.15, 4, 1, 7e7),
    Instrument("polkadot", "DOT", 4.11, 5.9, 0.019, 1.2, 3, 2, 4e7),
    Instrument("chainlink", "LINK", 7.98, 17.4, 0.024, 1.2, 3, 2, 5e7),
    Instrument("dogecoin", "DOGE", 0.0619, 0.185, 0.03, 1.25, 5, 0, 9e7),
    Instrument("cosmos", "ATOM", 7.26, 5.1, 0.019, 1.15, 3, 2, 3e7),
    Instrument("bnb", "BNB", 214.6, 820.0, 0.012, 0.8, 2, 3, 1.2e8),
    Instrument("litecoin", "LTC", 66.3, 104.0, 0.016, 0.95, 2, 3, 3e7),
    Instrument("bitcoin-cash", "BCH", 235.0, 490.0, 0.022, 1.0, 1, 3, 3e7),
    Instrument("ethereum-classic", "ETC", 16.1, 21.0, 0.02, 1.1, 2, 2, 2e7),
    Instrument("stellar", "XLM", 0.113, 0.29, 0.025, 0.95, 4, 0, 2e7),
    Instrument("avalanche", "AVAX", 9.32, 24.5, 0.024, 1.25, 2, 2, 6e7),
    Instrument("near", "NEAR", 1.14, 2.9, 0.027, 1.25, 3, 1, 3e7),
    Instrument("uniswap", "UNI", 4.42, 8.4, 0.024, 1.15, 3, 2, 3e7),
    Instrument("aave", "AAVE", 67.2, 235.0, 0.024, 1.2, 2, 3, 3e7),
    Instrument("algorand", "ALGO", 0.101, 0.21, 0.023, 1.15, 4, 0, 1e7),
    Instrument("tezos", "XTZ", 0.684, 0.78, 0.02, 1.05, 3, 1, 6e6),
    Instrument("tether", "USDT", 1.0, 1.0, 0.0003, 0.0, 5, 2, 2e9, 0.3),
    Instrument("usd-coin", "USDC", 1.0, 1.0, 0.0002, 0.0, 5, 2, 1e9, 0.3),
    Instrument("eur", "EUR", 1.0573, 1.085, 0.0042, 0.0, 5, 2, 8e8, 0.012),
)
NUMBER = {instrument.asset: number for number, instrument in enumerate(INSTRUMENTS)}
STABLECOINS = tuple(NUMBER[asset] for asset in ("tether", "usd-coin"))

_KRAKEN_PLACES = {
    "bitcoin": 1,
    "ripple": 5,
    "cardano": 6,
    "polkadot": 4,
    "chainlink": 5,
    "dogecoin": 7,
    "cosmos": 4,
    "stellar": 6,
    "algorand": 5,
    "tezos": 4,
}
_DIGITS = 5


def symbol(asset: str) -> str:
    """Return the ticker of an asset of the market."""
    return "USD" if asset == USD else INSTRUMENTS[NUMBER[asset]].symbol


def price_places(asset: str, quote: str, venue: str = "") -> int:
    """Return the decimal places in which a venue writes a price."""
    if quote != USD and not INSTRUMENTS[NUMBER[quote]].is_money:
        ratio = INSTRUMENTS[NUMBER[asset]].first / INSTRUMENTS[NUMBER[quote]].first
        return min(8, max(2, _DIGITS - 1 - math.floor(math.log10(ratio))))
    if venue == "kraken" and asset in _KRAKEN_PLACES:
        return _KRAKEN_PLACES[asset]
    return INSTRUMENTS[NUMBER[asset]].places


def lot_places(asset: str, quote: str, venue: str = "") -> int:
    """Return the decimal places of a traded quantity: price × quantity then has eight places or fewer."""
    if venue == "kraken":
        return 8
    return min(INSTRUMENTS[NUMBER[asset]].lot, 8 - price_places(asset, quote, venue))
