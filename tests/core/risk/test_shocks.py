"""Prices that move at once, and what venues close on the way."""

from __future__ import annotations

import time

import numpy as np
import pytest

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.risk.exposures import Exposure, PairLimit, Places, collateral, debt, holding, perpetual
from app.core.risk.prices import prices
from app.core.risk.returns import Returns, returns
from app.core.risk.stress.around import Around
from app.core.risk.stress.hypothetical import Gap, run
from app.core.risk.stress.liquidation import liquidations
from app.core.risk.stress.results import Line, StressResult
from app.core.risk.stress.shocks import Shock
from tests.core.risk.made_up import market

BINANCE, KRAKEN = Places("binance"), Places("kraken")


def followers(**betas: float) -> Returns:
    """Return 200 days of returns that follow those of "btc" by a slope."""
    moves = market(200, 1)[:, 0] / 3
    courses = {name: np.cumprod(1 + slope * moves) for name, slope in {"btc": 1.0, **betas}.items()}
    return returns(
        prices({name: [(at * DAY, float(close)) for at, close in enumerate(found)] for name, found in courses.items()})
    )


def gains(found: StressResult) -> dict[str, float | None]:
    return {line.asset: line.gain for line in found.lines}


def test_several_assets_and_a_class_move_at_once_and_what_is_named_alone_goes_first() -> None:
    book = [holding("btc", 100.0), holding("eth", 50.0), holding("sol", 10.0), holding("usdc", 40.0)]
    around = Around(classes={"btc": "crypto", "eth": "crypto", "sol": "crypto", "usdc": "stable"})
    found = run(Shock((("btc", -0.3), ("eth", 0.2)), (("crypto", -0.5),)), book, around)

    assert gains(found) == {"btc": -30.0, "eth": 10.0, "sol": -5.0, "usdc": 0.0}
    assert found.gain == pytest.approx(-25)
    assert found.name == "Shock of btc -30%, eth +20%, coins -50%"


def test_all_others_follow_by_their_beta() -> None:
    around = Around(returns=followers(double=2.0, half=0.5), names={"btc": "BTC"})
    found = run(Shock((("btc", -0.2),), factor="btc"), [holding("double", 10.0), debt("half", 10.0)], around)

    assert gains(found) == {"double": pytest.approx(-4), "half": pytest.approx(1)}
    assert {line.asset: line.note for line in found.lines} == {"double": "BTC × 2.00", "half": "BTC × 0.50"}
    assert found.name.endswith("others by beta to BTC")


def test_nothing_loses_more_than_everything_however_large_its_beta() -> None:
    found = run(Shock((("btc", -0.6),), factor="btc"), [holding("x", 10.0)], Around(returns=followers(x=3.0)))

    assert gains(found) == {"x": -10.0}


def test_without_common_history_a_coin_is_taken_to_follow_in_full_and_says_so_and_a_stablecoin_stands_still() -> None:
    around = Around(returns=followers(), classes={"new": "crypto", "usdc": "stable"})
    found = run(Shock((("btc", -0.5),), factor="btc"), [holding("new", 10.0), holding("usdc", 8.0)], around)

    assert gains(found) == {"new": -5.0, "usdc": 0.0}
    assert [one.asset for one in found.basis.coverage.proxied] == ["new"]
    assert any("assumed" in one for one in found.basis.assumptions)


def test_where_the_factor_has_no_history_what_would_follow_it_is_unknown_and_never_nothing() -> None:
    found = run(Shock((("btc", -0.5),), factor="btc"), [holding("btc", 10.0), holding("eth", 30.0)])

    assert found.lines[-1] == Line("eth", 30.0, None, None, "btc has no history: left out")
    assert found.basis.coverage.share == 0.25


@pytest.mark.parametrize(
    "bad",
    [
        Shock(),
        Shock((("btc", -1.1),)),
        Shock((), (("shares", -0.1),)),
        Shock((), (("crypto", float("nan")),)),
        Shock((("btc", -0.1),), factor="eth"),
    ],
)
def test_what_cannot_be_is_refused(bad: Shock) -> None:
    with pytest.raises(InputError):
        run(bad, [holding("btc", 1.0)])


def closed(*book: Exposure, move: float = -0.5) -> list[str]:
    found = run(Gap(move), book, Around(names={"binance": "Binance", "kraken": "Kraken"}))
    assert set(found.closed) <= set(found.basis.assumptions)
    return [*found.closed]


def test_a_perpetual_whose_price_of_liquidation_lies_on_the_way_is_told() -> None:
    long = perpetual("btc", 1, 100.0, liquidation=80.0, margin=60.0, places=BINANCE)
    short = perpetual("btc", -1, 100.0, liquidation=130.0, margin=60.0, places=BINANCE)

    assert closed(long) == ["The perpetual of btc at Binance is liquidated on the way, at -20%."]
    assert closed(long, move=-0.1) == []
    assert closed(short) == []
    assert closed(short, move=0.4) == ["The perpetual of btc at Binance is liquidated on the way, at +30%."]


def test_perpetuals_of_a_wallet_are_liquidated_where_they_lose_more_than_all_of_it() -> None:
    bets = perpetual("btc", 2, 100.0, places=BINANCE), perpetual("eth", -1, 50.0, entry=60.0, places=BINANCE)
    told = "The perpetuals at Binance lose more than the margin there: they are liquidated on the way."

    assert closed(*bets, collateral("usd", 100.0, BINANCE)) == [told]
    assert closed(*bets, collateral("usd", 900.0, BINANCE)) == []
    assert closed(*bets, collateral("usd", 900.0, KRAKEN)) == [told]


def test_where_nothing_is_known_to_answer_for_a_perpetual_that_is_said() -> None:
    (told,) = closed(perpetual("btc", 2, 100.0, places=BINANCE))

    assert told.startswith("What answers for the perpetuals at Binance is not known")
    assert closed(perpetual("btc", -2, 100.0, places=BINANCE)) == []


def test_a_loan_is_liquidated_where_what_is_held_beside_it_no_longer_covers_it() -> None:
    def told(held: float, owed: float) -> list[str]:
        book = [holding("btc", held, KRAKEN), holding("btc", 900.0, BINANCE), debt("usd", owed, KRAKEN)]
        found = run(Gap(-0.5, spared=("usd",)), book, Around(names={"kraken": "Kraken"}))
        return [*found.closed]

    assert told(100, 60) == [
        "What is held at Kraken no longer covers what is owed there: the loan is liquidated on the way."
    ]
    assert told(100, 40) == []
    assert told(30, 60) == []


@pytest.mark.parametrize(
    ("limit", "moves", "expected"),
    [
        (PairLimit("btc", "usdt", -0.2, is_below=True), {"btc": -0.2}, "-20%"),
        (PairLimit("btc", "usdt", -0.004, is_below=True), {"btc": -0.2}, "-0.4%"),
        (PairLimit("btc", "usdt", -0.2, is_below=True), {"btc": -0.19}, ""),
        # Who owes dollars that lose as much as what answers for them is as far away as before.
        (PairLimit("btc", "usdt", -0.2, is_below=True), {"btc": -0.3, "usdt": -0.3}, ""),
        (PairLimit("btc", "usdt", -0.2, is_below=True), {"btc": 0.0, "usdt": 0.3}, "-20%"),
        (PairLimit("btc", "usdt", 0.3, is_below=False), {"btc": 0.31}, "+30%"),
        (PairLimit("btc", "usdt", 0.3, is_below=False), {"btc": -0.9}, ""),
    ],
)
def test_a_loan_is_liquidated_at_the_price_that_its_venue_told(
    limit: PairLimit, moves: dict[str, float | None], expected: str
) -> None:
    book = [collateral("btc", 900.0, BINANCE, "pair"), debt("usdt", 60.0, BINANCE, "pair", limit)]
    said = liquidations(book, {"btc": 0.0, "usdt": 0.0, **moves}, lambda name: name.upper())
    words = f"The loan at BINANCE (pair) is liquidated on the way, at {expected} of BTC in USDT."

    assert said == ((words,) if expected else ())


def test_what_is_beyond_its_price_of_liquidation_already_is_told_so_whatever_moves() -> None:
    limit = PairLimit("btc", "usdt", 0.05, is_below=True)
    book = [collateral("btc", 900.0, BINANCE, "pair"), debt("usdt", 60.0, BINANCE, "pair", limit)]
    (loan,) = liquidations(book, {"btc": 0.0, "usdt": 0.0}, str.upper)
    (short,) = closed(perpetual("btc", -1, 100.0, liquidation=98.0, margin=60.0, places=BINANCE), move=0.1)

    assert loan == ("The loan at BINANCE (pair) is beyond its price of liquidation already, at +5% of BTC in USDT.")
    assert short == ("The perpetual of btc at Binance is beyond its price of liquidation already, at -2.0%.")


def test_a_wallet_answers_for_its_own_loan_alone() -> None:
    def told(*beside: Exposure) -> list[str]:
        loan = debt("usd", 60.0, BINANCE, "margin")
        return [*run(Gap(-0.5, spared=("usd",)), [loan, *beside], Around(names={"binance": "Binance"})).closed]

    there = collateral("btc", 100.0, BINANCE, "margin")
    words = "What is held at Binance (margin) no longer covers what is owed there: the loan is liquidated on the way."
    assert told(there) == [words]
    assert told(there, holding("usd", 900.0, BINANCE)) == [words]
    assert told(there, collateral("usd", 900.0, BINANCE, "futures")) == [words]
    assert told(there, collateral("usd", 900.0, BINANCE, "margin")) == []


def test_a_shock_of_five_hundred_positions_takes_less_than_a_second() -> None:
    moves = market(500, 20)
    courses = {f"a{asset}": np.cumprod(1 + moves[:, asset % 20] / 3) for asset in range(500)}
    history = returns(
        prices({name: [(at * DAY, float(one)) for at, one in enumerate(found)] for name, found in courses.items()})
    )
    book = [holding(name, 100.0, BINANCE) for name in courses]
    shock = Shock((("a0", -0.3), ("a1", -0.4)), (("stable", -0.02),), factor="a0")
    began = time.process_time()
    found = run(shock, book, Around(returns=history))

    assert time.process_time() - began < 1
    assert found.basis.coverage.share == 1
