"""What the tab of lots shows: sales with what was selected for them, lots to choose from, ways to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.model.assets import Asset
from app.core.ports import AssetRegistry
from app.core.tax.figures import DisposalFigures
from app.core.tax.open_lots import LotFigures, method_at
from app.core.tax.profile import Profile
from app.core.tax.selections import Identified
from app.services.tax_years import TaxYear
from app.ui import format as fmt
from app.ui.models.cells import Cell, Delta, Figure, Quantity, Words
from app.ui.models.columns import LEFT, RIGHT, Column, full_amount, full_quantity, quantity_column
from app.ui.screens import tax_words as words
from app.ui.screens.positions_rows import seen_change
from app.ui.words import tr

_FEE = "fee"
_URGENT, _LATE, _REST = range(3)


@dataclass(frozen=True, slots=True)
class SaleRow:
    """A sale of the year in the list at the left.

    Attributes:
        badge: How its lots were fixed; `tone` says how much that matters.
        rank: What needs a person comes first.
        searched: What the filter looks into.
    """

    figures: DisposalFigures
    asset: Asset
    wallet: str
    identified: Identified | None
    badge: str
    tone: str
    rank: int
    searched: str

    @property
    def row(self) -> str:
        """Return the sale's row in the figures."""
        return self.figures.row

    def title(self) -> str:
        """Return what was done: "Sell 12.5 BTC"."""
        is_fee = self.row.split("/")[1:2] == [_FEE]
        what = tr("Fee of %s") if is_fee else tr("Sell %s")
        return what.replace("%s", fmt.quantity(self.figures.quantity, self.asset.symbol))

    def note(self) -> str:
        """Return when and where."""
        return f"{fmt.date(self.figures.at)} · {fmt.time(self.figures.at)} · {self.wallet}"


def sales(found: TaxYear, assets: AssetRegistry, accounts: Mapping[str, str]) -> tuple[SaleRow, ...]:
    """Return the sales of a year, those that need a person first, then the newest. Not for the main thread."""
    wrong = {one.subject for one in found.findings if one.code == "wrong-lot-selection"}
    rows = [
        _sale(one, found, (assets.asset(one.asset), accounts.get(one.wallet, one.wallet)), is_wrong=one.row in wrong)
        for one in found.figures.disposals
    ]
    return tuple(sorted(rows, key=lambda row: (row.rank, -row.figures.at, row.row)))


def _sale(one: DisposalFigures, found: TaxYear, named: tuple[Asset, str], *, is_wrong: bool) -> SaleRow:
    selected = found.identified.get(one.row)
    if is_wrong:
        badge, tone, rank = tr("selection cannot be followed"), "danger", _URGENT
    elif selected is not None and selected.is_late:
        followed = tr("SpecID, late but proven") if selected.is_followed else tr("SpecID, late")
        badge, tone, rank = followed, "warn", _LATE
    elif selected is not None:
        badge, tone, rank = _in_time(selected, found.profile), "ok", _REST
    elif one.gain is None:
        badge, tone, rank = tr("cost unknown"), "danger", _URGENT
    else:
        badge, tone, rank = default_words(found.profile, one.wallet, one.at), "text_3", _REST
    asset, wallet = named
    searched = f"{asset.symbol} {asset.name} {one.asset} {wallet} {fmt.date(one.at)} {badge} {one.row}".casefold()
    return SaleRow(one, asset, wallet, selected, badge, tone, rank, searched)


def _in_time(selected: Identified, profile: Profile) -> str:
    if selected.selection.wallet:
        return tr("SpecID, selected ahead")
    if not profile.has_deadline(selected.sold_ns):
        return tr("SpecID")
    return tr("SpecID, %s before").replace("%s", fmt.age(selected.sold_ns - selected.selection.recorded_ns))


def default_words(profile: Profile, wallet: str, at: int) -> str:
    """Return how lots go where none are selected: "FIFO", or "standing order HIFO"."""
    name = words.method(method_at(profile, wallet, at))
    is_ordered = any(change.at <= at and change.wallet in ("", wallet) for change in profile.changes)
    return tr("standing order %m").replace("%m", name) if is_ordered else name


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot with what of it is used.

    Attributes:
        gain: On the part that is used; None where that is not known, or nothing is used.
    """

    figures: LotFigures
    symbol: str
    currency: str
    profile: Profile
    use: Decimal
    gain: Decimal | None
    left: Decimal


def lot_name(row: LotRow) -> str:
    """Return how a lot is called."""
    return f"{row.symbol} {fmt.date(row.figures.acquired_ns)}"


def holding_words(one: LotFigures, profile: Profile) -> str:
    """Return how long a lot was held, and when it is long-term."""
    return words.holding(one.days_held, one.days_to_long, profile)


def _holding(row: LotRow) -> Cell:
    return Words(holding_words(row.figures, row.profile), "warn" if _is_soon(row.figures) else "text_2")


_SOON = 30
_MASKED = 124
"""Width of a column of quantities that has room for hidden ones too."""


def _is_soon(one: LotFigures) -> bool:
    """Tell whether waiting a few days would make it long-term."""
    return one.days_to_long is not None and 0 < one.days_to_long <= _SOON


def _mark(row: LotRow) -> Cell:
    is_used = row.use > 0
    return Words("", icon="square-check" if is_used else "square", icon_tone="accent" if is_used else "text_3")


def _use(row: LotRow) -> Cell:
    if not row.use:
        return Figure(fmt.UNKNOWN, "text_3")
    return Figure(fmt.quantity(row.use), "text", "cell_strong")


def gain_cell(value: Decimal | None, currency: str, *, is_there: bool = True) -> Cell:
    """Return a gain in its colour; a dash where it is not known or nothing is sold."""
    if value is None or not is_there:
        return Figure(fmt.UNKNOWN, "text_3")
    return Delta(seen_change(value), fmt.amount(value, currency, sign=True))


def lot_columns() -> Sequence[Column]:
    """Return the columns of the lots that a sale can be taken from."""
    return (
        Column("chosen", "", lambda row: row.use > 0, _mark, can_sort=False, priority=100, width=30, is_copied=False,
               can_hide=False, spoken=lambda row: tr("chosen") if row.use > 0 else tr("not chosen")),
        Column("acquired", tr("Acquired"), lambda row: fmt.date(row.figures.acquired_ns),
               lambda row: Words(fmt.date(row.figures.acquired_ns)), sort_key=lambda row: row.figures.acquired_ns,
               tooltip=lambda row: f"{fmt.moment(row.figures.acquired_ns)}\n{row.figures.lot}", priority=100, width=84,
               can_hide=False),
        quantity_column("open", tr("Open"), lambda row: row.figures.quantity, lambda row: row.symbol, priority=80,
                        width=_MASKED),
        Column("unit_cost", tr("Unit cost"), lambda row: row.figures.unit_cost, _unit_cost, RIGHT, priority=90,
               tooltip=lambda row: full_amount(row.figures.cost, row.currency),
               about=tr("Cost with fees ÷ units, of what is left of the lot")),
        Column("holding", tr("Holding"), lambda row: row.figures.days_held, _holding, LEFT, priority=70, width=96,
               gives_way=True, tooltip=lambda row: holding_words(row.figures, row.profile)),
        Column("use", tr("Use"), lambda row: row.use, _use, RIGHT, priority=100, width=88, can_hide=False,
               tooltip=lambda row: full_quantity(row.use, row.symbol) if row.use else "",
               about=tr("What the sale takes of this lot: Enter to change it, Space for all or nothing")),
        Column("gain", tr("Gain"), lambda row: row.gain, lambda row: gain_cell(row.gain, row.currency,
               is_there=row.use > 0), RIGHT, priority=95, width=84),
        Column("remains", tr("Remains"), lambda row: row.left, lambda row: Quantity(row.left), RIGHT, priority=40,
               width=_MASKED,
               tooltip=lambda row: full_quantity(row.left, row.symbol)),
    )  # fmt: skip


def _unit_cost(row: LotRow) -> Cell:
    return unit_cost_cell(row.figures, row.currency)


def unit_cost_cell(one: LotFigures, currency: str) -> Cell:
    """Return what a unit cost, with as many places as a price has."""
    if one.unit_cost is None:
        return Figure(tr("unknown"), "danger")
    return Figure(fmt.amount(one.unit_cost, currency, places=fmt.price_places(one.unit_cost)))


@dataclass(frozen=True, slots=True)
class WayRow:
    """A way to choose the lots of a sale, with what it gives; `against` is its difference to the choice made."""

    key: str
    title: str
    currency: str
    short: Decimal | None
    long: Decimal | None
    gain: Decimal | None
    against: Decimal | None
    is_own: bool


def way_columns() -> Sequence[Column]:
    """Return the columns of the comparison."""
    return (
        Column("way", tr("Compared"), lambda row: row.title, lambda row: Words(row.title, role="cell_strong" if
               row.is_own else "cell"), can_sort=False, priority=100, width=120, gives_way=True, can_hide=False),
        Column("short", tr("Short-term"), lambda row: row.short, lambda row: _plain(row.short, row), RIGHT),
        Column("long", tr("Long-term"), lambda row: row.long, lambda row: _plain(row.long, row), RIGHT),
        Column("gain", tr("Gain"), lambda row: row.gain, lambda row: _plain(row.gain, row, strong=True), RIGHT,
               priority=100, can_hide=False),
        Column("against", tr("Against the choice"), lambda row: row.against, lambda row: _plain(row.against, row,
               tone="text_2") if not row.is_own else Figure(fmt.UNKNOWN, "text_3"), RIGHT, priority=60),
    )  # fmt: skip


def _plain(value: Decimal | None, row: WayRow, *, strong: bool = False, tone: str = "text") -> Cell:
    text = fmt.amount(value, row.currency, sign=True)
    return Figure(text, "text_3" if value is None else tone, "cell_strong" if strong else "cell")


def way_name(row: WayRow) -> str:
    """Return what a way is called."""
    return row.title
