"""The demo's books: a vault of its own, connected to the simulated venues, read and valued like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from app.core.model.accounts import Book, Credentials
from app.core.model.views import SourceReport
from app.core.ports import Progress, Runtime
from app.services.vault import VaultService
from app.services.workspace import Workspace

PASSPHRASE = "everything in here is simulated"  # noqa: S105 - known to everybody: it guards nothing real
CURRENCY = "usd"
LIMITS = (
    "VaR 99 % 1 d is above 8 % of the book for 10 min and re-arm at 7 %",
    "largest counterparty share is above 70 %",
    "share of asset BTC is above 60 % and re-arm at 55 %",
    "drawdown is above 60 %",
    "price of BTC is below 70000 USD",
)
"""What this person wants to be told of; nothing of it is so when the demo begins."""


class Venues(Protocol):
    """The venues, as far as connecting needs them."""

    @property
    def endpoints(self) -> Mapping[str, str]:
        """Return addresses by venue id."""

    @property
    def credentials(self) -> Mapping[str, Mapping[str, str]]:
        """Return made-up keys that may only read, by venue id."""

    @property
    def rates(self) -> str:
        """Return the address of the simulated central bank."""


def vault_path(runtime: Runtime, seed: int, scale: float, *, with_defects: bool = False) -> Path:
    """Return where the demo's vault lies: one for each simulated world, apart from the person's own."""
    name = f"demo-{seed}-{scale:g}{'-defects' if with_defects else ''}"
    return runtime.data_folder / "demo" / f"{name}.vault"


async def opened(runtime: Runtime, path: Path) -> Workspace:
    """Open the demo's vault, made where it is not there yet."""
    vaults = VaultService(runtime)
    if vaults.exists(path):
        return await vaults.unlock(path, PASSPHRASE)
    return await vaults.create(path, PASSPHRASE, Book("demo", "Demo fund", CURRENCY, simulated=True))


async def connect(workspace: Workspace, venues: Venues) -> None:
    """Connect every venue, and the central bank, at the address that it has now; how far it was read is kept."""
    await workspace.rates.use(venues.rates)
    known = {view.connection.name: view.connection for view in await workspace.connections.all()}
    for venue_id, endpoint in venues.endpoints.items():
        connection = known.get(venue_id)
        if connection is not None and connection.endpoint == endpoint:
            continue
        if connection is not None:
            await workspace.connections.remove(venue_id)
        await workspace.connections.add(
            venue=venue_id,
            name=venue_id,
            credentials=Credentials(dict(venues.credentials[venue_id])),
            endpoint=endpoint,
        )


async def set_limits(workspace: Workspace) -> None:
    """Record the person's limits, once."""
    if not await workspace.alerts.standings():
        for sentence in LIMITS:
            await workspace.alerts.add(sentence)


async def read(workspace: Workspace, progress: Progress) -> Sequence[SourceReport]:
    """Read all venues and the prices of what they hold."""
    reports = await workspace.ingest.sync([], progress)
    progress(1.0, "prices")
    await workspace.market_data.refresh()
    return reports
