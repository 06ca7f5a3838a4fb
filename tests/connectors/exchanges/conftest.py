"""A small Kraken on a socket for every test that asks for one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.connectors.exchanges.kraken_case import SmallKraken


@pytest.fixture
async def kraken() -> AsyncIterator[SmallKraken]:
    """Return a started server."""
    venue = SmallKraken()
    await venue.start()
    yield venue
    await venue.stop()
