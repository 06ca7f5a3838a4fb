"""What the market of a book does as a whole: mean correlation, turbulence, absorption, each now and over time."""

from __future__ import annotations

from app.ui import format as fmt
from app.ui.charts.course import Course
from app.ui.screens.base import HowComputed
from app.ui.screens.block_strip import BlockStrip
from app.ui.screens.risk_explained import told
from app.ui.screens.risk_found import Found, ends, exact
from app.ui.words import tr

PAIR, TURBULENCE, ABSORPTION = "pair", "turbulence", "absorption"
OVER_TIME = ((PAIR, "Pair"), (TURBULENCE, "Turbulence"), (ABSORPTION, "Absorption"))
"""What the chart beside the matrix may show."""
NEEDED = {TURBULENCE: 366, ABSORPTION: 454}
"""Days of returns that each takes."""


class MarketStrip(BlockStrip):
    """Mean correlation, turbulence and absorption ratio, each with what it was or who is behind it."""

    def __init__(self) -> None:
        """Start without figures."""
        super().__init__({
            "correlation": tr("Mean correlation"),
            TURBULENCE: tr("Turbulence"),
            ABSORPTION: tr("Absorption ratio"),
        })  # fmt: skip

    def show_found(self, found: Found) -> None:
        """Show the figures of an answer; what is not known says why."""
        self._correlation(found)
        self._turbulence(found)
        self._absorption(found)

    def _show(self, kind: str, value: float | None, note: str, *, is_share: bool = False) -> None:
        block, figure = self.blocks[kind], exact(value)
        words = fmt.percent(figure, places=1) if is_share else fmt.price(figure, places=2)
        block.figure.show_figure(words, figure, "text" if figure is not None else "text_3")
        block.note.setText(note)

    def _too_short(self, found: Found, kind: str) -> str:
        words = tr("needs %n days, there are %h").replace("%n", fmt.count(NEEDED[kind]))
        return words.replace("%h", fmt.count(found.report.study.scenarios.observations))

    def _correlation(self, found: Found) -> None:
        related = found.report.study.correlations
        if related is None:
            self._show("correlation", None, tr("needs two assets and 210 days"))
            return
        words = tr("%b before · %c of %n pairs changed").replace("%c", fmt.count(len(related.changed)))
        before = fmt.price(exact(related.average_before), places=2)
        self._show("correlation", related.average, words.replace("%n", fmt.count(related.tested)).replace("%b", before))

    def _turbulence(self, found: Found) -> None:
        days = found.report.study.turbulence
        if not days:
            self._show(TURBULENCE, None, self._too_short(found, TURBULENCE))
            return
        one, words = days[-1], [tr("1 is usual")]
        if one.percentile is not None:
            words.append(tr("beyond %p of days").replace("%p", fmt.percent(exact(one.percentile), places=0)))
        if one.culprit:
            share = fmt.percent(exact(one.culprit_share), places=0)
            words.append(tr("%a has %p of it").replace("%a", found.name(one.culprit)).replace("%p", share))
        self._show(TURBULENCE, one.robust, " · ".join(words))

    def _absorption(self, found: Found) -> None:
        one = found.report.study.absorption
        if one is None:
            self._show(ABSORPTION, None, self._too_short(found, ABSORPTION))
            return
        words = fmt.counted(one.forces, tr("by %s force"), tr("by %s forces"))
        shift = exact(one.shift)
        if shift is not None:
            sign = "+" if shift > 0 else ""
            moved = tr("%s deviations from its year").replace("%s", f"{sign}{fmt.price(shift, places=1)}")
            words = f"{words} · {moved}"
        self._show(ABSORPTION, one.latest, words, is_share=True)


def explained(kind: str, found: Found) -> HowComputed:
    """Return how a figure of the strip is computed."""
    study = found.report.study
    if kind == TURBULENCE and study.turbulence:
        one = study.turbulence[-1]
        rows = [
            (tr("From sizes alone"), fmt.price(exact(one.magnitude), places=2)),
            (tr("Correlation surprise"), fmt.price(exact(one.surprise), places=2)),
            (tr("Without the cut"), fmt.price(exact(one.plain), places=2)),
        ]
        return told(tr("Turbulence"), one.basis, found, rows)
    if kind == ABSORPTION and study.absorption is not None:
        return told(tr("Absorption ratio"), study.absorption.basis, found)
    related = study.correlations
    if kind == "correlation" and related is not None:
        rows = [
            (tr("Mean of all pairs, lately"), fmt.price(exact(related.average), places=2)),
            (tr("Mean of all pairs, before"), fmt.price(exact(related.average_before), places=2)),
            (tr("Pairs compared"), fmt.count(related.tested)),
        ]
        return told(tr("Correlation"), related.basis, found, rows)
    return HowComputed(tr("How computed"), tr("The history is too short for this figure."))


def course_of(kind: str, found: Found) -> Course:
    """Return turbulence or absorption of each day that has enough before it."""
    study = found.report.study
    if kind == TURBULENCE:
        return Course(
            tuple(ends(one.at) for one in study.turbulence), tuple(exact(one.robust) for one in study.turbulence)
        )
    absorbed = study.absorption
    if absorbed is None:
        return Course((), ())
    return Course(
        tuple(ends(int(at)) for at in absorbed.at.tolist()), tuple(exact(one) for one in absorbed.ratios.tolist())
    )


def course_of_pair(found: Found, one: str, other: str, bars: int) -> Course:
    """Return the weighted correlation of two assets over the whole history."""
    from app.core.risk.metrics.correlations import of_pair  # noqa: PLC0415 - numeric libraries stay out of the start
    from app.core.risk.scenarios import historical  # noqa: PLC0415

    question = found.report.study.question
    past = historical(
        found.book.market.returns, (one, other), found.bars, default_proxy=question.proxy, constant=question.constant
    )
    if set(past.assets) != {one, other}:
        return Course((), ())
    values = of_pair(past, one, other, bars).tolist()
    return Course(tuple(ends(int(at)) for at in past.at), tuple(exact(value) for value in values))
