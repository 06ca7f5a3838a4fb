"""What sources get wrong, in the sizes in which they do: each is told, and no figure is made of it."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.risk import jumps
from app.core.risk.arrays import Floats
from app.core.risk.prices import Prices, prices
from app.core.risk.returns import Returns, returns
from tests.core.risk.conftest import Closes, day

BROKEN = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, -1.0, 5e-324, 1.7e308, 1e300, 1e-300, 1.0]),
    st.floats(0.5, 200),
)


@pytest.fixture(scope="module")
def year(daily_closes: Closes) -> dict[str, list[tuple[int, float]]]:
    """Return a calm year of six coins."""
    first, last = day("2023-03-01"), day("2024-02-28")
    names = ("ADA", "BNB", "BTC", "ETH", "LTC", "XRP")
    return {name: [point for point in daily_closes[name] if first <= point[0] <= last] for name in names}


def changed(
    year: dict[str, list[tuple[int, float]]], asset: str, first: int, last: int, factor: float
) -> dict[str, list[tuple[int, float]]]:
    points = [(at, price * factor if first <= place < last else price) for place, (at, price) in enumerate(year[asset])]
    return {**year, asset: points}


def told(found: Returns | Prices, *assets: str) -> list[tuple[str, str]]:
    return [(one.code, one.subject) for one in found.findings if not assets or one.subject in assets]


@pytest.mark.parametrize("factor", [10, 0.1, 100, 1 / 1000])
@pytest.mark.parametrize("at", [60, 130, 200, 270])
@pytest.mark.parametrize("asset", ["BTC", "ETH", "ADA"])
def test_a_split_is_none_of_the_days_returns_though_that_day_has_one_of_its_own(
    year: dict[str, list[tuple[int, float]]], asset: str, at: int, factor: float
) -> None:
    found = returns(prices(changed(year, asset, at, 10_000, factor)))

    assert told(found, asset) == [("price-split", asset)]
    assert np.flatnonzero(np.isnan(found.of(asset))).tolist() == [at - 1]


@pytest.mark.parametrize("factor", [1.25, 0.75])
@pytest.mark.parametrize("at", [90, 130, 200, 270])
def test_a_day_a_quarter_off_is_no_return_of_a_real_coin(
    year: dict[str, list[tuple[int, float]]], at: int, factor: float
) -> None:
    found = returns(prices(changed(year, "BTC", at, at + 1, factor)))

    assert told(found, "BTC") == [("price-apart", "BTC")]
    assert np.flatnonzero(np.isnan(found.of("BTC"))).tolist() == [at - 1, at]


def test_a_step_that_nothing_explains_is_told_though_it_counts(year: dict[str, list[tuple[int, float]]]) -> None:
    """Thirty-seven times the price for three days is no unit and no day's excursion: it may have been."""
    found = returns(prices(changed(year, "ETH", 100, 103, 37)))
    (one,) = found.findings

    assert (one.code, one.subject) == ("price-jump", "ETH")
    assert "2 steps of ETH are odd and taken as real" in one.message
    assert np.nanmax(found.of("ETH")) > 30


@pytest.mark.parametrize("factor", [0.1, 0.75, 1.25, 8])
@pytest.mark.parametrize("asset", ["BTC", "ETH"])
def test_a_wrong_price_on_the_last_day_is_told_because_nothing_shows_yet_what_it_was(
    year: dict[str, list[tuple[int, float]]], asset: str, factor: float
) -> None:
    found = returns(prices(changed(year, asset, len(year[asset]) - 1, 10_000, factor)))

    assert told(found) == [("price-step-open", asset)]
    assert f"{found.of(asset)[-1]:+.1%} on 2024-02-28, alone" in found.findings[0].message


def test_a_last_day_on_which_all_of_the_market_falls_is_told_as_nothing_but_what_it_was(
    year: dict[str, list[tuple[int, float]]],
) -> None:
    fallen = {asset: [*points[:-1], (points[-1][0], points[-1][1] * 0.7)] for asset, points in year.items()}

    assert told(returns(prices(fallen))) == []


def test_true_last_days_of_six_coins_are_seldom_doubted(daily_closes: Closes) -> None:
    """Every day of three years stands once at the end: one in five hundred of a coin is told."""
    first, last = day("2022-06-01"), day("2025-06-01")
    names = ("ADA", "BNB", "BTC", "ETH", "LTC", "XRP")
    table = np.array([[price for at, price in daily_closes[name] if first <= at <= last] for name in names]).T
    moved = jumps.steps(table)
    doubted = [found for end in range(40, moved.shape[0]) for found in jumps.open_ends(moved[:end], 1)]

    assert 0 < len(doubted) <= moved.size / 500


@pytest.mark.parametrize("factor", [1e9, 1e-9, 1e200, 1e-200])
def test_no_price_moves_by_more_than_a_million_times(year: dict[str, list[tuple[int, float]]], factor: float) -> None:
    found = returns(prices(changed(year, "ETH", 100, 104, factor)))

    assert told(found) == [("price-impossible", "ETH")] * 2
    assert np.isfinite(np.nanstd(found.values))


@given(st.lists(st.tuples(BROKEN, BROKEN, BROKEN), min_size=2, max_size=40))
def test_whatever_a_source_says_a_return_is_finite_or_unknown(rows: list[tuple[float, float, float]]) -> None:
    histories = {name: [(bar * DAY, row[at]) for bar, row in enumerate(rows)] for at, name in enumerate("abc")}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = returns(prices(histories))

    assert np.isfinite(found.values[~np.isnan(found.values)]).all()
    assert (np.abs(np.log1p(found.values[found.values > -1])) < 14).all()


def disputed(*rows: tuple[int, float]) -> Prices:
    return prices({"a": [(bar * DAY, price) for bar, price in rows]})


@pytest.mark.parametrize("pair", [(125.0, 101.0), (101.0, 125.0)])
def test_of_two_prices_that_contradict_each_other_the_days_around_choose(pair: tuple[float, float]) -> None:
    found = disputed((0, 100.0), (1, pair[0]), (1, pair[1]), (2, 102.0))

    assert found.closes[:, 0].tolist() == [100, 101, 102]
    assert told(found) == [("price-disputed", "a")]


def test_where_nothing_tells_which_is_right_there_is_no_price() -> None:
    found = disputed((0, 100.0), (1, 90.0), (1, 110.0), (2, 100.0))

    assert np.isnan(found.closes[:, 0]).tolist() == [False, True, False]
    assert told(found) == [("price-unsettled", "a"), ("price-gap", "a")]


def test_the_last_day_is_settled_by_the_day_before() -> None:
    found = disputed((0, 100.0), (1, 101.0), (2, 126.0), (2, 101.0))

    assert found.closes[-1, 0] == 101


def test_days_that_are_themselves_disputed_speak_for_nothing() -> None:
    found = disputed((0, 100.0), (1, 125.0), (1, 100.0), (2, 125.0), (2, 100.0), (3, 100.0))

    assert found.closes[:, 0].tolist() == [100, 100, 100, 100]


def test_a_week_away_is_too_far_to_speak_for_a_day() -> None:
    found = disputed((0, 100.0), (8, 100.0), (8, 130.0), (16, 100.0))

    assert np.isnan(found.closes[8, 0])


@given(st.integers(2, 30))
def test_the_same_rows_twice_change_nothing(days: int) -> None:
    walk = [(bar, 100 + bar % 7 * 0.5) for bar in range(days)]
    once, twice = disputed(*walk), disputed(*walk, *walk)

    assert np.array_equal(twice.closes, once.closes)


def test_a_price_that_never_moves_is_told_to_bring_no_risk() -> None:
    flat = [7.0] * 30
    found = prices({"a": [(bar * DAY, price) for bar, price in enumerate(flat)]})

    assert told(found) == [("price-constant", "a")]


def test_money_at_one_is_no_finding() -> None:
    found = prices({"usd": [(bar * DAY, 1.0) for bar in range(30)]})

    assert told(found) == []


def test_many_assets_of_which_each_jumps_every_day_take_a_moment() -> None:
    wild: Floats = np.exp(np.random.Generator(np.random.SFC64(3)).normal(0, 0.6, (1_000, 40)))
    histories = {f"a{at}": [(bar * DAY, float(wild[bar, at])) for bar in range(1_000)] for at in range(40)}

    assert np.isfinite(returns(prices(histories)).values).all()
