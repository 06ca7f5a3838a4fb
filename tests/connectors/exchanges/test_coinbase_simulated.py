"""The simulated Coinbase, which shares no code with the connector: how it looks with a clock that is wrong here."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.connectors.exchanges import CcxtExchanges
from app.core.errors import CredentialsError
from app.core.model.accounts import Connection, Credentials
from app.core.ports import Exchange
from app.demo.coinbase import CoinbaseServer
from app.demo.world import World
from tests.connectors.exchanges.reading import ASSETS
from tests.connectors.exchanges.scripted import VirtualTime
from tests.connectors.exchanges.simulated import Now


@pytest.fixture
async def server() -> AsyncIterator[CoinbaseServer]:
    venue = CoinbaseServer(World(7))
    await venue.start()
    yield venue
    await venue.stop()


def opened(server: CoinbaseServer, signed_as: str = "read") -> Exchange:
    exchanges = CcxtExchanges(ASSETS, Now(server.world), VirtualTime().scheduler())
    words = {"apiKey": server.credentials["read"]["apiKey"], "secret": server.credentials[signed_as]["secret"]}
    connection = Connection("main", "coinbase", "account", endpoint=server.endpoint)
    return exchanges.open(connection, Credentials(words))


@pytest.mark.parametrize("ahead", [-600.0, 600.0])
async def test_a_wrong_clock_is_measured_and_set_right_for_signing(server: CoinbaseServer, ahead: float) -> None:
    server.faults.skew_clock(-ahead)
    exchange = opened(server)
    scope = await exchange.probe()
    await exchange.close()

    assert scope.may_read


async def test_a_wrong_key_stays_a_wrong_key_whatever_the_clock(server: CoinbaseServer) -> None:
    exchange = opened(server, signed_as="trade")
    for skew in (0.0, 600.0):
        server.faults.skew_clock(skew)
        with pytest.raises(CredentialsError, match=r"^Coinbase refuses the key\.$"):
            await exchange.probe()
    await exchange.close()
