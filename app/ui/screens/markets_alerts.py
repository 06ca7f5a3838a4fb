"""Alerts on a price as lines of a chart: made, moved and taken away there, kept where all alerts are."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from app.core.alerts.machine import Phase
from app.core.alerts.words import rearm_of
from app.core.model.alert_rules import AlertRule, Channel, Measure, Measured, Unit
from app.ui.charts.market_lines import AlertLine
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.workspace import Workspace


async def lines(workspace: Workspace, asset: str) -> tuple[AlertLine, ...]:
    """Return the price alerts of an asset."""
    return tuple(
        AlertLine(
            one.rule.rule_id,
            one.rule.threshold,
            tr("above") if one.rule.is_above else tr("below"),
            one.state.phase is Phase.FIRING,
        )
        for one in await workspace.alerts.standings()
        if one.rule.of.measure is Measure.PRICE and one.rule.of.name == asset
    )


async def add(workspace: Workspace, asset: str, price: Decimal, mark: Decimal | None) -> AlertRule:
    """Make an alert at a price: above it where the mark is below now, else below it."""
    is_above = mark is None or price > mark
    rearm = rearm_of(price, Unit.MONEY, is_above=is_above)
    of = Measured(Measure.PRICE, name=asset)
    channels = (Channel.WINDOW, Channel.DESKTOP)
    rule = AlertRule(uuid.uuid4().hex[:6], of, is_above, price, Unit.MONEY, rearm, channels=channels)
    return await workspace.alerts.record(rule)


async def move(workspace: Workspace, rule_id: str, price: Decimal, mark: Decimal | None) -> AlertRule:
    """Move an alert to another price; the level that re-arms keeps its distance where that is possible.

    One that is moved past the mark waits on its other side: else it would fire as soon as it is let go.
    """
    rule = await workspace.alerts.rule(rule_id)
    is_past = mark is not None and min(rule.threshold, price) < mark < max(rule.threshold, price)
    is_above = price > rule.threshold if is_past else rule.is_above
    band = abs(rule.threshold - rule.rearm)
    rearm = price - band if is_above else price + band
    if rearm <= 0:
        rearm = rearm_of(price, rule.unit, is_above=is_above)
    moved = replace(rule, is_above=is_above, threshold=price, rearm=rearm)
    return await put_back(workspace, moved)


async def put_back(workspace: Workspace, rule: AlertRule) -> AlertRule:
    """Record a rule as it was before."""
    return await workspace.alerts.record(replace(rule, recorded_ns=0, record=""))


async def remove(workspace: Workspace, rule_id: str) -> AlertRule:
    """Take an alert away; returns it as it was."""
    rule = await workspace.alerts.rule(rule_id)
    await workspace.alerts.remove(rule_id)
    return rule
