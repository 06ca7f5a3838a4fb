"""Transaction hashes and addresses of deposits and withdrawals, which Kraken's ledger does not have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.connectors.exchanges.base import Endpoint, Reader
from app.connectors.exchanges.kraken import calls
from app.connectors.exchanges.kraken.ledger import References, Rows
from app.core.errors import CredentialsError, RetryableError, SourceError
from app.core.model.assets import AssetKind

_LIMIT = 500
_MOST_PAGES = 20
_WORDS = {"deposit": calls.DEPOSITS, "withdrawal": calls.WITHDRAWALS}


class Transfers:
    """Asks for the transfers of a span once, at the first row that needs one."""

    def __init__(self, reader: Reader, start: int) -> None:
        """Take where the span begins, in seconds."""
        self._reader = reader
        self._start = start
        self._known: dict[str, Mapping[str, str]] = {}
        self._asked: set[str] = set()

    async def references(self, rows: Rows) -> References:
        """Return references by refid; without the right to ask, transfers go without: they are an extra."""
        words = {str(raw.get("type")) for raw in rows.values() if isinstance(raw, Mapping)}
        for word in sorted(words & _WORDS.keys() - self._asked):
            self._asked.add(word)
            try:
                await self._ask(_WORDS[word])
            except RetryableError:
                self._asked.discard(word)
                raise
            except (CredentialsError, SourceError):
                continue
        return self._known

    async def _ask(self, endpoint: Endpoint) -> None:
        cursor = "true"
        for _ in range(_MOST_PAGES):
            asked = {"start": self._start, "cursor": cursor, "limit": _LIMIT}
            answer = await self._reader.ask(endpoint, asked)
            result = answer.data["result"]
            for row in calls.transfer_rows(result):
                self._take(row)
            cursor = str(result.get("next_cursor") or "") if isinstance(result, Mapping) else ""
            if not cursor:
                return

    def _take(self, row: Mapping[str, Any]) -> None:
        asset = self._reader.assets.asset(self._reader.asset(str(row.get("asset"))))
        if asset.kind is AssetKind.FIAT:
            # Its "txid" is a bank's reference.
            return
        told = {"tx_hash": row.get("txid"), "address": row.get("info"), "network": row.get("method")}
        self._known[str(row.get("refid"))] = {name: str(word) for name, word in told.items() if word}
