"""Ids of entries: what they are made of stays as it is for ever."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from app.core.ledger.entries import Identity, entry_id

Parts = st.tuples(*[st.text(max_size=5)] * 5)


def test_an_id_is_the_hash_of_length_prefixed_parts() -> None:
    parts = b"".join(len(part).to_bytes(4, "big") + part for part in (b"b", b"kraken", b"ledger", b"L1", b""))

    assert entry_id("b", "kraken", Identity("ledger", "L1")) == hashlib.sha256(parts).digest()[:16]


@given(Parts, Parts)
def test_different_parts_have_different_ids(left: tuple[str, ...], right: tuple[str, ...]) -> None:
    ids = [entry_id(parts[0], parts[1], Identity(*parts[2:])) for parts in (left, right)]

    assert (ids[0] == ids[1]) == (left == right)
