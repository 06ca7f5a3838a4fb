"""The lots of one asset, taken up from a checkpoint: its units, its bytes, and what has to be played from the start."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import cbor2

from app.core.clock import DAY
from app.core.lots.checkpoints import has_none
from app.core.lots.events import NOTHING, Event, Rare
from app.core.lots.results import Matched
from app.core.tax.courses import Checkpoint, course
from app.core.tax.events import MONEY_PLACES, Transaction, Unit, Units, in_units, units_of
from app.core.tax.profile import Profile
from app.core.tax.valuations import Prices

ENGINE = 2
"""Grows with every change of what lots follow from entries, so that nothing older is taken up."""

_LAST = -1


@dataclass(frozen=True, slots=True)
class Point:
    """A checkpoint of one asset.

    Attributes:
        places: Decimal places of money with which it was played.
        own: Those that the transactions before it have.
        assets: Every asset whose price it may follow from.
        resolutions: Of the times of its lots, by row.
    """

    checkpoint: Checkpoint = field(default=Checkpoint(), repr=False)
    places: int = MONEY_PLACES
    own: int = MONEY_PLACES
    assets: frozenset[str] = frozenset()
    resolutions: Mapping[str, int] = field(default_factory=dict, repr=False)

    @property
    def at(self) -> int | None:
        """Return the moment; None at the very start."""
        return self.checkpoint.at


@dataclass(frozen=True, slots=True)
class AssetLots:
    """The lots of one asset as the books are now.

    Attributes:
        found: Holdings and lots; of disposals only those since the checkpoint from which it was played.
        resolutions: Of the times of lots, by row.
    """

    found: Matched
    units: Units
    resolutions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Derived:
    """What was played from a point on, and the points that were passed."""

    lots: AssetLots
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Coin:
    """The asset whose lots are played.

    Attributes:
        scale: Decimal places of its own unit.
    """

    asset: str
    scale: int


def derived(
    coin: Coin, profile: Profile, transactions: Sequence[Transaction], start: Point, assets: frozenset[str]
) -> Derived | None:
    """Play what follows a point; None where that cannot be told from there, but only from the start.

    Args:
        coin: Whose lots.
        profile: How.
        transactions: Of this asset since the point, in the order of time.
        start: From where.
        assets: Every asset whose price the transactions may follow from.
    """
    asset, scale = coin.asset, coin.scale
    needed = units_of(transactions)
    places = max(start.own, needed.money.places)
    own_unit = needed.assets.get(asset, Unit(scale))
    is_plain = own_unit.divisor == 1 and own_unit.places <= scale
    if start.at is not None and (places != start.places or not is_plain):
        return None
    units = Units(Unit(places), {**needed.assets, asset: Unit(scale) if is_plain else own_unit})
    events = in_units(transactions, units, by_price=profile.has("rank-by", "unit-price"))
    if start.at is not None and has_none(events):
        return None
    stretches = course(profile, start.checkpoint, events)
    resolutions = {**start.resolutions, **{one.row: one.resolution for one in transactions}}
    points, own, done = [], start.own, 0
    for stretch in stretches[1:] if is_plain else ():
        until = done
        while until < len(transactions) and transactions[until].at < (stretch.start.at or 0):
            until += 1
        if places > start.own:
            own = max(own, units_of(transactions[done:until]).money.places)
        done = until
        rows = {event.row: resolutions.get(event.row, 1) for event in stretch.start.events}
        points.append(Point(stretch.start, places, own, start.assets | assets, rows))
    return Derived(AssetLots(stretches[_LAST].found, units, resolutions), tuple(points))


def written(point: Point) -> bytes:
    """Return a point as bytes."""
    rows = [
        (
            one.at, int(one.kind), one.wallet, one.quantity, one.value, one.row, one.price, one.rare.acquired,
            point.resolutions.get(one.row, 1),
        )
        for one in point.checkpoint.events
    ]  # fmt: skip
    return cbor2.dumps([point.at, point.places, point.own, sorted(point.assets), rows])


def read(asset: str, content: bytes) -> Point:
    """Return the point of bytes that `written` made."""
    at, places, own, assets, rows = cbor2.loads(content)
    events = tuple(_event(asset, row) for row in rows)
    return Point(Checkpoint(at, events), places, own, frozenset(assets), {row[5]: row[8] for row in rows})


def _event(asset: str, row: Sequence[Any]) -> Event:
    at, kind, wallet, quantity, value, name, price, acquired, _ = row
    price = None if price is None else (price[0], price[1])
    rare = NOTHING if acquired is None else Rare(acquired=acquired)
    return Event(at, kind, asset, wallet, quantity, value, name, price=price, rare=rare)


def known_prices(prices: Prices, asset: str) -> dict[int, Decimal]:
    """Return what the prices say of each day: its close, or the last price of a day that has none yet."""
    found = dict(prices.closes.get(asset, {}))
    mark = prices.marks.get(asset)
    if mark is not None:
        found.setdefault(mark[2] // DAY, mark[0])
    return found


def first_difference(one: Mapping[int, Decimal], other: Mapping[int, Decimal]) -> int | None:
    """Return the first day of which two histories of prices say something else; None where they agree."""
    if one == other:
        return None
    return min(day for day in one.keys() | other.keys() if one.get(day) != other.get(day))


def digests(prices: Prices, assets: Iterable[str], moments: Iterable[int]) -> list[bytes]:
    """Return a digest of all prices before each moment; moments stand in the order of time."""
    wanted = [(moment, hashlib.sha256()) for moment in moments]
    for asset in sorted({*assets, prices.currency}):
        sofar, days = hashlib.sha256(asset.encode()), iter(sorted(known_prices(prices, asset).items()))
        ahead = next(days, None)
        for moment, whole in wanted:
            while ahead is not None and ahead[0] * DAY < moment:
                sofar.update(b"%d %s\n" % (ahead[0], str(ahead[1]).encode()))
                ahead = next(days, None)
            whole.update(sofar.digest())
    return [whole.digest() for _, whole in wanted]


def question(profile: Profile, currency: str, base: str) -> bytes:
    """Return a digest of everything besides entries and prices that lots follow from."""
    parts = [
        str(ENGINE), profile.jurisdiction.code, profile.method.value, profile.scope.value, currency, base,
        *(f"{name}={value}" for name, value in sorted(profile.options.items())),
        *(f"{change.at} {change.wallet!r} {change.method.value}" for change in profile.changes),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).digest()
