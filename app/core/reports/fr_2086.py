"""France: formulaire 2086, cessions d'actifs numériques."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.core.money import EXACT, ZERO, multiply
from app.core.reports.frame import Content, framed
from app.core.reports.rounding import column_sum, divided, nearest, summed
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Reference, Report, Table
from app.core.tax.figures import DisposalFigures

FORM = "fr-2086"
TITLE = "Formulaire 2086: cessions d'actifs numériques"
JURISDICTION = "fr"

_FINE = 30
_GAIN = 10
_COLUMNS = (
    Column("211 Date de la cession", Kind.DATE),
    Column("Actif"),
    Column("212 Valeur globale du portefeuille", Kind.MONEY),
    Column("213 Prix de cession", Kind.MONEY),
    Column("214 Frais", Kind.MONEY),
    Column("217 Prix net des soultes", Kind.MONEY),
    Column("218 Prix net des frais et soultes", Kind.MONEY),
    Column("220 Prix total d'acquisition", Kind.MONEY),
    Column("221 Fractions de capital initial", Kind.MONEY),
    Column("223 Prix total d'acquisition net", Kind.MONEY),
    Column("224 Plus ou moins-value", Kind.MONEY),
    Column("Entry"),
)
_NOTES = (
    (
        "Amounts are in whole euros, to the nearest, a half up; line 224 is computed from exact "
        "figures and rounded once, and the total is the sum of the rounded rows."
    ),
    (
        "Costs of a sale (214) come off its price in 218 but not in 217, by which the share of the portfolio is "
        "taken; where a file of transactions has no column costs, its values count as prices. Soultes (lines 216 and "
        "222) are not part of these figures."
    ),
    "Exchanges of one digital asset for another are neutral and stand in no row.",
    (
        "Line numbers as in the form for 2021 (16043*03); unverified for this year, as are the "
        "rounding and the boxes 3AN and 3BN. Accounts abroad go into form 3916-bis."
    ),
)


def report(source: ReportSource) -> Report:
    """Return the columns of form 2086, one row a sale."""
    rows = tuple(_rows(source))
    result = column_sum(rows, _GAIN)
    totals: tuple[Cell, ...] = ("Total", *("",) * 9, result, "")
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            [Table(TITLE, _COLUMNS, rows, (totals,)), _result(result)],
            _NOTES,
            edition=f"Formulaire 2086, revenus de {source.year}",
            references=(Reference("Formulaire 2086", "https://www.impots.gouv.fr/formulaire/2086/"),),
        ),
    )


def _rows(source: ReportSource) -> Iterator[tuple[Cell, ...]]:
    fractions = source.fractions_before
    for one in source.figures.disposals:
        yield _row(source, one, fractions)
        fractions = summed((fractions, one.cost))


def _row(source: ReportSource, one: DisposalFigures, fractions: Decimal | None) -> tuple[Cell, ...]:
    transaction = source.transactions.get(one.row)
    value = None if transaction is None else transaction.portfolio_value
    costs = ZERO if transaction is None else transaction.costs
    gross = None if one.proceeds is None else EXACT.add(one.proceeds, costs)
    net = _net_cost(one, value, gross)
    whole = None if net is None or fractions is None else EXACT.add(net, fractions)
    return (
        source.day(one.at),
        one.asset,
        nearest(value),
        nearest(gross),
        nearest(costs) if costs else "",
        nearest(gross),
        nearest(one.proceeds),
        nearest(whole),
        nearest(fractions),
        nearest(net),
        nearest(one.gain),
        one.row,
    )


def _net_cost(one: DisposalFigures, value: Decimal | None, price: Decimal | None) -> Decimal | None:
    """Return the cost of the whole portfolio before a sale, of which the sale's cost is the share price ÷ value."""
    if one.cost is None or value is None:
        return None
    return divided(multiply(one.cost, value), price, _FINE)


def _result(result: Decimal | None) -> Table:
    gain = None if result is None else max(result, ZERO)
    loss = None if result is None else max(result.copy_negate(), ZERO)
    columns = (Column("Case 2042 C"), Column("What"), Column("EUR", Kind.MONEY))
    return Table("Result", columns, (("3AN", "Plus-value nette", gain), ("3BN", "Moins-value nette", loss)))
