"""The inspector of a disposal: its figures, the lots that it used, where each value stands, and the ways to entries."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.money import ratio
from app.core.ports import AssetRegistry
from app.core.tax.figures import MatchFigures, Term
from app.core.tax.from_entries import entry_of
from app.services.tax_years import TaxYear
from app.ui import format as fmt
from app.ui.models.columns import full_amount, full_price, full_quantity
from app.ui.screens import tax_words as words
from app.ui.screens.inspector_parts import InspectorPanel, Pair, line, pairs, section, wrapped
from app.ui.screens.tax_disposals_rows import DisposalRow
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Avatar, KeyCap, Pill
from app.ui.words import tr

MOST = 16
"""Parts of a disposal that are shown; the audit workbook has all of them."""


class DisposalPanel(InspectorPanel):
    """Everything that a disposal's gain follows from.

    Signals:
        entry_asked: An entry shall be shown: its id.
    """

    entry_asked = Signal(str)

    def __init__(self, assets: AssetRegistry) -> None:
        """Start empty; the registry tells how assets are called."""
        super().__init__(tr("Disposal"))
        self._shown: tuple[DisposalRow, TaxYear] | None = None
        self._assets = assets
        keys: list[w.Item] = [KeyCap("Enter"), w.text(tr("its entry"), "caption", "text_3"), 4]
        keys += [KeyCap("Esc"), w.text(tr("close"), "caption", "text_3"), None]
        self.foot_box.addWidget(w.row(*keys, spacing=6, margins=(16, 7, 16, 8)))

    @property
    def row(self) -> str:
        """Return which disposal is shown; "" for none."""
        return "" if self._shown is None else self._shown[0].figures.row

    def show_disposal(self, row: DisposalRow, found: TaxYear) -> None:
        """Show a disposal of a tax year."""
        self._shown = row, found
        one = row.figures
        title = tr("%q disposed of").replace("%q", fmt.quantity(one.quantity, row.asset.symbol))
        self.show_head(Avatar(row.asset.symbol, 30), title, f"{row.wallet} · {fmt.moment(one.at)}")
        self.show_body(self._figures(row, found), self._matches(row, found), self._entries(row))

    def redraw(self) -> None:
        """Write every figure anew, because more or less is hidden."""
        if self._shown is not None:
            self.show_disposal(*self._shown)

    # parts ---------------------------------------------------------------------------------------------------------
    def _figures(self, row: DisposalRow, found: TaxYear) -> QWidget:
        one = row.figures
        gain = fmt.amount(one.gain, row.currency, sign=True)
        big = w.text(gain if one.gain is not None else tr("Gain not known"), "title")
        big.setToolTip("" if one.gain is None else full_amount(one.gain, row.currency))
        told = [Pair(tr("Proceeds"), _money(one.proceeds, row)), Pair(tr("Cost"), _money(one.cost, row))]
        if one.denied:
            told.append(Pair(tr("Denied"), _money(one.denied, row)))
        if found.profile.is_long is not None:
            profile = found.profile
            told.append(Pair(tr("Held"), row.term or fmt.UNKNOWN))
            told.append(Pair(words.term_title(Term.SHORT, profile), _money(one.short_gain, row)))
            told.append(Pair(words.term_title(Term.LONG, profile), _money(one.long_gain, row)))
        told.append(Pair(tr("Valued by"), self._sources(one.rows, found)))
        pill: list[w.Item] = [w.row(Pill(tr("blocked"), "danger"), None)] if row.is_blocked else []
        formula = tr("Gain = proceeds − cost + denied, exact; a report alone rounds.")
        note = w.text(formula, "caption", "text_3", wrap=True)
        return w.column(big, *pill, pairs(told), note, spacing=6, margins=(16, 2, 16, 12))

    def _matches(self, row: DisposalRow, found: TaxYear) -> QWidget:
        matches = row.figures.matches
        title = fmt.counted(len(matches), tr("%s part"), tr("%s parts"))
        if not matches:
            why = tr("No acquisition is known that these units could come from.")
            return section(tr("Nothing to match"), wrapped(why, "cell", "text_2"))
        lines: list[w.Item] = [self._match(match, row, found) for match in matches[:MOST]]
        if len(matches) > MOST:
            more = tr("%s more in the audit workbook (Forms).").replace("%s", fmt.count(len(matches) - MOST))
            lines.append(wrapped(more, "cell", "text_3"))
        return section(title, *lines, spacing=8)

    def _match(self, match: MatchFigures, row: DisposalRow, found: TaxYear) -> QWidget:
        symbol, currency = row.asset.symbol, row.currency
        acquired = tr("pool") if match.acquired_ns is None else fmt.date(match.acquired_ns)
        head: list[w.Item] = [w.text(acquired, "cell_strong"), w.text(words.rule(match.rule), "cell", "text_3")]
        if match.term is not None:
            head.append(w.text(words.term(match.term, found.profile), "cell", "text_3"))
        cost = w.text(fmt.amount(match.cost, currency), "cell", "text" if match.cost is not None else "text_3")
        cost.setToolTip("" if match.cost is None else full_amount(match.cost, currency))
        unit = None if match.cost is None or not match.quantity else ratio(match.cost, match.quantity)
        quantity = w.text(fmt.quantity(match.quantity, symbol), "cell", "text_2")
        quantity.setToolTip(full_quantity(match.quantity, symbol))
        each = w.text(tr("%p each").replace("%p", fmt.amount(unit, currency)), "cell", "text_3")
        each.setToolTip("" if unit is None else full_price(unit))
        parts: list[w.Item] = [line(head, [cost]), line([quantity], [each])]
        if match.lot is not None:
            source = self._sources((match.lot,), found)
            if source:
                parts.append(wrapped(source, "caption", "text_3"))
            parts.append(w.row(self._link(match.lot, tr("Acquisition")), None))
        return w.column(*parts, spacing=2)

    def _entries(self, row: DisposalRow) -> QWidget:
        entries = dict.fromkeys(map(entry_of, row.figures.rows))
        title = fmt.counted(len(entries), tr("%s entry"), tr("%s entries"))
        links = [w.row(self._link(entry, tr("Open the entry with its record")), None) for entry in list(entries)[:MOST]]
        return section(title, *links, spacing=4)

    def _sources(self, rows: tuple[str, ...], found: TaxYear) -> str:
        known = [found.valuations[one] for one in rows if one in found.valuations]
        told = dict.fromkeys(words.valued_by(one, self._assets) for one in known)
        return fmt.prose("; ".join(told)) if told else fmt.UNKNOWN

    def _link(self, row: str, label: str) -> QWidget:
        made = w.button(label, "link", size="small", name=f"{label} {entry_of(row)[:8]}")
        made.clicked.connect(partial(self._ask, entry_of(row)))
        return made

    def _ask(self, entry: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.entry_asked.emit(entry)


def _money(value: Decimal | None, row: DisposalRow) -> str:
    return fmt.amount(value, row.currency)
