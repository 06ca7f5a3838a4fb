"""What alerts look at, measured now: from marks, positions and daily history, never on the main thread.

Risk is that of the default model. Scenarios are made anew with each day and with each change of the books; in between
only the exposures move, which costs less than a millisecond.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np

from app.core.alerts.machine import Reading
from app.core.clock import DAY, SECOND
from app.core.errors import CounterfoilError, InputError
from app.core.model.accounts import Account, Connection
from app.core.model.alert_rules import AlertRule, Measure, Measured, Unit
from app.core.model.assets import AssetKind
from app.core.model.futures import FuturesReading, assets_in
from app.core.model.market import Mark
from app.core.model.views import EquityPoint, Position, Positions, Scope
from app.core.money import ratio
from app.core.ports import AssetRegistry
from app.core.risk.exposures import Exposure, Group, gross_by, net, worth
from app.core.risk.metrics import filtered
from app.core.risk.metrics.concentration import concentration
from app.core.risk.metrics.correlations import BEFORE, LATELY, correlations
from app.core.risk.metrics.tail import tail
from app.core.risk.scenarios import Scenarios, historical
from app.core.risk.study import WINDOW, Market, market
from app.core.valuation.staleness import is_stale
from app.services.alert_ground import Ground
from app.services.risk import PROXY
from app.services.risk_futures import exposures_at

_AGAIN = 600 * SECOND
"""After such a time positions and curves are read anew, even where nothing told of a change."""

_OLD_SHARE = 0.01
"""Where more than such a share of what is held has marks that are old, its figures are unknown."""

TAILS = frozenset((Measure.VALUE_AT_RISK, Measure.SHORTFALL))
RELATED = frozenset((Measure.CORRELATION, Measure.AVERAGE_CORRELATION))
OF_POSITIONS = frozenset((Measure.EXPOSURE, Measure.GROSS, Measure.NET, Measure.SHARE))


@dataclass(slots=True)
class Desk:
    """Figures of one scope, kept from look to look.

    Attributes:
        assets: Those that the market was asked for.
        points: The equity curve, where a rule looks at the drawdown.
        scenarios: By horizon in days.
        lately: Correlations of lately by two assets, and their average under no names.
    """

    held: Positions
    accounts: Mapping[str, Account]
    version: int
    made: int
    futures: Sequence[FuturesReading] = ()
    market: Market | None = None
    assets: frozenset[str] = frozenset()
    points: Sequence[EquityPoint] | None = None
    scenarios: dict[int, Scenarios] = field(default_factory=dict)
    lately: dict[tuple[str, str], float | None] = field(default_factory=dict)

    def exposures(self, marks: Mapping[str, Mark], assets: AssetRegistry) -> list[Exposure]:
        """Return the exposures at the newest marks, futures among them."""
        return exposures_at(self.held, self.accounts, self.futures, marks, assets)


@dataclass(frozen=True, slots=True)
class _Now:
    """What one look at one scope knows."""

    at: int
    currency: str
    desk: Desk
    marks: Mapping[str, Mark]
    closes: Mapping[str, Mapping[int, Decimal]]
    connections: Mapping[str, Connection]
    registry: AssetRegistry
    symbol: Callable[[str], str]

    def old(self, asset: str) -> bool:
        """Tell whether the mark of an asset is missing or old."""
        position = next((one for one in self.desk.held.positions if one.asset.asset_id == asset), None)
        mark = self.marks.get(asset)
        if position is not None:
            return mark is None or is_stale(mark, position.asset, self.currency, self.at)
        return mark is None or self.at - mark.at > _AGAIN


class Readings:
    """Measures what rules look at."""

    def __init__(self, ground: Ground) -> None:
        """Read nothing yet."""
        self._on = ground
        self._desks: dict[tuple[str, ...], Desk] = {}
        self._version = 0
        self._looking = asyncio.Lock()

    def forget(self) -> None:
        """Read positions and histories anew the next time: the books or the closes changed."""
        self._version += 1

    async def read(self, rules: Sequence[AlertRule]) -> dict[str, Reading]:
        """Return by the id of its rule what each measures now, or why that is unknown."""
        async with self._looking:
            connections = {one.name: one for one in await self._on.sources.connections()}
            found: dict[str, Reading] = {}
            for accounts in dict.fromkeys(rule.accounts for rule in rules):
                mine = [rule for rule in rules if rule.accounts == accounts]
                try:
                    now = await self._now(accounts, mine, connections)
                except CounterfoilError as fault:
                    at = self._on.runtime.clock.now_ns()
                    found |= {rule.rule_id: Reading(at, None, fault.line()) for rule in mine}
                    continue
                found |= await self._on.threads.read(_measure_all, mine, now)
            return found

    async def _now(
        self, accounts: tuple[str, ...], rules: Sequence[AlertRule], connections: Mapping[str, Connection]
    ) -> _Now:
        at = self._on.runtime.clock.now_ns()
        desk = await self._desk(accounts, at)
        measures = {rule.of.measure for rule in rules}
        named = {name for rule in rules for name in (rule.of.name, rule.of.other) if name and _names_asset(rule.of)}
        held = {one.asset.asset_id for one in desk.held.positions} | assets_in(desk.futures)
        held.discard(self._on.currency)
        wanted = sorted(named | (held | {PROXY} if measures & (TAILS | RELATED) else set()))
        closes = await self._on.market_data.closes(wanted)
        if measures & (TAILS | RELATED) and not desk.assets >= set(wanted):
            desk.market, desk.assets = await self._on.threads.read(market_of, closes), frozenset(wanted)
            desk.scenarios, desk.lately = {}, {}
        if Measure.DRAWDOWN in measures and desk.points is None:
            desk.points = (await self._on.portfolio.curve(Scope(accounts=accounts))).points
        assets = self._on.runtime.assets
        return _Now(
            at, self._on.currency, desk, self._on.market_data.marks(), closes, connections,
            assets, lambda asset: assets.asset(asset).symbol,
        )  # fmt: skip

    async def _desk(self, accounts: tuple[str, ...], at: int) -> Desk:
        kept = self._desks.get(accounts)
        if kept is not None and kept.version == self._version and 0 <= at - kept.made < _AGAIN:
            kept.held = self._on.portfolio.revalued(kept.held)
            return kept
        version = self._version
        held = await self._on.portfolio.positions(Scope(accounts=accounts))
        known = {one.account_id: one for one in await self._on.threads.read(self._on.reader.accounts)}
        futures = await self._on.threads.read(self._on.reader.futures, accounts)
        made = Desk(held, known, version, at, futures)
        if kept is not None and kept.version == version and kept.made // DAY == at // DAY:
            made.market, made.assets = kept.market, kept.assets
        self._desks[accounts] = made
        return made


def _names_asset(of: Measured) -> bool:
    return of.measure in {Measure.PRICE, Measure.CHANGE, Measure.CORRELATION, Measure.EXPOSURE}


def market_of(closes: Mapping[str, Mapping[int, Decimal]]) -> Market | None:
    """Return the market of daily closes; None where there are none."""
    histories = {
        asset: [(day * DAY, float(price)) for day, price in sorted(days.items())] for asset, days in closes.items()
    }
    return market(histories) if any(histories.values()) else None


def _measure_all(rules: Iterable[AlertRule], now: _Now) -> dict[str, Reading]:
    found = {}
    for rule in rules:
        try:
            found[rule.rule_id] = Reading(now.at, _MEASURED[rule.of.measure](rule, now))
        except InputError as unknown:
            found[rule.rule_id] = Reading(now.at, None, unknown.message)
    return found


# each measure --------------------------------------------------------------------------------------------------------
def _price(rule: AlertRule, now: _Now) -> Decimal:
    mark = now.marks.get(rule.of.name)
    if mark is None or mark.currency != now.currency:
        raise InputError(f"{now.symbol(rule.of.name)} has no price now.")
    if now.old(rule.of.name):
        raise InputError(f"The price of {now.symbol(rule.of.name)} is {(now.at - mark.at) // (60 * SECOND)} min old.")
    return mark.price


def _change(rule: AlertRule, now: _Now) -> Decimal:
    price = _price(rule, now)
    before = now.closes.get(rule.of.name, {}).get(now.at // DAY - rule.of.days)
    change = None if before is None else ratio(price, before)
    if change is None:
        raise InputError(f"The close of {rule.of.days} d ago of {now.symbol(rule.of.name)} is not known.")
    return change - 1


def _age(rule: AlertRule, now: _Now) -> Decimal:
    if rule.of.name:
        source = now.connections.get(rule.of.name)
        if source is None:
            raise InputError(f"There is no source {rule.of.name!r} any more.")
        if source.is_paused or source.last_read_ns is None:
            raise InputError(f"{source.name} is paused." if source.is_paused else f"{source.name} was never read.")
        return Decimal(max(0, now.at - source.last_read_ns) // SECOND)
    marks = [
        one.mark
        for one in now.desk.held.positions
        if one.mark is not None and one.asset.kind is not AssetKind.FIAT and one.asset.asset_id != now.currency
    ]
    if not marks:
        raise InputError("Nothing that is held has a price.")
    return Decimal(max(0, now.at - min(mark.at for mark in marks)) // SECOND)


def _of_positions(rule: AlertRule, now: _Now) -> Decimal:
    _check_marks(now)
    if rule.of.measure is Measure.EXPOSURE:
        _check_priced(now, rule.of.name)
    return of_exposures(rule, now.desk.exposures(now.marks, now.registry), now.currency)


def of_exposures(rule: AlertRule, exposures: Sequence[Exposure], currency: str) -> Decimal:
    """Return exposures and shares of a book; InputError where it has none or the name is not known in it."""
    if not exposures:
        raise InputError("Nothing that is held has a price.")
    of, by_asset = rule.of, net(exposures)
    if of.measure is Measure.SHARE:
        return decimal(_share(of, exposures))
    if of.measure is Measure.EXPOSURE:
        value = by_asset.get(of.name, 0.0)
    else:
        moving = [one for asset, one in by_asset.items() if asset != currency]
        value = sum(map(abs, moving)) if of.measure is Measure.GROSS else sum(moving)
    return _in_unit(rule, value, exposures)


def _share(of: Measured, exposures: Sequence[Exposure]) -> float:
    found = concentration(gross_by(exposures, Group(of.group)))
    if not found.shares and found.unnamed:
        raise InputError(f"The {of.group} of what is held is not known.")
    shares = dict(found.shares)
    return max(shares.values(), default=0.0) if not of.name else shares.get(of.name, 0.0)


def _in_unit(rule: AlertRule, value: float, exposures: Sequence[Exposure]) -> Decimal:
    if rule.unit is Unit.MONEY:
        return decimal(value)
    whole = worth(exposures)
    if whole <= 0:
        raise InputError("The book is worth nothing: there are no shares of it.")
    return decimal(value / whole)


def _tail(rule: AlertRule, now: _Now) -> Decimal:
    _check_marks(now)
    exposures = now.desk.exposures(now.marks, now.registry)
    by_asset = net(exposures)
    scenarios = _scenarios(now, by_asset, rule.of.days)
    (found,) = tail(scenarios, scenarios.book(by_asset), (float(rule.of.confidence or 0),))
    value = found.value_at_risk if rule.of.measure is Measure.VALUE_AT_RISK else found.expected_shortfall
    if value is None:
        raise InputError("Nothing that is held has a price history.")
    return _in_unit(rule, value, exposures)


def _scenarios(now: _Now, by_asset: Mapping[str, float], days: int) -> Scenarios:
    known = now.desk.scenarios.get(days)
    if known is None:
        past = past_of(now.desk.market, by_asset, now.currency, WINDOW)
        of = past.book(by_asset)
        known = filtered.rescaled(past, of) if days == 1 else filtered.paths(past, of, days)
        now.desk.scenarios[days] = known
    return known


def past_of(found: Market | None, assets: Iterable[str], currency: str, window: int) -> Scenarios:
    """Return the past of assets as the risk desk takes it; InputError where there is none."""
    if found is None or not found.prices.at.size:
        raise InputError("No daily closes are known yet.")
    proxy = PROXY if PROXY in found.prices.assets else ""
    past = historical(found.returns, assets, window, default_proxy=proxy, constant=(currency,))
    if not past.assets:
        raise InputError("Nothing that is held has a price history.")
    return past


def _related(rule: AlertRule, now: _Now) -> Decimal:
    key = (rule.of.name, rule.of.other)
    if key not in now.desk.lately:
        assets = [one for one in key if one] or net(now.desk.exposures(now.marks, now.registry))
        past = past_of(now.desk.market, assets, now.currency, LATELY + BEFORE)
        now.desk.lately[key] = correlation_in(past, rule.of)
    value = now.desk.lately[key]
    if value is None:
        raise InputError("Too little of the history is known to tell what moves together.")
    return decimal(value)


def correlation_in(past: Scenarios, of: Measured) -> float | None:
    """Return the correlation of a pair, or the average over all pairs; None where the history does not tell."""
    if past.outcomes < LATELY + BEFORE or len(past.assets) <= 1:
        return None
    found = correlations(past)
    if of.measure is Measure.AVERAGE_CORRELATION:
        return found.average
    if not {of.name, of.other} <= set(found.assets):
        return None
    value = float(found.lately[found.assets.index(of.name), found.assets.index(of.other)])
    return None if np.isnan(value) else value


def _drawdown(_rule: AlertRule, now: _Now) -> Decimal:
    value, points = now.desk.held.value, now.desk.points or ()
    if value is None:
        raise InputError("The value of the books is not known now.")
    _check_marks(now)
    # The curve is read now and then; since then the books moved with their value alone.
    last = points[-1] if points else None
    growth = None if last is None or last.value is None else ratio(value, last.value)
    if last is None or last.without_flows is None or growth is None:
        raise InputError("The value of the books is not known well enough to tell how far it fell.")
    *_, (_, depth) = depths_of([*points[:-1], replace(last, without_flows=last.without_flows * growth)])
    if depth is None:
        raise InputError("The value of the books is not known on any day.")
    return depth


def depths_of(points: Iterable[EquityPoint]) -> list[tuple[int, Decimal | None]]:
    """Return by day how far the growth without flows is below its highest mark before; None where it is unknown."""
    peak, found = Decimal(0), list[tuple[int, Decimal | None]]()
    for point in points:
        level = point.without_flows
        if level is None or (level <= 0 and not peak):
            found.append((point.at, None))
            continue
        peak = max(peak, level)
        below = ratio(level, peak)
        found.append((point.at, None if below is None else 1 - below))
    return found


def _check_marks(now: _Now) -> None:
    """Refuse figures of marks that are old, unless they are of next to nothing."""
    sizes = {one.asset.asset_id: abs(float(one.value)) for one in now.desk.held.positions if one.value is not None}
    old = [asset for asset in sizes if asset != now.currency and now.old(asset)]
    if sum(sizes[one] for one in old) > _OLD_SHARE * sum(sizes.values()):
        named = now.symbol(max(old, key=lambda one: sizes[one]))
        more = f" and {len(old) - 1} more" if len(old) > 1 else ""
        raise InputError(f"The prices of {named}{more} are old.")


def _check_priced(now: _Now, asset: str) -> None:
    held: Position | None = next((one for one in now.desk.held.positions if one.asset.asset_id == asset), None)
    if held is not None and held.mark is None and held.quantity:
        raise InputError(f"{held.asset.symbol} has no price now.")


def decimal(value: float) -> Decimal:
    """Return a measured figure with the digits that it can be trusted in."""
    return Decimal(f"{value:.10g}")


_MEASURED: Mapping[Measure, Callable[[AlertRule, _Now], Decimal]] = {
    **dict.fromkeys(OF_POSITIONS, _of_positions),
    **dict.fromkeys(TAILS, _tail),
    **dict.fromkeys(RELATED, _related),
    Measure.DRAWDOWN: _drawdown,
    Measure.PRICE: _price,
    Measure.CHANGE: _change,
    Measure.AGE: _age,
}
