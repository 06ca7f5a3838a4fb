"""Bad prices are flagged and held out; returns are those of neighbouring bars."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.core.clock import DAY, SECOND
from app.core.errors import InputError
from app.core.risk.prices import prices
from app.core.risk.returns import Kind, Returns, returns
from tests.core.risk.conftest import Closes, day
from tests.core.risk.made_up import market

NAN = float("nan")


def history(*closes: float, start: int = 0) -> list[tuple[int, float]]:
    return [(start * DAY + day * DAY, close) for day, close in enumerate(closes)]


def walk(column: int, days: int = 120) -> list[float]:
    return list(100 * np.cumprod(1 + market(days, 3)[:, column] / 4))


def codes(found: Returns) -> list[str]:
    return [finding.code for finding in found.findings]


def test_returns_are_those_of_neighbouring_closes() -> None:
    found = returns(prices({"btc": history(100, 110, 99)}))

    assert found.values[:, 0].tolist() == [pytest.approx(0.1), pytest.approx(-0.1)]
    assert found.at.tolist() == [DAY, 2 * DAY]


def test_logarithmic_returns_add_up() -> None:
    found = returns(prices({"btc": history(100, 110, 99)}), Kind.LOG)

    assert found.values.sum() == pytest.approx(math.log(0.99))


@pytest.mark.parametrize(
    ("bad", "code"),
    [(0.0, "price-zero"), (-5.0, "price-negative"), (NAN, "price-unreadable"), (math.inf, "price-unreadable")],
)
def test_a_bad_price_is_flagged_and_makes_both_returns_unknown(bad: float, code: str) -> None:
    found = returns(prices({"btc": history(100, bad, 121, 133.1)}))

    assert np.isnan(found.values[:, 0]).tolist() == [True, True, False]
    assert codes(found) == [code, "price-gap"]


def test_one_odd_price_is_told_as_one_and_several_as_several() -> None:
    many = prices({"btc": [*history(100, 0, 0, 101, 102), (6 * DAY, NAN)], "eth": history(10, 11, -1, 11, 12)})

    assert [one.message for one in many.findings] == [
        "1 price of btc is no number, the first at 1970-01-07.",
        "2 prices of btc are zero, the first at 1970-01-02.",
        "1 price of eth is negative, the first at 1970-01-03.",
        "2 prices of btc are missing, the first at 1970-01-02.",
        "1 price of eth is missing, the first at 1970-01-03.",
    ]


def test_of_two_prices_for_one_moment_the_later_counts_and_it_is_told() -> None:
    found = prices({"btc": [(0, 100.0), (DAY, 109.0), (DAY, 110.0)]})

    assert found.closes[:, 0].tolist() == [100, 110]
    assert [finding.code for finding in found.findings] == ["price-duplicated"]


def test_prices_out_of_order_are_sorted_and_told() -> None:
    found = prices({"btc": [(DAY, 110.0), (0, 100.0)]})

    assert found.closes[:, 0].tolist() == [100, 110]
    assert [finding.code for finding in found.findings] == ["price-out-of-order"]


def test_the_last_tick_of_a_bar_is_its_close() -> None:
    ticks = [(0, 100.0), (10 * SECOND, 101.0), (59 * SECOND, 102.0), (61 * SECOND, 103.0)]
    found = prices({"btc": ticks}, step=60 * SECOND)

    assert found.closes[:, 0].tolist() == [102, 103]


def test_a_price_that_stands_still_is_stale_and_its_catching_up_is_no_return_of_a_day() -> None:
    moving = walk(0)
    stuck = [*moving[:50], *[moving[50]] * 6, *moving[56:]]
    found = returns(prices({"btc": history(*stuck), "eth": history(*walk(1))}))
    unknown = np.flatnonzero(np.isnan(found.of("btc")))

    assert unknown.tolist() == [50, 51, 52, 53, 54, 55]
    assert codes(found) == ["price-stale", "price-gap"]


def test_a_stablecoin_may_stand_still() -> None:
    pegged = [1.0, 1.0001] * 20 + [1.0] * 40
    found = returns(prices({"usdc": history(*pegged)}))

    assert codes(found) == []
    assert not np.isnan(found.values).any()


@pytest.mark.parametrize("factor", [2, 10, 1000, 0.5, 0.01])
def test_a_price_in_a_new_unit_is_no_return(factor: float) -> None:
    plain = walk(0)
    split = [price if day < 60 else plain[59] * factor * (price / plain[60]) for day, price in enumerate(plain)]
    found = returns(prices({"a": history(*split), "b": history(*walk(1)), "c": history(*walk(2))}))

    assert codes(found) == ["price-split"]
    assert np.argwhere(np.isnan(found.values)).tolist() == [[59, 0]]


def test_a_market_that_halves_together_is_a_crash_and_no_split() -> None:
    halved = [[price * (1 if day < 60 else 0.5) for day, price in enumerate(walk(column))] for column in range(3)]
    found = returns(prices({name: history(*halved[column]) for column, name in enumerate("abc")}))

    assert codes(found) == []
    assert np.nanmin(found.values) < -0.4


def test_a_halving_in_a_market_of_one_is_taken_as_real() -> None:
    found = returns(prices({"btc": history(*walk(0)[:60], *[price / 2 for price in walk(0)[60:]])}))

    assert codes(found) == []


@pytest.mark.parametrize("others", [0, 2])
def test_a_source_that_is_a_quarter_off_for_a_day_makes_no_returns(others: int) -> None:
    calm = [walk(column) for column in range(1 + others)]
    calm = [[100 * (price / 100) ** 0.4 for price in column] for column in calm]
    calm[0][60] *= 1.25
    found = returns(prices({f"a{column}": history(*closes) for column, closes in enumerate(calm)}))

    assert codes(found) == ["price-apart"]
    assert np.flatnonzero(np.isnan(found.of("a0"))).tolist() == [59, 60]


def test_the_hours_of_a_day_that_is_a_quarter_off_are_returns_but_for_the_first_and_the_last() -> None:
    closes = np.cumprod(1 + market(240, 1)[:, 0] / 20)
    closes[100:124] *= 0.75
    hours = [(hour * DAY // 24, float(close)) for hour, close in enumerate(closes)]
    found = returns(prices({"btc": hours}, step=DAY // 24))

    assert codes(found) == ["price-apart"]
    assert np.flatnonzero(np.isnan(found.of("btc"))).tolist() == [99, 123]


def test_a_pump_in_wild_weeks_is_taken_as_real() -> None:
    wild = [price for pair in zip([1.0, 1.3, 0.8, 1.1] * 15, [1.2, 0.9, 1.25, 1.0] * 15, strict=True) for price in pair]
    found = returns(prices({"doge": history(*wild)}))

    assert codes(found) == []


def test_real_prices_of_fifty_coins_are_held_out_nowhere(daily_closes: Closes) -> None:
    """Pumps, crashes and doublings of eight years, side by side and each for itself; two are told, none is dropped.

    PEPE rose by a fifth on the last day that there is, so that it may yet be taken back.
    """
    together = returns(prices(daily_closes))
    alone = [returns(prices({asset: daily_closes[asset]})) for asset in daily_closes]
    told = [(one.code, one.subject) for one in together.findings]

    assert sorted(told) == [("price-jump", "DOGE"), ("price-jump", "ZEC"), ("price-step-open", "PEPE")]
    assert {code for one in alone for code in codes(one)} <= {"price-jump"}
    assert sum(int(np.isnan(one.values).sum()) for one in alone) == 0


def test_known_crashes_come_out(daily_closes: Closes) -> None:
    found = returns(prices({name: daily_closes[name] for name in ("BTC", "ETH")}))
    crash = found.between(day("2020-03-12"), day("2020-03-12"))

    assert np.round(crash.values[0] * 100, 1).tolist() == [-39.5, -44.6]


def test_a_step_over_days_of_which_nobody_says_anything_counts_so_that_no_crash_hides_in_them() -> None:
    closes = {"btc": [100.0, 101, 60, 61], "eth": [10.0, 10.5, 6, 6.1]}
    days = [0, 1, 4, 5]
    found = returns(
        prices({name: [(at * DAY, one) for at, one in zip(days, of, strict=True)] for name, of in closes.items()})
    )

    assert found.at.tolist() == [DAY, 4 * DAY, 5 * DAY]
    assert found.of("btc").tolist() == pytest.approx([0.01, 60 / 101 - 1, 61 / 60 - 1])
    assert [one.message for one in found.findings if one.code == "price-day-missing"] == [
        "Nobody has a price of 2 days, the first at 1970-01-03: 1 step goes over them, as a day's."
    ]


def test_a_hole_of_one_asset_or_a_long_one_of_all_is_no_return_of_a_day() -> None:
    own = returns(prices({"btc": history(100, 101, 102, 103), "eth": [(0, 10.0), (DAY, 11.0), (3 * DAY, 12.0)]}))
    long = returns(prices({"btc": [(0, 100.0), (DAY, 101.0), (7 * DAY, 102.0), (8 * DAY, 103.0)]}))

    assert np.isnan(own.of("eth")).tolist() == [False, True, True]
    assert np.isnan(long.of("btc")).tolist() == [False, *[True] * 6, False]
    assert "price-day-missing" not in codes(own) + codes(long)


def test_what_comes_after_the_moment_asked_for_is_not_looked_at() -> None:
    found = prices({"btc": history(100, 110, 121)}, until=DAY)

    assert found.closes[:, 0].tolist() == [100, 110]


def test_no_prices_give_no_returns() -> None:
    found = returns(prices({"btc": [(0, 0.0)], "eth": []}))

    assert found.values.size == 0
    assert codes(found) == ["price-zero"]


def test_a_bar_without_length_is_refused() -> None:
    with pytest.raises(InputError, match="has no length"):
        prices({}, step=0)
