"""Tests that call lots on a vault as a process."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.process import Ended, Program

KRAKEN = """txid,refid,time,type,aclass,asset,amount,fee,balance
L1,R1,2023-01-02 03:04:05,deposit,currency,ZEUR,10000.0000,0.0000,10000.0000
L2,T1,2023-01-03 03:04:05,trade,currency,ZEUR,-300.0000,0.0000,9700.0000
L3,T1,2023-01-03 03:04:05,trade,currency,XXBT,0.1,0.0000000000,0.1
L4,T2,2024-02-03 03:04:05,trade,currency,ZEUR,-700.0000,0.0000,9000.0000
L5,T2,2024-02-03 03:04:05,trade,currency,XXBT,0.1,0.0000000000,0.2
L6,T3,2024-03-03 03:04:05,trade,currency,ZEUR,600.0000,0.0000,9600.0000
L7,T3,2024-03-03 03:04:05,trade,currency,XXBT,-0.1,0.0000000000,0.1
L8,T4,2024-03-04 03:04:05,trade,currency,ZEUR,-500.0000,0.0000,9100.0000
L9,T4,2024-03-04 03:04:05,trade,currency,XETH,0.2,0.0000000000,0.2
"""
GERMANY = ("--jurisdiction", "de")


@pytest.fixture(scope="module")
def books(program: Program) -> Program:
    """Return a program whose vault has two purchases, a sale and another asset."""
    program.json("import", str(program.write("ledgers.csv", KRAKEN)), "--account", "kraken-main")
    return program


@pytest.fixture(scope="module")
def sale(books: Program) -> str:
    """Return the row of the sale."""
    (sold,) = books.json("tax", "compute", *GERMANY)["disposals"]
    return str(sold["id"])


@pytest.fixture(scope="module")
def told(books: Program, sale: str) -> Any:
    """Return what is said of the sale before anything is selected for it."""
    return books.json("lots", "list", *GERMANY, "--disposal", sale)


@pytest.fixture(scope="module")
def dear(told: Any) -> str:
    """Return the lot that cost more."""
    return str(told["lots"][1]["lot"])


def selected(books: Program, *words: str) -> Ended:
    return books.run("lots", "select", *words, *GERMANY, "--json")


def test_open_lots_are_listed_with_cost_and_term(books: Program) -> None:
    found = books.json("lots", "list", *GERMANY, "--asset", "BTC")

    (lot,) = found["lots"]
    assert (lot["asset"], lot["wallet"], lot["quantity"], lot["cost"]) == ("bitcoin", "kraken-main", "0.1", "700")
    assert (lot["acquired_at"], lot["term"], lot["days_to_long"]) == ("2024-02-03T03:04:05Z", "long", 0)
    assert lot["long_from"] == "2025-02-04"
    assert (lot["unit_cost"], lot["value"], lot["gain"], found["sale"]) == ("7000", None, None, None)


def test_lots_of_a_day_and_of_a_wallet(books: Program) -> None:
    before = books.json("lots", "list", *GERMANY, "--at", "2024-03-02", "--wallet", "kraken-main")
    nowhere = books.run("lots", "list", *GERMANY, "--wallet", "nowhere")

    assert [(lot["cost"], lot["term"]) for lot in before["lots"]] == [("300", "long"), ("700", "short")]
    assert (nowhere.status, "names no account" in nowhere.err) == (3, True)


def test_a_sale_is_told_with_the_lots_it_can_be_taken_from_and_the_presets(told: Any) -> None:
    gains = {one["name"]: (one["gain"], one["short_gain"], one["long_gain"]) for one in told["presets"]}

    assert [(lot["cost"], lot["gain"]) for lot in told["lots"]] == [("300", "300"), ("700", "-100")]
    assert (told["sale"]["proceeds"], told["sale"]["identified"], told["method"]) == ("600", None, "fifo")
    assert gains == {
        "fifo": ("300", "0", "300"),
        "lifo": ("-100", "-100", "0"),
        "hifo": ("-100", "-100", "0"),
        "smallest-gain": ("-100", "-100", "0"),
        "long-term-first": ("300", "0", "300"),
    }


def test_a_selection_is_followed_shown_as_evidence_and_taken_back(books: Program, sale: str, dear: str) -> None:
    made = selected(books, sale, "--lots", f"{dear}:0.1").document
    found = books.json("tax", "compute", *GERMANY)
    root = books.json("audit", "root")
    back = selected(books, sale, "--clear").document
    after = books.json("tax", "compute", *GERMANY)

    (sold,) = found["disposals"]
    evidence = sold["identified"]
    assert (sold["gain"], [match["rule"] for match in sold["matches"]]) == ("-100", ["spec-id"])
    assert (evidence["record"], evidence["recorded_at"]) == (made["record"], made["recorded_at"])
    assert (evidence["is_late"], evidence["is_followed"], made["is_late"]) == (False, True, False)
    assert found["head"] == root["head"]
    assert (back["lots"], after["disposals"][0]["gain"], after["disposals"][0]["identified"]) == ([], "300", None)
    assert books.run("audit", "verify").status == 0


def test_in_the_united_states_a_selection_after_a_sale_of_before_2025_is_followed_and_told(
    books: Program, sale: str
) -> None:
    words = ("--jurisdiction", "us")
    made = books.json("lots", "select", sale, "--preset", "hifo", *words)
    found = books.json("tax", "compute", *words)

    (sold,) = found["disposals"]
    assert (made["is_late"], made["preset"]) == (False, "hifo")
    assert (sold["gain"], sold["identified"]["is_late"], sold["identified"]["is_followed"]) == ("-100", False, True)
    assert "lot-selection-afterwards" in [one["code"] for one in found["findings"]]


def test_what_cannot_be_followed_ends_with_status_3_and_changes_nothing(books: Program, sale: str, dear: str) -> None:
    before = books.json("audit", "root")["head"]
    reasons = {f"{dear}:0.05": "do not add up", f"{dear}:0.2": "more of the lot", dear: "is not LOT:QUANTITY"}

    ended = [selected(books, sale, "--lots", cell) for cell in reasons]

    told = [one.document["error"]["message"] for one in ended]
    assert [one.status for one in ended] == [3] * len(reasons)
    assert all(reason in message for reason, message in zip(reasons.values(), told, strict=True))
    assert all(one.document["error"]["hint"] for one in ended)
    assert books.json("audit", "root")["head"] == before


def test_a_country_without_selection_is_refused_and_wrong_words_are_told(books: Program, sale: str) -> None:
    ended = [
        books.run("lots", "select", sale, "--preset", "fifo", "--jurisdiction", "uk").status,
        books.run("lots", "list", "--jurisdiction", "ca").status,
        selected(books, sale).status,
        selected(books, "--preset", "fifo").status,
        selected(books, "--next", "1", "--asset", "BTC", "--preset", "fifo").status,
        books.run("lots", "list", "--disposal", sale, "--at", "2024-01-01").status,
    ]

    assert ended == [6, 6, 2, 2, 2, 2]


def test_lots_are_selected_ahead_of_the_sale(books: Program) -> None:
    words = ("--asset", "ETH", "--wallet", "kraken-main")
    made = selected(books, "--next", "0.15", "--preset", "fifo", *words).document
    beyond = selected(books, "--next", "9", "--preset", "fifo", *words)
    back = selected(books, "--clear", *words).document

    assert (made["disposal"], made["wallet"], made["asset"]) == (None, "kraken-main", "ethereum")
    assert [lot["quantity"] for lot in made["lots"]] == ["0.15"]
    assert (beyond.status, back["lots"]) == (3, [])


def test_people_see_tables(books: Program, sale: str) -> None:
    lots, one = books.run("lots", "list", *GERMANY), books.run("lots", "list", *GERMANY, "--disposal", sale)

    assert (lots.status, "2 open lots, Germany, EUR" in lots.out) == (0, True)
    assert (one.status, "without a selection: fifo" in one.out, "smallest-gain" in one.out) == (0, True, True)
