"""Tests that a closed year is told as it was sealed, whatever the books say since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.core.clock import DAY, MILLISECOND, SECOND
from app.core.errors import RefusedError
from app.core.lots.methods import Method
from app.core.model.standing_orders import StandingOrder
from app.core.reports.catalog import report
from app.services.explanations import explain
from app.services.tax_reports import source_of
from app.services.tax_years import Asked, TaxYear
from app.services.workspace import Workspace
from tests.services.books import no_progress
from tests.services.sealed_books import HISTORY, REWARD, SOLD, US, event, keep, price, sealed

CHEAPER = event("b0", "2023-01-01", ("bitcoin", "1"), ("usd", "-10000"))


def told(found: TaxYear) -> list[str]:
    return [one.message for one in found.findings if one.code in ("as-sealed", "sealed-otherwise")]


async def test_a_later_entry_does_not_change_what_is_told_of_a_closed_year(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    before = await workspace.tax.recompute(US)
    await sealed(workspace)
    unchanged = await workspace.tax.compute(US)
    await keep(workspace, CHEAPER)

    found, now = await workspace.tax.compute(US), await workspace.tax.recompute(US)

    assert (unchanged.standing is not None and unchanged.standing.is_same, unchanged.figures) == (True, before.figures)
    assert (now.figures.totals.gain, now.standing) == (Decimal(50_000), None)
    assert found.figures.disposals == before.figures.disposals
    assert (found.figures.totals, found.figures.holdings) == (before.figures.totals, before.figures.holdings)
    assert found.figures.allowances == before.figures.allowances
    assert (found.valuations, found.income_kinds) == (before.valuations, before.income_kinds)
    assert "The books of now would give gain 50000 USD in total." in told(found)[0]


async def test_a_price_set_later_changes_no_sealed_income(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY, REWARD)
    await workspace.prices.set_price(price("2000"))
    before = await workspace.tax.recompute(US)
    await sealed(workspace)
    await workspace.prices.set_price(price("2100"))

    found = await workspace.tax.compute(US)

    assert (await workspace.tax.recompute(US)).figures.totals.income == Decimal(1_050)
    assert (found.figures.income, found.figures.totals) == (before.figures.income, before.figures.totals)
    assert found.income_kinds == before.income_kinds
    assert told(found)[0].endswith("would give income 1050 USD in total.")


async def test_an_order_recorded_later_changes_no_sealed_figure(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    before = await workspace.tax.recompute(US)
    await sealed(workspace)
    await workspace.tax.order(StandingOrder("us", 2025, Method.LIFO, "choice"))

    found = await workspace.tax.compute(US)

    assert (found.figures.totals, found.profile.changes) == (before.figures.totals, ())
    assert found.standing is not None
    assert found.standing.is_held


@pytest.mark.parametrize(
    ("asked", "is_asked"),
    [
        (Asked("us", Method.FIFO, year=2025), True),
        (Asked("us", currency="usd", year=2025), True),
        (Asked("us", year=2025, options={"gifts-given": "no-disposal"}), True),
        (Asked("us", Method.HIFO, year=2025), False),
        (Asked("us", year=2025, options={"transfer-fee": "to-basis"}), False),
    ],
)
async def test_the_same_choices_are_the_same_question_and_others_are_computed(
    workspace: Workspace, asked: Asked, *, is_asked: bool
) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await keep(workspace, CHEAPER)

    found, now = await workspace.tax.compute(asked), await workspace.tax.recompute(asked)

    assert found.standing is not None
    assert found.standing.is_asked is is_asked
    assert found.figures.totals.gain == (Decimal(30_000) if is_asked else now.figures.totals.gain)
    assert len(told(found)) == 1


async def test_an_open_year_and_the_whole_history_know_no_seal(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)

    found = [
        await workspace.tax.compute(Asked(*words, year=year)) for words, year in ((("us",), None), (("de",), 2025))
    ]

    assert [one.standing for one in found] == [None, None]


async def test_an_amended_year_is_told_as_it_was_amended(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await keep(workspace, CHEAPER)
    await workspace.seals.seal(US, no_progress, amends=True, reason="an old purchase was found")

    found = await workspace.tax.compute(US)

    assert found.figures.totals.gain == Decimal(50_000)
    assert told(found)[0].endswith("US 2025, version 2. The books of now give the same figures.")


async def test_forms_and_explanations_of_a_closed_year_carry_what_was_sealed(workspace: Workspace) -> None:
    *_, sale, _ = await keep(workspace, *HISTORY)
    await sealed(workspace)
    await keep(workspace, CHEAPER)
    found = await workspace.tax.compute(US)
    source = source_of(found, 2025, workspace.runtime.assets)

    form, held = report("us-8949", source), report("holdings", source)
    explained = await explain(f"tax/2025/us/disposal/{sale}", Asked("us"), workspace.tax, workspace.portfolio)

    rows = [row for table in form.tables for row in table.rows if row[0]]
    assert Decimal(30_000) in rows[0]
    assert any("As sealed on" in note for note in form.notes)
    assert [row[3] for table in held.tables for row in table.rows] == [Decimal(50_000)]
    assert explained.trail.value == Decimal(30_000)


async def test_explanations_call_assets_by_their_symbols(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    found = await explain("tax/2025/us/gain", Asked("us"), workspace.tax, workspace.portfolio)

    assert [one.what for one in found.trail.steps] == ["1 BTC"]


async def test_lots_and_other_days_of_a_closed_year_are_no_part_of_its_seal(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await keep(workspace, CHEAPER)
    found, assets = await workspace.tax.compute(US), workspace.runtime.assets
    day = source_of(found, 2025, assets, as_of=date(2025, 2, 1))

    with pytest.raises(RefusedError, match="no part of what was sealed"):
        report("unrealised", source_of(found, 2025, assets))
    assert {one.cost for one in day.figures.holdings} == {Decimal(90_000)}
    assert [one for one in day.findings if one.code == "as-sealed"] == []


async def test_moments_are_told_in_the_steps_of_their_sources_though_a_seal_has_seconds(workspace: Workspace) -> None:
    finer = [replace(one, at=one.at + 123 * MILLISECOND, resolution=MILLISECOND) for one in HISTORY]
    *_, sale, _ = await keep(workspace, *finer)
    before = (await workspace.tax.recompute(US)).figures.disposals
    await sealed(workspace)
    await keep(workspace, CHEAPER)
    unchanged = (await workspace.tax.compute(US)).figures.disposals
    await workspace.entries.correct(sale, replace(finer[2], at=SOLD.at + DAY), "the day after")

    (moved,) = (await workspace.tax.compute(US)).figures.disposals

    assert unchanged == before
    assert (moved.at, moved.resolution, moved.gain) == (SOLD.at, SECOND, Decimal(30_000))


async def test_what_the_french_form_needs_and_no_seal_holds_is_unknown_in_it(workspace: Workspace) -> None:
    asked = Asked("fr", year=2025)
    await keep(workspace, *HISTORY)
    for one in (*HISTORY, CHEAPER):
        await workspace.prices.set_price(replace(price("1"), asset="eur", day=one.at // DAY))
    await workspace.prices.set_price(replace(price("60000"), asset="bitcoin", day=SOLD.at // DAY))
    before = await workspace.tax.recompute(asked)
    await sealed(workspace, asked)
    assets = workspace.runtime.assets
    whole = report("fr-2086", source_of(await workspace.tax.compute(asked), 2025, assets))
    await keep(workspace, CHEAPER)

    found = await workspace.tax.compute(asked)
    form = report("fr-2086", source_of(found, 2025, assets))

    (row,) = [row for table in form.tables[:1] for row in table.rows]
    assert (found.figures.totals, found.figures.portfolio_cost) == (
        before.figures.totals,
        before.figures.portfolio_cost,
    )
    assert (whole.is_blocked, form.is_blocked) == (False, True)
    assert (row[2], row[8], row[10]) == (None, None, before.figures.totals.gain)
