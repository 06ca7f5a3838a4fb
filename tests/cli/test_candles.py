"""Tests that call price candles as a process, against simulated venues over real sockets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.demo.serve import DemoVenues
from tests.cli.process import Program

VENUES = ("binance", "coinbase", "kraken")
YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()


@pytest.fixture(scope="module")
def connected(program: Program) -> Iterator[Program]:
    with DemoVenues.spawned(scale=0.03) as venues:
        for venue in VENUES:
            key = program.write(f"{venue}.json", json.dumps(dict(venues.all_credentials[venue]["read"])))
            words = ("--name", venue, "--endpoint", venues.endpoints[venue], "--secrets-file", str(key))
            program.json("connect", "add", venue, *words)
        yield program


@pytest.mark.parametrize(("interval", "least"), [("1d", 1), ("1h", 24)])
def test_candles_are_read_from_every_venue_and_kept(connected: Program, interval: str, least: int) -> None:
    asked = ("price", "candles", "--asset", "BTC", "--interval", interval, "--from", YESTERDAY)
    before = connected.json(*asked)
    filled = connected.json(*asked, "--fill")
    kept = connected.json(*asked)

    assert before["sources"] == []
    assert filled["faults"] == []
    assert {one["source"]: (len(one["candles"]) >= least, one["gaps"]) for one in kept["sources"]} == dict.fromkeys(
        VENUES, (True, [])
    )
    assert {"at", "open", "high", "low", "close", "volume"} == set(kept["sources"][0]["candles"][0])


def test_the_readable_form_tells_of_candles_that_are_not_there(connected: Program) -> None:
    ended = connected.run("price", "candles", "--asset", "ETH", "--interval", "1m")

    assert (ended.status, ended.out.strip()) == (0, "No candles are kept of it. Read them with --fill.")


def test_a_day_that_is_not_over_is_bad_input(connected: Program) -> None:
    ended = connected.run("price", "candles", "--asset", "BTC", "--from", "2999-01-01", "--json")

    assert (ended.status, ended.document["error"]["code"]) == (3, "bad-input")


def test_history_is_filled_as_far_as_each_venue_has_it_and_once(connected: Program) -> None:
    filled = connected.json("price", "fill")
    again = connected.json("price", "fill")
    told = connected.run("price", "fill")

    assert (filled["assets"], filled["faults"]) == (2, {})
    assert {name: first[:10] for name, first in filled["begins"].items() if name != "Kraken"} == dict.fromkeys(
        ("Binance", "Coinbase"), "2023-10-01"
    )
    assert filled["days"] > 5 * 700
    assert again == {"days": 0, "assets": 0, "begins": {}, "faults": {}}
    assert (told.status, told.out.strip()) == (0, "All of the history that risk looks back to was asked for already.")
