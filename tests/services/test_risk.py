"""The desk of risk on files: what it values, what it covers, and what a stress may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.clock import DAY
from app.core.errors import InputError, UsageError
from app.core.risk.exposures import Kind
from app.core.risk.study import Question
from app.services import risk
from tests.services.risk_holdings import DAYS, FIRST, book, risk_day


def test_what_is_held_is_valued_at_the_last_close_and_debt_is_subtracted(tmp_path: Path, history: Path) -> None:
    found = book(tmp_path, history, "BTC,2,kraken", "ETH,-10,kraken", "USD,500,kraken")
    last = {line.split(",")[1]: float(line.split(",")[2]) for line in history.read_text().splitlines()[1:]}
    assert found.value == pytest.approx(2 * last["BTC"] - 10 * last["ETH"] + 500)
    assert [one.kind for one in found.exposures] == [Kind.HOLDING, Kind.DEBT, Kind.HOLDING]


def test_a_perpetual_moves_with_its_price_and_is_no_value(tmp_path: Path, history: Path) -> None:
    found = book(tmp_path, history, "BTC,-1,binance,,,perpetual", "USD,100")
    assert found.value == 100
    assert found.exposures[0].value < 0


def test_an_unknown_kind_is_refused_with_the_kinds_that_there_are(tmp_path: Path, history: Path) -> None:
    with pytest.raises(InputError, match="of the kind 'option'"):
        book(tmp_path, history, "BTC,1,,,,option")


def test_an_asset_without_a_price_is_named_and_left_out(tmp_path: Path, history: Path) -> None:
    found = book(tmp_path, history, "BTC,1", "NOBODY,5")
    assert [(one.code, one.subject) for one in found.findings] == [("exposure-unpriced", "NOBODY")]
    assert [one.asset for one in found.exposures] == ["BTC"]


def test_a_book_without_any_price_is_refused_with_the_day(tmp_path: Path, history: Path) -> None:
    with pytest.raises(InputError, match="No line of 1 has a price on 2021-06-03"):
        book(tmp_path, history, "NOBODY,5")


def test_a_book_whose_names_the_prices_do_not_have_is_told_some_that_they_have(tmp_path: Path, history: Path) -> None:
    with pytest.raises(InputError) as refused:
        book(tmp_path, history, "BTCUSDT,1")
    assert "Name assets as the price file does (BTC" in refused.value.hint


def test_figures_are_of_the_day_that_is_asked_for(tmp_path: Path, history: Path) -> None:
    as_of = (FIRST + 200) * DAY
    found = book(tmp_path, history, "BTC,1", as_of=as_of)
    assert found.market.last == as_of
    assert risk.report(found, Question(window=150, draws=500)).study.as_of == as_of


def test_the_parts_of_value_at_risk_add_up_to_it(tmp_path: Path, history: Path) -> None:
    made = risk.report(book(tmp_path, history, "BTC,1", "ETH,20"), Question(draws=500)).study
    assert made.contributions.value_at_risk.sum() == pytest.approx(made.tail().value_at_risk)


def test_the_same_seed_gives_the_same_report(tmp_path: Path, history: Path) -> None:
    found = book(tmp_path, history, "BTC,1", "ETH,20")
    first, again = (risk.report(found, Question(horizon_days=10, draws=500)).study for _ in range(2))
    for model in first.tails:
        assert [one.value_at_risk for one in again.tails[model]] == [one.value_at_risk for one in first.tails[model]]


def test_every_place_of_the_book_can_fail_in_a_stress(tmp_path: Path, history: Path) -> None:
    found = risk.report(
        book(tmp_path, history, "BTC,1,kraken,bitcoin", "ETH,9,binance,,Lido", "ETH,1,wallet,base"), Question(draws=500)
    )
    names = {one.name for one in found.stress}
    assert {"Default of Kraken", "Default of Binance", "Bridge to Base fails", "Lido at 0.90"} <= names
    assert not [name for name in names if "Bitcoin" in name or "wallet" in name]


def test_a_day_before_the_history_is_replayed_with_the_moves_recorded_then(tmp_path: Path, history: Path) -> None:
    found = risk.report(book(tmp_path, history, "BTC,1", as_of=(FIRST + 60) * DAY), Question(window=50, draws=500))
    crash = next(one for one in found.stress if one.name.startswith("Crash, 12 Mar"))
    assert [(line.move, line.note) for line in crash.lines] == [(-0.395, "as recorded then")]


def test_a_word_that_is_no_day_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="'soon' is no day"):
        risk.moment("soon")


def test_prices_of_the_time_to_come_are_told_and_take_no_part(tmp_path: Path, history: Path) -> None:
    with history.open("a", encoding="utf-8") as stream:
        stream.write("\n2162-01-01,BTC,1")
    found = book(tmp_path, history, "BTC,1")
    assert found.market.last == (FIRST + DAYS - 1) * DAY
    assert [one.code for one in found.findings] == ["price-future"]


def test_a_day_long_after_the_newest_price_is_answered_with_the_newest_and_told(tmp_path: Path, history: Path) -> None:
    found = book(tmp_path, history, "BTC,1", as_of=(FIRST + DAYS + 9) * DAY)
    assert found.market.last == (FIRST + DAYS - 1) * DAY
    assert "10 days before 2021-06-13" in found.findings[0].message


def test_a_last_day_that_is_not_over_is_told(tmp_path: Path) -> None:
    hours = [f"2020-01-{day:02d}T{hour:02d}:00,BTC,{100 + hour % 5}" for day in (1, 2, 3) for hour in range(24)]
    path = tmp_path / "hours.csv"
    for rows, codes in ((hours, []), (hours[:-17], ["price-part-day"])):
        path.write_text("\n".join(["date,asset,close", *rows]), "utf-8")
        assert [one.code for one in book(tmp_path, path, "BTC,1").findings] == codes


def test_assets_are_found_whatever_their_capitals(tmp_path: Path, history: Path) -> None:
    found = book(tmp_path, history, "btc,1", "usd,5")
    assert [one.asset for one in found.exposures] == ["BTC", "USD"]


def test_what_was_wrong_with_the_prices_of_an_asset_says_why_it_has_none(tmp_path: Path, history: Path) -> None:
    rows = [f"{risk_day(day)},BAD,-5" for day in range(DAYS)]
    history.write_text("\n".join([history.read_text("utf-8"), *rows]), "utf-8")
    found = book(tmp_path, history, "BTC,1", "BAD,5")
    assert [(one.code, one.subject) for one in found.findings] == [
        ("price-negative", "BAD"),
        ("exposure-unpriced", "BAD"),
    ]


def test_a_report_card_tells_what_is_odd_about_its_prices(tmp_path: Path, history: Path) -> None:
    card = risk.backtest(book(tmp_path, history, "BTC,1", "NOBODY,5"), Question(window=100))
    assert [one.code for one in card.findings] == ["exposure-unpriced"]


def test_a_moment_is_a_day_and_no_hour() -> None:
    with pytest.raises(UsageError, match="is no day"):
        risk.moment("2026-01-02T12:00")
