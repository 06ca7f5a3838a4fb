"""What speaks for a withdrawal and a deposit being one transfer, weighed and told in words.

The weights are natural logarithms of how much likelier a clue is in a transfer than by chance; they are added. What is
usual (fees, addresses of one's own, how often an amount occurs) is learned from the books themselves.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.core.clock import DAY, SECOND
from app.core.money import EXACT, multiply, plain
from app.core.transfers.ends import End
from app.core.transfers.links import Link

MINUTE, HOUR = 60 * SECOND, 3_600 * SECOND
EARLY = 15 * MINUTE
"""Clocks of two sources may differ so much, and more only by whole hours."""

LATE = 4 * DAY
ZONES = 14
INSIDE = Decimal("0.012")
"""The largest share of an amount that is taken for a fee inside it, where no such fee is known otherwise."""

_DIGITS = 8
_OWN, _STRANGER, _OTHERS = 5.0, -6.0, -9.0
_CHAIN, _OTHER_CHAIN = 0.7, -3.0
_LEAST_CHANCE = 1e-5
_SHORT = 30 * DAY
"""A history of less tells too little of how often anything happens."""

BUCKETS = 80
"""Buckets of amounts for one natural logarithm: each spans a little more than the largest fee inside an amount."""

_SLOWER = {20 * MINUTE: 1, 100 * MINUTE: 1, 6 * HOUR: 2, DAY: 3, LATE: 3}
"""By delay: how much seldomer transfers take so long than its window alone tells."""

_ON_CHAIN = 40
"""A hash of so many letters is one of a chain; shorter ones are a venue's own."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """How much speaks for a pair: `score` in natural logarithms, and why in words."""

    score: float
    words: tuple[str, ...]


class Known:
    """What the books themselves tell of addresses, fees and amounts."""

    def __init__(self, ends: Iterable[End], sure: Iterable[Link]) -> None:
        """Learn from all ends, and from links that leave no choice."""
        self._owners: dict[str, str] = {}
        self._places: set[tuple[str, str]] = set()
        self.fees: dict[str, set[Decimal]] = {}
        self._counts: Counter[tuple[str, Decimal]] = Counter()
        self._buckets: Counter[tuple[str, int]] = Counter()
        self._totals: Counter[str] = Counter()
        self._spans: dict[str, tuple[int, int]] = {}
        for end in ends:
            first, last = self._spans.get(end.asset, (end.at, end.at))
            self._spans[end.asset] = min(first, end.at), max(last, end.at)
            if end.is_deposit:
                self._counts[end.asset, end.quantity] += 1
                self._buckets[end.asset, bucket(end.quantity)] += 1
                self._totals[end.asset] += 1
                if end.address:
                    self._own(end.address, end.account, end.network)
            if end.fee:
                self.fees.setdefault(end.asset, set()).add(end.fee)
        for link in sure:
            self._learn(link)

    def _own(self, address: str, account: str, network: str) -> None:
        self._owners.setdefault(address, account)
        self._places.add((account, network))

    def _learn(self, link: Link) -> None:
        if len(link.withdrawals) == len(link.deposits) == 1:
            out, into = link.withdrawals[0], link.deposits[0]
            if out.address:
                self._own(out.address, into.account, out.network)
            lost = EXACT.subtract(out.quantity, into.quantity)
            if 0 < lost <= multiply(out.quantity, INSIDE):
                self.fees.setdefault(link.asset, set()).add(lost)

    def usual(self, asset: str) -> set[Decimal]:
        """Return the fees of an asset that were seen."""
        return self.fees.get(asset, set())

    def weigh(self, out: End, into: End) -> Weighed | None:
        """Return how much speaks for two ends; None where something rules them out."""
        if out.account == into.account or out.asset != into.asset or _other_hash(out, into):
            return None
        parts = [self._amount_and_time(out, into), self._address(out, into), _network(out, into)]
        if any(part is None for part in parts):
            return None
        told = [part for part in parts if part is not None]
        return Weighed(sum(part.score for part in told), tuple(word for part in told for word in part.words))

    def _amount_and_time(self, out: End, into: End) -> Weighed | None:
        """Weigh how seldom a deposit of such an amount would by chance have come within such a time."""
        when, lost = _time(out, into), EXACT.subtract(out.quantity, into.quantity)
        if when is None or lost < 0:
            return None
        window, words = when
        told = f"{plain(into.quantity)} of {plain(out.quantity)} arrived"
        if not lost:
            told, tried, of_chance = f"{plain(out.quantity)} left and arrived", 1, self._alike(into)
        elif lost in self.usual(out.asset):
            told = f"{told}, {plain(lost)} less, which is a usual fee"
            tried, of_chance = 1 + len(self.usual(out.asset)), self._alike(into)
        elif lost <= multiply(out.quantity, INSIDE):
            told = f"{told}, {plain(lost)} less, which can be a fee"
            tried, of_chance = 2, self._near(into)
        else:
            return None
        return Weighed(
            -math.log(max(_LEAST_CHANCE, tried * of_chance * window / self._span(into.asset))), (told, words)
        )

    def _alike(self, into: End) -> float:
        """Return how many unrelated deposits of exactly this quantity the whole history would have."""
        return self._counts[into.asset, into.quantity] - 1 + self._totals[into.asset] * 10.0 ** -_digits(into.quantity)

    def _near(self, into: End) -> float:
        """Return how many deposits of the whole history are so near in amount."""
        return self._buckets[into.asset, bucket(into.quantity)] + 1.0

    def _span(self, asset: str) -> int:
        first, last = self._spans[asset]
        return max(last - first, _SHORT)

    def _address(self, out: End, into: End) -> Weighed:
        if not out.address:
            return Weighed(0.0, ())
        owner = self._owners.get(out.address)
        if owner == into.account or (into.address and into.address == out.address):
            return Weighed(_OWN, ("it was sent to an address of that account",))
        if owner is not None:
            return Weighed(_OTHERS, ("it was sent to an address of another account",))
        if into.address or (into.account, into.network) in self._places:
            return Weighed(_STRANGER, ("it was sent to an address that no account here has",))
        return Weighed(0.0, ())


def _other_hash(out: End, into: End) -> bool:
    hashes = out.tx_hash, into.tx_hash
    return all(len(one) >= _ON_CHAIN for one in hashes) and hashes[0] != hashes[1]


def bucket(quantity: Decimal) -> int:
    """Return in which bucket of amounts a quantity lies: only to find what is near, the exact ones are compared."""
    return math.floor(math.log(quantity) * BUCKETS)


def _digits(quantity: Decimal) -> int:
    """Return how many digits of a quantity tell it from others, a few at most."""
    told = quantity.normalize().as_tuple().digits
    return min(len(told), _DIGITS)


def _time(out: End, into: End) -> tuple[int, str] | None:
    """Return the window in which such a delay lies, and its words; None where it is none of a transfer."""
    late = into.at - out.at
    if -EARLY <= late < 0:
        return 2 * EARLY, f"{-late // SECOND} s before it left, by other clocks"
    for until in (20 * MINUTE, 100 * MINUTE, 6 * HOUR, DAY, LATE):
        if 0 <= late <= until:
            return until * _SLOWER[until], f"{_span(late)} later"
    hours = -(late // HOUR)
    if 0 < hours <= ZONES and late % HOUR <= 100 * MINUTE:
        return 2 * ZONES * 100 * MINUTE, f"{hours} h before it left, as by another time zone"
    return None


def _network(out: End, into: End) -> Weighed:
    if not out.network or not into.network:
        return Weighed(0.0, ())
    if out.network == into.network:
        return Weighed(_CHAIN, (f"over {out.network}",))
    return Weighed(_OTHER_CHAIN, (f"sent over {out.network}, received over {into.network}",))


def _span(span: int) -> str:
    if span < 2 * HOUR:
        return f"{span // MINUTE} min"
    return f"{span // HOUR} h" if span < 2 * DAY else f"{span // DAY} d"
