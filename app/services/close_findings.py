"""Closes of days that were not believed, in words: one finding a market, whatever the number of days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.core.clock import EPOCH
from app.core.findings import Finding, Severity
from app.core.money import plain
from app.core.valuation.closes import WEEK, Close, LeftOut, closes
from app.core.vault_ports import PriceHistory
from app.services.candle_findings import Words


@dataclass(frozen=True, slots=True)
class Doubt:
    """A day of which a source was not believed."""

    asset: str
    day: int
    close: Close


def doubts(history: PriceHistory, currency: str, settled: Mapping[str, Collection[int]]) -> Sequence[Doubt]:
    """Return the days of which a source was not believed, oldest first, but for those that are settled elsewhere."""
    found: list[Doubt] = []
    for asset, all_days in history.doubted(currency).items():
        days = [day for day in all_days if day not in settled.get(asset, ())]
        told = history.told(asset, currency) if days else {}
        around = {day + step for day in days for step in range(-2 * WEEK, 2 * WEEK + 1)}
        near = {source: {day: series[day] for day in around & series.keys()} for source, series in told.items()}
        agreed = closes(near)
        found += [Doubt(asset, day, agreed[day]) for day in days if day in agreed]
    return found


def findings(found: Sequence[Doubt], words: Words) -> Sequence[Finding]:
    """Return one finding for each asset whose sources disagree, and for each source that was not believed beside it."""
    disputed: dict[str, list[Doubt]] = defaultdict(list)
    apart: dict[tuple[str, str], list[tuple[Doubt, LeftOut]]] = defaultdict(list)
    for one in found:
        if one.close.price is None and len(one.close.left_out) > 1:
            disputed[one.asset].append(one)
        else:
            for left in one.close.left_out:
                apart[left.source, one.asset].append((one, left))
    return [
        *(_disputed(asset, days, words) for asset, days in disputed.items()),
        *(_apart(market, days, words) for market, days in apart.items()),
    ]


def _disputed(asset: str, days: Sequence[Doubt], words: Words) -> Finding:
    newest, symbol = days[-1], words.symbol(asset)
    said = ", ".join(f"{words.venue(one.source)} {plain(one.price)}" for one in newest.close.left_out)
    return Finding(
        Severity.WARNING,
        "closes-disagree",
        f"The sources disagree about the close of {symbol} {_when(days)}, and nothing tells which is right.",
        subject=asset,
        detail=f"{_on(newest)}: {said}. It has no price until one is set.",
        fix="Set a price",
        place=f"prices/{asset}",
        asset=asset,
    )


def _apart(market: tuple[str, str], days: Sequence[tuple[Doubt, LeftOut]], words: Words) -> Finding:
    (source, asset), (newest, left) = market, days[-1]
    venue, price = words.venue(source), newest.close.price
    instead = "The day has no price." if price is None else f"{plain(price)} stands, in which it took no part."
    return Finding(
        Severity.WARNING,
        "close-apart",
        f"{venue} told a close of {words.symbol(asset)} {_when([one for one, _ in days])} that is not believed.",
        subject=f"{source}/{asset}",
        detail=f"{_on(newest)}: {plain(left.price)}, which {_named(left.why, words)}. {instead}",
        fix="Look at the days",
        place=f"prices/{asset}",
        asset=asset,
        root=venue,
    )


def _when(days: Sequence[Doubt]) -> str:
    return f"on {_on(days[0])}" if len(days) == 1 else f"on {len(days):,} days until {_on(days[-1])}"


def _on(one: Doubt) -> str:
    return str(date.fromordinal(EPOCH + one.day))


def _named(why: str, words: Words) -> str:
    """Return why a close was left out, with venues by their names."""
    return " ".join(words.venue(word) for word in why.split(" "))
