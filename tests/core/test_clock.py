"""Moments: read and written with the precision that their source gave, whatever the year."""

from __future__ import annotations

import pytest

from app.core.clock import iso, parse_iso


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "2024-02-29T23:59:59.120Z", "9999-12-31T23:59:59.123456789Z"])
def test_a_moment_is_written_as_it_was_read(text: str) -> None:
    assert iso(*parse_iso(text)) == text


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+14:00", "2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_iso(text)
