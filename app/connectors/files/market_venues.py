"""Closes of several venues in one file: the day's close of those that agree, as in the books; who lies is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.core.clock import DAY, iso
from app.core.findings import Finding, Severity
from app.core.names import counted
from app.core.valuation.closes import Close, closes, words

Points = list[tuple[int, float]]
Quotes = dict[tuple[str, str], Points]
"""Points in the file's order, by asset and venue."""


def agreed(quotes: Mapping[tuple[str, str], Points]) -> tuple[dict[str, Points], list[Finding]]:
    """Return one history an asset: that of its only venue as it is, or daily closes of those that agree."""
    by_asset: dict[str, dict[str, Points]] = defaultdict(dict)
    for (asset, venue), points in quotes.items():
        by_asset[asset][venue] = points
    histories: dict[str, Points] = {}
    findings: list[Finding] = []
    for asset, venues in by_asset.items():
        if len(venues) == 1:
            (histories[asset],) = venues.values()
            continue
        found = closes({venue or "no venue": _by_day(points) for venue, points in venues.items()})
        histories[asset] = [(day * DAY, float(one.price)) for day, one in found.items() if one.price is not None]
        if odd := [(day, one) for day, one in found.items() if one.left_out]:
            findings.append(_left_out(asset, odd))
    return histories, findings


def _by_day(points: Points) -> dict[int, Decimal]:
    """Return the last price of each day."""
    return {at // DAY: Decimal(repr(price)) for at, price in sorted(points, key=lambda point: point[0])}


def _left_out(asset: str, odd: Sequence[tuple[int, Close]]) -> Finding:
    (day, first), days = odd[0], counted(len(odd), "day")
    return Finding(
        Severity.WARNING,
        "price-venue-apart",
        f"On {days} venues of {asset} do not agree, the first on {iso(day * DAY)[:10]}: {words(first)}.",
        asset,
        "Who stands apart takes no part; where nothing tells who is right, the day has no price.",
        "Check the price source",
        asset=asset,
    )
