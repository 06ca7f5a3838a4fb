"""Alerts as the window tells them: a count at the rail, one banner while one fires that nobody saw, notifications."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.findings import Severity
from app.core.model.alert_rules import AlertEvent, Channel, Happened
from app.core.model.notices import Notice
from app.services.events import AlertsChanged
from app.ui import format as fmt
from app.ui.aio import Runner
from app.ui.screens.alerts_rows import marked, shown
from app.ui.screens.base import Banner
from app.ui.widgets.tray import Tray
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.alert_views import Standing
    from app.services.workspace import Workspace

_AMOUNT = re.compile(r"\[\[.*?\]\]")


class AlertWatch(QObject):
    """Lets the rules be looked at while the window is open, and tells what comes of them.

    Signals:
        changed: Count or banner are others now.
        wanted: A person clicked a notification, or the icon in the tray.
    """

    changed = Signal()
    wanted = Signal()

    def __init__(self, workspace: Workspace, run: Runner, parent: QObject) -> None:
        """Take the workspace; `start` begins."""
        super().__init__(parent)
        self._workspace = workspace
        self._run = run
        self._tray = Tray(self)
        self._tray.wanted.connect(self.wanted)
        self._quit: list[Callable[[], None]] = []
        self._told: tuple[object, ...] = ()

    def start(self) -> None:
        """Look at the rules from now on."""
        self._quit = [self._workspace.events.subscribe(AlertsChanged, self._moved)]
        self._workspace.alerts.start_live()

    def stop(self) -> None:
        """Tell nothing more; the vault itself stops looking when it is locked."""
        for stop in self._quit:
            stop()
        self._quit = []
        self._tray.hide()

    @property
    def count(self) -> int:
        """Return how many alerts fire that nobody acknowledged."""
        return self._workspace.alerts.unseen

    def banner(self, go: Callable[[str], None]) -> Banner | None:
        """Return the banner: that alerts are not looked at, or what fires that nobody saw."""
        fault = self._workspace.alerts.fault
        if fault:
            return Banner(Severity.ERROR, tr("Alerts cannot be recorded now."), fault)
        waiting = self._waiting()
        if not waiting:
            return None
        first = waiting[0]
        more = len(waiting) - 1
        what = tr("Alert: %s.").replace("%s", marked(first.short, first.rule, self._workspace.alerts.currency))
        since = fmt.moment(first.firing.at_ns) if first.firing is not None else ""
        meaning = tr("Since %s.").replace("%s", since)
        if more:
            meaning += " " + fmt.counted(more, tr("%s more fires."), tr("%s more fire."))
        return Banner(Severity.WARNING, what, meaning, tr("Show alerts"), partial(go, "alerts/happened"), "bell-ring")

    def _waiting(self) -> list[Standing]:
        standings = self._workspace.alerts.headroom()
        return [one for one in standings if one.firing is not None and not one.is_acknowledged]

    def _moved(self, event: AlertsChanged) -> None:
        for one in event.fired:
            if one.what is Happened.FIRED and Channel.DESKTOP in one.channels:
                self._notify(one)
        # Values move with every look; what is told changes seldom.
        waiting = tuple(one.firing.record for one in self._waiting() if one.firing is not None)
        told = (self._workspace.alerts.fault, *waiting)
        if told != self._told:
            self._told = told
            self._tray.show_count(len(waiting))
            self.changed.emit()

    def _notify(self, event: AlertEvent) -> None:
        """Show a notification, without amounts: others may see the screen while it is locked."""
        standing = next((one for one in self._workspace.alerts.headroom() if one.rule.rule_id == event.rule_id), None)
        if standing is None:
            return
        currency = self._workspace.alerts.currency
        words = fmt.typeset(_AMOUNT.sub(fmt.MASK, marked(standing.short, standing.rule, currency)))
        if fmt.mask() is fmt.Mask.EVERYTHING:
            words = shown(standing.short, standing.rule, currency)
        notice = Notice(event.record, tr("Counterfoil: an alert fires"), words, {})
        self._run(self._workspace.alerts.show(event, notice, self._by_tray), what=tr("Showing a notification"))

    def _by_tray(self, notice: Notice) -> bool:
        return self._tray.message(notice.title, notice.text)
