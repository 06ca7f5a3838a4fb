"""Stress scenarios of a person: kept as text, read back as they were, and refused where they say nothing."""

from __future__ import annotations

import json

import pytest

from app.core.errors import InputError
from app.core.risk.stress.hypothetical import BridgeLoss, Depeg, Gap, VenueDefault, VolatilityUp
from app.core.risk.stress.shocks import Shock
from app.services.risk_scenarios import KINDS, OwnScenario, kept, read, shock_of, without, written

ALL = (
    OwnScenario("a", VenueDefault("kraken", 0.25)),
    OwnScenario("b", Depeg(0.8, issuer="Circle")),
    OwnScenario("c", BridgeLoss("arbitrum", ("usd-coin",), 0.1)),
    OwnScenario("d", Gap(-0.4, ("usd", "usd-coin"))),
    OwnScenario("e", Shock((("bitcoin", -0.5), ("ethereum", 0.1)))),
    OwnScenario("f", Shock((("bitcoin", -0.5),), (("stable", -0.1),), factor="bitcoin")),
    OwnScenario("g", BridgeLoss(bridge="Lido staking", recovery=0.4)),
    OwnScenario("Ärger × 3", VolatilityUp(2.5, 0.975)),
)


def test_every_kind_is_read_back_as_it_was_written() -> None:
    assert {type(one.hypothesis) for one in ALL} == set(KINDS.values())
    assert read(written(ALL)) == ALL


@pytest.mark.parametrize("text", [None, "", "[]"])
def test_nothing_is_no_scenario(text: str | None) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "[{]",
        "5",
        '[{"name": "a"}]',
        '[{"name": "a", "kind": "war"}]',
        '[{"name": "a", "kind": "gap", "depth": 1}]',
        '[{"name": "a", "kind": "gap", "move": "half"}]',
        '[{"kind": "gap", "move": -0.5}]',
    ],
)
def test_a_text_that_holds_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(text)


def test_one_of_the_same_name_takes_the_place_of_the_one_before() -> None:
    changed = kept(ALL, OwnScenario(" a ", Gap(-0.1)))

    assert len(changed) == len(ALL)
    assert changed[-1] == OwnScenario("a", Gap(-0.1))
    assert without(changed, "a") == ALL[1:]


def test_a_scenario_has_a_name() -> None:
    with pytest.raises(InputError, match="has no name"):
        kept((), OwnScenario("  ", Gap()))


@pytest.mark.parametrize("name", ["A", " a", "a\u00a0"])
def test_a_name_is_the_same_whatever_its_capitals_and_spaces(name: str) -> None:
    changed = kept(ALL, OwnScenario(name, Gap(-0.1)))

    assert [one.name for one in changed] == [*(one.name for one in ALL[1:]), name.strip()]
    assert without(ALL, name) == ALL[1:]


def test_a_stress_of_the_program_gives_its_name_to_no_other() -> None:
    with pytest.raises(InputError, match=r"A stress of the program is named Gap of -50%\."):
        kept((), OwnScenario("gap of  -50%", Gap()), ["Volatility × 3", "Gap of -50%"])


def test_a_name_that_fills_the_table_is_refused() -> None:
    assert kept((), OwnScenario("x" * 60, Gap()))[0].name == "x" * 60
    with pytest.raises(InputError, match="has 61 letters"):
        kept((), OwnScenario("x" * 61, Gap()))


@pytest.mark.parametrize("words", [("btc=-10%", "BTC=-20%"), ("crypto=-1%", "Crypto=-2%")])
def test_one_price_has_one_move(words: tuple[str, str]) -> None:
    with pytest.raises(InputError, match="is given twice"):
        shock_of(words, "", str.casefold)


def test_what_is_written_is_the_same_each_time() -> None:
    assert written(read(written(ALL))) == written(ALL)
    assert json.loads(written(ALL))[0]["kind"] == "venue"
