"""Small fixed books whose closed year is kept byte by byte; run as a module, it writes them anew, to be read.

A change of these bytes is a change of what a seal says: it needs a new generation in `app/core/seal/engine.py`.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from app.core.clock import DAY
from app.core.model.accounts import Book
from app.core.model.price_overrides import PriceOverride
from app.services.tax_years import Asked
from app.services.vault import VaultService
from tests.services.books import PASSPHRASE, Script, make_runtime, no_progress

FOLDER = Path(__file__).parents[1] / "vectors" / "sealed_years"


@dataclass(frozen=True, slots=True)
class Case:
    """A book and the year of it that is closed.

    Attributes:
        money: Of the book and of every figure.
        price: Of one ethereum on the day of the reward.
    """

    country: str
    year: int
    money: str
    price: str


CASES = (Case("us", 2025, "usd", "2800"), Case("uk", 2024, "gbp", "2200"), Case("de", 2024, "eur", "2100"))


async def closed(case: Case, folder: Path) -> tuple[str, bytes]:
    """Import the book into a new vault, decide what is to be decided, and close its year: hash and canonical output."""
    vaults = VaultService(make_runtime(folder, Script()))
    workspace = await vaults.create(vaults.default_path(), PASSPHRASE, Book("main", "Main", case.money))
    try:
        for account in ("main", "cold"):
            await workspace.entries.open_account(account)
        await workspace.imports.commit(FOLDER / f"{case.country}.csv")
        entries = workspace._vault.reader.export_entries()
        ids = {entry.identity.native_id: entry_id for entry_id, entry in entries}
        day = next(entry.at for _, entry in entries if entry.identity.native_id == "r1") // DAY
        await workspace.transfers.accept([ids["w1"], ids["d1"]], "same amount, an hour apart")
        await workspace.prices.set_price(PriceOverride("ethereum", day, Decimal(case.price), case.money, "by hand"))
        seal = await workspace.seals.seal(Asked(case.country, year=case.year), no_progress)
        return seal.output, (await workspace.seals.files(seal))["year.json"]
    finally:
        await workspace.lock()


def main() -> None:
    """Write the canonical outputs anew."""
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            _, document = asyncio.run(closed(case, Path(folder)))
        (FOLDER / f"{case.country}.json").write_bytes(document)


if __name__ == "__main__":
    main()
