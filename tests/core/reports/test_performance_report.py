"""The report of performance against its golden file, worked by hand, and what it says of figures it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from app.core.clock import DAY
from app.core.model.performance import By, Part, Study
from app.core.model.views import EquityCurve, EquityPoint
from app.core.reports.performance import report
from app.core.valuation.performance import Earned, days_of, of_period
from app.documents.csv_files import CsvReports
from tests.core.reports.golden import GOLDEN, ON

D = Decimal
FIRST = 20_454
"""2026-01-01."""
VALUES = {0: "10000", 1: "12500", 2: None, 3: "10125", 4: "9720.005"}
FLOWS = {1: D(2000), 3: D(-3000)}
EARNED = Earned(fees={1: D("12.5"), 4: D("0.005")}, income={3: D(25)})


def study(values: Mapping[int, str | None] = VALUES, flows: Mapping[int, Decimal | None] = FLOWS) -> Study:
    """Return four days: 2,000 come in on the first, the second has no price, 3,000 go out on the third."""
    points = tuple(
        EquityPoint((FIRST + day) * DAY, None if value is None else D(value)) for day, value in values.items()
    )
    curve, told = EquityCurve("usd", points, (), ("DUST",)), {FIRST - 1 + day: flow for day, flow in flows.items()}
    earned = Earned(
        {FIRST - 1 + day: paid for day, paid in EARNED.fees.items()},
        {FIRST - 1 + day: came for day, came in EARNED.income.items()},
    )
    whole = of_period(curve, told, FIRST, FIRST + 3, earned)
    first, last = date(2026, 1, 1), date(2026, 1, 4)
    part = Part("2026-01", first, last, whole)
    return Study(first, last, (), whole, days_of(whole, curve, told), (part,), By.MONTH, "9f3c71e0")


def test_it_is_written_as_its_golden_file(tmp_path: Path) -> None:
    target = tmp_path / "report.csv"

    CsvReports().write(target, report(study()), ON)

    assert (GOLDEN / "performance.csv").read_text("utf-8") == target.read_text("utf-8")


def test_a_flow_without_a_price_blocks_it_and_is_named() -> None:
    made = report(study(flows={1: None}))

    assert made.is_blocked
    assert "What was put in or taken out on 2026-01-01 has no price." in made.notes
    assert "TWR is not known: The chain breaks on 2026-01-01: a flow has no price." in made.notes
    assert [row[1] for row in made.tables[1].rows] == [None] * 4


def test_flows_of_accounts_are_said_to_exceed_those_of_the_book() -> None:
    made = report(replace(study(), by=By.ACCOUNT, is_simulated=True))

    assert made.facts[0] == ("Books", "simulated: nothing in them is real")
    assert made.tables[2].title == "By account"
    assert any("so their flows exceed those of the book" in note for note in made.notes)


def test_every_row_has_a_cell_for_each_column() -> None:
    widths = {(len(table.columns), len(row)) for table in report(study()).tables for row in table.rows}

    assert all(columns == cells for columns, cells in widths)
