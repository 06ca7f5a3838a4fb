"""Limits beside the figures that they are about: how much of each is used, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial

from PySide6.QtWidgets import QWidget

from app.core.alerts.machine import Phase
from app.core.model.alert_rules import Measure, Unit
from app.services.alert_views import Standing
from app.ui import format as fmt
from app.ui.screens.alerts_rows import titled
from app.ui.screens.base import Shell
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Bar
from app.ui.words import tr

NEAR = Decimal("0.9")
"""From so much of a limit on, it is told as near."""
_MOST = 6


class Limits(w.Panel):
    """The limits that are nearest, each with its bar."""

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        edit = w.button(tr("Edit"), "link", size="small", name=tr("Edit limits"))
        said = w.text(tr("tick: near its limit"), "caption", "text_3")
        super().__init__(tr("Limits"), right=[said, edit])
        self._shell = shell
        self._shown: tuple[object, ...] | None = None
        self.lines: list[tuple[str, str, str]] = []
        edit.clicked.connect(partial(self._go, "alerts"))

    def show_limits(self, standings: Sequence[Standing], currency: str) -> None:
        """Show the limits, the most used first; where one is unknown, that is said and why."""
        ordered = sorted(standings, key=lambda one: (one.used is None, -(one.used or Decimal(0))))
        shown = (fmt.mask(), *((one.words, one.state, one.firing) for one in ordered))
        if shown == self._shown:
            return
        self._shown, self.lines = shown, []
        parts: list[w.Item] = [self._line(one, currency) for one in ordered[:_MOST]]
        if len(ordered) > _MOST:
            words = tr("%n more in Alerts").replace("%n", fmt.count(len(ordered) - _MOST))
            parts.append(w.text(words, "caption", "text_3"))
        if not ordered:
            parts.append(w.text(tr("No limit is set."), "cell", "text_3"))
            begin = w.button(tr("Set a limit"), "link", "plus", size="small")
            begin.clicked.connect(partial(self._go, "alerts/new"))
            parts.append(w.row(begin, None))
        self.show_body(w.scroll(w.column(*parts, None, spacing=6, margins=(14, 8, 12, 8)), tr("Limits")))

    def _line(self, one: Standing, currency: str) -> QWidget:
        used = one.used
        tone = (
            "danger" if one.state.phase is Phase.FIRING else "warn" if used is not None and used >= NEAR else "accent"
        )
        percent = tr("unknown") if used is None else fmt.percent(used, places=0)
        ink = "text_3" if used is None else "text" if tone == "accent" else tone
        name = w.elided(titled(one.short, one.rule, currency), "cell")
        if used is None:
            name.setToolTip(fmt.prose(one.state.why) or name.text())
        bar = Bar(0.0 if used is None else float(min(used, Decimal(1))), tone, thick=4, tick=float(NEAR))
        bar.setFixedHeight(8)
        self.lines.append((name.text(), percent, tone))
        made = w.column(w.row((name, 1), w.text(percent, "cell_strong", ink), spacing=8), bar, spacing=1)
        made.setAccessibleName(f"{name.text()}: {percent}")
        return made

    def _go(self, place: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self._shell.go(place)


def share_limits(standings: Iterable[Standing], group: str) -> dict[str, Decimal]:
    """Return the limit on the share of each name of a group; "" limits the largest one, whoever that is.

    Limits on single accounts are left out: their shares are of another whole.
    """
    found: dict[str, Decimal] = {}
    for one in standings:
        rule = one.rule
        is_share = rule.of.measure is Measure.SHARE and rule.of.group == group and rule.unit is Unit.SHARE
        if is_share and rule.is_above and not rule.accounts:
            found[rule.of.name] = min(found.get(rule.of.name, rule.threshold), rule.threshold)
    return found
