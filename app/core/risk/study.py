"""The whole desk in one pass: a book, price histories and a question give every figure of risk.

Each part is a room of its own; here they are only put together, so that window, command line and alerts show one thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.core.clock import DAY, iso
from app.core.errors import InputError
from app.core.findings import Finding, Severity
from app.core.names import counted
from app.core.risk import ewma
from app.core.risk.arrays import Floats
from app.core.risk.backtest.card import Card, card
from app.core.risk.basis import LEVELS, YEAR_DAYS, Figure, Tail
from app.core.risk.covering import bars_covering
from app.core.risk.exposures import Book, Exposure, Group, gross_by, net
from app.core.risk.metrics import filtered, parametric, tail
from app.core.risk.metrics.absorption import LONG, Absorption, absorption
from app.core.risk.metrics.absorption import WINDOW as ABSORPTION_WINDOW
from app.core.risk.metrics.concentration import Bets, Concentration, bets, concentration
from app.core.risk.metrics.contributions import Contributions, contributions, incremental
from app.core.risk.metrics.correlations import BEFORE, LATELY, Correlations, correlations
from app.core.risk.metrics.covariance import EwmaCovariance, shrunk
from app.core.risk.metrics.drawdown import Drawdown, drawdown
from app.core.risk.metrics.leverage import Leverage, leverage
from app.core.risk.metrics.monte_carlo import DRAWS, drawn
from app.core.risk.metrics.stressed import stressed
from app.core.risk.metrics.turbulence import BASELINE, Turbulence, turbulence
from app.core.risk.prices import Points, Prices, prices
from app.core.risk.returns import Returns, returns
from app.core.risk.scenarios import LEAST, Scenarios, historical

WINDOW = 500
JUDGED = 250
"""Days that a report card should have, as Basel's has."""
NAMED = 5
TURBULENT = 0.99
"""A day that is more unusual than such a share of the days before it is told."""

SHIFTED = 1.0
"""Standard deviations that the absorption ratio has risen by (Kritzman and others 2011)."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a book.

    Attributes:
        as_of: The last bar that counts; None for the last one that there is.
        constant: Assets that bring nothing by definition, such as the base currency.
        proxy: Whose history stands in for assets that have none; "" to leave them out.
    """

    confidence: float = 0.99
    horizon_days: int = 1
    window: int = WINDOW
    as_of: int | None = None
    seed: int = 1
    draws: int = DRAWS
    constant: frozenset[str] = frozenset()
    proxy: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """Histories that were read once, for as many books and questions as there are."""

    prices: Prices
    returns: Returns

    @property
    def last(self) -> int:
        """Return the start of the last bar."""
        return int(self.prices.at[-1])


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Everything that is known of a book's risk at one moment.

    Attributes:
        tails: By model ("historical", "fhs", "fhs_garch", "parametric", "monte_carlo"), at every level.
        scenarios: Those of the default model, for what-if trades.
        shrinkage: How far the covariance behind Monte Carlo and bets is drawn to one without correlation.
        incremental: By how much value at risk is higher with each asset than without it, as contributions have them.
        stressed: None where the history is shorter than a year; so is absorption.
        turbulence: Of each day that has a history before it, the last one last; none where there is too little.
    """

    question: Question
    as_of: int
    book: Book
    tails: Mapping[str, tuple[Tail, ...]]
    scenarios: Scenarios
    volatility: Figure
    shrinkage: float
    contributions: Contributions
    incremental: Floats
    stressed: tuple[Tail, ...] | None
    correlations: Correlations | None
    turbulence: tuple[Turbulence, ...]
    absorption: Absorption | None
    concentrations: Mapping[Group, Concentration]
    leverage: Leverage
    bets: Bets
    drawdown: Drawdown
    alerts: tuple[Finding, ...]
    findings: tuple[Finding, ...]

    def tail(self, model: str = "fhs", confidence: float | None = None) -> Tail:
        """Return one model's tail, at the confidence that was asked for without another."""
        wanted = self.question.confidence if confidence is None else confidence
        return next(one for one in self.tails[model] if one.confidence == wanted)


def market(histories: Mapping[str, Points], as_of: int | None = None) -> Market:
    """Return daily closes and returns of histories, with what is odd about them."""
    read = prices(histories, until=None if as_of is None else as_of + DAY - 1)
    if not read.at.size:
        raise InputError("no asset has a price by then", hint="Give a later day, or another price file.")
    return Market(read, returns(read))


def study(found: Market, exposures: Sequence[Exposure], asked: Question) -> Study:
    """Return the whole study; InputError where not one asset of the book has a history."""
    by_asset = net(exposures)
    past = _history(found, by_asset, asked, asked.window)
    of = past.book(by_asset)
    levels = tuple(sorted({*LEVELS, asked.confidence}))
    covariance, drawn_in = shrunk(past.by_bar)
    filtered_now = filtered.rescaled(past, of)
    long = _history(found, by_asset, asked, _reaching(found, by_asset, asked, YEAR_DAYS))
    related = _related(past)
    unusual = turbulence(past, past.outcomes - BASELINE) if past.outcomes > BASELINE else ()
    absorbed = absorption(past) if past.outcomes >= ABSORPTION_WINDOW + LONG else None
    return Study(
        question=asked,
        as_of=found.last,
        book=of,
        tails=_tails(past, of, filtered_now, (covariance, drawn_in), asked, levels),
        scenarios=filtered_now,
        volatility=_volatility(past, of),
        shrinkage=drawn_in,
        contributions=contributions(filtered_now, of, asked.confidence),
        incremental=incremental(filtered_now, of, asked.confidence),
        stressed=_stressed(long, by_asset, levels, asked.horizon_days),
        correlations=related,
        turbulence=unusual,
        absorption=absorbed,
        concentrations={group: concentration(gross_by(exposures, group)) for group in Group},
        leverage=leverage(exposures, asked.constant),
        bets=bets(of.values, covariance),
        drawdown=_drawdown(past, of),
        alerts=tuple(_alerts(related, unusual, absorbed)),
        findings=_about(found, by_asset),
    )


def report_card(found: Market, exposures: Sequence[Exposure], asked: Question, since: int | None = None) -> Card:
    """Return how each model would have done on the book, from a day on.

    Without one, on all days after a window in a history that covers the book about as well as its last year does.
    """
    by_asset = net(exposures)
    if since is None:
        bars = _reaching(found, by_asset, asked, asked.window + JUDGED)
    else:
        is_known = ~np.isnan(found.returns.values).all(axis=1)
        after = int(np.count_nonzero(found.returns.at[is_known] >= since))
        bars = after + asked.window if after else 0
    if not bars:
        raise InputError(
            "there is no day left to forecast", hint=f"Prices end on {iso(found.last)[:10]}: begin earlier."
        )
    past = _history(found, by_asset, asked, bars)
    made = card(past, past.book(by_asset), window=asked.window, confidence=asked.confidence, since=since)
    return replace(made, findings=_about(found, by_asset))


def _about(found: Market, by_asset: Mapping[str, float]) -> tuple[Finding, ...]:
    return tuple(one for one in found.returns.findings if one.asset in by_asset or not one.asset)


def _reaching(found: Market, by_asset: Mapping[str, float], asked: Question, least: int) -> int:
    """Return how many bars a long history takes; all of them where a proxy stands in for what is new."""
    moving = {asset: value for asset, value in by_asset.items() if asset not in asked.constant}
    return found.returns.at.size if asked.proxy else bars_covering(found.returns, moving, least)


def _history(found: Market, assets: Mapping[str, float], asked: Question, window: int) -> Scenarios:
    past = historical(found.returns, assets, window, default_proxy=asked.proxy, constant=asked.constant)
    if not past.assets:
        bars = past.outcomes
        known = {
            asset: int(np.count_nonzero(~np.isnan(found.returns.of(asset)[-bars:])))
            for asset in assets
            if asset in found.returns.assets
        }
        named = ", ".join(f"{asset} {count}" for asset, count in sorted(known.items())[:NAMED]) or "none has any"
        raise InputError(
            f"no asset of the book has {LEAST:.0%} of the returns of {bars} bars: {named}",
            hint="Give fuller prices of what it holds, or a shorter --window.",
        )
    return past


def _tails(  # noqa: PLR0913, PLR0917 - what all models share
    past: Scenarios,
    of: Book,
    today: Scenarios,
    shrunk_to: tuple[Floats, float],
    asked: Question,
    levels: Sequence[float],
) -> dict[str, tuple[Tail, ...]]:
    days = asked.horizon_days
    covariance, share = shrunk_to
    garch_now = (
        filtered.paths(past, of, days, filtered.by_garch, seed=asked.seed)
        if days > 1
        else filtered.rescaled(past, of, filtered.by_garch)
    )
    drawn_now = drawn(past, covariance, count=asked.draws, seed=asked.seed)
    note = f"Its covariance is shrunk by {share:.1%} to equal variances without correlation (Ledoit-Wolf)."
    drawn_now = replace(drawn_now, assumptions=(*drawn_now.assumptions, note))
    found = {
        "historical": tail.tail(past, of, levels),
        "fhs": tail.tail(filtered.paths(past, of, days, seed=asked.seed) if days > 1 else today, of, levels),
        "fhs_garch": tail.tail(garch_now, of, levels),
        "monte_carlo": tail.tail(drawn_now, of, levels),
    }
    if days > 1:
        for name in ("historical", "monte_carlo"):
            found[name] = tuple(tail.by_root_of_time(one, days) for one in found[name])
    moving = EwmaCovariance(len(past.assets))
    for bar in past.by_bar:
        moving.update(bar)
    basis = past.basis(
        of,
        method=f"RiskMetrics normal ({ewma.DAILY:g})",
        how=f"Exposures and a covariance that forgets with {ewma.DAILY:g} a day, as a normal distribution.",
        assumptions=() if days == 1 else (f"Carried to {days} days by the root of time.",),
    )
    deviation = parametric.deviation_of(of.values, moving.covariance())
    found["parametric"] = parametric.normal_tail(deviation, basis, levels, days)
    return {name: tuple(map(tail.beyond_everything, tails)) for name, tails in found.items()}


def _stressed(
    long: Scenarios, by_asset: Mapping[str, float], levels: Sequence[float], days: int
) -> tuple[Tail, ...] | None:
    if long.at.size < YEAR_DAYS:
        return None
    found = stressed(long, long.book(by_asset), levels)
    return found if days == 1 else tuple(tail.beyond_everything(tail.by_root_of_time(one, days)) for one in found)


def _volatility(past: Scenarios, of: Book) -> Figure:
    gains = np.asarray(past.gains(of), np.float64)
    basis = past.basis(
        of, method=f"EWMA ({ewma.DAILY:g}), a year of {YEAR_DAYS} days",
        how="The book as it is through the past bars: its volatility of today, brought to a year.",
    )  # fmt: skip
    daily = float(ewma.volatilities(gains, ewma.DAILY)[-1])
    return Figure(daily * YEAR_DAYS**0.5 / of.covered if of.covered else None, basis)


def _related(past: Scenarios) -> Correlations | None:
    own = past.own()
    is_long = own.outcomes >= LATELY + BEFORE
    return correlations(own) if is_long and len(own.assets) > 1 else None


def _drawdown(past: Scenarios, of: Book) -> Drawdown:
    growth = 1 + np.asarray(past.gains(of), np.float64) / max(of.covered, 1e-300)
    curve = np.concatenate(([1.0], np.cumprod(np.maximum(growth, 1e-9))))
    at = np.concatenate(([past.at[0] - DAY], past.at))
    made = drawdown(at, curve)
    return replace(made, basis=past.basis(
        of, method=made.basis.method,
        how="The book as it is now, held in the same proportions through the past bars: its distance below its peak.",
    ))  # fmt: skip


def _alerts(
    related: Correlations | None, turbulent: Sequence[Turbulence], absorbed: Absorption | None
) -> Iterable[Finding]:
    closer = [pair for pair in related.changed if pair.is_closer] if related else []
    if related and closer:
        first, moves = closer[0], "moves" if len(closer) == 1 else "move"
        told = f"{len(closer)} of {counted(related.tested, 'pair')} {moves} together more than before"
        yield _alert(
            "correlation-breakdown",
            f"{told}; first {first.one} and {first.other}: {first.before:.2f} before, {first.lately:.2f} lately.",
            "They diversify less than they used to.",
        )
    unusual = turbulent[-1] if turbulent else None
    if unusual and unusual.percentile is not None and unusual.percentile >= TURBULENT:
        yield _alert(
            "turbulence",
            f"The market is {unusual.robust:.1f} times as wild as usual, beyond {unusual.percentile:.1%} of the days"
            " before.",
            f"{unusual.culprit} has {unusual.culprit_share:.0%} of it.",
        )
    if absorbed and absorbed.shift is not None and absorbed.shift >= SHIFTED:
        forces = counted(absorbed.forces, "force moves", "forces move")
        yield _alert(
            "absorption",
            f"{forces} {absorbed.latest:.0%} of the market, {absorbed.shift:.1f} deviations more than over the last "
            "year.",
            "Prices fall together more easily when few things move all of them.",
        )


def _alert(code: str, message: str, detail: str) -> Finding:
    return Finding(Severity.WARNING, code, message, subject="market", detail=detail, fix="Look at the risk desk",
                   place="risk")  # fmt: skip
