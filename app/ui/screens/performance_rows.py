"""The parts of a period as rows: months, quarters, years or accounts, each with its amounts and returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from operator import attrgetter

from app.core.model.performance import Part
from app.core.model.views import Return
from app.ui import format as fmt
from app.ui.models.cells import Cell, Delta, Figure, Words
from app.ui.models.columns import RIGHT, Column, full_amount, text_column
from app.ui.models.rows import Branch
from app.ui.words import tr


def branches(parts: Iterable[Part]) -> tuple[Branch, ...]:
    """Return a row for each part."""
    return tuple(Branch(part.account_id or part.name, part) for part in parts)


def name(part: Part) -> str:
    """Return how a row is called."""
    return part.name


def _amount(column_id: str, title: str, field: str, about: str, priority: int) -> Column:
    read: Callable[[Part], Decimal | None] = attrgetter(f"performance.{field}")

    def cell(part: Part) -> Cell:
        value = read(part)
        return Figure(fmt.amount(value, part.performance.currency), "text" if value is not None else "text_3")

    def tip(part: Part) -> str:
        why = " ".join(part.performance.unknown)
        return why if read(part) is None else full_amount(read(part), part.performance.currency)

    return Column(column_id, title, read, cell, RIGHT, tooltip=tip, about=about, priority=priority)


def _return(column_id: str, title: str, field: str, about: str, priority: int) -> Column:
    read: Callable[[Part], Return] = attrgetter(f"performance.{field}")

    def cell(part: Part) -> Cell:
        value = read(part).value
        return Figure(fmt.UNKNOWN, "text_3") if value is None else Delta(value, fmt.percent(value, sign=True))

    def value_of(part: Part) -> Decimal | None:
        return read(part).value

    def tip(part: Part) -> str:
        return fmt.prose(read(part).why)

    return Column(column_id, title, value_of, cell, RIGHT, tooltip=tip, about=about, priority=priority)


def priced(part: Part) -> str:
    """Return how many of its days have a price."""
    of = tr("%p of %d").replace("%p", fmt.count(part.performance.priced_days))
    return of.replace("%d", fmt.count(part.performance.days))


def _priced(part: Part) -> Cell:
    is_whole = part.performance.priced_days == part.performance.days
    return Words(priced(part), "text_3" if is_whole else "warn", icon="" if is_whole else "circle-dashed")


def columns() -> Sequence[Column]:
    """Return the columns."""
    return (
        text_column("part", tr("Part"), name, priority=100, width=90, can_hide=False),
        _amount("before", tr("Start"), "before", tr("Value at the close before"), 60),
        _amount("in", tr("Put in"), "flowed_in", tr("Deposits, at the close of their days"), 70),
        _amount("out", tr("Taken out"), "flowed_out", tr("Withdrawals, at the close of their days"), 70),
        _amount("income", tr("Income"), "income", tr("Rewards, airdrops, forks and interest; part of the gain"), 50),
        _amount("fees", tr("Fees"), "fees", tr("Paid, less what was given back; they lowered the gain"), 50),
        _amount("gain", tr("Gain"), "gain", tr("End less start, less what was put in, plus what was taken out"), 90),
        _amount("after", tr("End"), "after", tr("Value at the last close, or at the marks of now"), 60),
        _return("twr", tr("TWR"), "time_weighted", tr("Time-weighted: the growth of each day, chained"), 100),
        _return("mwr", tr("MWR"), "money_weighted", tr("Money-weighted (XIRR), for the days of the part"), 80),
        _return("simple", tr("Simple"), "simple", tr("Gain ÷ (start + put in)"), 65),
        Column("priced", tr("Priced days"), priced, _priced, priority=40, width=84,
               sort_key=lambda part: Decimal(part.performance.priced_days)),
    )  # fmt: skip
