"""The market of a price file: what it says of the time to come, and what the day that is asked for lacks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from app.core.clock import DAY, iso
from app.core.errors import InputError
from app.core.findings import Finding, Severity
from app.core.model.market_files import HeldLine, PriceTable
from app.core.names import counted
from app.core.risk.leaving_facts import Facts, Volume
from app.core.risk.study import Market, market
from app.services.contract_volumes import DAYS
from app.services.risk_leaving import LEAST

_LATE = 3 * DAY
_SEEN = 200
"""So many of the newest points of each asset tell at which times of the day prices come."""

Points = Sequence[tuple[int, float]]


def market_of(table: PriceTable, as_of: int | None, now: int) -> tuple[Market, tuple[Finding, ...]]:
    """Return the market of a table until a day, without what is dated after today; and what is odd about its end."""
    histories = {
        asset: [point for point in points if point[0] < now + DAY] for asset, points in table.histories.items()
    }
    early = _early(table.histories, histories)
    if not any(histories.values()):
        raise InputError(
            f"Every price of the file is dated after today, {iso(now)[:10]}", hint="Check its dates and their unit."
        )
    found = market(histories, as_of)
    odd = [*early, *_late(found.last, as_of), *_partial(histories, found.last)]
    return found, tuple(odd)


def named_alike(lines: Sequence[HeldLine], table: PriceTable, currency: str) -> list[HeldLine]:
    """Return lines under the names that the prices have, where those differ in capitals only."""
    alike: dict[str, list[str]] = {}
    for name in (*table.histories, currency):
        alike.setdefault(name.casefold(), []).append(name)
    known = {*table.histories, currency}
    found = []
    for line in lines:
        names = alike.get(line.asset.casefold(), [])
        is_other = line.asset not in known and len(names) == 1
        found.append(replace(line, asset=names[0]) if is_other else line)
    return found


def facts_of(table: PriceTable, found: Market) -> Facts:
    """Return the daily volume that a file tells, until its last day; it says nothing of order books or spreads."""
    prices, volumes = {}, {}
    for asset, points in table.histories.items():
        known = [(at, close) for at, close in points if at < found.last + DAY and 0 < close < math.inf]
        if not known:
            continue
        price = prices[asset] = max(known)[1]
        traded = [(at, money) for at, money in table.turnover.get(asset, ()) if at < found.last + DAY]
        lately = [money for at, money in traded if at > found.last - DAYS * DAY]
        if len(lately) >= LEAST:
            span = len({at // DAY for at, _ in traded if at > found.last - DAYS * DAY})
            volumes[asset] = Volume(sum(lately) / span / price, span)
    return Facts(prices, volumes=volumes)


def _early(all_: Mapping[str, Points], kept: Mapping[str, Points]) -> list[Finding]:
    gone = {asset: len(points) - len(kept[asset]) for asset, points in all_.items()}
    return [
        _finding("price-future", asset, _dated(asset, count), "They take no part.")
        for asset, count in gone.items()
        if count
    ]


def _dated(asset: str, count: int) -> str:
    return f"{counted(count, f'price of {asset} is', f'prices of {asset} are')} dated after today."


def _late(last: int, as_of: int | None) -> list[Finding]:
    if as_of is None or as_of - last <= _LATE:
        return []
    said = f"The newest price is of {iso(last)[:10]}, {counted((as_of - last) // DAY, 'day')} before {iso(as_of)[:10]}."
    return [_finding("price-late", "", said, "Every figure is of the day of the newest price.")]


def _partial(histories: Mapping[str, Points], last: int) -> list[Finding]:
    """Tell where prices come several times a day and the last day is not over: its return is of a part of it."""
    newest = max((at for points in histories.values() for at, _ in points if at < last + DAY), default=last)
    times = sorted({at % DAY for points in histories.values() for at, _ in points[-_SEEN:]})
    steps = [after - before for before, after in pairwise(times)]
    if not steps or min(steps) > DAY // 2 or newest % DAY + min(steps) > times[-1]:
        return []
    said = f"The last day ends at {iso(newest)[11:16]}: its close is that of then, and its return of a part of a day."
    return [_finding("price-part-day", "", said, "Give --as-of the day before for whole days only.")]


def _finding(code: str, asset: str, message: str, detail: str) -> Finding:
    return Finding(Severity.WARNING, code, message, asset or "file", detail, "Check the price source", asset=asset)
