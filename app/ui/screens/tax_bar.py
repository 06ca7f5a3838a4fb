"""The line above the tabs' content: which figures are asked for, whether they can be filed, how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.lots.methods import BY_WALLET, Method, Scope
from app.core.tax.jurisdictions import JURISDICTIONS
from app.services.jobs import Job
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui import theme
from app.ui.screens import tax_words as words
from app.ui.screens.tax_computing import Answer
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Progress
from app.ui.widgets.choices import Choice
from app.ui.widgets.marks import Pill
from app.ui.words import tr

NARROW = 1_000
"""Width in pixels below which the line says only what it must."""


class QuestionBar(QWidget):
    """Year, country, method, scope; then what state the figures are in.

    Signals:
        asked: A person asks another question: an `Asked`.
        renewed: The figures shall be computed anew.
        stopped: The computation shall stop.
    """

    asked = Signal(object)
    renewed = Signal()
    stopped = Signal()

    def __init__(self) -> None:
        """Start without a question."""
        super().__init__()
        self._asked: Asked | None = None
        self.year, self.country = Choice(tr("Tax year"), is_large=False), Choice(tr("Country"), is_large=False)
        self.method, self.scope = Choice(tr("Method"), is_large=False), Choice(tr("Wallets"), is_large=False)
        self.choices = (self.year, self.country, self.method, self.scope)
        for choice in self.choices:
            choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
            choice.activated.connect(self._chosen)
        for code, rules in JURISDICTIONS.items():
            self.country.addItem(rules.name, code)
        self.badge = Pill("", "text_3")
        self.told = w.elided("", "caption", "text_3")
        self.progress = Progress(None, width=theme.px(90))
        self.stop = w.button(tr("Cancel"), size="small", name=tr("Cancel the computation"))
        self.renew = w.button(tr("Compute now"), size="small")
        self.stop.clicked.connect(self.stopped)
        self.renew.clicked.connect(self.renewed)
        parts: Sequence[w.Item] = (*self.choices, 4, self.badge, (self.told, 1), self.progress, self.stop, self.renew)
        w.fill(QHBoxLayout(self), parts, 8, (16, 0, 16, 0))
        self.setFixedHeight(theme.px(46))
        for part in (self.badge, self.progress, self.stop, self.renew):
            part.hide()

    # what is asked -------------------------------------------------------------------------------------------------
    def show_years(self, first: int, last: int, asked: Asked) -> None:
        """Offer the years of the books, the newest first, and all of them together."""
        rules = JURISDICTIONS[asked.jurisdiction]
        with QSignalBlocker(self.year):
            self.year.clear()
            for number in range(last, first - 1, -1):
                self.year.addItem(words.year(rules, number), number)
            self.year.addItem(words.year(rules, None), None)
            self.year.setCurrentIndex(max(0, self.year.findData(asked.year)))

    def show_asked(self, asked: Asked) -> None:
        """Show a question; what the country does not allow is not offered."""
        rules = JURISDICTIONS[asked.jurisdiction]
        self._asked = asked
        _choose(self.country, asked.jurisdiction)
        _choose(self.year, asked.year)
        standing = tr("By law or standing order")
        methods = [(standing, None, ""), *((words.method(one), one, note) for one, note in rules.methods.items())]
        scopes = [(standing, None, ""), *((words.scope(one), one, note) for one, note in rules.scopes.items())]
        _offer(self.method, methods, asked.method)
        _offer(self.scope, scopes, asked.scope)

    def choose_country(self, code: str) -> None:
        """Ask the question under another country's rules, as whoever chooses it in the list does."""
        _choose(self.country, code)
        self._chosen()

    @Slot()
    def _chosen(self) -> None:
        before = self._asked
        if before is None:
            return
        country = str(self.country.currentData())
        if country != before.jurisdiction:
            self.asked.emit(Asked(country, year=self.year.currentData()))
            return
        method, scope = self.method.currentData(), self.scope.currentData()
        if method is not None and method not in BY_WALLET and scope is Scope.PER_WALLET:
            # One pool holds what all wallets hold: such a choice of wallets cannot stand beside it.
            scope = None
        year = self.year.currentData()
        self.asked.emit(replace(before, method=_method(method), scope=_scope(scope), year=year))

    # what is answered ----------------------------------------------------------------------------------------------
    def show_state(self, answer: Answer | None, job: Job | None, now: int, *, is_stale: bool, is_open: bool) -> None:
        """Show how good the figures are, how old, and whether new ones come; `is_open`: the year has not ended."""
        self.progress.setVisible(job is not None)
        self.stop.setVisible(job is not None)
        self.renew.setVisible(job is None and (answer is None or is_stale))
        if job is not None:
            self.progress.show_share(job.share)
        self.badge.setVisible(answer is not None)
        if answer is not None:
            self.badge.show_state(*badge(answer.found, is_stale=is_stale, is_open=is_open))
        self.told.setText(self._told(answer, job, now, is_stale=is_stale))

    @staticmethod
    def _told(answer: Answer | None, job: Job | None, now: int, *, is_stale: bool) -> str:
        parts = []
        if answer is not None:
            parts.append(words.rules(answer.found.profile, answer.found.figures.currency))
            if is_stale:
                parts.append(
                    tr("computed %a ago, books or prices have changed").replace("%a", fmt.age(now - answer.at))
                )
        if job is not None:
            parts.append(job.doing)
        return " · ".join(filter(None, parts))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the choices whole where space is short."""
        super().resizeEvent(event)
        self.told.setVisible(self.width() >= theme.px(NARROW))


def badge(found: TaxYear, *, is_stale: bool, is_open: bool) -> tuple[str, str]:
    """Return in a word how good figures are, with its tone."""
    if found.is_blocked:
        return tr("blocked"), "danger"
    if is_stale:
        return tr("stale"), "warn"
    return (tr("draft"), "warn") if is_open else (tr("complete"), "ok")


def _method(value: object) -> Method | None:
    return value if isinstance(value, Method) else None


def _scope(value: object) -> Scope | None:
    return value if isinstance(value, Scope) else None


def _choose(choice: Choice, value: object) -> None:
    with QSignalBlocker(choice):
        for index in range(choice.count()):
            if choice.itemData(index) == value:
                choice.setCurrentIndex(index)


def _offer(choice: Choice, options: Sequence[tuple[str, object, str]], value: object) -> None:
    with QSignalBlocker(choice):
        choice.clear()
        for index, (label, given, note) in enumerate(options):
            choice.addItem(label, given)
            choice.setItemData(index, note or None, Qt.ItemDataRole.ToolTipRole)
            if given == value:
                choice.setCurrentIndex(index)
