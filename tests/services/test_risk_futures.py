"""What is beside the ledger in the risk: collateral is a claim, perpetuals move, loans are owed, locks have a day."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import bootstrap
from app.core.clock import DAY
from app.core.findings import Severity
from app.core.model.accounts import Account
from app.core.model.futures import FuturesPosition, FuturesReading, Lock, MarginWallet, PairPrice, Part, Told, assets_in
from app.core.model.market import Mark
from app.core.model.views import Holding, Position
from app.core.risk.exposures import NOBODY, Group, Kind, PairLimit, Places, gross_by, net, worth
from app.core.risk.leaving import leaving
from app.core.risk.leaving_facts import Facts, Volume
from app.core.risk.metrics.leverage import leverage
from app.services.risk_books import Known, exposures_of, of_positions
from app.services.risk_futures import beside, prices_of

REGISTRY = bootstrap.runtime().assets
ACCOUNTS = {"main": Account("main", "Binance main", "binance")}
PRICES = {"usd": 1.0, "tether": 0.5, "bitcoin": 100.0}
SHORT = FuturesPosition(
    "BTCUSDT", "bitcoin", Decimal(-2), "tether", Decimal(220), Decimal(199), Decimal(0), Decimal(300)
)
WALLET = MarginWallet((("tether", Decimal(60)),), (SHORT,))


def reading(*wallets: MarginWallet, part: Part = Part.FUTURES, locks: tuple[Lock, ...] = ()) -> list[FuturesReading]:
    return [FuturesReading("main", 20_000 * DAY, Told(part, wallets, locks))]


def test_a_wallet_is_collateral_and_its_perpetuals_at_the_marks_of_the_books() -> None:
    wallet, short = beside(reading(WALLET), ACCOUNTS, REGISTRY, PRICES).exposures

    assert (wallet.kind, wallet.value, wallet.places.counterparty) == (Kind.COLLATERAL, 30.0, "binance")
    assert (short.kind, short.asset, short.value) == (Kind.PERPETUAL, "bitcoin", -200.0)
    assert short.gain == pytest.approx(-2 * (100 - 110))
    assert short.liquidation == pytest.approx(0.5)
    assert short.places == Places("binance", NOBODY, NOBODY, "binance")


def test_it_hedges_what_is_held_and_its_venue_owes_all_of_it() -> None:
    mark = Mark("bitcoin", Decimal(100), "usd", "made up", 0)
    held = Holding("main", "Binance main", "spot", Decimal(2), Decimal(200), None)
    position = Position(REGISTRY.asset("bitcoin"), Decimal(2), mark, Decimal(200), None, (held,))
    known = Known("usd", ACCOUNTS, {"binance": "Binance"}, beside=beside(reading(WALLET), ACCOUNTS, REGISTRY, PRICES))
    exposures = exposures_of([position], known)
    book = of_positions([position], known, {"bitcoin": {19_998: 90, 19_999: 100}})

    assert net(exposures) == {"bitcoin": 0.0, "tether": 30.0}
    assert worth(exposures) == pytest.approx(200 + 30 + 20) == book.value
    assert gross_by(exposures, Group.COUNTERPARTY) == {"binance": pytest.approx(250)}
    assert leverage(exposures, ("usd",)).perpetuals == 200
    assert (book.names["tether"], book.classes["tether"]) == ("USDT", "stable")


def test_a_wallet_says_of_itself_that_it_is_in_no_books_and_when_it_was_read() -> None:
    (told,) = beside(reading(WALLET), ACCOUNTS, REGISTRY, PRICES).findings

    assert told.message == (
        "What Binance main has in futures, as it was read on 2024-10-04, is in the risk with 1 position, and in no"
        " books: its history is not read."
    )
    assert beside(reading(), ACCOUNTS, REGISTRY, PRICES).findings == ()


def test_a_wallet_that_the_newest_reading_is_silent_about_counts_as_it_was_and_is_warned_of() -> None:
    (last,) = reading(WALLET)
    found = beside([replace(last, is_current=False)], ACCOUNTS, REGISTRY, PRICES)

    assert len(found.exposures) == 2
    assert [(one.code, one.severity) for one in found.findings] == [("futures-unread", Severity.WARNING)]


def test_what_no_venue_of_the_books_prices_takes_the_mark_of_the_reading() -> None:
    prices = {"usd": 1.0, "tether": 0.5}
    _, short = beside(reading(WALLET), ACCOUNTS, REGISTRY, prices).exposures

    assert short.value == pytest.approx(-2 * 199 * 0.5)


def test_what_has_no_price_at_all_is_left_out_and_named() -> None:
    found = beside(reading(WALLET), ACCOUNTS, REGISTRY, {"usd": 1.0})

    assert found.exposures == []
    assert [(one.code, one.subject) for one in found.findings[1:]] == [
        ("exposure-unpriced", "USDT"),
        ("exposure-unpriced", "BTCUSDT"),
    ]


def test_prices_are_those_of_the_books_currency() -> None:
    marks = {
        "bitcoin": Mark("bitcoin", Decimal(100), "usd", "made up", 0),
        "ethereum": Mark("ethereum", Decimal(90), "eur", "made up", 0),
    }

    assert prices_of((), marks, "usd") == {"bitcoin": 100.0, "usd": 1.0}
    assert assets_in(reading(WALLET)) == {"bitcoin", "tether"}


def solana(*held: tuple[str, int], price: str = "10") -> Position:
    """Return a position of 10 SOL or so in sub-places of the account."""
    mark = Mark("solana", Decimal(price), "usd", "made up", 0)
    holdings = tuple(
        Holding("main", "Binance main", place, Decimal(quantity), quantity * mark.price, None)
        for place, quantity in held
    )
    quantity = sum((one.quantity for one in holdings), Decimal(0))
    return Position(REGISTRY.asset("solana"), quantity, mark, quantity * mark.price, None, holdings)


def lines(position: Position, *locks: Lock, now: int = 0) -> list[tuple[Kind, float, int | None]]:
    read = beside(reading(part=Part.LOCKED, locks=locks), ACCOUNTS, REGISTRY, PRICES, now)
    found = exposures_of([position], Known("usd", ACCOUNTS, beside=read))
    return [(one.kind, one.value, one.locked_until) for one in found]


LATER = 20_030 * DAY


def test_a_loan_is_owed_with_its_interest_and_its_wallet_is_apart() -> None:
    wallet = MarginWallet((("bitcoin", Decimal(3)),), (), (("tether", Decimal("100.5")),), "BTCUSDT")
    found = beside(reading(wallet, part=Part.ISOLATED), ACCOUNTS, REGISTRY, PRICES)
    held, owed = found.exposures

    assert (held.kind, held.value, held.wallet) == (Kind.COLLATERAL, 300.0, "isolated margin BTCUSDT")
    assert (owed.kind, owed.value, owed.wallet) == (Kind.DEBT, -50.25, "isolated margin BTCUSDT")
    assert leverage(found.exposures, ("usd",)).debt == 50.25
    assert worth(found.exposures) == 249.75
    assert found.findings[0].message == (
        "What Binance main has in isolated margin, as it was read on 2024-10-04, is in the risk with 1 loan, and in no"
        " books: its history is not read."
    )


@pytest.mark.parametrize(
    ("owed", "price", "expected"),
    [
        ((("tether", Decimal("100.5")),), "150", PairLimit("bitcoin", "tether", -0.25, is_below=True)),
        ((("bitcoin", Decimal(1)),), "250", PairLimit("bitcoin", "tether", 0.25, is_below=False)),
    ],
    ids=["long", "short"],
)
def test_how_far_a_pair_may_move_until_its_wallet_is_sold_is_told_of_its_loan(
    owed: tuple[tuple[str, Decimal], ...], price: str, expected: PairLimit
) -> None:
    """Bitcoin is at 100 and a tether at a half: one costs two hundred of the other."""
    sold = PairPrice("bitcoin", "tether", Decimal(price))
    wallet = MarginWallet((("bitcoin", Decimal(3)),), (), owed, "BTCUSDT", sold)
    found = beside(reading(wallet, part=Part.ISOLATED), ACCOUNTS, REGISTRY, PRICES)
    unpriced = beside(reading(wallet, part=Part.ISOLATED), ACCOUNTS, REGISTRY, {"bitcoin": 100.0})

    assert [one.limit for one in found.exposures if one.kind is Kind.DEBT] == [expected]
    assert {one.limit for one in unpriced.exposures} == {None}


def test_a_loan_without_a_price_is_unknown_and_named() -> None:
    wallet = MarginWallet((), (), (("tether", Decimal(100)),))
    found = beside(reading(wallet, part=Part.MARGIN), ACCOUNTS, REGISTRY, {"usd": 1.0})

    assert found.exposures == []
    assert found.findings[1].message == "Debt of USDT has no price: its exposure is unknown."


def test_what_was_never_told_is_unknown_and_not_nothing() -> None:
    never = [
        FuturesReading("main", 20_000 * DAY, Told(part, is_read=False), is_current=False)
        for part in (Part.FUTURES, Part.MARGIN, Part.ISOLATED)
    ]
    found = beside(never, ACCOUNTS, REGISTRY, PRICES)

    assert found.unread == tuple(("Binance main", part) for part in (Part.FUTURES, Part.MARGIN, Part.ISOLATED))
    (told,) = found.findings
    assert told.code == "futures-unknown"
    assert told.message == (
        "Whether Binance main has anything in futures, margin or isolated margin is not known: its key may not see"
        " that, or there is none."
    )


def test_what_is_bound_has_its_day_and_the_rest_is_free() -> None:
    assert lines(solana(("earn", 10)), Lock("solana", Decimal(4), LATER)) == [
        (Kind.STAKED, 40.0, LATER), (Kind.HOLDING, 60.0, None),
    ]  # fmt: skip


def test_each_day_is_a_line_and_one_that_is_not_told_is_not_known() -> None:
    locks = (Lock("solana", Decimal(3), LATER), Lock("solana", Decimal(2), LATER + DAY), Lock("solana", Decimal(1)))

    assert lines(solana(("earn", 6)), *locks) == [
        (Kind.STAKED, 30.0, LATER), (Kind.STAKED, 20.0, LATER + DAY), (Kind.STAKED, 10.0, None),
    ]  # fmt: skip


def test_what_is_bound_lies_where_nothing_is_free_then_in_earn_and_only_then_elsewhere() -> None:
    found = lines(solana(("spot", 5), ("earn", 2), ("staked", 3)), Lock("solana", Decimal(6), LATER))

    assert found == [
        (Kind.STAKED, 10.0, LATER), (Kind.HOLDING, 40.0, None),
        (Kind.STAKED, 20.0, LATER),
        (Kind.STAKED, 30.0, LATER),
    ]  # fmt: skip


def test_no_more_is_bound_than_the_books_have() -> None:
    assert lines(solana(("earn", 2)), Lock("solana", Decimal(9), LATER)) == [(Kind.STAKED, 20.0, LATER)]


def test_a_day_that_has_come_binds_nothing_and_a_notice_runs_from_now() -> None:
    over = lines(solana(("earn", 2)), Lock("solana", Decimal(2), LATER), now=LATER)
    asked = lines(solana(("earn", 2)), Lock("solana", Decimal(2), None, 3 * DAY), now=LATER)

    assert over == [(Kind.HOLDING, 20.0, None)]
    assert asked == [(Kind.STAKED, 20.0, LATER + 3 * DAY)]


def test_days_to_leave_wait_for_the_day_that_the_venue_told() -> None:
    read = beside(reading(part=Part.LOCKED, locks=(Lock("solana", Decimal(4), LATER),)), ACCOUNTS, REGISTRY, PRICES)
    found = exposures_of([solana(("earn", 10))], Known("usd", ACCOUNTS, beside=read))
    facts = Facts({"solana": 10.0}, volumes={"solana": Volume(1_000_000.0, 30)}, now=LATER - 10 * DAY)
    left = leaving(found, facts)

    assert [way.locked for way in left.ways] == [40.0]
    assert dict(left.sold) == {1.0: pytest.approx(0.6), 7.0: pytest.approx(0.6), 30.0: pytest.approx(1.0)}


QUANTITIES = st.integers(-20, 50)


@given(
    st.lists(st.tuples(st.sampled_from(("spot", "earn", "staked", "locked")), QUANTITIES), max_size=5),
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from((None, LATER, LATER + DAY))), max_size=4),
)
def test_locks_neither_add_nor_take_away_anything(
    held: list[tuple[str, int]], told: list[tuple[int, int | None]]
) -> None:
    found = lines(solana(*held, price="2"), *(Lock("solana", Decimal(quantity), day) for quantity, day in told))

    assert sum(value for _, value, _ in found) == pytest.approx(2.0 * sum(quantity for _, quantity in held))
    bound = sum(value for kind, value, day in found if kind is Kind.STAKED and day is not None)
    assert bound <= 2.0 * sum(quantity for quantity, day in told if day is not None) + 1e-9
