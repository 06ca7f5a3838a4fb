"""Risk of the books as they are, or of a file of holdings: the same figures by the same way.

Money is exact in the ledger; here, at the boundary, it becomes floats, and every figure says what it covers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from app.core.clock import DAY, iso
from app.core.errors import InputError, UsageError
from app.core.findings import Finding, Severity
from app.core.model.accounts import Account
from app.core.model.assets import AssetKind
from app.core.model.market_files import HeldLine, PriceTable
from app.core.model.views import Holding, Position, Scope
from app.core.ports import OpenVault, Runtime
from app.core.risk.backtest.card import Card
from app.core.risk.exposures import Exposure, Kind, Places, debt, holding, perpetual
from app.core.risk.prices import Prices
from app.core.risk.stress.episodes import EPISODES, Episode, replay
from app.core.risk.stress.hypothetical import (
    BridgeLoss,
    Depeg,
    Gap,
    Hypothesis,
    VenueDefault,
    VolatilityUp,
    run,
)
from app.core.risk.stress.moves import MOVES
from app.core.risk.stress.results import StressResult
from app.core.risk.study import Market, Question, Study, market, report_card, study
from app.services.market_data import MarketData
from app.services.portfolio import Portfolio
from app.services.threads import Threads

_STALE = 3 * DAY
"""A close so much older than the day that is asked for is no price of that day."""

_LOCKED = ("earn", "staked", "locked", "bonded")
PROXY = "bitcoin"
"""Whose history stands in for assets of the books that have none yet."""


class Book(NamedTuple):
    """What a desk looks at.

    Attributes:
        value: Of what is priced, in the currency; debt is subtracted.
        names: Names for people, by asset.
        ids: Ids of the registry, by the name that the book gives an asset.
    """

    exposures: Sequence[Exposure]
    market: Market
    value: float
    currency: str
    names: Mapping[str, str]
    ids: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A study with the stresses of the same book."""

    book: Book
    study: Study
    stress: tuple[StressResult, ...]


class RiskDesk:
    """Answers of the books of one vault."""

    def __init__(
        self, runtime: Runtime, vault: OpenVault, threads: Threads, market_data: MarketData, portfolio: Portfolio
    ) -> None:
        """Take what is held and what it cost over time."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._market_data = market_data
        self._portfolio = portfolio

    async def book(self, as_of: int | None = None, scope: Scope | None = None) -> Book:
        """Return the exposures at the marks of now, and daily closes until the day; InputError for empty books."""
        held = await self._portfolio.positions(scope)
        accounts = {one.account_id: one for one in await self._threads.read(self._vault.reader.accounts)}
        assets = [one.asset.asset_id for one in held.positions if one.asset.asset_id != held.currency]
        closes = await self._market_data.closes(assets)
        return await self._threads.read(_of_positions, held.positions, held.currency, accounts, closes, as_of)

    async def report(self, asked: Question, scope: Scope | None = None) -> Report:
        """Return every figure; InputError where nothing that is held has a history."""
        found = await self.book(asked.as_of, scope)
        return await self._threads.read(report, found, asked)

    async def card(self, asked: Question, since: int | None = None, scope: Scope | None = None) -> Card:
        """Return how each model would have done; InputError where the history is shorter than the window."""
        found = await self.book(asked.as_of, scope)
        return await self._threads.read(backtest, found, asked, since)


def of_files(runtime: Runtime, holdings: Path, history: Path, currency: str, as_of: int | None = None) -> Book:
    """Return the book of two files; InputError where one cannot be read or nothing has a price."""
    if runtime.market_files is None:
        raise UsageError("Files of prices cannot be read here.")
    lines = runtime.market_files.holdings(holdings)
    table = runtime.market_files.prices(history)
    found = market({asset: list(points) for asset, points in table.histories.items()}, as_of)
    ids = {line.asset: runtime.assets.resolve("", line.asset).asset_id for line in lines}
    return _of_lines(lines, table, found, currency, ids)


def report(found: Book, asked: Question) -> Report:
    """Return every figure of a book."""
    made = study(found.market, found.exposures, steady(found, asked))
    return Report(found, made, stresses(found, made))


def backtest(found: Book, asked: Question, since: int | None = None) -> Card:
    """Return the report card of the models on a book."""
    return report_card(found.market, found.exposures, steady(found, asked), since)


def stresses(
    found: Book, made: Study, wanted: Sequence[Episode | Hypothesis] | None = None
) -> tuple[StressResult, ...]:
    """Return what each stress would do to the book; all that concern it without a choice."""
    asked = made.question
    chosen = concerning(found) if wanted is None else wanted
    return tuple(
        _replayed(one, found, asked) if isinstance(one, Episode) else run(one, found.exposures, made.scenarios)
        for one in chosen
    )


def _replayed(one: Episode, found: Book, asked: Question) -> StressResult:
    moves = MOVES.get(one.code, {})
    recorded = {name: moves[asset_id] for name, asset_id in found.ids.items() if asset_id in moves}
    return replay(
        one,
        found.market.prices,
        found.exposures,
        default_proxy=asked.proxy,
        constant=asked.constant,
        recorded=recorded,
    )


def concerning(found: Book) -> tuple[Episode | Hypothesis, ...]:
    """Return the stresses that this book can suffer: days that happened, and what it depends on failing."""
    places = [one.places for one in found.exposures]
    venues, issuers, chains = ({name for name in names if name} for names in zip(
        *((one.venue, one.issuer, one.chain) for one in places), strict=True
    ))  # fmt: skip
    still = tuple(sorted({one.asset for one in found.exposures if one.places.issuer or one.asset == found.currency}))
    return (
        *EPISODES,
        *(VenueDefault(venue) for venue in sorted(venues)),
        *(Depeg(issuer=issuer) for issuer in sorted(issuers)),
        *(BridgeLoss(chain) for chain in sorted(chains)),
        Gap(spared=still),
        VolatilityUp(),
    )


def steady(found: Book, asked: Question) -> Question:
    """Return the question with what this book adds: its own currency never moves."""
    proxy = asked.proxy or (PROXY if PROXY in found.market.prices.assets else "")
    return replace(asked, constant=asked.constant | {found.currency}, proxy=proxy)


def _of_positions(
    held: Sequence[Position],
    currency: str,
    accounts: Mapping[str, Account],
    closes: Mapping[str, Mapping[int, object]],
    as_of: int | None,
) -> Book:
    exposures, unpriced = exposures_of(held, accounts), [one for one in held if one.mark is None]
    if not exposures:
        raise InputError("Nothing that is held has a price.", hint="Read the connections first: counterfoil sync.")
    histories = {
        asset: [(day * DAY, float(str(price))) for day, price in sorted(days.items())] for asset, days in closes.items()
    }
    return Book(
        exposures,
        market(histories, as_of),
        sum(one.value for one in exposures),
        currency,
        {position.asset.asset_id: position.asset.symbol for position in held},
        {position.asset.asset_id: position.asset.asset_id for position in held},
        tuple(_unpriced(one.asset.symbol) for one in unpriced),
    )


def exposures_of(held: Sequence[Position], accounts: Mapping[str, Account]) -> list[Exposure]:
    """Return the exposure of each holding that has a price."""
    return [
        _exposure(position, one, accounts)
        for position in held
        if position.mark is not None
        for one in position.holdings
        if one.quantity
    ]


def _exposure(position: Position, held: Holding, accounts: Mapping[str, Account]) -> Exposure:
    asset, account = position.asset, accounts.get(held.account_id)
    venue = account.venue if account else ""
    places = Places(venue, issuer=asset.issuer, counterparty=venue or asset.issuer)
    value = float(held.value or 0)
    if value < 0:
        return debt(asset.asset_id, value, places)
    is_locked = any(word in held.sub_place for word in _LOCKED)
    if asset.kind is AssetKind.FIAT:
        places = Places(venue, counterparty=venue)
    return holding(asset.asset_id, value, places, is_locked=is_locked)


def _of_lines(
    lines: Sequence[HeldLine], table: PriceTable, found: Market, currency: str, ids: Mapping[str, str]
) -> Book:
    day = found.last
    exposures: list[Exposure] = []
    findings = [*table.findings]
    value = 0.0
    for line in lines:
        price = 1.0 if line.asset == currency else _close(found.prices, line.asset, day)
        if price is None:
            findings.append(_unpriced(line.asset, day))
            continue
        made = _of_line(line, float(line.quantity), price)
        value += 0.0 if made.kind is Kind.PERPETUAL else made.value
        exposures.append(made)
    if not exposures:
        raise InputError(
            f"None of the {len(lines)} lines has a price on {iso(day)[:10]}.",
            hint="Name assets as the price file does, or give another day: --as-of DATE.",
        )
    return Book(exposures, found, value, currency, {}, ids, tuple(findings))


def _of_line(line: HeldLine, quantity: float, price: float) -> Exposure:
    places = Places(line.venue, line.chain, line.issuer, line.venue or line.issuer)
    match line.kind.casefold():
        case "perpetual" | "future" | "swap":
            return perpetual(line.asset, quantity, price, places=places)
        case "staked" | "locked":
            return holding(line.asset, quantity * price, places, is_locked=True)
        case "" | "holding" | "spot" | "debt" | "loan" | "short":
            is_owed = quantity < 0 or line.kind.casefold() in ("debt", "loan")
            return debt(line.asset, quantity * price, places) if is_owed else holding(
                line.asset, quantity * price, places
            )  # fmt: skip
    raise InputError(
        f"{line.asset} is of the kind {line.kind!r}.", hint="Kinds are holding, staked, perpetual, debt and short."
    )


def _close(found: Prices, asset: str, day: int) -> float | None:
    """Return the last close of an asset that is not too old; None where there is none."""
    if asset not in found.assets:
        return None
    column = found.closes[:, found.assets.index(asset)]
    for row in range(column.size - 1, -1, -1):
        if day - int(found.at[row]) > _STALE:
            return None
        if not math.isnan(column[row]):
            return float(column[row])
    return None


def _unpriced(name: str, day: int | None = None) -> Finding:
    when = "" if day is None else f" within three days of {iso(day)[:10]}"
    return Finding(Severity.WARNING, "exposure-unpriced", f"{name} has no price{when}: its exposure is unknown.",
                   name, "Every figure leaves it out.", "Check the price source", asset=name)  # fmt: skip


def moment(day: str, option: str = "--as-of") -> int:
    """Return the start of a day such as 2026-01-02; UsageError where it is none."""
    try:
        return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * 10**9
    except ValueError as error:
        raise UsageError(f"{day!r} is no day.", hint=f"Example: {option} 2026-01-02") from error
