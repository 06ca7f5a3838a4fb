"""Leaving a book: through the venues' own books, with what is not known left out and named, never free of cost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY, SECOND
from app.core.risk.basis import Basis, Coverage, Tail
from app.core.risk.exposures import Exposure, Places, debt, holding, perpetual
from app.core.risk.leaving import Knows, Leaving, Way, leaving
from app.core.risk.leaving_facts import Depth, Facts, Observed, PerpetualMarket, Volume

NOW = 1_790_000_000 * SECOND
KRAKEN, BINANCE, WALLET = Places(venue="kraken"), Places(venue="binance"), Places()
BIDS, ASKS = ((99.0, 1.0), (98.0, 2.0)), ((101.0, 1.0), (102.0, 2.0))


def depth(venue: str, *, times: float = 1.0, at: int = NOW) -> Depth:
    """Return a book of three units a side around 100."""
    bids, asks = (tuple((price, size * times) for price, size in side) for side in (BIDS, ASKS))
    return Depth(venue, "BTC/USD", bids, asks, 100.0, at)


def seen(venue: str, mean: float = 0.01, deviation: float | None = 0.002) -> Observed:
    return Observed(venue, mean, deviation, 60, NOW - 60 * SECOND, NOW)


def only(found: Leaving) -> Way:
    (way,) = found.ways
    return way


def test_a_holding_is_sold_through_the_bids_of_its_own_venue() -> None:
    facts = Facts({"btc": 100.0}, {"btc": [depth("kraken"), depth("binance", times=50)]}, is_watched=True, now=NOW)
    found = leaving([holding("btc", 200.0, KRAKEN)], facts)
    way = only(found)

    # Two units: one at 99, one at 98, where the middle is 100.
    assert (way.cost, way.filled, way.venues, way.knows) == (3.0, 200.0, ("kraken",), Knows.DEPTH)
    assert way.share == pytest.approx(0.015)
    assert (found.exit_cost.value, found.exit_cost.basis.coverage.share) == (3.0, 1.0)


def test_what_lies_at_no_venue_is_sold_through_the_deepest_book() -> None:
    facts = Facts({"btc": 100.0}, {"btc": [depth("kraken"), depth("binance", times=50)]})

    assert only(leaving([holding("btc", 200.0, WALLET)], facts)).venues == ("binance",)


def test_holdings_that_meet_in_one_book_use_it_up_together() -> None:
    facts = Facts({"btc": 100.0}, {"btc": [depth("kraken")]})
    way = only(leaving([holding("btc", 100.0, KRAKEN), holding("btc", 100.0, WALLET)], facts))

    assert (way.cost, way.filled) == (3.0, 200.0)


def test_what_is_owed_is_netted_and_the_rest_bought_back_through_the_asks() -> None:
    facts = Facts({"btc": 100.0}, {"btc": [depth("kraken")]})
    way = only(leaving([holding("btc", 100.0, KRAKEN), debt("btc", 300.0, BINANCE)], facts))

    assert (way.value, way.cost, way.filled) == (-200.0, 3.0, 200.0)


def test_what_finds_no_counterpart_is_not_covered_and_its_cost_not_known() -> None:
    facts = Facts({"btc": 100.0}, {"btc": [depth("kraken")]})
    found = leaving([holding("btc", 500.0, KRAKEN)], facts)
    coverage = found.exit_cost.basis.coverage

    assert (found.exit_cost.value, coverage.covered, coverage.gross, coverage.left_out) == (5.0, 300.0, 500.0, ("btc",))


def test_quotes_in_other_money_cost_their_share_of_the_value() -> None:
    # The book quotes in another money, in which the asset stands at 50.
    euros = Depth("kraken", "BTC/EUR", ((49.0, 10.0),), ((51.0, 10.0),), 50.0, NOW)
    way = only(leaving([holding("btc", 100.0, KRAKEN)], Facts({"btc": 100.0}, {"btc": [euros]})))

    assert way.cost == pytest.approx(2.0)
    assert way.share == pytest.approx(0.02)


def test_without_any_book_the_cost_is_not_known_and_never_zero() -> None:
    found = leaving([holding("btc", 100.0, KRAKEN)], Facts({"btc": 100.0}, spreads={"btc": [seen("kraken")]}))
    way = only(found)

    assert (found.exit_cost.value, way.cost, way.share, way.knows) == (None, None, None, Knows.SPREAD)
    assert found.known == {Knows.DEPTH: 0.0, Knows.SPREAD: 100.0, Knows.NOTHING: 0.0}


def test_a_book_of_nothing_but_its_own_money_costs_nothing_to_leave() -> None:
    found = leaving([holding("usd", 100.0)], Facts(), constant=frozenset({"usd"}))

    assert (found.ways, found.exit_cost.value, found.spread_cost.value, found.longest) == ((), 0.0, 0.0, None)


def test_the_spread_that_counts_is_one_that_is_known_to_vary_where_most_is_held() -> None:
    spreads = {"btc": [seen("binance", 0.001, None), seen("coinbase", 0.002), seen("kraken", 0.01)]}
    here = leaving([holding("btc", 100.0, KRAKEN)], Facts({"btc": 1.0}, spreads=spreads))
    elsewhere = leaving([holding("btc", 100.0, WALLET)], Facts({"btc": 1.0}, spreads=spreads))

    # Half of the mean and three deviations.
    assert only(here).spread_cost == pytest.approx(100 * (0.01 + 3 * 0.002) / 2)
    assert only(elsewhere).spread == spreads["btc"][1]


def test_a_spread_whose_deviation_is_not_known_adds_nothing_that_would_be_told_as_known() -> None:
    found = leaving([holding("btc", 100.0, KRAKEN)], Facts({"btc": 1.0}, spreads={"btc": [seen("kraken", 0.01, None)]}))

    assert (found.spread_cost.value, only(found).spread_cost, only(found).knows) == (None, None, Knows.SPREAD)
    assert found.spread_cost.basis.coverage.left_out == ("btc",)


def test_liquidity_adjusted_value_at_risk_is_that_of_prices_and_half_of_the_widened_spread() -> None:
    basis = Basis("FHS", 0, 1, 500, Coverage(200.0, 200.0), "how")
    facts = Facts({"btc": 1.0, "new": 1.0}, spreads={"btc": [seen("kraken")]})
    found = leaving([holding("btc", 100.0, KRAKEN), holding("new", 100.0, KRAKEN)], facts)
    adjusted = found.adjusted(Tail(0.99, 1, 30.0, 40.0, basis))

    assert adjusted.value == pytest.approx(30.0 + 0.8)
    assert (adjusted.basis.coverage.share, adjusted.basis.coverage.left_out) == (0.5, ("new",))
    assert found.adjusted(Tail(0.99, 1, None, None, basis)).value is None


def test_days_follow_from_the_daily_volume_and_are_not_known_without_it() -> None:
    facts = Facts({"btc": 100.0, "new": 1.0}, volumes={"btc": Volume(20.0, 30)})
    found = leaving([holding("btc", 1_000.0), holding("new", 10.0)], facts, participation=0.1)

    assert [(way.asset, way.days) for way in found.ways] == [("btc", 5.0), ("new", None)]
    assert found.longest == 5.0
    # Of 1,010 a fifth of the first in a day, all of it in a week; the other cannot be told to be sold.
    assert [share for _, share in found.sold] == pytest.approx([200 / 1010, 1000 / 1010, 1000 / 1010])


def test_without_any_volume_it_is_not_known_what_could_be_sold() -> None:
    found = leaving([holding("btc", 100.0)], Facts({"btc": 100.0}))

    assert {share for _, share in found.sold} == {None}


def test_the_last_to_be_closed_may_be_a_stake_whose_day_is_known_and_then_it_is_sold() -> None:
    def left(*stakes: Exposure) -> Leaving:
        free = holding("btc", 1_000.0, KRAKEN)
        facts = Facts({"btc": 100.0}, volumes={"btc": Volume(10.0, 30)}, now=NOW)
        return leaving([free, *stakes], facts, participation=0.1)

    bound = holding("btc", 500.0, KRAKEN, locked_until=NOW + 40 * DAY)
    over = holding("btc", 500.0, KRAKEN, locked_until=NOW - DAY)
    unknown = holding("btc", 500.0, KRAKEN, is_locked=True)

    # A tenth of ten units a day: ten units take ten days, five take five.
    assert [(one.ways[0].freed, one.longest) for one in (left(), left(bound), left(over), left(bound, unknown))] == [
        (None, 10.0), (45.0, 45.0), (5.0, 10.0), (None, 10.0),
    ]  # fmt: skip


def test_a_locked_stake_is_not_sold_before_its_day() -> None:
    stake = holding("btc", 100.0, KRAKEN, locked_until=NOW + 10 * DAY)
    unknown = holding("btc", 100.0, KRAKEN, is_locked=True)
    facts = Facts({"btc": 100.0}, {"btc": [depth("kraken")]}, volumes={"btc": Volume(10.0, 30)}, now=NOW)
    found = leaving([holding("btc", 100.0, KRAKEN), stake, unknown], facts)
    way = only(found)

    assert (way.value, way.locked, way.filled) == (100.0, 200.0, 100.0)
    assert found.exit_cost.basis.coverage.share == pytest.approx(1 / 3)
    assert [share for _, share in found.sold] == pytest.approx([1 / 3, 1 / 3, 2 / 3])


def test_perpetuals_are_left_out_and_named() -> None:
    facts = Facts({"btc": 100.0}, {"btc": [depth("kraken")]}, spreads={"btc": [seen("kraken")]})
    found = leaving([holding("btc", 100.0, KRAKEN), perpetual("btc", -1.0, 100.0, places=BINANCE)], facts)

    assert (only(found).value, only(found).perpetual) == (100.0, -100.0)
    for figure in (found.exit_cost, found.spread_cost):
        assert (figure.basis.coverage.share, figure.basis.coverage.left_out) == (0.5, ("btc",))
        assert any("erpetuals" in sentence for sentence in figure.basis.assumptions)


SIDE = st.lists(st.tuples(st.floats(0.5, 0.999), st.floats(0.01, 50)), min_size=1, max_size=8)


@given(
    st.lists(st.tuples(st.sampled_from(["kraken", "binance", ""]), st.floats(1, 5_000)), min_size=1, max_size=5),
    st.dictionaries(st.sampled_from(["kraken", "binance"]), SIDE, min_size=1),
)
def test_what_is_sold_and_what_is_not_are_all_there_is_and_no_sale_is_a_gain(
    held: list[tuple[str, float]], sides: dict[str, list[tuple[float, float]]]
) -> None:
    exposures: list[Exposure] = [holding("btc", value, Places(venue=venue)) for venue, value in held]
    depths = [
        Depth(venue, "", tuple(sorted(((100 * price, size) for price, size in side), reverse=True)), (), 100.0, NOW)
        for venue, side in sides.items()
    ]
    way = only(leaving(exposures, Facts({"btc": 100.0}, {"btc": depths})))
    waiting = 100 * sum(size for one in depths for _, size in one.bids)
    cost = way.cost

    assert 0 < way.filled <= way.value + 1e-6
    assert way.filled <= waiting + 1e-6
    assert cost is not None
    assert 0 <= cost <= way.filled / 2 + 1e-6


def test_a_spread_of_now_counts_before_one_that_was_seen_long_ago_and_old_ones_are_named() -> None:
    long_ago = Observed("kraken", 0.01, 0.002, 60, NOW - DAY, NOW - DAY)
    now = Facts({"btc": 100.0}, spreads={"btc": [long_ago, seen("binance", 0.02)]}, now=NOW)
    old = Facts({"btc": 100.0}, spreads={"btc": [long_ago]}, now=NOW)
    fresh, kept = (leaving([holding("btc", 200.0, KRAKEN)], facts) for facts in (now, old))

    assert (only(fresh).spread, only(kept).spread) == (seen("binance", 0.02), long_ago)
    assert fresh.spread_cost.basis.assumptions == ()
    assert [one.split(" are ")[0] for one in kept.spread_cost.basis.assumptions] == ["Spreads of btc"]
    assert kept.spread_cost.value == pytest.approx(200 * 0.016 / 2)


def test_a_perpetual_is_closed_through_the_book_of_its_own_contract_at_its_own_venue() -> None:
    lines = [
        perpetual("btc", -2.0, 100.0, places=BINANCE),
        perpetual("btc", 1.0, 100.0, places=KRAKEN),
        perpetual("sol", 5.0, 10.0, places=BINANCE),
    ]
    known = {
        ("binance", "btc"): PerpetualMarket(depth("binance")),
        ("kraken", "sol"): PerpetualMarket(depth("kraken")),
    }
    facts = Facts({"btc": 100.0, "sol": 10.0}, perpetuals=known, is_watched=True, now=NOW)
    found = leaving(lines, facts)
    bitcoin, solana = found.ways

    # Two are bought back, at 101 and 102; the one at Kraken has no book that is known.
    assert (bitcoin.perpetuals.cost, bitcoin.perpetuals.filled, bitcoin.perpetuals.venues) == (3.0, 200.0, ("binance",))
    assert (bitcoin.exit_cost, bitcoin.cost, solana.exit_cost) == (3.0, None, None)
    assert found.exit_cost.value == 3.0
    assert (bitcoin.perpetual, bitcoin.perpetuals.gross, bitcoin.is_partial) == (-100.0, 300.0, True)
    assert found.exit_cost.basis.coverage.left_out == ("btc", "sol")
    assert any("Perpetuals whose own order books are not known" in one for one in found.exit_cost.basis.assumptions)
    assert any("not known how their spreads vary are left out" in one for one in found.spread_cost.basis.assumptions)


def market(*, daily: float | None = None, deviation: float | None = 0.001) -> PerpetualMarket:
    """Return a contract's market whose spread is half as wide as the coin's."""
    volume = None if daily is None else Volume(daily, 30, ("binance",))
    return PerpetualMarket(depth("binance"), seen("binance", 0.005, deviation), volume)


def test_spreads_and_days_of_a_perpetual_are_those_of_its_own_contract() -> None:
    lines = [holding("btc", 200.0, KRAKEN), perpetual("btc", -3.0, 100.0, places=BINANCE)]
    facts = Facts(
        {"btc": 100.0}, {"btc": [depth("kraken")]}, {"btc": [seen("kraken")]}, {"btc": Volume(10.0, 30)},
        perpetuals={("binance", "btc"): market(daily=6.0)}, now=NOW,
    )  # fmt: skip
    found = leaving(lines, facts)
    way = only(found)
    of_spot, of_contract = 200 * 0.016 / 2, 300 * 0.008 / 2

    assert (way.spread_cost, way.perpetuals.spread_cost) == pytest.approx((of_spot, of_contract))
    assert (way.widened, found.spread_cost.value) == pytest.approx((of_spot + of_contract,) * 2)
    assert (found.spread_cost.basis.coverage.share, found.spread_cost.basis.coverage.left_out) == (1.0, ())
    assert (found.spread_cost.basis.assumptions, found.spread_cost.basis.observations) == ((), 120)
    # Two of ten a day at a tenth, three of six.
    assert (way.days, way.perpetuals.days, way.longest, found.longest) == pytest.approx((2.0, 5.0, 5.0, 5.0))
    assert found.sold[0][1] == pytest.approx((200 / 2 + 300 / 5) / 500)


def test_a_perpetual_whose_volume_is_not_known_takes_an_unknown_time_and_not_none() -> None:
    alone = [perpetual("btc", -3.0, 100.0, places=BINANCE)]
    facts = Facts({"btc": 100.0}, volumes={"btc": Volume(10.0, 30)}, perpetuals={("binance", "btc"): market()})
    hedged = leaving([holding("btc", 100.0, KRAKEN), *alone], facts)

    assert (only(leaving(alone, facts)).longest, only(hedged).longest, only(hedged).days) == (None, None, 1.0)
    assert hedged.sold[0][1] == pytest.approx(100 / 400)


def test_a_perpetual_of_whose_spread_too_little_was_seen_is_left_out_and_named() -> None:
    lines = [holding("btc", 200.0, KRAKEN), perpetual("btc", 2.0, 100.0, places=BINANCE)]
    few = {("binance", "btc"): market(deviation=None)}
    found = leaving(lines, Facts({"btc": 100.0}, spreads={"btc": [seen("kraken")]}, perpetuals=few))

    assert found.spread_cost.value == pytest.approx(200 * 0.016 / 2)
    assert (found.spread_cost.basis.coverage.share, found.spread_cost.basis.coverage.left_out) == (0.5, ("btc",))


def test_what_is_held_and_its_hedge_are_left_through_two_books_and_nothing_is_netted_between_them() -> None:
    lines = [holding("btc", 200.0, KRAKEN), perpetual("btc", -2.0, 100.0, places=BINANCE)]
    contracts = {("binance", "btc"): PerpetualMarket(depth("binance", at=NOW - SECOND))}
    facts = Facts({"btc": 100.0}, {"btc": [depth("kraken")]}, perpetuals=contracts)
    way = only(leaving(lines, facts))

    assert (way.cost, way.perpetuals.cost, way.exit_cost, way.exit_filled) == (3.0, 3.0, 6.0, 400.0)
    assert (way.knows, way.at, way.is_partial) == (Knows.DEPTH, NOW - SECOND, False)
    assert way.share == pytest.approx(6 / 400)


@given(st.floats(0.1, 20), st.sampled_from([-1, 1]))
def test_closing_a_perpetual_costs_what_its_levels_take_and_never_brings_anything(size: float, side: int) -> None:
    signed = side * size
    facts = Facts({"btc": 100.0}, perpetuals={("binance", "btc"): PerpetualMarket(depth("binance"))})
    way = only(leaving([perpetual("btc", signed, 100.0, places=BINANCE)], facts))

    assert way.perpetuals.cost is not None
    assert way.perpetuals.cost >= 0
    assert way.perpetuals.filled == pytest.approx(min(size, 3.0) * 100)
    assert way.is_partial == (size > 3.0)
