"""How each figure of the Overview is computed, in words, with its inputs."""

from __future__ import annotations

from decimal import Decimal

from app.core.model.assets import AssetKind
from app.core.model.views import EquityCurve, Overview, Position, Positions, Return
from app.ui import format as fmt
from app.ui.screens.base import HowComputed
from app.ui.screens.overview_ages import coverage, left_out_words
from app.ui.words import tr

_SHOWN = 6


def explained(kind: str, overview: Overview, found: Positions, head: str) -> HowComputed:
    """Return how "value", "mtd", "ytd" or "cash" is computed."""
    if kind == "value":
        return _value(found, head)
    if kind == "cash":
        return _cash(found, head)
    if kind == "mtd":
        return _return(tr("Month to date"), overview.month_to_date, overview.curve, head)
    return _return(tr("Year to date"), overview.year_to_date, overview.curve, head)


def _covered(found: Positions) -> str:
    return " · ".join(part for part in (coverage(found), left_out_words(found)) if part)


def _rows(positions: list[Position], currency: str) -> tuple[tuple[str, ...], ...]:
    shown = [
        (
            one.asset.symbol,
            fmt.quantity(one.quantity, places=one.asset.places),
            fmt.amount(one.value, currency),
        )
        for one in positions[:_SHOWN]
    ]
    rest = positions[_SHOWN:]
    if rest:
        value = sum((one.value for one in rest if one.value is not None), Decimal(0))
        further = tr("%n more").replace("%n", fmt.count(len(rest)))
        shown.append((further, "", fmt.amount(value, currency)))
    return tuple(shown)


def _value(found: Positions, head: str) -> HowComputed:
    return HowComputed(
        tr("Net value"),
        tr("Each quantity in the books times the newest mark, added up exactly and rounded only to be shown."),
        (tr("Asset"), tr("Quantity"), tr("Value")),
        _rows([one for one in found.positions if one.value is not None], found.currency),
        _covered(found),
        head,
        "activity",
    )


def _cash(found: Positions, head: str) -> HowComputed:
    kinds = (AssetKind.FIAT, AssetKind.STABLE)
    held = [one for one in found.positions if one.asset.kind in kinds and one.value is not None]
    return HowComputed(
        tr("Cash & stables"),
        tr("Money and stablecoins at their own marks: a stablecoin is not taken to be worth its peg."),
        (tr("Asset"), tr("Quantity"), tr("Value")),
        _rows(held, found.currency),
        _covered(found),
        head,
        "positions",
    )


def _return(title: str, found: Return, curve: EquityCurve, head: str) -> HowComputed:
    formula = tr(
        "Each day's value, less what flowed in or out, divided by the value of the day before; the days multiplied."
        " Deposits and withdrawals are no gain."
    )
    flows = [(fmt.date(flow.at), fmt.amount(flow.amount, curve.currency, sign=True)) for flow in curve.flows[-_SHOWN:]]
    missing = tr("%s left out").replace("%s", ", ".join(curve.left_out)) if curve.left_out else ""
    return HowComputed(
        f"{title} · {found.method}",
        f"{formula} {found.why}".strip(),
        (tr("Deposits and withdrawals"), tr("Amount")) if flows else (),
        tuple(flows),
        missing,
        head,
        "activity",
    )
