"""Scenarios of a window: new assets are proxied or left out, and the book says how much of it takes part."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.errors import InputError
from app.core.risk.arrays import Floats
from app.core.risk.exposures import Group, Kind, Places, book, debt, gross_by, holding, net, perpetual
from app.core.risk.returns import Kind as ReturnKind
from app.core.risk.returns import Returns
from app.core.risk.scenarios import historical
from tests.core.risk.made_up import market, returns_of, scenarios_of

NAN = float("nan")


def with_unknown(rows: slice, column: int) -> Floats:
    values = market(100, 3)
    values[rows, column] = NAN
    return values


def test_each_asset_is_a_row_that_is_contiguous() -> None:
    found = scenarios_of(market(50, 4))

    assert found.by_asset.shape == (4, 50)
    assert found.by_asset.flags.c_contiguous


def test_only_the_window_is_taken() -> None:
    values = market(50, 2)
    found = historical(returns_of(values), ["a1"], 20)

    assert np.array_equal(found.by_asset[0], values[-20:, 1])
    assert found.observations == 20


def test_a_new_asset_without_a_proxy_is_left_out_and_named() -> None:
    found = historical(returns_of(with_unknown(slice(0, 60), 1)), ["a0", "a1", "a2"], 100)
    held = found.book({"a0": 60.0, "a1": -40.0})
    coverage = found.basis(held).coverage

    assert found.left_out == ("a1",)
    assert coverage.left_out == ("a1",)
    assert coverage.share == pytest.approx(0.6)


def test_a_new_asset_takes_its_proxy_times_beta_where_it_has_nothing_of_its_own() -> None:
    values = market(100, 3)
    values[:, 1] = 0.5 * values[:, 0]
    expected = values[:, 1].copy()
    values[:60, 1] = NAN
    found = historical(returns_of(values), ["a0", "a1"], 100, default_proxy="a0")

    assert found.by_asset[1] == pytest.approx(expected)
    assert found.proxied[0].beta == pytest.approx(0.5)
    assert found.assumptions == ("New asset: a1 by a0 × 0.50 (estimated; 40 returns of its own).",)


def test_how_two_move_together_is_asked_only_of_assets_with_a_history_of_their_own() -> None:
    found = historical(returns_of(with_unknown(slice(0, 60), 1)), ["a0", "a1", "a2"], 100, default_proxy="a0")
    own = found.own()

    assert own.assets == ("a0", "a2")
    assert np.array_equal(own.by_asset, found.by_asset[[0, 2]])
    assert own.by_asset.flags.c_contiguous
    assert (own.left_out, own.proxied, own.assumptions) == (("a1",), (), ())


def test_a_proxied_asset_loses_no_more_than_everything() -> None:
    values = market(100, 2)
    values[:, 1] = 3 * values[:, 0]
    values[:60, 1], values[10, 0] = NAN, -0.5
    found = historical(returns_of(values), ["a1"], 100, default_proxy="a0")

    assert found.proxied[0].beta == pytest.approx(3)
    assert found.by_asset.min() == -1


def test_an_asset_without_any_history_takes_its_proxy_as_it_is_and_says_so() -> None:
    found = historical(returns_of(market(100, 2)), ["a0", "new"], 100, proxies={"new": "a1"})

    assert found.by_asset[1] == pytest.approx(market(100, 2)[:, 1])
    assert not found.proxied[0].is_estimated
    assert "assumed, too little common history" in found.assumptions[0]


def test_a_proxy_without_a_history_is_none() -> None:
    found = historical(returns_of(market(100, 2)), ["new"], 100, proxies={"new": "newer"})

    assert found.left_out == ("new",)
    assert found.proxied == ()


def test_a_single_hole_takes_the_median_of_its_day_so_that_no_crash_is_dropped() -> None:
    values = with_unknown(slice(7, 8), 1)
    found = historical(returns_of(values), ["a0", "a1", "a2"], 100)

    assert found.by_asset[1, 7] == pytest.approx((values[7, 0] + values[7, 2]) / 2)
    assert found.outcomes == 100
    assert found.assumptions == ("Holes filled with the median of their day (a1: 1).",)


def test_the_base_currency_brings_nothing() -> None:
    found = historical(returns_of(market(100, 1)), ["a0", "usd"], 100, constant=["usd"])

    assert not found.by_asset[1].any()


def test_logarithmic_returns_become_simple_ones() -> None:
    plain = returns_of(np.log1p(market(40, 2)))
    logs = Returns(plain.assets, plain.at, plain.values, ReturnKind.LOG, plain.step)

    assert historical(logs, ["a0"], 40).by_asset[0] == pytest.approx(market(40, 2)[:, 0])


def test_bars_in_which_nothing_is_known_are_no_scenarios() -> None:
    values = market(30, 2)
    values[5] = NAN

    assert historical(returns_of(values), ["a0"], 30).outcomes == 29


def test_a_history_without_returns_is_refused() -> None:
    with pytest.raises(InputError, match="two prices that follow each other"):
        historical(returns_of(np.full((5, 1), NAN)), ["a0"], 5)


def test_debt_and_short_perpetuals_count_against_what_is_held() -> None:
    lines = [
        holding("btc", 100.0),
        holding("btc", 50.0, is_locked=True),
        debt("btc", 30.0),
        perpetual("btc", -2, 40.0, margin=10.0),
    ]

    assert net(lines) == {"btc": 40.0}
    assert [line.kind for line in lines] == [Kind.HOLDING, Kind.STAKED, Kind.DEBT, Kind.PERPETUAL]


def test_a_venue_owes_what_it_holds_and_the_margin_but_not_the_notional() -> None:
    kraken, cold = Places(venue="kraken"), Places()
    lines = [
        holding("btc", 100.0, kraken),
        perpetual("eth", 10, 40.0, margin=25.0, places=kraken),
        debt("usd", 30.0, kraken),
        holding("btc", 7.0, cold),
    ]

    assert gross_by(lines, Group.VENUE) == {"kraken": 125.0, "": 7.0}
    assert gross_by(lines, Group.ASSET) == {"btc": 107.0, "eth": 400.0, "usd": 30.0}


def test_an_exposure_that_is_no_number_is_refused() -> None:
    with pytest.raises(InputError, match="the exposure to btc is nan"):
        book({"btc": NAN}, ["btc"])


def test_gains_are_exposures_times_returns() -> None:
    values = market(40, 3)
    found = scenarios_of(values)

    assert found.gains(found.book({"a0": 10.0, "a2": -4.0})) == pytest.approx(10 * values[:, 0] - 4 * values[:, 2])
