"""A sentence about an alert, made of pickers or written: both say the same, and how often it would have fired."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.core.alerts.history import Trial
from app.core.alerts.sentence import amount, parse, sentence
from app.core.alerts.tokens import name_text
from app.core.alerts.words import SPANS, UNITS, rearm_of, span_of
from app.core.clock import SECOND
from app.core.errors import InputError
from app.core.model.alert_rules import AlertRule, Channel, Measure, Unit
from app.core.money import plain
from app.services.alert_names import BookNames
from app.ui import format as fmt
from app.ui import hints, theme
from app.ui.screens.alerts_pickers import MeasurePickers
from app.ui.screens.alerts_rows import trial_words
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Check, Choice
from app.ui.words import tr

_SOON = 400
"""Milliseconds after the last change until it is asked how often the rule would have fired."""
_START = "drawdown is above 20 % then notify by window and desktop"
_USUAL = {
    Measure.VALUE_AT_RISK: "5",
    Measure.SHORTFALL: "7",
    Measure.EXPOSURE: "40",
    Measure.GROSS: "150",
    Measure.NET: "100",
    Measure.SHARE: "40",
    Measure.DRAWDOWN: "20",
    Measure.CORRELATION: "0.9",
    Measure.AVERAGE_CORRELATION: "0.8",
    Measure.CHANGE: "10",
    Measure.AGE: "10",
}
"""A limit to begin with, in the usual unit of a measure; of prices there is none."""


class SentenceBuilder(QFrame):
    """The form.

    Signals:
        trial_wanted: How often would this rule have fired?
        record_wanted: This sentence shall be recorded, in place of the rule with the id where there is one.
        closed: Nothing is to be recorded.
    """

    trial_wanted = Signal(object)
    record_wanted = Signal(str, str)
    closed = Signal()

    def __init__(self, currency: str) -> None:
        """Start with a sentence that can be recorded as it is."""
        super().__init__()
        self.setAccessibleName(tr("An alert as a sentence"))
        self._currency, self._rule_id = currency, ""
        self._names: BookNames | None = None
        self.rule: AlertRule | None = None
        self._make_pickers()
        self.line = w.field("", tr("If … is above … then notify by …"), name=tr("The sentence"))
        self.line.textEdited.connect(self._written)
        self.line.returnPressed.connect(self._record)
        self.trouble = w.text("", "cell", "danger", wrap=True)
        self.trouble.hide()
        self.count = w.text("", "cell", "text_2", wrap=True)
        self.record = w.button(tr("Record alert"), "primary", "check")
        self.record.clicked.connect(self._record)
        self.cancel = w.button(tr("Cancel"), "ghost")
        self.cancel.clicked.connect(self.closed)
        self._later = QTimer(self, singleShot=True, interval=_SOON)
        self._later.timeout.connect(self._ask)
        self._lay_out()

    def _make_pickers(self) -> None:
        self.measured = MeasurePickers()
        self.scope, self.side, self.unit = (
            Choice(name, is_large=False) for name in (tr("Of what"), tr("Side of the limit"), tr("Unit"))
        )
        for key, words in (("above", tr("above")), ("below", tr("below"))):
            self.side.addItem(words, key)
        self.limit, self.rearm, self.hold = (
            w.field("", name=name) for name in (tr("Limit"), tr("Level that re-arms"), tr("For how long"))
        )
        self.hold_unit = Choice(tr("Unit of time"), is_large=False)
        for word in reversed(tuple(SPANS)):
            self.hold_unit.addItem(word, word)
        self.rearm_unit = w.text("", "body", "text_2")
        for one in (self.limit, self.rearm, self.hold):
            one.setMaximumWidth(theme.px(96))
            one.textEdited.connect(self._picked)
        self.channels = {one: Check(tr(one.value), tr("Notify by: %s").replace("%s", one.value)) for one in Channel}
        for check in self.channels.values():
            check.toggled.connect(self._picked)
        for choice in (self.scope, self.unit):
            choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        for choice in (self.scope, self.side, self.unit, self.hold_unit):
            choice.activated.connect(self._picked)
        self.measured.changed.connect(self._measure_picked)

    def _lay_out(self) -> None:
        def word(text: str) -> QWidget:
            return w.text(text, "body", "text_2")

        self._in = word(tr("in"))
        first = w.row(word(tr("If")), self.measured, self._in, self.scope, None, spacing=6)
        second = w.row(
            word(tr("is")), self.side, self.limit, self.unit, word(tr("for")), self.hold, self.hold_unit,
            word(tr("and re-arm at")), self.rearm, self.rearm_unit, None, spacing=6,
        )  # fmt: skip
        third = w.row(word(tr("then notify by")), *self.channels.values(), None, spacing=10)
        foot = w.row((self.count, 1), self.cancel, self.record, spacing=8)
        rows: list[w.Item] = [first, second, third, self.line, self.trouble, foot]
        w.fill(QVBoxLayout(self), rows, 8, (16, 12, 16, 12))

    # what is in it -----------------------------------------------------------------------------------------------
    def show_rule(self, names: BookNames, rule: AlertRule | None) -> None:
        """Show a rule to be changed, or a new one."""
        self._names = names
        self.measured.offer(names)
        with QSignalBlocker(self.scope):
            self.scope.clear()
            self.scope.addItem(tr("the whole book"), "")
            for account in names.words("account"):
                self.scope.addItem(account, name_text(account))
        self._rule_id = rule.rule_id if rule is not None else ""
        self.record.setText(f" {tr('Change alert') if rule is not None else tr('Record alert')}")
        self._take(rule or parse(_START, self._currency, names))

    def _take(self, rule: AlertRule) -> None:
        if self._names is not None:
            self.line.setText(sentence(rule, self._currency, self._names))
            self.line.setCursorPosition(0)
            self._show_pickers(rule)
            self._understood(rule)

    def _offer_scope(self) -> bool:
        """Offer accounts where the measure is another one in each; tells whether it is."""
        for one in (self._in, self.scope):
            one.setVisible(self.measured.has_scope)
        return self.measured.has_scope

    def _show_pickers(self, rule: AlertRule) -> None:
        names = self._names
        if names is None:
            return
        self.measured.show_measured(rule.of)
        where = " and ".join(name_text(names.word_of("account", one)) for one in rule.accounts)
        at = self.scope.findData(where)
        if at < 0:
            self.scope.addItem(where, where)
            at = self.scope.count() - 1
        self.scope.setCurrentIndex(at)
        self._offer_scope()
        self.side.setCurrentIndex(0 if rule.is_above else 1)
        self._offer_units(rule.of.measure, rule.unit, rule.threshold)
        self.limit.setText(self._number(rule.threshold, rule.unit))
        self.rearm.setText(self._number(rule.rearm, rule.unit))
        count, word = span_of(Decimal(rule.hold_ns // SECOND))
        self.hold.setText(plain(count) if rule.hold_ns else "")
        self.hold_unit.setCurrentIndex(self.hold_unit.findData(word if rule.hold_ns else "min"))
        self._show_channels(rule)

    def _show_channels(self, rule: AlertRule) -> None:
        for channel, check in self.channels.items():
            with QSignalBlocker(check):
                check.setChecked(channel in rule.channels)

    def _offer_units(self, measure: Measure, unit: Unit, value: Decimal | None = None) -> None:
        self.unit.clear()
        if unit is Unit.SECONDS:
            for word in reversed(tuple(SPANS)):
                self.unit.addItem(word, word)
            self.unit.setCurrentIndex(self.unit.findData(span_of(value)[1] if value else "min"))
        else:
            for one in UNITS[measure]:
                words = self._unit_words(one)
                self.unit.addItem(words, words)
            self.unit.setCurrentIndex(self.unit.findData(self._unit_words(unit)))
        self.unit.setVisible(unit is not Unit.NUMBER)
        self.rearm_unit.setText(self.unit.currentText())

    def _unit_words(self, unit: Unit) -> str:
        return amount(Decimal(1), unit, self._currency).partition(" ")[2]

    def _number(self, value: Decimal, unit: Unit) -> str:
        if unit is Unit.SECONDS:
            length = Decimal(SPANS[str(self.unit.currentData())] // SECOND)
            return plain(value / length)
        return amount(value, unit, self._currency).partition(" ")[0]

    def text(self) -> str:
        """Return the sentence of the pickers."""
        where = str(self.scope.currentData() or "") if self._offer_scope() else ""
        unit = str(self.unit.currentData() or "")
        hold = self.hold.text().strip()
        told = [channel.value for channel, check in self.channels.items() if check.isChecked()]
        parts = [
            "If", self.measured.text(), f"in {where}" if where else "", "is", str(self.side.currentData()),
            self.limit.text().strip() or "?", unit, f"for {hold} {self.hold_unit.currentData()}" if hold else "",
        ]  # fmt: skip
        listed = ", ".join(told[:-1]) + (" and " if told[1:] else "") + (told[-1] if told else "window")
        parts.append(f"then notify by {listed}")
        rearm = self.rearm.text().strip()
        return " ".join(part for part in parts if part) + (f", and re-arm at {rearm} {unit}".rstrip() if rearm else "")

    # hands -------------------------------------------------------------------------------------------------------
    @Slot()
    def _measure_picked(self) -> None:
        """Take the usual unit and limit of another measure, and no level that was meant for another figure."""
        measure, before = self.measured.form.measure, self.rule
        if before is None or measure is not before.of.measure:
            unit = UNITS[measure][0]
            if before is None or before.unit is not unit:
                self.limit.setText(_USUAL.get(measure, self.limit.text()))
            self._offer_units(measure, unit)
            self.rearm.clear()
        self._picked()

    @Slot()
    def _picked(self) -> None:
        sender = self.sender()
        if sender in (self.limit, self.side, self.unit):
            # The usual level goes with the limit.
            self.rearm.clear()
        self.rearm_unit.setText(self.unit.currentText())
        text = self.text()
        rule = self._parsed(text)
        if rule is None or self._names is None:
            self.line.setText(text)
            return
        self.line.setText(sentence(rule, self._currency, self._names))
        self._show_channels(rule)
        if not self.rearm.text() and sender is not self.rearm:
            self.rearm.setText(self._number(rearm_of(rule.threshold, rule.unit, is_above=rule.is_above), rule.unit))
        self._understood(rule)

    @Slot(str)
    def _written(self, text: str) -> None:
        rule = self._parsed(text)
        if rule is not None:
            self._show_pickers(rule)
            self._understood(rule)

    def _parsed(self, text: str) -> AlertRule | None:
        if self._names is None:
            return None
        try:
            return parse(text, self._currency, self._names, self._rule_id)
        except InputError as fault:
            self.rule = None
            self._later.stop()
            self.count.setText("")
            self.record.setEnabled(False)
            self._say(hints.line(fault))
            return None

    def _understood(self, rule: AlertRule) -> None:
        self.rule = rule
        self._say("")
        self.record.setEnabled(True)
        self.count.setText(tr("Looking how often it would have fired…"))
        self._later.start()

    def _say(self, text: str) -> None:
        self.trouble.setText(fmt.prose(text))
        self.trouble.setVisible(bool(text))

    @Slot()
    def _ask(self) -> None:
        if self.rule is not None:
            self.trial_wanted.emit(self.rule)

    def show_trial(self, rule: AlertRule, found: Trial) -> None:
        """Say how often a rule would have fired, if it is still the one that is written here."""
        if rule == self.rule:
            self.count.setText(trial_words(found))

    def show_fault(self, text: str) -> None:
        """Say why it was not recorded."""
        self._say(text)

    @Slot()
    def _record(self) -> None:
        if self.rule is not None:
            self.record_wanted.emit(self.line.text(), self._rule_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
