"""Tests that call the program as a process: official rates are read by sync, told with their age, and used."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.cli.process import Program

KRAKEN = """txid,refid,time,type,aclass,asset,amount,fee,balance
L1,R1,2025-03-03 03:04:05,staking,currency,XETH,0.5,0.0000000000,0.5
"""


class Bank(ThreadingHTTPServer):
    """A central bank on this computer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.asked = 0
        self.status = 200

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Desk(BaseHTTPRequestHandler):
    """Answers with the file of rates."""

    server: Bank

    def do_GET(self) -> None:
        self.server.asked += 1
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(packed())

    def log_message(self, *_told: object) -> None:
        """Tell nobody."""


def newest() -> str:
    """Return the day before yesterday."""
    return (datetime.now(UTC).date() - timedelta(days=2)).isoformat()


def packed() -> bytes:
    """Return the file as the bank writes it."""
    table = f"Date,USD,GBP,\n{newest()},1.10,0.85,\n2025-03-03,1.05,0.84,\n"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("eurofxref-hist.csv", table)
    return content.getvalue()


@pytest.fixture(scope="module")
def bank() -> Iterator[Bank]:
    """Return a bank that is open."""
    made = Bank()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def test_rates_are_read_by_sync_and_told_with_their_age_and_a_bank_that_is_shut_stops_nothing(
    program: Program, bank: Bank
) -> None:
    program.json("import", str(program.write("ledgers.csv", KRAKEN)), "--account", "kraken-main")
    program.json("price", "set", "--asset", "ETH", "--on", "2025-03-03", "--price", "2100", "--reason", "a close")
    year = ("tax", "compute", "--jurisdiction", "uk", "--year", "2024", "--json")
    off = program.run("connect", "list")
    refused = program.run("tax", "report", "--form", "uk-sa108", "--year", "2024", "--out", str(program.folder / "f"))

    assert "Rates of the ECB are not read. Use them: counterfoil price rates use" in off.out
    assert (refused.status, "counterfoil price rates use" in refused.err) == (6, True)
    assert program.run(*year).document["profile"]["currency"] == "EUR"

    bank.status = 503
    assert "ECB has a fault of its own" in program.run("price", "rates", "use", "--endpoint", bank.endpoint).err
    told = program.json("sync")["rates"]
    assert (told["is_on"], told["newest"], "ECB has a fault" in told["fault"]) == (True, None, True)

    bank.status = 200
    told = program.json("sync")["rates"]
    assert (told["newest"], told["fault"], bank.asked) == (newest(), None, 3)
    assert program.json("price", "rates") == {**told, "fault": None}
    line = f"Rates of the ECB (at {bank.endpoint}) are read once a day: the newest of {newest()}, 2 days old."
    assert (line in program.run("connect", "list").out, line in program.run("sync").out) == (True, True)
    assert bank.asked == 3

    # 0.5 × 2,100 EUR at 0.84 pounds for a euro.
    found = program.run(*year).document
    assert (found["profile"]["currency"], found["totals"]["income"]) == ("GBP", "882")
