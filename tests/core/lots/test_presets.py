"""Presets: what they choose, and that a choice adds up, exceeds no lot and is followed to the unit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.lots.methods import Method, Scope
from app.core.lots.presets import Choosable, Preset, Sale, chosen
from app.core.model.lot_selections import LotSelection
from app.core.money import add
from app.core.tax.compute import compute
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.open_lots import Choosing, choosing
from app.core.tax.profile import profile
from app.core.tax.selections import followed
from tests.core.lots.histories import histories

LOTS = (
    Choosable("cheap", 10, (100, 10), is_long=True),
    Choosable("dear", 10, (900, 10), is_long=True),
    Choosable("middle", 10, (500, 10), is_long=False),
    Choosable("dearest", 10, (950, 10), is_long=False),
    Choosable("unknown", 10, None, is_long=False),
)
COUNTRY = profile("generic", method=Method.FIFO, scope=Scope.PER_WALLET)


def rows(
    preset: Preset, quantity: int = 50, *, proceeds: int | None = 3_000, taxed: tuple[int, int] = (1, 1)
) -> list[str]:
    return [row for row, _ in chosen(preset, LOTS, Sale(quantity, proceeds, taxed))]


@pytest.mark.parametrize(
    ("preset", "order"),
    [
        (Preset.FIFO, ["cheap", "dear", "middle", "dearest", "unknown"]),
        (Preset.LIFO, ["unknown", "dearest", "middle", "dear", "cheap"]),
        (Preset.HIFO, ["dearest", "dear", "middle", "cheap", "unknown"]),
        (Preset.LONG_FIRST, ["dear", "cheap", "dearest", "middle", "unknown"]),
        (Preset.SMALLEST_GAIN, ["dearest", "dear", "middle", "cheap", "unknown"]),
    ],
)
def test_a_preset_takes_lots_in_its_order(preset: Preset, order: list[str]) -> None:
    assert rows(preset) == order


def test_where_a_long_term_gain_is_not_taxed_it_is_the_smallest_after_a_loss() -> None:
    # 60 a unit: the dearest loses 35, those held for long count as nothing, the middle gains 10.
    assert rows(Preset.SMALLEST_GAIN, taxed=(0, 1)) == ["dearest", "dear", "cheap", "middle", "unknown"]


def test_where_half_of_a_long_term_gain_is_taxed_it_ranks_by_that_half() -> None:
    # 120 a unit: gains of 110 and 30 held for long count as 55 and 15, those held for short as 70 and 25.
    assert rows(Preset.SMALLEST_GAIN, proceeds=6_000, taxed=(1, 2)) == ["dear", "dearest", "cheap", "middle", "unknown"]


def test_without_known_proceeds_the_smallest_gain_is_that_of_the_dearest_lot() -> None:
    assert rows(Preset.SMALLEST_GAIN, proceeds=None) == rows(Preset.HIFO)


def test_only_what_is_sold_is_taken_and_no_more_than_there_is() -> None:
    assert chosen(Preset.FIFO, LOTS, Sale(15, None)) == [("cheap", 10), ("dear", 5)]
    assert sum(units for _, units in chosen(Preset.FIFO, LOTS, Sale(99, None))) == 50


def sold(history: list[Transaction]) -> Transaction | None:
    """Return the last sale of a history."""
    return next((one for one in reversed(history) if one.type is TransactionType.SELL), None)


def with_choice(
    history: list[Transaction], sale: Transaction, choice: tuple[tuple[str, Decimal], ...]
) -> list[Transaction]:
    return [replace(one, lots=choice) if one.row == sale.row else one for one in history]


@settings(deadline=None, max_examples=60)
@given(history=histories(splits=False, is_covered=True), preset=st.sampled_from(Preset))
def test_a_preset_adds_up_exceeds_no_lot_and_is_followed_exactly(history: list[Transaction], preset: Preset) -> None:
    sale = sold(history)
    if sale is None:
        return
    asked = choosing(history, sale.row, COUNTRY)
    choice = asked.preset(preset)
    found = compute(with_choice(history, sale, choice), COUNTRY, currency="EUR")

    held = {one.lot: one.quantity for one in asked.lots}
    (made,) = (one for one in found.disposals if one.row == sale.row)
    weighed = asked.weigh(choice)
    assert add(*(quantity for _, quantity in choice)) == sale.quantity
    assert all(0 < quantity <= held[lot] for lot, quantity in choice)
    assert tuple((match.lot, match.quantity) for match in made.matches) == choice
    assert (weighed.proceeds, weighed.cost, weighed.gain) == (made.proceeds, made.cost, made.gain)
    assert (weighed.short_gain, weighed.long_gain) == (made.short_gain, made.long_gain)


@settings(deadline=None, max_examples=60)
@given(history=histories(splits=False, is_covered=True), preset=st.sampled_from(Preset))
def test_units_and_cost_are_conserved_whatever_is_selected(history: list[Transaction], preset: Preset) -> None:
    sale = sold(history)
    if sale is None:
        return
    choice = choosing(history, sale.row, COUNTRY).preset(preset)
    found = compute(with_choice(history, sale, choice), COUNTRY, currency="EUR")

    bought = [one for one in history if one.type in (TransactionType.BUY, TransactionType.INCOME)]
    cost = [one.cost for one in found.disposals] + [one.cost for one in found.holdings]
    units = [one.quantity for one in found.disposals] + [one.quantity for one in found.holdings]
    assert add(*(one or Decimal(0) for one in cost)) == add(*(one.value or Decimal(0) for one in bought))
    assert add(*units) == add(*(one.quantity for one in bought))


@settings(deadline=None, max_examples=60)
@given(
    history=histories(splits=False, is_covered=True),
    preset=st.sampled_from([Preset.FIFO, Preset.LIFO, Preset.HIFO]),
)
def test_a_preset_gives_what_the_method_of_its_name_gives(history: list[Transaction], preset: Preset) -> None:
    sale = sold(history)
    if sale is None:
        return
    method = profile("generic", method=Method(preset.value), scope=Scope.PER_WALLET)
    # Equal prices go to the oldest in both.
    choice = choosing(history, sale.row, method).preset(preset)
    (made,) = (one for one in compute(history, method, currency="EUR").disposals if one.row == sale.row)

    assert choice == tuple((match.lot, match.quantity) for match in made.matches)


def least(asked: Choosing) -> list[Decimal | None]:
    return [asked.weigh(asked.preset(preset)).gain for preset in Preset]


@settings(deadline=None, max_examples=40)
@given(history=histories(splits=False, is_covered=True))
def test_no_preset_gains_less_than_the_smallest_gain(history: list[Transaction]) -> None:
    sale = sold(history)
    if sale is None:
        return
    asked = choosing(history, sale.row, COUNTRY)
    smallest = asked.weigh(asked.preset(Preset.SMALLEST_GAIN)).gain

    gains = [gain for gain in least(asked) if gain is not None]
    assert smallest is not None
    # Parts of a lot are cut to the unit, far below anything that is shown.
    assert smallest <= add(min(gains), Decimal("1e-25"))


@settings(deadline=None, max_examples=60)
@given(history=histories(), drawn=st.lists(st.tuples(st.integers(0, 23), st.integers(0, 23), st.integers(1, 10**20))))
def test_no_selection_whatever_it_says_stops_the_figures_or_loses_a_unit(
    history: list[Transaction], drawn: list[tuple[int, int, int]]
) -> None:
    selections = [
        LotSelection(
            "generic", history[sale % len(history)].asset, ((f"r{lot}", Decimal(units).scaleb(-18)),), f"r{sale}"
        )
        for sale, lot, units in drawn
    ]
    found = followed(history, selections, COUNTRY)
    figures = compute(found.transactions, COUNTRY, currency="EUR", refuses_choices=False)

    wrong = {one.subject for one in figures.findings if one.code == "wrong-lot-selection"}
    sold = {one.row: one for one in figures.disposals}
    assert wrong <= set(found.identified)
    assert all(sold[row].gain is None for row in wrong)
    plain_figures = compute(history, COUNTRY, currency="EUR")
    held, before = ({(one.asset, one.wallet): one.quantity for one in x.holdings} for x in (figures, plain_figures))
    assert held == before
