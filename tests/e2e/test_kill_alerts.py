"""`kill -9` while alerts fire and are sent, and while candles are kept.

COUNTERFOIL_KILLS says how many runs all kills together have; a fortieth of them are those of each kind here.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import orjson
import pytest

from app.core.market.candles import MINUTE
from app.core.model.alert_rules import AlertEvent, Happened
from tests.cli.process import Program
from tests.connectors.notices.smtp_server import MailServer, certificate
from tests.e2e.killing import check, copied, killed, look, new_vault, opened
from tests.e2e.victim import PART, SERIES, START, candle

RUNS = max(4, int(os.environ.get("COUNTERFOIL_KILLS", "200")) // 40)
CROSSINGS = 40
CANDLES = 60 * PART
LONGEST = 120.0
RULE = "If price of BTC is below 40 USD then notify by e-mail and webhook, and re-arm at 45 USD"


@dataclass
class Hooks:
    """Takes notices, and remembers their ids."""

    ids: list[str] = field(default_factory=list)
    server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        hooks = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hooks.ids.append(orjson.loads(body)["id"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    def end(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    made = Hooks()
    yield made
    made.end()


@pytest.fixture
def mails(tmp_path: Path) -> Iterator[MailServer]:
    made = MailServer(certificate(tmp_path))
    yield made
    made.end()


def attacked(program: Program, what: str, count: int, delay: float) -> tuple[list[str], int]:
    """Run a victim and kill it after so many seconds from its start; returns what it said, and its status."""
    victim = [sys.executable, "-m", "tests.e2e.victim", what, str(program.vault), program.passphrase, str(count)]
    ended = killed(program, victim, delay)
    assert ended.status in (0, -signal.SIGKILL), ended.err
    # A word that was cut off was not said.
    return [line for line in ended.out.splitlines(keepends=True) if line.endswith("\n")], ended.status


def words(said: list[str]) -> list[str]:
    return [line.strip() for line in said if line.strip() not in ("open", "done")]


def timed(program: Program, what: str, count: int) -> float:
    """Return the seconds that a victim takes to its end."""
    started = time.monotonic()
    _, status = attacked(program, what, count, LONGEST)
    assert status == 0
    return time.monotonic() - started


def test_a_killed_watch_loses_no_firing_and_no_notice_and_sends_none_more_than_once_for_each_kill(
    tmp_path: Path, hooks: Hooks, mails: MailServer
) -> None:
    (tmp_path / "base").mkdir()
    base = Program(tmp_path / "base")
    new_vault(base)
    base.json("alerts", "add", RULE)
    mail = ("--mail-host", f"127.0.0.1:{mails.port}", "--security", "none", "--to", "you@example.org")
    base.json("alerts", "deliver", *mail)
    base.json("alerts", "deliver", "--webhook", hooks.url)
    seconds = timed(copied(base, tmp_path / "timed"), "alerts", CROSSINGS)
    hooks.ids.clear()
    mails.box.mails.clear()
    dice, acknowledged, kills = random.Random("alerts"), list[str](), 0  # noqa: S311 - a moment to be killed at
    for _ in range(RUNS):
        said, status = attacked(base, "alerts", CROSSINGS, seconds * dice.uniform(0.3, 1.0))
        acknowledged += words(said)
        kills += status != 0
        check(look(base), [])
    said, status = attacked(base, "alerts", CROSSINGS, LONGEST)
    assert (status, said[-1:]) == (0, ["done\n"])

    vault = opened(base)
    events = vault.reader.decisions(AlertEvent)
    vault.close()
    records = [one.record for one in events]
    assert kills > 0
    assert len(records) > CROSSINGS
    assert [one for one in acknowledged if one not in records] == []
    assert [one.what for one in events] == [(Happened.FIRED, Happened.CLEARED)[at % 2] for at in range(len(events))]
    for came in (Counter(hooks.ids), Counter(message_id(mail) for mail in mails.box.mails)):
        assert set(came) == set(records)
        assert sum(came.values()) - len(came) <= kills


def message_id(mail: str) -> str:
    (line,) = [line for line in mail.splitlines() if line.startswith("Message-ID: ")]
    return line.removeprefix("Message-ID: <").removesuffix("@counterfoil.invalid>")


def test_killed_while_candles_are_kept_every_part_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    base = Program(tmp_path / "base")
    new_vault(base)
    seconds = timed(copied(base, tmp_path / "timed"), "candles", CANDLES)
    dice = random.Random("candles")  # noqa: S311 - a moment to be killed at
    for run in range(RUNS):
        program = copied(base, tmp_path / str(run))
        said, _ = attacked(program, "candles", CANDLES, seconds * dice.uniform(0.3, 1.0))
        kept = max(map(int, words(said)), default=0)
        vault = opened(program)
        found = vault.prices.candles.of(SERIES, START, START + CANDLES * MINUTE)
        asked = vault.prices.candles.asked(SERIES)
        vault.close()

        assert len(found) in (kept, kept + PART)
        assert found == [candle(number) for number in range(len(found))]
        assert asked == ((found[0].at, found[-1].at) if found else None)
