"""Covariances that forget and shrink, Monte Carlo drawn from them, and what they say about a market."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InputError
from app.core.risk.arrays import Floats
from app.core.risk.metrics import absorption, correlations, covariance, monte_carlo, robust, turbulence
from app.core.risk.metrics.covariance import EwmaCovariance
from app.core.risk.metrics.tail import tail
from app.core.risk.prices import prices
from app.core.risk.returns import returns
from app.core.risk.scenarios import Scenarios, historical
from tests.core.risk.conftest import Closes, day
from tests.core.risk.made_up import market, scenarios_of

NAN = float("nan")


def ewma_by_definition(by_bar: Floats, decay: float) -> Floats:
    """Σ λᵏ·r·rᵀ ÷ Σ λᵏ, pair by pair over the bars in which both are known."""
    bars, assets = by_bar.shape
    found = np.empty((assets, assets))
    for i in range(assets):
        for j in range(assets):
            products = by_bar[:, i] * by_bar[:, j]
            weights = decay ** np.arange(bars - 1, -1, -1, dtype=np.float64)
            is_known = ~np.isnan(products)
            found[i, j] = (weights[is_known] * products[is_known]).sum() / weights[is_known].sum()
    return found


@given(st.integers(1, 100), st.integers(1, 5), st.sampled_from([0.9, 0.94, 0.97, 0.999]), st.integers(0, 1000))
def test_updates_give_what_the_definition_gives(bars: int, assets: int, decay: float, seed: int) -> None:
    by_bar = market(bars, assets, seed)
    engine = EwmaCovariance(assets, decay)
    for bar in by_bar:
        engine.update(bar)

    assert engine.covariance() == pytest.approx(ewma_by_definition(by_bar, decay), rel=1e-10)


def test_reading_in_between_changes_nothing() -> None:
    often, once = EwmaCovariance(3), EwmaCovariance(3)
    for bar in market(50, 3):
        often.update(bar)
        often.covariance()
        once.update(bar)

    assert often.covariance() == pytest.approx(once.covariance(), rel=1e-12)


@given(st.integers(0, 1000))
def test_an_unknown_return_is_no_return_of_zero(seed: int) -> None:
    by_bar = market(90, 4, seed)
    random = np.random.Generator(np.random.SFC64(seed))
    by_bar[random.random(by_bar.shape) < 0.2] = NAN
    by_bar[-1] = 0.01
    engine = EwmaCovariance(4)
    for bar in by_bar:
        engine.update(bar)

    assert engine.covariance() == pytest.approx(ewma_by_definition(by_bar, 0.94), rel=1e-9)


def test_a_pair_that_was_never_known_together_is_unknown() -> None:
    engine = EwmaCovariance(2)
    engine.update(np.array([0.1, NAN]))
    engine.update(np.array([NAN, 0.1]))

    assert np.isnan(engine.covariance()).tolist() == [[False, True], [True, False]]
    assert np.isnan(EwmaCovariance(1).covariance()).all()


def test_an_asset_that_does_not_move_has_no_correlation() -> None:
    found = covariance.correlation(np.array([[4.0, 0.0], [0.0, 0.0]]))

    assert found[0, 0] == 1
    assert np.isnan(found[1]).all()


def ledoit_wolf_by_definition(by_bar: Floats) -> tuple[Floats, float]:
    """Ledoit and Wolf 2004, lemma 3.2 ff.: m, d², b² as they stand there, with the norm ‖A‖² = tr(AAᵀ)/p."""
    bars, assets = by_bar.shape
    centred = by_bar - by_bar.mean(axis=0)
    sample = sum(np.outer(row, row) for row in centred) / bars
    identity = np.eye(assets)
    level = np.trace(sample) / assets
    distance = np.square(sample - level * identity).sum() / assets
    noise = sum(np.square(np.outer(row, row) - sample).sum() / assets for row in centred) / bars**2
    share = min(noise, distance) / distance
    return share * level * identity + (1 - share) * sample, share


@given(st.integers(3, 60), st.integers(2, 6), st.integers(0, 1000))
def test_shrinkage_is_that_of_its_authors(bars: int, assets: int, seed: int) -> None:
    by_bar = market(bars, assets, seed)
    found, share = covariance.shrunk(by_bar)
    expected, expected_share = ledoit_wolf_by_definition(by_bar)

    assert share == pytest.approx(expected_share)
    assert found == pytest.approx(expected)


def test_more_assets_than_bars_can_be_inverted_once_shrunk() -> None:
    found, share = covariance.shrunk(market(10, 40))

    assert 0 < share <= 1
    assert np.linalg.eigvalsh(found).min() > 0


def test_a_long_history_is_hardly_shrunk() -> None:
    deviations = np.array([0.01, 0.05])
    normal = np.random.Generator(np.random.SFC64(1)).normal(size=(20_000, 2)) * deviations

    assert covariance.shrunk(normal)[1] < 0.001


def test_one_bar_has_no_covariance() -> None:
    with pytest.raises(InputError, match="1 bars have no covariance"):
        covariance.shrunk(market(1, 3))


@pytest.fixture(scope="module")
def three() -> tuple[Scenarios, Floats]:
    spread = np.array([[1.0, 0.6, 0.2], [0.6, 1.0, 0.1], [0.2, 0.1, 1.0]])
    deviations = np.array([0.02, 0.04, 0.01])
    return scenarios_of(market(50, 3)), np.asarray(spread * np.outer(deviations, deviations))


def test_drawn_returns_have_the_covariance_asked_for(three: tuple[Scenarios, Floats]) -> None:
    drawn = monte_carlo.drawn(*three)
    logs = np.log1p(drawn.by_asset.astype(np.float64))

    assert np.cov(logs) == pytest.approx(three[1], rel=0.03, abs=3e-6)
    assert drawn.by_asset.mean(axis=1) == pytest.approx(np.zeros(3), abs=4e-4)


def test_the_tail_of_many_draws_is_near_the_closed_form(three: tuple[Scenarios, Floats]) -> None:
    scenarios, spread = three
    drawn = monte_carlo.drawn(scenarios, spread * 0.01)
    held = drawn.book({"a0": 100.0, "a1": 50.0, "a2": -30.0})
    deviation = math.sqrt(held.values @ spread @ held.values * 0.01)
    found = tail(drawn, held, (0.99,))[0]

    assert found.value_at_risk == pytest.approx(2.32635 * deviation, rel=0.02)
    assert found.expected_shortfall == pytest.approx(2.66521 * deviation, rel=0.02)


def test_students_tail_is_fatter_at_the_same_covariance(three: tuple[Scenarios, Floats]) -> None:
    normal, student = (monte_carlo.drawn(*three, freedom=freedom) for freedom in (None, 4))
    held = normal.book({"a1": 100.0})
    narrow, fat = (tail(one, held, (0.99,))[0].expected_shortfall or 0 for one in (normal, student))

    assert fat > 1.15 * narrow
    assert student.method == "Monte Carlo (100000, Student's t (4))"


def test_the_same_seed_draws_the_same(three: tuple[Scenarios, Floats]) -> None:
    one, same, other = (monte_carlo.drawn(*three, count=10_000, seed=seed).by_asset for seed in (1, 1, 2))

    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_pegged_asset_does_not_stop_the_draw(three: tuple[Scenarios, Floats]) -> None:
    spread = three[1].copy()
    spread[2], spread[:, 2] = 0, 0
    drawn = monte_carlo.drawn(three[0], spread, count=5_000)

    assert not drawn.by_asset[2].any()
    assert drawn.by_asset[0].std() == pytest.approx(0.02, rel=0.05)


def test_a_covariance_that_does_not_fit_is_refused(three: tuple[Scenarios, Floats]) -> None:
    with pytest.raises(InputError, match="covariance of 3 assets"):
        monte_carlo.drawn(three[0], np.full((3, 3), NAN))


def independent(days: int, assets: int, seed: int = 4) -> Floats:
    return np.random.Generator(np.random.SFC64(seed)).normal(0, 0.02, (days, assets))


def test_correlations_that_did_not_change_raise_no_alarm() -> None:
    found = [correlations.correlations(scenarios_of(independent(400, 20, seed))) for seed in range(20)]

    assert sum(bool(one.changed) for one in found) <= 3
    assert found[0].tested == 190


def test_pairs_that_come_together_are_named_and_no_others() -> None:
    by_bar = independent(400, 8)
    by_bar[-30:, 5] = by_bar[-30:, 2] + by_bar[-30:, 5] * 0.1
    found = correlations.correlations(scenarios_of(by_bar))

    assert [(pair.one, pair.other, pair.is_closer) for pair in found.changed] == [("a2", "a5", True)]
    assert found.changed[0].lately > 0.8 > abs(found.changed[0].before) + 0.5


def test_pairs_that_part_are_named_too() -> None:
    by_bar = independent(400, 4)
    by_bar[:-60, 1] = by_bar[:-60, 0] + by_bar[:-60, 1] * 0.1
    found = correlations.correlations(scenarios_of(by_bar))

    assert [(pair.one, pair.other, pair.is_closer) for pair in found.changed] == [("a0", "a1", False)]


def test_the_weighting_has_as_many_effective_observations_as_asked_for() -> None:
    decay = correlations.decay_of(30)

    assert (1 + decay) / (1 - decay) == pytest.approx(30)


def test_z_is_fishers_with_both_numbers_of_observations() -> None:
    by_bar = independent(210, 2)
    by_bar[-30:, 1] = by_bar[-30:, 0]
    by_bar[-20:, 1] *= -1
    found = correlations.correlations(scenarios_of(by_bar), false_share=1.0)
    pair = found.changed[0]
    size = math.sqrt(1 / (30 - 3) + 1 / (180 - 3))

    assert pair.z == pytest.approx((math.atanh(pair.lately) - math.atanh(pair.before)) / size)
    assert pair.p_value == pytest.approx(math.erfc(abs(pair.z) / math.sqrt(2)))


def test_false_discoveries_are_limited_as_published() -> None:
    """Benjamini and Hochberg 1995, their fifteen p-values: four stand at 5 %."""
    told = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528]
    found = correlations.discoveries(np.array([*told, 0.759, 1.0]), 0.05)

    assert found.tolist() == [True] * 4 + [False] * 11


def test_the_course_of_a_pair_ends_where_the_matrix_is() -> None:
    scenarios = scenarios_of(market(400, 3))
    course = correlations.of_pair(scenarios, "a0", "a2")
    whole = correlations.weighted(robust.cut(scenarios.by_bar, 3), correlations.decay_of(30))

    assert np.isnan(course[:30]).all()
    assert course[-1] == pytest.approx(whole[0, 2])


def test_longer_windows_are_told_where_the_history_has_them() -> None:
    scenarios = scenarios_of(market(300, 3))
    found = correlations.correlations(scenarios)
    course = correlations.of_pair(scenarios, "a0", "a2", 90)

    assert list(found.longer) == [90]
    assert found.longer[90][0, 2] == pytest.approx(course[-1])


def test_an_asset_that_stands_still_takes_no_part_in_pairs() -> None:
    by_bar = independent(300, 3)
    by_bar[:, 1] = 0
    found = correlations.correlations(scenarios_of(by_bar))

    assert found.tested == 1
    assert found.average is not None


def test_one_coin_that_jumps_does_not_rule_turbulence_and_is_named() -> None:
    by_bar = market(366, 10)
    by_bar[-1] = 0.001
    by_bar[-1, 7] = 0.9
    found = turbulence.turbulence(scenarios_of(by_bar))[0]

    assert found.culprit == "a7"
    assert found.culprit_share > 0.8
    assert found.robust < found.plain / 5


def test_a_day_against_the_usual_order_is_a_surprise_at_the_same_size() -> None:
    by_bar = independent(366, 2)
    by_bar[:, 1] = by_bar[:, 0] + by_bar[:, 1] * 0.3
    together, apart = by_bar.copy(), by_bar.copy()
    together[-1], apart[-1] = [0.03, 0.03], [0.03, -0.03]
    usual, odd = (turbulence.turbulence(scenarios_of(one))[0] for one in (together, apart))

    assert odd.magnitude == pytest.approx(usual.magnitude, rel=0.2)
    assert odd.surprise > 1 > usual.surprise


def test_a_culprit_never_has_more_than_all_of_it(fourteen: Scenarios) -> None:
    found = turbulence.turbulence(fourteen, days=1000)
    shares = [one.culprit_share for one in found]

    assert 0 < min(shares) <= max(shares) <= 1


def test_turbulence_is_about_one_on_usual_days() -> None:
    found = turbulence.turbulence(scenarios_of(independent(700, 8)), days=300)

    assert np.mean([one.robust for one in found]) == pytest.approx(1, abs=0.15)
    assert found[0].percentile is None
    assert 0 <= (found[-1].percentile or 0) <= 1


def test_a_market_that_stands_still_is_not_turbulent() -> None:
    found = turbulence.turbulence(scenarios_of(np.zeros((366, 3))))[0]

    assert (found.robust, found.culprit) == (0, "")


def test_one_force_absorbs_everything_where_all_move_as_one() -> None:
    one = independent(500, 1)

    assert absorption.ratio(np.repeat(one, 5, axis=1), 1) == pytest.approx(1)


def test_independent_assets_absorb_by_number() -> None:
    assert absorption.ratio(independent(50_000, 10), 2) == pytest.approx(0.2, abs=0.01)


def test_a_market_that_closes_ranks_shifts_upwards() -> None:
    by_bar = independent(460, 10)
    by_bar[-40:] = by_bar[-40:] * 0.2 + by_bar[-40:, :1] * 2
    found = absorption.absorption(scenarios_of(by_bar))

    assert found.ratios.size == 365
    assert (found.shift or 0) > 2


def test_the_shift_is_as_defined() -> None:
    ratios = np.concatenate((np.full(350, 0.5), np.full(15, 0.8)))
    mean, deviation = ratios.mean(), ratios.std(ddof=1)

    assert absorption.shift(ratios) == pytest.approx((0.8 - mean) / deviation)
    assert absorption.shift(ratios[:300]) is None
    assert absorption.shift(np.full(365, 0.5)) is None


def test_a_history_that_is_too_short_is_told_with_its_length() -> None:
    with pytest.raises(InputError, match="366 bars are asked for, and the history has 100"):
        turbulence.turbulence(scenarios_of(market(100, 3)))


@pytest.fixture(scope="module")
def fourteen(daily_closes: Closes) -> Scenarios:
    """Return the returns of the fourteen coins with the longest history, from July 2019 on."""
    found = returns(prices({asset: daily_closes[asset] for asset in list(daily_closes)[:14]}))
    return historical(found, found.assets, int((found.at > day("2019-06-22")).sum()))


def until(found: Scenarios, last: str) -> Scenarios:
    bars = int((found.at <= day(last)).sum())
    return replace(found, by_asset=found.by_asset[:, :bars], at=found.at[:bars])


def test_a_pump_names_its_coin_and_is_no_storm(fourteen: Scenarios) -> None:
    """On 3 December 2024 TRX nearly doubled: the plain figure is the highest of six years."""
    found = turbulence.turbulence(until(fourteen, "2024-12-03"))[0]

    assert (found.at, found.culprit) == (day("2024-12-03"), "TRX")
    assert found.culprit_share > 0.9
    assert found.plain > 40 * found.robust


def test_a_percentile_is_the_share_of_the_days_before_that_were_calmer() -> None:
    found = turbulence.turbulence(scenarios_of(market(460, 4)), days=60)
    robust = [one.robust for one in found]
    shares = [sum(before < robust[place] for before in robust[:place]) / place for place in range(1, 60)]

    assert [one.percentile for one in found[1:]] == pytest.approx(shares)


def test_a_day_on_which_all_fall_is_the_most_turbulent(fourteen: Scenarios) -> None:
    found = turbulence.turbulence(fourteen, days=2000)

    assert max(found, key=lambda one: one.robust).at == day("2020-09-03")


def test_three_forces_absorb_most_of_what_fourteen_coins_do(fourteen: Scenarios) -> None:
    found = absorption.absorption(fourteen, days=1800)

    assert found.forces == 3
    assert np.median(found.ratios) == pytest.approx(0.844, abs=0.0005)
    assert found.ratios.max() == pytest.approx(0.936, abs=0.0005)


def test_fat_tails_alone_name_few_pairs() -> None:
    found = [correlations.correlations(scenarios_of(market(300, 14, seed))) for seed in range(100)]

    assert np.mean([len(one.changed) for one in found]) < 1.5
