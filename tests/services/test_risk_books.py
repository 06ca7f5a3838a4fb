"""Whom and what a holding depends on: said where it is known, unknown where it is not, and never guessed."""

from __future__ import annotations

import csv
import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest

from app import bootstrap
from app.core.clock import DAY, iso
from app.core.errors import InputError
from app.core.model.accounts import Account
from app.core.model.chains import chain_of
from app.core.model.market import Mark
from app.core.model.views import Holding, Position
from app.core.risk.exposures import NOBODY, Group, Kind, Places
from app.core.risk.stress.episodes import EPISODES
from app.core.risk.stress.moves import MOVES
from app.core.risk.study import Question
from app.core.transfers.ends import End
from app.core.transfers.links import SURE, Link
from app.services import risk
from app.services.risk_books import Book, Known, chains_of, exposures_of, places_of, venue_of
from tests.services.risk_holdings import book

ASSETS = Path(__file__).parents[2] / "resources" / "data" / "assets.json"
REGISTRY = bootstrap.runtime().assets


@pytest.mark.parametrize(
    ("asset", "venue", "expected"),
    [
        ("bitcoin", "kraken", Places("kraken", "Bitcoin", NOBODY, "kraken")),
        ("bitcoin", NOBODY, Places(NOBODY, "Bitcoin", NOBODY, NOBODY)),
        ("bitcoin", "", Places("", "Bitcoin", NOBODY, "")),
        ("tether", "kraken", Places("kraken", "", "Tether", "kraken")),
        ("tether", NOBODY, Places(NOBODY, "", "Tether", "Tether")),
        ("usd", "kraken", Places("kraken", NOBODY, NOBODY, "kraken")),
        ("wrapped-bitcoin", "kraken", Places("kraken", "Ethereum", "BitGo", "kraken", "Custody of WBTC")),
        ("lido-staked-ether", NOBODY, Places(NOBODY, "Ethereum", "Lido", "Lido", "Lido staking")),
        ("kraken:ODD", "kraken", Places("kraken", "", "", "kraken")),
        ("kraken:ODD", NOBODY, Places(NOBODY, "", "", "")),
    ],
)
def test_a_holding_depends_on_its_keeper_its_chain_and_whoever_issues_it(
    asset: str, venue: str, expected: Places
) -> None:
    assert places_of(REGISTRY.asset(asset), venue) == expected


def test_what_lies_on_a_chain_that_it_is_not_issued_on_came_over_a_bridge() -> None:
    coin, ether = REGISTRY.asset("usd-coin"), REGISTRY.asset("ethereum")

    assert places_of(coin, NOBODY, "Base").bridge == ""
    assert places_of(coin, NOBODY, "Fantom").bridge == "Bridge to Fantom"
    assert places_of(ether, NOBODY, "arbitrum") == Places(
        NOBODY, "Arbitrum One", NOBODY, NOBODY, "Bridge to Arbitrum One"
    )
    assert places_of(REGISTRY.asset("kraken:ODD"), NOBODY, "Base").bridge == ""


@pytest.mark.parametrize(
    ("word", "chain"),
    [("ETH", "Ethereum"), ("TRC20", "TRON"), ("Arbitrum One", "Arbitrum One"), ("LIGHTNING", ""), ("", "")],
)
def test_a_network_is_one_chain_by_whatever_word_and_unknown_by_others(word: str, chain: str) -> None:
    assert chain_of(word) == chain


def test_every_chain_of_the_registry_is_called_as_networks_are() -> None:
    named = {chain for row in json.loads(ASSETS.read_text("utf-8"))["assets"] for chain in row.get("chains", ())}

    assert "Ethereum" in named
    assert {chain_of(chain) or chain for chain in named} == named


def end(network: str = "", *, is_deposit: bool = False, account: str = "cold") -> End:
    return End(network + account, account, 0, "tether", Decimal(1), is_deposit, network=network)


def test_what_transfers_brought_lies_on_the_chain_that_they_took_where_all_took_one() -> None:
    one = Link((end("ETH", account="kraken"),), (end(is_deposit=True),), SURE, "hash")
    other = Link((end("TRX", account="kraken"),), (end(is_deposit=True),), SURE, "hash")
    unknown = Link((end(account="kraken"),), (end(is_deposit=True),), SURE, "hash")

    assert chains_of([one, one]) == {("cold", "tether"): "Ethereum"}
    assert chains_of([one, other]) == {}
    assert chains_of([one, unknown]) == {}


def test_an_account_that_a_person_keeps_may_be_anywhere() -> None:
    accounts = {
        name: Account(name, name, venue) for name, venue in (("a", "kraken"), ("b", "manual"), ("c", "statement"))
    }

    assert [venue_of(one) for one in (*accounts.values(), None)] == ["kraken", "", "", ""]

    held = tuple(
        Holding(name, name, place, Decimal(quantity), Decimal(quantity), None)
        for name, place, quantity in (("a", "staked", 5), ("a", "earn", 3), ("a", "margin", -2), ("b", "spot", 7))
    )
    mark = Mark("tether", Decimal(1), "usd", "made up", 0)
    position = Position(REGISTRY.asset("tether"), Decimal(13), mark, Decimal(13), None, held)
    found = exposures_of([position], Known("usd", accounts, chains={("b", "tether"): "TRON"}))

    assert [one.kind for one in found] == [Kind.STAKED, Kind.HOLDING, Kind.DEBT, Kind.HOLDING]
    assert [one.places.chain for one in found] == ["", "", "", "TRON"]
    assert [one.places.counterparty for one in found] == ["kraken"] * 3 + ["Tether"]


HEADING = "asset,quantity,kind,venue,chain,locked_until,entry_price,margin,liquidation_price"


def positions(tmp_path: Path, history: Path, *lines: str, heading: str = HEADING) -> Book:
    held = tmp_path / "positions.csv"
    held.write_text("\n".join([heading, *lines]), "utf-8")
    return risk.of_files(bootstrap.runtime(), held, history, "USD")


def test_a_file_of_positions_tells_perpetuals_loans_and_stakes(tmp_path: Path, history: Path) -> None:
    found = positions(
        tmp_path, history,
        "BTC,-2,perpetual,binance,,,9000,500,20000", "USD,3000,loan,kraken,,,,,",
        "ETH,10,staked,kraken,,2021-07-01,,,", "ETH,4,staked,kraken,,2021-01-01,,,", "ETH,1,,wallet,base,,,,",
    )  # fmt: skip
    last = {line.split(",")[1]: float(line.split(",")[2]) for line in history.read_text().splitlines()[1:]}
    perp, loan, locked, free, own = found.exposures
    sizes = risk.report(found, Question(draws=500)).study.leverage

    assert perp.value == pytest.approx(-2 * last["BTC"])
    assert perp.worth == pytest.approx(500 + 2 * (9000 - last["BTC"]))
    assert perp.liquidation == pytest.approx(20000 / last["BTC"] - 1)
    assert (loan.kind, loan.value) == (Kind.DEBT, -3000)
    assert (locked.kind, locked.locked_until, free.kind) == (Kind.STAKED, 18_809 * DAY, Kind.HOLDING)
    assert own.places.bridge == "Bridge to Base"
    assert found.value == pytest.approx(15 * last["ETH"] - 3000 + perp.worth)
    assert sizes.perpetuals == pytest.approx(2 * last["BTC"])
    assert (sizes.debt, sizes.unlocks) == (3000, 18_809 * DAY)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("BTC,1,perpetual,binance,,,much,,", "Row 2 has the entry 'much'"),
        ("BTC,1,perpetual,binance,,,,-5,", "Row 2 has the margin '-5'"),
        ("ETH,1,staked,kraken,,soon,,,", "Row 2 is locked until 'soon'"),
        ("ETH,-1,staked,kraken,,,,,", "ETH is staked with the quantity -1"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_what_it_says(
    tmp_path: Path, history: Path, line: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        positions(tmp_path, history, line)


def test_a_short_is_owed_whichever_sign_it_has(tmp_path: Path, history: Path) -> None:
    found = positions(tmp_path, history, "BTC,1,short", "BTC,-1,short", "USD,9,", heading="asset,quantity,kind")

    assert [one.kind for one in found.exposures] == [Kind.DEBT, Kind.DEBT, Kind.HOLDING]
    assert found.exposures[0].value == found.exposures[1].value < 0


def test_the_book_of_a_file_is_gathered_by_chain_with_what_is_not_known(tmp_path: Path, history: Path) -> None:
    found = risk.report(book(tmp_path, history, "BTC,1,kraken", "ETH,1,wallet", "USD,500,kraken"), Question(draws=500))
    by_chain = found.study.concentrations[Group.CHAIN]

    assert {name for name, _ in by_chain.shares} == {"Bitcoin", "Ethereum"}
    assert (by_chain.unnamed, by_chain.nobody) == (0, 500)


def test_recorded_moves_of_every_episode_are_those_of_the_daily_closes(data_folder: Path) -> None:
    closes: dict[str, dict[str, float]] = {}
    with gzip.open(data_folder / "market" / "binance_daily_ohlcv.csv.gz", "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            asset = REGISTRY.resolve("binance", row["symbol"].removesuffix("USDT")).asset_id
            closes.setdefault(asset, {})[row["date"]] = float(row["close"])
    compared = {}
    for episode in EPISODES:
        before, last = iso(episode.first - DAY)[:10], iso(episode.last)[:10]
        own = {
            asset: days[last] / days[before] - 1 for asset, days in closes.items() if before in days and last in days
        }
        both = own.keys() & MOVES[episode.code].keys()
        compared[episode.code] = len(both)

        assert {asset: MOVES[episode.code][asset] for asset in both} == {
            asset: pytest.approx(own[asset], abs=5.1e-5) for asset in both
        }

    assert compared == {"2020-03": 17, "2021-05": 26, "2022-05": 26, "2022-11": 27, "2025-10": 34}
