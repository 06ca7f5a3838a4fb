"""Tests of risk on a file of positions: perpetuals, loans and stakes are told, and shocks are typed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.process import Program
from tests.services.risk_holdings import closes

HEADING = "asset,quantity,kind,venue,chain,locked_until,entry_price,margin,liquidation_price"
POSITIONS = """
BTC,2,,kraken,,,,,
BTC,-1,perpetual,binance,,,,500,
ETH,10,staked,wallet,ethereum,2021-07-01,,,
USD,1000,loan,kraken,,,,,
"""


@pytest.fixture(scope="module")
def files(program: Program) -> tuple[str, ...]:
    """Return the options that name a file of positions and one of prices."""
    prices = program.write(
        "prices.csv", "\n".join(["date,asset,close", *closes("BTC", 7_000, 0.04), *closes("ETH", 130, 0.06)])
    )
    held = program.write("positions.csv", HEADING + POSITIONS)
    return "--positions", str(held), "--prices", str(prices)


def told(program: Program, *words: str) -> Any:
    ended = program.run("risk", *words, "--json")
    assert ended.status == 0, ended
    return json.loads(ended.out)


def test_a_report_tells_sizes_leverage_and_on_whom_the_book_depends(program: Program, files: tuple[str, ...]) -> None:
    found = told(program, "report", *files)
    sizes, by_venue = found["leverage"], found["concentration"]["venue"]
    exposures = {one["asset"]: float(one["value"]) for one in found["component_var"]}

    assert float(sizes["gross"]) == pytest.approx(exposures["BTC"] + exposures["ETH"])
    assert float(sizes["perpetuals"]) == pytest.approx(exposures["BTC"])
    assert (sizes["debt"], sizes["unlocks"]) == ("1000", "2021-07-01")
    assert sizes["leverage"] == pytest.approx(float(sizes["gross"]) / float(sizes["equity"]))
    assert {one["name"] for one in by_venue["shares"]} == {"kraken", "binance"}
    assert float(by_venue["nobody"]) == pytest.approx(exposures["ETH"])


def test_tables_for_people_have_the_same(program: Program, files: tuple[str, ...]) -> None:
    ended = program.run("risk", "report", *files)

    assert "leverage" in ended.out
    assert "until 2021-07-01" in ended.out
    assert "nobody or none" in ended.out


def test_a_shock_of_several_prices_moves_all_others_by_their_beta(program: Program, files: tuple[str, ...]) -> None:
    (found,) = told(program, "stress", *files, "--shock", "btc=-30%", "--shock", "fiat=-1", "--beta", "BTC")
    lines = {one["asset"]: one for one in found["by_asset"]}

    assert found["scenario"].endswith("others by beta to BTC")
    assert lines["BTC"]["move"] == -0.3
    assert (lines["USD"]["move"], lines["USD"]["loss"]) == (-0.01, "-10")
    assert lines["ETH"]["note"].startswith("BTC × ")


def test_what_would_be_liquidated_is_told(program: Program, files: tuple[str, ...]) -> None:
    ended = program.run("risk", "stress", *files, "--shock", "BTC=+90%")

    assert "The perpetuals at Binance lose more than the margin there" in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--shock", "BTC"), "'BTC' is no move of a price"),
        (("--shock", "BTC=half"), "'BTC=half' is no move of a price"),
        (("--shock", "BTC=-120%"), "no price moves by -1.2"),
        (("--shock", "NOBODY=-1"), "'NOBODY' is no asset of these files"),
        (("--beta", "BTC"), "--beta needs a shock"),
        (("--shock", "crypto=-50%", "--beta", "BTC"), "which has no move"),
        (("--shock", "BTC=-1", "--save", "mine"), "--save is about scenarios of a vault"),
    ],
)
def test_words_that_tell_no_shock_are_refused(
    program: Program, files: tuple[str, ...], words: tuple[str, ...], said: str
) -> None:
    ended = program.run("risk", "stress", *files, *words)

    assert said in ended.err
    assert ended.status not in (0, 1)
