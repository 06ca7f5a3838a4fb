"""What the demo's venues tell wrongly of what really happened: histories and prices, never what an account holds.

Each defect is of a kind that real sources have, in the true form of its venue; the program is not told. They lie in the
last whole year, so that it has to be put right before it can be closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.core.clock import iso
from app.demo.events import Event
from app.demo.market import Lie


class DefectKind(StrEnum):
    """What is wrong with what a source tells."""

    MISSING_PAGE = "missing-page"
    DUPLICATE = "duplicate"
    FEE = "fee"
    WRONG_SIGN = "wrong-sign"
    UNPAIRED_TRANSFER = "unpaired-transfer"
    OUTLIER = "outlier"
    """One source of prices lies, and the others outvote it."""
    PRICE_GAP = "price-gap"
    """Two sources of prices lie in opposite ways, and none is believed."""
    LATE_ENTRY = "late-entry"
    """A source turns up after the year with something that happened in it."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that is wrong.

    Attributes:
        source: The venue that tells it, or the file.
        assets: Whose balances or prices it falsifies, by their ids.
        ids: The venue's ids of the events concerned.
        what: In words, for a person.
        mend: What puts it right, in words.
    """

    kind: DefectKind
    source: str
    at: int
    assets: tuple[str, ...]
    ids: tuple[str, ...]
    what: str
    mend: str

    def document(self) -> Mapping[str, object]:
        """Return it as defects.json shows it."""
        return {
            "kind": self.kind.value,
            "source": self.source,
            "at": iso(self.at),
            "assets": list(self.assets),
            "ids": list(self.ids),
            "what": self.what,
            "mend": self.mend,
        }


@dataclass(frozen=True, slots=True)
class Defects:
    """Everything that is wrong with what the venues tell; nothing where none was seeded.

    Attributes:
        hidden: By venue and endpoint, ids of rows that are never shown there.
        retold: By venue and number of an event, what its history tells instead of it.
        late: What only turns up later, in a file of its own.
    """

    seeded: tuple[Defect, ...] = ()
    hidden: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    retold: Mapping[tuple[str, int], tuple[Event, ...]] = field(default_factory=dict)
    lies: tuple[Lie, ...] = ()
    late: tuple[Event, ...] = ()

    def told(self, event: Event) -> tuple[Event, ...]:
        """Return what the venue's history tells of an event."""
        return self.retold.get((event.venue, event.number), (event,))
