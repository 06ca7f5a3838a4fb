"""What keeps books defensible: transfers paired, and on a large book balances, verification, trails of figures."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

from app.bench import books_large, books_proof, books_transfers
from app.bench.figures import AT_MOST, Figure, best_of, timed
from app.bench.vaults import PASSPHRASE, apart, opened
from app.core.ports import Runtime
from app.core.reconciliation import courses
from app.services.explanations import followed
from app.services.tax_years import Asked
from app.storage import header as headers
from app.storage.database import connect

_ENTRIES, _FEW = 400_000, 3_000
_ACCOUNTS, _FEW_ACCOUNTS = 60, 6
_ROUNDS, _PLACES = 3, 5
_YEAR = 2024
_EXPLAINED = 20
_SUMS = (
    "SELECT legs.account, sub_place, asset, sum(high), sum(middle), sum(low)"
    " FROM entries CROSS JOIN legs USING (n) WHERE state <> 3 GROUP BY 1, 2, 3"
)


def run(runtime: Runtime, *, quick: bool) -> Sequence[Figure]:
    """Measure on one vault."""
    with apart(runtime) as (here, folder):
        path = folder / "bench.vault"
        entries, accounts = (_FEW, _FEW_ACCOUNTS) if quick else (_ENTRIES, _ACCOUNTS)
        asyncio.run(books_large.build(here, path, entries, accounts))
        rounds = 1 if quick else _ROUNDS
        return [
            *books_transfers.figures(quick=quick),
            *_reconciliation(here, path, rounds),
            *books_proof.figures(here, path, places=1 if quick else _PLACES),
            *asyncio.run(_explained(here, path)),
        ]


def _reconciliation(runtime: Runtime, path: Path, rounds: int) -> Sequence[Figure]:
    with closing(runtime.vaults.open(path, PASSPHRASE.encode())) as vault:
        best = best_of(rounds, lambda: courses(vault.reader.compared()))
        newest = best_of(rounds, vault.reader.when_read)
        found = courses(vault.reader.compared())
        entries, accounts = vault.reader.counts()["entries"], len(vault.reader.accounts())
    readings = sum(len(course.readings) for course in found)
    breaks = sum(len(course.breaks) for course in found)
    what = f"reconciliation, {entries:,} entries, {accounts} accounts, {readings:,} balances read"
    reference = "SQL sums of the legs by place"
    return [
        Figure(what, best, "s", (AT_MOST, 3), reference, _sums(runtime, path, rounds)),
        Figure("reconciliation, the newest readings only", newest, "s"),
        Figure("reconciliation, breaks in clean books", breaks, "breaks", (AT_MOST, 0)),
    ]


def _sums(runtime: Runtime, path: Path, rounds: int) -> float:
    """Return what adding up the legs once costs, without any moment."""
    header, key = headers.unlock(headers.load(path), PASSPHRASE.encode(), runtime.keyring, "")
    with closing(connect(path, key.derive(b"database"), header.salt)) as connection:
        return best_of(rounds, lambda: connection.execute(_SUMS).fetchall())


async def _explained(runtime: Runtime, path: Path) -> Sequence[Figure]:
    """Explain figures of a year that is shown, as a person does who asks how one came to be."""
    asked = Asked("us", year=_YEAR)
    async with opened(runtime, path) as workspace:
        with timed() as first:
            found = await workspace.tax.compute(asked)
        names = [f"tax/{_YEAR}/us/gain"]
        names += [f"tax/{_YEAR}/us/disposal/{one.row}" for one in found.figures.disposals[:_EXPLAINED]]
        times = []
        for name in names:
            with timed() as watch:
                await followed(name, found, workspace.portfolio)
            times.append(watch.seconds * 1_000)
    return [
        Figure(f"explain, longest of {len(names)} figures", max(times), "ms", (AT_MOST, 200)),
        Figure("explain, median", median(times), "ms"),
        Figure("explain, computing the year before it", first.seconds, "s"),
    ]
