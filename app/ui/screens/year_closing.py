"""What is known of a tax year that is being closed: its figures, what stands against it, what is open in each step."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from PySide6.QtCore import QObject

from app.core.clock import DAY
from app.core.errors import RefusedError
from app.core.findings import Finding
from app.core.model.period_seals import PeriodSeal
from app.core.tax.profile import Profile
from app.core.transfers import Pairing
from app.services.events import RecordsAppended
from app.services.prices import PriceCoverage
from app.services.seal_readiness import Readiness
from app.services.tax_years import Asked, TaxYear
from app.ui import hints
from app.ui.screens.base import Shell
from app.ui.screens.tax_computing import Computing
from app.ui.screens.transfers_rows import row_of


@dataclass(frozen=True, slots=True)
class YearState:
    """How far a year is from being closed.

    Attributes:
        end: The moment after the last day of the year. What happened until then matters to it, also what happened in
            earlier years: their lots are what it sells.
        refused: Why it cannot be closed at all yet; "" where it can.
        versions: Of its seal, oldest first; none where it is open.
        proposed: Transfers that wait for a person's word.
        paired: Transfers that count.
        unpaired: Deposits and withdrawals without another end.
        waits: By the entry of a deposit whose other end is proposed, the row of that proposal among the transfers.
        gaps: Days on which something happened and no price is known.
        doubted: Such days on which a source was not believed.
        chosen: Sales of the year whose lots a person chose, and those of them where the choice is set aside.
    """

    found: TaxYear
    end: int
    blocking: tuple[Finding, ...] = ()
    waived: tuple[Finding, ...] = ()
    refused: str = ""
    versions: tuple[PeriodSeal, ...] = ()
    proposed: int = 0
    paired: int = 0
    unpaired: int = 0
    waits: Mapping[str, str] = field(default_factory=dict, repr=False)
    gaps: int = 0
    doubted: int = 0
    chosen: tuple[int, int] = (0, 0)

    @property
    def seal(self) -> PeriodSeal | None:
        """Return the newest version; None where the year is open."""
        return self.versions[-1] if self.versions else None


class Closing(Computing):
    """Asks how far a year is from being closed, anew whenever books or prices have changed."""

    def __init__(self, shell: Shell, parent: QObject) -> None:
        """Take the window; nothing is asked yet."""
        super().__init__(shell, parent)
        self._workspace = shell.workspace
        self._standing: YearState | None = None
        self.is_sealing = False

    @property
    def standing(self) -> YearState | None:
        """Return what is known of the year that is asked for, however old; None where nothing is yet."""
        answer = self.answer
        is_of_it = answer is not None and self._standing is not None and self._standing.found is answer.found
        return self._standing if is_of_it else None

    async def find(self, asked: Asked) -> TaxYear:
        """Return the figures of the year, and keep what stands against closing it."""
        seals, refused = self._workspace.seals, ""
        try:
            ready = await seals.readiness(asked)
        except RefusedError as fault:
            # It is not over yet: its figures can be looked at all the same.
            ready, refused = Readiness(await self._workspace.tax.compute(asked)), hints.line(fault)
        versions = await seals.versions(asked.year or 0, asked.jurisdiction)
        pairing, prices = await self._workspace.transfers.pairing(), await self._workspace.prices.coverage()
        loop = asyncio.get_running_loop()
        self._standing = await loop.run_in_executor(
            None, _standing, asked, ready, refused, tuple(versions), pairing, prices
        )
        return ready.found

    def take_seal(self, versions: tuple[PeriodSeal, ...]) -> None:
        """Take the versions after a seal: the figures are still those that were sealed, so nothing is computed."""
        found = self.standing
        if found is not None:
            self._standing = replace(found, versions=versions)
        self.changed.emit()

    def _moved(self, event: object) -> None:
        # The records of the seal itself change no figure; prices that come meanwhile do.
        if not (self.is_sealing and isinstance(event, RecordsAppended)):
            super()._moved(event)


def year_end(chosen: Profile, year: int) -> int:
    """Return the moment after the last day of a tax year."""
    return chosen.calendar.start_of(chosen.calendar.bounds(year)[1] + timedelta(days=1))


def _standing(  # noqa: PLR0913, PLR0917 - everything that a year stands on
    asked: Asked,
    ready: Readiness,
    refused: str,
    versions: tuple[PeriodSeal, ...],
    pairing: Pairing,
    prices: Iterable[PriceCoverage],
) -> YearState:
    found = ready.found
    end = year_end(found.profile, asked.year or 0)
    known = tuple(prices)
    sold = [found.identified[one.row] for one in found.figures.disposals if one.row in found.identified]
    return YearState(
        found,
        end,
        ready.blocking,
        ready.waived,
        refused,
        versions,
        proposed=sum(one.link.at < end for one in pairing.proposals),
        paired=sum(one.at < end for one in pairing.links),
        unpaired=sum(one.at < end for one in pairing.unpaired),
        waits={end.entry_id: row_of(one.link) for one in pairing.proposals for end in one.link.deposits},
        gaps=sum(day * DAY < end for one in known for day in one.gaps),
        doubted=sum(day * DAY < end for one in known for day in one.doubted),
        chosen=(len(sold), sum(not one.is_followed for one in sold)),
    )
