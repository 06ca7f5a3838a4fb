"""Figures of the panels under the value chart: one unit a column, and what is too small for it is no zero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.ui.format import MINUS, THIN
from app.ui.screens.overview_panels import in_unit, unit_of


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("12345.6", f"+$12.3{THIN}k"),
        ("-12345.6", f"{MINUS}$12.3{THIN}k"),
        ("50", f"<{THIN}$0.1{THIN}k"),
        ("-50", f"<{THIN}$0.1{THIN}k"),
        ("-100", f"{MINUS}$0.1{THIN}k"),
        ("0", f"$0.0{THIN}k"),
    ],
)
def test_what_is_too_small_for_the_unit_of_its_column_is_less_than_its_last_place_without_a_sign(
    value: str, said: str
) -> None:
    unit = unit_of([Decimal(12_346), Decimal(value)])

    assert in_unit(Decimal(value), unit, "usd", places=1, sign=True) == said
