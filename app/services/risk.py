"""Risk of the books as they are, or of a file of holdings: the same figures by the same way.

Money is exact in the ledger; here, at the boundary, it becomes floats, and every figure says what it covers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from app.core.clock import DAY, EPOCH
from app.core.errors import UsageError
from app.core.model.accounts import Account
from app.core.model.futures import assets_in
from app.core.model.views import Position, Scope
from app.core.ports import OpenVault, Runtime
from app.core.risk.backtest.card import Card
from app.core.risk.exposures import NOBODY
from app.core.risk.leaving import Leaving, leaving
from app.core.risk.stress.around import STILL, Around
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
from app.core.risk.study import Question, Study, report_card, study
from app.services.contract_volumes import Contract
from app.services.market_data import MarketData
from app.services.portfolio import Portfolio
from app.services.risk_books import Book, Known, Surroundings, chains_of, of_lines, of_positions, venue_of
from app.services.risk_files import facts_of, market_of, named_alike
from app.services.risk_futures import beside, perpetuals_in, prices_of
from app.services.risk_leaving import Markets
from app.services.threads import Threads
from app.services.transfers import Transfers

PROXY = "bitcoin"
"""Whose history stands in for assets of the books that have none yet."""

NOBODYS = "none"
"""Said in place of a proxy where new assets are left out."""

_NAMED = 5
_KEPT_EVERY = 2.0
"""Seconds after which the spreads that were seen are kept, while order books are watched before a report."""


@dataclass(frozen=True, slots=True)
class Report:
    """A study with the stresses of the same book."""

    book: Book
    study: Study
    stress: tuple[StressResult, ...]
    leaving: Leaving


class RiskDesk:
    """Answers of the books of one vault."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        runtime: Runtime,
        vault: OpenVault,
        threads: Threads,
        market_data: MarketData,
        portfolio: Portfolio,
        transfers: Transfers,
        markets: Markets,
    ) -> None:
        """Take what is held, what it cost over time, how it came to where it is, and where it could be sold."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._market_data = market_data
        self._portfolio = portfolio
        self._transfers = transfers
        self._markets = markets

    async def book(self, as_of: int | None = None, scope: Scope | None = None) -> Book:
        """Return the exposures at the marks of now, and daily closes until the day; InputError for empty books."""
        held = await self._portfolio.positions(scope)
        accounts = {one.account_id: one for one in await self._threads.read(self._vault.reader.accounts)}
        futures = await self._threads.read(self._vault.reader.futures, scope.accounts if scope else ())
        assets = {one.asset.asset_id for one in held.positions} | assets_in(futures)
        # What stands in for assets without a history is read whether it is held or not.
        closes = await self._market_data.closes(sorted((assets | {PROXY}) - {held.currency}))
        chains = await self._chains(accounts.values())
        prices = prices_of(held.positions, self._market_data.marks(), held.currency)
        now = self._runtime.clock.now_ns()
        beside_them = beside(futures, accounts, self._runtime.assets, prices, now)
        simulated = self._vault.book.simulated
        known = Known(held.currency, accounts, titles(self._runtime), chains, simulated, beside_them)
        found = await self._threads.read(of_positions, held.positions, known, closes, as_of)
        priced = {asset: prices[asset] for asset in assets_in(futures) if asset in prices}
        facts = await self._markets.facts(held.positions, priced)
        contracts = await self._markets.perpetuals(perpetuals_in(futures, accounts))
        return found._replace(facts=replace(facts, perpetuals=contracts))

    async def perpetuals(self, scope: Scope | None = None) -> frozenset[Contract]:
        """Return the perpetuals that are open, whose own order books can be looked at."""
        accounts = {one.account_id: one for one in await self._threads.read(self._vault.reader.accounts)}
        futures = await self._threads.read(self._vault.reader.futures, scope.accounts if scope else ())
        return frozenset(perpetuals_in(futures, accounts))

    async def _chains(self, accounts: Iterable[Account]) -> Mapping[tuple[str, str], str]:
        """Return on which chain an asset came to an account that no venue keeps; nothing where there is no such one."""
        if all(venue_of(one) for one in accounts):
            return {}
        links = await self._threads.read(self._transfers.counting)
        return chains_of(links)

    def look_at(self, held: Sequence[Position], perpetuals: Iterable[Contract] = ()) -> None:
        """Look at order books of positions and perpetuals from now on: depth, and how spreads vary, are known then.

        Without any the sockets of order books may be closed.
        """
        self._markets.look(held, perpetuals)

    async def watch(self, seconds: float) -> None:
        """Look at the order books of all that is held for so long.

        How wide they are quoted is kept meanwhile: what was seen is there for the next report whatever ends this one.
        """
        self.look_at((await self._portfolio.positions()).positions, await self.perpetuals())
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        while (left := ends - loop.time()) > 0:
            await asyncio.sleep(min(left, _KEPT_EVERY))
            await self._market_data.keep_spreads()

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
    table = runtime.market_files.prices(history)
    lines = named_alike(runtime.market_files.holdings(holdings), table, currency)
    found, odd = market_of(table, as_of, runtime.clock.now_ns())
    assets = {line.asset: runtime.assets.resolve("", line.asset) for line in lines}
    made = of_lines(lines, (*table.findings, *odd), Surroundings(found, currency, assets, titles(runtime)))
    return made._replace(facts=facts_of(table, found))


def titles(runtime: Runtime) -> dict[str, str]:
    """Return the names of venues by id."""
    return {info.venue_id: info.name for info in runtime.exchanges.venues()}


def report(found: Book, asked: Question) -> Report:
    """Return every figure of a book."""
    made = study(found.market, found.exposures, steady(found, asked))
    left = leaving(found.exposures, found.facts, constant=frozenset({found.currency}))
    return Report(found, made, stresses(found, made), left)


def backtest(found: Book, asked: Question, since: int | None = None) -> Card:
    """Return the report card of the models on a book."""
    made = report_card(found.market, found.exposures, steady(found, asked), since)
    return replace(made, findings=(*found.findings, *made.findings))


def stresses(
    found: Book, made: Study, wanted: Sequence[Episode | Hypothesis] | None = None
) -> tuple[StressResult, ...]:
    """Return what each stress would do to the book; all that concern it without a choice."""
    asked, around = made.question, around_of(found, made)
    chosen = concerning(found) if wanted is None else wanted
    return tuple(
        _replayed(one, found, asked, around) if isinstance(one, Episode) else run(one, found.exposures, around)
        for one in chosen
    )


def around_of(found: Book, made: Study) -> Around:
    """Return what stresses need to know beside the book."""
    names = {**found.venues, **found.names}
    return Around(made.scenarios, found.market.returns, made.question.window, found.classes, names)


def _replayed(one: Episode, found: Book, asked: Question, around: Around) -> StressResult:
    moves = MOVES.get(one.code, {})
    recorded = {name: moves[asset_id] for name, asset_id in found.ids.items() if asset_id in moves}
    return replay(
        one,
        found.market.prices,
        found.exposures,
        default_proxy=asked.proxy,
        constant=asked.constant,
        recorded=recorded,
        is_made_up=found.is_simulated,
        around=around,
    )


def concerning(found: Book) -> tuple[Episode | Hypothesis, ...]:
    """Return the stresses that this book can suffer: days that happened, and what it depends on failing."""
    places = [one.places for one in found.exposures]
    venues, issuers, bridges = (sorted({name for name in names if name not in ("", NOBODY)}) for names in zip(
        *((one.venue, one.issuer, one.bridge) for one in places), strict=True
    ))  # fmt: skip
    return (
        *EPISODES,
        *(VenueDefault(venue) for venue in venues),
        *(Depeg(issuer=issuer) for issuer in issuers),
        *(BridgeLoss(bridge=bridge) for bridge in bridges),
        Gap(spared=_still(found)),
        VolatilityUp(),
    )


def _still(found: Book) -> tuple[str, ...]:
    """Return what keeps its price where all others open elsewhere: money, and what somebody redeems at par."""
    return tuple(
        sorted(
            {
                one.asset
                for one in found.exposures
                if one.asset == found.currency or found.classes.get(one.asset) in STILL
            }
        )
    )


def steady(found: Book, asked: Question) -> Question:
    """Return the question with what this book adds: its own currency never moves."""
    return replace(asked, constant=asked.constant | {found.currency}, proxy=_proxy(found, asked.proxy))


def _proxy(found: Book, word: str) -> str:
    """Return the asset whose history stands in for new ones, "" for none; UsageError where a word names none."""
    assets = found.market.prices.assets
    if not word or word.casefold() == NOBODYS:
        return PROXY if not word and PROXY in assets else ""
    named = {name.casefold(): asset for asset in assets for name in (found.names.get(asset, asset), asset)}
    if word.casefold() not in named:
        some = ", ".join(sorted(found.names.get(asset, asset) for asset in assets)[:_NAMED])
        raise UsageError(
            f"{word!r} has no prices here, so its history stands in for nobody's.",
            hint=f"Name an asset that has, such as {some}; or none, to leave new assets out: --proxy none",
        )
    return named[word.casefold()]


def moment(day: str, option: str = "--as-of") -> int:
    """Return the start of a day such as 2026-01-02; UsageError where it is none."""
    try:
        return (date.fromisoformat(day).toordinal() - EPOCH) * DAY
    except ValueError as error:
        raise UsageError(f"{day!r} is no day.", hint=f"Example: {option} 2026-01-02") from error
