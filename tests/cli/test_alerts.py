"""Tests that call alerts as a process: sentences in, states, trials with their days, and delivery without secrets."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.connectors.notices.webhook import signature
from tests.cli.process import Program

KRAKEN = """txid,refid,time,type,aclass,asset,amount,fee,balance
L1,R3,2025-03-03 03:04:05,staking,currency,XETH,0.5,0.0000000000,0.5
"""
SENTENCE = "price of eth is below 1,500 eur for 90 minutes then notify by e-mail, and re-arm at 1700 EUR"
WRITTEN = "If price of ETH is below 1,500 EUR for 90 min then notify by e-mail, and re-arm at 1,700 EUR"


@pytest.fixture(scope="module")
def books(program: Program) -> Program:
    """Return a program whose vault has one reward."""
    program.json("import", str(program.write("ledgers.csv", KRAKEN)), "--account", "kraken-main")
    return program


def test_a_sentence_is_recorded_shown_changed_and_removed(books: Program) -> None:
    made = books.json("alerts", "add", SENTENCE)
    listed = books.json("alerts", "list")
    books.json("alerts", "add", "drawdown is above 20 %", "--change", made["id"])
    changed = books.json("alerts", "list")
    books.json("alerts", "remove", made["id"])

    assert made["sentence"] == WRITTEN
    assert [(one["id"], one["state"], one["value"], one["unknown"], one["threshold"]) for one in listed] == [
        (made["id"], "armed", None, "ETH has no price now.", "1500")
    ]
    assert [(one["id"], one["sentence"]) for one in changed] == [
        (made["id"], "If drawdown is above 20 % then notify by window")
    ]
    assert books.json("alerts", "list") == []
    assert books.json("alerts", "list", "--happened") == []


def test_what_cannot_be_understood_ends_with_the_status_of_bad_input_and_what_fits(books: Program) -> None:
    ended = books.run("alerts", "add", "price of ETH is over 5 USD")
    unknown = books.run("alerts", "remove", "nobody")

    assert (ended.status, unknown.status) == (3, 3)
    assert "Amounts of this book are in EUR, not in USD. Such as 5 EUR." in ended.err
    assert "'nobody' is the id of no alert." in unknown.err


def test_a_trial_tells_on_which_days_a_rule_would_have_fired_or_why_that_is_unknown(books: Program) -> None:
    unknown = books.json("alerts", "test", "price of ETH is below 2000 EUR")
    silent = books.run("alerts", "test", "age of prices is above 1 h")

    assert (unknown["count"], unknown["why_not"]) == (None, "No daily closes of it are known.")
    assert "How old prices were in the past is not kept." in silent.out


def test_a_rule_that_does_not_fire_cannot_be_acknowledged(books: Program) -> None:
    made = books.json("alerts", "add", "gross exposure is above 90 %")
    ended = books.run("alerts", "acknowledge", made["id"])

    assert ended.status == 3
    assert f"{made['id']} does not fire." in ended.err


class Receiver(BaseHTTPRequestHandler):
    """Keeps what is posted."""

    got: list[tuple[dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called there
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[ThreadingHTTPServer]:
    """Return a webhook's other end."""
    Receiver.got = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_delivery_is_set_shown_without_secrets_and_tried(books: Program, receiver: ThreadingHTTPServer) -> None:
    url = f"http://127.0.0.1:{receiver.server_address[1]}/hook"
    secrets = books.write("secrets.json", json.dumps({"secret": "canary-secret"}))
    way = ("--webhook", url, "--secret", "--secrets-file", str(secrets))
    set_ = books.run("alerts", "deliver", *way, "--trial", "webhook", "--json")
    assert set_.status == 0, set_
    ((headers, body),) = Receiver.got
    shown = books.json("alerts", "deliver")

    assert headers["X-Counterfoil-Signature"] == signature("canary-secret", headers["X-Counterfoil-Timestamp"], body)
    assert json.loads(body)["happened"] == "trial"
    assert shown == {"mail": None, "webhook": {"url": url, "is_signed": True}, "details": False}
    assert "canary" not in set_.out + set_.err


def test_mail_in_clear_over_a_network_is_refused(books: Program) -> None:
    ended = books.run(
        "alerts", "deliver", "--mail-host", "mail.example.org", "--security", "none", "--to", "me@example.org"
    )  # fmt: skip

    assert ended.status == 3
    assert "mail.example.org is not this computer: mail to it goes over TLS." in ended.err


def test_commands_without_json_are_sentences(books: Program) -> None:
    books.run("alerts", "add", "largest asset share is above 90 %")
    listed = books.run("alerts", "list")

    assert "If largest asset share is above 90 % then notify by window" in listed.out
    assert "unknown" in listed.out


def test_a_rule_says_which_of_its_ways_out_lead_nowhere_yet(books: Program) -> None:
    sentence = "If drawdown is above 30 % then notify by window and desktop and e-mail"
    told, said = books.json("alerts", "add", sentence), books.run("alerts", "add", sentence).out
    for one in books.json("alerts", "list"):
        books.json("alerts", "remove", one["id"])

    assert told["not_set_up"] == ["e-mail"]
    assert said.splitlines()[1] == "Nothing goes out by e-mail before that is set up: counterfoil alerts deliver"
