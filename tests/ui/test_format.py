"""What the gate for every figure writes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.ui import format as fmt


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1.0842", "1.0842"),
        ("0.99985", "0.99985"),
        ("61234.567", "61,234.57"),
        ("142.5", "142.50"),
        ("18.7", "18.700"),
        ("1", "1.00"),
        ("0.000012345678", "0.000012346"),
        ("0", "0.00"),
    ],
)
def test_a_price_has_five_figures_and_at_least_two_places(value: str, written: str) -> None:
    assert fmt.price(Decimal(value)) == written


def test_a_word_does_not_tell_that_a_hidden_count_is_one() -> None:
    one = fmt.counted(1, "%s entry", "%s entries")
    fmt.set_mask(fmt.Mask.EVERYTHING)

    assert one == "1 entry"
    assert fmt.counted(1, "%s entry", "%s entries") == fmt.counted(2, "%s entry", "%s entries")


def test_a_minus_in_a_sentence_is_a_minus_and_a_date_stays_a_date() -> None:
    told = fmt.prose("kraken-2 differs by -0.05 BTC (-[[3]] %) since 2026-11-20.")

    assert told == "kraken-2 differs by \u22120.05 BTC (-3 %) since 2026-11-20."
