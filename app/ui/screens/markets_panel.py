"""The inspector of a mark: which sources it is made of, who was left out and why, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.clock import SECOND
from app.core.model.market import Contribution
from app.ui import format as fmt
from app.ui.models.columns import full_price
from app.ui.screens.inspector_parts import SIDE, InspectorPanel, Pair, pairs, section
from app.ui.screens.markets_rows import MarketRow, source_name
from app.ui.screens.positions_rows import seen_change
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Avatar, Pill
from app.ui.words import tr

Refused = Mapping[tuple[str, str], int]


class MarkPanel(InspectorPanel):
    """Where the mark of one asset comes from."""

    def __init__(self) -> None:
        """Start without an asset."""
        super().__init__(tr("Mark"))
        self.key = ""
        self._seen: tuple[object, ...] = ()
        self.price, self.change, self.age = w.text("", "title"), w.text("", "medium"), Pill("", "warn", dot=True)
        self._sections = QWidget()
        self._box = QVBoxLayout(self._sections)
        w.fill(self._box, [], 0)
        head = w.row(self.price, self.change, None, self.age, margins=(SIDE, 0, 14, 10))
        self.show_body(head, self._sections)

    def show_row(self, row: MarketRow, refused: Refused, *, redraw: bool = False) -> None:
        """Show a row; of the same asset only what has changed is written anew."""
        if row.asset.asset_id != self.key:
            self.key = row.asset.asset_id
            caption = f"{row.asset.symbol} · {tr(str(row.asset.kind))} · {self.key}"
            self.show_head(Avatar(row.asset.symbol, 30), row.asset.name, caption)
        self._show_mark(row)
        seen = (self.key, row.parts, row.mark, row.age, tuple(refused.items()))
        if redraw or seen != self._seen:
            self._seen = seen
            w.clear(self._box)
            parts = [self._sources(row), self._mark(row), *self._refused(row, refused)]
            w.fill(self._box, list(parts), 0)

    def _show_mark(self, row: MarketRow) -> None:
        mark = row.mark
        self.price.setText(fmt.price(None if mark is None else mark.price))
        w.set_tone(self.price, "text_3" if mark is None or row.is_old else "text")
        change = None if mark is None else mark.change_24h
        self.change.setVisible(change is not None)
        self.change.setText(f"{fmt.arrow(seen_change(change))} {fmt.percent(change, sign=True)}".strip())
        w.set_tone(self.change, "text_3" if row.is_old else fmt.tone(seen_change(change)))
        self.age.setVisible(row.is_old)
        if row.is_old and row.age is not None:
            self.age.show_state(tr("%s old").replace("%s", fmt.age(row.age * SECOND)), "warn")

    def _sources(self, row: MarketRow) -> QWidget:
        if row.disputed:
            words = tr(
                "The sources disagree, and nothing tells which is right. The mark of before stands, with its age."
            )
            return section(tr("Sources"), w.text(words, "cell", "warn", wrap=True), *self._lines(row))
        if not row.parts:
            words = tr("Kept from the last time: no source has told a price since this vault was opened.")
            if row.mark is None:
                words = tr(
                    "No source has a price. Connect a venue that trades it, or set prices by hand: Books, Prices."
                )
            elif row.mark.currency == self.key:
                words = tr("This is the money of the book: it needs no price.")
            return section(tr("Sources"), w.text(words, "cell", "text_2", wrap=True))
        return section(tr("Sources"), *self._lines(row))

    def _lines(self, row: MarketRow) -> list[QWidget]:
        now = 0 if row.mark is None else row.mark.at + (row.age or 0) * SECOND
        by_weight = sorted(row.parts, key=lambda part: (bool(part.left_out), -part.share, part.source))
        return [_line(part, now) for part in by_weight]

    def _mark(self, row: MarketRow) -> QWidget:
        mark = row.mark
        if mark is None:
            return QWidget()
        exact = full_price(mark.price) if fmt.mask() < fmt.Mask.EVERYTHING else fmt.MASK
        told = [
            Pair(tr("Exact"), f"{exact} {mark.currency.upper()}"),
            Pair(tr("How"), source_name(fmt.prose(mark.source))),
            Pair(tr("Told"), fmt.moment(mark.at)),
        ]
        if row.spread is not None:
            told.append(Pair(tr("Spread"), fmt.percent(row.spread, places=4)))
        return section(tr("Mark"), pairs(told))

    def _refused(self, row: MarketRow, refused: Refused) -> list[QWidget]:
        """Return what the venues of this mark told that no price can be."""
        venues = {part.source for part in row.parts}
        lines = [
            Pair(source_name(venue), fmt.counted(count, tr("%s price refused: "), tr("%s prices refused: ")) + tr(why))
            for (venue, why), count in sorted(refused.items())
            if venue in venues
        ]
        return [section(tr("Refused"), pairs(lines))] if lines else []


def _line(part: Contribution, now: int) -> QWidget:
    """Return a source with its price and age, and below it its share or why it was left out."""
    is_out = bool(part.left_out)
    name = w.text(source_name(part.source), "cell", "text_3" if is_out else "text")
    price = w.text(fmt.price(part.price), "cell", "text_3" if is_out else "text")
    age = w.text(fmt.age(now - part.at), "caption", "text_3")
    share = fmt.percent(part.share, places=1)
    why = tr("left out: %s").replace("%s", tr(part.left_out)) if is_out else tr("%s of the mark").replace("%s", share)
    words = w.text(why, "caption", "warn" if is_out else "text_3")
    made = w.column(w.row(name, None, price, spacing=7), w.row(words, None, age, spacing=7), spacing=0)
    made.setAccessibleName(f"{name.text()} {price.text()}, {why}, {tr('%s old').replace('%s', age.text())}")
    return made
