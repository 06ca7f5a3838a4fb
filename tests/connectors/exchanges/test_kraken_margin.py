"""Kraken's positions on margin: read beside the balances where the key may see them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.core.model.futures import FuturesPosition, MarginWallet, Part, Told
from tests.connectors.exchanges.contract import Case
from tests.connectors.exchanges.kraken_case import SmallKraken
from tests.connectors.exchanges.reading import in_json, recorded
from tests.connectors.exchanges.scripted import Reply

VENUE = SmallKraken


def position(**told: Any) -> dict[str, Any]:
    return {"pair": "XXBTZUSD", "type": "buy", "vol": "0.5", "vol_closed": "0", "cost": "50000"} | told


async def test_a_recorded_position_is_long_at_its_cost(case: Case, server: SmallKraken, data_folder: Path) -> None:
    answer = in_json(recorded(data_folder, "kraken", "http_spot_open_positions.json"))
    server.results["OpenPositions"] = answer["result"]
    page = await case.open().balances()

    one = FuturesPosition("XXBTZUSD", "bitcoin", Decimal("0.5"), "usd", Decimal(100_000))
    assert page.beside[:1] == [Told(Part.POSITIONS, (MarginWallet(positions=(one,)),))]


async def test_what_was_closed_is_open_no_more_and_a_sale_is_short(case: Case, server: SmallKraken) -> None:
    server.results["OpenPositions"] = {
        "short": position(type="sell", vol_closed="0.2", value="33000"),
        "closed": position(vol_closed="0.5"),
    }
    page = await case.open().balances()

    (one,) = page.beside[0].wallets[0].positions
    assert (one.quantity, one.entry, one.mark) == (Decimal("-0.3"), Decimal(100_000), Decimal(110_000))


async def test_without_positions_no_market_is_asked_for(case: Case, server: SmallKraken) -> None:
    server.results["OpenPositions"] = {}
    page = await case.open().balances()

    assert page.beside[:1] == [Told(Part.POSITIONS)]
    assert server.count("AssetPairs") == 0


@pytest.mark.parametrize("word", ["EGeneral:Permission denied", "EGeneral:Unknown method"])
async def test_a_key_that_may_not_see_them_reads_all_else(case: Case, server: SmallKraken, word: str) -> None:
    server.next("OpenPositions", Reply({"error": [word]}))
    page = await case.open().balances()

    assert page.beside[:1] == [Told(Part.POSITIONS, is_read=False)]
    assert page.balances


async def test_a_position_that_cannot_be_read_is_told_and_the_others_are_read(case: Case, server: SmallKraken) -> None:
    server.results["OpenPositions"] = {"odd": position(pair="NOWHERE"), "good": position()}
    page = await case.open().balances()

    assert [one.symbol for one in page.beside[0].wallets[0].positions] == ["XXBTZUSD"]
    assert ["its pair 'NOWHERE' is unknown" in one.message + one.detail for one in page.findings] == [True]
