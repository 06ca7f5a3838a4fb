"""Tests that call pair as a process: proposals, a person's word on them, and figures of tax that follow."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.process import Program

KRAKEN = """txid,refid,time,type,aclass,asset,amount,fee,balance
L1,R1,2024-01-02 03:04:05,deposit,currency,ZEUR,90000.0000,0.0000,90000.0000
L2,T1,2024-01-03 03:04:05,trade,currency,ZEUR,-80000.0000,0.0000,10000.0000
L3,T1,2024-01-03 03:04:05,trade,currency,XXBT,2.0,0.0000000000,2.0
L4,W1,2024-02-03 10:00:00,withdrawal,currency,XXBT,-1.2345678,0.0001,0.7653322
"""
OTHER = """txid,refid,time,type,aclass,asset,amount,fee,balance
M1,D1,2024-02-03 10:31:00,deposit,currency,XXBT,1.2345678,0.0000000000,1.2345678
"""
THIRD = OTHER.replace("M1,D1", "N1,E1").replace("10:31:00", "10:33:00")
YEAR = ("tax", "compute", "--jurisdiction", "generic", "--year", "2024", "--json")


@pytest.fixture
def books(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return a program whose vault has a withdrawal and, in another account, a deposit of the same amount."""
    program = Program(tmp_path_factory.mktemp("pair"))
    assert program.run("vault", "init", "--currency", "EUR").status == 0
    program.json("import", str(program.write("a.csv", KRAKEN)), "--account", "kraken-main")
    program.json("import", str(program.write("b.csv", OTHER)), "--account", "kraken-other")
    return program


def codes(program: Program) -> list[str]:
    return [one["code"] for one in program.run(*YEAR).document["findings"]]


def test_a_proposal_is_listed_accepted_followed_and_taken_back(books: Program) -> None:
    (proposal,) = books.json("pair", "list")
    ids = [one["entry"] for side in ("withdrawals", "deposits") for one in proposal[side]]
    assert (proposal["state"], proposal["asset"], proposal["withdrawals"][0]["quantity"]) == (
        "proposed", "bitcoin", "1.2345678",
    )  # fmt: skip
    assert "1.2345678 left and arrived" in proposal["reason"]
    assert "unpaired-withdrawal" in codes(books)

    books.json("pair", "accept", *ids, "--reason", "my own wallets")
    assert books.json("pair", "list") == []
    (linked,) = books.json("pair", "list", "--all")
    assert (linked["state"], linked["reason"]) == ("accepted", "my own wallets")
    assert "unpaired-withdrawal" not in codes(books)

    books.json("pair", "undo", *ids, "--reason", "let me think")
    everything = books.json("pair", "list", "--all")
    assert [(one["state"], one["reason"] == "let me think") for one in everything] == [
        ("proposed", False), ("undone", True),
    ]  # fmt: skip
    assert "unpaired-withdrawal" in codes(books)


def test_every_clear_proposal_is_accepted_at_once_and_a_rejected_one_is_proposed_no_more(books: Program) -> None:
    (accepted,) = books.json("pair", "accept", "--sure")
    ids = [one["entry"] for side in ("withdrawals", "deposits") for one in accepted[side]]
    assert books.json("pair", "accept", "--sure") == []

    books.json("pair", "reject", *ids, "--reason", "paid to a friend")
    rejected, *alone = books.json("pair", "list", "--all")
    assert (rejected["state"], rejected["reason"], sorted(rejected["entries"])) == (
        "rejected", "paid to a friend", sorted(ids),
    )  # fmt: skip
    assert (len(rejected["record"]), rejected["recorded_at"][:2], len(rejected["device"])) == (64, "20", 32)
    assert [one["state"] for one in alone] == ["unpaired", "unpaired"]
    table = books.run("pair", "list", "--all").out
    assert [line.split()[0] for line in table.splitlines()] == ["state", "rejected", "unpaired", "unpaired"]
    assert "paid to a friend" in table
    assert f"{rejected['recorded_at']} by {rejected['device'][:8]}" in table


def test_one_withdrawal_in_two_decisions_must_say_which_one_is_taken_back(books: Program) -> None:
    books.json("import", str(books.write("c.csv", THIRD)), "--account", "kraken-third")
    ends = {one["entry"]: one for row in books.json("pair", "list", "--all") for one in sides(row)}
    out = next(name for name, one in ends.items() if one["account"] == "kraken-main")
    into, other = (
        next(name for name, one in ends.items() if one["account"] == account)
        for account in ("kraken-other", "kraken-third")
    )
    books.json("pair", "reject", out, into, "--reason", "not this one")
    books.json("pair", "accept", out, other, "--reason", "this one")

    which = books.run("pair", "undo", out, "--reason", "x")
    overlapping = books.run("pair", "reject", out, into, "--reason", "still not")
    assert (which.status, "2 decisions are about these entries" in which.err, other in which.err) == (3, True, True)
    assert (overlapping.status, "another transfer that you accepted" in overlapping.err) == (3, True)

    books.json("pair", "undo", out, into, "--reason", "it may be")
    states = {(one["state"], one["reason"]) for one in books.json("pair", "list", "--all")}
    assert states == {("accepted", "this one"), ("undone", "it may be"), ("unpaired", "")}


def sides(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for side in ("withdrawals", "deposits") for one in row[side]]


def test_what_can_be_no_transfer_is_refused_with_the_remedy(books: Program) -> None:
    (proposal,) = books.json("pair", "list")
    out = proposal["withdrawals"][0]["entry"]
    one_sided = books.run("pair", "accept", out, "--reason", "x")
    unknown = books.run("pair", "accept", out, "ff" * 16, "--reason", "x")
    nothing = books.run("pair", "undo", out, "--reason", "x")
    without = books.run("pair", "accept", out)

    assert (one_sided.status, "There is no deposit among them" in one_sided.err) == (3, True)
    assert (unknown.status, "is no deposit and no withdrawal" in unknown.err) == (3, True)
    assert (nothing.status, "Nothing was said of these entries" in nothing.err) == (3, True)
    assert (without.status, "--reason is missing" in without.err) == (2, True)
    assert books.json("pair", "list") == [proposal]
