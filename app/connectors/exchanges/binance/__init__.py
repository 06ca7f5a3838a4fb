"""Binance: spot trades, transfers, conversions, dust, dividends and simple earn of one account."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from app.connectors.exchanges.base import Balances, Reader, Stream, Venue
from app.connectors.exchanges.beside import side
from app.connectors.exchanges.binance import calls
from app.connectors.exchanges.binance.books import BinanceBooks, BinancePerpetualBooks
from app.connectors.exchanges.binance.contract_days import traded_in_days
from app.connectors.exchanges.binance.futures import futures, pair_of
from app.connectors.exchanges.binance.histories import histories, older_conversions
from app.connectors.exchanges.binance.locked import locked, locked_balances
from app.connectors.exchanges.binance.margin import cross, isolated
from app.connectors.exchanges.binance.seen import Universe
from app.connectors.exchanges.binance.trades import Search, Trades
from app.connectors.exchanges.binance.wallet import earn_balances, flexible_positions, merged, spot_balances
from app.core.model.accounts import KeyScope
from app.core.model.futures import Part
from app.core.model.pages import Balance
from app.core.model.venues import VenueInfo

_USED_WEIGHT = "x-mbx-used-weight-1m"
_BESIDE = ((Part.FUTURES, futures), (Part.MARGIN, cross), (Part.ISOLATED, isolated))


class Binance(Venue):
    """Binance's spot account and its simple earn; futures and margin wallets as they are now, without their history."""

    info = VenueInfo(
        venue_id="binance",
        name="Binance",
        kind="exchange",
        tier="A",
        credential_fields=("apiKey", "secret"),
        reads={
            "balances": True,
            "trades": True,
            "deposits": True,
            "withdrawals": True,
            "fees": True,
            "rewards": True,
            "conversions": True,
            "funding": False,
            "futures": True,
            "live": True,
        },
        history="whole account: spot, convert, dust, dividends, fiat, earn",
        importer="binance-history",
        key_help=(
            "In Binance, open Profile, API Management, and create a system-generated key.",
            "Leave only Enable Reading on. Counterfoil needs nothing else.",
            "Restrict access to your own address where you have a fixed one.",
        ),
    )
    ccxt_id = "binance"
    budgets = calls.BUDGETS
    endpoints = calls.ALL
    default_cost: ClassVar[Mapping[str, float]] = {"address": 20.0}
    faults = calls.FAULTS
    # With a key, load_markets would also ask for networks and margin pairs, and fail as a whole where one is refused.
    options: ClassVar[Mapping[str, Any]] = {
        "defaultType": "spot",
        "fetchMarkets": {"types": ["spot"]},
        "fetchMargins": False,
        "fetchCurrencies": False,
        "recvWindow": 10_000,
    }
    live_options: ClassVar[Mapping[str, Any]] = {
        "watchTicker": {"name": "miniTicker"},
        "watchTickers": {"name": "miniTicker"},
    }
    is_ticker_bulk = False
    candle_limit = 1_000
    may_end_candles = True
    books = BinanceBooks
    perpetual_books = BinancePerpetualBooks
    server_time = (calls.TIME, lambda data: int(data["serverTime"]))

    def perpetual(self, symbol: str, asset: Callable[[str], str]) -> tuple[str, str] | None:
        """Return what a contract of USD-M futures is about and quoted in."""
        return pair_of(symbol, asset)

    async def traded(self, reader: Reader, symbol: str, days: int) -> Mapping[int, Decimal]:
        """Return how much of a contract of USD-M futures was traded; nothing of one that is not about single units."""
        return {} if pair_of(symbol, reader.asset) is None else await traded_in_days(reader, symbol, days)

    async def streams(self, reader: Reader, cursors: Mapping[str, str]) -> Sequence[Stream]:
        """Return trades after what they follow from: the assets that the others saw say which symbols to ask."""
        del reader, cursors
        universe = Universe()
        trades = Trades(universe)
        return [*histories(universe), trades, older_conversions(universe), Search(trades)]

    async def probe(self, reader: Reader) -> KeyScope:
        """Return what the venue says about the key."""
        answer = await reader.ask(calls.RESTRICTIONS)
        said = answer.data
        is_bound = said.get("ipRestrict") is True
        return KeyScope(
            may_read=said["enableReading"],
            may_trade=said["enableSpotAndMarginTrading"] or said.get("enableFutures") is True,
            may_withdraw=said["enableWithdrawals"],
            detail="restricted to addresses" if is_bound else "usable from any address",
        )

    async def balances(self, reader: Reader) -> Balances:
        """Read the spot wallet and earn; futures, loans and the days of locked products are told beside them."""
        account = await reader.ask(calls.ACCOUNT)
        positions = await flexible_positions(reader)
        bound = await side(reader, Part.LOCKED, locked, is_needed=True)
        beside = [bound, *[await side(reader, part, read) for part, read in _BESIDE]]
        rows = [Balance("spot", asset, quantity) for asset, quantity in spot_balances(account, reader).items()]
        earned = merged(earn_balances(positions, reader), locked_balances(bound.told))
        rows += [Balance("earn", asset, quantity) for asset, quantity in earned.items()]
        return Balances(
            [account, *positions, *(answer for one in beside for answer in one.answers)],
            rows,
            [finding for one in beside for finding in one.findings],
            [one.told for one in beside],
        )

    def learn(self, headers: Mapping[str, str]) -> Mapping[str, float]:
        """Return the venue's own count; those of /sapi calls do not say which budget they mean."""
        used = headers.get(_USED_WEIGHT, "")
        return {"address": float(used)} if used.isdecimal() else {}
