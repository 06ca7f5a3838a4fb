"""Tests of what reports of the books are made from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.bootstrap import ASSETS
from app.core.findings import Finding, Severity
from app.core.model.lot_selections import LotSelection
from app.core.model.registry import StaticAssetRegistry
from app.core.reports.catalog import report
from app.core.tax.compute import compute
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.profile import profile
from app.core.tax.selections import followed
from app.core.tax.valuations import Prices, Valuation
from app.services.tax_reports import source_of
from app.services.tax_years import TaxYear

DAY = 86_400 * 10**9
START = 20_089 * DAY  # 2025-01-01


def bought(row: str, asset: str) -> Transaction:
    """Return the purchase of one unit."""
    return Transaction(row, START, TransactionType.BUY, "main", asset, Decimal(1), value=Decimal(10))


def test_assets_are_named_by_ticker_and_values_by_their_source() -> None:
    chosen = profile("us")
    sold = Transaction("s", START + DAY, TransactionType.SELL, "main", "bitcoin", Decimal(1), value=Decimal(12))
    figures = compute([bought("a", "bitcoin"), bought("b", "ethereum"), sold], chosen, currency="USD")
    found = TaxYear(figures, chosen, (), {"s": Valuation(Decimal(12), "close of that day")}, is_blocked=False, head="")

    source = source_of(found, 2025, StaticAssetRegistry.from_json(ASSETS.read_text("utf-8")))
    audit = report("audit", source)

    assert [one.asset for one in source.figures.disposals] == ["BTC"]
    assert [one.asset for one in source.figures.holdings] == ["ETH"]
    assert not audit.is_blocked
    assert report("audit", replace(source, is_incomplete=True)).is_blocked
    assert audit.tables[1].rows[0][-1] == "close of that day"


def test_a_sale_names_the_record_that_selected_its_lots() -> None:
    chosen = profile("us")
    sold = Transaction("s/sell/bitcoin", START + DAY, TransactionType.SELL, "main", "bitcoin", Decimal(1))
    selected = LotSelection("us", "bitcoin", (("a", Decimal(1)),), "s", recorded_ns=START, record="ab" * 32)
    made = followed([bought("a", "bitcoin"), sold], [selected], chosen)
    figures = compute(made.transactions, chosen, currency="USD", refuses_choices=False)
    found = TaxYear(figures, chosen, (), {}, is_blocked=False, head="", identified=made.identified)

    audit = report("audit", source_of(found, 2025, StaticAssetRegistry.from_json(ASSETS.read_text("utf-8"))))

    assert audit.tables[1].rows[0][-1] == f"lots selected on 2025-01-01T00:00:00Z by the record {'ab' * 32}"


def test_a_report_tells_the_days_of_findings_and_leaves_out_those_that_its_year_cannot_follow_from() -> None:
    chosen = profile("uk")
    history = [
        replace(bought(f"e{place}/buy/bitcoin", "bitcoin"), at=START + days * DAY)
        for place, days in enumerate((0, 124, 125))
    ]
    warned = tuple(Finding(Severity.WARNING, "odd", f"e{place} is odd.", entries=(f"e{place}",)) for place in range(3))
    figures = compute(history, chosen, currency="GBP", year=2024)
    found = TaxYear(figures, chosen, warned, {}, is_blocked=False, head="", transactions=tuple(history))

    made = source_of(found, 2024, StaticAssetRegistry.from_json(ASSETS.read_text("utf-8")))

    # The year ends on 5 April, and the last purchase that may count for it is of 5 May.
    assert [note for note in report("realised", made).notes if note.startswith("Warning")] == [
        "Warning: 2025-01-01: e0 is odd.",
        "Warning: 2025-05-05: e1 is odd.",
    ]
    assert [row[2] for row in report("audit", made).tables[-1].rows] == [
        date(2025, 1, 1),
        date(2025, 5, 5),
        date(2025, 5, 6),
    ]


@pytest.mark.parametrize(("last", "told"), [(START + 363 * DAY, 1), (START + 364 * DAY, 0)])
def test_a_report_of_a_year_that_is_not_over_says_until_when_it_knows(last: int, told: int) -> None:
    chosen = profile("us")
    prices = Prices("usd", "usd", {"bitcoin": {last // DAY: Decimal(10)}})
    figures = compute([bought("a", "bitcoin")], chosen, currency="USD", year=2025)
    found = TaxYear(figures, chosen, (), {}, is_blocked=False, head="", prices=prices)

    made = report("us-8949", source_of(found, 2025, StaticAssetRegistry.from_json(ASSETS.read_text("utf-8"))))

    assert told == len([note for note in made.notes if note.startswith("Prices are known until 2025-12-30")])


def test_a_report_of_simulated_books_says_so_first() -> None:
    chosen = profile("us")
    figures = compute([bought("a", "bitcoin")], chosen, currency="USD", year=2025)
    found = TaxYear(figures, chosen, (), {}, is_blocked=False, head="", is_simulated=True)
    assets = StaticAssetRegistry.from_json(ASSETS.read_text("utf-8"))

    simulated = report("us-8949", source_of(found, 2025, assets))
    real = report("us-8949", source_of(replace(found, is_simulated=False), 2025, assets))

    assert simulated.facts == (("Books", "simulated: nothing in them is real"), *real.facts)
