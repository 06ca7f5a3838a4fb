"""Files of transactions: read whole, or refused with every bad row and column."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InputError
from app.core.tax.events import TransactionType
from app.core.tax.transactions import OPTIONAL, REQUIRED, read

HEADING = ",".join((*REQUIRED, *OPTIONAL))
GOOD = {
    "id": "a",
    "timestamp": "2025-01-01T12:00:00Z",
    "type": "buy",
    "wallet": "w",
    "asset": "BTC",
    "quantity": "1",
    "value": "100",
    "value_currency": "EUR",
}


def line(**cells: str) -> str:
    merged = {**GOOD, **cells}
    return ",".join(merged.get(name, "") for name in (*REQUIRED, *OPTIONAL))


def sheet(*lines: str) -> str:
    return "\n".join([HEADING, *lines])


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"id": ""}, "id"),
        ({"asset": ""}, "asset"),
        ({"wallet": ""}, "wallet"),
        ({"timestamp": "2025-01-01T12:00:00"}, "timestamp"),
        ({"timestamp": "2025-02-30T12:00:00Z"}, "timestamp"),
        ({"timestamp": "2025-01-01"}, "timestamp"),
        ({"timestamp": "0000-01-01T00:00:00Z"}, "timestamp"),
        ({"timestamp": "2025-01-01T12:00:00+99:00"}, "timestamp"),
        ({"timestamp": "1492-10-12T12:00:00Z"}, "timestamp"),
        ({"timestamp": "9999-12-31T23:59:59Z"}, "timestamp"),
        ({"type": "gift"}, "type"),
        ({"type": ""}, "type"),
        ({"quantity": ""}, "quantity"),
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "1e999"}, "quantity"),
        ({"quantity": "NaN"}, "quantity"),
        ({"quantity": "Infinity"}, "quantity"),
        ({"quantity": "0x10"}, "quantity"),
        ({"quantity": "one"}, "quantity"),
        ({"value": "-1"}, "value"),
        ({"value": "1_000"}, "value"),
        ({"value_currency": ""}, "value_currency"),
        ({"value_currency": "USD"}, "value_currency"),
        ({"to_wallet": "v"}, "to_wallet"),
        ({"ratio": "2"}, "ratio"),
        ({"unit_price": "x"}, "unit_price"),
        ({"portfolio_value": "-2"}, "portfolio_value"),
        ({"costs": "3"}, "costs"),
        ({"type": "sell", "costs": "-3"}, "costs"),
        ({"type": "transfer", "to_wallet": "v"}, "value"),
        ({"type": "transfer", "value": "", "to_wallet": ""}, "to_wallet"),
        ({"type": "transfer", "value": "", "to_wallet": "w"}, "to_wallet"),
        ({"type": "split", "value": "", "ratio": "2"}, "quantity"),
        ({"type": "split", "value": "", "quantity": ""}, "ratio"),
        ({"type": "split", "value": "", "quantity": "", "ratio": "0"}, "ratio"),
        ({"type": "sell", "lots": "a"}, "lots"),
        ({"type": "sell", "lots": "a:0"}, "lots"),
        ({"type": "sell", "lots": "a:1e99"}, "lots"),
    ],
)
def test_a_bad_cell_is_named_with_its_row_and_column(cells: dict[str, str], column: str) -> None:
    with pytest.raises(InputError, match=rf"1 fault: row 3, column {column}: "):
        read(sheet(line(id="first"), line(**cells)), currency="EUR")


def test_every_bad_cell_is_named_at_once() -> None:
    with pytest.raises(InputError) as refused:
        read(sheet(line(quantity="x", value="y"), line(id="b"), line(id="b", type="z")))

    assert refused.value.message == (
        "The file has 4 faults: row 2, column value: 'y' is not a decimal number; "
        "row 2, column quantity: 'x' is not a decimal number; row 4, column id: 'b' is also the id of row 3; "
        "row 4, column type: 'z' is none of buy, sell, transfer, income, split."
    )


@pytest.mark.parametrize("text", ["", "\n\n", "id,timestamp\n", HEADING.replace("note", "id"), '"open'])
def test_a_file_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read(text)


@pytest.mark.parametrize("short", ["a,b", f"{line()},,,surplus"])
def test_a_row_of_another_length_is_refused(short: str) -> None:
    with pytest.raises(InputError, match="row 2"):
        read(sheet(short))


def test_numbers_are_read_digit_for_digit() -> None:
    text = sheet(line(quantity="1000000000000.000000000000000000000000000001", value="1e-30"))
    (only,) = read(text).transactions

    assert only.quantity == Decimal("1000000000000.000000000000000000000000000001")
    assert only.value == Decimal("1e-30")


def test_columns_may_stand_in_any_order_after_a_byte_order_mark() -> None:
    names = sorted(REQUIRED)
    text = "\ufeff" + "\r\n".join([",".join(names), ",".join(GOOD.get(name, "") for name in names), ""])

    assert [one.row for one in read(text).transactions] == ["a"]


def test_rows_are_put_in_the_order_of_time_and_equal_times_keep_theirs() -> None:
    late = line(id="late", timestamp="2025-03-01T00:00:00Z")
    text = sheet(late, line(id="b"), line(id="a", timestamp="2025-01-01T13:00:00+01:00"))
    found = read(text)

    assert [one.row for one in found.transactions] == ["b", "a", "late"]
    assert [(finding.code, finding.entries) for finding in found.findings] == [("unordered-rows", ("b",))]


def test_an_unknown_column_is_told() -> None:
    text = "\n".join([f"{HEADING},fee", f"{line()},3"])

    assert [(finding.code, finding.subject) for finding in read(text).findings] == [("unknown-column", "fee")]


def test_a_sale_may_cost_more_than_it_brings() -> None:
    (only,) = read(sheet(line(type="sell", value="-0.5"))).transactions

    assert (only.type, only.value) == (TransactionType.SELL, Decimal("-0.5"))


@given(st.text(max_size=200))
def test_no_text_is_more_than_refused(text: str) -> None:
    for attempt in (text, sheet(text), sheet(line(), text)):
        with suppress(InputError):
            read(attempt)


@given(st.dictionaries(st.sampled_from((*REQUIRED, *OPTIONAL)), st.text("0123456789.-+eE:;aZ T", max_size=24)))
def test_no_cell_is_more_than_refused(cells: dict[str, str]) -> None:
    for kind in TransactionType:
        with suppress(InputError):
            read(sheet(line(**{**cells, "type": kind.value})))
