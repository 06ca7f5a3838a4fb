"""Concentration: by how much a book depends on single assets, venues, chains, issuers, counterparties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.money import plain
from app.ui import format as fmt
from app.ui.models.cells import Cell, Figure, Named, Share, Words
from app.ui.models.columns import LEFT, RIGHT, Column, figure_column
from app.ui.models.rows import Branch
from app.ui.models.table import TableModel
from app.ui.screens.base import HowComputed, Shell
from app.ui.screens.risk_found import Found, Scored, View, exact
from app.ui.screens.risk_limits import NEAR, share_limits
from app.ui.screens.risk_pane import RiskPane
from app.ui.screens.risk_sizes import Sizes
from app.ui.widgets import basics as w
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, pinned, tool_bar
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.metrics.concentration import Concentration

GROUPS = (
    ("asset", "Asset"),
    ("venue", "Venue"),
    ("chain", "Chain"),
    ("issuer", "Issuer"),
    ("counterparty", "Counterparty"),
)
UNNAMED, NONE = "?", "-"
"""Keys of what belongs to somebody who is not known, and of what belongs to nobody; no venue or asset is called so."""


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One asset, venue, chain, issuer or counterparty."""

    key: str
    name: str
    amount: Decimal | None
    share: Decimal | None
    of_all: Decimal | None
    widest: float
    currency: str
    group: str
    limit: Decimal | None = None

    @property
    def headroom(self) -> Decimal | None:
        """Return what is left to the limit, in points of share; negative beyond it."""
        return None if self.limit is None or self.share is None else self.limit - self.share


def share_rows(found: Found, group: str, limits: Mapping[str, Decimal]) -> tuple[ShareRow, ...]:
    """Return the shares, the largest first; what belongs to nobody, or it is not known to whom, is last."""
    one = concentration_of(found, group)
    named = one.total - one.unnamed - one.nobody
    widest = max((share for _, share in one.shares), default=1.0)

    def limit_of(key: str) -> Decimal | None:
        return min((limits[name] for name in (key, "") if name in limits), default=None)

    rows = [
        ShareRow(
            key, found.name(key) if group == "asset" else found.place(key), exact(share * named), exact(share),
            exact(share * named / one.total) if one.total else None, widest, found.currency, group, limit_of(key),
        )
        for key, share in one.shares
    ]  # fmt: skip
    for key, name, amount in ((NONE, _nobody(group), one.nobody), (UNNAMED, _unknown(group), one.unnamed)):
        if amount:
            of_all = exact(amount / one.total) if one.total else None
            rows.append(ShareRow(key, name, exact(amount), None, of_all, 1.0, found.currency, group))
    return tuple(rows)


def concentration_of(found: Found, group: str) -> Concentration:
    """Return the concentration by one grouping."""
    return next(one for key, one in found.report.study.concentrations.items() if key.value == group)


def _nobody(group: str) -> str:
    return {
        "chain": tr("On no chain"),
        "issuer": tr("Issued by nobody"),
        "venue": tr("At no venue"),
    }.get(group, tr("Owed by nobody"))


def _unknown(group: str) -> str:
    return {
        "chain": tr("Chain not known"),
        "issuer": tr("Issuer not known"),
        "venue": tr("Place not known"),
    }.get(group, tr("Not known who owes it"))


def _name(row: ShareRow) -> str:
    return row.name


def columns() -> Sequence[Column]:
    """Return the columns."""

    def title(row: ShareRow) -> Cell:
        if row.key in (UNNAMED, NONE):
            return Words(row.name, "text_3", icon="circle-dashed" if row.key == UNNAMED else "minus")
        return Named(row.name, row.name, is_square=row.group != "asset")

    def bar(row: ShareRow) -> Cell:
        if row.share is None:
            return Share(None, tr("unknown") if row.key == UNNAMED else fmt.UNKNOWN)
        return Share(float(row.share) / row.widest, fmt.percent(row.share, places=1))

    def headroom(row: ShareRow) -> Cell:
        value = row.headroom
        is_broken = value is not None and value < 0
        is_near = value is not None and row.limit is not None and value <= row.limit * (1 - NEAR)
        tone = "danger" if is_broken else "warn" if is_near else "text" if value is not None else "text_3"
        icon = "triangle-alert" if is_broken or is_near else ""
        return Figure(fmt.percent(value, places=1), tone, icon=icon, icon_tone=tone)

    return (
        Column("name", tr("Name"), _name, title, gives_way=True, width=120, priority=100, can_hide=False),
        Column("share", tr("Share"), lambda row: row.share, bar, LEFT, width=220, priority=95,
               about=tr("Of what belongs to somebody who is known")),
        figure_column("amount", tr("Amount"), lambda row: row.amount,
                      lambda row: fmt.amount(row.amount, row.currency, places=0), priority=90,
                      tooltip=lambda row: fmt.amount(row.amount, row.currency),
                      about=tr("Absolute net exposure to an asset; what a venue, chain, issuer or counterparty owes")),
        figure_column("limit", tr("Limit"), lambda row: row.limit, lambda row: fmt.percent(row.limit, places=1),
                      priority=70),
        Column("headroom", tr("Headroom"), lambda row: row.headroom, headroom, RIGHT, priority=80,
               about=tr("What is left to the limit; below zero the limit is broken")),
        figure_column("of-all", tr("Of everything"), lambda row: row.of_all,
                      lambda row: fmt.percent(row.of_all, places=1), priority=50),
    )  # fmt: skip


class ConcentrationPane(RiskPane):
    """Shares by one of five groupings."""

    word: ClassVar[str] = "concentration"
    title: ClassVar[str] = "Concentration"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is known yet."""
        super().__init__(shell)
        self.found: Found | None = None

    def pieces(self) -> Iterator[None]:
        """Make the parts; nothing is known yet."""
        self.groups = Segmented([(key, tr(name)) for key, name in GROUPS], "asset", tr("Grouping"))
        self.groups.chosen.connect(self._grouped)
        self.model = TableModel(columns(), _name)
        look = TableLook(settings=self.shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "risk-concentration", tr("Concentration"), look)
        self.table.opened.connect(self._open)
        self.hhi, self.effective = w.text("", "strong"), w.text("", "strong")
        self.note = w.elided("", "caption", "text_3")
        self.how = w.icon_button("info", f"{tr('How computed')}: {tr('Concentration')}", tone="text_3", side=24)
        self.how.clicked.connect(self._explain)
        foot = pinned(
            w.text(tr("HHI"), "label", "text_3"), self.hhi, 12, w.text(tr("As of equal size"), "label", "text_3"),
            self.effective, 12, (self.note, 1), self.how,
        )  # fmt: skip
        self.stage = Stage(self.table)
        body = w.frame("panel", (self.stage, 1), foot, spacing=0, margins=(1, 1, 1, 1))
        yield
        self.sizes = Sizes(self.shell)
        above = w.row((self.sizes, 1), margins=(16, 0, 16, 0))
        below = w.row((body, 1), margins=(16, 0, 16, 14))
        w.fill(QVBoxLayout(self), [above, tool_bar(self.groups, None), (below, 1)], 0)

    def take(self, found: Found, scored: Scored | None, view: View) -> Sequence[Callable[[], None]]:  # noqa: ARG002
        """Take the shares of an answer."""
        self.found = found
        return partial(self.sizes.show_found, found), partial(self._show, found)

    def _show(self, found: Found) -> None:
        group = self.groups.current
        limits = share_limits(self.shell.workspace.alerts.headroom(), group)
        rows = share_rows(found, group, limits)
        self.table.leave_out(*(() if limits else ("limit", "headroom")))
        self.model.show(Branch(row.key, row) for row in rows)
        one = concentration_of(found, group)
        self.hhi.setText(fmt.price(exact(one.hhi), places=3))
        self.effective.setText(fmt.price(exact(one.effective), places=1))
        unnamed = exact(one.unnamed / one.total) if one.total and one.unnamed else None
        words = tr("Of %p of everything it is not known: it is in no share.")
        self.note.setText(words.replace("%p", fmt.percent(unnamed, places=1)) if unnamed else "")
        if rows:
            self.stage.show_table()
        else:
            self.stage.show_empty(tr("Nobody owes anything here."), tr("There is no claim of this kind in the book."))

    def show_limits(self) -> None:
        """Show limits anew."""
        if self.found is not None:
            self._show(self.found)

    @Slot(str)
    def _grouped(self, _group: str) -> None:
        if self.found is not None:
            self._show(self.found)

    @Slot(str)
    def _open(self, key: str) -> None:
        if self.groups.current == "asset":
            self.shell.go(f"positions/{key}")

    @Slot()
    def _explain(self) -> None:
        found = self.found
        if found is None:
            return
        words = tr(
            "The Herfindahl-Hirschman index is the sum of squared shares; one divided by it is the number of shares of"
            " equal size that would be as concentrated. By asset the absolute net exposure counts; by venue, chain,"
            " issuer and counterparty what they owe: holdings and margin, not debt."
        )
        one = concentration_of(found, self.groups.current)
        rows = ((tr("Shares"), fmt.count(len(one.shares))), (tr("HHI"), fmt.price(exact(one.hhi), places=4)))
        text = HowComputed(tr("Concentration"), words, (tr("What"), ""), rows, self.note.text(), place="positions")
        self.shell.explain(self.how, text)

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        if self.found is not None:
            self.sizes.show_found(self.found)
            self._show(self.found)

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the shares that are seen."""
        return None if self.found is None else self.table.seen()

    def figures(self) -> Mapping[str, str]:
        """Return the exact share of each, and the sizes of the book."""
        shares = {row.key: plain(row.share) for row in self.model.rows() if row.share is not None}
        return {**self.sizes.figures(), **shares}
