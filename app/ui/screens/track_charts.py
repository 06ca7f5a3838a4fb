"""The chart of a track record: book against benchmark from 100 on, rolling volatility, or rolling beta."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from app.core.clock import DAY
from app.ui.charts.course import Course
from app.ui.charts.course_frame import CourseFrame, figure_label, percent_label
from app.ui.screens.risk_found import ends, exact
from app.ui.screens.track_found import Seen, ratio, share
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables_states import message
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.arrays import Floats

GROWTH, VOLATILITY, BETA = "growth", "volatility", "beta"


def _course(moments: Sequence[int], values: Floats, beside: Floats | None = None) -> Course:
    second = () if beside is None else tuple(exact(one) for one in beside.tolist())
    return Course(tuple(moments), tuple(exact(one) for one in values.tolist()), second)


class TrackFrame(CourseFrame):
    """One of three courses; they are drawn as they are looked at."""

    def __init__(self) -> None:
        """Start with growth."""
        kinds = ((GROWTH, tr("Growth")), (VOLATILITY, tr("Rolling volatility")), (BETA, tr("Rolling beta")))
        self.kind = Segmented(kinds, GROWTH, tr("What the chart shows"))
        self._seen: Seen | None = None
        super().__init__(
            tr("Course"), tr("Book"), self._write, self._write_label, about=tr("Course by day"), fill="below",
            right=[self.kind],
        )  # fmt: skip
        self.kind.chosen.connect(self._chosen)

    def _write(self, value: Decimal | None) -> str:
        return share(value) if self.kind.current == VOLATILITY else ratio(value)

    def _write_label(self, value: Decimal, step: Decimal, top: Decimal) -> str:
        return (percent_label if self.kind.current == VOLATILITY else figure_label)(value, step, top)

    def show_seen(self, seen: Seen) -> None:
        """Draw an answer; there is no beta without a benchmark."""
        self._seen = seen
        rolling = seen.record.track.rolling
        if rolling.beta is None and self.kind.current == BETA:
            self.kind.choose(GROWTH)
        self.kind.offer(BETA, tr("Rolling beta"), is_offered=rolling.beta is not None)
        if self.kind.current == GROWTH:
            self._show_growth(seen)
        elif self.kind.current == BETA and rolling.beta is not None:
            self._show_rolling(seen, rolling.beta, tr("Beta to %b, %n days").replace("%b", seen.benchmark))
        else:
            self._show_rolling(seen, rolling.volatility, tr("Volatility a year, %n days"))

    def _show_growth(self, seen: Seen) -> None:
        from app.core.risk.curves import rebased  # noqa: PLC0415 - it is loaded with the answer

        track = seen.record.track
        moments = [ends(int(track.curve.at[0]) - DAY), *(ends(int(at)) for at in track.curve.at)]
        beside = None if track.benchmark is None else rebased(track.benchmark.levels)
        self.name_lines(tr("Book"), seen.benchmark)
        self.show_course(_course(moments, rebased(track.curve.levels), beside))

    def _show_rolling(self, seen: Seen, values: Floats, words: str) -> None:
        """Draw what there is from the first whole window on."""
        days = str(seen.record.track.rolling.window)
        known = [place for place, value in enumerate(values.tolist()) if not math.isnan(value)]
        if not known:
            help_ = tr("It takes %n days, most of them with a price.").replace("%n", days)
            self.show_notice(message(tr("The period is too short for a rolling figure."), help_))
            return
        moments = [ends(int(at)) for at in seen.record.track.curve.at]
        self.name_lines(words.replace("%n", days))
        self.show_course(_course(moments[known[0] :], values[known[0] :]))

    @Slot(str)
    def _chosen(self, _kind: str) -> None:
        if self._seen is not None:
            self.show_seen(self._seen)
