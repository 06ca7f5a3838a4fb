"""Tests that call connect, sync and reconcile as processes, against simulated venues over real sockets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.demo.faults import Fault
from app.demo.serve import DemoVenues, SpawnedVenues
from tests.cli.process import Program

VENUE = "coinbase"


@dataclass(frozen=True)
class Connected:
    """A program, and the venues that it is connected to."""

    program: Program
    venues: SpawnedVenues

    def key(self, may: str) -> str:
        """Return the path of a file with a made-up key."""
        words = json.dumps(dict(self.venues.all_credentials[VENUE][may]))
        return str(self.program.write(f"{may}.json", words))

    def add(self, name: str, may: str, *words: str) -> tuple[int, str]:
        """Add a connection; returns status and error code."""
        endpoint = self.venues.endpoints[VENUE]
        ended = self.program.run(
            "connect",
            "add",
            VENUE,
            "--name",
            name,
            "--endpoint",
            endpoint,
            "--secrets-file",
            self.key(may),
            *words,
            "--json",
        )
        return ended.status, ended.document.get("error", {}).get("code", "")


@pytest.fixture(scope="module")
def connected(program: Program) -> Iterator[Connected]:
    with DemoVenues.spawned(scale=0.03) as venues:
        made = Connected(program, venues)
        assert made.add("main", "read") == (0, "")
        yield made


def test_a_connection_is_listed_with_what_its_key_may(connected: Connected) -> None:
    (listed,) = connected.program.json("connect", "list")

    assert (listed["name"], listed["venue"], listed["state"], listed["endpoint"]) == (
        "main",
        VENUE,
        "new",
        connected.venues.endpoints[VENUE],
    )
    assert (listed["key"]["may_read"], listed["key"]["may_withdraw"]) == (True, False)


def test_a_probe_says_what_the_key_may(connected: Connected) -> None:
    assert connected.program.json("connect", "probe", "main")["key"]["words"] == "read only"


def test_a_key_that_may_withdraw_is_refused_unless_the_person_insists(connected: Connected) -> None:
    assert connected.add("danger", "withdraw") == (6, "refused")
    assert connected.add("danger", "withdraw", "--allow-withdraw") == (0, "")
    assert "key-may-withdraw" in {finding["code"] for finding in connected.program.json("findings")}

    assert connected.program.run("connect", "remove", "danger", "--yes").status == 0
    assert [one["name"] for one in connected.program.json("connect", "list")] == ["main"]


def test_an_address_that_is_neither_the_venues_own_nor_loopback_is_refused(connected: Connected) -> None:
    ended = connected.program.run(
        "connect",
        "add",
        VENUE,
        "--name",
        "far",
        "--endpoint",
        "http://192.0.2.1:80",
        "--secrets-file",
        connected.key("read"),
    )

    assert (ended.status, ended.out, len(ended.err.splitlines())) == (3, "", 1)


def test_a_reading_gives_every_event_once_and_leaves_no_break(connected: Connected) -> None:
    (first,) = connected.program.json("sync", "--source", "main")["sources"]
    (again,) = connected.program.json("sync")["sources"]
    places = connected.program.json("reconcile")

    assert first["recorded"] > 100
    assert (again["recorded"], again["error"], again["breaks"]) == (0, None, 0)
    assert {place["code"] for place in places} == {"agrees"}
    assert connected.program.json("reconcile", "--breaks") == []


def test_a_paused_source_is_left_out_until_it_goes_on(connected: Connected) -> None:
    connected.program.json("connect", "pause", "main")
    assert connected.program.json("sync")["sources"] == []

    connected.program.run("connect", "pause", "main", "--resume")


def test_a_replaced_key_is_probed_first(connected: Connected) -> None:
    told = connected.program.json("connect", "rotate", "main", "--secrets-file", connected.key("trade"))

    assert (told["key"]["may_trade"], told["key"]["may_withdraw"]) == (True, False)


def test_a_venue_that_is_down_is_said_and_nothing_is_lost(connected: Connected) -> None:
    before = connected.program.json("activity", "--limit", "1")["total"]
    connected.venues.add_fault(VENUE, Fault.HTML, count=None)
    try:
        ended = connected.program.run("sync", "--json")
    finally:
        connected.venues.clear_faults(VENUE)

    (source,) = ended.document["sources"]
    assert (ended.status, bool(source["error"])) == (5, True)
    assert connected.program.json("activity", "--limit", "1")["total"] == before
    assert "source-failed" in {finding["code"] for finding in connected.program.json("findings")}


def test_no_secret_is_in_the_vault_or_beside_it_in_the_clear(connected: Connected) -> None:
    secrets = [word.encode() for word in connected.venues.all_credentials[VENUE]["read"].values() if len(word) > 20]
    files = [path for path in connected.program.folder.rglob("*") if path.is_file() and path.suffix != ".json"]

    assert [path for path in files for secret in secrets if secret in Path(path).read_bytes()] == []
