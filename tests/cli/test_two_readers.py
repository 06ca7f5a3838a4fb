"""Two processes that read one connection at the same time, at a venue that numbers the requests of a key."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

from app.demo.serve import DemoVenues
from tests.cli.process import Program

VENUE = "kraken"


def test_two_processes_read_one_connection_one_after_the_other(program: Program) -> None:
    with DemoVenues.spawned(scale=0.03) as venues:
        key = program.write("key.json", json.dumps(dict(venues.all_credentials[VENUE]["read"])))
        where = ("--endpoint", venues.endpoints[VENUE], "--secrets-file", str(key))
        program.json("connect", "add", VENUE, "--name", "main", *where)
        with ThreadPoolExecutor(2) as both:
            ended = list(both.map(lambda _: program.run("sync", "--json"), range(2)))

    assert [one.status for one in ended] == [0, 0], ended
    sources = [one.document["sources"][0] for one in ended]
    assert [source["error"] for source in sources] == [None, None]
    entries = program.json("activity", "--limit", "1")["total"]
    assert entries > 10
    assert sorted(source["recorded"] for source in sources) == [0, entries]
    assert program.json("vault", "verify")["is_valid"]
