"""What of transfers waits for a person, told as a person knows it."""

from __future__ import annotations

from decimal import Decimal

from app.core.clock import parse_iso
from app.core.findings import Severity
from app.core.model.transfer_links import TransferLink
from app.core.names import Names
from app.core.transfers import End, Pairing
from app.core.transfers.findings import findings_of

NAMES = Names({"ethereum": "ETH"}.__getitem__, {"coinbase-1": "Coinbase"}.__getitem__, has_entries=True)
AT = parse_iso("2025-05-03T10:00:00Z")[0]


def end(name: str, *, address: str = "", is_deposit: bool = False) -> End:
    return End(name, "coinbase-1", AT, "ethereum", Decimal("0.376768"), is_deposit, address=address)


def test_an_end_that_is_alone_is_told_with_its_asset_account_and_day() -> None:
    out, into = findings_of(Pairing((), (), (end("w"), end("d", is_deposit=True)), ()), NAMES)

    assert (out.code, out.message) == (
        "unpaired-withdrawal", "0.376768 ETH left Coinbase on 3 May 2025 and arrived in no account of these books.",
    )  # fmt: skip
    assert (into.code, into.message) == (
        "unpaired-deposit", "0.376768 ETH reached Coinbase on 3 May 2025 from no account of these books.",
    )  # fmt: skip
    assert {(one.severity, one.asset, one.quantity, one.root) for one in (out, into)} == {
        (Severity.WARNING, "ethereum", Decimal("0.376768"), "")
    }
    assert (out.subject, out.entries, out.place) == ("w", ("w",), "transfers/unpaired/w")


def test_withdrawals_to_one_address_have_one_root_and_others_none() -> None:
    alone = (end("a", address="0xabc"), end("b", address="0xabc"), end("c", address="0xdef"), end("d"))
    found = findings_of(Pairing((), (), alone, ()), NAMES)

    assert [one.root for one in found] == ["0xabc", "0xabc", "", ""]
    assert found[2].detail.startswith("Sent to the address 0xdef. ")


def test_a_word_that_fits_no_more_is_told_with_its_day() -> None:
    word = TransferLink(("w",), ("d",), is_transfer=True, reason="mine", recorded_ns=AT, record="ab")
    (found,) = findings_of(Pairing((), (), (), (word,)), NAMES)

    assert found.message == "A transfer that you accepted on 3 May 2025 no longer fits its entries."
    assert (found.subject, found.entries) == ("ab", ("d", "w"))
