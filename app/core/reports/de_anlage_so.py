"""Germany: data for Anlage SO, private Veräußerungsgeschäfte and Leistungen."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from app.core.money import plain
from app.core.reports.frame import Content, framed
from app.core.reports.parcels import CENTS, Parcel, parcels
from app.core.reports.rounding import down, minus, nearest, summed, up
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Reference, Report, Table
from app.core.tax.figures import Term

FORM = "de-anlage-so"
TITLE = "Anlage SO: virtuelle Währungen und sonstige Token"
JURISDICTION = "de"

_LIMIT_RAISED = 2024
_LIMIT, _LIMIT_BEFORE, _LIMIT_SERVICES = Decimal(1000), Decimal(600), Decimal(256)
_SALES = (
    Column("Bezeichnung"),
    Column("Menge", Kind.QUANTITY),
    Column("Angeschafft", Kind.DATE),
    Column("Veräußert", Kind.DATE),
    Column("Veräußerungspreis", Kind.MONEY),
    Column("Anschaffungskosten", Kind.MONEY),
    Column("Gewinn / Verlust", Kind.MONEY),
    Column("Entry"),
)


def report(source: ReportSource) -> Report:
    """Return the data of Anlage SO."""
    found = list(parcels(source))
    taxed = [one for one in found if one.term is not Term.LONG]
    free = [one for one in found if one.term is Term.LONG]
    limit = _LIMIT if source.year >= _LIMIT_RAISED else _LIMIT_BEFORE
    tables = [
        _lines(source, taxed, limit),
        _sales("Held for one year or less: § 23 EStG", taxed),
        _sales("Held for more than one year: not taxed", free),
        _services(source),
    ]
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            tables,
            [
                (
                    "Rows are rounded to the cent, a half up, and add up to the rounded sale; lines 44 and 45 "
                    "are their sums in whole euros, the price down and the cost up; line 47 is their difference."
                ),
                "Costs of a sale (line 46) are already taken off its price, so that line stays empty.",
                (
                    f"Freigrenze {plain(limit)} EUR for all private sales of the year together: below it "
                    "nothing is taxed, at it everything. Other private sales count too, and are not in these figures."
                ),
                "Every receipt of the year counts as one for services (§ 22 Nr. 3 EStG): take off what is none.",
                "Unverified, from secondary sources: the numbers of the lines, their rounding, and the Freigrenzen.",
            ],
            edition=f"Anlage SO {source.year}",
            references=(Reference("Anlage SO", "https://www.formulare-bfinv.de/"),),
        ),
    )


def _sales(title: str, found: list[Parcel]) -> Table:
    rows = tuple(
        (
            one.disposal.asset,
            one.quantity,
            one.acquired,
            one.sold,
            one.proceeds,
            one.cost,
            one.gain,
            one.disposal.row,
        )
        for one in found
    )
    proceeds, cost, gain = (nearest(one, CENTS) for one in _sums(found))
    return Table(title, _SALES, rows, (("Summe", "", "", "", proceeds, cost, gain, ""),))


def _sums(found: Iterable[Parcel]) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    kept = list(found)
    return (
        summed(one.proceeds for one in kept),
        summed(one.cost for one in kept),
        summed(one.gain for one in kept),
    )


def _lines(source: ReportSource, taxed: list[Parcel], limit: Decimal) -> Table:
    proceeds, cost, exact = _sums(taxed)
    price, basis = down(proceeds), up(cost)
    services = source.figures.totals.income
    rows: tuple[tuple[Cell, ...], ...] = (
        ("41", "Virtuelle Währungen veräußert (1 = ja)", "1" if taxed else ""),
        ("44", "Veräußerungspreis", price),
        ("45", "Anschaffungskosten", basis),
        ("46", "Werbungskosten", ""),
        ("47", "Gewinn / Verlust", minus(price, basis)),
        ("", f"Freigrenze {plain(limit)} EUR, § 23 (3) EStG", _reached(exact, limit)),
        ("10–16", "Einnahmen aus Leistungen, § 22 Nr. 3 EStG", down(services)),
        ("", f"Freigrenze {plain(_LIMIT_SERVICES)} EUR, § 22 Nr. 3 EStG", _reached(services, _LIMIT_SERVICES)),
    )
    return Table("Lines of the form", (Column("Zeile"), Column("What"), Column("EUR", Kind.MONEY)), rows)


def _reached(value: Decimal | None, limit: Decimal) -> str | None:
    if value is None:
        return None
    return "reached: taxed in full" if value >= limit else "not reached"


def _services(source: ReportSource) -> Table:
    columns = (
        Column("Received", Kind.DATE),
        Column("Asset"),
        Column("Menge", Kind.QUANTITY),
        Column("Wert bei Zufluss", Kind.MONEY),
        Column("Entry"),
    )
    income = source.figures.income
    rows = tuple((source.day(one.at), one.asset, one.quantity, nearest(one.value, CENTS), one.row) for one in income)
    total = nearest(source.figures.totals.income, CENTS)
    return Table("Leistungen: staking, lending and the like", columns, rows, (("Summe", "", "", total, ""),))
