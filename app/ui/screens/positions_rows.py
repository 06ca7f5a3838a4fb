"""Rows and columns of the holdings: an asset with its places, or a venue with its assets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.model.assets import Asset
from app.core.model.market import Mark
from app.core.model.views import Holding, Position, Positions
from app.core.money import add
from app.core.valuation.staleness import is_stale
from app.ui import format as fmt
from app.ui.models.cells import NOTHING, Cell, Delta, Figure, Named, Quantity, Spark, Words
from app.ui.models.columns import RIGHT, Column, full_amount, full_price, full_quantity
from app.ui.models.rows import Branch
from app.ui.words import tr

DUST = Decimal(1)
"""What is worth less, in the base currency, is dust; what has no price is not."""


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """One line of the holdings.

    Attributes:
        asset_id: "" for a venue, which is a sum over assets and has no quantity of its own.
        is_part: Lies below another row.
        is_priced: Has a mark of its own; a place shares that of its asset, a venue has none.
        stale_ns: Age of the mark where it is older than its limit, else None.
    """

    key: str
    asset_id: str
    symbol: str
    name: str
    note: str
    currency: str
    quantity: Decimal | None
    value: Decimal | None
    weight: Decimal | None
    mark: Mark | None = None
    change_24h: Decimal | None = None
    effect_24h: Decimal | None = None
    sparkline: tuple[Decimal, ...] = ()
    entries: int | None = None
    is_part: bool = False
    is_priced: bool = True
    is_square: bool = False
    stale_ns: int | None = None

    @property
    def is_dust(self) -> bool:
        """Tell whether it is worth next to nothing."""
        return self.value is not None and abs(self.value) < DUST


def place_name(holding: Holding) -> str:
    """Return where a holding lies: account and sub-place."""
    return f"{holding.account_name} {holding.sub_place}".strip()


def _stale(mark: Mark | None, asset: Asset, found: Positions) -> int | None:
    is_old = is_stale(mark, asset, found.currency, found.as_of_ns)
    return found.as_of_ns - mark.at if mark is not None and is_old else None


def course(row: Position) -> tuple[Decimal, ...]:
    """Return the last closes and, after them, the mark of the moment."""
    return (*row.sparkline, row.mark.price) if row.sparkline and row.mark is not None else row.sparkline


def _position_row(row: Position, found: Positions, **changes: object) -> HoldingRow:
    values: dict[str, object] = {
        "key": row.asset.asset_id, "asset_id": row.asset.asset_id, "symbol": row.asset.symbol,
        "name": row.asset.symbol, "note": row.asset.name, "currency": found.currency, "quantity": row.quantity,
        "value": row.value, "weight": row.weight, "mark": row.mark, "change_24h": row.change_24h,
        "effect_24h": row.effect_24h, "sparkline": course(row), "entries": row.entries,
        "stale_ns": _stale(row.mark, row.asset, found),
    }  # fmt: skip
    return HoldingRow(**{**values, **changes})  # type: ignore[arg-type]


def by_asset(found: Positions) -> list[Branch]:
    """Return one branch an asset, with the places that hold it."""
    branches = []
    for row in found.positions:
        parts = []
        for holding in row.holdings:
            key = f"{row.asset.asset_id}/{holding.account_id}/{holding.sub_place}"
            part = HoldingRow(
                key, row.asset.asset_id, holding.account_name, holding.account_name, holding.sub_place,
                found.currency, holding.quantity, holding.value, holding.weight, is_part=True, is_priced=False,
                is_square=True, stale_ns=_stale(row.mark, row.asset, found),
            )  # fmt: skip
            parts.append(Branch(key, part))
        branches.append(Branch(row.asset.asset_id, _position_row(row, found), tuple(parts)))
    return branches


def by_venue(found: Positions, venues: Mapping[str, str]) -> list[Branch]:
    """Return one branch a venue, with what it holds; `venues` names the venue of each account."""
    parts: dict[str, list[Branch]] = {}
    for row in found.positions:
        for holding in row.holdings:
            venue = venues.get(holding.account_id, holding.account_name)
            key = f"venue:{venue}/{row.asset.asset_id}/{holding.account_id}/{holding.sub_place}"
            part = _position_row(
                row, found, key=key, note=f"{row.asset.name} · {place_name(holding)}", quantity=holding.quantity,
                value=holding.value, weight=holding.weight, is_part=True, effect_24h=None, entries=None,
            )  # fmt: skip
            parts.setdefault(venue, []).append(Branch(key, part))
    return [Branch(f"venue:{venue}", _sum_row(venue, below, found), tuple(below)) for venue, below in parts.items()]


def _sum_row(venue: str, below: Sequence[Branch], found: Positions) -> HoldingRow:
    values = [part.row.value for part in below if part.row.value is not None]
    weights = [part.row.weight for part in below if part.row.weight is not None]
    unpriced = len(below) - len(values)
    note = fmt.counted(len(below), tr("%s position"), tr("%s positions"))
    if unpriced:
        note += " · " + tr("%s without price").replace("%s", fmt.count(unpriced))
    return HoldingRow(
        f"venue:{venue}", "", venue, venue, note, found.currency, None, add(*values) if values else None,
        add(*weights) if weights else None, is_priced=False, is_square=True,
    )  # fmt: skip


def search_text(row: HoldingRow) -> str:
    """Return what the filter looks into."""
    return f"{row.symbol} {row.name} {row.note} {row.asset_id}"


def row_name(row: HoldingRow) -> str:
    """Return how a row is called."""
    return f"{row.name} {row.note}".strip() if row.is_part or not row.asset_id else row.note or row.name


def seen_change(value: Decimal | None) -> Decimal | None:
    """Return a change whose direction may be seen: the highest masking hides that too."""
    return None if fmt.mask() is fmt.Mask.EVERYTHING else value


# cells -------------------------------------------------------------------------------------------------------------
def _asset(row: HoldingRow) -> Cell:
    return Named(row.symbol, row.name, row.note, row.is_square)


def _quantity(row: HoldingRow) -> Cell:
    return Quantity(row.quantity) if row.asset_id else NOTHING


def _mark(row: HoldingRow) -> Cell:
    if not row.is_priced:
        return NOTHING
    if row.mark is None:
        return Figure(fmt.UNKNOWN, "text_3")
    is_stale = row.stale_ns is not None
    return Figure(fmt.price(row.mark.price), "text_3" if is_stale else "text", icon="clock" if is_stale else "")


def _value(row: HoldingRow) -> Cell:
    is_grey = row.value is None or row.stale_ns is not None
    tone = "text_3" if is_grey else "text_2" if row.is_part else "text"
    return Figure(fmt.amount(row.value, row.currency), tone, "cell" if row.is_part else "cell_strong")


def _weight(row: HoldingRow) -> Cell:
    tone = "text_3" if row.weight is None else "text_2" if row.is_part else "text"
    return Figure(fmt.percent(row.weight, places=1), tone)


def _change(row: HoldingRow) -> Cell:
    if not row.is_priced:
        return NOTHING
    return Delta(row.change_24h, fmt.percent(row.change_24h, sign=True))


def _effect(row: HoldingRow) -> Cell:
    if not row.is_priced:
        return NOTHING
    return Figure(fmt.amount(row.effect_24h, row.currency, sign=True), "text_3" if row.effect_24h is None else "text_2")


def _spark(row: HoldingRow) -> Cell:
    if not row.is_priced:
        return NOTHING
    if row.mark is None:
        return Words(tr("no price"), "warn", "caption", "circle-slash", "warn")
    return Spark(tuple(float(value) for value in row.sparkline))


def _entries(row: HoldingRow) -> Cell:
    return NOTHING if row.entries is None else Figure(fmt.count(row.entries), "text_2")


def _mark_tip(row: HoldingRow) -> str:
    if row.mark is None:
        return tr("No source has a price; the total leaves this out.") if row.is_priced else ""
    price = f"{full_price(row.mark.price)} {row.currency.upper()}"
    age = "" if row.stale_ns is None else " · " + tr("%s old").replace("%s", fmt.age(row.stale_ns))
    return f"{price}\n{row.mark.source}{age}\n{fmt.moment(row.mark.at)} · {fmt.local(row.mark.at)}"


def _money_said(name: str, value: Decimal | None, row: HoldingRow) -> str:
    return f"{name} {fmt.amount(value, row.currency)} {row.currency.upper()}"


def columns() -> tuple[Column, ...]:
    """Return the columns of the holdings."""
    return (
        Column(
            "asset", tr("Asset"), lambda row: row.symbol, _asset, sort_key=lambda row: row.symbol, priority=100,
            width=150, gives_way=True, can_hide=False,
        ),
        Column(
            "quantity", tr("Quantity"), lambda row: row.quantity, _quantity, RIGHT, priority=90, width=80,
            tooltip=lambda row: full_quantity(row.quantity, row.symbol) if row.quantity is not None else "",
        ),
        Column(
            "mark", tr("Mark"), lambda row: row.mark.price if row.mark else None, _mark, RIGHT, tooltip=_mark_tip,
            priority=70, is_live=True, about=tr("The price it is valued with; its source and age are in the tooltip"),
        ),
        Column(
            "value", tr("Value"), lambda row: row.value, _value, RIGHT, priority=100, is_live=True,
            tooltip=lambda row: full_amount(row.value, row.currency),
            spoken=lambda row: _money_said(tr("Value"), row.value, row), about=tr("Quantity × mark"),
        ),
        Column(
            "weight", tr("Weight"), lambda row: row.weight, _weight, RIGHT, priority=50,
            about=tr("Share of the value of everything that has a price"),
        ),
        Column(
            "change", tr("24 h"), lambda row: row.change_24h, _change, RIGHT, priority=60,
            about=tr("Change of the mark in 24 hours"),
        ),
        Column(
            "effect", tr("Effect"), lambda row: row.effect_24h, _effect, RIGHT, priority=40,
            tooltip=lambda row: "" if row.effect_24h is None else full_amount(row.effect_24h, row.currency),
            about=tr("What the change of the mark in 24 hours did to the value, at today's quantity"),
        ),
        Column(
            "entries", tr("Entries"), lambda row: row.entries, _entries, RIGHT, priority=20,
            about=tr("How many entries touch this asset"),
        ),
        Column(
            "week", tr("7 days"), lambda _row: None, _spark, can_sort=False, priority=30, width=70, is_copied=False,
        ),
    )  # fmt: skip
