"""Kraken Futures: what it offers, its error codes, and its wallets beside the books. It has keys of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from app.connectors.exchanges.base import Balances, Endpoint, FaultRule, Reader, Stream, Venue
from app.connectors.exchanges.krakenfutures import calls
from app.connectors.exchanges.krakenfutures.wallets import wallets
from app.connectors.limits import BudgetSpec
from app.core.model.accounts import KeyScope
from app.core.model.venues import VenueInfo

_FIRST_ERROR = 400


class KrakenFutures(Venue):
    """Kraken's market of futures: wallets and positions as they are now, and no history, balances or prices."""

    info: ClassVar[VenueInfo] = VenueInfo(
        venue_id="krakenfutures",
        name="Kraken Futures",
        kind="exchange",
        tier="A",
        credential_fields=("apiKey", "secret"),
        reads={
            "balances": False,
            "trades": False,
            "deposits": False,
            "withdrawals": False,
            "fees": False,
            "rewards": False,
            "conversions": False,
            "funding": False,
            "futures": True,
            "live": False,
        },
        history="none: wallets and positions as they are now, for risk alone",
        importer="counterfoil",
        key_help=(
            "In Kraken Futures, open Settings, then Create Key: keys of the spot market do not work there.",
            "Choose Read Only for the general rights, and No Access for withdrawals.",
            "It cannot be asked what a key may do, so look at it twice.",
        ),
    )
    ccxt_id: ClassVar[str] = "krakenfutures"
    budgets: ClassVar[tuple[BudgetSpec, ...]] = calls.BUDGETS
    endpoints: ClassVar[tuple[Endpoint, ...]] = calls.ALL
    default_cost: ClassVar[Mapping[str, float]] = {calls.DERIVATIVES: 1}
    faults: ClassVar[tuple[FaultRule, ...]] = calls.FAULTS

    async def streams(self, reader: Reader, cursors: Mapping[str, str]) -> Sequence[Stream]:
        """Return none: what happened there is not read."""
        del reader, cursors
        return ()

    async def probe(self, reader: Reader) -> KeyScope:
        """Try to read, since the venue does not say what a key may do."""
        await reader.ask(calls.ACCOUNTS)
        return KeyScope(may_read=True, may_trade=None, may_withdraw=None, detail="Kraken Futures tells no rights.")

    async def balances(self, reader: Reader) -> Balances:
        """Return wallets and positions beside the books; the ledger has nothing of this market."""
        found = await wallets(reader)
        return Balances(found.answers, (), found.findings, (found.told,))

    def error_text(self, status: int, data: Any, body: str) -> str:
        """Return the venue's word for what went wrong: it comes with a good status."""
        if isinstance(data, Mapping) and (data.get("result") == "error" or data.get("error")):
            return str(data.get("error") or data.get("errors") or body)
        return body if status >= _FIRST_ERROR else ""
