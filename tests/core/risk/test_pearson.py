"""Correlations of whole histories: against numpy's, against pandas' where returns are missing, and at the edges."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.risk.metrics.covariance import pearson
from tests.core.risk.made_up import market

NAN = float("nan")


@pytest.mark.parametrize(("bars", "assets"), [(2, 2), (583, 3), (584, 3), (585, 3), (1_400, 40), (30, 60)])
def test_every_pair_is_numpys_to_twelve_digits(bars: int, assets: int) -> None:
    by_bar = market(bars, assets)

    assert pearson(by_bar) == pytest.approx(np.corrcoef(by_bar, rowvar=False), abs=1e-12)


def test_a_level_far_from_zero_costs_no_digits() -> None:
    by_bar = market(900, 5)

    assert pearson(by_bar + 1e6) == pytest.approx(np.corrcoef(by_bar, rowvar=False), abs=1e-9)


def test_the_order_in_which_the_array_lies_in_memory_changes_nothing() -> None:
    by_bar = market(700, 8)

    assert pearson(np.asfortranarray(by_bar)) == pytest.approx(pearson(by_bar), abs=1e-14)


def test_what_is_given_is_not_written_to() -> None:
    by_bar = market(50, 4)
    before = by_bar.copy()
    by_bar.flags.writeable = False
    pearson(by_bar)

    assert np.array_equal(before, by_bar)


@given(st.integers(3, 120), st.integers(2, 6), st.floats(0.05, 0.6), st.integers(0, 1000))
def test_missing_returns_leave_out_their_pairs_only_as_in_pandas(
    bars: int, assets: int, share: float, seed: int
) -> None:
    by_bar = market(bars, assets, seed)
    by_bar[np.random.Generator(np.random.SFC64(seed)).random(by_bar.shape) < share] = NAN
    by_bar[0, 0] = NAN

    theirs = import_module("pandas").DataFrame(by_bar).corr().to_numpy()

    assert pearson(by_bar) == pytest.approx(theirs, abs=1e-9, nan_ok=True)


def test_one_missing_return_changes_no_pair_of_others() -> None:
    by_bar = market(300, 5)
    whole = pearson(by_bar)
    by_bar[7, 4] = NAN
    found = pearson(by_bar)
    common = np.asarray(np.corrcoef(np.delete(by_bar, 7, 0), rowvar=False))

    assert found[:4, :4] == pytest.approx(whole[:4, :4], abs=1e-12)
    assert found[4] == pytest.approx(common[4], abs=1e-12)


@pytest.mark.parametrize("level", [0.0, 0.1, -3.7, 1e9])
@pytest.mark.parametrize("has_hole", [False, True])
def test_an_asset_that_does_not_move_has_no_correlation(level: float, has_hole: bool) -> None:  # noqa: FBT001
    by_bar = market(1_000, 3)
    by_bar[:, 1] = level
    by_bar[5, 2] = NAN if has_hole else by_bar[5, 2]
    unknown = np.isnan(pearson(by_bar))

    assert unknown.tolist() == [[False, True, False], [True, True, True], [False, True, False]]


def test_an_asset_without_any_return_and_a_single_bar_are_unknown() -> None:
    by_bar = market(20, 2)
    by_bar[:, 1] = NAN

    assert np.isnan(pearson(by_bar)).tolist() == [[False, True], [True, True]]
    assert np.isnan(pearson(market(1, 2))).all()


def test_an_asset_is_one_with_itself_and_no_figure_is_beyond_one() -> None:
    by_bar = market(400, 30)
    by_bar[:, 1] = by_bar[:, 0] * 3
    found = pearson(by_bar)

    assert np.diag(found) == pytest.approx(1.0, abs=1e-14)
    assert found[0, 1] == pytest.approx(1.0, abs=1e-12)
    assert np.abs(found).max() <= 1


def test_a_long_history_is_told_to_six_digits_whatever_its_units() -> None:
    by_bar = market(5_000, 12) * np.logspace(-20, 20, 12)
    by_bar[:, 3] = 0.1

    with np.errstate(invalid="ignore", divide="ignore"):
        theirs = np.array(np.corrcoef(by_bar, rowvar=False))
    theirs[3], theirs[:, 3] = np.nan, np.nan

    assert pearson(by_bar) == pytest.approx(theirs, abs=1e-6, nan_ok=True)


def test_an_asset_that_begins_to_move_late_is_no_exception() -> None:
    by_bar = market(5_000, 3)
    by_bar[:4_000, 1] = 0.0

    assert pearson(by_bar) == pytest.approx(np.corrcoef(by_bar, rowvar=False), abs=1e-6)
