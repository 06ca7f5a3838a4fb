"""Tests of what a period brought: flows apart from gains, each figure worked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.model.views import EquityCurve, EquityPoint
from app.core.valuation.performance import Performance, of_period

D = Decimal


def _found(
    values: Mapping[int, str | None], flows: Mapping[int, str | None], first: int = 1, last: int = 2
) -> Performance:
    """Return a period of values at the end of days; day 0 is the close before it."""
    points = tuple(EquityPoint(day * DAY + DAY, None if text is None else D(text)) for day, text in values.items())
    curve = EquityCurve("usd", points, ())
    return of_period(curve, {day: None if text is None else D(text) for day, text in flows.items()}, first, last)


def test_a_deposit_is_no_gain() -> None:
    # 1,000 grow to 1,100; 900 are put in at the end of the day; 2,000 grow to 2,200: 1.1 × 1.1.
    found = _found({0: "1000", 1: "2000", 2: "2200"}, {1: "900"})

    assert (found.before, found.flowed_in, found.flowed_out, found.gain, found.after) == (
        D(1000), D(900), D(0), D(300), D(2200),
    )  # fmt: skip
    assert found.time_weighted.value == D("0.21")
    assert found.simple.value is not None
    assert round(found.simple.value, 6) == D("0.157895")
    assert [step.growth for step in found.steps] == [D("1.1"), D("1.1")]


def test_what_is_taken_out_is_no_loss() -> None:
    found = _found({0: "1000", 1: "500", 2: "500"}, {1: "-500"})

    assert (found.flowed_in, found.flowed_out, found.gain, found.time_weighted.value) == (D(0), D(500), D(0), D(0))


def test_a_year_without_flows_has_one_return_by_time_and_by_money() -> None:
    found = _found({0: "1000", 365: "1250"}, {}, last=365)

    assert found.time_weighted.value == D("0.25")
    assert found.annual.value is not None
    assert abs(found.annual.value - D("0.25")) < D("1e-20")


def test_a_day_without_a_price_is_told_and_bridged() -> None:
    found = _found({0: "1000", 1: None, 2: "1210"}, {1: "100"})

    assert (found.priced_days, found.days, len(found.steps)) == (1, 2, 1)
    assert found.time_weighted.value == D("0.11")


def test_a_flow_without_a_price_blocks_every_return() -> None:
    found = _found({0: "1000", 1: "2000", 2: "2200"}, {1: None})

    assert (found.gain, found.time_weighted.value, found.annual.value, found.simple.value) == (None, None, None, None)
    assert found.time_weighted.why == "The chain breaks on 1970-01-02: a flow has no price."


def test_books_that_begin_in_the_period_are_measured_from_their_first_value() -> None:
    found = _found({0: "0", 1: "1000", 2: "1100"}, {1: "1000"})

    assert (found.gain, found.time_weighted.value, found.flowed_in) == (D(100), D("0.1"), D(1000))


def test_a_period_without_prices_has_no_figures() -> None:
    found = _found({0: None, 1: None, 2: None}, {})

    assert (found.since, found.gain, found.annual.why) == (None, None, "There is no priced day.")


_VALUES = st.lists(st.decimals("1", "1000000", places=2), min_size=3, max_size=12)


@given(_VALUES, st.data())
def test_a_period_in_two_parts_chains_to_the_whole(values: list[Decimal], data: st.DataObject) -> None:
    last = len(values) - 1
    cut = data.draw(st.integers(1, last - 1))
    told: dict[int, str | None] = {day: str(value) for day, value in enumerate(values)}

    whole, one, other = (_found(told, {}, *days) for days in ((1, last), (1, cut), (cut + 1, last)))

    assert whole.time_weighted.value is not None
    assert one.time_weighted.value is not None
    assert other.time_weighted.value is not None
    chained = (1 + one.time_weighted.value) * (1 + other.time_weighted.value) - 1
    assert abs(chained - whole.time_weighted.value) <= (chained + 1) * D("1e-20")


@given(_VALUES, st.decimals("0.01", "100000", places=2))
def test_a_deposit_that_changes_no_growth_changes_no_time_weighted_return(values: list[Decimal], paid: Decimal) -> None:
    # Paid in at the end of the last day: what grew before is the same.
    last = len(values) - 1
    told: dict[int, str | None] = {day: str(value) for day, value in enumerate(values)}
    more = {**told, last: str(values[-1] + paid)}

    assert _found(told, {}, 1, last).time_weighted == _found(more, {last: str(paid)}, 1, last).time_weighted
