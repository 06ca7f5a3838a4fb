"""Positions: what is held over all places, at the marks of the moment. What has no mark is named, never zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from app.core.model.ledger_rows import BalanceRow
from app.core.model.market import Mark
from app.core.model.views import Holding, Position, Positions, Share
from app.core.money import EXACT, ZERO, add, multiply, ratio
from app.core.ports import AssetRegistry

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Known:
    """What positions are made of, beside the balances.

    Attributes:
        names: Names of accounts by id.
        closes: The last daily closes by asset, oldest first.
        entries: How many entries touch each asset.
    """

    currency: str
    assets: AssetRegistry
    marks: Mapping[str, Mark]
    now_ns: int
    names: Mapping[str, str] = field(default_factory=dict)
    closes: Mapping[str, Sequence[Decimal]] = field(default_factory=dict)
    entries: Mapping[str, int] = field(default_factory=dict)


def positions(balances: Iterable[BalanceRow], known: Known) -> Positions:
    """Return positions by value, those without a mark last; places that hold nothing are left out."""
    by_asset: dict[str, list[BalanceRow]] = {}
    for row in balances:
        if row.quantity:
            by_asset.setdefault(row.asset, []).append(row)
    return _summed([_position(asset_id, rows, known) for asset_id, rows in by_asset.items()], known)


def revalued(found: Positions, marks: Mapping[str, Mark], now_ns: int) -> Positions:
    """Return the same quantities at other marks."""
    made = [
        _valued(position, _mark(position.asset.asset_id, found.currency, marks, now_ns)) for position in found.positions
    ]
    return _totalled(made, found.currency, now_ns)


def _mark(asset_id: str, currency: str, marks: Mapping[str, Mark], now_ns: int) -> Mark | None:
    if asset_id == currency:
        return Mark(asset_id, Decimal(1), currency, "the base currency itself", now_ns, ZERO)
    return marks.get(asset_id)


def _position(asset_id: str, rows: Sequence[BalanceRow], known: Known) -> Position:
    holdings = tuple(
        Holding(row.account, known.names.get(row.account, row.account), row.sub_place, row.quantity, None, None)
        for row in rows
    )
    bare = Position(
        asset=known.assets.asset(asset_id),
        quantity=add(*(row.quantity for row in rows)),
        mark=None,
        value=None,
        weight=None,
        holdings=holdings,
        sparkline=tuple(known.closes.get(asset_id, ())[-_WEEK:]),
        entries=known.entries.get(asset_id, 0),
    )
    return _valued(bare, _mark(asset_id, known.currency, known.marks, known.now_ns))


def _valued(position: Position, mark: Mark | None) -> Position:
    if mark is None:
        holdings = tuple(replace(holding, value=None, weight=None) for holding in position.holdings)
        return replace(
            position, mark=None, value=None, weight=None, change_24h=None, effect_24h=None, holdings=holdings
        )
    value = multiply(position.quantity, mark.price)
    change = mark.change_24h
    before = None if change is None else ratio(value, 1 + change)
    holdings = tuple(replace(one, value=multiply(one.quantity, mark.price)) for one in position.holdings)
    effect = None if before is None else EXACT.subtract(value, before)
    return replace(position, mark=mark, value=value, change_24h=change, effect_24h=effect, holdings=holdings)


def _summed(found: Sequence[Position], known: Known) -> Positions:
    return _totalled(found, known.currency, known.now_ns)


def _totalled(found: Sequence[Position], currency: str, now_ns: int) -> Positions:
    priced = [position for position in found if position.value is not None]
    total = add(*(position.value for position in priced if position.value is not None)) if priced or not found else None
    weighed = [_weighed(position, total) for position in found]
    moving = [position for position in priced if position.asset.asset_id != currency]
    effects = [position.effect_24h for position in moving if position.effect_24h is not None]
    # Money in itself never moves: alone it does not make an unknown change a known one of zero.
    effect = add(*effects) if effects or (priced and not moving) else None
    change = None if effect is None or total is None else ratio(effect, EXACT.subtract(total, effect))
    return Positions(
        currency=currency,
        positions=tuple(sorted(weighed, key=_order)),
        value=total,
        change_24h=change,
        effect_24h=effect,
        priced=len(priced),
        unpriced=tuple(sorted(position.asset.symbol for position in found if position.value is None)),
        as_of_ns=now_ns,
    )


def _order(position: Position) -> tuple[bool, Decimal, str]:
    return position.value is None, (position.value or ZERO).copy_negate(), position.asset.symbol


def _weighed(position: Position, total: Decimal | None) -> Position:
    if total is None or position.value is None:
        return position
    holdings = tuple(
        replace(holding, weight=None if holding.value is None else ratio(holding.value, total))
        for holding in position.holdings
    )
    return replace(position, weight=ratio(position.value, total), holdings=holdings)


def shares(found: Positions, key: str, venues: Mapping[str, tuple[str, str]] | None = None) -> tuple[Share, ...]:
    """Return the parts of the value by "kind" of asset, or by "venue": account id to (venue id, its name)."""
    sums: dict[tuple[str, str], Decimal] = {}
    for position in found.positions:
        for holding in position.holdings:
            if holding.value is None:
                continue
            kind = position.asset.kind.value
            name = (kind, kind) if key == "kind" else (venues or {}).get(holding.account_id, (holding.account_id,) * 2)
            sums[name] = add(sums.get(name, ZERO), holding.value)
    whole = add(*sums.values()) if sums else ZERO
    made = [Share(name, label, value, ratio(value, whole) or ZERO) for (name, label), value in sums.items()]
    return tuple(sorted(made, key=lambda share: share.value.copy_negate()))
