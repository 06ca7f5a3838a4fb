"""What reconciliation shows: a row for each asset in each place, ledger beside reported, and since when they differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.core.model.views import Reconciliation
from app.ui import format as fmt
from app.ui.models.cells import Cell, Named, Quantity, Words
from app.ui.models.columns import RIGHT, Column, full_quantity, quantity_column
from app.ui.models.rows import Branch
from app.ui.words import tr

BREAKS, AGREE, UNREPORTED, ALL = "breaks", "agree", "unreported", "all"


def branches(found: Iterable[Reconciliation]) -> tuple[Branch, ...]:
    """Return a row for each place."""
    return tuple(Branch(row.subject, row) for row in found)


def fits(row: Reconciliation, kind: str) -> bool:
    """Tell whether a row is of the kind that is looked at."""
    if kind == BREAKS:
        return row.is_break
    if kind == AGREE:
        return row.difference is not None and not row.is_break
    return kind == ALL or row.difference is None


def since(row: Reconciliation) -> str:
    """Return since when they differ, in days between two readings."""
    if row.broken is None:
        return ""
    if row.broken.after_ns is None:
        return tr("before the first reading")
    return f"{fmt.date(row.broken.after_ns)} – {fmt.date(row.broken.by_ns)}"


def remark(row: Reconciliation) -> str:
    """Return why it stands, what is likely, or that nobody reports it."""
    if row.waived:
        return tr("Waived: %s").replace("%s", row.waived)
    if row.difference is None:
        return tr("no source reports it")
    return fmt.prose(row.causes[0]) if row.causes else ""


def name(row: Reconciliation) -> str:
    """Return how a row is called."""
    return f"{row.account_name} {row.sub_place} {row.asset.symbol}"


def search_text(row: Reconciliation) -> str:
    """Return what the filter looks into."""
    return f"{name(row)} {row.asset.name} {row.asset.asset_id} {' '.join(row.causes)} {row.waived}"


def _asset(row: Reconciliation) -> Cell:
    return Named(row.asset.symbol, row.asset.symbol, f"{row.account_name} · {row.sub_place}")


def _difference(row: Reconciliation) -> Cell:
    tone = "text_3" if not row.is_break or row.waived else "warn"
    return Quantity(row.difference, tone=tone, has_sign=row.is_break)


def _remark(row: Reconciliation) -> Cell:
    if row.waived:
        return Words(remark(row), "text_3", icon="check")
    return Words(remark(row), "text_2" if row.is_break else "text_3")


def columns() -> Sequence[Column]:
    """Return the columns."""
    return (
        Column("asset", tr("Asset and place"), name, _asset, priority=100, width=150, gives_way=True, can_hide=False,
               spoken=name),
        quantity_column("ledger", tr("Ledger"), lambda row: row.ledger, lambda row: row.asset.symbol, priority=80,
                        about=tr("The sum of all entries up to the moment of the reading")),
        quantity_column("reported", tr("Reported"), lambda row: row.reported, lambda row: row.asset.symbol,
                        priority=80, about=tr("What the source said it held")),
        Column("difference", tr("Difference"), lambda row: row.difference, _difference, RIGHT, priority=100,
               can_hide=False, tooltip=lambda row: full_quantity(row.difference, row.asset.symbol),
               about=tr("Ledger − reported: above zero the books hold too much")),
        Column("since", tr("Began between"), since, lambda row: Words(since(row), "text_2"), priority=70, width=150,
               sort_key=lambda row: None if row.broken is None else row.broken.by_ns,
               about=tr("The last reading that agreed, and the first that did not")),
        Column("remark", tr("Likely cause"), remark, _remark, gives_way=True, priority=90, width=200),
    )  # fmt: skip
