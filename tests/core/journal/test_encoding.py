"""Canonical bytes: committed vectors, and what a reader refuses."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ChainBrokenError
from app.core.journal.encoding import decode, encode

VECTORS = Path(__file__).parents[2] / "vectors"
Texts = st.text(st.characters(codec="utf-8"), max_size=20)
Values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**80), 2**80) | Texts | st.binary(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz_", max_size=30), inner, max_size=5),
    max_leaves=12,
)


def vectors(name: str) -> list[dict[str, Any]]:
    return list(json.loads((VECTORS / f"{name}.json").read_text())["vectors"])


def value_of(vector: dict[str, Any]) -> Any:
    if "decimal" in vector:
        return Decimal(vector["decimal"])
    return bytes.fromhex(vector["bytes"]) if "bytes" in vector else vector["value"]


@pytest.mark.parametrize("vector", vectors("encoding"), ids=lambda vector: vector["name"])
def test_a_value_has_the_bytes_of_its_vector(vector: dict[str, Any]) -> None:
    assert encode(value_of(vector)).hex() == vector["hex"]


@pytest.mark.parametrize("vector", vectors("refused"), ids=lambda vector: vector["name"])
def test_bytes_in_any_other_form_are_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(ChainBrokenError):
        decode(bytes.fromhex(vector["hex"]))


@given(Values)
def test_what_is_encoded_is_read_back_and_agrees_with_another_encoder(value: Any) -> None:
    encoded = encode(value)

    assert encode(decode(encoded)) == encoded
    assert cbor2.dumps(decode(encoded), canonical=True) == encoded


@pytest.mark.parametrize("value", [1.5, {1: "a"}, {"a": 0.0}, object()])
def test_what_is_not_exact_cannot_be_sealed(value: Any) -> None:
    with pytest.raises(TypeError):
        encode(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_equal_numbers_have_equal_bytes(value: Decimal) -> None:
    sign, digits, exponent = value.as_tuple()
    with_zeros = Decimal((sign, (*digits, 0, 0), int(exponent) - 2))

    assert encode(with_zeros) == encode(value)
