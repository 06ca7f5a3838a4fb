"""The line above every section of Risk: what is asked, how old the answer is, and a way to stop."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.services.jobs import Job
from app.ui import format as fmt
from app.ui import theme
from app.ui.screens import overview_ages
from app.ui.screens.risk_found import CONFIDENCES, HORIZONS, MODELS, Asked, Found, View, horizon_words, level
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Choice
from app.ui.widgets.marks import Pill
from app.ui.widgets.segmented import Segmented
from app.ui.words import tr


class RiskBar(QFrame):
    """Confidence, horizon and model; the age of the figures at the right.

    Signals:
        asked: Another confidence was chosen: an `Asked`.
        looked: Another horizon or model was chosen: a `View`.
        renewed: Compute anew.
        stopped: Stop computing.
    """

    asked = Signal(object)
    looked = Signal(object)
    renewed = Signal()
    stopped = Signal()

    def __init__(self) -> None:
        """Start with 99 %, one day and the default model."""
        super().__init__()
        self._asked, self.view = Asked(), View()
        levels = [(repr(one), level(one)) for one in CONFIDENCES]
        self.level = Segmented(levels, repr(self._asked.confidence), tr("Confidence"))
        spans = [(str(days), horizon_words(days)) for days in HORIZONS]
        self.horizon = Segmented(spans, str(self.view.horizon), tr("Horizon"))
        self.model = Choice(tr("Model"), is_large=False)
        for code, name in MODELS:
            self.model.addItem(tr("%s (default)").replace("%s", name) if code == MODELS[0][0] else tr(name), code)
        self.age = w.elided("", "caption", "text_3")
        self.pill = Pill("", "warn", icon="clock-alert")
        self.again = w.icon_button("rotate-cw", tr("Compute again"))
        self.halt = w.button(tr("Stop"), "", "square", size="small")
        for one in (self.pill, self.halt):
            one.hide()
        w.fill(
            QHBoxLayout(self),
            [self.level, self.horizon, self.model, 8, (self.age, 1), self.pill, self.halt, self.again],
            8,
            (16, 0, 12, 0),
        )
        self.setFixedHeight(theme.px(46))
        self.level.chosen.connect(self._level_chosen)
        self.horizon.chosen.connect(self._horizon_chosen)
        self.model.activated.connect(self._model_chosen)
        self.again.clicked.connect(self.renewed)
        self.halt.clicked.connect(self.stopped)

    def show_asked(self, asked: Asked) -> None:
        """Show what is asked."""
        self._asked = asked
        self.level.choose(repr(asked.confidence))

    def show_state(self, found: Found | None, job: Job | None, now: int, *, is_current: bool) -> None:
        """Show how old the figures are, what is being done, and whether the marks behind them are too old."""
        self.halt.setVisible(job is not None)
        self.again.setVisible(job is None)
        self.age.setText(self._told(found, job, now, is_current=is_current))
        ages = None if found is None else overview_ages.ages(found.positions, now)
        is_stale = ages is not None and ages.is_stale and ages.newest is not None
        self.pill.setVisible(is_stale)
        if is_stale and ages is not None and ages.newest is not None:
            words = tr("marks %a old").replace("%a", fmt.age(now - ages.newest))
            if words != self.pill.text():
                self.pill.show_state(words, "warn")

    def _told(self, found: Found | None, job: Job | None, now: int, *, is_current: bool) -> str:
        doing = "" if job is None else job.doing or tr("computing")
        if found is None:
            return f"{doing}…" if doing else ""
        age = tr("computed %a ago").replace("%a", fmt.age(now - found.at))
        closes = tr("closes until %d").replace("%d", fmt.date(found.closes_until))
        parts = [age, closes]
        if job is not None and not is_current:
            parts.insert(0, tr("figures of before; %s").replace("%s", doing))
        return " · ".join(parts)

    @Slot(str)
    def _level_chosen(self, key: str) -> None:
        self._asked = replace(self._asked, confidence=float(key))
        self.asked.emit(self._asked)

    @Slot(str)
    def _horizon_chosen(self, key: str) -> None:
        self.view = replace(self.view, horizon=int(key))
        self.looked.emit(self.view)

    @Slot(int)
    def _model_chosen(self, index: int) -> None:
        self.view = replace(self.view, model=str(self.model.itemData(index)))
        self.looked.emit(self.view)
