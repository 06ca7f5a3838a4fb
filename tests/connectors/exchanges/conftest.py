"""A small venue on a socket, as a case of the contract, for the tests of a module that names it; books to read it into."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.exchanges.binance_case import SmallBinance, binance_case
from tests.connectors.exchanges.coinbase_case import SmallCoinbase, coinbase_case
from tests.connectors.exchanges.contract import Case
from tests.connectors.exchanges.kraken_case import SmallKraken, kraken_case
from tests.connectors.exchanges.krakenfutures_case import SmallKrakenFutures, krakenfutures_case
from tests.connectors.exchanges.scripted import ScriptedVenue
from tests.storage.journal_books import Books, new_books

_CASES: Mapping[type[ScriptedVenue], Callable[[Any], Case]] = {
    SmallBinance: binance_case,
    SmallCoinbase: coinbase_case,
    SmallKraken: kraken_case,
    SmallKrakenFutures: krakenfutures_case,
}


@pytest.fixture
async def server(request: pytest.FixtureRequest) -> AsyncIterator[ScriptedVenue]:
    """Return a started venue of the kind that the module names as its VENUE."""
    venue: ScriptedVenue = request.module.VENUE()
    await venue.start()
    yield venue
    await venue.stop()


@pytest.fixture
async def case(server: ScriptedVenue) -> AsyncIterator[Case]:
    """Return the venue as a case of the contract; what it opened is closed afterwards."""
    made = _CASES[type(server)](server)
    yield made
    await made.close()


@pytest.fixture
def books(tmp_path: Path) -> Books:
    """Return books without a record."""
    return new_books(tmp_path)
