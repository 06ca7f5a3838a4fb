"""Headers, hashes and commitments: committed vectors, and versions that are older or newer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ChainBrokenError
from app.core.journal.bodies import EntryEncoder, Origin, read_entry, read_origin
from app.core.journal.chain import Chain
from app.core.journal.commitments import commitment, opens
from app.core.journal.encoding import decode, encode
from app.core.journal.records import Header, parse_header, record_hash
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role, Stated

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "records.json").read_text())
DEVICE = bytes(range(16))
ENTRY = Entry(
    account="kraken-main",
    at=1_700_000_000_123_456_789,
    kind=EntryKind.TRADE,
    legs=(
        Leg("kraken-main", "spot", "bitcoin", Decimal("0.50000000")),
        Leg("kraken-main", "spot", "usd", Decimal(-17500)),
        Leg("kraken-main", "spot", "usd", Decimal("-1.25"), Role.FEE),
    ),
    identity=Identity("ledger", "LABCDE"),
    resolution=1,
    references={"order": "O1", "counterparty": "Zoe\u0308"},
    stated=Stated(Decimal(17500), "usd"),
)
ORIGIN = Origin(bytes([7]) * 32, 3, "kraken/1")


def body(entry: Entry, origin: Origin | None = ORIGIN, reason: str = "") -> bytes:
    encoder = EntryEncoder()
    return encoder.body(entry, encoder.legs(entry), origin, reason)


def test_an_entry_has_the_bytes_of_its_vector() -> None:
    assert body(ENTRY).hex() == VECTORS["entry"]


def test_a_chain_has_the_bytes_of_its_vectors() -> None:
    chain = Chain("book-1", DEVICE, now=1_700_000_000_000_000_000)
    sealed = [chain.seal(kind, encode({"n": n}), bytes([n]) * 32) for n, kind in enumerate(("device", "commit"))]
    expected = [(one["header"], one["hash"]) for one in VECTORS["chain"]]

    assert [(one.header.hex(), one.hash.hex()) for one in sealed] == expected


def header_bytes(header: Header) -> bytes:
    """Return the canonical bytes of a header by the encoder of any value."""
    fields = {name: getattr(header, name) for name in Header.__slots__ if name != "version"}
    return encode({**fields, "v": header.version})


def test_the_fast_header_is_the_plain_one() -> None:
    chain = Chain("B\u00fcch", DEVICE, length=70_000, head=b"p" * 32, now=-5)
    sealed = chain.seal("entry", b"body", b"s" * 32)
    header = Header("B\u00fcch", DEVICE, 70_001, b"p" * 32, "entry", -5, commitment(b"s" * 32, b"body"))

    assert sealed.header == header_bytes(header)
    assert parse_header(sealed.header) == header
    assert decode(sealed.header)["seq"] == 70_001


def test_a_commitment_opens_with_its_own_salt_and_body_only() -> None:
    committed = commitment(b"s" * 32, b"body")

    assert opens(committed, b"s" * 32, b"body")
    assert not opens(committed, b"s" * 32, b"Body")
    assert not opens(committed, b"t" * 32, b"body")


Quantities = st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=-(10**12), max_value=10**12)
Words = st.text(max_size=12)
Entries = st.builds(
    Entry,
    account=st.sampled_from(("a", "b-main")),
    at=st.integers(0, 2**62),
    kind=st.sampled_from(EntryKind),
    legs=st.lists(
        st.builds(Leg, st.just("a"), Words, Words, Quantities, st.sampled_from(Role)), min_size=1, max_size=4
    ).map(tuple),
    identity=st.builds(Identity, Words, Words, Words),
    resolution=st.sampled_from((1, 10**9)),
    references=st.dictionaries(st.text("abcdefgh_\u00e9", max_size=30), Words, max_size=3),
    stated=st.none() | st.builds(Stated, Quantities, st.just("usd")),
    is_provisional=st.booleans(),
)


@given(Entries, st.sampled_from((ORIGIN, None)))
def test_the_fast_body_is_canonical_and_reads_back(entry: Entry, origin: Origin | None) -> None:
    content = body(entry, origin, reason="why")
    told = decode(content)

    assert read_origin(told) == origin
    assert body(read_entry(told), origin, reason="why") == content
    assert [leg.quantity for leg in read_entry(told).legs] == [leg.quantity for leg in entry.legs]


def _from_nought(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**{key: value for key, value in fields.items() if key != "sequence"}, "seq": fields["sequence"], "v": 1}


def test_an_older_version_is_read_through_its_upcaster() -> None:
    old = encode({
        "v": 0, "sequence": 4, "book": "b", "kind": "entry", "prev": bytes(32), "device": DEVICE,
        "commitment": bytes(32), "recorded_at": 9,
    })  # fmt: skip
    header = parse_header(old, {0: _from_nought})

    assert header == Header("b", DEVICE, 4, bytes(32), "entry", 9, bytes(32))
    assert record_hash(old) != record_hash(header_bytes(header))


@pytest.mark.parametrize("version", [0, 2])
def test_a_version_without_an_upcaster_is_refused(version: int) -> None:
    header = Header("b", DEVICE, 1, bytes(32), "entry", 9, bytes(32))

    with pytest.raises(ChainBrokenError, match=f"version {version}"):
        parse_header(header_bytes(replace(header, version=version)))
