"""Reports of tax years of the books: the same source for the window and for the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from app.core.clock import EPOCH, iso
from app.core.errors import RefusedError
from app.core.findings import Finding
from app.core.lots.methods import Method
from app.core.ports import AssetRegistry
from app.core.reports.broker import BrokerLine
from app.core.reports.held import HeldAt, HeldLot
from app.core.reports.source import ReportSource, Wanted, days_of, fractions_before, held_at
from app.core.tax.compute import compute
from app.core.tax.events import Transaction
from app.core.tax.figures import TaxFigures, Term
from app.services.sealed_figures import AS_SEALED
from app.services.tax_years import TaxYear


def source_of(
    found: TaxYear,
    year: int,
    assets: AssetRegistry,
    broker: Mapping[tuple[str, Term | None], BrokerLine] | None = None,
    as_of: date | None = None,
) -> ReportSource:
    """Return what every report of a year is made from: `app.core.reports.catalog.report` takes it.

    Args:
        found: The figures of that year.
        year: As the jurisdiction names it.
        assets: Knows how people call them.
        broker: What brokers reported.
        as_of: A day of the year at whose end holdings are told, instead of the year's end.
    """
    figures = found.figures
    played: Sequence[Transaction] = found.transactions
    if as_of is not None:
        last = as_of.toordinal()
        played = [one for one in found.transactions if found.profile.calendar.day(one.at) <= last]
        figures = compute(played, found.profile, currency=figures.currency, year=year, refuses_choices=False)
    is_held = as_of is None and found.standing is not None and found.standing.is_held
    findings = _findings(found, as_of)
    # What the portfolio was worth at each sale is known of the books of now only.
    is_portfolio = found.profile.method is Method.PMP and not is_held
    wanted = Wanted(year, figures.currency, as_of=as_of, prices=found.prices)
    fractions = fractions_before(found.transactions, found.profile, wanted) if is_portfolio else None
    held, names = held_at(figures, played, found.profile, wanted), _names(figures, assets)
    return ReportSource(
        _with_symbols(figures, names),
        found.profile,
        year,
        findings=findings,
        evidence=_evidence(found),
        # Only where a form asks for the value of the portfolio: tables of all transactions of large books are long.
        transactions={one.row: one for one in found.transactions} if is_portfolio else {},
        fractions_before=fractions,
        broker=broker,
        values=None if held is None else held.values(),
        valued_on=None if held is None else held.valued_on,
        lots=None if held is None else _not_sealed if is_held else partial(_lots, held, names),
        as_of=as_of,
        income_kinds=found.income_kinds,
        is_incomplete=found.is_blocked,
        known_until=_known_until(found),
        is_simulated=found.is_simulated,
        days=days_of(findings, found.transactions, found.profile),
    )


def _findings(found: TaxYear, as_of: date | None) -> tuple[Finding, ...]:
    """Return the findings; of a day before its end nothing of the year was sealed."""
    return tuple(one for one in found.findings if as_of is None or one.code != AS_SEALED)


def _not_sealed() -> tuple[HeldLot, ...]:
    message = "The single lots of a closed year that came out differently since are no part of what was sealed."
    raise RefusedError(
        message, hint="Write what was sealed with counterfoil tax seals --out, amend the year, or ask for another day."
    )


def _known_until(found: TaxYear) -> date | None:
    last = found.prices.last_day() if found.prices is not None else 0
    return date.fromordinal(EPOCH + last) if last else None


def _evidence(found: TaxYear) -> dict[str, str]:
    """Return by row, in words, where its value stands and which record says what lots a sale used up."""
    evidence = {row: one.source for row, one in found.valuations.items()}
    for row, one in found.identified.items():
        selected = one.selection
        how = "" if one.is_followed else ", after the sale and not followed"
        told = f"lots selected on {iso(selected.recorded_ns)} by the record {selected.record}{how}"
        evidence[row] = "; ".join(filter(None, (evidence.get(row, ""), told)))
    return evidence


def _names(figures: TaxFigures, assets: AssetRegistry) -> dict[str, str]:
    """Return assets as people call them, by id: by ticker, by id where two have the same."""
    used = {one.asset for one in figures.disposals} | {one.asset for one in figures.income}
    used |= {one.asset for one in figures.holdings}
    symbols = {asset: assets.asset(asset).symbol for asset in used}
    shared = Counter(symbols.values())
    return {asset: symbol if symbol and shared[symbol] == 1 else asset for asset, symbol in symbols.items()}


def _with_symbols(figures: TaxFigures, names: Mapping[str, str]) -> TaxFigures:
    return replace(
        figures,
        disposals=tuple(replace(one, asset=names[one.asset]) for one in figures.disposals),
        income=tuple(replace(one, asset=names[one.asset]) for one in figures.income),
        holdings=tuple(replace(one, asset=names[one.asset]) for one in figures.holdings),
    )


def _lots(held: HeldAt, names: Mapping[str, str]) -> tuple[HeldLot, ...]:
    return tuple(replace(one, figures=replace(one.figures, asset=names[one.figures.asset])) for one in held.lots())
