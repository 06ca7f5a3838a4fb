"""Tests of what reports of the books are made from."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.bootstrap import ASSETS
from app.core.model.lot_selections import LotSelection
from app.core.model.registry import StaticAssetRegistry
from app.core.reports.catalog import report
from app.core.tax.compute import compute
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.profile import profile
from app.core.tax.selections import followed
from app.core.tax.valuations import Valuation
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
