"""Track records: ratios, benchmark and attribution of the books as they were, or of a file of holdings."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.core.clock import DAY, to_datetime
from app.core.errors import InputError, UsageError
from app.core.model.assets import AssetKind
from app.core.model.ledger_rows import DayEarning
from app.core.model.performance import Study
from app.core.ports import AssetRegistry, OpenVault, Runtime
from app.core.risk import curves
from app.core.risk.curves import Benchmark, equal
from app.core.risk.exposures import net
from app.core.risk.scenarios import Scenarios, historical
from app.core.risk.study import Question
from app.core.risk.track import Track, track
from app.core.valuation import equity
from app.services.asset_words import asset_id
from app.services.market_data import MarketData
from app.services.performance import Performances
from app.services.portfolio import Portfolio
from app.services.risk import steady
from app.services.risk_books import Book
from app.services.threads import Threads

EQUAL, NO_BENCHMARK, USUAL = "equal", "none", "bitcoin"
"""Words in place of an asset: what is held, each the same; none; and the asset that is taken without a word."""

LEAST_RATE, MOST_RATE = -0.5, 1.0

_EPOCH = date(1970, 1, 1).toordinal()
_OFFERED = ("bitcoin", "ethereum")
_MONEY = (AssetKind.FIAT, AssetKind.STABLE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    Attributes:
        first, last: Days, both included; without them from the first day of the books, and to the last full day.
        days: How many days before the last one, where no first one is asked for.
        benchmark: Id of an asset, `EQUAL` or `NO_BENCHMARK`; "" for the usual one, where it has prices.
        riskless: Annual rate.
    """

    accounts: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    days: int | None = None
    benchmark: str = ""
    riskless: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """An answer, with what it is of.

    Attributes:
        study: What performance tells of the same days; None for a file of holdings.
        names: Names for people, by asset.
        no_benchmark: Why there is none, where none was asked for by name.
    """

    asked: Asked
    track: Track
    names: Mapping[str, str]
    study: Study | None = None
    no_benchmark: str = ""


class TrackRecords:
    """Answers of the books of one vault."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        runtime: Runtime,
        vault: OpenVault,
        threads: Threads,
        market_data: MarketData,
        portfolio: Portfolio,
        performance: Performances,
    ) -> None:
        """Take the books, their closes, and what measures their days."""
        self._runtime = runtime
        self._reader = vault.reader
        self._currency = vault.book.base_currency
        self._threads = threads
        self._market_data = market_data
        self._portfolio = portfolio
        self._performance = performance

    async def record(self, asked: Asked) -> Record:
        """Return the track record of a period.

        Raises:
            InputError: Too few of its days have a price, the chain of days breaks, or the benchmark has no closes.
        """
        today = to_datetime(self._runtime.clock.now_ns()).date()
        # The day that runs has no close yet: a part of a day would stand among whole ones.
        last = min(asked.last or today, today - timedelta(days=1))
        first = last - timedelta(days=asked.days - 1) if asked.first is None and asked.days else asked.first
        history, earnings = await self._threads.read(self._read, asked.accounts)
        _has_days(history, first, last)
        study = await self._performance.study(asked.accounts, first, last)
        wanted = {change.asset for change in history.changes} | ({asked.benchmark or USUAL} - {EQUAL, NO_BENCHMARK})
        closes = await self._market_data.closes(sorted(wanted))
        past = replace(history, closes=closes)
        return await self._threads.read(self._made, asked, study, past, earnings)

    def _read(self, accounts: tuple[str, ...]) -> tuple[equity.History, Sequence[DayEarning]]:
        return self._portfolio.history(accounts), self._reader.earnings(accounts)

    def _made(self, asked: Asked, study: Study, past: equity.History, earnings: Sequence[DayEarning]) -> Record:
        _unbroken(study)
        income, fees = (equity.daily_earnings(past, earnings, fees=is_fee) for is_fee in (False, True))
        curve = curves.held(study.days, past, income, fees, study.whole.left_out)
        names = {asset: self._symbol(asset) for asset in {*past.closes, past.currency}}

        def of_asset(asset: str) -> Benchmark:
            return curves.of_closes(asset, self._symbol(asset), past.closes.get(asset, {}), curve)

        money = {asset for asset in curve.steps.assets if self._runtime.assets.asset(asset).kind in _MONEY}
        found, why = _benchmark(asked.benchmark, of_asset, lambda: equal(curve, money))
        return Record(asked, track(curve, found, asked.riskless, money), names, study, why)

    def _symbol(self, asset: str) -> str:
        return self._runtime.assets.asset(asset).symbol

    async def benchmarks(self) -> tuple[tuple[str, str], ...]:
        """Return (id, symbol) of assets that can be one: those with closes, the two largest markets first."""
        known = await self._threads.read(self._reader.entries_per_asset)
        assets = [*_OFFERED, *sorted({*known} - {*_OFFERED, self._currency}, key=self._symbol)]
        closes = await self._market_data.closes(assets)
        return tuple((asset, self._symbol(asset)) for asset in assets if len(closes[asset]) > 1)

    def named(self, words: str) -> str:
        """Return the benchmark that a person named; InputError where the word names no asset."""
        told = words.strip()
        is_word = told.casefold() in ("", EQUAL, NO_BENCHMARK)
        return told.casefold() if is_word else asset_id(self._runtime.assets, told)


def of_files(assets: AssetRegistry, found: Book, question: Question, asked: Asked) -> Record:
    """Return the track record that the book of two files would have made, held in the same proportions.

    It is as long as the window of the question, or begins with the first day that is asked for.

    Raises:
        InputError: Too few days have a return.
        UsageError: The benchmark that was named has no prices.
    """
    whole = steady(found, question)
    words = asked.benchmark.strip()
    is_asset = words.casefold() not in (EQUAL, NO_BENCHMARK)
    named = _in_file(assets, found, words or USUAL) if is_asset else ""
    window = question.window if asked.first is None else found.market.returns.at.size
    by_asset = net(found.exposures)
    past = historical(found.market.returns, by_asset, window, default_proxy=whole.proxy, constant=whole.constant)
    beside = historical(found.market.returns, [named] if named else [], window)
    past, beside = (_since(one, asked.first) for one in (past, beside))
    curve = curves.fixed(past, past.book(by_asset))
    kinds = {name: found.classes.get(name) for name in curve.steps.assets}
    money = {name for name, kind in kinds.items() if kind in _MONEY or name in whole.constant} | {curves.REST}

    def of_asset(_name: str) -> Benchmark:
        if not beside.assets:
            wrong = UsageError if words else InputError
            raise wrong(
                f"{words or 'BTC'} has no prices in these days",
                hint="Name an asset as the price file does, or equal: --benchmark NAME.",
            )
        return curves.of_scenarios(named, beside)

    benchmark, why = _benchmark(words if is_asset else words.casefold(), of_asset, lambda: equal(curve, money))
    return Record(asked, track(curve, benchmark, asked.riskless, money), {}, None, why)


def rate_of(words: str) -> float:
    """Return an annual rate such as 4% or 0.04; none is 0. UsageError where it is no rate."""
    told = words.strip()
    try:
        rate = float(told.removesuffix("%") or 0) / (100 if told.endswith("%") else 1)
    except ValueError:
        rate = math.nan
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise UsageError(f"{words!r} is no annual rate.", hint="Examples: 4% or 0.04.")
    return rate


def _benchmark(
    wanted: str, of_asset: Callable[[str], Benchmark], equal_weight: Callable[[], Benchmark]
) -> tuple[Benchmark | None, str]:
    """Return the benchmark; None with the reason where none was asked for by name and the usual one has no prices."""
    if wanted == NO_BENCHMARK:
        return None, ""
    if wanted == EQUAL:
        return equal_weight(), ""
    try:
        return of_asset(wanted or USUAL), ""
    except InputError as fault:
        if wanted:
            raise
        return None, fault.message


def _has_days(history: equity.History, first: date | None, last: date) -> None:
    """Refuse books that are empty, and a period that ends before something was held."""
    if not history.changes:
        raise InputError("nothing was ever held", hint="Connect a source or import a statement.")
    begun = date.fromordinal(history.changes[0].day + _EPOCH)
    if max(first or begun, begun) > last:
        raise InputError(
            f"no day until {last} is whole: the period or the books begin later",
            hint="Ratios are of whole days, between closes. Choose a longer period.",
        )


def _unbroken(study: Study) -> None:
    told = study.whole.time_weighted
    if told.value is None:
        raise InputError(
            told.why[:1].lower() + told.why[1:].rstrip("."),
            hint="Choose a period that begins later, or read or set the prices of its days.",
        )


def _in_file(assets: AssetRegistry, found: Book, words: str) -> str:
    """Return how the price file calls an asset that was named by its name there, its ticker or its id; "" for none."""
    names = found.market.prices.assets
    there = next((name for name in names if name.casefold() == words.casefold()), "")
    if there:
        return there
    try:
        wanted = asset_id(assets, words)
    except InputError:
        return ""
    return next((name for name in names if assets.resolve("", name).asset_id == wanted), "")


def _since(past: Scenarios, first: date | None) -> Scenarios:
    if first is None:
        return past
    start = (first.toordinal() - _EPOCH) * DAY
    bars = int((past.at >= start).sum())
    if not bars:
        raise InputError(f"no day from {first} on has a price", hint="Give an earlier day: --from DATE.")
    return past.last(bars)
