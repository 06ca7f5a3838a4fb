"""What is missing or odd about candles, in words: one finding a market, never one a candle."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.core.clock import DAY, iso
from app.core.findings import Finding, Severity
from app.core.market.candles import HOUR, MINUTE, gaps
from app.core.model.market import Series
from app.core.ports import AssetRegistry, Runtime
from app.core.vault_ports import Candles

Missing = Mapping[Series, Sequence[tuple[int, int]]]
"""First and last missing start of each gap, by series."""

_UNITS = {DAY: ("day", "days"), HOUR: ("hour", "hours"), MINUTE: ("minute", "minutes")}
_DATE, _MINUTES = 10, 16
"""How much of a moment is written: its day, or its minute."""

_TELLING = {MINUTE: HOUR, HOUR: HOUR, DAY: DAY}
"""Shorter gaps are no news: in a minute without trades most venues have no candle."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a person calls venues and assets."""

    venues: Mapping[str, str]
    assets: AssetRegistry

    @classmethod
    def of(cls, runtime: Runtime) -> Words:
        """Return the words of a program."""
        return cls({info.venue_id: info.name for info in runtime.exchanges.venues()}, runtime.assets)

    def venue(self, venue_id: str) -> str:
        """Return the name of a venue."""
        return self.venues.get(venue_id, venue_id)

    def symbol(self, asset_id: str) -> str:
        """Return the symbol of an asset."""
        return self.assets.asset(asset_id).symbol


def missing(store: Candles) -> Missing:
    """Return the gaps between the first candle that is kept and the last that was asked for."""
    found: dict[Series, Sequence[tuple[int, int]]] = {}
    for series, (first, last) in store.all_asked().items():
        starts = store.starts(series, first, last)
        if starts:
            found[series] = telling(gaps(starts, series.interval, starts[0], last), series.interval)
    return found


def telling(found: Iterable[tuple[int, int]], interval: int) -> Sequence[tuple[int, int]]:
    """Return the gaps that are news, and worth a call."""
    return [(start, end) for start, end in found if end - start + interval >= _TELLING[interval]]


def of_gaps(found: Missing, words: Words) -> Sequence[Finding]:
    """Return one finding for each market that has gaps."""
    by_market: dict[tuple[str, str], list[Series]] = defaultdict(list)
    for series in found:
        if found[series]:
            by_market[series.source, series.asset].append(series)
    return [_gap(market, {one: found[one] for one in series}, found, words) for market, series in by_market.items()]


def _gap(market: tuple[str, str], mine: Missing, all_: Missing, words: Words) -> Finding:
    (source, asset), venue = market, words.venue(market[0])
    counts = [_counted(series, mine[series]) for series in sorted(mine, key=lambda one: -one.interval)]
    longest = max(mine, key=lambda one: one.interval)
    first, last = mine[longest][-1]
    others = sorted({words.venue(one.source) for series in mine for one in _having(series, mine[series], all_)})
    instead = (
        f"{_listed(others)} {'has' if len(others) == 1 else 'have'} them."
        if others
        else "No other connected venue has them either; nothing is filled in."
    )
    return Finding(
        Severity.INFO,
        "candle-gap",
        f"{venue} has no candles of {words.symbol(asset)} for {_listed(counts)}.",
        subject=f"{source}/{asset}",
        detail=f"The newest gap is {_span(first, last, longest.interval)}. {instead}",
        fix="Fill again",
        place=f"markets/{asset}",
        asset=asset,
        root=venue,
    )


def _having(series: Series, holes: Sequence[tuple[int, int]], all_: Missing) -> Iterable[Series]:
    """Yield series of other venues without a gap where this one has some."""
    for other, theirs in all_.items():
        is_same = (other.asset, other.currency, other.interval) == (series.asset, series.currency, series.interval)
        if is_same and other.source != series.source and not _overlap(holes, theirs):
            yield other


def _overlap(ours: Sequence[tuple[int, int]], theirs: Sequence[tuple[int, int]]) -> bool:
    return any(first <= end and start <= last for first, last in ours for start, end in theirs)


def _counted(series: Series, holes: Sequence[tuple[int, int]]) -> str:
    count = sum((last - first) // series.interval + 1 for first, last in holes)
    one, several = _UNITS[series.interval]
    return f"{count:,} {one if count == 1 else several}"


def _span(first: int, last: int, interval: int) -> str:
    digits = _DATE if interval == DAY else _MINUTES
    start, end = (iso(at)[:digits].replace("T", " ") for at in (first, last))
    return start if first == last else f"{start} to {end}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def of_refused(refused: Mapping[Series, Counter[str]], words: Words) -> Sequence[Finding]:
    """Return one finding for each market whose venue told candles that are none."""
    by_market: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for series, why in refused.items():
        by_market[series.source, series.asset].update(why)
    return [_refused(market, why, words) for market, why in by_market.items() if why]


def _refused(market: tuple[str, str], why: Counter[str], words: Words) -> Finding:
    (source, asset), told = market, ", ".join(f"{count:,} {what}" for what, count in sorted(why.items()))
    return Finding(
        Severity.WARNING,
        "candles-refused",
        f"{words.venue(source)} told candles of {words.symbol(asset)} that are none: {told}.",
        subject=f"{source}/{asset}",
        detail="They were left out and are gaps.",
        fix="Compare with other venues",
        place=f"markets/{asset}",
        asset=asset,
        root=words.venue(source),
    )
