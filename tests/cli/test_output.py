"""Tests of what commands print."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from app.cli.faultlog import redacted
from app.cli.output import Output, as_json, number
from app.core.errors import InputError
from app.core.ledger.entries import EntryKind
from app.core.model.market import Contribution, Mark
from app.core.model.views import EntryView, Scope, SourceReport


def test_numbers_are_exact_texts_and_moments_name_their_zone() -> None:
    mark = Mark("bitcoin", Decimal("0.100000000000000000010"), "usd", "kraken", 1_700_000_000_000_000_000)

    assert as_json(mark) == {
        "asset_id": "bitcoin",
        "price": "0.10000000000000000001",
        "currency": "usd",
        "source": "kraken",
        "at": "2023-11-14T22:13:20Z",
        "change_24h": None,
        "parts": [],
    }


def test_what_took_part_in_a_mark_is_told_field_by_field() -> None:
    part = Contribution("kraken", Decimal("61234.50"), 1_700_000_000_000_000_000, Decimal("0.5"), "stale")

    assert as_json(part) == {
        "source": "kraken",
        "price": "61234.5",
        "at": "2023-11-14T22:13:20Z",
        "share": "0.5",
        "left_out": "stale",
    }


def test_a_moment_carries_the_digits_that_its_source_gave() -> None:
    entry = EntryView("id", 1_700_000_000_120_000_000, 10**6, EntryKind.TRADE, "a", "A", (), None, {}, "recorded", 1)

    assert as_json(entry)["at"] == "2023-11-14T22:13:20.120Z"


def test_unknown_is_null_and_never_zero() -> None:
    assert as_json(Scope())["since_at"] is None
    assert as_json(SourceReport("k", "exchange", 0, 0, 0, 0, 0, None, None, 0, 0, 0))["from"] is None


def test_a_value_without_a_json_form_is_a_fault_of_the_program() -> None:
    with pytest.raises(TypeError, match="object has no JSON form"):
        as_json(object())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1234567.890", "1,234,567.89"),
        ("-0.5", "-0.5"),
        ("-1234.5", "-1,234.5"),
        ("0", "0"),
        ("0.000000000000000001", "0.000000000000000001"),
    ],
)
def test_tables_show_numbers_unrounded(value: str, text: str) -> None:
    assert number(Decimal(value)) == text


def test_an_error_is_one_line_or_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    error = InputError("The file\nis empty.", hint="Choose another.", where="x.csv")

    Output(is_json=False).error(error)
    Output(is_json=True).error(error)

    shown = capsys.readouterr()
    assert shown.err == "counterfoil: x.csv: The file is empty. Choose another.\n"
    assert json.loads(shown.out) == {
        "error": {"code": "bad-input", "message": "The file\nis empty.", "hint": "Choose another.", "where": "x.csv"}
    }


def test_a_fact_and_what_to_do_are_two_sentences() -> None:
    assert InputError("refuses the key", hint="Make a new one.").line() == "refuses the key. Make a new one."


def test_nothing_that_is_shown_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(is_json=False)
    output.table(("asset",), [("\x1b[2J\u202eX",)])
    output.line("\x9bX")
    output.error(InputError("\x1b]0;X\x07"))

    shown = capsys.readouterr()
    assert shown.out.split() == ["asset", "\ufffd[2J\ufffdX", "\ufffdX"]
    assert shown.err == "counterfoil: \ufffd]0;X\ufffd.\n"


def test_what_looks_like_a_key_is_not_kept() -> None:
    assert redacted("key abcdefghijklmnopqrstuvwxyz012345 refused") == "key [32 characters] refused"
