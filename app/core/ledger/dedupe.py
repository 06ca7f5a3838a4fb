"""One event is one entry, whether an interface or a statement tells of it, and in whichever order.

A *strong* reading carries the venue's own id and is known by it. A *weak* one (a row of a statement without ids) is
known by what moved where in which second. Both meet in the second: books and statement are compared there by their
nets, then row by row; a strong reading that comes later claims its part of what weak rows already hold.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.clock import SECOND
from app.core.ledger.entries import Entry, Identity, Leg, row_keys
from app.core.money import ZERO, add, plain

Place = tuple[str, str, str]
"""(account, sub_place, asset)."""

Second = tuple[str, int]
"""(account, whole second): where strong and weak readings meet."""

Part = tuple[Place, Decimal]


def second_of(entry: Entry) -> Second:
    """Return the account and whole second of an entry."""
    return entry.account, entry.at // SECOND


def is_weak(identity: Identity) -> bool:
    """Tell whether the source gave no id."""
    return not identity.native_id


def weak_identity(entry: Entry) -> Identity:
    """Return what a weak entry's id is made of: its rows, and its ordinal among equals (the part)."""
    rows = sorted(
        f"{key.account}|{key.sub_place}|{key.asset}|{plain(key.quantity)}|{key.second}" for key in row_keys(entry)
    )
    return Identity("rows", ";".join(rows), entry.identity.part or "0")


@dataclass(frozen=True, slots=True)
class Held:
    """An entry that the books hold in a second, with the legs as a source told them.

    A person may have corrected or voided it since: read again, it is still the same event.
    """

    entry_id: str
    is_weak: bool
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """The part of weak entries that a strong reading turned out to be."""

    entry_ids: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(slots=True)
class SecondInBooks:
    """What the books hold for one account in one second."""

    held: list[Held] = field(default_factory=list)
    claimed: list[Part] = field(default_factory=list)

    def claim(self, entry: Entry) -> Claim | None:
        """Claim what a strong reading moves from the weak rows; None where it does not fit in."""
        weak = [one for one in self.held if one.is_weak]
        if not weak:
            return None
        parts = self._leg_parts(entry, weak) or self._net_parts(entry, weak)
        if not parts:
            return None
        self.claimed.extend(parts)
        places = {place for place, _ in parts}
        touched = [one.entry_id for one in weak if any(_place(leg) in places for leg in one.legs)]
        return Claim(tuple(touched), parts)

    def _leg_parts(self, entry: Entry, weak: Sequence[Held]) -> tuple[Part, ...]:
        """Compare what goes in and what goes out apart, so that a purchase and a sale in one second do not mix."""
        free = _by_sign((_place(leg), leg.quantity) for one in weak for leg in one.legs)
        for key, quantity in _by_sign(self.claimed).items():
            free[key] = add(free.get(key, ZERO), quantity.copy_negate())
        wanted = _by_sign((_place(leg), leg.quantity) for leg in entry.legs)
        if any(quantity.copy_abs() > free.get(key, ZERO).copy_abs() for key, quantity in wanted.items()):
            return ()
        return tuple((place, quantity) for (place, _), quantity in wanted.items())

    def _net_parts(self, entry: Entry, weak: Sequence[Held]) -> tuple[Part, ...]:
        """Compare nets: a statement may give a fill with its fee already taken off."""
        parts = [(_place(leg), leg.quantity) for one in weak for leg in one.legs]
        free = _net([*parts, *((place, quantity.copy_negate()) for place, quantity in self.claimed)])
        wanted = _net((_place(leg), leg.quantity) for leg in entry.legs)
        for place, quantity in wanted.items():
            there = free.get(place, ZERO)
            if (there > 0) != (quantity > 0) or quantity.copy_abs() > there.copy_abs():
                return ()
        return tuple(wanted.items())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a weak candidate is to the books.

    Attributes:
        excess: The entry, or what of it is new; None where the books hold all of it.
        known_as: Entries that already hold it.
        is_own: The books hold it as the same weak rows: the statement was read before.
    """

    excess: Entry | None
    known_as: tuple[str, ...] = ()
    is_own: bool = False


def judge(weak: Sequence[Entry], strong: Mapping[str, Entry], books: SecondInBooks) -> list[Verdict]:
    """Return one verdict per weak entry of one account and second.

    `strong` are the page's own entries with ids in that second, by id: the books hold them already when this is
    asked.
    """
    told = _net(_parts([*weak, *strong.values()]))
    ids = tuple(held.entry_id for held in books.held)
    if told and told == _net((_place(leg), leg.quantity) for held in books.held for leg in held.legs):
        own = Counter(part for held in books.held if held.is_weak for part in _rows(held.legs))
        return [Verdict(None, ids, is_own=not Counter(_rows(entry.legs)) - own) for entry in weak]
    return _row_by_row(weak, strong, books)


def _row_by_row(weak: Sequence[Entry], strong: Mapping[str, Entry], books: SecondInBooks) -> list[Verdict]:
    """Match rows one to one: a row that occurs twice in a statement and once in the books is new once."""
    own = _Rows(held for held in books.held if held.is_weak)
    other = _Rows(held for held in books.held if not held.is_weak and held.entry_id not in strong)
    matched = [_match(entry, own, other) for entry in weak]
    left = own.net_left(other)
    excess = _net((_place(leg), leg.quantity) for match in matched for leg in match.new)
    same = {place for place, quantity in excess.items() if left.get(place) == quantity}
    ordinals = Counter(_rows_text(held.legs) for held in books.held if held.is_weak)
    return [
        _verdict(entry, match.without(same, own.ids | other.ids), ordinals)
        for entry, match in zip(weak, matched, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Match:
    """The legs of one weak entry that are new, and who holds the others."""

    new: tuple[Leg, ...]
    known_as: tuple[str, ...]
    is_own: bool

    def without(self, places: set[Place], holders: set[str]) -> _Match:
        """Return the match without legs in places where the rest of statement and books are equal."""
        new = tuple(leg for leg in self.new if _place(leg) not in places)
        if len(new) == len(self.new):
            return self
        return _Match(new, self.known_as or tuple(sorted(holders)), is_own=False)


class _Rows:
    """Rows of the books that no row of the statement was matched with yet."""

    def __init__(self, held: Iterable[Held]) -> None:
        self._free: dict[Part, list[str]] = defaultdict(list)
        self.ids: set[str] = set()
        for one in held:
            self.ids.add(one.entry_id)
            for row in _rows(one.legs):
                self._free[row].append(one.entry_id)

    def take(self, row: Part) -> str | None:
        """Use up one row; None where there is none like it."""
        free = self._free.get(row)
        return free.pop() if free else None

    def net_left(self, other: _Rows) -> dict[Place, Decimal]:
        """Return the net of the rows left in both."""
        return _net(row for rows in (self, other) for row, free in rows._free.items() for _ in free)  # noqa: SLF001


def _match(entry: Entry, own: _Rows, other: _Rows) -> _Match:
    new, known, is_own = [], [], True
    for leg in entry.legs:
        row = (_place(leg), leg.quantity)
        holder = own.take(row)
        if holder is None:
            holder = other.take(row)
            is_own = is_own and holder is None
        if holder is None:
            new.append(leg)
        elif holder not in known:
            known.append(holder)
    return _Match(tuple(new), tuple(known), is_own)


def _verdict(entry: Entry, match: _Match, ordinals: Counter[str]) -> Verdict:
    if not match.new:
        return Verdict(None, match.known_as, is_own=match.is_own)
    rows = _rows_text(match.new)
    ordinal = ordinals[rows]
    ordinals[rows] += 1
    excess = Entry(
        account=entry.account,
        at=entry.at,
        kind=entry.kind,
        legs=match.new,
        identity=Identity(entry.identity.space, "", str(ordinal)),
        resolution=entry.resolution,
        references=entry.references,
        stated=entry.stated,
        is_provisional=entry.is_provisional,
    )
    return Verdict(excess, match.known_as)


def edge_seconds(seconds: Iterable[int], *, is_complete: bool) -> frozenset[int]:
    """Return the seconds that a page may have cut in two: its first and its last, unless it is complete."""
    known = tuple(seconds)
    return frozenset() if is_complete or not known else frozenset((min(known), max(known)))


def _place(leg: Leg) -> Place:
    return leg.account, leg.sub_place, leg.asset


def _rows(legs: Iterable[Leg]) -> list[Part]:
    return [(_place(leg), leg.quantity) for leg in legs]


def _rows_text(legs: Iterable[Leg]) -> str:
    return ";".join(sorted(f"{'|'.join(_place(leg))}|{plain(leg.quantity)}" for leg in legs))


def _parts(entries: Iterable[Entry]) -> list[Part]:
    return [row for entry in entries for row in _rows(entry.legs)]


def _net(parts: Iterable[Part]) -> dict[Place, Decimal]:
    sums: dict[Place, Decimal] = {}
    for place, quantity in parts:
        sums[place] = add(sums.get(place, ZERO), quantity)
    return {place: quantity for place, quantity in sums.items() if quantity}


def _by_sign(parts: Iterable[Part]) -> dict[tuple[Place, bool], Decimal]:
    sums: dict[tuple[Place, bool], Decimal] = {}
    for place, quantity in parts:
        key = (place, quantity > 0)
        sums[key] = add(sums.get(key, ZERO), quantity)
    return sums
