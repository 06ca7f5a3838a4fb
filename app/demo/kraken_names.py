"""Kraken's own names: assets with their old X and Z prefixes and staked variants, and the pairs that it trades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.core.money import plain
from app.demo.accounts import FIAT, SPOT, STAKED, places_of
from app.demo.instruments import INSTRUMENTS, USD, price_places, symbol

VENUE = "kraken"
_PREFIXED = {
    "bitcoin": ("XXBT", "XBT"),
    "ethereum": ("XETH", "ETH"),
    "ripple": ("XXRP", "XRP"),
    "dogecoin": ("XXDG", "XDG"),
    "litecoin": ("XLTC", "LTC"),
    "stellar": ("XXLM", "XLM"),
    "ethereum-classic": ("XETC", "ETC"),
    "usd": ("ZUSD", "USD"),
    "eur": ("ZEUR", "EUR"),
}
STAKED_NAMES = {"polkadot": "DOT28.S", "solana": "SOL03.S", "cosmos": "ATOM21.S", "ethereum": "ETH2.S"}
_IRREGULAR = {("dogecoin", "usd"): "XDGUSD", ("dogecoin", "eur"): "XDGEUR", ("tether", "usd"): "USDTZUSD"}
_AGAINST_BITCOIN = ("ethereum", "solana", "ripple", "cardano", "polkadot", "chainlink", "dogecoin", "litecoin")
_SHOWN_PLACES = 5
_LOT_PLACES, _COST_PLACES, _COIN_COST_PLACES = 8, 5, 10
_TAKER = [[0, 0.26], [50_000, 0.24], [100_000, 0.22], [250_000, 0.2], [500_000, 0.18], [1_000_000, 0.16]]
_MAKER = [[0, 0.16], [50_000, 0.14], [100_000, 0.12], [250_000, 0.1], [500_000, 0.08], [1_000_000, 0.06]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair with its three names: its id, its short name, and the one on WebSockets of the second version."""

    base: str
    quote: str
    pair_id: str
    altname: str
    wsname: str
    symbol: str

    @property
    def places(self) -> int:
        """Return the decimal places of its price."""
        return price_places(self.base, self.quote, VENUE)

    @property
    def cost_places(self) -> int:
        """Return the decimal places of what a trade costs."""
        return _COST_PLACES if self.quote in FIAT else _COIN_COST_PLACES


def altname(asset: str) -> str:
    """Return the short name of an asset."""
    known = _PREFIXED.get(asset)
    return known[1] if known else symbol(asset)


def asset_id(asset: str, place: str = SPOT) -> str:
    """Return the name that balances and ledger rows use; what is staked has a name of its own."""
    if place == STAKED:
        return STAKED_NAMES[asset]
    known = _PREFIXED.get(asset)
    return known[0] if known else symbol(asset)


def amount(value: Decimal, asset: str) -> str:
    """Return a quantity as Kraken writes it: with all decimal places of the asset."""
    return f"{value:.{places_of(VENUE, asset)}f}"


def _pair(base: str, quote: str) -> Pair:
    both_old = base in _PREFIXED and quote in _PREFIXED
    joined = asset_id(base) + asset_id(quote) if both_old else altname(base) + altname(quote)
    return Pair(
        base,
        quote,
        _IRREGULAR.get((base, quote), joined),
        altname(base) + altname(quote),
        f"{altname(base)}/{altname(quote)}",
        f"{symbol(base)}/{symbol(quote)}",
    )


def _pairs() -> tuple[Pair, ...]:
    coins = [row.asset for row in INSTRUMENTS if not row.is_money]
    quoted = [(coin, quote) for coin in coins for quote in FIAT]
    quoted += [(coin, "bitcoin") for coin in _AGAINST_BITCOIN]
    quoted += [("eur", USD), ("tether", USD), ("usd-coin", USD), ("tether", "eur"), ("bitcoin", "tether")]
    return tuple(_pair(base, quote) for base, quote in quoted)


PAIRS = _pairs()
BY_NAME: Mapping[str, Pair] = {name: pair for pair in PAIRS for name in (pair.altname, pair.wsname, pair.pair_id)}
BY_SYMBOL: Mapping[str, Pair] = {pair.symbol: pair for pair in PAIRS}
PAIR_OF: Mapping[tuple[str, str], Pair] = {(pair.base, pair.quote): pair for pair in PAIRS}


def assets() -> dict[str, dict[str, Any]]:
    """Return the answer of Assets."""
    found: dict[str, dict[str, Any]] = {}
    for asset in [row.asset for row in INSTRUMENTS] + [USD]:
        for place in (SPOT, STAKED) if asset in STAKED_NAMES else (SPOT,):
            name = asset_id(asset, place)
            found[name] = {
                "aclass": "currency",
                "altname": altname(asset) if place == SPOT else name,
                "decimals": places_of(VENUE, asset),
                "display_decimals": 2 if asset in FIAT else _SHOWN_PLACES,
                "status": "enabled",
            }
    return found


def asset_pair(pair: Pair) -> dict[str, Any]:
    """Return a pair as AssetPairs describes it."""
    return {
        "altname": pair.altname,
        "wsname": pair.wsname,
        "aclass_base": "currency",
        "base": asset_id(pair.base),
        "aclass_quote": "currency",
        "quote": asset_id(pair.quote),
        "lot": "unit",
        "cost_decimals": pair.cost_places,
        "pair_decimals": pair.places,
        "lot_decimals": _LOT_PLACES,
        "lot_multiplier": 1,
        "leverage_buy": [],
        "leverage_sell": [],
        "fees": _TAKER,
        "fees_maker": _MAKER,
        "fee_volume_currency": "ZUSD",
        "margin_call": 80,
        "margin_stop": 40,
        "ordermin": "0.00005" if pair.base == "bitcoin" else "0.01",
        "costmin": "0.5",
        "tick_size": plain(Decimal(1).scaleb(-pair.places)),
        "status": "online",
        "execution_venue": "international",
    }
