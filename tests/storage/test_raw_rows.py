"""Rows of pages, digit for digit."""

from __future__ import annotations

import pytest

from app.storage.raw_rows import raw_row


@pytest.mark.parametrize(
    ("content", "row", "expected"),
    [
        ('[{"price": 0.10000000000000000001}]', 0, '{\n  "price": 0.10000000000000000001\n}'),
        ('{"ok": true, "data": [{"a": 1}, {"b": 2}]}', 1, '{\n  "b": 2\n}'),
        ('{"result": {"ledger": {"L1": {"a": 1}, "L2": {"a": 2}}, "count": 2}}', 1, '{\n  "a": 2\n}'),
        ("[1]", 5, ""),
        ("[1", 0, ""),
    ],
)
def test_a_row_of_json_keeps_every_digit(content: str, row: int, expected: str) -> None:
    assert raw_row(content.encode(), "application/json", row) == expected


def test_a_byte_order_mark_is_no_part_of_a_line() -> None:
    assert raw_row(b"\xef\xbb\xbfid,amount\n1,2\n", "text/csv", 0) == "id,amount"
