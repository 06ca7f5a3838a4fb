"""Reports of tax years of the books: the same source for the window and for the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from app.core.ports import AssetRegistry
from app.core.reports.broker import BrokerLine
from app.core.reports.source import ReportSource
from app.core.tax.figures import TaxFigures, Term
from app.services.tax_years import TaxYear


def source_of(
    found: TaxYear,
    year: int,
    assets: AssetRegistry,
    broker: Mapping[tuple[str, Term | None], BrokerLine] | None = None,
) -> ReportSource:
    """Return what every report of a year is made from: `app.core.reports.catalog.report` takes it."""
    return ReportSource(
        _with_symbols(found.figures, assets),
        found.profile,
        year,
        findings=found.findings,
        evidence={row: one.source for row, one in found.valuations.items()},
        broker=broker,
        is_incomplete=found.is_blocked,
    )


def _with_symbols(figures: TaxFigures, assets: AssetRegistry) -> TaxFigures:
    """Return figures that name assets as people do: by ticker, by id where two have the same."""
    used = {one.asset for one in figures.disposals} | {one.asset for one in figures.income}
    used |= {one.asset for one in figures.holdings}
    symbols = {asset: assets.asset(asset).symbol for asset in used}
    shared = Counter(symbols.values())
    names = {asset: symbol if symbol and shared[symbol] == 1 else asset for asset, symbol in symbols.items()}
    return replace(
        figures,
        disposals=tuple(replace(one, asset=names[one.asset]) for one in figures.disposals),
        income=tuple(replace(one, asset=names[one.asset]) for one in figures.income),
        holdings=tuple(replace(one, asset=names[one.asset]) for one in figures.holdings),
    )
