"""The choice of lots for one sale: deadline, presets, lots with quantities, what they give, other ways beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.lots.presets import Preset
from app.core.money import EXACT, ZERO, add
from app.core.tax.figures import Term
from app.core.tax.open_lots import Choosing, Weighed
from app.services.tax_years import TaxYear
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.rows import Branch
from app.ui.models.table import TableModel
from app.ui.screens import tax_lots_rows as rows
from app.ui.screens import tax_words as words
from app.ui.screens.positions_rows import seen_change
from app.ui.screens.tax_lots_table import LotsTable, typed
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Pill
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.words import tr

OWN = "own"
_HEADER, _LEAST = 30, 3
"""Height of a table's header, and rows that are always seen of each table."""
_WAYS = {
    Preset.FIFO: "FIFO",
    Preset.LIFO: "LIFO",
    Preset.HIFO: "HIFO",
    Preset.SMALLEST_GAIN: "Smallest gain",
    Preset.LONG_FIRST: "Long-term first",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A sale with the lots that it can be taken from, as a tax year has them, and what each preset chooses of them."""

    sale: rows.SaleRow
    choosing: Choosing
    found: TaxYear
    presets: Mapping[str, dict[str, Decimal]]

    @property
    def currency(self) -> str:
        """Return the money of every amount."""
        return self.found.figures.currency

    def start(self) -> dict[str, Decimal]:
        """Return what is chosen at first: what was selected, else what the figures took."""
        open_units = {one.lot: one.quantity for one in self.choosing.lots}
        selected = self.sale.identified
        if selected is not None and not selected.selection.wallet:
            taken: Sequence[tuple[str | None, Decimal]] = selected.selection.lots
        else:
            taken = [(match.lot, match.quantity) for match in self.sale.figures.matches]
        return {lot: min(units, open_units[lot]) for lot, units in taken if lot is not None and lot in open_units}


def prepared(sale: rows.SaleRow, choosing: Choosing, found: TaxYear) -> Shown:
    """Return a sale to be shown. Of many lots it takes a while: not for the main thread."""
    has_terms = bool(choosing.lots) and choosing.lots[0].is_long is not None
    presets = {
        preset.value: dict(choosing.preset(preset))
        for preset in Preset
        # Without terms none of them looks at terms.
        if has_terms or preset is not Preset.LONG_FIRST
    }
    return Shown(sale, choosing, found, presets)


class Total(QWidget):
    """A name, a figure, a note."""

    def __init__(self, name: str) -> None:
        """Take the name."""
        super().__init__()
        self.name = w.text(name, "label", "text_3")
        self.figure, self.note = w.text("", "figure"), w.text("", "caption", "text_3")
        w.fill(QVBoxLayout(self), [self.name, self.figure, self.note], 1)

    def show_figure(self, text: str, tone: str, note: str) -> None:
        """Show another figure."""
        self.figure.setText(text)
        w.set_tone(self.figure, tone)
        self.note.setText(note)


class Picker(QFrame):
    """The panel at the right.

    Signals:
        recorded: The choice shall be recorded.
        left: The sale shall go by the standing method.
        asked: How the choice is computed.
    """

    recorded = Signal()
    left = Signal()
    asked = Signal()

    def __init__(self, settings: Path) -> None:
        """Start without a sale."""
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(tr("Choice of lots"))
        self.shown: Shown | None = None
        self.choice: dict[str, Decimal] = {}
        self.way = OWN
        self._presets: Mapping[str, dict[str, Decimal]] = {}
        self._may_record = True
        self.is_stale = self.is_touched = False
        self.title, self.note = w.elided("", "heading"), w.elided("", "caption", "text_3")
        self.pill = Pill("", "text_3")
        self.how = w.icon_button("info", tr("How computed: this choice"), tone="text_3", side=24)
        self.how.clicked.connect(self._ask)
        self._notice = QVBoxLayout()
        ways = [(OWN, tr("Own choice")), *((one.value, tr(name)) for one, name in _WAYS.items())]
        self.ways = Segmented(ways, OWN, tr("Preset"))
        self.ways.chosen.connect(self._choose_way)
        self.lots = LotsTable(settings)
        self.lots.toggled.connect(self._toggle)
        self.lots.used.connect(self._use)
        self.totals = {
            "proceeds": Total(tr("Net proceeds")),
            "cost": Total(tr("Cost basis")),
            "short": Total(tr("Short-term")),
            "long": Total(tr("Long-term")),
            "gain": Total(tr("Gain")),
        }
        self.compared = TableModel(rows.way_columns(), rows.way_name)
        look = TableLook(settings=settings, is_one=True)
        self.comparison = Table(self.compared, "lots-compared", tr("Other ways to choose"), look)
        self.comparison.opened.connect(self._choose_way)
        self.leave, self.record = w.button(""), w.button(tr("Record choice"), "primary", "stamp")
        self.leave.clicked.connect(self.left)
        self.record.clicked.connect(self.recorded)
        self._lay_out()

    def _lay_out(self) -> None:
        head = w.row(
            (w.column(self.title, self.note, spacing=1), 1), self.how, self.pill, spacing=8, margins=(16, 9, 14, 8)
        )
        presets = w.row(w.text(tr("Preset"), "label", "text_3"), self.ways, None, spacing=8)
        notice = QWidget()
        w.fill(self._notice, [], 0)
        notice.setLayout(self._notice)
        top = w.column(notice, presets, spacing=8, margins=(14, 8, 14, 8))
        parts: list[w.Item] = []
        self._lines: dict[str, QWidget] = {}
        for name, total in self.totals.items():
            self._lines[name] = w.vline()
            parts += [self._lines[name], (total, 1)]
        band = QFrame()
        band.setObjectName("raised")
        w.fill(QHBoxLayout(band), parts[1:], 14, (14, 7, 12, 7))
        self.foot = w.text(tr("Recorded with its time and signature as one record."), "caption", "text_3")
        foot = w.row((self.foot, 1), self.leave, self.record, spacing=8, margins=(16, 8, 14, 8))
        row = theme.size("row_compact")
        self.lots.setMinimumHeight(theme.px(_HEADER) + _LEAST * row)
        self.comparison.setMinimumHeight(theme.px(_HEADER) + row)
        self.comparison.setMaximumHeight(theme.px(_HEADER) + (1 + len(_WAYS)) * row + 2)
        body: list[w.Item] = [
            head, w.hline(), top, (self.lots, 300), w.column(band, margins=(14, 8, 14, 8)), (self.comparison, 200),
            None, w.hline(), foot,
        ]  # fmt: skip
        w.fill(QVBoxLayout(self), body, 0, (1, 1, 1, 1))

    # what is shown -------------------------------------------------------------------------------------------------
    def show_sale(self, shown: Shown, *, may_record: bool) -> None:
        """Show a sale; what a person has chosen of it without recording it stays."""
        keeps = self.is_touched and self.shown is not None and self.shown.sale.row == shown.sale.row
        self.shown, self._may_record = shown, may_record
        self._presets = shown.presets
        known = {one.lot for one in shown.choosing.lots}
        if not keeps or not set(self.choice) <= known:
            self.is_touched = False
            self.choice = shown.start()
            self.way = self._way_of(self.choice)
        self.redraw()

    def show_notice(self, tone: str, icon: str, what: str, meaning: str, *buttons: QWidget) -> None:
        """Say in one line what the law asks, or what went wrong, and what can be done."""
        w.clear(self._notice)
        line = w.frame(
            tone, w.glyph(icon, tone, 16), w.text(fmt.prose(what), "strong"),
            (w.elided(fmt.prose(meaning), "body", "text_2"), 1), *buttons, vertical=False, spacing=8,
            margins=(12, 0, 10, 0),
        )  # fmt: skip
        line.setFixedHeight(theme.px(36))
        line.setAccessibleName(fmt.prose(f"{what} {meaning}"))
        self._notice.addWidget(line)

    def redraw(self) -> None:
        """Write every figure anew."""
        if self.shown is None:
            return
        sale, choosing = self.shown.sale, self.shown.choosing
        proceeds = fmt.amount(choosing.sale.value, self.shown.currency)
        self.title.setText(tr("%s for %p").replace("%s", sale.title()).replace("%p", proceeds))
        where = (
            tr("Lots of %w only, open just before the sale")
            if _is_per_wallet(self.shown)
            else tr("Lots of every wallet, open just before the sale")
        )
        self.note.setText(where.replace("%w", sale.wallet))
        default = rows.default_words(self.shown.found.profile, sale.figures.wallet, sale.figures.at)
        self.leave.setText(tr("Leave to %m").replace("%m", default))
        self.leave.setAccessibleName(self.leave.text())
        self._show_terms(self.shown)
        self._redraw_choice()

    def _show_terms(self, shown: Shown) -> None:
        """Speak of terms as the country does, and not at all where it asks for none."""
        profile = shown.found.profile
        has_terms = profile.is_long is not None
        for name, term in (("short", Term.SHORT), ("long", Term.LONG)):
            self.totals[name].name.setText(words.term_title(term, profile))
            self.compared.rename_column(name, words.term_title(term, profile))
            self.totals[name].setVisible(has_terms)
            self._lines[name].setVisible(has_terms)
        self.comparison.leave_out(*(() if has_terms else ("short", "long")))
        first = tr("%t first").replace("%t", words.term_title(Term.LONG, profile))
        self.ways.offer(Preset.LONG_FIRST.value, first, is_offered=has_terms)

    def _redraw_choice(self) -> None:
        shown = self.shown
        if shown is None:
            return
        choosing, currency = shown.choosing, shown.currency
        weighed = choosing.weigh(self.choice.items())
        branches, of = [], (shown.sale.asset.symbol, currency, shown.found.profile)
        for one in choosing.lots:
            use = self.choice.get(one.lot, ZERO)
            gain = choosing.gain_on(one.lot, use) if use else None
            left = EXACT.subtract(one.quantity, use)
            branches.append(Branch(one.lot, rows.LotRow(one, *of, use, gain, left)))
        self.lots.lots.show(branches)
        self.lots.setMaximumHeight(theme.px(_HEADER) + max(_LEAST, len(branches)) * theme.size("row_compact") + 2)
        self.ways.choose(self.way)
        self._redraw_totals(weighed)
        self._redraw_ways(weighed)
        self._redraw_state(weighed)

    def _redraw_totals(self, weighed: Weighed) -> None:
        shown = self.shown
        if shown is None:
            return
        currency, unit = shown.currency, shown.sale.asset.symbol
        lots = fmt.counted(sum(1 for used in self.choice.values() if used), tr("%s lot"), tr("%s lots"))
        is_whole = weighed.quantity == shown.choosing.sale.quantity
        part = "" if is_whole else tr("of the part that is chosen")
        plain_tone = "text_3" if self.is_stale else "text"
        self.totals["proceeds"].show_figure(fmt.amount(weighed.proceeds, currency), plain_tone, part)
        self.totals["cost"].show_figure(fmt.amount(weighed.cost, currency), plain_tone, lots)
        parts = (
            ("short", weighed.short_gain, fmt.quantity(weighed.short_quantity, unit)),
            ("long", weighed.long_gain, fmt.quantity(weighed.long_quantity, unit)),
            ("gain", weighed.gain, part),
        )
        for name, value, note in parts:
            tone = "text_3" if value is None or self.is_stale else fmt.tone(seen_change(value))
            self.totals[name].show_figure(fmt.amount(value, currency, sign=True), tone, note)

    def _redraw_ways(self, weighed: Weighed) -> None:
        shown = self.shown
        if shown is None:
            return
        found = [_way(OWN, tr("Own choice") if self.way == OWN else tr("The choice"), shown, weighed, weighed)]
        for one in _WAYS:
            choice = self._presets.get(one.value)
            if choice is not None:
                other = shown.choosing.weigh(choice.items())
                found.append(_way(one.value, self.ways.label(one.value), shown, other, weighed))
        self.compared.show([Branch(row.key, row) for row in found])

    def _redraw_state(self, weighed: Weighed) -> None:
        shown = self.shown
        if shown is None:
            return
        needed = shown.choosing.sale.quantity
        is_whole = weighed.quantity == needed
        said = tr("%c of %n chosen").replace("%c", fmt.quantity(weighed.quantity))
        self.pill.show_state(said.replace("%n", fmt.quantity(needed)), "ok" if is_whole else "warn")
        self.record.setEnabled(is_whole and self._may_record)
        missing = fmt.quantity(EXACT.subtract(needed, weighed.quantity).copy_abs(), shown.sale.asset.symbol)
        if not is_whole:
            told = tr("%q still to choose") if weighed.quantity < needed else tr("%q too much")
            self.record.setToolTip(told.replace("%q", missing))
        else:
            self.record.setToolTip("" if self._may_record else tr("These figures follow another method."))

    # hands ---------------------------------------------------------------------------------------------------------
    @property
    def preset(self) -> Preset | None:
        """Return the preset that was chosen; None for an own choice."""
        return None if self.way == OWN else Preset(self.way)

    @Slot()
    def _ask(self) -> None:
        self.asked.emit()

    def lots_chosen(self) -> tuple[tuple[str, Decimal], ...]:
        """Return the choice, the lots in the order in which they stand."""
        return tuple((lot, used) for lot, used in self.choice.items() if used)

    def _way_of(self, choice: Mapping[str, Decimal]) -> str:
        """Return the preset that chooses the same; the person's own where none does."""
        selected = None if self.shown is None else self.shown.sale.identified
        if selected is not None and not selected.selection.wallet:
            return selected.selection.preset or OWN
        return next((key for key, other in self._presets.items() if other == choice), OWN)

    @Slot(str)
    def _choose_way(self, key: str) -> None:
        self.way = key if key in self._presets else OWN
        if key in self._presets:
            self.choice, self.is_touched = dict(self._presets[key]), True
        self._redraw_choice()

    @Slot(str)
    def _toggle(self, lot: str) -> None:
        if self.shown is None:
            return
        if self.choice.get(lot):
            self._change(lot, ZERO)
            return
        chosen = add(*self.choice.values()) if self.choice else ZERO
        missing = max(ZERO, EXACT.subtract(self.shown.choosing.sale.quantity, chosen))
        self._change(lot, min(missing, self._open(lot)))

    @Slot(str, str)
    def _use(self, lot: str, text: str) -> None:
        wanted = typed(text)
        if wanted is None:
            self.show_notice("danger", "circle-alert", tr("%t is no quantity.").replace("%t", text), tr("Write 0.5."))
            return
        most = self._open(lot)
        if wanted > most:
            told = tr("This lot holds only %q.").replace("%q", f"[[{fmt.quantity(most)}]]")
            self.show_notice("danger", "circle-alert", told, tr("The quantity was left as it was."))
            return
        if wanted != self.choice.get(lot, ZERO):
            self._change(lot, wanted)

    def _open(self, lot: str) -> Decimal:
        lots = () if self.shown is None else self.shown.choosing.lots
        return next((one.quantity for one in lots if one.lot == lot), ZERO)

    def _change(self, lot: str, quantity: Decimal) -> None:
        self.choice, self.is_touched = {**self.choice, lot: quantity}, True
        self.way = OWN
        self._redraw_choice()


def _way(key: str, title: str, shown: Shown, weighed: Weighed, own: Weighed) -> rows.WayRow:
    # A part of a sale is no measure for the whole of it.
    is_whole = own.quantity == shown.choosing.sale.quantity
    is_known = is_whole and weighed.gain is not None and own.gain is not None
    against = EXACT.subtract(weighed.gain or ZERO, own.gain or ZERO) if is_known else None
    return rows.WayRow(
        key, title, shown.currency, weighed.short_gain, weighed.long_gain, weighed.gain, against, key == OWN
    )


def _is_per_wallet(shown: Shown) -> bool:
    return bool(shown.choosing.lots) and shown.choosing.lots[0].wallet is not None
