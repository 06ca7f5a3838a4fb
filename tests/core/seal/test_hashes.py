"""Tests of the one form that sealed JSON has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.core.seal.hashes import canonical, digest, digest_of, parsed

_TEXTS = some.text(max_size=8)
VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | _TEXTS,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_canonical_json_is_written_item_by_item_as_in_one_piece_and_read_back(value: Any) -> None:
    whole = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    assert canonical(value) == f"{whole}\n".encode()
    assert digest_of(value) == digest(canonical(value))
    assert parsed(canonical(value)) == value


@pytest.mark.parametrize("content", [b"[1,2\n", b'{"a":1\n', b'{"a"\n', b"\n", b"nothing\n"])
def test_what_is_no_canonical_json_is_not_read(content: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        parsed(content)
