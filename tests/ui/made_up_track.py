"""Made-up track records and glances: the real arithmetic over the made-up closes, with some income, fees and trades."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.core.clock import DAY, to_datetime
from app.core.model.assets import AssetKind
from app.core.model.views import Positions
from app.core.risk import curves
from app.core.risk.basis import Coverage, Covered
from app.core.risk.curves import Benchmark, Curve, Steps, equal
from app.core.risk.exposures import net
from app.core.risk.scenarios import historical
from app.core.risk.study import Question, market
from app.core.risk.track import track
from app.services.risk import steady
from app.services.risk_books import Known, exposures_of
from app.services.risk_glance import Glance, of_exposures
from app.services.track_record import EQUAL, NO_BENCHMARK, USUAL, Asked, Record
from tests.ui import made_up_books as books
from tests.ui.fake_services import Answers
from tests.ui.made_up_risk import closes

if TYPE_CHECKING:
    from app.core.risk.scenarios import Scenarios
    from tests.ui.made_up_risk import FakeRisk

_MONEY = {one.asset.asset_id for one in books.HOLDINGS if one.asset.kind in (AssetKind.FIAT, AssetKind.STABLE)}


class FakeTrackRecords:
    """Track records of what is held now; a test may take the benchmark's closes away.

    Attributes:
        hole: Whether a day of the past has no price.
    """

    def __init__(self, answers: Answers, risk: FakeRisk) -> None:
        self._answers, self._risk = answers, risk
        self.asked: list[Asked] = []
        self.hole = False

    async def benchmarks(self) -> tuple[tuple[str, str], ...]:
        held = {one.asset.asset_id: one.asset for one in books.HOLDINGS if one.price is not None}
        first = ("bitcoin", "ethereum")
        rest = sorted(set(held) - {*first, books.BOOK.base_currency}, key=lambda asset: held[asset].symbol)
        return tuple((asset, held[asset].symbol) for asset in (*first, *rest))

    async def record(self, asked: Asked) -> Record:
        self.asked.append(asked)
        await self._answers.wait("track")
        book = await self._risk.book()
        whole = steady(book, Question())
        days = book.market.returns.at
        first = 0 if asked.first is None else int(np.searchsorted(days, _start(asked)))
        window = max(1, days.size - first)
        past = historical(
            book.market.returns, net(book.exposures), window, default_proxy=whole.proxy, constant=whole.constant
        )
        curve = _with_other(curves.fixed(past, past.book(net(book.exposures))), hole=self.hole)
        found = _benchmark(asked.benchmark or USUAL, past, curve)
        return Record(asked, track(curve, found, asked.riskless, _MONEY), book.names)


class FakeGlances:
    """Value at risk of positions in the made-up market."""

    def __init__(self, answers: Answers, risk: FakeRisk) -> None:
        self._answers, self._risk = answers, risk
        self.asked: list[Positions] = []

    async def glance(self, held: Positions) -> Glance:
        self.asked.append(held)
        await self._answers.wait("glance")
        accounts = {one.account_id: one for one in books.ACCOUNTS}
        known = closes(self._risk.days).items()
        histories = {asset: [(day * DAY, price) for day, price in days.items()] for asset, days in known}
        exposures = exposures_of(held.positions, Known(held.currency, accounts))
        return of_exposures(held, exposures, market(histories), books.NOW)


def _start(asked: Asked) -> int:
    first = asked.first
    assert first is not None
    return (first.toordinal() - to_datetime(0).date().toordinal()) * DAY


def _with_other(plain: Curve, *, hole: bool) -> Curve:
    """Return the curve with rewards, fees and trades, and without the close of a day where that is wanted."""
    steps, count = plain.steps, plain.at.size
    turns = np.arange(count)
    other = {
        "income": np.where(turns % 7 == 0, 0.0004, 0.0),
        "fees": np.where(turns % 3 == 0, -0.0001, 0.0),
        "trades": np.where(turns % 11 == 0, -0.0006, 0.0002),
    }
    made = (steps.weights * steps.returns).sum(axis=1) + sum(other.values(), np.zeros(count))
    levels = np.concatenate(([1.0], np.cumprod(1 + made)))
    how = "The books as they were held, at the close of each day in UTC, without what was paid in and out."
    whole = Coverage(float(count), float(count), of=Covered.BARS)
    made_of = Steps(steps.ends, steps.assets, steps.weights, steps.returns, other)
    curve = replace(plain, levels=levels, how=how, coverage=whole, assumptions=(), steps=made_of)
    if not hole:
        return curve
    gap = count // 2
    levels[gap] = np.nan
    kept = np.delete(turns, gap - 1)
    other = {name: one[kept] for name, one in other.items()}
    other["trades"][gap - 1] += made[gap - 1] + made[gap] + made[gap - 1] * made[gap] - made[gap]
    steps = Steps(steps.ends[kept], steps.assets, steps.weights[kept], steps.returns[kept], other)
    return replace(curve, levels=levels, steps=steps, coverage=replace(curve.coverage, covered=count - 2.0))


def _benchmark(wanted: str, past: Scenarios, curve: Curve) -> Benchmark | None:
    if wanted == NO_BENCHMARK:
        return None
    if wanted == EQUAL:
        return equal(curve, _MONEY)
    return curves.of_scenarios(wanted, past)
