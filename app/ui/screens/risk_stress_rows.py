"""Stresses as rows: what each would cost, and asset by asset."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.core.errors import InputError
from app.ui import format as fmt
from app.ui.models.cells import Cell, Figure, Named, Share, Words
from app.ui.models.columns import LEFT, RIGHT, Column, figure_column
from app.ui.models.rows import Branch
from app.ui.screens.risk_found import Found, exact, is_known, public, share_of
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.stress.episodes import Episode
    from app.core.risk.stress.hypothetical import Hypothesis
    from app.core.risk.stress.results import Line, StressResult
    from app.services.risk_scenarios import OwnScenario

PAST, MADE_UP, OWN = "past", "hypothetical", "own"


@dataclass(frozen=True, slots=True)
class StressRow:
    """One stress of the book.

    Attributes:
        gain: Negative for a loss; None where it is unknown or says too little of the book.
        widest: The largest loss or gain of all, for the length of the bars.
        why: Why it is unknown.
    """

    key: str
    name: str
    kind: str
    what: Episode | Hypothesis
    result: StressResult | None
    gain: Decimal | None
    of_value: Decimal | None
    covered: Decimal | None
    widest: float
    currency: str
    why: str = ""


def stress_rows(found: Found, own: Iterable[OwnScenario]) -> tuple[StressRow, ...]:
    """Return every stress, the largest loss first; what is unknown comes last."""
    from app.core.risk.stress.episodes import Episode  # noqa: PLC0415 - loaded with the answer, on a thread
    from app.services import risk  # noqa: PLC0415

    given: list[tuple[str, str, str, Any, StressResult | None]] = []
    for what, result in zip(risk.concerning(found.book), found.report.stress, strict=True):
        kind = PAST if isinstance(what, Episode) else MADE_UP
        given.append((kind, result.name, found.words(result.name), what, result))
    given += [(OWN, one.name, one.name, one.hypothesis, run(found, one.hypothesis)[0]) for one in own]
    rows = [_row(found, line) for line in given]
    widest = max((abs(float(row.gain)) for row in rows if row.gain is not None), default=0.0) or 1.0
    rows.sort(key=lambda row: (row.gain is None, row.gain or Decimal(0)))
    return tuple(replace(row, widest=widest) for row in rows)


def run(found: Found, what: Hypothesis) -> tuple[StressResult | None, str]:
    """Return what a scenario would do; or why that cannot be said."""
    from app.services import risk  # noqa: PLC0415

    try:
        return risk.stresses(found.book, found.report.study, (what,))[0], ""
    except InputError as fault:
        return None, " ".join(part for part in (fault.message, fault.hint) if part)


def _row(found: Found, given: tuple[str, str, str, Any, StressResult | None]) -> StressRow:
    kind, own_name, name, what, result = given
    key = f"{kind} {own_name}"
    is_told = result is not None and is_known(result)
    gain = exact(result.gain) if result is not None and is_told else None
    of_value = share_of(result.gain, found.book.value) if result is not None and is_told else None
    covered = None if result is None else exact(result.basis.coverage.share)
    return StressRow(key, name, kind, what, result, gain, of_value, covered, 1.0, found.currency)


def branches(rows: Iterable[StressRow]) -> tuple[Branch, ...]:
    """Return a row for each."""
    return tuple(Branch(row.key, row) for row in rows)


def name(row: StressRow) -> str:
    """Return how a stress is called; its figures are hidden where they must be."""
    return public(row.name)


def kind_words(kind: str) -> str:
    """Return what sort of stress it is."""
    return {PAST: tr("happened"), MADE_UP: tr("hypothetical"), OWN: tr("own")}[kind]


def _of_value(row: StressRow) -> str:
    if row.of_value is None:
        return tr("unknown")
    return fmt.percent(row.of_value, places=1, sign=row.of_value > 0)


def columns() -> Sequence[Column]:
    """Return the columns of the list."""

    def title(row: StressRow) -> Cell:
        icon = {PAST: "history", MADE_UP: "flask-conical", OWN: "user"}[row.kind]
        return Words(public(row.name), icon=icon)

    def bar(row: StressRow) -> Cell:
        if row.gain is None:
            return Share(None, tr("unknown"))
        tone = "down" if row.gain < 0 else "up"
        return Share(abs(float(row.gain)) / row.widest, _of_value(row), tone)

    def gain(row: StressRow) -> str:
        if row.gain is None:
            return tr("unknown")
        return fmt.compact(row.gain, row.currency, places=1, like=exact(row.widest), sign=row.gain > 0)

    def full(row: StressRow) -> str:
        return row.why or fmt.amount(row.gain, row.currency)

    def kind(row: StressRow) -> Cell:
        return Words(kind_words(row.kind), "text_3")

    def covers(row: StressRow) -> Cell:
        is_enough = row.covered is not None and row.covered >= Decimal("0.995")
        return Figure(fmt.percent(row.covered, places=0), "text_3" if is_enough else "warn")

    return (
        Column("stress", tr("Stress"), lambda row: row.name, title, gives_way=True, width=150, priority=100,
               can_hide=False),
        Column("share", tr("Of value"), lambda row: row.of_value, bar, LEFT, width=116, priority=90),
        figure_column("gain", tr("Gain or loss"), lambda row: row.gain, gain, priority=95, tooltip=full),
        Column("covers", tr("Covers"), lambda row: row.covered, covers, RIGHT, priority=60,
               about=tr("Share of the exposure whose gain or loss is known; below half the stress is unknown")),
        Column("kind", tr("Kind"), lambda row: kind_words(row.kind), kind, priority=40, width=70),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineRow:
    """One asset in a stress."""

    line: Line
    name: str
    note: str
    currency: str


def line_rows(found: Found, result: StressResult) -> tuple[Branch, ...]:
    """Return the assets of a stress, the largest loss first."""
    rows = (LineRow(one, found.name(one.asset), found.words(one.note), found.currency) for one in result.lines)
    return tuple(Branch(row.line.asset, row) for row in rows)


def line_name(row: LineRow) -> str:
    """Return how an asset is called."""
    return row.name


def line_columns() -> Sequence[Column]:
    """Return the columns by asset."""

    def asset(row: LineRow) -> Cell:
        return Named(row.name, row.name)

    def note(row: LineRow) -> Cell:
        return Words(public(row.note), "text_3")

    def gain(row: LineRow) -> str:
        value = exact(row.line.gain)
        return tr("unknown") if value is None else fmt.amount(value, row.currency, places=0, sign=True)

    return (
        Column("asset", tr("Asset"), line_name, asset, gives_way=True, width=90, priority=100, can_hide=False),
        figure_column("exposure", tr("Exposure"), lambda row: exact(row.line.exposure),
                      lambda row: fmt.amount(exact(row.line.exposure), row.currency, places=0), priority=70),
        figure_column("move", tr("Move"), lambda row: exact(row.line.move),
                      lambda row: fmt.percent(exact(row.line.move), places=1, sign=True), priority=80),
        figure_column("gain", tr("Gain or loss"), lambda row: exact(row.line.gain), gain, priority=95,
                      tooltip=lambda row: fmt.amount(exact(row.line.gain), row.currency)),
        Column("note", tr("Note"), lambda row: row.note, note, gives_way=True, width=70, priority=40),
    )  # fmt: skip
