"""How old the marks of a value are, and what the total leaves out, in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.core.model.assets import AssetKind
from app.core.model.views import Position, Positions
from app.core.valuation.staleness import is_stale
from app.ui import format as fmt
from app.ui.words import tr


@dataclass(frozen=True, slots=True)
class Ages:
    """Ages of the marks behind a value.

    Attributes:
        newest: Moment of the newest mark of what is neither money nor the base currency.
        old: Positions whose mark is older than its limit.
        is_stale: More than half of the value rests on old marks.
    """

    newest: int | None
    oldest: int | None
    old: tuple[Position, ...]
    is_stale: bool


def ages(positions: Positions, now: int) -> Ages:
    """Return how old the marks of a value are."""
    marked = [one for one in positions.positions if one.mark is not None and one.asset.asset_id != positions.currency]
    moments = [one.mark.at for one in marked if one.mark is not None and one.asset.kind is not AssetKind.FIAT]
    old = tuple(one for one in marked if is_stale(one.mark, one.asset, positions.currency, now))
    resting = sum((abs(one.value or Decimal(0)) for one in old), Decimal(0))
    whole = sum((abs(one.value or Decimal(0)) for one in marked), Decimal(0))
    return Ages(
        newest=max(moments, default=None),
        oldest=min(moments, default=None),
        old=old,
        is_stale=bool(old) and resting * 2 > whole,
    )


def age_words(found: Ages, now: int) -> str:
    """Return "marks 2 s old", or the span of their ages."""
    if found.newest is None or found.oldest is None:
        return ""
    young, old = fmt.age(now - found.newest), fmt.age(now - found.oldest)
    return tr("marks %s old").replace("%s", young if young == old else f"{young} – {old}")


def left_out_words(positions: Positions) -> str:
    """Return "ETHW left out"; the first three by name."""
    names = positions.unpriced
    if not names:
        return ""
    further = len(names) - 3
    shown = ", ".join(names[:3]) + (tr(" and %n more").replace("%n", str(further)) if further > 0 else "")
    return tr("%s left out").replace("%s", shown)


def coverage(positions: Positions) -> str:
    """Return "20 of 21 assets priced"."""
    whole = len(positions.positions)
    text = tr("%a of %b assets priced")
    return text.replace("%a", fmt.count(positions.priced)).replace("%b", fmt.count(whole))
