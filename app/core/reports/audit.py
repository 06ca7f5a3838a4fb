"""The audit workbook: every disposal, match, receipt and holding, exact, with prices and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.core.clock import iso
from app.core.reports.frame import Content, facts, framed
from app.core.reports.rounding import divided
from app.core.reports.source import ReportSource
from app.core.reports.table import UNKNOWN, Cell, Column, Kind, Report, Table
from app.core.tax.figures import DisposalFigures

FORM = "audit"
TITLE = "Audit workbook"
JURISDICTION = None

_PRICE_PLACES = 12
_MONEY = Kind.QUANTITY
"""Exact amounts are written as they are, not with the places of a currency."""


def report(source: ReportSource) -> Report:
    """Return every figure with what it came from."""
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            [
                _profile(source),
                _disposals(source),
                _matches(source),
                _income(source),
                _holdings(source),
                *([_transactions(source)] if source.transactions else []),
                _findings(source),
            ],
            [
                "Nothing is rounded, except prices of a unit, which are shown to 12 places and not used again.",
                (
                    "Gain is proceeds less cost plus what of a loss is denied. Disposals and matches are of "
                    "the tax year, transactions of the whole history."
                ),
            ],
        ),
    )


def _profile(source: ReportSource) -> Table:
    totals = source.figures.totals
    rows: list[tuple[Cell, ...]] = [*facts(source)]
    rows += [(f"Option {name}", value) for name, value in sorted(source.profile.options.items())]
    rows += [
        ("Total proceeds", totals.proceeds),
        ("Total cost", totals.cost),
        ("Total denied", totals.denied),
        ("Total gain", totals.gain),
        ("Total income", totals.income),
    ]
    if source.profile.is_long is not None:
        rows += [("Total short gain", totals.short_gain), ("Total long gain", totals.long_gain)]
    return Table("Profile and totals", (Column("What"), Column("Value", _MONEY)), tuple(rows))


def _disposals(source: ReportSource) -> Table:
    columns = (
        Column("Entry"),
        Column("At"),
        Column("Tax day", Kind.DATE),
        Column("Asset"),
        Column("Place"),
        Column("Quantity", Kind.QUANTITY),
        Column("Price of a unit", _MONEY),
        Column("Proceeds", _MONEY),
        Column("Cost", _MONEY),
        Column("Denied", _MONEY),
        Column("Gain or loss", _MONEY),
        Column("Held"),
        Column("Entries"),
        Column("Note and source of the value"),
    )
    rows = tuple(
        (
            one.row,
            iso(one.at, one.resolution),
            source.day(one.at),
            one.asset,
            one.wallet,
            one.quantity,
            divided(one.proceeds, one.quantity, _PRICE_PLACES),
            one.proceeds,
            one.cost,
            one.denied,
            one.gain,
            one.term.value if one.term else "",
            " ".join(one.rows),
            source.noted(one.rows),
        )
        for one in source.figures.disposals
    )
    return Table("Disposals", columns, rows)


def _matches(source: ReportSource) -> Table:
    columns = (
        Column("Disposal"),
        Column("Asset"),
        Column("Rule"),
        Column("Acquisition"),
        Column("Acquired at"),
        Column("Quantity", Kind.QUANTITY),
        Column("Cost of a unit", _MONEY),
        Column("Cost", _MONEY),
        Column("Held"),
        Column("Note and source of the cost"),
    )
    rows = tuple(row for one in source.figures.disposals for row in _matches_of(source, one))
    return Table("Matches", columns, rows)


def _matches_of(source: ReportSource, one: DisposalFigures) -> Iterator[tuple[Cell, ...]]:
    for match in one.matches:
        yield (
            one.row,
            one.asset,
            match.rule,
            match.lot or "pool",
            "" if match.acquired_ns is None else iso(match.acquired_ns, match.acquired_resolution),
            match.quantity,
            divided(match.cost, match.quantity, _PRICE_PLACES),
            match.cost,
            match.term.value if match.term else "",
            source.noted((match.lot,)) if match.lot else "",
        )


def _income(source: ReportSource) -> Table:
    columns = (
        Column("Entry"),
        Column("At"),
        Column("Asset"),
        Column("Place"),
        Column("Quantity", Kind.QUANTITY),
        Column("Price of a unit", _MONEY),
        Column("Value", _MONEY),
        Column("Note and source of the value"),
    )
    rows = tuple(
        (
            one.row,
            iso(one.at, one.resolution),
            one.asset,
            one.wallet,
            one.quantity,
            divided(one.value, one.quantity, _PRICE_PLACES),
            one.value,
            source.noted((one.row,)),
        )
        for one in source.figures.income
    )
    return Table("Income", columns, rows)


def _holdings(source: ReportSource) -> Table:
    columns = (Column("Asset"), Column("Place"), Column("Quantity", Kind.QUANTITY), Column("Cost", _MONEY))
    whole = source.figures.portfolio_cost
    rows: list[tuple[Cell, ...]] = [
        (one.asset, one.wallet or "all together", one.quantity, one.cost if whole is None else "")
        for one in source.figures.holdings
    ]
    if whole is not None:
        rows.append(("Whole portfolio", "", "", whole))
    return Table("Holdings at the end", columns, tuple(rows))


def _transactions(source: ReportSource) -> Table:
    columns = (
        Column("Entry"),
        Column("At"),
        Column("Type"),
        Column("Asset"),
        Column("Place"),
        Column("To place"),
        Column("Quantity", Kind.QUANTITY),
        Column("Value", _MONEY),
        Column("Price of a unit", _MONEY),
        Column("Note and source of the value"),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in source.transactions.values():
        is_valued = one.type in ("buy", "sell", "income")
        unit = one.unit_price if one.unit_price is not None else divided(one.value, one.quantity, _PRICE_PLACES)
        rows.append(
            (
                one.row,
                iso(one.at, one.resolution),
                one.type.value,
                one.asset,
                one.wallet,
                one.to_wallet,
                one.quantity,
                _told(one.value) if is_valued else "",
                _told(unit) if is_valued else "",
                source.noted((one.row,)),
            )
        )
    return Table("Transactions", columns, tuple(rows))


def _told(value: Decimal | None) -> Cell:
    """Return a value as it is told of the whole history: one that is not known need not concern this year."""
    return UNKNOWN if value is None else value


def _findings(source: ReportSource) -> Table:
    columns = (
        Column("Severity"),
        Column("Code"),
        Column("Day", Kind.DATE),
        Column("What"),
        Column("Detail"),
        Column("What to do"),
    )
    rows = tuple(
        (one.severity.value, one.code, source.day_of(one) or "", one.message, one.detail, one.fix)
        for one in source.findings
    )
    return Table("Findings", columns, rows)
