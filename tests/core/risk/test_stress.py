"""Days that happened and things that have not: what they do to the book, asset by asset."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.risk.exposures import Exposure, Places, debt, holding, perpetual
from app.core.risk.metrics.tail import tail
from app.core.risk.prices import Prices, prices
from app.core.risk.stress.around import Around
from app.core.risk.stress.episodes import EPISODES, Episode, replay
from app.core.risk.stress.hypothetical import (
    BridgeLoss,
    Depeg,
    Gap,
    Hypothesis,
    VenueDefault,
    VolatilityUp,
    run,
)
from app.core.risk.stress.results import Line, StressResult
from app.core.risk.stress.shocks import Shock
from tests.core.risk.conftest import Closes
from tests.core.risk.made_up import market, scenarios_of

KRAKEN, COLD = Places(venue="kraken", counterparty="kraken"), Places(chain="Ethereum")
BOOK = (
    holding("btc", 1000.0, KRAKEN),
    holding("btc", 500.0, COLD),
    holding("eth", 300.0, KRAKEN, is_locked=True),
    perpetual("btc", -10, 60.0, margin=80.0, places=KRAKEN),
    debt("usdc", 200.0, KRAKEN),
    holding("usdc", 50.0, Places(chain="Base", issuer="circle", bridge="Bridge to Base")),
)
CRASH = Episode("made-up", "Crash", 60 * DAY, 61 * DAY)


def gain(found: Hypothesis, exposures: Sequence[Exposure] = BOOK) -> float | None:
    return run(found, exposures).gain


def by_asset(found: StressResult) -> dict[str, float | None]:
    return {line.asset: line.gain for line in found.lines}


def test_a_venue_that_defaults_takes_what_it_owes_and_forgives_no_debt() -> None:
    found = run(VenueDefault("kraken", recovery=0.25), BOOK)

    assert by_asset(found) == {"btc": -(1000 + 80) * 0.75, "eth": -300 * 0.75, "usdc": 0.0}
    assert found.gain == pytest.approx(-1035)
    assert any("not set off" in one for one in found.basis.assumptions)


def test_a_venue_that_holds_nothing_costs_nothing() -> None:
    assert gain(VenueDefault("ftx")) == 0


def test_a_stablecoin_that_loses_its_peg_hurts_who_holds_it_and_helps_who_owes_it() -> None:
    assert gain(Depeg(0.9, assets=("usdc",))) == pytest.approx(0.1 * 200 - 0.1 * 50)
    assert gain(Depeg(0.9, issuer="circle"), BOOK[5:]) == pytest.approx(-5)


def test_a_bridge_that_is_emptied_takes_what_came_over_it() -> None:
    assert gain(BridgeLoss(bridge="Bridge to Base", recovery=0.2)) == -40
    assert gain(BridgeLoss("base")) == -50
    assert gain(BridgeLoss("Ethereum")) == 0
    assert gain(BridgeLoss("Ethereum", assets=("btc",))) == -500


def test_a_gap_moves_every_exposure_with_its_sign() -> None:
    assert gain(Gap(-0.5, spared=("usdc",))) == pytest.approx(-0.5 * (1000 + 500 + 300 - 600))


def test_a_shock_moves_only_what_it_names() -> None:
    assert gain(Shock((("eth", -0.8), ("btc", 0.1)))) == pytest.approx(-240 + 90)


def test_three_times_the_volatility_is_three_times_the_shortfall() -> None:
    scenarios = scenarios_of(market(400, 2))
    lines = [holding("a0", 100.0), debt("a1", 40.0), holding("new", 5.0)]
    found = run(VolatilityUp(3.0), lines, Around(scenarios))
    plain = tail(scenarios, scenarios.book({"a0": 100.0, "a1": -40.0}), (0.99,))[0]

    assert found.gain == pytest.approx(-3 * (plain.expected_shortfall or 0))
    assert by_asset(found)["new"] is None
    assert found.basis.coverage.left_out == ("new",)


@pytest.mark.parametrize(
    "bad",
    [
        VenueDefault("kraken", recovery=1.5),
        Depeg(-0.1, issuer="circle"),
        Depeg(),
        BridgeLoss(),
        Gap(-1.5),
        VolatilityUp(),
        Gap(math.nan),
    ],
)
def test_what_cannot_be_is_refused(bad: Hypothesis) -> None:
    with pytest.raises(InputError):
        run(bad, BOOK)


@given(st.floats(-1, 3), st.floats(0.1, 10))
def test_twice_the_book_loses_twice_as_much(move: float, size: float) -> None:
    plain, scaled = ([holding("btc", 100.0 * factor), debt("eth", 30.0 * factor)] for factor in (1.0, size))

    assert gain(Gap(move), scaled) == pytest.approx((gain(Gap(move), plain) or 0) * size)


def history(**closes: list[float]) -> Prices:
    """Return daily closes; zero stands for a day before the first price."""
    return prices(
        {asset: [(at * DAY, price) for at, price in enumerate(found) if price] for asset, found in closes.items()}
    )


def crashing(beta: float = 1.0, first: int = 0) -> list[float]:
    moves = np.concatenate((market(59, 1)[:, 0] / 5, [-0.3, -0.2], market(60, 1, 9)[:, 0] / 5))
    closes = np.concatenate(([1.0], np.cumprod(1 + beta * moves)))
    return [0.0 if at < first else float(close) for at, close in enumerate(closes)]


def test_an_episode_goes_from_the_close_before_to_the_last_close() -> None:
    found = replay(CRASH, history(btc=crashing()), [holding("btc", 100.0), perpetual("btc", -1, 40.0)])

    assert found.gain == pytest.approx(60 * (0.7 * 0.8 - 1))
    assert (found.basis.since, found.basis.until) == (60 * DAY, 61 * DAY)


def test_an_asset_that_was_not_there_takes_its_proxy_times_beta() -> None:
    found = replay(
        CRASH, history(btc=crashing(), new=crashing(0.5, first=70)), [holding("new", 100.0)], default_proxy="btc"
    )

    assert found.gain == pytest.approx(0.5 * 100 * (0.7 * 0.8 - 1))
    assert found.lines[0].note == "btc × 0.50"
    assert found.basis.coverage.proxied[0].is_estimated


def test_without_a_proxy_it_is_left_out_and_never_counted_as_nothing() -> None:
    found = replay(CRASH, history(btc=crashing()), [holding("btc", 300.0), holding("new", 100.0)])
    nothing = replay(CRASH, history(btc=crashing()), [holding("new", 100.0)])

    assert found.basis.coverage.share == 0.75
    assert found.basis.coverage.left_out == ("new",)
    assert found.lines[-1] == Line("new", 100.0, None, None, "no price then, and no proxy: left out")
    assert nothing.gain is None


def test_money_keeps_its_value() -> None:
    found = replay(CRASH, history(btc=crashing()), [holding("usd", 100.0)], constant=frozenset({"usd"}))

    assert found.gain == 0


def test_a_history_that_does_not_reach_the_episode_says_nothing_of_it() -> None:
    found = replay(CRASH, history(btc=crashing()[:50]), [holding("btc", 100.0)], default_proxy="btc")

    assert found.gain is None
    assert found.basis.coverage.share == 0


def test_where_the_day_before_has_no_close_one_three_days_older_will_do_and_no_older_one() -> None:
    closes = list(enumerate(crashing()))
    near, far = (
        prices({"btc": [(at * DAY, close) for at, close in closes if not first <= at < 60], "eth": [(0, 1.0)]})
        for first in (57, 56)
    )
    found = replay(CRASH, near, [holding("btc", 100.0)])

    assert found.gain == pytest.approx(100 * (closes[61][1] / closes[56][1] - 1))
    assert replay(CRASH, far, [holding("btc", 100.0)]).gain is None


def test_an_episode_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InputError, match="before it begins"):
        replay(Episode("x", "Odd", 2 * DAY, DAY), history(btc=crashing()), [holding("btc", 1.0)])


@pytest.fixture(scope="module")
def fifty(daily_closes: Closes) -> Prices:
    return prices(daily_closes)


@pytest.mark.parametrize(
    ("code", "btc", "eth"), [("2020-03", -39.5, -44.6), ("2021-05", -14.4, -27.7), ("2025-10", -7.3, -12.3)]
)
def test_days_that_happened_come_out_as_recorded(fifty: Prices, code: str, btc: float, eth: float) -> None:
    episode = next(one for one in EPISODES if one.code == code)
    found = replay(episode, fifty, [holding("BTC", 100.0), holding("ETH", 100.0)])

    assert {line.asset: round(line.gain or 0, 1) for line in found.lines} == {"BTC": btc, "ETH": eth}


def test_every_episode_covers_the_whole_book_once_new_coins_have_a_proxy(fifty: Prices) -> None:
    lines = [holding(asset, 100.0) for asset in fifty.assets]
    found = [replay(episode, fifty, lines, default_proxy="BTC") for episode in EPISODES]

    assert [one.basis.coverage.share for one in found] == [1] * 5
    assert all((one.gain or 0) < -0.1 * 100 * len(lines) for one in found)
    assert len(found[0].basis.coverage.proxied) > len(found[4].basis.coverage.proxied)


def test_of_a_market_that_never_was_the_days_that_happened_are_those_recorded() -> None:
    book, recorded = [holding("btc", 100.0), holding("new", 10.0)], {"btc": -0.4}
    real, made_up = (
        replay(CRASH, history(btc=crashing(), new=crashing(0.5)), book, recorded=recorded, is_made_up=simulated)
        for simulated in (False, True)
    )

    assert by_asset(real)["btc"] == pytest.approx(100 * (0.7 * 0.8 - 1))
    assert by_asset(made_up)["btc"] == -40
    assert by_asset(made_up)["new"] == by_asset(real)["new"]
    assert {line.asset: line.note for line in made_up.lines} == {"btc": "as recorded then", "new": ""}
