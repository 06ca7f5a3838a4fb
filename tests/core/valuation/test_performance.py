"""Tests of what a period brought: flows apart from gains, each figure worked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.model.performance import Performance
from app.core.model.views import EquityCurve, EquityPoint
from app.core.valuation.performance import Earned, days_of, of_period

D = Decimal


def _curve(values: Mapping[int, str | None]) -> EquityCurve:
    points = tuple(EquityPoint(day * DAY + DAY, None if text is None else D(text)) for day, text in values.items())
    return EquityCurve("usd", points, ())


def _found(
    values: Mapping[int, str | None], flows: Mapping[int, str | None], first: int = 1, last: int = 2
) -> Performance:
    """Return a period of values at the end of days; day 0 is the close before it."""
    return of_period(
        _curve(values), {day: None if text is None else D(text) for day, text in flows.items()}, first, last
    )


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
    assert (found.flowed_in, found.flowed_out, found.income, found.fees) == (None, None, None, None)


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


def test_sub_periods_between_flows_chain_as_performance_standards_do() -> None:
    # 10,000 grow to 10,500; 2,000 come in; 12,500 grow to 13,125; 3,000 go out; 10,125 fall to 9,720.
    # 10,500 ÷ 10,000 = 1.05; 13,125 ÷ 12,500 = 1.05; 9,720 ÷ 10,125 = 0.96: 1.05 × 1.05 × 0.96 − 1 = 5.84 %.
    found = _found({0: "10000", 1: "12500", 2: "10125", 3: "9720"}, {1: "2000", 2: "-3000"}, last=3)

    assert [step.growth for step in found.steps] == [D("1.05"), D("1.05"), D("0.96")]
    assert found.time_weighted.value == D("0.0584")
    # Gain: 9,720 − 10,000 − 2,000 + 3,000 = 720, of 12,000 that were put in.
    assert (found.gain, found.simple.value) == (D(720), D("0.06"))


def test_a_manager_is_not_praised_for_when_money_came() -> None:
    # The market doubles, money comes in, the market halves: nothing was earned on each unit, and much was lost.
    found = _found({0: "100", 1: "1200", 365: "600"}, {1: "1000"}, last=365)

    assert found.time_weighted.value == D(0)
    assert found.gain == D(-500)
    assert found.annual.value is not None
    assert found.annual.value < D("-0.4")


def test_income_and_fees_are_parts_of_the_gain() -> None:
    curve = EquityCurve("usd", (EquityPoint(DAY, D(1000)), EquityPoint(2 * DAY, D(1107))), ())
    earned = Earned(fees={0: D(99), 1: D(3)}, income={0: D(99), 1: D(10)})

    found = of_period(curve, {}, 1, 1, earned)
    # What was paid on the day of the opening close is in that close already.
    assert (found.income, found.fees, found.by_prices, found.gain) == (D(10), D(3), D(100), D(107))


def test_income_without_a_price_is_unknown_and_leaves_the_returns() -> None:
    curve = EquityCurve("usd", (EquityPoint(DAY, D(1000)), EquityPoint(2 * DAY, D(1100))), ())

    found = of_period(curve, {}, 1, 1, Earned(fees={}, income={1: None}))
    assert (found.income, found.by_prices, found.fees, found.gain) == (None, None, D(0), D(100))
    assert found.unknown == ("What was earned on 1970-01-02 has no price.",)


def test_a_chart_has_every_day_and_gaps_as_gaps() -> None:
    values = {0: "1000", 1: "2000", 2: None, 3: "2200"}
    found = _found(values, {1: "900", 3: "-22"}, last=3)

    days = days_of(found, _curve(values), {1: D(900), 3: D(-22)})
    assert [day.value for day in days] == [D(1000), D(2000), None, D(2200)]
    assert [day.contributed for day in days] == [D(1000), D(1900), D(1900), D(1878)]
    assert [day.grown for day in days] == [D(0), D("0.1"), None, D("0.2221")]


def test_a_chart_has_no_contributions_after_a_flow_without_a_price() -> None:
    values = {0: "1000", 1: "2000", 2: "2200"}
    found = _found(values, {1: None})

    days = days_of(found, _curve(values), {1: None})
    assert [(day.contributed, day.grown) for day in days] == [(D(1000), D(0)), (None, None), (None, None)]


_GROWTHS = st.lists(st.decimals("0.5", "2", places=2), min_size=1, max_size=10)


@given(_GROWTHS, st.data())
def test_the_time_weighted_return_is_that_of_a_unit_whatever_flows(growths: list[Decimal], data: st.DataObject) -> None:
    value, values, flows = D(1000), {0: "1000"}, dict[int, str | None]()
    for day, growth in enumerate(growths, 1):
        grown = value * growth
        flow = data.draw(st.decimals(-grown / 2, grown, places=2))
        value, flows[day] = grown + flow, str(flow)
        values[day] = str(value)
    found = _found(dict[int, str | None](values), flows, last=len(growths))

    unit = D(1)
    for growth in growths:
        unit *= growth
    assert found.time_weighted.value is not None
    assert abs(found.time_weighted.value + 1 - unit) <= unit * D("1e-24")


@given(st.lists(st.decimals("1", "1000", places=2), min_size=2, max_size=6), st.decimals("0.5", "2", places=2))
def test_the_money_weighted_return_solves_for_a_present_value_of_zero(paid: list[Decimal], grown: Decimal) -> None:
    value, values, flows = paid[0], {0: str(paid[0])}, dict[int, str | None]()
    for number, flow in enumerate(paid[1:], 1):
        value = value * grown + flow
        values[number * 100], flows[number * 100] = str(value), str(flow)
    last = len(paid) * 100
    values[last] = str(value * grown)

    rate = _found(dict[int, str | None](values), flows, last=last).annual.value
    assert rate is not None
    with localcontext(prec=50):
        daily = (1 + rate) ** (D(1) / 365)
        worth = sum(flow * daily ** (last - number * 100) for number, flow in enumerate(paid)) - D(values[last])
        assert abs(worth) <= D(values[last]) * D("1e-15")


@given(_VALUES, st.data())
def test_start_flows_and_gain_make_the_end(values: list[Decimal], data: st.DataObject) -> None:
    told: dict[int, str | None] = {day: str(value) for day, value in enumerate(values)}
    flows = {day: str(data.draw(st.decimals("-500", "500", places=2))) for day in range(1, len(values))}
    found = _found(told, dict[int, str | None](flows), last=len(values) - 1)

    assert None not in (found.before, found.flowed_in, found.flowed_out, found.gain)
    assert found.after == (found.before or 0) + (found.flowed_in or 0) - (found.flowed_out or 0) + (found.gain or 0)


def test_the_money_weighted_return_of_a_period_without_flows_is_its_growth() -> None:
    found = _found({0: "1000", 30: "1050"}, {}, last=30)

    assert found.is_short
    assert found.money_weighted.value is not None
    assert abs(found.money_weighted.value - D("0.05")) < D("1e-20")
    assert found.annual.value is not None
    assert found.annual.value > D("0.8")
