"""Risk with order books on the command line, against simulated venues over real sockets: what leaving costs."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.demo.serve import DemoVenues
from tests.cli.process import ROOT, Program


@pytest.fixture(scope="module")
def held(program: Program) -> Iterator[Program]:
    """Connect two simulated venues, and read them."""
    with DemoVenues.spawned(scale=0.02) as venues:
        for venue in ("binance", "kraken"):
            key = program.write(f"{venue}.json", json.dumps(dict(venues.all_credentials[venue]["read"])))
            words = ("--name", venue, "--endpoint", venues.endpoints[venue], "--secrets-file", str(key))
            program.json("connect", "add", venue, *words)
        program.json("sync")
        program.json("positions", "--refresh")
        yield program


def test_books_are_watched_before_anything_is_computed_and_every_cost_says_what_it_rests_on(held: Program) -> None:
    told = held.json("risk", "report", "--books", "8")["liquidity"]
    assets = {one["asset"]: one for one in told["assets"]}
    bitcoin = assets["bitcoin"]

    assert told["books_read"]
    assert told["faults"] == {}
    assert (bitcoin["known"], set(bitcoin["venues"]) <= {"binance", "kraken"}) == ("depth", True)
    assert 0 < float(bitcoin["exit_cost"]) < float(bitcoin["exposure"]) / 100
    assert 0 < float(bitcoin["perpetual_exit_cost"]) < float(bitcoin["exit_cost"])
    assert 0 < float(bitcoin["perpetual_spread_cost"]) < float(bitcoin["spread_cost"])
    assert 0 < bitcoin["perpetual_days"] < 1
    assert bitcoin["spread"]["deviation"] is not None
    assert bitcoin["days"] > 0
    assert float(told["var"]) > 0
    assert sum(float(one["exit_cost"] or 0) for one in told["assets"]) == pytest.approx(float(told["exit_cost"]))


def test_without_books_exit_costs_are_unknown_the_option_is_named_and_spreads_are_those_of_the_last_time(
    held: Program,
) -> None:
    before = held.json("risk", "report", "--books", "8")["liquidity"]
    told = held.json("risk", "report")["liquidity"]
    words = held.run("risk", "report").out
    known = {one["asset"]: one["spread"] for one in told["assets"] if one["spread"] is not None}

    assert (told["books_read"], told["exit_cost"]) == (False, None)
    assert {one["exit_cost"] for one in told["assets"]} == {None}
    assert "--books 10 reads them" in words
    assert "How long closing the perpetuals of BTC" in words
    assert "perpetuals" in next(
        line for line in words.splitlines() if line.startswith("asset   ") and "to close" in line
    )
    assert known["bitcoin"]["observations"] >= 5
    assert known["bitcoin"]["age_seconds"] > 0
    assert float(told["spread_cost"]) == pytest.approx(float(before["spread_cost"]), rel=0.2)
    assert float(told["var"]) > 0
    assert "with half of widened spreads" in words


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_what_was_seen_is_kept_however_the_watching_ends(held: Program, how: signal.Signals) -> None:
    begun = datetime.now(UTC)
    command = held.command("risk", "report", "--books", "300")
    watching = subprocess.Popen(  # noqa: S603 - our own words
        command,
        cwd=ROOT,
        env=held.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        seen = [begun]
        while max(seen) <= begun and watching.poll() is None:
            told = held.json("risk", "report")["liquidity"]["assets"]
            seen = [datetime.fromisoformat(one["spread"]["until"]) for one in told if one["spread"]] or [begun]
        assert watching.poll() is None
        watching.send_signal(how)
        _, said = watching.communicate(timeout=60)
    finally:
        watching.kill()
    after = held.json("risk", "report")["liquidity"]["assets"]

    assert max(seen) > begun
    assert max(datetime.fromisoformat(one["spread"]["until"]) for one in after if one["spread"]) >= max(seen)
    assert (how is signal.SIGKILL) != (b"Everything done so far is kept" in said)


def test_books_of_files_are_wrong_usage(program: Program) -> None:
    held = program.write("held.csv", "asset,quantity\nBTC,1\n")
    prices = program.write("prices.csv", "date,asset,close\n2026-01-01,BTC,100\n")
    ended = program.run("risk", "report", "--holdings", str(held), "--prices", str(prices), "--books", "5", "--json")

    assert (ended.status, ended.document["error"]["message"]) == (2, "--books reads the venues of a vault.")
