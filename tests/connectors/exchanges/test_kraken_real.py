"""Real answers of Kraken through the real client: recorded ones, and those that ccxt keeps in its sources."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.core.clock import SECOND
from tests.connectors.exchanges.contract import Case, read
from tests.connectors.exchanges.kraken_case import NOW_NS, PAIRS, SmallKraken
from tests.connectors.exchanges.reading import ccxt_comments, ccxt_samples, moment, recorded, shown

VENUE = SmallKraken

USDT = {
    "XBTUSDT": PAIRS["XXBTZUSD"] | {"altname": "XBTUSDT", "wsname": "XBT/USDT", "quote": "USDT"},
    "USDTZUSD": PAIRS["USDTZUSD"],
}


def sample(method: str, place: int = 0) -> Any:
    return ccxt_samples("kraken", method)[place]


async def test_a_sample_of_the_ledger(case: Case, server: SmallKraken) -> None:
    server.rows = [("LTFK7F-N2CUX-PNY4SX", sample("parse_ledger_entry"))]
    (page,) = await read(case.open())
    (entry,) = [one.entry for one in page.candidates]

    assert shown(entry) == "trade ledger:TSJTGT-DT7WN-GPPQMJ: 0.10871946 ethereum"
    assert moment(entry) == "2018-03-03T18:38:40.555Z"


async def test_a_sample_of_a_withdrawal_with_its_fee(case: Case, server: SmallKraken) -> None:
    text = next(block for block in ccxt_comments("kraken", "fetch_ledger") if "LPUAIB" in block)
    body = text[text.rindex("{") :].replace("refid:", '"refid":')
    server.rows = [("LPUAIB-TS774-UKHP7X", json.JSONDecoder(parse_float=Decimal).raw_decode(body)[0])]
    (page,) = await read(case.open())

    assert [shown(one.entry) for one in page.candidates] == [
        "withdrawal ledger:A2B4HBV-L4MDIE-JU4N3N: -0.28058 ethereum, -0.005 ethereum fee"
    ]


async def test_samples_of_transfers_give_hashes(case: Case, server: SmallKraken) -> None:
    deposit = next(one for one in ccxt_samples("kraken", "fetch_deposits") if one)
    server.results["DepositStatus"] = deposit
    server.rows[1][1]["refid"] = deposit[0]["refid"]
    pages = await read(case.open())
    entry = next(
        one.entry for page in pages for one in page.candidates if one.entry.identity.native_id == deposit[0]["refid"]
    )

    assert entry.references["tx_hash"] == deposit[0]["txid"]
    assert entry.references["address"] == "0x615f9ba7a9575b0ab4d571b2b36b1b324bd83290"


async def test_a_sample_of_balances_has_every_digit(case: Case, server: SmallKraken) -> None:
    server.results["BalanceEx"] = sample("fetch_balance")["result"]
    page = await case.open().balances()

    assert {(one.sub_place, one.asset): str(one.quantity) for one in page.balances} == {
        ("spot", "usd"): "25435.21",
        ("spot", "bitcoin"): "1.2435",
    }


async def test_samples_of_markets_and_candles(case: Case, server: SmallKraken) -> None:
    server.results["AssetPairs"] = sample("fetch_markets")["result"] | USDT
    server.results["OHLC"] = {"XBTUSDT": sample("fetch_ohlcv")["result"]["XETHXXBT"], "last": 1}
    candles = await case.open().candles("bitcoin", "usd", 0)

    assert candles[0].at == 1_591_475_580 * SECOND
    assert candles[0].close == Decimal("0.02499")


async def test_a_recorded_ticker(case: Case, server: SmallKraken, data_folder: Path) -> None:
    server.results |= {"AssetPairs": USDT, "Ticker": recorded(data_folder, "kraken", "http_ticker.json")["result"]}
    (tick,) = await case.open().tickers(["bitcoin"], "tether")

    assert (tick.base, tick.quote, str(tick.price)) == ("bitcoin", "tether", "105899.40000")


async def test_recorded_candles(case: Case, server: SmallKraken, data_folder: Path) -> None:
    answer = recorded(data_folder, "kraken", "http_ohlc.json")["result"]
    server.results |= {"AssetPairs": USDT, "OHLC": answer}
    candles = await case.open().candles("bitcoin", "tether", 0)
    first = answer["XBTUSDT"][0]

    assert len(candles) == len(answer["XBTUSDT"])
    assert (candles[0].at, str(candles[0].close)) == (first[0] * SECOND, first[4])


async def test_recorded_markets_of_tokenised_shares_are_never_mixed_up_with_coins(
    case: Case, server: SmallKraken, data_folder: Path
) -> None:
    pairs = recorded(data_folder, "kraken", "http_asset_pairs_tokenized.json")["result"]
    ticker = {"c": ["250.10", "1"], "a": ["1", "1", "1"], "b": ["1", "1", "1"], "v": ["1", "1"], "p": ["1", "1"]}
    server.results |= {
        "AssetPairs": pairs,
        "Ticker": {"AAPLxUSD": ticker | {"t": [1, 1], "l": ["1", "1"], "h": ["1", "1"], "o": "1"}},
    }
    (tick,) = await case.open().tickers(["kraken:AAPLx", "bitcoin"], "usd")

    assert (tick.base, tick.price) == ("kraken:AAPLx", Decimal("250.10"))


async def test_a_recorded_snapshot_of_the_websocket(case: Case, server: SmallKraken, data_folder: Path) -> None:
    message = recorded(data_folder, "kraken", "ws_ticker_snapshot.json")
    text = json.loads(json.dumps(message, default=float))
    server.on_socket_message = lambda _: [text]
    tick = await anext(case.open().watch(["bitcoin"], "usd"))

    assert (tick.price, tick.open_24h, tick.at) == (Decimal("105899.4"), Decimal("105649.4"), NOW_NS)
