"""What Binance's rows become; recorded answers and the samples that ccxt keeps in its sources are the witnesses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.connectors.exchanges.binance import earn_rows, fiat_rows, rows
from tests.connectors.exchanges.reading import Place, ccxt_samples, entries, faults, moment, recorded

PLACE = Place("binance")
BNBBTC = ("BNB", "BTC")


def trade(**changes: Any) -> dict[str, Any]:
    """Return a fill of BNBBTC."""
    return {
        "symbol": "BNBBTC",
        "id": 28457,
        "orderId": 100234,
        "price": "4.00000100",
        "qty": "12.00000000",
        "quoteQty": "48.000012",
        "commission": "10.10000000",
        "commissionAsset": "BNB",
        "time": 1499865549590,
        "isBuyer": True,
        "isMaker": False,
    } | changes


def test_a_recorded_trade_has_asset_cash_and_a_fee_in_bnb_of_its_own(data_folder: Path) -> None:
    answer = recorded(data_folder, "binance", "spot", "http_json", "account_trades_response.json")
    read = rows.trades(answer, PLACE, "trades:BNBBTC", BNBBTC)

    assert entries(read) == ["trade trade:BNBBTC:28457: 12 bnb, -48.000012 bitcoin, -10.1 bnb fee"]
    assert moment(read.candidates[0].entry) == "2017-07-12T13:19:09.590Z"


def test_a_sale_turns_both_sides_round_and_a_negative_commission_is_a_rebate() -> None:
    read = rows.trades([trade(isBuyer=False, commission="-0.5", commissionAsset="USDT")], PLACE, "t", BNBBTC)

    assert entries(read) == ["trade trade:BNBBTC:28457: -12 bnb, 48.000012 bitcoin, 0.5 tether rebate"]


def test_an_old_trade_without_its_cash_is_priced_exactly() -> None:
    (sample,) = [one for one in ccxt_samples("binance", "fetch_my_trades") if _is_spot(one)]
    read = rows.trades(sample, PLACE, "t", BNBBTC)

    assert entries(read) == ["trade trade:BNBBTC:28457: 12 bnb, -48.000012 bitcoin, -10.1 bnb fee"]


def _is_spot(sample: Any) -> bool:
    return isinstance(sample, list) and isinstance(sample[0], dict) and sample[0].get("symbol") == "BNBBTC"


def test_a_trade_without_commission_has_two_legs() -> None:
    read = rows.trades([trade(commission="0.00000000")], PLACE, "t", BNBBTC)

    assert entries(read) == ["trade trade:BNBBTC:28457: 12 bnb, -48.000012 bitcoin"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"qty": 12.5}, "its qty 12.5 is not an exact number"),
        ({"qty": "-1"}, 'its qty "-1" is not above zero'),
        ({"isBuyer": "perhaps"}, 'its isBuyer "perhaps" is neither true nor false'),
        ({"time": "yesterday"}, 'its time "yesterday" is not a time in milliseconds'),
        ({"id": None}, "its id is missing"),
        ({"price": "1e", "quoteQty": None}, 'its price "1e" is not an exact number'),
        ({"qty": {"amount": "1"}}, 'its qty {"amount":"1"} is not an exact number'),
    ],
)
def test_a_row_that_is_not_sound_is_quarantined_with_its_text(changes: dict[str, Any], why: str) -> None:
    read = rows.trades([trade(**changes), trade(id=28458)], PLACE, "trades:BNBBTC", BNBBTC)

    assert faults(read) == [f"Row 0 of trades:BNBBTC cannot become an entry: {why}."]
    assert '"symbol":"BNBBTC"' in read.findings[0].detail
    assert [one.row for one in read.candidates] == [1]


def test_a_row_that_is_no_object_is_quarantined() -> None:
    read = rows.trades(["<", "h"], PLACE, "t", BNBBTC)

    assert [finding.detail for finding in read.findings] == ['"<"', '"h"']


def test_the_deposits_of_the_documentation_are_read_by_their_transaction() -> None:
    (sample,) = [one for one in ccxt_samples("binance", "fetch_deposits") if isinstance(one, list)]
    read = rows.deposits(sample, PLACE, "deposits")

    assert entries(read) == [
        (
            "deposit deposit:bafc5902504d6504a00b7d0306a41154cbf1d1b767ab70f3bc226327362588af/"
            "1NYxAJhW2281HK1KtJeaENBqHeygA88FzR: 0.01844487 bitcoin-cash"
        ),
        "deposit deposit:Internal transfer 51376627901/0xc9c923c87347ca0f3451d6d308ce84f691b9f501: 4500 tether",
    ]


def test_a_deposit_is_known_by_its_own_id_where_it_has_one() -> None:
    row = {"id": "7698", "amount": "0.1", "coin": "BNB", "status": 1, "insertTime": 1661493146000, "txId": "98A3"}

    assert entries(rows.deposits([row], PLACE, "deposits")) == ["deposit deposit:7698: 0.1 bnb"]


def test_a_deposit_into_the_funding_wallet_lies_there() -> None:
    row = {"id": "1", "amount": "2", "coin": "SOL", "status": "6", "insertTime": 1661493146000, "walletType": 1}

    assert entries(rows.deposits([row], PLACE, "deposits")) == ["deposit deposit:1: funding/2 solana"]


def test_open_deposits_wait_void_ones_are_nothing_and_unknown_ones_are_told() -> None:
    base = {"amount": "2", "coin": "SOL", "insertTime": 1661493146000}
    read = rows.deposits([base | {"id": str(status), "status": status} for status in (0, 7, 99)], PLACE, "deposits")

    assert (read.candidates, [row.text("id") for row in read.pending]) == ([], ["0"])
    assert faults(read) == ["Row 2 of deposits cannot become an entry: its status '99' is unknown."]


def test_the_withdrawals_of_the_documentation_have_their_network_fee_on_top() -> None:
    (sample,) = [one for one in ccxt_samples("binance", "fetch_withdrawals") if isinstance(one, list)]
    read = rows.withdrawals(sample, PLACE, "withdrawals")

    assert entries(read)[:2] == [
        "withdrawal withdrawal:69e53ad305124b96b43668ceab158a18: -28.75 ripple, -0.25 ripple fee",
        "withdrawal withdrawal:9a67628b16ba4988ae20d329333f16bc: -20 tether, -20 tether fee",
    ]
    assert moment(read.candidates[0].entry) == "2021-04-15T12:09:16Z"


def test_the_conversions_of_the_documentation_have_both_sides() -> None:
    samples = ccxt_samples("binance", "fetch_convert_trade_history")
    (answer,) = [one for one in samples if isinstance(one, dict) and "list" in one]
    read = rows.conversions(answer["list"], PLACE, "conversions")

    assert entries(read) == ["conversion convert:940708407462087195: -20 tether, 0.06154036 bnb"]


def test_a_dust_transfer_is_one_conversion_of_all_its_assets() -> None:
    samples = ccxt_samples("binance", "fetch_my_dust_trades")
    (answer,) = [one for one in samples if isinstance(one, dict) and "userAssetDribblets" in one]
    read = rows.dust(answer["userAssetDribblets"], PLACE, "dust")

    assert entries(read) == ["conversion dribblet:70899815863: -0.000006 litecoin, -0.15949157 gbp, 0.00072693 bnb"]


def test_dust_whose_details_do_not_sum_up_is_quarantined() -> None:
    detail = {"fromAsset": "LTC", "amount": "1", "transferedAmount": "0.1"}
    row = {"transId": 7, "operateTime": 1, "totalTransferedAmount": "0.2", "userAssetDribbletDetails": [detail]}

    assert faults(rows.dust([row], PLACE, "dust")) == [
        "Row 0 of dust cannot become an entry: its details sum up to 0.1 where it says 0.2."
    ]


def test_a_dividend_is_a_reward() -> None:
    row = {"id": 1637366104, "amount": "10.00000000", "asset": "BNB", "divTime": 1563189166000, "enInfo": "Launchpool"}
    read = rows.dividends([row], PLACE, "dividends")

    assert entries(read) == ["reward dividend:1637366104: 10 bnb interest"]
    assert read.candidates[0].entry.references == {"note": "Launchpool"}


def test_a_subscription_moves_from_both_wallets_into_earn() -> None:
    row = {
        "amount": "100.00000000",
        "asset": "USDT",
        "time": 1575018510000,
        "purchaseId": 26055,
        "sourceAccount": "SPOTANDFUNDING",
        "amtFromSpot": "30",
        "amtFromFunding": "70",
        "status": "SUCCESS",
    }

    assert entries(earn_rows.subscriptions([row], PLACE, "s")) == [
        "move earn-subscription:26055: -30 tether, funding/-70 tether, earn/100 tether"
    ]


def test_a_redemption_moves_back_and_one_that_is_not_paid_waits() -> None:
    row = {"amount": "10.54", "asset": "USDT", "time": 1577257222000, "redeemId": 40607, "destAccount": "SPOT"}
    read = earn_rows.redemptions([row | {"status": "PAID"}, row | {"status": "PENDING"}], PLACE, "r")

    assert entries(read) == ["move earn-redemption:40607: earn/-10.54 tether, 10.54 tether"]
    assert len(read.pending) == 1


@pytest.mark.parametrize(("kind", "where"), [("REALTIME", "earn/"), ("BONUS", ""), ("REWARDS", "")])
def test_rewards_have_no_id_and_lie_where_their_kind_is_paid(kind: str, where: str) -> None:
    row = {"asset": "BUSD", "rewards": "0.00006408", "projectId": "USDT001", "type": kind, "time": 1577233578000}

    assert entries(earn_rows.rewards([row], PLACE, "rewards")) == [
        f"reward earn-reward:: {where}0.00006408 binance-usd interest"
    ]


def test_bank_transfers_of_the_documentation_that_failed_moved_nothing() -> None:
    samples = ccxt_samples("binance", "fetch_deposits") + ccxt_samples("binance", "fetch_withdrawals")
    fiat = [one["data"] for one in samples if isinstance(one, dict) and "data" in one]

    assert [entries(fiat_rows.orders(rows_of, PLACE, "fiat", is_deposit=False)) for rows_of in fiat] == [
        [],
        [
            "withdrawal fiat-order:CJW706452266115170304: -100 gbp, -1.5 gbp fee",
            "withdrawal fiat-order:CJW706287492781891584: -100 gbp, -1.5 gbp fee",
        ],
    ]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("Credit Card", "deposit fiat-payment:353fca44: 4.462 bnb"),
        ("Cash Balance", "trade fiat-payment:353fca44: 4.462 bnb, -20 eur"),
    ],
)
def test_only_a_purchase_from_the_balance_moves_money_here(method: str, expected: str) -> None:
    row = {
        "orderNo": "353fca44",
        "sourceAmount": "20.0",
        "fiatCurrency": "EUR",
        "obtainAmount": "4.462",
        "cryptoCurrency": "BNB",
        "status": "Completed",
        "paymentMethod": method,
        "createTime": 1624529919000,
    }

    assert entries(fiat_rows.payments([row], PLACE, "fiat", is_purchase=True)) == [expected]
