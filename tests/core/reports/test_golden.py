"""Every report against its golden file, and figures of the reports against what was computed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.errors import InputError
from app.core.reports.catalog import FORMS, report
from app.core.reports.source import Wanted, from_transactions
from app.core.reports.table import Cell, Report
from app.core.tax.income import IncomeKind
from app.core.tax.profile import profile
from app.core.tax.valuations import Prices
from app.documents.csv_files import CsvReports
from tests.core.lots.histories import written
from tests.core.reports.golden import CASES, GOLDEN, ON, PRICES, Case, named, report_of, source_of


def column(report: Report, table: int, title: str) -> list[Cell]:
    """Return the cells of a column."""
    found = report.tables[table]
    place = [one.title for one in found.columns].index(title)
    return [row[place] for row in found.rows]


def numbers(*words: str) -> list[Decimal]:
    """Return exact numbers."""
    return [Decimal(word) for word in words]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_report_is_written_as_its_golden_file(case: Case, tmp_path: Path) -> None:
    target = tmp_path / "report.csv"

    CsvReports().write(target, report_of(case), ON)

    assert (GOLDEN / f"{case.name}.csv").read_text("utf-8") == target.read_text("utf-8")


def test_every_form_has_a_golden_file() -> None:
    assert {case.form for case in CASES} == set(FORMS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_row_and_total_has_a_cell_for_each_column(case: Case) -> None:
    widths = {
        (len(table.columns), len(row)) for table in report_of(case).tables for row in (*table.rows, *table.totals)
    }

    assert all(columns == cells for columns, cells in widths)


@pytest.mark.parametrize("case", [case for case in CASES if case.form.startswith("us-8949")], ids=lambda one: one.name)
def test_form_8949_gains_as_the_tax_year_does_to_the_cent(case: Case) -> None:
    source = source_of(case)
    gains = column(report_of(case), 0, "(h) Gain or loss")

    exact = source.figures.totals.gain
    if exact is None:
        assert None in gains
    else:
        assert abs(sum(gain for gain in gains if isinstance(gain, Decimal)) - exact) < Decimal("0.01") * len(gains)


def test_a_broker_s_wrong_basis_is_corrected_in_column_g() -> None:
    report = named("us-8949-1099-da")

    assert column(report, 0, "Box") == ["G", "H", "K"]
    assert column(report, 0, "(f) Code") == ["B", "E", ""]
    assert column(report, 0, "(g) Adjustment") == [Decimal("-1000.00"), Decimal("-10.00"), ""]
    assert column(report, 0, "(h) Gain or loss") == column(named("us-8949"), 0, "(h) Gain or loss")


def test_sa108_comes_out_as_the_manual_publishes_it() -> None:
    report = named("uk-sa108")
    gains = [gain for gain in column(report, 1, "Gain or loss") if gain != ""]

    # CRYPTO22256: gains of 15,000 and 10,000, a loss of 163,637.
    assert column(report, 0, "Figure") == numbers("3", "400000", "538637", "25000", "163637")
    assert gains == numbers("15000.00", "10000.00", "-163636.36")
    assert column(report, 2, "Pooled cost") == numbers("31363.64")


def test_anlage_so_leaves_out_what_was_held_for_more_than_a_year() -> None:
    report = named("de-anlage-so")

    assert column(report, 0, "EUR")[1:3] == numbers("5700", "4501")
    assert column(report, 1, "Gewinn / Verlust") == numbers("0.30", "1199.95")
    assert column(report, 2, "Gewinn / Verlust") == numbers("1200.66")


def test_schedule_3_denies_the_superficial_loss_and_adds_it_to_the_cost() -> None:
    report = named("ca-schedule-3")

    assert column(report, 0, "(3) Adjusted cost base") == numbers("2500.00", "5200.00")
    assert column(report, 0, "(5) Gain or loss") == numbers("0.00", "800.00")


def test_australian_losses_come_off_before_the_discount() -> None:
    figures = column(named("au-cgt"), 0, "AUD")

    # 5,000 + 135,000 − 11,999.50; the half of what remains of the 135,000, cents left out.
    assert figures[1:] == numbers("5000", "135000", "140000", "11999", "64000", "64000", "0")


def test_form_2086_takes_each_sale_s_share_out_of_the_cost() -> None:
    report = named("fr-2086")

    # 900 − 1,125 × 900 ÷ 2,000, then 100 − 618.75 × 100 ÷ 1,000.
    assert column(report, 0, "223 Prix total d'acquisition net") == numbers("1125", "619")
    assert column(report, 0, "221 Fractions de capital initial") == numbers("375", "881")
    assert column(report, 0, "224 Plus ou moins-value") == numbers("384", "38")
    # 10 of costs: they come off line 218, and not off line 217, which the share is taken by.
    assert column(report, 0, "214 Frais") == [Decimal(10), ""]
    assert column(report, 0, "217 Prix net des soultes") == numbers("900", "100")
    assert column(report, 0, "218 Prix net des frais et soultes") == numbers("890", "100")


def test_the_irish_panel_takes_losses_and_the_exemption_off() -> None:
    assert column(named("ie-cgt"), 0, "EUR") == numbers("85000", "10000", "5000", "5000", "1270", "3730", "0")


def test_the_japanese_summary_follows_the_total_average() -> None:
    report = named("jp-summary")

    # (5,000,000 + 7,000,001) ÷ 2 × 0.5, rounded up.
    assert column(report, 1, "Cost of what was sold") == numbers("3000001", "0")
    assert column(report, 0, "JPY") == numbers("999999", "50000", "1049999")


def test_what_is_not_known_is_said_and_never_zero() -> None:
    report = named("us-8949-unknown")

    assert report.is_blocked
    assert column(report, 0, "(h) Gain or loss") == [Decimal("50000.00"), None]
    assert any(note.startswith("Error: 2025-03-01: 's1' sells 0.5 BTC more") for note in report.notes)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_country_s_form_says_its_edition_and_that_nobody_verified_it(case: Case) -> None:
    report = report_of(case)
    is_official = FORMS[case.form].jurisdiction is not None

    assert (bool(report.edition), report.is_verified) == (is_official, False if is_official else None)
    assert any("nverified" in note for note in report.notes) or not is_official


def test_unrealised_gains_value_what_is_held_at_the_last_price_of_the_week_before() -> None:
    report = named("unrealised")

    # 1.5 × 82,500.125 less what the lots cost.
    assert column(report, 0, "Value") == numbers("123750.19")
    assert column(report, 0, "Gain if sold") == numbers("-11249.82")
    assert not report.is_blocked


def test_unrealised_gains_are_not_known_where_a_price_is_older_than_a_week() -> None:
    case = next(case for case in CASES if case.name == "unrealised")

    report = report_of(replace(case, as_of=date(2025, 6, 30), prices=with_later_prices_of_another_asset()))

    assert column(report, 0, "Value") == [None, Decimal("20.00")]
    assert report.is_blocked


def test_unrealised_gains_without_any_prices_are_refused() -> None:
    case = next(case for case in CASES if case.name == "unrealised")

    with pytest.raises(InputError, match="Unrealised gains need the price of every asset"):
        report_of(replace(case, prices=None))


def with_later_prices_of_another_asset() -> Prices:
    """Return the prices of the golden file, and a later one that is not of what is held."""
    return replace(PRICES, closes={**PRICES.closes, "ETH": {20_269: Decimal(2_000)}})


def test_income_is_summed_by_kind_and_each_receipt_names_its_own() -> None:
    source = source_of(Case("income", "income", "us", 2025, "us"))
    made = report("income", replace(source, income_kinds={"i1": IncomeKind.REWARD}))

    assert [("reward", "1", Decimal("18.35"))] == list(made.tables[1].rows)
    assert column(made, 2, "Kind") == ["reward"]


def test_schedule_3_has_outlays_and_the_year_of_acquisition_where_there_is_one() -> None:
    text = """
    a 2023-02-01 buy  2 A 200
    s 2024-03-01 sell 1 A 147.5 costs=2.5
    b 2024-04-01 buy  1 A 150
    t 2024-05-01 sell 1 A 130
    """
    made = report("ca-schedule-3", from_transactions(written(text), profile("ca"), Wanted(2024, "CAD")))

    assert column(made, 0, "(1) Year of acquisition") == ["2023", "various"]
    assert column(made, 0, "(2) Proceeds of disposition") == numbers("150.00", "130.00")
    assert column(made, 0, "(4) Outlays and expenses") == numbers("2.50", "0.00")
    assert column(made, 0, "(5) Gain or loss") == numbers("47.50", "5.00")
