"""One convention of tails: the k-th worst outcome, and the mean of the worst share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.core.errors import InputError
from app.core.risk import quantiles

GAINS = arrays.arrays(np.float64, st.integers(20, 200), elements=st.floats(-1e6, 1e6, width=32))
CONFIDENCE = st.sampled_from([0.9, 0.95, 0.975, 0.99])


@pytest.mark.parametrize(
    ("confidence", "outcomes", "k"),
    [(0.99, 500, 5), (0.99, 1000, 10), (0.975, 1000, 25), (0.95, 101, 6), (0.99, 10, 1)],
)
def test_the_tail_ends_at_the_next_whole_outcome(confidence: float, outcomes: int, k: int) -> None:
    assert k == quantiles.order(confidence, outcomes)


def test_value_at_risk_is_the_kth_worst_outcome_without_interpolation() -> None:
    gains = np.arange(1, 101, dtype=np.float64) - 101

    assert quantiles.value_at_risk(gains, 0.95) == 96


def test_shortfall_is_the_mean_of_the_worst_outcomes() -> None:
    gains = np.arange(1, 101, dtype=np.float64) - 101

    assert quantiles.expected_shortfall(gains, 0.95) == pytest.approx(98)


def test_the_last_outcome_of_the_tail_counts_with_the_fraction_that_is_left() -> None:
    gains = -np.arange(30, 0, -1, dtype=np.float64)

    assert quantiles.expected_shortfall(gains, 0.95) == pytest.approx((30 + 0.5 * 29) / 1.5)


def test_a_tail_of_less_than_one_outcome_is_the_worst_one_and_says_so() -> None:
    gains = np.array([-3.0, 1.0, 2.0])

    assert quantiles.tails(gains, (0.99,))[0] == pytest.approx((3.0, 3.0))
    assert "the worst outcome is shown" in quantiles.few(0.99, 3)
    assert quantiles.few(0.99, 100) == ""


@given(GAINS, CONFIDENCE)
def test_shortfall_is_never_less_than_value_at_risk(gains: np.ndarray, confidence: float) -> None:
    var, shortfall = quantiles.tails(gains, (confidence,))[0]

    assert shortfall >= var - 1e-6 * max(1.0, abs(var))


@given(GAINS, CONFIDENCE, st.floats(0.01, 100))
def test_twice_the_book_has_twice_the_tail(gains: np.ndarray, confidence: float, factor: float) -> None:
    var, shortfall = quantiles.tails(gains, (confidence,))[0]
    scaled = quantiles.tails(gains * factor, (confidence,))[0]

    assert scaled == pytest.approx((var * factor, shortfall * factor))


@given(GAINS, CONFIDENCE, st.floats(-1000, 1000))
def test_a_certain_gain_makes_the_tail_smaller_by_itself(gains: np.ndarray, confidence: float, certain: float) -> None:
    var, shortfall = quantiles.tails(gains, (confidence,))[0]
    moved = quantiles.tails(gains + certain, (confidence,))[0]

    assert moved == pytest.approx((var - certain, shortfall - certain), abs=1e-6)


@given(st.integers(20, 200), st.integers(0, 2**32 - 1), CONFIDENCE)
def test_shortfall_of_two_books_together_is_no_more_than_of_each(outcomes: int, seed: int, confidence: float) -> None:
    random = np.random.Generator(np.random.SFC64(seed))
    one, other = random.standard_t(2, size=(2, outcomes))
    together = quantiles.expected_shortfall(one + other, confidence)
    apart = quantiles.expected_shortfall(one, confidence) + quantiles.expected_shortfall(other, confidence)

    assert together <= apart + 1e-9


@pytest.mark.parametrize("confidence", [0.0, 0.5, 1.0, 99.0, float("nan")])
def test_what_is_no_confidence_is_refused(confidence: float) -> None:
    with pytest.raises(InputError, match="no confidence of a tail"):
        quantiles.tail_share(confidence)


def test_no_outcomes_have_no_tail() -> None:
    with pytest.raises(InputError, match="no outcomes"):
        quantiles.tails(np.empty(0), (0.99,))
