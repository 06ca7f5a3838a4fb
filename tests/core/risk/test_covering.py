"""A long history reaches back as far as it still is one of the book."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.risk.covering import bars_covering
from app.core.risk.exposures import holding
from app.core.risk.study import Market, Question, market, report_card, study
from tests.core.risk.made_up import market as made_up
from tests.core.risk.made_up import returns_of

NAN = float("nan")


def late(days: int, begins: tuple[int, ...]) -> np.ndarray:
    values = made_up(days, len(begins))
    for column, begin in enumerate(begins):
        values[:begin, column] = NAN
    return values


def histories(days: int, begins: tuple[int, ...]) -> Market:
    walks = 100 * np.cumprod(1 + made_up(days, len(begins)) / 2, axis=0)
    return market(
        {
            f"a{column}": [(bar * DAY, float(walks[bar, column])) for bar in range(begin, days)]
            for column, begin in enumerate(begins)
        }
    )


def test_a_history_of_which_all_is_known_is_taken_whole() -> None:
    assert bars_covering(returns_of(late(1_000, (0, 0))), {"a0": 1.0, "a1": 1.0}, 500) == 1_000


def test_a_history_that_knew_half_of_the_book_is_cut_where_the_other_half_begins() -> None:
    found = returns_of(late(1_000, (0, 400)))

    assert bars_covering(found, {"a0": 1.0, "a1": 1.0}, 300) == pytest.approx(600 / 0.9, abs=1)


def test_what_is_a_twentieth_of_the_book_cuts_nothing_and_what_is_more_does() -> None:
    found = returns_of(late(1_000, (0, 650)))

    assert bars_covering(found, {"a0": 96.0, "a1": 4.0}, 300) == 1_000
    assert bars_covering(found, {"a0": 94.0, "a1": 6.0}, 300) == pytest.approx(350 / 0.9, abs=1)


def test_an_asset_newer_than_the_least_history_cuts_nothing() -> None:
    assert bars_covering(returns_of(late(1_000, (0, 900))), {"a0": 1.0, "a1": 1.0}, 300) == 1_000


@given(
    st.lists(st.integers(0, 380), min_size=1, max_size=4),
    st.lists(st.floats(-100, 100), min_size=4, max_size=4),
    st.integers(1, 400),
)
def test_it_never_covers_a_twentieth_less_than_the_least_history(
    begins: list[int], held: list[float], least: int
) -> None:
    found = returns_of(late(400, tuple(begins)))
    book = {f"a{column}": held[column] for column in range(len(begins))}
    taken = bars_covering(found, book, least)

    assert min(least, int((~np.isnan(found.values)).any(axis=1).sum())) <= taken
    assert covered(found.values, book, taken) >= 0.95 * covered(found.values, book, least) - 1e-9


def covered(values: np.ndarray, book: dict[str, float], bars: int) -> float:
    some = values[(~np.isnan(values)).any(axis=1)][-bars:]
    shares = (~np.isnan(some)).mean(axis=0)
    return sum(abs(value) for (_, value), share in zip(book.items(), shares, strict=True) if share >= 0.9)


def test_a_card_without_a_first_day_speaks_of_the_book_and_not_of_its_oldest_asset() -> None:
    found = histories(1_000, (0, 500))
    made = report_card(found, [holding("a0", 50.0), holding("a1", 50.0)], Question(window=100))

    assert made.basis.coverage.share == 1
    assert 350 < made.gains.size < 500


def test_the_worst_year_is_looked_for_where_the_book_is_known() -> None:
    made = study(histories(1_500, (0, 800)), [holding("a0", 50.0), holding("a1", 50.0)], Question(draws=500))

    assert made.stressed is not None
    assert made.stressed[0].basis.coverage.share == 1


def test_a_book_whose_prices_have_too_many_holes_is_refused_with_what_is_known() -> None:
    walk = made_up(300, 1)[:, 0]
    holed = [(bar * DAY, float(100 + walk[bar])) for bar in range(300) if bar % 7]
    found = market({"a0": holed, "b": [(bar * DAY, float(100 + walk[bar])) for bar in range(300)]})

    with pytest.raises(InputError, match=r"no asset of the book has 90% of the returns of 299 bars: a0 21\d"):
        study(found, [holding("a0", 1.0)], Question())


def test_a_card_from_a_day_after_the_last_price_is_refused() -> None:
    with pytest.raises(InputError, match="no day left to forecast"):
        report_card(histories(300, (0,)), [holding("a0", 1.0)], Question(window=50), 2_000 * DAY)
