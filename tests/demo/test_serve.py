"""All venues together: found by their addresses, in a process of their own, gone with the one that started them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest

from app.demo.faults import Fault
from app.demo.serve import DemoVenues, SpawnedVenues
from tests.demo.conftest import NOW
from tests.demo.kraken_client import Client

ROOT = Path(__file__).parents[2]
VENUES = {"binance", "coinbase", "kraken"}
SERVING = "from app.demo.serve import serve_main; raise SystemExit(serve_main(scale=0.02))"
ORPHAN = """
import os, sys
from app.demo.serve import DemoVenues
if __name__ == "__main__":
    venues = DemoVenues.spawned(scale=0.02)
    venues.start()
    print(venues._process.pid, flush=True)
    sys.stdin.read()
"""


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process_id}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


async def told_time(endpoint: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"{endpoint}/0/public/Time") as response:
        return response.status


async def test_venues_are_served_here_with_keys_for_every_right() -> None:
    venues = DemoVenues()
    await venues.start(seed=3, scale=0.02, now=NOW)
    status = await told_time(venues.endpoints["kraken"])
    await venues.stop()

    assert status == 200
    assert set(venues.endpoints) == VENUES == set(venues.credentials)
    assert all(set(keys) == {"read", "trade", "withdraw"} for keys in venues.all_credentials.values())
    assert venues.truth.now() == NOW
    with pytest.raises(aiohttp.ClientConnectorError):
        await told_time(venues.endpoints["kraken"])


async def test_venues_in_a_process_of_their_own_tell_the_same_truth_and_obey() -> None:
    async with DemoVenues.spawned(seed=3, scale=0.02, now=NOW) as venues:
        async with aiohttp.ClientSession() as session:
            client = Client(venues.endpoints["kraken"], venues.credentials["kraken"], session)
            balances: Mapping[str, str] = await client.result("Balance")
        venues.add_fault("kraken", Fault.SERVER_ERROR, "*/Time", count=None)
        broken = await told_time(venues.endpoints["kraken"])
        venues.clear_faults("kraken")
        repaired = await told_time(venues.endpoints["kraken"])
        process = venues._process.pid
        euros = venues.truth.balances("kraken")["spot", "eur"]

    assert balances["ZEUR"] == f"{euros:.4f}"
    assert (broken, repaired) == (503, 200)
    assert not is_alive(process)


def test_an_order_before_the_start_is_refused() -> None:
    with pytest.raises(RuntimeError, match="not started"):
        SpawnedVenues().clear_faults("kraken")


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process as POSIX does")
async def test_the_venues_die_with_the_process_that_started_them(tmp_path: Path) -> None:
    script = tmp_path / "orphan.py"
    script.write_text(ORPHAN, "utf-8")
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        script,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    assert is_alive(child)
    parent.kill()
    await parent.wait()
    async with asyncio.timeout(20):
        while is_alive(child):  # noqa: ASYNC110 - nobody tells of the end of somebody else's child
            await asyncio.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal as POSIX does")
async def test_serving_prints_addresses_and_keys_and_ends_in_order_at_ctrl_c() -> None:
    serving = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVING, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert serving.stdout is not None
    lines: list[bytes] = []
    while not lines or lines[-1] != b"}\n":
        lines.append(await serving.stdout.readline())
    told = json.loads(b"".join(lines))
    status = await told_time(told["venues"]["kraken"]["endpoint"])
    serving.send_signal(signal.SIGINT)
    _, errors = await serving.communicate()

    assert told["simulated"] is True
    assert set(told["venues"]) == VENUES
    assert status == 200
    assert (serving.returncode, errors) == (0, b"")
