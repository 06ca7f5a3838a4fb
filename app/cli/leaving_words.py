"""What it costs to leave a book and how long it takes, in JSON and in tables; what is not known is said to be so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.cli.output import Output
from app.cli.risk_book_words import money
from app.core.clock import SECOND, iso
from app.core.names import counted
from app.core.risk.basis import Figure
from app.core.risk.leaving import FRESH, Knows, Leaving, Way
from app.core.risk.quantiles import percent
from app.services.risk import Report

_SHOWN = 15
_SHORT = 0.01
_UNKNOWN = "unknown"


def document(found: Report) -> dict[str, Any]:
    """Return the shape of `liquidity` in `risk report --json`."""
    left, now = found.leaving, found.book.facts.now
    return {
        "var": money(left.adjusted(found.study.tail()).value),
        "spread_cost": money(left.spread_cost.value),
        "exit_cost": money(left.exit_cost.value),
        "participation": left.participation,
        "longest_days": left.longest,
        "sold_after": [{"days": days, "share": share} for days, share in left.sold],
        "books_read": left.is_watched,
        "books_not_read": found.book.facts.unwatched,
        "faults": found.book.facts.faults,
        "known": {level.value: money(value) for level, value in left.known.items()},
        "coverage": {"spread_cost": _coverage(left.spread_cost), "exit_cost": _coverage(left.exit_cost)},
        "assets": [_way(one, now) for one in left.ways],
        "how": {"spread_cost": left.spread_cost.basis.how, "exit_cost": left.exit_cost.basis.how},
        "assumptions": left.exit_cost.basis.assumptions,
    }


def _way(one: Way, now: int) -> dict[str, Any]:
    spread, volume = one.spread, one.volume
    return {
        "asset": one.asset,
        "exposure": money(one.value),
        "locked": money(one.locked),
        "perpetual": money(one.perpetual),
        "known": one.knows.value,
        "exit_cost": money(one.exit_cost),
        "perpetual_exit_cost": money(one.perpetuals.cost),
        "exit_share": one.share,
        "filled": money(one.exit_filled) if one.exit_cost is not None else None,
        "venues": one.venues,
        "depth_age_seconds": None if one.at is None or not now else max(0, now - one.at) / SECOND,
        "spread": None
        if spread is None
        else {
            "venue": spread.venue,
            "mean": spread.mean,
            "deviation": spread.deviation,
            "observations": spread.count,
            "since": iso(spread.since),
            "until": iso(spread.until),
            "age_seconds": max(0, now - spread.until) / SECOND if now else None,
        },
        "spread_cost": money(one.widened),
        "perpetual_spread_cost": money(one.perpetuals.spread_cost),
        "daily_volume": None if volume is None else volume.daily,
        "volume_days": None if volume is None else volume.days,
        "days": one.days,
        "perpetual_days": one.perpetuals.days,
        "locked_days": one.freed,
    }


def _coverage(figure: Figure) -> dict[str, Any]:
    one = figure.basis.coverage
    return {"share": one.share, "covered": money(one.covered), "gross": money(one.gross), "left_out": one.left_out}


def show(output: Output, found: Report) -> None:
    """Print how the book is left, the largest exposures first."""
    left, names = found.leaving, found.book.names
    if not left.ways:
        return
    # A table of nothing but unknowns says no more than the sentences below it.
    if any(one.knows is not Knows.NOTHING or one.seen or one.longest is not None for one in left.ways):
        _show_ways(output, left, names, found.book.venues)
    _show_sums(output, found, left)


def _show_ways(output: Output, left: Leaving, names: Mapping[str, str], venues: Mapping[str, str]) -> None:
    has_perpetuals = any(one.perpetuals.parts for one in left.ways)
    held = ("asset", "to close", *(("perpetuals",) if has_perpetuals else ()))
    columns = (*held, "market", "spread", "spread cost", "exit cost", "of value", "days")
    rows = [
        (
            names.get(one.asset, one.asset),
            f"{one.value:,.2f}",
            *((f"{one.perpetual:,.2f}" if one.perpetuals.parts else "",) if has_perpetuals else ()),
            _market(one, venues),
            _UNKNOWN if one.spread is None else f"{one.spread.mean:.3%}",
            _round(one.widened),
            _exit(one),
            _UNKNOWN if one.share is None else f"{one.share:.3%}",
            _days(one.longest),
        )
        for one in left.ways[:_SHOWN]
    ]
    output.table(columns, rows, right=(*held[1:], *columns[len(held) + 1 :]))
    if len(left.ways) > _SHOWN:
        output.line(f"And {counted(len(left.ways) - _SHOWN, 'more asset')}: --json has all of them.")


def _show_sums(output: Output, found: Report, left: Leaving) -> None:
    tail = found.study.tail()
    if left.spread_cost.value is None:
        output.line("Liquidity-adjusted VaR is unknown: no spread of what is held was seen for long enough.")
    else:
        output.line(
            f"Liquidity-adjusted VaR {percent(tail.confidence)}: {_round(left.adjusted(tail).value)}, with half of "
            f"widened spreads of {_round(left.spread_cost.value)} (covers {_share(left.spread_cost)}), "
            f"{_seen(left, found.book.facts.now)}."
        )
    if left.exit_cost.value is None:
        output.line("What closing at once costs is unknown: no order book of what is held is known.")
    else:
        output.line(
            f"Closing at once costs {_round(left.exit_cost.value)} through the order books of now "
            f"(covers {_share(left.exit_cost)})."
        )
    sold = ", ".join(f"{_UNKNOWN if share is None else f'{share:.1%}'} in {days:g} d" for days, share in left.sold)
    if any(share is not None for _, share in left.sold):
        output.line(f"At {left.participation:.0%} of the daily volume, what is known to be sold: {sold}.")
    unknown = [one.asset for one in left.ways if one.perpetuals.parts and one.perpetuals.days is None]
    if unknown and found.book.facts.now:
        told = "their venue does not tell" if left.is_watched else "--books 10 asks their venue"
        output.line(
            f"How long closing the perpetuals of {', '.join(_names(found, unknown))} takes is unknown: "
            f"{told} how much is traded of them."
        )
    for fault in found.book.facts.faults.values():
        output.line(fault)
    if unwatched := found.book.facts.unwatched:
        output.line(f"Order books of the largest are read, and not of {', '.join(_names(found, unwatched))}.")
    if not left.is_watched and found.book.facts.now:
        output.line("Order books were not read: --books 10 reads them for ten seconds.")


def _names(found: Report, assets: Iterable[str]) -> list[str]:
    return [found.book.names.get(asset, asset) for asset in assets]


def _market(one: Way, names: Mapping[str, str]) -> str:
    if one.knows is Knows.DEPTH:
        return f"depth: {', '.join(names.get(venue, venue) for venue in one.venues)}"
    return one.knows.value


def _days(days: float | None) -> str:
    if days is None:
        return _UNKNOWN
    return f"{days:.2g}" if days == 0 or days >= _SHORT else f"<{_SHORT:g}"


def _exit(one: Way) -> str:
    if one.exit_cost is None:
        return _UNKNOWN
    return f"{one.exit_cost:,.2f}{' for a part' if one.is_partial else ''}"


def _seen(left: Leaving, now: int) -> str:
    """Return when the spreads that are counted were quoted: of now, or how old the oldest is."""
    seen = [one for way in left.ways for one in way.seen]
    first, last = min(one.since for one in seen), max(one.until for one in seen)
    span = f"seen {iso(first)[:16]} to {iso(last)[:16]} UTC".replace("T", " ")
    oldest = now - min(one.until for one in seen)
    return span if oldest <= FRESH else f"{span}, the oldest {oldest / (3_600 * SECOND):,.1f} h ago"


def _round(value: float | None) -> str:
    return _UNKNOWN if value is None else f"{value:,.2f}"


def _share(figure: Figure) -> str:
    share = figure.basis.coverage.share
    return _UNKNOWN if share is None else f"{share:.1%}"
