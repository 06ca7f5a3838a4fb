"""Seals in the journal: whole or not at all, read back byte by byte, and what came after them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.errors import ChainBrokenError, RefusedError
from app.core.journal.encoding import encode
from app.core.lots.methods import Method
from app.core.model.period_seals import PeriodSeal, SealedPart
from app.core.model.standing_orders import StandingOrder
from app.core.seal.hashes import digest, seal_of
from app.storage.decisions.seals import seal_fields
from app.storage.proofs import SqlProofs
from tests.storage.journal_books import Books, entry, ids, new_books, page

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "period_seal.json").read_text())
FILES = {"year/rules.json": b'{"year":2024}\n', "forms/us-8949.csv": b"a,b\r\n" * 1_000}
PARTS = tuple(SealedPart(name, digest(content)) for name, content in FILES.items())
SEAL = PeriodSeal(
    "us",
    2024,
    1,
    seal_of((one.name, one.hash) for one in PARTS),
    digest(b"output"),
    PARTS,
    "",
    1,
    "0.1.0",
    reason="ready",
)


def sealed(books: Books, seal: PeriodSeal = SEAL) -> PeriodSeal:
    """Append a seal at the head of the books and return it as it is read."""
    books.writer.append_seal(replace(seal, head=books.reader.head()), FILES)
    return books.reader.decisions(PeriodSeal)[-1]


def test_the_body_of_a_seal_has_the_committed_bytes() -> None:
    fixed = replace(
        SEAL,
        parts=tuple(replace(one, record=digest(one.name.encode())) for one in PARTS),
        head=digest(b"head"),
        previous=digest(b"previous"),
        question={"method": "hifo", "option:late-selection": "follow"},
    )

    assert VECTOR["amended"] == encode(seal_fields(fixed)).hex()


def test_a_seal_hashes_its_domain_and_each_part_by_name_and_hash() -> None:
    told = b"counterfoil/period-seal/1\x00"
    for name, content in FILES.items():
        told += len(name).to_bytes(4, "big") + name.encode() + hashlib.sha256(content).digest()

    assert hashlib.sha256(told).hexdigest() == SEAL.seal


def test_a_seal_and_its_files_are_read_back_as_they_were_sealed(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    books.append(page(entry("T1", 1, "1 bitcoin")))

    found = sealed(books)

    proofs = SqlProofs(books.database, books.book)
    assert {one.name: proofs.sealed_file(one) for one in found.parts} == FILES
    assert (found.seal, found.version, found.reason, found.recorded_ns > 0) == (SEAL.seal, 1, "ready", True)
    assert books.verify().is_valid


def test_a_version_follows_one_only(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    sealed(books)
    before = books.records()

    with pytest.raises(RefusedError, match="sealed as version 1 meanwhile"):
        sealed(books)
    assert before == books.records()
    assert sealed(books, replace(SEAL, version=2)).version == 2


def test_a_file_that_was_changed_by_someone_with_the_key_is_named(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    found = sealed(books)
    part = found.parts[1]
    with books.database.write() as connection:
        n, body = connection.execute(
            "SELECT n, body FROM records JOIN bodies USING (n) WHERE hash = ?", (bytes.fromhex(part.record),)
        ).fetchone()
        changed = bytes(body[:-40]) + bytes([body[-40] ^ 1]) + bytes(body[-39:])
        connection.execute("UPDATE bodies SET body = ? WHERE n = ?", (changed, n))

    with pytest.raises(ChainBrokenError, match=r"forms/us-8949\.csv"):
        SqlProofs(books.database, books.book).sealed_file(part)
    assert "has a body that was changed" in books.verify().first_break


def test_what_came_after_a_record_is_told_with_its_source(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    books.append(page(entry("T1", 1, "1 bitcoin"), entry("T2", 2, "1 bitcoin"), entry("T3", 3, "1 bitcoin")))
    first, second, third = ids(books, [entry(name, 0, "1 bitcoin") for name in ("T1", "T2", "T3")])
    head = books.reader.head()
    books.append(page(entry("T4", 4, "-1 bitcoin"), cursor="2"))
    (fourth,) = ids(books, [entry("T4", 0, "1 bitcoin")])
    books.writer.revise_entry(second, None, "twice")
    books.writer.revise_entry(third, entry("T3", 3, "2 bitcoin"), "two")
    books.writer.append_decision(StandingOrder("us", 2025, Method.HIFO, "choice"))

    found = SqlProofs(books.database, books.book).later(head)

    told = [(one.kind, one.entry_id, one.source) for one in found]
    assert told == [
        ("entry", fourth, "kraken"),
        ("revision", second, ""),
        ("revision", third, ""),
        ("standing_order", "", ""),
    ]
    assert first not in {one.entry_id for one in found}


def test_records_open_their_commitments(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    books.append(page(entry("T1", 1, "1 bitcoin")))
    (known,) = ids(books, [entry("T1", 0, "1 bitcoin")])
    proofs = SqlProofs(books.database, books.book)

    (opened,) = proofs.opened(list(proofs.records([known]).values()))
    (chain,) = proofs.chains()

    assert hashlib.sha256(b"\x00" + opened.header).hexdigest() == opened.hash
    assert hashlib.sha256((opened.salt or b"") + (opened.body or b"")).digest() in opened.header
    assert chain.headers[opened.number - 1] == opened.header
    assert hashlib.sha256(chain.public_key).hexdigest()[:32] == chain.device
    assert Decimal(1) == dict(books.reader.export_entries())[known].legs[0].quantity
