"""Futures wallets in the risk: collateral is a claim, perpetuals move, and what has no price is named."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app import bootstrap
from app.core.clock import DAY
from app.core.findings import Severity
from app.core.model.accounts import Account
from app.core.model.futures import FuturesPosition, FuturesReading, Lock, MarginWallet, Part, Told
from app.core.model.market import Mark
from app.core.model.views import Holding, Position
from app.core.risk.exposures import NOBODY, Group, Kind, Places, gross_by, net, worth
from app.core.risk.metrics.leverage import leverage
from app.services.risk_books import Known, exposures_of, of_positions
from app.services.risk_futures import assets_in, beside, prices_of

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
