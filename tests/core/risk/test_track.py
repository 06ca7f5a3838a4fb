"""Track records: known answers of small books, and what must hold of any."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.model.ledger_rows import DayChange, DayEarning, FlowRow
from app.core.model.performance import Day
from app.core.risk import curves
from app.core.risk.arrays import Floats
from app.core.risk.basis import Coverage, Covered
from app.core.risk.curves import Benchmark, Curve, Steps, equal, rebased
from app.core.risk.metrics.rolling import rolling
from app.core.risk.track import LEAST_DAYS, track
from app.core.valuation import equity
from app.core.valuation.performance import days_of, of_period
from tests.core.risk.made_up import market, scenarios_of

NAN = float("nan")
D = Decimal
FIRST = 20_000
"""The first day of the made-up books."""


def curve_of(weights: Floats, returns: Floats, other: Mapping[str, Floats] | None = None) -> Curve:
    """Return the curve of a book whose every day is known."""
    days, names = weights.shape
    beyond = other or {}
    made = (weights * returns).sum(axis=1) + sum(beyond.values(), np.zeros(days))
    return Curve(
        at=np.arange(1, days + 1, dtype=np.int64) * DAY,
        levels=np.concatenate(([1.0], np.cumprod(1 + made))),
        steps=Steps(np.arange(1, days + 1), tuple(f"a{one}" for one in range(names)), weights, returns, beyond),
        how="",
        coverage=Coverage(days, days, of=Covered.BARS),
    )


def weights_of(days: int, names: int, seed: int) -> Floats:
    sizes = np.random.Generator(np.random.SFC64(seed)).uniform(0.1, 1, (days, names))
    return np.asarray(sizes / sizes.sum(axis=1, keepdims=True))


def single(made: Floats, name: str = "other") -> Benchmark:
    return Benchmark(name, np.concatenate(([1.0], np.cumprod(1 + made))), "")


SIZES = st.tuples(st.integers(LEAST_DAYS, 120), st.integers(1, 5), st.integers(0, 1000))


@given(SIZES)
def test_the_whole_return_is_the_product_of_the_days(size: tuple[int, int, int]) -> None:
    days, names, seed = size
    weights, moves = weights_of(days, names, seed), market(days, names, seed)

    found = track(curve_of(weights, moves))
    assert np.prod(1 + (weights * moves).sum(axis=1)) - 1 == pytest.approx(found.total)


@given(SIZES)
def test_parts_add_up_to_the_return_with_fees_among_them(size: tuple[int, int, int]) -> None:
    days, names, seed = size
    fees = {"fees": np.full(days, -0.0005), "income": np.linspace(0, 0.001, days)}
    found = track(curve_of(weights_of(days, names, seed), market(days, names, seed), fees))

    assert found.total == pytest.approx(sum(line.part for line in found.attribution.lines), abs=1e-9)
    assert found.total == pytest.approx(found.attribution.total)


@given(SIZES)
def test_what_was_made_against_a_benchmark_adds_up_to_the_difference(size: tuple[int, int, int]) -> None:
    days, names, seed = size
    curve = curve_of(weights_of(days, names, seed), market(days, names, seed), {"fees": np.full(days, -0.0005)})
    for benchmark in (single(market(days, 1, seed + 1)[:, 0]), equal(curve)):
        found = track(curve, benchmark)

        assert found.other is not None
        assert found.other.total is not None
        assert found.total - found.other.total == pytest.approx(found.attribution.difference)
        against = sum(line.against or 0.0 for line in found.attribution.lines)
        assert found.attribution.difference == pytest.approx(against, abs=1e-9)


@given(SIZES)
def test_a_curve_beside_itself_has_a_beta_of_one_and_no_tracking_error(size: tuple[int, int, int]) -> None:
    days, names, seed = size
    curve = curve_of(weights_of(days, names, seed), market(days, names, seed))

    found = track(curve, Benchmark("itself", curve.levels, "")).ratios
    assert (found.beta, found.correlation, found.tracking_error) == pytest.approx((1, 1, 0), abs=1e-09)
    assert found.information is None or abs(found.information) < 1e-3
    assert (found.up, found.down) == pytest.approx((1, 1))


def test_an_equal_book_is_its_own_benchmark() -> None:
    moves = market(60, 4)
    curve = curve_of(np.full((60, 4), 0.25), moves)

    found = track(curve, equal(curve))
    assert found.other is not None
    assert found.other.total == pytest.approx(found.total)
    assert found.other.ratios.volatility == pytest.approx(found.ratios.volatility)
    assert found.other.drawdown.conditional == pytest.approx(found.drawdown.conditional)
    assert [line.against for line in found.attribution.lines] == pytest.approx([0.0] * 4, abs=1e-12)


def test_what_is_too_small_or_money_is_no_part_of_equal_weights() -> None:
    weights = np.tile([0.5, 0.4995, 0.0005], (40, 1))
    moves = market(40, 3)
    curve = curve_of(weights, moves)

    found = equal(curve, {"a1"})
    assert found.weights is not None
    assert found.weights[0].tolist() == [1.0, 0.0, 0.0]
    assert moves[:, 0] == pytest.approx(found.daily)


def test_one_day_against_one_asset_is_that_of_the_textbook() -> None:
    """Half in each of two; they make 10 % and 2 %, the benchmark is the first: holding the second cost 4 %."""
    days = LEAST_DAYS
    moves = np.zeros((days, 2))
    moves[0] = [0.1, 0.02]
    found = track(curve_of(np.full((days, 2), 0.5), moves), single(moves[:, 0], "a0"))

    parts = {line.name: (line.part, line.against) for line in found.attribution.lines}
    assert parts["a0"] == pytest.approx((0.05, 0.0))
    assert parts["a1"] == pytest.approx((0.01, 0.5 * (0.02 - 0.1)))
    assert found.attribution.difference == pytest.approx(0.06 - 0.1)


@given(SIZES)
def test_what_was_decided_adds_up_to_the_difference(size: tuple[int, int, int]) -> None:
    days, names, seed = size
    curve = curve_of(weights_of(days, names, seed), market(days, names, seed), {"fees": np.full(days, -0.0005)})
    for benchmark in (single(market(days, 1, seed + 1)[:, 0]), equal(curve, {"a0"} if names > 1 else ())):
        found = track(curve, benchmark, money={"a0"}).attribution
        assert found.effects is not None
        decided = found.effects.allocation + found.effects.selection + found.effects.beyond

        assert found.difference == pytest.approx(decided, abs=1e-9)


def test_money_beside_the_benchmark_is_allocation_and_another_coin_is_selection() -> None:
    coin = market(60, 1)[:, 0]
    half = curve_of(np.full((60, 2), 0.5), np.column_stack((np.zeros(60), coin)))
    held_back = track(half, single(coin, "a1"), money={"a0"}).attribution
    other = track(curve_of(np.ones((60, 1)), market(60, 1, 9)), single(coin), money={"usd"}).attribution
    assert held_back.effects is not None
    assert other.effects is not None

    assert held_back.effects.allocation == pytest.approx(held_back.difference)
    assert (held_back.effects.selection, held_back.effects.beyond) == pytest.approx((0, 0), abs=1e-12)
    assert other.effects.selection == pytest.approx(other.difference)
    assert other.effects.allocation == pytest.approx(0, abs=1e-12)


def test_long_and_short_of_one_group_are_not_lost() -> None:
    moves = market(60, 3)
    hedged = curve_of(np.tile([1.0, 0.5, -0.5], (60, 1)), moves)
    found = track(hedged, single(np.zeros(60), "cash"), money={"a0", "cash"}).attribution
    assert found.effects is not None

    total = found.effects.allocation + found.effects.selection + found.effects.beyond
    assert found.difference == pytest.approx(total, abs=1e-9)


def test_a_benchmark_that_was_never_held_has_a_line_of_its_own() -> None:
    days = LEAST_DAYS
    found = track(curve_of(np.ones((days, 1)), np.full((days, 1), 0.001)), single(np.full(days, 0.002), "gold"))

    (line,) = (one for one in found.attribution.lines if one.name == "gold")
    assert (line.weight, line.benchmark_weight, line.part) == (0.0, 1.0, 0.0)


def test_steps_without_a_close_of_the_benchmark_are_left_out_and_told() -> None:
    days = 40
    curve = curve_of(weights_of(days, 2, 3), market(days, 2))
    levels = single(market(days, 1, 5)[:, 0]).levels.copy()
    levels[7] = NAN

    found = track(curve, Benchmark("gap", levels, ""))
    assert "Against the benchmark, 38 of 40 steps are known of both." in found.attribution.basis.assumptions
    assert found.attribution.difference == pytest.approx(sum(one.against or 0 for one in found.attribution.lines))


def test_a_book_of_less_than_a_year_has_no_yearly_growth() -> None:
    short, long = (track(curve_of(np.ones((days, 1)), market(days, 1))) for days in (364, 365))

    assert (short.is_short, short.ratios.growth, short.ratios.calmar) == (True, None, None)
    assert long.ratios.growth is not None
    assert long.ratios.calmar == pytest.approx(long.ratios.growth / long.drawdown.deepest)


def test_growth_and_the_deepest_fall_go_over_days_that_are_unknown() -> None:
    days = 400
    moves = np.zeros((days, 1))
    moves[10], moves[11] = -0.5, 0.2
    curve = curve_of(np.ones((days, 1)), moves)
    levels = curve.levels.copy()
    levels[11] = NAN
    steps = Steps(np.delete(curve.steps.ends, 10), ("a0",), np.ones((days - 1, 1)), np.delete(moves, 10, axis=0), {})
    steps.returns[10] = 0.6 - 1

    found = track(Curve(curve.at, levels, steps, "", Coverage(days, days - 2, of=Covered.BARS)))
    assert (found.total, found.drawdown.deepest) == pytest.approx((0.6 - 1, 0.4))
    assert found.ratios.growth == pytest.approx(0.6 ** (365.25 / days) - 1)
    assert (0, days - 2) == (found.ratios.volatility, found.ratios.basis.observations)


def test_few_days_are_refused_with_what_there_is() -> None:
    with pytest.raises(InputError, match=r"only 29 of 29 days have a return, and ratios need 30"):
        track(curve_of(np.ones((29, 1)), market(29, 1)))


def test_a_curve_that_lost_everything_is_refused() -> None:
    moves = market(40, 1)
    moves[20] = -1.0
    with pytest.raises(InputError, match="everything was lost"):
        track(curve_of(np.ones((40, 1)), moves))


def test_an_index_starts_at_a_hundred_at_its_first_known_level() -> None:
    assert rebased(np.array([NAN, 2.0, 3.0]))[1:].tolist() == [100.0, 150.0]
    assert rebased(np.array([NAN])).shape == (1,)


def test_rolling_figures_are_those_of_each_window() -> None:
    own, other = market(150, 2).T
    found = rolling(own, other, 90)
    assert found.beta is not None
    assert found.correlation is not None

    window = slice(51, 141)
    table = np.cov(own[window], other[window])
    assert own[window].std(ddof=1) * math.sqrt(365) == pytest.approx(found.volatility[140])
    assert table[0, 1] / table[1, 1] == pytest.approx(found.beta[140])
    assert np.corrcoef(own[window], other[window])[0, 1] == pytest.approx(found.correlation[140])
    assert np.isnan(found.volatility[:89]).all()


def test_a_window_leaves_unknown_days_out_and_is_unknown_where_a_third_is() -> None:
    own = market(100, 1)[:, 0].copy()
    own[5:30] = NAN
    found = rolling(own, None, 90)

    assert own[30:90].std(ddof=1) != found.volatility[89]
    known = own[:90][~np.isnan(own[:90])]
    assert known.std(ddof=1) * math.sqrt(365) == pytest.approx(found.volatility[89])
    own[30:40] = NAN
    assert np.isnan(rolling(own, None, 90).volatility[89])
    assert found.beta is None


def test_a_book_with_fixed_weights_is_set_anew_every_day() -> None:
    past = scenarios_of(market(100, 2))
    curve = curves.fixed(past, past.book({"a0": 300.0, "a1": 100.0}))
    expected = np.prod(1 + 0.75 * past.by_asset[0] + 0.25 * past.by_asset[1]) - 1

    found = track(curve, curves.of_scenarios("a0", past))
    assert expected == pytest.approx(found.total)
    assert found.other is not None
    assert found.other.total == pytest.approx(np.prod(1 + past.by_asset[0]) - 1)
    assert next(line.weight for line in found.attribution.lines if line.name == "a0") == pytest.approx(0.75)


def test_debt_leaves_a_part_that_is_in_no_asset() -> None:
    past = scenarios_of(market(60, 2))
    curve = curves.fixed(past, past.book({"a0": 300.0, "a1": -100.0}))

    assert curve.steps.assets == ("a0", "a1", curves.REST)
    assert curve.steps.weights[0].tolist() == [0.75, -0.25, 0.5]
    assert track(curve).total == pytest.approx(np.prod(1 + 0.75 * past.by_asset[0] - 0.25 * past.by_asset[1]) - 1)


# of the books ------------------------------------------------------------------------------------------------------
def books(
    changes: list[DayChange], flows: list[FlowRow], closes: Mapping[str, list[str | None]], days: int
) -> tuple[equity.History, tuple[Day, ...]]:
    """Return a history, and its days as performance measures them."""
    known = {
        asset: {FIRST + place: D(price) for place, price in enumerate(prices) if price is not None}
        for asset, prices in closes.items()
    }
    history = equity.History("usd", changes, flows, known)
    curve = equity.curve(history, FIRST, FIRST + days, None)
    daily = equity.daily_flows(history)
    whole = of_period(curve, daily, FIRST, FIRST + days - 1)
    return history, days_of(whole, curve, daily)


def paid_in(day: int, asset: str, quantity: str) -> FlowRow:
    return FlowRow((FIRST + day) * DAY, f"{asset}{day}", "main", asset, D(quantity), "")


def change(day: int, asset: str, quantity: str) -> DayChange:
    return DayChange(FIRST + day, asset, D(quantity))


def test_prices_income_fees_and_trades_of_a_day_are_told_apart() -> None:
    """1 BTC at 100, then at 110: half is sold at 120 while the close is 110, 1 USD is paid, 2 USD come as interest."""
    changes = [
        change(0, "btc", "1"), change(1, "btc", "-0.5"), change(1, "usd", "60"), change(1, "usd", "-1"),
        change(1, "usd", "2"),
    ]  # fmt: skip
    history, days = books(changes, [paid_in(0, "btc", "1")], {"btc": ["100", "110", "121"]}, 3)
    earnings = [
        DayEarning(FIRST + 1, "usd", D(2), is_fee=False),
        DayEarning(FIRST + 1, "usd", D(1), is_fee=True),
    ]
    income, fees = (equity.daily_earnings(history, earnings, fees=is_fee) for is_fee in (False, True))

    curve = curves.held(days, history, income, fees)
    steps = curve.steps
    assert steps.assets == ("btc", "usd")
    assert steps.weights[0].tolist() == [1.0, 0.0]
    assert steps.returns[0] == pytest.approx([0.1, 0.0])
    told = {name: one[0] for name, one in steps.other.items()}
    assert told == pytest.approx({"income": 0.02, "fees": -0.01, "trades": 0.05})
    assert curve.levels[:2] == pytest.approx([1.0, 1.16])
    assert steps.weights[1] == pytest.approx([55 / 116, 61 / 116])
    assert steps.other["trades"][1:] == pytest.approx([0.0])


def test_money_that_comes_in_is_no_return() -> None:
    changes = [change(0, "btc", "1"), change(1, "btc", "9")]
    flows = [paid_in(0, "btc", "1"), paid_in(1, "btc", "9")]
    history, days = books(changes, flows, {"btc": ["100", "110", "121"]}, 3)

    curve = curves.held(days, history, {}, {})
    assert curve.levels == pytest.approx([1.0, 1.1, 1.21])
    (told,) = curve.assumptions
    assert told.startswith("On 1 day more was paid in or out than was held before")


def test_a_day_without_a_price_is_unknown_and_the_step_goes_over_it() -> None:
    history, days = books([change(0, "btc", "1")], [paid_in(0, "btc", "1")], {"btc": ["100", None, "121", "121"]}, 4)

    curve = curves.held(days, history, {}, {})
    assert np.isnan(curve.daily).tolist() == [True, True, False]
    assert curve.steps.ends.tolist() == [2, 3]
    assert curve.steps.returns[:, 0] == pytest.approx([0.21, 0.0])
    assert curve.coverage.share == pytest.approx(1 / 3)


def test_the_curve_begins_when_something_is_held_and_a_benchmark_has_its_days() -> None:
    closes: dict[str, list[str | None]] = {"btc": ["90", "95", "100", "110"], "eth": ["1", "2", "4", None]}
    history, days = books([change(2, "btc", "1")], [paid_in(2, "btc", "1")], closes, 4)

    curve = curves.held(days, history, {}, {})
    assert [int(at) // DAY for at in curve.at] == [FIRST + 3]
    assert curves.of_closes("btc", "BTC", history.closes["btc"], curve).levels.tolist() == [100.0, 110.0]
    with pytest.raises(InputError, match="ETH has no closes in the period"):
        curves.of_closes("eth", "ETH", history.closes["eth"], curve)


def test_a_period_without_two_priced_days_is_refused() -> None:
    history, days = books([change(0, "btc", "1")], [paid_in(0, "btc", "1")], {"btc": ["100", None]}, 2)

    with pytest.raises(InputError, match="no two days of the period have a price"):
        curves.held(days, history, {}, {})


def test_exact_quantities_are_summed_before_they_are_floats() -> None:
    tenth = [change(0, "btc", "0.1")] * 10 + [change(1, "btc", "-1")] + [change(1, "usd", "100")]
    history, days = books(tenth, [paid_in(0, "btc", "1")], {"btc": ["100", "100", "90"]}, 3)

    curve = curves.held(days, history, {}, {})
    assert curve.steps.weights.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert curve.levels.tolist() == [1.0, 1.0, 1.0]


def test_a_price_of_zero_is_no_price_to_grow_from() -> None:
    closes: dict[str, list[str | None]] = {"btc": ["100", "100", "100"], "dust": ["0", "0", "1"]}
    changes = [change(0, "btc", "1"), change(0, "dust", "10")]
    history, days = books(changes, [paid_in(0, "btc", "1"), paid_in(0, "dust", "10")], closes, 3)

    curve = curves.held(days, history, {}, {})
    assert curve.steps.returns.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert curve.steps.other["trades"] == pytest.approx([0.0, 0.1])
    assert np.isnan(curves.of_closes("dust", "DUST", {**history.closes["dust"], FIRST + 1: D(2)}, curve).levels[0])


def test_books_that_owe_more_than_they_hold_have_no_return() -> None:
    closes: dict[str, list[str | None]] = {"btc": ["100", "100", "300"]}
    history, days = books([change(0, "usd", "200"), change(0, "btc", "-1")], [], closes, 3)

    with pytest.raises(InputError, match=r"more was owed than held at the close of 2024-10-06"):
        curves.held(days, history, {}, {})
