"""Alerts: the limits of the book as sentences, what came of them, and how it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.model.alert_rules import AlertRule, Happened
from app.services.alert_views import Happening, Standing
from app.services.events import AlertsChanged
from app.ui import format as fmt
from app.ui import hints
from app.ui.models.table import TableModel
from app.ui.screens import alerts_rows as rows
from app.ui.screens.alerts_builder import SentenceBuilder
from app.ui.screens.alerts_delivery import DeliveryPane
from app.ui.screens.base import Screen, Shell
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, filter_field, tool_bar
from app.ui.words import tr

RULES, HAPPENED, DELIVERY = range(3)


class AlertsScreen(Screen):
    """Three tabs: rules, what happened, delivery."""

    place: ClassVar[str] = "alerts"
    title: ClassVar[str] = "Alerts"
    icon: ClassVar[str] = "bell-ring"
    parts: ClassVar[Sequence[tuple[str, str]]] = (
        ("alerts", "Alerts"), ("alerts/happened", "Alerts: what happened"), ("alerts/delivery", "Alerts: delivery"),
        ("alerts/new", "New alert"),
    )  # fmt: skip

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self.standings: tuple[Standing, ...] | None = None
        self.happened: tuple[Happening, ...] = ()
        self._question = 0
        self._quit: list[Callable[[], None]] = []

    def pieces(self) -> Iterator[None]:
        """Make the tables, the sentence, and how alerts are told."""
        currency = self.shell.workspace.book.base_currency
        self._make_hands()
        yield
        self._make_tables(currency)
        yield
        self.stack = QStackedWidget()
        self.bar = tool_bar((self.filter, 1), None)
        w.fill(QVBoxLayout(self), [self.bar, w.hline(), (self.stack, 1)], 0)
        self.why = w.elided("", "cell", "text_2")
        self._foot = w.row((self.why, 1), self.remove, self.change, margins=(16, 8, 16, 8))
        ruled = QWidget()
        self.stack.addWidget(ruled)
        below = w.fill(QVBoxLayout(ruled), [(self.rule_stage, 1), w.hline(), self._foot], 0)
        yield
        event_foot = w.row(None, self.all_seen, self.seen, margins=(16, 8, 16, 8))
        self.stack.addWidget(w.column((self.event_stage, 1), w.hline(), event_foot, spacing=0))
        yield
        self.builder = SentenceBuilder(currency)
        self.builder.hide()
        self.builder.trial_wanted.connect(self._try)
        self.builder.record_wanted.connect(self._record)
        self.builder.closed.connect(self._close)
        w.add(below, self.builder)
        yield
        self.delivery = DeliveryPane(self.shell)
        self.stack.addWidget(self.delivery)
        yield from self.delivery.pieces()

    def _make_hands(self) -> None:
        self.new = w.button(tr("New alert"), "primary", "plus")
        self.new.clicked.connect(self.make)
        self.change = w.button(tr("Change…"), "", "pencil", size="small")
        self.change.clicked.connect(self._change)
        self.remove = w.button(tr("Remove"), "ghost", "trash-2", size="small")
        self.remove.clicked.connect(self._remove)
        self.seen = w.button(tr("Acknowledge"), "", "check", size="small")
        self.seen.clicked.connect(self._acknowledge)
        self.all_seen = w.button(tr("Acknowledge all"), "ghost", "check-check", size="small")
        self.all_seen.clicked.connect(self._acknowledge_all)

    def _make_tables(self, currency: str) -> None:
        look = TableLook(is_one=True, settings=self.shell.workspace.runtime.settings_folder)
        rule_name = partial(rows.rule_name, currency=currency)
        self.rules = TableModel(rows.rule_columns(currency), rule_name, search=_words)
        self.rule_table = Table(self.rules, "alerts", tr("Alerts and where they stand"), look)
        self.rule_table.chosen.connect(self._show_buttons)
        self.rule_table.opened.connect(self._opened)
        event_name = partial(rows.event_name, currency=currency)
        self.events = TableModel(rows.event_columns(currency), event_name, search=_words)
        self.event_table = Table(self.events, "alert-events", tr("What came of alerts"), look)
        self.event_table.chosen.connect(self._show_buttons)
        self.event_table.opened.connect(self._event_opened)
        self.rule_stage, self.event_stage = Stage(self.rule_table), Stage(self.event_table)
        self.filter = filter_field(tr("Filter alerts"))
        self.filter.textChanged.connect(self.rules.set_filter)
        self.filter.textChanged.connect(self.events.set_filter)

    # the window asks -----------------------------------------------------------------------------------------------
    def note(self) -> str:
        """Return how many alerts fire."""
        firing = sum(one.firing is not None for one in self.standings or ())
        return fmt.counted(firing, tr("%s firing"), tr("%s firing")) if firing else ""

    def tabs(self) -> Sequence[str]:
        """Return the tabs."""
        return (tr("Rules"), tr("What happened"), tr("Delivery"))

    def tab(self) -> int:
        """Return which is shown."""
        return self.stack.currentIndex()

    def show_tab(self, index: int) -> None:
        """Show another one, with the keyboard on what it is about."""
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.stack.isAncestorOf(focused)
        self.stack.setCurrentIndex(index)
        if had_focus:
            self.main_part().setFocus(Qt.FocusReason.OtherFocusReason)
        self.bar.setVisible(index != DELIVERY)
        if index == DELIVERY:
            self.shell.run(self.delivery.read(), what=tr("Reading how alerts are told"))
        self._show_buttons()
        self.header_changed.emit()

    def header_actions(self) -> Sequence[QWidget]:
        """Return what makes a new one."""
        return (self.new,)

    def activate(self, detail: str = "") -> None:
        """Listen and load; `detail` is a tab, "new", or the id of a rule."""
        if not self._quit:
            self._quit = [self.shell.workspace.events.subscribe(AlertsChanged, self._moved)]
        if detail in {"happened", "delivery"}:
            self.show_tab(HAPPENED if detail == "happened" else DELIVERY)
        if self.standings is None:
            self.rule_stage.show_loading()
            self.event_stage.show_loading()
        self._load()
        if detail == "new":
            self.make()

    def deactivate(self) -> None:
        """Listen no more."""
        self._question += 1
        for stop in self._quit:
            stop()
        self._quit = []

    def scope_changed(self) -> None:
        """Each rule has a scope of its own, whatever the window shows."""

    def masking_changed(self) -> None:
        """Write every figure anew."""
        self.rules.redraw()
        self.events.redraw()
        self._show_buttons()

    def main_part(self) -> QWidget:
        """Return the table that is shown, or the page without one."""
        if self.tab() == DELIVERY:
            return self.delivery
        return self.event_table if self.tab() == HAPPENED else self.rule_table

    def filter_field(self) -> QWidget | None:
        """Return the filter."""
        return None if self.tab() == DELIVERY else self.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the rows that are seen, raw."""
        if self.standings is None or self.tab() == DELIVERY:
            return None
        return (self.event_table if self.tab() == HAPPENED else self.rule_table).seen()

    # reading -------------------------------------------------------------------------------------------------------
    def _moved(self, _event: AlertsChanged) -> None:
        self._load()

    def _load(self) -> None:
        self._question += 1
        self.shell.run(self._read(self._question), what=tr("Reading alerts"))

    async def _read(self, question: int) -> None:
        service = self.shell.workspace.alerts
        try:
            standings, happened = await service.standings(), await service.happened()
        except CounterfoilError as fault:
            if question == self._question:
                self.rule_stage.show_fault(tr("The alerts could not be read."), fault)
                self.event_stage.show_fault(tr("The alerts could not be read."), fault)
            return
        if question == self._question:
            self._show(standings, happened)

    def _show(self, standings: tuple[Standing, ...], happened: tuple[Happening, ...]) -> None:
        is_first = self.standings is None
        self.standings, self.happened = standings, happened
        self.rules.show(rows.rule_branches(standings), fresh=is_first)
        self.events.show(rows.event_branches(happened), fresh=is_first)
        if standings:
            self.rule_stage.show_table()
        elif self.rule_stage.state != "message":
            make = w.button(tr("Write the first one"), "primary", "plus")
            make.clicked.connect(self.make)
            self.rule_stage.show_empty(
                tr("There are no alerts yet."),
                tr("An alert is a sentence: if drawdown is above 20 %, then notify by desktop."),
                make,
            )
        if happened:
            self.event_stage.show_table()
        else:
            self.event_stage.show_empty(
                tr("Nothing happened yet."), tr("Each alert that fires stays here as a record.")
            )
        if is_first and standings:
            self.rule_table.choose(standings[0].rule.rule_id)
        self._show_buttons()
        self.header_changed.emit()

    def chosen(self) -> Standing | None:
        """Return the rule that is chosen."""
        key = self.rule_table.current_key()
        return next((one for one in self.standings or () if one.rule.rule_id == key), None)

    def _chosen_event(self) -> Happening | None:
        key = self.event_table.current_key()
        return next((one for one in self.happened if one.event.record == key), None)

    @Slot()
    def _show_buttons(self, _key: str = "") -> None:
        one, event = self.chosen(), self._chosen_event()
        self._foot.setVisible(bool(self.standings) and self.builder.isHidden())
        for button in (self.change, self.remove):
            button.setEnabled(one is not None)
        if one is None:
            self.why.setText("")
        elif one.state.why:
            self.why.setText(fmt.prose(one.state.why))
        else:
            self.why.setText(rows.shown(one.words, one.rule, self.shell.workspace.book.base_currency))
        self.seen.setEnabled(event is not None and _waits(event))
        self.all_seen.setVisible(sum(map(_waits, self.happened)) > 1)

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot()
    def make(self) -> None:
        """Write a new rule."""
        self.show_tab(RULES)
        self.shell.run(self._open(None), what=tr("Opening the sentence"))

    @Slot()
    def _change(self) -> None:
        one = self.chosen()
        if one is not None:
            self.shell.run(self._open(one.rule), what=tr("Opening the sentence"))

    async def _open(self, rule: AlertRule | None) -> None:
        self.builder.show_rule(await self.shell.workspace.alerts.names(), rule)
        self.builder.show()
        self._foot.hide()
        self.builder.measured.measure.setFocus()

    @Slot()
    def _close(self) -> None:
        self.builder.hide()
        self._show_buttons()
        self.main_part().setFocus()

    @Slot(str)
    def _opened(self, _key: str) -> None:
        self._change()

    @Slot(object)
    def _try(self, rule: AlertRule) -> None:
        self.shell.run(self._tried(rule), what=tr("Looking at the past"))

    async def _tried(self, rule: AlertRule) -> None:
        self.builder.show_trial(rule, await self.shell.workspace.alerts.trial(rule))

    @Slot(str, str)
    def _record(self, text: str, rule_id: str) -> None:
        self.shell.run(self._recorded(text, rule_id), what=tr("Recording"))

    async def _recorded(self, text: str, rule_id: str) -> None:
        try:
            rule = await self.shell.workspace.alerts.add(text, rule_id)
        except CounterfoilError as fault:
            self.builder.show_fault(hints.line(fault))
            return
        self._close()
        self.shell.toast(tr("Alert changed.") if rule_id else tr("Alert recorded."))
        self._question += 1
        await self._read(self._question)
        self.rule_table.choose(rule.rule_id)

    @Slot()
    def _remove(self) -> None:
        one = self.chosen()
        if one is not None:
            self.shell.run(self._removed(one), what=tr("Recording"))

    async def _removed(self, one: Standing) -> None:
        service = self.shell.workspace.alerts
        await service.remove(one.rule.rule_id)

        def undo() -> None:
            self.shell.run(self._put_back(one), what=tr("Recording"))

        self.shell.toast(tr("Alert removed."), tr("Undo"), undo)

    async def _put_back(self, one: Standing) -> None:
        await self.shell.workspace.alerts.record(one.rule)

    @Slot()
    def _acknowledge(self) -> None:
        event = self._chosen_event()
        if event is not None and _waits(event):
            self.shell.run(self._acknowledged([event]), what=tr("Recording"))

    @Slot()
    def _acknowledge_all(self) -> None:
        self.shell.run(self._acknowledged([one for one in self.happened if _waits(one)]), what=tr("Recording"))

    @Slot(str)
    def _event_opened(self, _key: str) -> None:
        self._acknowledge()

    async def _acknowledged(self, events: Sequence[Happening]) -> None:
        for one in events:
            await self.shell.workspace.alerts.acknowledge(one.event.record)
        self.shell.toast(fmt.counted(len(events), tr("%s alert acknowledged."), tr("%s alerts acknowledged.")))


def _waits(one: Happening) -> bool:
    return one.event.what is Happened.FIRED and one.seen_ns is None


def _words(one: Standing | Happening) -> str:
    return one.words
