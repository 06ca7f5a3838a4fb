"""Reports of tax years of the books: the same source for the window and for the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from app.core.clock import iso
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
        evidence=_evidence(found),
        broker=broker,
        is_incomplete=found.is_blocked,
    )


def _evidence(found: TaxYear) -> dict[str, str]:
    """Return by row, in words, where its value stands and which record says what lots a sale used up."""
    evidence = {row: one.source for row, one in found.valuations.items()}
    for row, one in found.identified.items():
        selected = one.selection
        how = "" if one.is_followed else ", after the sale and not followed"
        told = f"lots selected on {iso(selected.recorded_ns)} by the record {selected.record}{how}"
        evidence[row] = "; ".join(filter(None, (evidence.get(row, ""), told)))
    return evidence


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
