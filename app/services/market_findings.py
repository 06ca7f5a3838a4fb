"""What is odd about live prices, in words: sources that disagree, ticks that were refused, one that stands apart."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.core.findings import Finding, Severity
from app.core.market.board import MarkBoard
from app.core.model.market import Contribution
from app.core.money import plain
from app.core.names import counted
from app.core.ports import AssetRegistry
from app.core.valuation.agreeing import TOO_FAR

_CHECK = "Compare the prices with the venue's own site"


def of(board: MarkBoard, assets: AssetRegistry) -> Sequence[Finding]:
    """Return what is odd about the newest prices."""
    disputed = [_disputed(assets.asset(asset).symbol, parts) for asset, parts in board.disputed.items()]
    apart = [
        _apart(assets.asset(asset).symbol, part, mark.price)
        for asset, mark in board.marks.items()
        for part in mark.parts
        if part.left_out == TOO_FAR
    ]
    refused = [_refused(venue, why, count) for (venue, why), count in sorted(board.refused.items())]
    return [*disputed, *apart, *refused]


def _disputed(symbol: str, parts: Sequence[Contribution]) -> Finding:
    said = ", ".join(f"{part.source} {plain(part.price)}" for part in parts)
    return Finding(
        Severity.WARNING,
        "prices-disagree",
        f"The sources disagree about the price of {symbol}, and nothing tells which is right.",
        subject=symbol,
        detail=f"{said}. The price of before stands, with its age.",
        fix=_CHECK,
        place="connections",
    )


def _apart(symbol: str, part: Contribution, price: Decimal) -> Finding:
    return Finding(
        Severity.WARNING,
        "price-apart",
        f"{part.source} is too far off with its price of {symbol} and takes no part in it.",
        subject=f"{symbol}/{part.source}",
        detail=f"{part.source}: {plain(part.price)}; the others: {plain(price)}.",
        fix=_CHECK,
        place="connections",
    )


def _refused(venue: str, why: str, count: int) -> Finding:
    return Finding(
        Severity.INFO,
        "ticks-refused",
        f"{venue} told {counted(count, 'live price that is', 'live prices that are')} none: {why}.",
        subject=f"{venue}/{why}",
        detail="They were left out; the price before each of them stands.",
        fix=_CHECK,
        place="connections",
    )
