"""Prices: exact, kept once, and in a file that may vanish at any time."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.valuation.closes import closes as agreed_closes
from app.core.valuation.closes import words
from app.storage.keys import DataKey
from app.storage.price_history import SqlPriceHistory

TODAY = 20_000
_NUMBERS = count()
FINE = Decimal("0.00000000000000000123456789")


class DayClock:
    """A clock that is set by hand."""

    today = TODAY

    def now_ns(self) -> int:
        return self.today * DAY + 1


@pytest.fixture
def clock() -> DayClock:
    return DayClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.vault-prices"


def history(path: Path, clock: DayClock) -> SqlPriceHistory:
    return SqlPriceHistory(path, DataKey(bytes(32), bytes(16)), clock)


@pytest.fixture
def prices(path: Path, clock: DayClock) -> Iterator[SqlPriceHistory]:
    made = history(path, clock)
    yield made
    made.close()


def test_closes_are_exact_and_in_order_of_days(prices: SqlPriceHistory) -> None:
    prices.add("bitcoin", "usd", "kraken", {12: Decimal("67000.10"), 11: FINE})

    assert list(prices.daily("bitcoin", "usd").items()) == [(11, FINE), (12, Decimal("67000.1"))]
    assert prices.daily("bitcoin", "eur") == {}


def test_a_closed_day_of_a_source_stays_as_it_was_first_told(prices: SqlPriceHistory) -> None:
    prices.add("bitcoin", "usd", "kraken", {11: Decimal(1)})
    prices.add("bitcoin", "usd", "kraken", {11: Decimal(2), 12: Decimal(3)})

    assert prices.daily("bitcoin", "usd") == {11: Decimal(1), 12: Decimal(3)}


def test_what_the_sources_agree_on_is_told_and_the_liar_is_kept_beside_it(prices: SqlPriceHistory) -> None:
    prices.add("bitcoin", "usd", "kraken", {11: Decimal(100), 12: Decimal(102)})
    prices.add("bitcoin", "usd", "binance", {11: Decimal(101), 12: Decimal(103)})
    prices.add("bitcoin", "usd", "coinbase", {11: Decimal(125)})

    assert prices.daily("bitcoin", "usd") == {11: Decimal("100.5"), 12: Decimal("102.5")}
    assert prices.told("bitcoin", "usd") == {
        "binance": {11: Decimal(101), 12: Decimal(103)},
        "coinbase": {11: Decimal(125)},
        "kraken": {11: Decimal(100), 12: Decimal(102)},
    }


def test_sources_that_disagree_leave_a_gap_until_another_one_tells(prices: SqlPriceHistory) -> None:
    prices.add("bitcoin", "usd", "kraken", {11: Decimal(100)})
    prices.add("bitcoin", "usd", "binance", {11: Decimal(125)})
    assert prices.daily("bitcoin", "usd") == {}

    prices.add("bitcoin", "usd", "coinbase", {11: Decimal(100)})
    assert prices.daily("bitcoin", "usd") == {11: Decimal(100)}


Parts = list[tuple[str, dict[int, int]]]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["binance", "coinbase", "kraken"]),
            st.dictionaries(st.integers(1, 60), st.sampled_from([100, 101, 110, 130, 180]), min_size=1, max_size=12),
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_sources_agree_on_follows_from_all_they_told_in_whatever_parts_it_came(
    prices: SqlPriceHistory, parts: Parts
) -> None:
    asset = f"asset-{next(_NUMBERS)}"
    for source, told in parts:
        prices.add(asset, "usd", source, {day: Decimal(price) for day, price in told.items()})
    whole = agreed_closes(prices.told(asset, "usd"))

    assert prices.daily(asset, "usd") == {day: one.price for day, one in whole.items() if one.price is not None}
    assert prices.how(asset, "usd") == {day: words(one) for day, one in whole.items()}


def test_what_was_agreed_on_by_other_rules_is_agreed_on_anew(path: Path, clock: DayClock) -> None:
    first = history(path, clock)
    first.add("bitcoin", "usd", "kraken", {11: Decimal(100), 12: Decimal(101)})
    with first._opened().write() as connection:
        connection.execute("UPDATE agreed SET close = '7' WHERE day = 11")
        connection.execute("PRAGMA user_version = 3")
    first.close()
    again = history(path, clock)

    assert again.daily("bitcoin", "usd") == {11: Decimal(100), 12: Decimal(101)}
    again.close()


def test_days_of_which_a_source_was_not_believed_are_listed(prices: SqlPriceHistory) -> None:
    calm = {day: Decimal(100) for day in range(1, 10)}
    prices.add("bitcoin", "usd", "kraken", calm)
    prices.add("bitcoin", "usd", "binance", calm | {5: Decimal(125), 9: Decimal(125)})
    prices.add("ether", "usd", "kraken", calm)

    assert prices.doubted("usd") == {"bitcoin": [5, 9]}
    assert prices.doubted("eur") == {}


def test_a_day_that_was_not_over_is_told_again(prices: SqlPriceHistory, clock: DayClock) -> None:
    prices.add("bitcoin", "usd", "kraken", {TODAY: Decimal(1)})
    clock.today += 1
    prices.add("bitcoin", "usd", "kraken", {TODAY: Decimal(2)})
    prices.add("bitcoin", "usd", "kraken", {TODAY: Decimal(3)})

    assert prices.daily("bitcoin", "usd") == {TODAY: Decimal(2)}


def test_marks_are_kept_for_the_next_start_and_never_go_back(path: Path, clock: DayClock) -> None:
    first = history(path, clock)
    first.keep_marks({"bitcoin": (FINE, "kraken", 5)})
    first.keep_marks({"bitcoin": (Decimal(9), "binance", 4), "ether": (Decimal("3.5"), "kraken", 4)})
    first.close()
    again = history(path, clock)

    assert again.marks() == {"bitcoin": (FINE, "kraken", 5), "ether": (Decimal("3.5"), "kraken", 4)}
    again.close()


def test_the_file_is_made_only_when_it_is_needed(prices: SqlPriceHistory, path: Path) -> None:
    assert not path.exists()
    prices.marks()

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_missing_file_starts_empty(path: Path, clock: DayClock) -> None:
    first = history(path, clock)
    first.add("bitcoin", "usd", "kraken", {1: Decimal(1)})
    first.close()
    path.unlink()
    again = history(path, clock)

    assert again.daily("bitcoin", "usd") == {}
    again.close()


@pytest.mark.parametrize("content", [b"", b"nonsense" * 1_000, b"x"])
def test_a_damaged_file_starts_empty_and_works(path: Path, clock: DayClock, content: bytes) -> None:
    path.write_bytes(content)
    again = history(path, clock)
    again.add("bitcoin", "usd", "kraken", {1: Decimal(1)})

    assert again.daily("bitcoin", "usd") == {1: Decimal(1)}
    again.close()


def test_a_page_damaged_later_starts_empty_and_works(path: Path, clock: DayClock) -> None:
    first = history(path, clock)
    first.add("bitcoin", "usd", "kraken", {day: Decimal(day) for day in range(2_000)})
    first.close()
    content = bytearray(path.read_bytes())
    for start in range(4_096 * 4, len(content), 4_096):
        content[start + 10] ^= 1
    path.write_bytes(content)
    again = history(path, clock)

    assert again.daily("bitcoin", "usd") == {}
    again.add("bitcoin", "usd", "kraken", {1: Decimal(1)})
    assert again.daily("bitcoin", "usd") == {1: Decimal(1)}
    again.close()


def test_a_file_deleted_while_it_is_open_costs_only_what_was_in_it(prices: SqlPriceHistory, path: Path) -> None:
    prices.add("bitcoin", "usd", "kraken", {1: Decimal(1)})
    for one in path.parent.iterdir():
        one.unlink()
    prices.add("bitcoin", "usd", "kraken", {2: Decimal(2)})

    assert prices.daily("bitcoin", "usd")[2] == Decimal(2)
    assert path.exists()
