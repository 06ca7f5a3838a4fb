"""Kraken: what it offers, its limits, its error codes, its balances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from app.connectors.exchanges.base import Balances, Endpoint, FaultRule, Reader, Stream, Trouble, Venue
from app.connectors.exchanges.beside import side
from app.connectors.exchanges.kraken import calls
from app.connectors.exchanges.kraken.books import KrakenBooks
from app.connectors.exchanges.kraken.earn import allocations
from app.connectors.exchanges.kraken.ledger import place_of
from app.connectors.exchanges.kraken.margin import positions
from app.connectors.exchanges.kraken.stream import LedgerStream
from app.connectors.exchanges.rows import Place, Row, RowError, quarantined
from app.connectors.limits import BudgetSpec, Per
from app.core.errors import SourceError
from app.core.findings import Finding
from app.core.model.accounts import KeyScope
from app.core.model.futures import Part
from app.core.model.pages import Balance
from app.core.model.venues import VenueInfo
from app.core.money import ZERO, add

_READING = {"query-funds", "query-ledger"}
_TRADING, _WITHDRAWING = "modify-trades", "withdraw-funds"
_FIRST_ERROR = 400
_LOCKOUT = 900.0
_BESIDE = ((Part.POSITIONS, positions), (Part.LOCKED, allocations))
_INTERMEDIATE, _STARTER = (20, 40), (15, 45)


class Kraken(Venue):
    """Kraken's spot accounts, with what is staked and earns."""

    info: ClassVar[VenueInfo] = VenueInfo(
        venue_id="kraken",
        name="Kraken",
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
        history="complete since the account was opened (ledger)",
        importer="kraken-ledgers",
        key_help=(
            "Open Settings, then API, and create a key.",
            "Tick Query Funds and Query Ledger Entries; for positions on margin, Query Open Orders & Trades too.",
            "Leave Withdraw Funds and all trading rights unticked.",
            "Leave the nonce window as it is, and use the key in no other program.",
        ),
    )
    ccxt_id: ClassVar[str] = "kraken"
    budgets: ClassVar[tuple[BudgetSpec, ...]] = (
        # The counter of a Pro account; each time it was too much, the next lower tier is assumed.
        BudgetSpec(calls.COUNTER, 20, 20, Per.KEY, lower=(_INTERMEDIATE, _STARTER)),
        BudgetSpec(calls.PUBLIC, 6, 6),
    )
    endpoints: ClassVar[tuple[Endpoint, ...]] = calls.ALL
    default_cost: ClassVar[Mapping[str, float]] = {calls.PUBLIC: 1}
    faults: ClassVar[tuple[FaultRule, ...]] = (
        FaultRule("EAPI:Invalid key", Trouble.CREDENTIALS, "does not know this key"),
        FaultRule("EAPI:Invalid signature", Trouble.CREDENTIALS, "says that the secret does not belong to the key"),
        FaultRule("EAPI:Invalid nonce", Trouble.CLOCK, "refused the number of a request (nonce)"),
        FaultRule(
            "EGeneral:Permission denied",
            Trouble.CREDENTIALS,
            "says that the key lacks a right",
            "Tick Query Funds and Query Ledger Entries for it at Kraken.",
        ),
        FaultRule("EGeneral:Temporary lockout", Trouble.RATE, "locked this key out for a while", penalty=_LOCKOUT),
        FaultRule("EAPI:Rate limit exceeded", Trouble.RATE, "counts too many calls for this account", penalty=4.0),
        FaultRule("EGeneral:Too many requests", Trouble.RATE, "counts too many calls from this address", penalty=10.0),
        FaultRule("EService:|EGeneral:Internal error", Trouble.AWAY, "is away or under maintenance"),
        FaultRule("EGeneral:Unknown method", Trouble.REFUSED, "does not know this call"),
        FaultRule("EAPI:Feature disabled", Trouble.REFUSED, "has switched this call off"),
    )
    is_ticker_bulk: ClassVar[bool] = False
    # 720 closed ones and the one under way; ccxt cuts at this number by itself.
    candle_limit: ClassVar[int] = 721
    candle_reach: ClassVar[int | None] = 721
    books = KrakenBooks
    server_time = (calls.TIME, lambda data: int(data["result"]["unixtime"]) * 1000 + 500)
    is_serial: ClassVar[bool] = True

    async def streams(self, reader: Reader, cursors: Mapping[str, str]) -> Sequence[Stream]:
        """Return the ledger, which has everything."""
        del reader, cursors
        return (LedgerStream(),)

    async def probe(self, reader: Reader) -> KeyScope:
        """Return the rights that Kraken names; where it does not, try to read."""
        try:
            answer = await reader.ask(calls.KEY_INFO)
        except SourceError as error:
            if type(error) is not SourceError:
                raise
            await reader.ask(calls.BALANCES)
            return KeyScope(may_read=True, may_trade=None, may_withdraw=None, detail="Kraken does not tell its rights.")
        rights = {str(right) for right in answer.data["result"]["permissions"]}
        missing = sorted(_READING - rights)
        lacking = f" It lacks {' and '.join(missing)}." if missing else ""
        return KeyScope(
            may_read=not missing,
            may_trade=_TRADING in rights,
            may_withdraw=_WITHDRAWING in rights,
            detail=f"Kraken names: {', '.join(sorted(rights)) or 'no right'}.{lacking}",
        )

    async def balances(self, reader: Reader) -> Balances:
        """Return balances; endings of asset names say whether they are staked or earn.

        Margin, and how long what earns is bound, are told beside them.
        """
        answer = await reader.ask(calls.BALANCES)
        rows, findings = balances_of(answer.data["result"], reader)
        beside = [await side(reader, part, read) for part, read in _BESIDE]
        return Balances(
            [answer, *(one for part in beside for one in part.answers)],
            rows,
            [*findings, *(one for part in beside for one in part.findings)],
            [part.told for part in beside],
        )

    def error_text(self, status: int, data: Any, body: str) -> str:
        """Return Kraken's list of errors; words that begin with W are only warnings."""
        named = data.get("error") if isinstance(data, Mapping) else None
        if isinstance(named, list):
            return ", ".join(str(word) for word in named if not str(word).startswith("W"))
        return str(named or "") if isinstance(data, Mapping) and named else (body if status >= _FIRST_ERROR else "")

    def pair(self, market: Mapping[str, Any]) -> tuple[str, str]:
        """Return Kraken's own ids: ccxt puts its codes in capitals in their place, where AAPLx is AAPLX."""
        told = market["info"]
        return str(told["base"]), str(told["quote"])

    def open_24h(self, ticker: Mapping[str, Any]) -> Decimal | None:
        """Return the price of 24 hours ago, which only the WebSocket tells: REST has the opening of the UTC day."""
        told = ticker.get("info")
        if not isinstance(told, Mapping) or told.get("change") is None or told.get("last") is None:
            return None
        return Decimal(str(told["last"])) - Decimal(str(told["change"]))


def balances_of(result: Any, place: Place) -> tuple[Sequence[Balance], Sequence[Finding]]:
    """Return the balances of an answer, added up where several names stand for one asset in one sub-place."""
    sums: dict[tuple[str, str], Decimal] = {}
    findings: list[Finding] = []
    for index, (name, raw) in enumerate((result or {}).items()):
        try:
            quantity = Row(raw).quantity("balance")
        except RowError as error:
            findings.append(quarantined(place, "balances", index, {"id": name, "row": raw}, str(error)))
            continue
        where = place_of(name, "", place)
        sums[where] = add(sums.get(where, ZERO), quantity)
    return [Balance(*where, quantity) for where, quantity in sums.items()], findings
