"""Binance: spot trades, transfers, conversions, dust, dividends and simple earn of one account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from app.connectors.exchanges.base import Answer, Balances, Reader, Stream, Venue
from app.connectors.exchanges.binance import calls
from app.connectors.exchanges.binance.histories import histories
from app.connectors.exchanges.binance.trades import Trades
from app.connectors.exchanges.binance.windows import Universe
from app.connectors.exchanges.rows import Row, RowError
from app.core.errors import BadResponseError
from app.core.model.accounts import KeyScope
from app.core.model.pages import Balance
from app.core.money import add
from app.core.ports import VenueInfo

_USED_WEIGHT = "x-mbx-used-weight-1m"
_POSITIONS = 100
_LENT = "LD"


class Binance(Venue):
    """Binance's spot account and its simple earn; futures, margin and locked products are not read."""

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
            "live": True,
        },
        history="whole account: spot, convert, dust, dividends, fiat, flexible earn",
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
    server_time = (calls.TIME, lambda data: int(data["serverTime"]))

    async def streams(self, reader: Reader, cursors: Mapping[str, str]) -> Sequence[Stream]:
        """Return trades last: which symbols to ask follows from the assets that the others saw."""
        del reader, cursors
        universe = Universe()
        return [*histories(universe), Trades(universe)]

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
        """Read the spot wallet and the flexible products."""
        account = await reader.ask(calls.ACCOUNT)
        positions = await _positions(reader)
        rows = [*_spot(account, reader), *_earn(positions, reader)]
        return Balances([account, *positions], _summed(rows))

    def learn(self, headers: Mapping[str, str]) -> Mapping[str, float]:
        """Return the venue's own count; those of /sapi calls do not say which budget they mean."""
        used = headers.get(_USED_WEIGHT, "")
        return {"address": float(used)} if used.isdecimal() else {}


async def _positions(reader: Reader) -> list[Answer]:
    answers: list[Answer] = []
    while True:
        asked = {"current": len(answers) + 1, "size": _POSITIONS}
        answers.append(await reader.ask(calls.POSITIONS, asked))
        if len(answers[-1].data["rows"]) < _POSITIONS:
            return answers


def _spot(account: Answer, reader: Reader) -> list[Balance]:
    found = []
    for raw in account.data["balances"]:
        free, locked = _numbers(raw, "free", "locked")
        quantity = add(free, locked)
        if quantity and not _is_lent(str(raw["asset"]), reader):
            found.append(Balance("spot", reader.asset(raw["asset"]), quantity))
    return found


def _is_lent(coin: str, reader: Reader) -> bool:
    """Tell whether this is a receipt for a flexible product: "LDUSDT" is USDT, and the positions tell of it."""
    unmapped = f"{Binance.info.venue_id}:"
    return (
        coin.startswith(_LENT)
        and reader.asset(coin).startswith(unmapped)
        and not reader.asset(coin[len(_LENT) :]).startswith(unmapped)
    )


def _earn(positions: Sequence[Answer], reader: Reader) -> list[Balance]:
    rows: list[Any] = [raw for answer in positions for raw in answer.data["rows"]]
    found = []
    for raw in rows:
        (quantity,) = _numbers(raw, "totalAmount")
        if quantity:
            found.append(Balance("earn", reader.asset(raw["asset"]), quantity))
    return found


def _numbers(raw: Any, *keys: str) -> list[Decimal]:
    try:
        numbers = [Row(raw).quantity(key) for key in keys]
    except RowError as error:
        message = f"Binance gives a balance that cannot be read: {error}."
        raise BadResponseError(message, hint="The balances before stay. Try again later.") from error
    if any(number < 0 for number in numbers):
        message = f"Binance gives a balance below zero: {raw.get('asset')}."
        raise BadResponseError(message, hint="The balances before stay. Try again later.")
    return numbers


def _summed(rows: Sequence[Balance]) -> list[Balance]:
    """Return one row a place: an asset can lie in several products, or be listed under two names."""
    sums: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        key = row.sub_place, row.asset
        sums[key] = add(sums[key], row.quantity) if key in sums else row.quantity
    return [Balance(place, asset, quantity) for (place, asset), quantity in sums.items()]
