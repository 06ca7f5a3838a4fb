"""Tests of ledger CSV v1: what is exported comes back as the same entries."""

from __future__ import annotations

import csv
import io
import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.files.ledger_v1 import LedgerV1
from app.core.ledger.csv_v1 import COLUMNS, external_id, parse_external_id, rows
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role, Stated
from app.core.model.registry import StaticAssetRegistry
from app.documents.csv_files import safe
from tests.connectors.files.conftest import Read

TEXT = st.text(alphabet=string.printable + "äß:%,;'\"", max_size=20)
QUANTITY = st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=-(10**12), max_value=10**12).filter(
    bool
)
LEG = st.builds(
    Leg,
    st.just("kraken-main"),
    st.sampled_from(["spot", "earn"]),
    st.sampled_from(["bitcoin", "usd", "kraken:NEW"]),
    QUANTITY,
    st.sampled_from(Role),
)
ENTRY = st.builds(
    Entry,
    account=st.just("kraken-main"),
    at=st.integers(1_300_000_000, 1_790_000_000).map(lambda second: second * 10**9),
    kind=st.sampled_from(EntryKind),
    legs=st.lists(LEG, min_size=1, max_size=4).map(tuple),
    identity=st.builds(
        Identity, st.sampled_from(["ledger", "a:b"]), TEXT.filter(str.strip), st.sampled_from(["", "1"])
    ),
    references=TEXT.map(str.strip).map(lambda note: {"note": note, "acquired": "2019-01-31"} if note else {}),
    stated=st.none() | st.builds(Stated, st.decimals(allow_nan=False, allow_infinity=False, places=2), st.just("usd")),
)


def exported(entries: list[Entry]) -> bytes:
    """Return the file as our writer makes it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for index, entry in enumerate(entries):
        writer.writerows([safe(cell) for cell in row] for row in rows(f"{index:032x}", entry, {}))
    return stream.getvalue().encode()


@given(st.lists(ENTRY, min_size=1, max_size=4))
def test_an_export_read_back_gives_the_same_entries(registry: StaticAssetRegistry, entries: list[Entry]) -> None:
    page = LedgerV1(registry).read(exported(entries), "ledger.csv", "")

    assert [candidate.entry for candidate in page.candidates] == entries
    assert list(page.findings) == []


@given(TEXT.filter(bool), TEXT, TEXT)
def test_external_ids_can_be_read_back_whatever_they_hold(space: str, native_id: str, part: str) -> None:
    identity = Identity(space, native_id, part)

    assert parse_external_id(external_id(identity)) == identity


def test_a_weak_entry_stays_weak() -> None:
    assert external_id(Identity("history", "")) == "history::"
    assert parse_external_id("history::") == Identity("history", "")


def test_a_file_made_by_hand_may_name_assets_by_ticker(read: Read) -> None:
    text = "entry_id,at,kind,account,sub_place,asset_id,symbol,quantity,role\nmine-1,2024-01-01T00:00:00Z,opening,,,,BTC,1.5,\n"

    entry = read("counterfoil", text).candidates[0].entry

    assert (entry.account, entry.legs, entry.identity) == (
        "main",
        (Leg("main", "spot", "bitcoin", Decimal("1.5")),),
        Identity("file", "mine-1"),
    )


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            "x,yesterday,trade,a,spot,bitcoin,BTC,1,principal",
            "'yesterday' is not a moment with a zone, such as 2026-01-31T23:59:59Z",
        ),
        ("x,2024-01-01T00:00:00Z,barter,a,spot,bitcoin,BTC,1,principal", "'barter' is none of trade, deposit"),
        ("x,2024-01-01T00:00:00Z,trade,a,spot,bitcoins,BTC,1,principal", "'bitcoins' is no asset id"),
        ("x,2024-01-01T00:00:00Z,trade,a,spot,,FOO,1,principal", "'FOO' names no asset, and asset_id is empty"),
        ("x,2024-01-01T00:00:00Z,trade,a,spot,bitcoin,BTC,NaN,principal", "'NaN' is not a number"),
        ("x,2024-01-01T00:00:00Z,trade,a,spot,bitcoin,BTC,0,principal", "'0' changes nothing"),
        ("x,2024-01-01T00:00:00Z,trade,a,spot,bitcoin,BTC,1,principal,extra", "makes 10 cells where the heading has 9"),
    ],
)
def test_a_bad_row_is_named_with_its_value(read: Read, cells: str, message: str) -> None:
    text = f"entry_id,at,kind,account,sub_place,asset_id,symbol,quantity,role\nok,2024-01-01T00:00:00Z,trade,a,spot,bitcoin,BTC,1,principal\n{cells}\n"

    page = read("counterfoil", text)

    assert len(page.candidates) == 1
    assert [message in finding.message for finding in page.findings] == [True]


@given(st.lists(ENTRY, min_size=1, max_size=4))
def test_an_export_that_was_copied_in_twice_gives_each_entry_once(
    registry: StaticAssetRegistry, entries: list[Entry]
) -> None:
    page = LedgerV1(registry).read(exported(entries) * 2, "ledger.csv", "")

    assert [candidate.entry for candidate in page.candidates] == [
        candidate.entry for candidate in LedgerV1(registry).read(exported(entries), "ledger.csv", "").candidates
    ]
