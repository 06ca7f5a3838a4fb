"""A track record as the window shows it: names of what it is held against, and figures as rows.

Numeric libraries are loaded with the first question, on a thread: nothing here imports them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.ui import format as fmt
from app.ui.models.cells import Heading
from app.ui.models.columns import Column, figure_column, text_column
from app.ui.models.rows import Branch
from app.ui.screens.risk_found import exact
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.track_record import Record

EQUAL, NO_BENCHMARK = "equal", "none"
"""Words in place of an asset, as the service knows them."""

Written = Callable[[Decimal | None], str]


class Seen:
    """An answer with the names that people know."""

    def __init__(self, record: Record) -> None:
        """Take the answer."""
        self.record = record

    def name(self, asset: str) -> str:
        """Return how a person calls an asset, or what is no asset."""
        other = {
            "income": tr("Income"), "fees": tr("Fees"), "trades": tr("Trades in a day"), "rest": tr("In no asset"),
            EQUAL: tr("equal weights"),
        }  # fmt: skip
        return other.get(asset) or self.record.names.get(asset, asset)

    def words(self, sentence: str) -> str:
        """Return a sentence as it is: the service names assets by their symbols."""
        return sentence

    @property
    def benchmark(self) -> str:
        """Return the name of the benchmark; "" where there is none."""
        found = self.record.track.benchmark
        return "" if found is None else self.name(found.name)


def ratio(value: Decimal | None) -> str:
    """Return a bare ratio with two places."""
    return fmt.price(value, places=2)


def share(value: Decimal | None) -> str:
    """Return a share with one place."""
    return fmt.percent(value, places=1)


def signed(value: Decimal | None) -> str:
    """Return a share with its sign."""
    return fmt.percent(value, places=1, sign=True)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of the book, with that of the benchmark alone where it has one.

    Attributes:
        key: What `explained` knows it by.
        why: Why it is not known; "" where it is.
        has_other: Whether the benchmark has such a figure even where it is not known.
    """

    key: str
    title: str
    book: Decimal | None
    other: Decimal | None
    written: Written
    why: str = ""
    has_other: bool = False


def figure_rows(seen: Seen) -> tuple[Branch, ...]:
    """Return the figures of the book, and under a heading those beside the benchmark."""
    track = seen.record.track
    own, other = track.ratios, track.other
    beside = other.ratios if other is not None else None
    days = int(track.curve.at.size)
    year = fmt.counted(days, tr("needs a year; there is %s day"), tr("needs a year; there are %s days"))
    why = year if track.is_short else ""

    def both(key: str, title: str, written: Written, why: str = "") -> FigureRow:
        theirs = None if beside is None else exact(getattr(beside, key))
        return FigureRow(key, title, exact(getattr(own, key)), theirs, written, why, has_other=beside is not None)

    rows = [
        FigureRow("total", tr("Return"), exact(track.total), None if other is None else exact(other.total), signed),
        both("growth", tr("Growth a year"), signed, why),
        both("volatility", tr("Volatility a year"), share),
        both("sharpe", tr("Sharpe ratio"), ratio),
        both("sortino", tr("Sortino ratio"), ratio),
        both("calmar", tr("Calmar ratio"), ratio, why),
        FigureRow("drawdown", tr("Deepest drawdown"), exact(-track.drawdown.deepest),
                  None if other is None else exact(-other.drawdown.deepest), share),
        FigureRow("cdar", tr("CDaR %l").replace("%l", f"{track.drawdown.confidence * 100:g}\u2009%"),
                  exact(-track.drawdown.conditional),
                  None if other is None else exact(-other.drawdown.conditional), share),
    ]  # fmt: skip
    branches = [Branch(row.key, row) for row in rows]
    if other is not None:
        below = tuple(Branch(row.key, row) for row in _beside_rows(seen))
        words = tr("Against %s").replace("%s", seen.benchmark)
        branches.append(Branch("beside", Heading(words), below, is_heading=True))
    return tuple(branches)


def _beside_rows(seen: Seen) -> Sequence[FigureRow]:
    own = seen.record.track.ratios
    names: Sequence[tuple[str, str, Written]] = (
        ("beta", tr("Beta"), ratio), ("alpha", tr("Alpha a year"), signed), ("correlation", tr("Correlation"), ratio),
        ("tracking_error", tr("Tracking error"), share), ("information", tr("Information ratio"), ratio),
        ("up", tr("Upside capture"), share), ("down", tr("Downside capture"), share),
    )  # fmt: skip
    rows = [FigureRow(key, title, exact(getattr(own, key)), None, written) for key, title, written in names]
    effects = seen.record.track.attribution.effects
    if effects is not None:
        decided = (("allocation", tr("Allocation effect")), ("selection", tr("Selection effect")),
                   ("beyond", tr("Income, fees, trades")))  # fmt: skip
        rows += [FigureRow(key, title, exact(getattr(effects, key)), None, signed) for key, title in decided]
    return rows


def figure_name(row: FigureRow) -> str:
    """Return how a row is called."""
    return row.title


def figure_columns() -> Sequence[Column]:
    """Return the columns."""
    return (
        text_column("figure", tr("Figure"), figure_name, width=110, priority=100, can_hide=False),
        figure_column("book", tr("Book"), lambda row: row.book, lambda row: row.written(row.book), priority=95,
                      tooltip=lambda row: row.why),
        figure_column("other", tr("Benchmark"), lambda row: row.other, _of_other, priority=90, width=100),
    )  # fmt: skip


def _of_other(row: FigureRow) -> str:
    return "" if row.other is None and not row.has_other else row.written(row.other)
