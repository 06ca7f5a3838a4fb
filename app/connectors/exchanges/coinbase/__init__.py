"""Coinbase: fills of Advanced Trade and the transactions of every wallet of one account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from app.connectors.exchanges.base import Answer, Balances, Reader, Stream, Venue
from app.connectors.exchanges.beside import side
from app.connectors.exchanges.coinbase import calls
from app.connectors.exchanges.coinbase.books import CoinbaseBooks
from app.connectors.exchanges.coinbase.fills import Fills
from app.connectors.exchanges.coinbase.futures import futures
from app.connectors.exchanges.coinbase.rows import sub_place_of
from app.connectors.exchanges.coinbase.wallets import Transactions, Wallet, wallets
from app.connectors.exchanges.rows import Row, RowError
from app.core.errors import BadResponseError
from app.core.model.accounts import Credentials, KeyScope
from app.core.model.futures import Part
from app.core.model.pages import Balance
from app.core.model.venues import VenueInfo
from app.core.money import add

_ACCOUNTS = 250


class Coinbase(Venue):
    """Coinbase with Advanced Trade, and its US futures as they are now; perpetuals of its other venue are not read."""

    info = VenueInfo(
        venue_id="coinbase",
        name="Coinbase",
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
        history="whole account: fills and every wallet's transactions",
        importer="coinbase",
        key_help=(
            "In the Coinbase Developer Platform, open API keys and create a secret API key with ECDSA.",
            "Give it the right View on all portfolios, and nothing else.",
            "Enter the key's name (organizations/…/apiKeys/…) and its private key with BEGIN and END lines.",
        ),
    )
    ccxt_id = "coinbase"
    budgets = calls.BUDGETS
    endpoints = calls.ALL
    default_cost: ClassVar[Mapping[str, float]] = {"public": 1.0}
    faults = calls.FAULTS
    options: ClassVar[Mapping[str, Any]] = {"fetchMarkets": "fetchMarketsV3"}
    is_ticker_bulk = False
    candle_limit = 300
    is_candle_windowed = True
    books = CoinbaseBooks
    server_time = (calls.TIME, lambda data: int(data["epochMillis"]))
    # A token that is expired or not valid yet gets a bare "Unauthorized".
    may_mistake_clock_for_key = True

    def login(self, credentials: Credentials) -> Mapping[str, str]:
        r"""Return ccxt's settings; a private key that was copied out of JSON has "\n" in place of line ends."""
        given = dict(super().login(credentials))
        given["secret"] = given["secret"].replace("\\n", "\n")
        return given

    async def streams(self, reader: Reader, cursors: Mapping[str, str]) -> Sequence[Stream]:
        """Return fills first: they are the authority on trades."""
        del reader, cursors
        return [Fills(), Transactions()]

    async def probe(self, reader: Reader) -> KeyScope:
        """Return what the venue says about the key; who may transfer may withdraw."""
        said = (await reader.ask(calls.PERMISSIONS)).data
        portfolio = said.get("portfolio_type") or ""
        return KeyScope(
            may_read=said["can_view"],
            may_trade=said["can_trade"],
            may_withdraw=said["can_transfer"],
            detail=f"portfolio: {portfolio.lower()}" if portfolio else "",
        )

    async def balances(self, reader: Reader) -> Balances:
        """Read the trading accounts and the wallets that are none, vaults and staked assets; futures beside them."""
        answers = await _accounts(reader)
        accounts = [raw for answer in answers for raw in answer.data["accounts"]]
        listing, listed = await wallets(reader)
        if not accounts and not all(one.is_empty_shell for one in listed):
            message = "Coinbase lists wallets that were used and no account."
            raise BadResponseError(message, hint="The balances before stay. Try again later.", where=reader.source)
        traded = {str(raw["currency"]).upper() for raw in accounts}
        rows = [_account(raw, reader) for raw in accounts]
        rows += [_wallet(one, reader) for one in listed if one.raw.get("type") == "vault" or one.currency not in traded]
        beside = await side(reader, Part.FUTURES, futures)
        return Balances([*answers, *listing, *beside.answers], _summed(rows), beside.findings, (beside.told,))


async def _accounts(reader: Reader) -> list[Answer]:
    answers: list[Answer] = []
    asked: dict[str, Any] = {"limit": _ACCOUNTS}
    while True:
        answers.append(await reader.ask(calls.ACCOUNTS, dict(asked)))
        said = answers[-1].data
        token = str(said.get("cursor") or "")
        if not said.get("has_next"):
            return answers
        if not token or token == asked.get("cursor"):
            message = "Coinbase says that there are more accounts and not where."
            raise BadResponseError(message, hint="The balances before stay. Try again later.", where=reader.source)
        asked["cursor"] = token


def _account(raw: Any, reader: Reader) -> Balance:
    currency = str(raw["currency"]).upper()
    quantity = add(_value(raw, "available_balance", "value"), _value(raw, "hold", "value"))
    return Balance(sub_place_of(currency), reader.asset(currency), quantity)


def _wallet(wallet: Wallet, reader: Reader) -> Balance:
    quantity = _value(wallet.raw, "balance", "amount")
    return Balance(sub_place_of(wallet.currency), reader.asset(wallet.currency), quantity)


def _value(raw: Any, key: str, inner: str) -> Decimal:
    try:
        number = Row(raw).child(key).quantity(inner)
    except RowError as error:
        message = f"Coinbase gives a balance that cannot be read: {error}."
        raise BadResponseError(message, hint="The balances before stay. Try again later.") from error
    if number < 0:
        message = f"Coinbase gives a balance below zero: {raw.get('currency')}."
        raise BadResponseError(message, hint="The balances before stay. Try again later.")
    return number


def _summed(rows: Sequence[Balance]) -> list[Balance]:
    """Return one row a place: an asset can lie in several wallets."""
    sums: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        if row.quantity:
            key = row.sub_place, row.asset
            sums[key] = add(sums[key], row.quantity) if key in sums else row.quantity
    return [Balance(place, asset, quantity) for (place, asset), quantity in sums.items()]
