"""The trail of a figure: what it is the sum of, under which rule of which law, and from which values.

A figure is named as `tax/YEAR/COUNTRY/gain`, likewise `proceeds`, `cost`, `income`, `short_gain` and `long_gain`, or as
`tax/YEAR/COUNTRY/disposal/ROW` and `tax/YEAR/COUNTRY/receipt/ROW`, where a row may also be named by its entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import TypeVar

from app.core.errors import InputError, UsageError
from app.core.lots.undisturbed import undisturbed
from app.core.names import AS_TOLD, Names
from app.core.tax.figures import DisposalFigures, MatchFigures, TaxFigures
from app.core.tax.from_entries import entry_of
from app.core.tax.jurisdiction import Source
from app.core.tax.jurisdictions import JURISDICTIONS
from app.core.tax.profile import Profile
from app.core.tax.valuation_words import in_words
from app.core.tax.valuations import Valuation
from app.core.values import made_quickly

_SUMS = {
    "gain": "proceeds − cost + denied losses of every disposal",
    "proceeds": "the proceeds of every disposal",
    "cost": "the cost of every disposal",
    "short_gain": "the gain of every disposal on what was held for short",
    "long_gain": "the gain of every disposal on what was held for long",
    "income": "the value of every receipt",
}
_HINT = "Example: tax/2025/us/gain or tax/2025/us/disposal/ENTRY."
_LEAST = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure by its name.

    Attributes:
        kind: A sum, or disposal or receipt.
        row: Of a disposal or receipt.
    """

    year: int
    country: str
    kind: str
    row: str = ""

    @property
    def name(self) -> str:
        """Return the name."""
        return "/".join(("tax", str(self.year), self.country, self.kind, *([self.row] if self.row else ())))


@made_quickly
@dataclass(frozen=True, slots=True)
class Step:
    """A part of a figure: a name where it has a trail of its own, its value, and how that is known."""

    what: str
    value: Decimal | None
    figure: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class LotStep:
    """An acquisition, or the pool, that a disposal used up."""

    lot: str | None
    entry: str | None
    rule: str
    quantity: Decimal
    cost: Decimal | None
    source: str
    acquired_ns: int | None
    acquired_resolution: int


@dataclass(frozen=True, slots=True)
class Trail:
    """How a figure came to be.

    Attributes:
        formula: In words.
        entries: Those that it follows from directly, whose records prove it.
    """

    figure: str
    value: Decimal | None
    currency: str
    formula: str
    method: str
    scope: str
    options: Mapping[str, str]
    law: tuple[Source, ...]
    steps: tuple[Step, ...]
    lots: tuple[LotStep, ...] = ()
    entries: tuple[str, ...] = ()


def figure(name: str) -> Figure:
    """Return the figure of a name; UsageError where it is no such name."""
    parts = name.split("/")
    has_row = len(parts) > _LEAST and parts[3:4] in (["disposal"], ["receipt"])
    if len(parts) < _LEAST or parts[0] != "tax" or not parts[1].isdecimal() or parts[2] not in JURISDICTIONS:
        raise UsageError(f"{name!r} names no figure.", hint=_HINT)
    if not has_row and (len(parts) != _LEAST or parts[3] not in _SUMS):
        raise UsageError(f"{name!r} names no figure.", hint=f"There are: {', '.join(_SUMS)}, disposal/…, receipt/….")
    return Figure(int(parts[1]), parts[2], parts[3], "/".join(parts[4:]))


@undisturbed
def trail(
    asked: Figure, figures: TaxFigures, chosen: Profile, valuations: Mapping[str, Valuation], names: Names = AS_TOLD
) -> Trail:
    """Return how a figure came to be; InputError where the year has no such disposal or receipt."""

    def source(row: str) -> str:
        known = valuations.get(row)
        return in_words(known.source, names.symbol) if known else ""

    if asked.kind == "disposal":
        sale = _found(asked, figures.disposals, attrgetter("rows"))
        return _of_sale(asked, sale, figures, chosen, source)
    if asked.kind == "receipt":
        receipt = _found(asked, figures.income, lambda one: (one.row,))
        step = Step(names.amount(receipt.quantity, receipt.asset), receipt.value, "", source(receipt.row))
        formula = "its value on the day of receipt"
        return _trail(asked, receipt.value, formula, figures, chosen, [step], entries=(entry_of(receipt.row),))
    value: Decimal | None = getattr(figures.totals, asked.kind)
    # A year may have tens of thousands of parts: what their names have in common is written once.
    if asked.kind == "income":
        start = Figure(asked.year, asked.country, "receipt").name
        steps = [Step(names.amount(one.quantity, one.asset), one.value, f"{start}/{one.row}") for one in figures.income]
    else:
        start, of = Figure(asked.year, asked.country, "disposal").name, attrgetter(asked.kind)
        steps = [
            Step(names.amount(one.quantity, one.asset), of(one), f"{start}/{one.row}") for one in figures.disposals
        ]
    return _trail(asked, value, _SUMS[asked.kind], figures, chosen, steps)


T = TypeVar("T")


def _found(asked: Figure, several: Iterable[T], rows_of: Callable[[T], tuple[str, ...]]) -> T:
    for one in several:
        rows = rows_of(one)
        if asked.row in rows or asked.row in map(entry_of, rows):
            return one
    raise InputError(
        f"The year {asked.year} has no {asked.kind} {asked.row!r}.",
        hint="counterfoil tax compute --year lists them, and explain of the sum does.",
    )


def _of_sale(
    asked: Figure, sale: DisposalFigures, figures: TaxFigures, chosen: Profile, source: Callable[[str], str]
) -> Trail:
    steps = [
        Step("proceeds", sale.proceeds, "", "; ".join(source(row) for row in sale.rows)),
        Step("cost", sale.cost),
        Step("denied", sale.denied),
    ]
    used = tuple(_lot(match, source) for match in sale.matches)
    entries = [*map(entry_of, sale.rows), *(one.entry for one in used if one.entry)]
    formula = "proceeds − cost + denied; the cost is that of the lots"
    return _trail(asked, sale.gain, formula, figures, chosen, steps, lots=used, entries=tuple(dict.fromkeys(entries)))


def _lot(match: MatchFigures, source: Callable[[str], str]) -> LotStep:
    row = match.lot
    return LotStep(
        row,
        None if row is None else entry_of(row),
        match.rule,
        match.quantity,
        match.cost,
        "" if row is None else source(row),
        match.acquired_ns,
        match.acquired_resolution,
    )


def _trail(  # noqa: PLR0913, PLR0917 - a trail's parts in their order
    asked: Figure,
    value: Decimal | None,
    formula: str,
    figures: TaxFigures,
    chosen: Profile,
    steps: Iterable[Step],
    *,
    lots: tuple[LotStep, ...] = (),
    entries: tuple[str, ...] = (),
) -> Trail:
    return Trail(
        asked.name,
        value,
        figures.currency,
        formula,
        chosen.method.value,
        chosen.scope.value,
        chosen.options,
        chosen.jurisdiction.sources,
        tuple(steps),
        lots,
        entries,
    )
