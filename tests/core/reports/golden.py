"""The reports that are kept as golden files, each computed by hand; run as a module, it writes them anew to be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from app.core.reports.broker import read_lines
from app.core.reports.catalog import form, report
from app.core.reports.source import ReportSource, Wanted, from_transactions
from app.core.reports.table import Report
from app.core.tax.profile import profile
from app.core.tax.transactions import read
from app.core.tax.valuations import Prices
from app.documents.csv_files import CsvReports

GOLDEN = Path(__file__).parents[2] / "golden"
ON = date(2026, 1, 31)
PRICES = Prices("USD", "USD", {"BTC": {20_176: Decimal("82500.125")}})
"""The close of 2025-03-29, the last that is known."""


@dataclass(frozen=True, slots=True)
class Case:
    """A report of a history."""

    name: str
    form: str
    history: str
    year: int
    country: str = ""
    broker: str = ""
    as_of: date | None = None
    prices: Prices | None = None


CASES = (
    Case("us-8949", "us-8949", "us", 2025),
    Case("us-8949-1099-da", "us-8949", "us", 2025, broker="us-1099-da"),
    Case("us-8949-unknown", "us-8949", "unknown", 2025),
    Case("us-schedule-d", "us-schedule-d", "us", 2025),
    Case("uk-sa108", "uk-sa108", "uk", 2024),
    Case("de-anlage-so", "de-anlage-so", "de", 2025),
    Case("ca-schedule-3", "ca-schedule-3", "ca", 2025),
    Case("au-cgt", "au-cgt", "au", 2025),
    Case("fr-2086", "fr-2086", "fr", 2025),
    Case("ie-cgt", "ie-cgt", "ie", 2025),
    Case("jp-summary", "jp-summary", "jp", 2025),
    Case("realised", "realised", "us", 2025, "us"),
    Case("income", "income", "us", 2025, "us"),
    Case("holdings", "holdings", "us", 2025, "us", as_of=date(2025, 3, 31)),
    Case("unrealised", "unrealised", "us", 2025, "us", as_of=date(2025, 3, 31), prices=PRICES),
    Case("audit", "audit", "us", 2025, "us"),
    Case("summary", "summary", "us", 2025, "us"),
)


def source_of(case: Case) -> ReportSource:
    """Return what the report of a case is made from."""
    chosen = profile(case.country or form(case.form).jurisdiction or "generic")
    found = read((GOLDEN / "histories" / f"{case.history}.csv").read_text("utf-8"))
    lines = read_lines((GOLDEN / "histories" / f"{case.broker}.csv").read_text("utf-8")) if case.broker else None
    wanted = Wanted(case.year, found.currency, tuple(found.findings), lines, case.as_of, case.prices)
    return from_transactions(found.transactions, chosen, wanted)


def report_of(case: Case) -> Report:
    """Return the report of a case."""
    return report(case.form, source_of(case))


def named(name: str) -> Report:
    """Return the report of a case by its name."""
    return report_of(next(case for case in CASES if case.name == name))


if __name__ == "__main__":
    for one in CASES:
        CsvReports().write(GOLDEN / f"{one.name}.csv", report_of(one), ON)
