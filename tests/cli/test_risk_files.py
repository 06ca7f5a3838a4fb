"""Risk on files of any kind: a clear refusal or a labelled answer, never a fault of the program and never NaN."""

from __future__ import annotations

import contextlib
import io
import json
import math
import re
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer

from app import bootstrap
from app.cli import main

FIRST = date(2023, 1, 1).toordinal()
DAYS = 520
ASSETS = {"BTC": (20_000.0, 0.031), "ETH": (1_500.0, 0.043), "SOL": (25.0, 0.067)}
HELD = "asset,quantity\nBTC,1\nETH,10\nSOL,100\n"
REFUSED = 3
USAGE = 2

Row = tuple[str, str, float]


def closes() -> list[Row]:
    """Return days of three coins that sway out of step."""
    return [
        (day_of(day), name, start * math.exp(sway * math.sin(day * day * (0.7 + sway)) + 0.0003 * day))
        for day in range(DAYS)
        for name, (start, sway) in ASSETS.items()
    ]


def day_of(day: int) -> str:
    return date.fromordinal(FIRST + day).isoformat()


def text(rows: list[Row]) -> str:
    return "\n".join(["date,asset,close", *(f"{day},{asset},{close!r}" for day, asset, close in rows)])


def with_each(change: Callable[[int, Row], Row | None]) -> str:
    """Return all rows, changed by their day's number; a row that becomes None is left away."""
    return text([new for place, row in enumerate(closes()) if (new := change(place // len(ASSETS), row)) is not None])


def only(asset: str, first: int, last: int, close: Callable[[float], float | None]) -> str:
    def change(day: int, row: Row) -> Row | None:
        if row[1] != asset or not first <= day < last:
            return row
        changed = close(row[2])
        return None if changed is None else (row[0], row[1], changed)

    return with_each(change)


class Answer:
    """What a command printed."""

    def __init__(self, words: list[str]) -> None:
        """Run it in this process: what is printed is the same."""
        self.out, self.err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(self.out), contextlib.redirect_stderr(self.err), warnings.catch_warnings():
            warnings.simplefilter("error")
            self.status = main.run(words, bootstrap.runtime())

    @property
    def document(self) -> Any:
        """Return the one document; NaN and infinity are none of JSON's words."""
        return json.loads(self.out.getvalue(), parse_constant=pytest.fail)


@pytest.fixture(scope="module")
def commands() -> Any:
    """Return the command line, built once: that takes longer than most answers."""
    return typer.main.get_command(main._application())


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commands: Any) -> Callable[..., Answer]:
    """Return how a command is asked of a book and prices."""
    monkeypatch.setattr(main, "_application", lambda: commands)
    monkeypatch.setattr(typer.main, "get_command", lambda built: built)

    def asked(command: str, prices: str | bytes, held: str = HELD, *more: str, is_json: bool = True) -> Answer:
        for name, content in (("prices.csv", prices), ("held.csv", held)):
            (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        files = ["--holdings", str(tmp_path / "held.csv"), "--prices", str(tmp_path / "prices.csv")]
        window = ["--window", "100"] if command == "backtest" else []
        return Answer(["risk", command, *files, *window, *more, *(["--json"] if is_json else [])])

    return asked


ODD = {
    "a few days missing": (with_each(lambda day, row: None if day % 40 == 7 and row[1] == "ETH" else row), "price-gap"),
    "a price that stood still": (only("ETH", 300, 312, lambda _: 1_500.0), "price-stale"),
    "two days behind the others": (only("ETH", DAYS - 2, DAYS, lambda _: None), "price-older"),
    "stale to the end": (only("ETH", 500, 600, lambda _: 1_500.0), "price-stale"),
    "zero": (only("ETH", 300, 301, lambda _: 0.0), "price-zero"),
    "negative throughout": (only("SOL", 0, 600, lambda close: -close), "price-negative"),
    "not a number": (only("ETH", 300, 301, lambda _: math.nan), "price-cell-unreadable"),
    "infinite": (only("ETH", 300, 301, lambda _: math.inf), "price-cell-unreadable"),
    "a split": (only("ETH", 300, 600, lambda close: close / 10), "price-split"),
    "a reverse split": (only("ETH", 300, 600, lambda close: close * 10), "price-split"),
    "a fat finger": (only("ETH", 300, 301, lambda close: close * 1e9), "price-apart"),
    "a fat finger on the last day": (only("ETH", DAYS - 1, DAYS, lambda close: close * 37), "price-step-open"),
    "the largest number there is": (only("ETH", 300, 301, lambda _: 1.7e308), "price-apart"),
    "the smallest number there is": (only("ETH", 300, 301, lambda _: 5e-324), "price-apart"),
    "all of it twice": (text(closes() * 2), "price-duplicated"),
    "another price for a day": (text([*closes(), (day_of(300), "ETH", 2_500.0)]), "price-disputed"),
    "the newest first": (text(closes()[::-1]), "price-out-of-order"),
    "a day of the time to come": (text([*closes(), ("2162-01-01", "BTC", 1.0)]), "price-future"),
    "a day of no calendar": (text([*closes(), ("9999-12-31", "BTC", 1.0)]), "price-row-unreadable"),
    "a constant price": (only("ETH", 0, 600, lambda _: 7.0), "price-constant"),
    "a sheet's refuse": (text(closes()).replace("1500", "########"), "price-cell-unreadable"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_about_prices_is_told_beside_every_figure(ask: Callable[..., Answer], name: str) -> None:
    prices, code = ODD[name]
    report, backtest = ask("report", prices), ask("backtest", prices)

    assert [one.status for one in (report, backtest)] == [0, 0]
    assert code in {one["code"] for one in report.document["findings"]}
    assert code in {one["code"] for one in backtest.document["findings"]}


def test_a_stress_tells_what_is_odd_about_prices_too(ask: Callable[..., Answer]) -> None:
    prices, code = ODD["negative throughout"]
    stress = ask("stress", prices)

    assert {one["code"] for one in stress.document[0]["findings"]} == {code, "exposure-unpriced"}


def test_what_has_no_price_stands_beside_the_coverage(ask: Callable[..., Answer]) -> None:
    prices, _ = ODD["negative throughout"]
    report, told = ask("report", prices), ask("report", prices, is_json=False)

    assert report.document["coverage"]["unpriced"] == ["SOL"]
    assert "Covers 100.0% of the exposure that has a price; without one, and in no figure: SOL." in told.out.getvalue()


def test_errors_that_are_held_out_move_no_figure_by_much(ask: Callable[..., Answer]) -> None:
    clean = float(ask("report", text(closes())).document["var"]["fhs"])
    held_out = ["zero", "not a number", "a fat finger", "all of it twice", "another price for a day"]
    values = [float(ask("report", ODD[name][0]).document["var"]["fhs"]) for name in held_out]

    assert values == [pytest.approx(clean, rel=0.03)] * len(held_out)


REFUSALS: dict[str, tuple[str | bytes, str, str]] = {
    "empty": ("", HELD, "The file is empty"),
    "a heading only": ("date,asset,close\n", HELD, "No price can be read"),
    "no asset": ("date,close\n2024-01-01,1\n", HELD, "has the asset"),
    "two days": (text(closes()[:6]), HELD, "1 bars have no covariance"),
    "one day": (text(closes()[:3]), HELD, "no asset has two prices that follow each other"),
    "binary": (bytes(range(256)) * 99, HELD, "zero byte"),
    "a page of an error": ("<!DOCTYPE html><p>Try later</p>", HELD, "name no time"),
    "a mark never closed": (text(closes()).replace("ETH", '"ETH', 1), HELD, "From row 3 on"),
    "days of a sheet": (text([(str(44_927 + day), "BTC", 1.0) for day in range(99)]), HELD, "No price can be read"),
    "names of nobody": (text(closes()), "asset,quantity\nNOBODY,1\n", "No line of 1 has a price"),
    "no quantity": (text(closes()), "asset,quantity\nBTC,much\n", "Row 2 has the quantity 'much'"),
    "holes in everything": (
        with_each(lambda day, row: None if (day + ord(row[1][0])) % 6 == 0 else row), HELD, "of the returns of",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.parametrize("command", ["report", "backtest"])
def test_a_file_of_which_nothing_can_be_told_is_refused_with_the_reason(
    ask: Callable[..., Answer], command: str, name: str
) -> None:
    prices, held, reason = REFUSALS[name]
    answer = ask(command, prices, held)
    error = answer.document["error"]

    assert (answer.status, error["code"]) == (REFUSED, "bad-input")
    assert reason in error["message"] or command == "backtest"
    assert error["hint"] or "workbook" in error["message"]


BOOKS = {
    "short of all": HELD.replace(",1", ",-1"),
    "hedged by a perpetual": "asset,quantity,kind\nBTC,1,\nBTC,-1,perpetual\nETH,1,\n",
    "money only": "asset,quantity\nUSD,100\n",
    "nothing": "asset,quantity\nBTC,0\n",
    "dust": "asset,quantity\nBTC,0.000000000000000001\n",
}


@pytest.mark.parametrize("name", BOOKS)
def test_every_book_has_an_answer_in_words_and_in_json(ask: Callable[..., Answer], name: str) -> None:
    answers = [ask(command, text(closes()), BOOKS[name], is_json=is_json) for command in ("report", "stress")
               for is_json in (True, False)]  # fmt: skip

    assert [one.status for one in answers] == [0] * 4
    assert [word for one in answers for word in ("nan", "inf ") if word in one.out.getvalue()] == []


def test_a_history_that_is_shorter_than_the_window_says_so(ask: Callable[..., Answer]) -> None:
    said = ask("report", text(closes()[:120]), is_json=False).out.getvalue()

    assert "39 of 500 days of history" in said
    assert "At 99.0% the tail of 39 outcomes has less than one" in said


def test_a_card_says_what_it_covers_and_leaves_out(ask: Callable[..., Answer]) -> None:
    late = only("SOL", 0, 470, lambda _: None)
    said = ask("backtest", late, is_json=False).out.getvalue()

    assert "of the exposure; left out: SOL." in said


def test_a_confidence_is_written_with_the_digits_that_it_has(ask: Callable[..., Answer]) -> None:
    said = ask("report", text(closes()), HELD, "--confidence", "0.9999", is_json=False).out.getvalue()

    assert "VaR 99.99%" in said
    assert "VaR 100.0%" not in said


@pytest.mark.parametrize("day", ["0001-01-01", "2023-01-01", "2100-01-01", "9999-12-31"])
def test_any_day_has_an_answer(ask: Callable[..., Answer], day: str) -> None:
    answer = ask("report", text(closes()), HELD, "--as-of", day)

    assert answer.status == (0 if day > "2024" else REFUSED)
    assert answer.document


def test_what_each_model_takes_for_granted_stands_beside_the_table(ask: Callable[..., Answer]) -> None:
    said = ask("report", text(closes()), HELD, "--horizon", "10d", is_json=False).out.getvalue()

    assert "historical: Carried from 1 to 10 days by the root of time" in said
    assert "Monte Carlo: No return is expected." in said


def new_asset() -> str:
    """Return prices of which SOL has the last forty days only."""
    return with_each(lambda day, row: None if row[1] == "SOL" and day < DAYS - 40 else row)


def test_a_new_asset_is_left_out_with_the_reason_or_takes_the_history_that_is_named(ask: Callable[..., Answer]) -> None:
    alone, named, refused_to = (
        ask("report", new_asset(), HELD, *more) for more in ((), ("--proxy", "btc"), ("--proxy", "none"))
    )
    said = alone.document

    assert said["coverage"]["left_out"] == ["SOL"]
    assert "Left out: SOL has 39 of 500 returns, and nothing stands in for it." in said["assumptions"]
    assert named.document["coverage"]["share"] == 1
    assert [one[:10] for one in named.document["coverage"]["proxied"]] == ["SOL by BTC"]
    assert refused_to.document["var"] == said["var"]


@pytest.mark.parametrize("command", ["report", "backtest", "stress"])
def test_a_proxy_that_has_no_prices_is_refused_with_those_that_have(ask: Callable[..., Answer], command: str) -> None:
    answer = ask(command, new_asset(), HELD, "--proxy", "NOBODY")

    assert answer.status == USAGE
    assert "'NOBODY' has no prices here" in answer.document["error"]["message"]
    assert "BTC, ETH, SOL" in answer.document["error"]["hint"]


def test_a_garch_that_cannot_be_fitted_is_named_in_the_table_and_below_it(ask: Callable[..., Answer]) -> None:
    said = ask("report", text(closes()[:180]), is_json=False).out.getvalue()

    assert "FHS-GARCH: EWMA, see below" in said
    assert "FHS-GARCH: GARCH (1,1) cannot be fitted to these gains: 59 returns are fewer than the 100" in said


def test_a_book_of_nothing_has_no_tables_of_unknowns(ask: Callable[..., Answer]) -> None:
    said = ask("report", text(closes()), "asset,quantity\nBTC,0\n", is_json=False).out.getvalue()
    hedged = ask(
        "report", text(closes()), "asset,quantity,kind\nBTC,1,\nBTC,-1,perpetual\n", is_json=False
    ).out.getvalue()

    assert "Nothing is held and nothing owed" in said
    assert "VaR" not in said
    # What is hedged loses nothing by prices, and all the same something where a venue fails.
    assert "unknown" in hedged.partition("FHS-EWMA (default)")[2].splitlines()[0]
    assert "Crash, 12 Mar 2020" in hedged


def test_what_rounds_to_nothing_has_no_sign(ask: Callable[..., Answer]) -> None:
    said = ask("report", text(closes()), "asset,quantity\nBTC,1\nUSD,500\n", is_json=False).out.getvalue()

    assert re.findall(r"-0\.0+(?![\d])", said) == []
