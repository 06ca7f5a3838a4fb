"""From the passphrase to the painted Overview, and the first page and the filters of Activity, on large books.

Each round is a process of its own that has shown nothing but the unlock screen, so the first Overview bears everything
that a first one costs. Deriving the key is the vault's own protection and as slow as it was made: it is measured in
every round with the vault's own costs, and left out. Figures are medians of the rounds; the disk's cache is warm.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from app.bench.books import ACCOUNTS, build
from app.bench.figures import AT_MOST, Figure, best_of, timed
from app.bench.processes import round_of
from app.bench.vaults import PASSPHRASE, apart
from app.bench.windows import Watched, in_window
from app.core.ledger.entries import EntryKind
from app.core.model.views import ActivityFilter
from app.core.ports import Runtime
from app.services.workspace import Workspace
from app.storage import header as headers
from app.storage.key_slots import PASSPHRASE as SLOT
from app.storage.stretching import Stretching
from app.ui.screens.activity import PAGE, Activity
from app.ui.screens.activity_filters import Choice
from app.ui.screens.overview import OverviewScreen
from app.ui.screens.positions import PositionsScreen
from app.ui.shell.desk import Desk

_ENTRIES, _FEW = 100_000, 2_000
_ROUNDS, _ONCE = 5, 1
_DERIVATIONS = 3
_VAULT = "bench.vault"


def run(runtime: Runtime, *, quick: bool) -> Sequence[Figure]:
    """Measure unlocking, first page and filters."""
    with apart(runtime) as (here, folder):
        asyncio.run(build(here, folder / _VAULT, _FEW if quick else _ENTRIES))
        rounds = [round_of("unlock", folder) for _ in range(_ONCE if quick else _ROUNDS)]
    return _figures(rounds)


def round_in(runtime: Runtime, folder: Path) -> dict[str, Any]:
    """Measure one round on the vault in a folder; seconds by name."""
    here = replace(runtime, data_folder=folder, settings_folder=folder)
    return in_window(here, lambda: _measured(here, folder / _VAULT))


async def _measured(runtime: Runtime, path: Path) -> dict[str, Any]:
    watched = Watched(runtime)
    try:
        found = await _unlocked(watched, path)
        desk = watched.desk
        found["entries"] = (await desk.workspace.info()).entries
        return found | await _first_page(watched, desk) | await _filters(watched, desk)
    finally:
        await watched.end()


async def _unlocked(watched: Watched, path: Path) -> dict[str, Any]:
    screen = watched.window.show_unlock(path)
    await watched.show()
    derivation = await asyncio.to_thread(_derivation, path)
    started = time.perf_counter()
    screen.form.field.setText(PASSPHRASE)
    screen.form.go.click()
    await watched.until(lambda: _has_overview(watched), "The Overview")
    painted = await watched.paintings.whole()
    await watched.settled()
    return {"derivation": derivation, "unlock": painted - started - derivation}


def _derivation(path: Path) -> float:
    """Return the least seconds that the vault's own key derivation takes here.

    The least, since it is taken off the whole: a derivation that was held up would flatter what is left.
    """
    slot = headers.read(headers.load(path), str(path)).slot(SLOT)
    if slot is None:
        raise RuntimeError("The benchmark's vault has no passphrase.")
    fields = slot.fields
    costs = Stretching(fields["memory_kib"], fields["passes"], fields["lanes"])
    return best_of(_DERIVATIONS, lambda: costs.key(PASSPHRASE.encode(), fields["salt"]))


def _has_overview(watched: Watched) -> bool:
    desk = watched.window.desk
    screen = None if desk is None else desk.screen
    return isinstance(screen, OverviewScreen) and screen.overview is not None


async def _first_page(watched: Watched, desk: Desk) -> dict[str, Any]:
    """Measure the answer, the page asked anew where it is shown, and both visits: the first builds the screen."""
    asked = await _asked(desk.workspace, ActivityFilter())
    started = time.perf_counter()
    desk.go("activity")
    await watched.until(lambda: isinstance(desk.screen, PositionsScreen), "The place of the activity")
    activity = _activity(desk)
    await watched.until(lambda: bool(activity.loaded), "The activity")
    built = await watched.paintings.whole() - started
    await watched.settled()
    painted = await _shown(watched, activity, activity.read)
    desk.go("overview")
    await watched.settled()
    visited = await watched.timed(partial(desk.go, "activity"))
    return {"page": asked, "page_painted": painted, "page_visited": visited, "page_built": built}


async def _filters(watched: Watched, desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = {"filters": {}, "filters_painted": {}}
    activity = _activity(desk)
    page = await desk.workspace.portfolio.activity(ActivityFilter(), 0, 1)
    for name, choice in _choices(page.entries[0].entry_id).items():
        asked = choice.asked(desk.scope, desk.now_ns)
        found["filters"][name] = await _asked(desk.workspace, asked)
        for chosen in (choice, Choice()):
            seconds = await _shown(watched, activity, partial(activity.chips.set_choice, chosen))
            found["filters_painted"].setdefault(name, seconds)
    return found


async def _shown(watched: Watched, activity: Activity, act: Callable[[], object]) -> float:
    """Return the seconds from an act until the first painting with the rows that it asked for."""
    # Nothing looks again and again here: that would take its time from the threads that read.
    there: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def told() -> None:
        if not there.done():
            there.set_result(time.perf_counter())

    link = activity.model.modelReset.connect(told)
    started = time.perf_counter()
    act()
    painted = await watched.paintings.after(await there)
    activity.model.modelReset.disconnect(link)
    await watched.settled()
    return painted - started


async def _asked(workspace: Workspace, asked: ActivityFilter) -> float:
    with timed() as watch:
        await workspace.portfolio.activity(asked, 0, PAGE)
    return watch.seconds


def _activity(desk: Desk) -> Activity:
    if not isinstance(desk.screen, PositionsScreen):
        raise TypeError("The place of the activity is another one now.")
    return desk.screen.activity


def _choices(entry_id: str) -> Mapping[str, Choice]:
    """Return filters of each kind: ones that fit nearly all, few, none."""
    return {
        "text: a symbol": Choice(text="sol"),
        "text: a reference": Choice(text="m-t17"),
        "text: nothing": Choice(text="nowhere"),
        "text: two words": Choice(text="treasury btc"),
        "text: an id": Choice(text=entry_id[:12]),
        "kind: nearly all": Choice(kinds=(EntryKind.TRADE,)),
        "kind: few": Choice(kinds=(EntryKind.DEPOSIT,)),
        "kind: none": Choice(kinds=(EntryKind.REWARD,)),
        "account": Choice(accounts=ACCOUNTS[:1]),
        "asset: most": Choice(assets=("usd",)),
        "asset: some": Choice(assets=("bitcoin",)),
        "period: a year": Choice(period="2024"),
        "period: a week": Choice(period="week"),
        "all at once": Choice((EntryKind.TRADE,), ACCOUNTS[1:2], ("bitcoin",), "2024", "t"),
    }


def _figures(rounds: Sequence[Mapping[str, Any]]) -> Sequence[Figure]:
    entries = f"{rounds[0]['entries']:,} entries"
    page, filters = (AT_MOST, 50.0), (AT_MOST, 150.0)
    name, slowest = _slowest(rounds, "filters")
    name_painted, slowest_painted = _slowest(rounds, "filters_painted")
    return [
        Figure(f"unlock to painted Overview, {entries}", _median(rounds, "unlock") / 1_000, "s", (AT_MOST, 1.5)),
        Figure("key derivation, left out above", _median(rounds, "derivation") / 1_000, "s"),
        Figure("first page of Activity, answer", _median(rounds, "page"), "ms", page),
        Figure("first page of Activity, painted", _median(rounds, "page_painted"), "ms", page),
        Figure("the same, coming from the Overview", _median(rounds, "page_visited"), "ms"),
        Figure("the same, for the first time", _median(rounds, "page_built"), "ms"),
        Figure(f"slowest filter, answer ({name})", slowest, "ms", filters),
        Figure(f"slowest filter, painted ({name_painted})", slowest_painted, "ms", filters),
        Figure("rounds, of which the medians", len(rounds), "rounds"),
    ]


def _median(rounds: Sequence[Mapping[str, Any]], name: str) -> float:
    """Return milliseconds."""
    return float(median(one[name] for one in rounds)) * 1_000


def _slowest(rounds: Sequence[Mapping[str, Any]], name: str) -> tuple[str, float]:
    found = {key: _median([one[name] for one in rounds], key) for key in rounds[0][name]}
    return max(found.items(), key=lambda one: one[1])
