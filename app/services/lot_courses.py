"""Lots as the books are now, kept up to date: only what changed is played again, from the checkpoint before it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from app.core.clock import DAY, SECOND
from app.core.errors import StorageFullError, VaultLockedError
from app.core.ledger.entries import Entry
from app.core.lots.undisturbed import undisturbed
from app.core.model.assets import AssetKind
from app.core.model.checkpoints import Kept
from app.core.model.lot_selections import LotSelection
from app.core.model.transfer_links import TransferLink
from app.core.ports import OpenVault, Progress, Runtime
from app.core.tax.asset_courses import (
    AssetLots,
    Coin,
    Derived,
    Point,
    derived,
    digests,
    first_difference,
    known_prices,
    question,
    read,
    written,
)
from app.core.tax.courses import Checkpoint, course, last_checkpoint
from app.core.tax.events import Transaction, in_units, units_of
from app.core.tax.from_entries import from_entries
from app.core.tax.look_back import is_of_whole_portfolio
from app.core.tax.profile import Profile
from app.core.tax.selections import followed as with_lots
from app.core.tax.valuations import Prices
from app.services.threads import Threads

_EVER = 2**62
"""Later than anything."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What lots follow from besides entries.

    Attributes:
        selections: That the figures follow; assets that have some are played from the start.
    """

    profile: Profile
    prices: Prices
    selections: Sequence[LotSelection] = ()

    @property
    def key(self) -> bytes:
        """Return what tells this question from others."""
        return question(self.profile, self.prices.currency, self.prices.base)


@dataclass(slots=True)
class _State:
    """What is known of one asset.

    Attributes:
        seen: The newest record that it takes in.
        point: The last checkpoint.
        family: The assets from whose entries the lots follow.
        known: Prices by asset, as they were.
    """

    seen: int
    lots: AssetLots
    point: Point
    family: frozenset[str]
    known: Mapping[str, Mapping[int, Decimal]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Played:
    """What a refreshed asset needs to have kept; `after` None drops every checkpoint before."""

    state: _State
    after: int | None
    kept: Sequence[Kept]
    is_new: bool


class LotCourses:
    """Derives lots asset by asset, and keeps checkpoints of them in the vault."""

    def __init__(self, runtime: Runtime, vault: OpenVault, threads: Threads) -> None:
        """Take the books."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._states: dict[tuple[bytes, str], _State] = {}
        self._turn = asyncio.Lock()

    async def lots(self, ground: Ground, progress: Progress | None = None) -> Mapping[str, AssetLots]:
        """Return the lots of every asset as the books are now.

        Args:
            ground: What they follow from besides entries.
            progress: Told which asset is being played, and since when.
        """
        key = ground.key
        async with self._turn:
            self._forget(key)
            assets = await self._threads.read(self._coins)
            found = {}
            for place, asset in enumerate(assets):
                since = await self._threads.read(self._since, key, asset)
                if progress is not None:
                    progress(place / len(assets), self._words(asset, since))
                played = await self._threads.read(self._played, ground, key, asset)
                if played.is_new:
                    await self._keep(key, asset, played)
                self._states[key, asset] = played.state
                found[asset] = played.state.lots
        return found

    async def _keep(self, key: bytes, asset: str, played: _Played) -> None:
        keep = self._vault.courses.keep
        # A checkpoint only saves work: a full disk, or another program that writes, keeps nobody from their lots.
        with suppress(StorageFullError, VaultLockedError):
            await self._threads.write(keep, key, asset, played.state.seen, played.after, played.kept)

    async def is_stale(self, ground: Ground) -> bool:
        """Tell whether entries have changed since the lots of a question were derived last, or never were."""
        return await self._threads.read(self._is_stale, ground.key)

    def _is_stale(self, key: bytes) -> bool:
        states = {asset: self._states.get((key, asset)) for asset in self._coins()}
        first_change = self._vault.courses.first_change
        return any(
            state is None or any(first_change(one, state.seen) is not None for one in state.family)
            for state in states.values()
        )

    def _forget(self, key: bytes) -> None:
        """Keep one question in memory: another one goes on from the checkpoints in the vault."""
        for known in [one for one in self._states if one[0] != key]:
            del self._states[known]

    def _coins(self) -> list[str]:
        asset = self._runtime.assets.asset
        touched = self._vault.reader.entries_per_asset()
        return sorted(one for one in touched if asset(one).kind is not AssetKind.FIAT)

    def _since(self, key: bytes, asset: str) -> int | None:
        state = self._states.get((key, asset))
        return None if state is None else self._vault.courses.first_change(asset, state.seen)

    def _words(self, asset: str, since: int | None) -> str:
        name = self._runtime.assets.asset(asset).name
        if since is None:
            return f"lots of {name}"
        return f"lots of {name} from {datetime.fromtimestamp(since // SECOND, UTC):%B %Y}"

    @undisturbed
    def _played(self, ground: Ground, key: bytes, asset: str) -> _Played:
        courses = self._vault.courses
        # Before anything is read: what is written meanwhile is read again the next time.
        newest = courses.newest()
        state = self._states.get((key, asset))
        if any(one.asset == asset for one in ground.selections) or is_of_whole_portfolio(ground.profile):
            return self._from_start(ground, asset, newest)
        if state is None:
            seen = courses.seen(key, asset)
            change = None if seen is None else courses.first_change(asset, seen)
            start = Point() if seen is None else self._kept(ground, key, asset, change)
        else:
            change = self._earliest(ground, state)
            if change is None:
                state.seen = newest
                return _Played(state, None, (), is_new=False)
            holds = state.point.at is not None and state.point.at <= last_checkpoint(ground.profile, change)
            start = state.point if holds else self._kept(ground, key, asset, change)
        return self._from(ground, asset, newest, start)

    def _kept(self, ground: Ground, key: bytes, asset: str, change: int | None) -> Point:
        """Return the latest checkpoint that holds; the very start where none does."""
        until = _EVER if change is None else last_checkpoint(ground.profile, change)
        for kept in self._vault.courses.latest(key, asset, until):
            point = read(asset, kept.content)
            if digests(ground.prices, point.assets, [kept.at]) == [kept.prices]:
                return point
        return Point()

    def _earliest(self, ground: Ground, state: _State) -> int | None:
        """Return the first moment at which entries or prices are others now than they were."""
        found = [self._vault.courses.first_change(one, state.seen) for one in state.family]
        for priced, before in state.known.items():
            day = first_difference(before, known_prices(ground.prices, priced))
            found.append(None if day is None else day * DAY)
        return min((one for one in found if one is not None), default=None)

    def _from(self, ground: Ground, asset: str, newest: int, start: Point) -> _Played:
        transactions, assets = self._transactions(ground, asset, start.at)
        coin = Coin(asset, self._runtime.assets.asset(asset).scale)
        made: Derived | None = None
        if not any(one.to_asset for one in transactions):
            made = derived(coin, ground.profile, transactions, start, assets)
        if made is None:
            if start.at is not None:
                return self._from(ground, asset, newest, Point())
            return self._from_start(ground, asset, newest)
        priced = start.assets | assets | {ground.prices.currency}
        known = {one: known_prices(ground.prices, one) for one in priced}
        last = made.points[-1] if made.points else start
        moments = [one.at or 0 for one in made.points]
        kept = [
            Kept(at, digest, written(point))
            for at, digest, point in zip(moments, digests(ground.prices, priced, moments), made.points, strict=True)
        ]
        return _Played(_State(newest, made.lots, last, frozenset({asset}), known), start.at, kept, is_new=True)

    def _transactions(self, ground: Ground, asset: str, since: int | None) -> tuple[list[Transaction], frozenset[str]]:
        """Return the transactions of an asset since a moment, and every asset whose price they may follow from."""
        entries = self._vault.courses.entries(asset, since)
        assets = self._runtime.assets
        made = from_entries(
            entries,
            ground.prices,
            lambda one: assets.asset(one).kind,
            ground.profile.options,
            links=self._vault.reader.decisions(TransferLink),
        )
        found = [
            one
            for one in made.transactions
            if asset in (one.asset, one.to_asset) and (since is None or one.at >= since)
        ]
        return found, frozenset(_touched(entries))

    def _from_start(self, ground: Ground, asset: str, newest: int) -> _Played:
        """Play an asset from its first entry, with all the others that its lots can come from."""
        together, known = {asset}, dict[str, Transaction]()
        priced: set[str] = {ground.prices.currency}
        waiting = self._coins() if is_of_whole_portfolio(ground.profile) else [asset]
        while waiting:
            one = waiting.pop()
            together.add(one)
            transactions, assets = self._transactions(ground, one, None)
            priced |= assets
            known |= {each.row: each for each in transactions}
            linked = {each.asset for each in transactions} | {each.to_asset for each in transactions} - {""}
            waiting += sorted(linked - together - set(waiting))
        family = sorted(known.values(), key=lambda one: one.at)
        if ground.selections:
            family = with_lots(family, ground.selections, ground.profile).transactions
        units = units_of(family)
        events = in_units(family, units, by_price=ground.profile.has("rank-by", "unit-price"))
        found = course(ground.profile, Checkpoint(), events)[-1].found
        found.holdings = [one for one in found.holdings if one.asset == asset]
        found.lots = [one for one in found.lots if one.asset == asset]
        lots = AssetLots(found, units, {one.row: one.resolution for one in family})
        prices = {one: known_prices(ground.prices, one) for one in priced}
        return _Played(_State(newest, lots, Point(), frozenset(together), prices), None, (), is_new=False)


def _touched(entries: Sequence[tuple[str, Entry]]) -> Iterator[str]:
    for _, entry in entries:
        for leg in entry.legs:
            yield leg.asset
