"""The first half of a sentence about an alert as pickers: what is measured, in the words of sentences."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.alerts import measures
from app.core.alerts.measures import FORMS, Form
from app.core.alerts.measures import Slot as Gap
from app.core.alerts.tokens import name_text
from app.core.alerts.words import GROUPS, MARKS
from app.core.model.alert_rules import Measured
from app.services.alert_names import BookNames
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Choice
from app.ui.words import tr

_FIXED = {
    Gap.CONFIDENCE: ("95 %", "97.5 %", "99 %"),
    Gap.HORIZON: ("1 d", "10 d"),
    Gap.DAYS: ("1 d", "7 d", "30 d"),
}


def _title(form: Form) -> str:
    """Return how a measure is called in the list: its words until the first gap, or all of them around it."""
    words = [part for part in form.parts if not isinstance(part, Gap)]
    return " ".join(words) if form.first != "change" else "change of"


class MeasurePickers(QWidget):
    """What is measured.

    Signals:
        changed: A person chose otherwise.
    """

    changed = Signal()

    def __init__(self) -> None:
        """Offer every measure; names come with `offer`."""
        super().__init__()
        self._names: BookNames | None = None
        self._gaps: dict[Gap, Choice] = {}
        self.measure = Choice(tr("What is measured"), is_large=False)
        for number, form in enumerate(FORMS):
            self.measure.addItem(_title(form), number)
        self.measure.activated.connect(self._measure_chosen)
        self._box = QHBoxLayout()
        w.fill(QHBoxLayout(self), [self.measure], 6).addLayout(self._box)
        self._show()

    @property
    def form(self) -> Form:
        """Return the form that is chosen."""
        return FORMS[max(0, self.measure.currentIndex())]

    @property
    def has_scope(self) -> bool:
        """Tell whether what is chosen is another figure in each account."""
        source = self._gaps.get(Gap.SOURCE)
        is_source = source is not None and source.currentData() != MARKS
        return measures.has_scope(Measured(self.form.measure, name="?" if is_source else ""))

    def offer(self, names: BookNames) -> None:
        """Take the names that can be chosen; what is chosen stays."""
        kept = {gap: choice.currentText() for gap, choice in self._gaps.items()}
        self._names = names
        self._show()
        for gap, text in kept.items():
            if gap in self._gaps and self._gaps[gap].findText(text) >= 0:
                self._gaps[gap].setCurrentText(text)

    def show_measured(self, of: Measured) -> None:
        """Show what a rule measures."""
        if self._names is None:
            return
        form = measures.form_of(of)
        self.measure.setCurrentIndex(FORMS.index(form))
        self._show()
        for gap in self._gaps:
            # The group first: it says whose members can be chosen.
            self._choose(gap, measures.slot_text(gap, of, self._names))
            if gap is Gap.GROUP and Gap.MEMBER in self._gaps:
                self._fill(Gap.MEMBER)

    def text(self) -> str:
        """Return what is chosen, as it stands in a sentence."""
        parts = [self._gaps[part].currentData() if isinstance(part, Gap) else part for part in self.form.parts]
        return " ".join(str(part or "?") for part in parts)

    def _show(self) -> None:
        w.clear(self._box)
        self._gaps = {}
        items: list[w.Item] = []
        for number, part in enumerate(self.form.parts):
            if isinstance(part, Gap):
                items.append(self._gap(part))
            elif number and part in {"and", "over"}:
                items.append(w.text(tr(part), "body", "text_2"))
        w.fill(self._box, items, 6)

    def _gap(self, gap: Gap) -> Choice:
        made = Choice(_GAP_NAMES[gap], is_large=False)
        made.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        self._gaps[gap] = made
        self._fill(gap)
        if gap is Gap.CONFIDENCE:
            made.setCurrentText("99 %")
        if gap is Gap.OTHER and made.count() > 1:
            made.setCurrentIndex(1)
        made.activated.connect(self._gap_chosen)
        return made

    def _fill(self, gap: Gap) -> None:
        made = self._gaps[gap]
        made.clear()
        for words in self._offered(gap):
            is_word = gap in _FIXED or (gap is Gap.SOURCE and words == MARKS)
            made.addItem(words, words if is_word else name_text(words))

    def _offered(self, gap: Gap) -> tuple[str, ...]:
        names = self._names
        if gap in _FIXED:
            return _FIXED[gap]
        if gap is Gap.GROUP:
            return tuple(one for one in GROUPS if names is None or names.words(one))
        if names is None:
            return ()
        if gap is Gap.SOURCE:
            return (MARKS, *names.words("source"))
        return names.words(str(self._gaps[Gap.GROUP].currentData())) if gap is Gap.MEMBER else names.words("asset")

    def _choose(self, gap: Gap, text: str) -> None:
        made = self._gaps[gap]
        at = made.findData(text)
        if at < 0:
            made.addItem(text.strip('"“”'), text)
            at = made.count() - 1
        made.setCurrentIndex(at)

    @Slot(int)
    def _measure_chosen(self, _number: int) -> None:
        self._show()
        self.measure.setFocus()
        self.changed.emit()

    @Slot(int)
    def _gap_chosen(self, _number: int) -> None:
        group = self._gaps.get(Gap.GROUP)
        if group is not None and self.sender() is group and Gap.MEMBER in self._gaps:
            self._fill(Gap.MEMBER)
        self.changed.emit()


_GAP_NAMES = {
    Gap.CONFIDENCE: tr("Confidence"),
    Gap.HORIZON: tr("Horizon"),
    Gap.DAYS: tr("Over how long"),
    Gap.ASSET: tr("Asset"),
    Gap.OTHER: tr("Second asset"),
    Gap.GROUP: tr("Kind of group"),
    Gap.MEMBER: tr("Which one"),
    Gap.SOURCE: tr("Source"),
}
