"""Made-up seals: a year is closed over the made-up books as the service does it, without a journal behind it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from app.core.errors import RefusedError, UsageError
from app.core.model.period_seals import PeriodSeal, SealedPart
from app.core.ports import Clock, Progress
from app.core.seal.causes import Cause
from app.core.seal.differences import Difference
from app.services.events import Events, RecordsAppended
from app.services.seal_readiness import Readiness, check_is_over
from app.services.seals import Verified
from app.services.tax_years import Asked
from tests.ui import made_up_books as books
from tests.ui.fake_services import HEAD, Answers
from tests.ui.made_up_breaks import FakeBreaks
from tests.ui.made_up_tax import FakeTax

PARTS = ("year/rules.json", "year/entries.json", "year/disposals.json", "evidence.json", "forms/us-8949.pdf")
CAUSE = Cause("entry-later", "A sale of 1.5 ETH on 2025-05-05 was recorded on 2026-10-01, after the seal.", "ab" * 32)
DIFFERENCES = (
    Difference("totals", "year", "gain", "353100.25", "354600.75"),
    Difference("totals", "year", "proceeds", "528990", "533490.5"),
    Difference("disposals", "d1".ljust(32, "0") + "/1", "", None, "gain 1500.5"),
)


class FakeSeals:
    """Seals made-up years; they come out again as they were sealed unless a test says otherwise."""

    def __init__(self, answers: Answers, events: Events, tax: FakeTax, breaks: FakeBreaks, clock: Clock) -> None:
        self._answers, self._events, self._tax, self._breaks, self._clock = answers, events, tax, breaks, clock
        self.made: list[PeriodSeal] = []
        self.written: list[tuple[str, Path]] = []
        self.differs = False
        self.fault: Exception | None = None

    async def all(self) -> tuple[PeriodSeal, ...]:
        await self._answers.wait("seals")
        return tuple(self.made)

    async def versions(self, year: int, jurisdiction: str = "") -> tuple[PeriodSeal, ...]:
        found = await self.all()
        return tuple(one for one in found if one.year == year and jurisdiction in ("", one.jurisdiction))

    async def readiness(self, asked: Asked) -> Readiness:
        found = await self._tax.compute(asked)
        check_is_over(found, asked.year or 0, self._clock.now_ns())
        told = [one for one in await self._breaks.everything() if one.code == "break"]
        blocking = [one for one in found.findings if found.is_blocked and one.severity == "error"]
        blocking += [one for one in told if not one.waived]
        return Readiness(found, tuple(blocking), tuple(one for one in told if one.waived))

    async def seal(self, asked: Asked, progress: Progress, *, reason: str = "", amends: bool = False) -> PeriodSeal:
        before = await self.versions(asked.year or 0, asked.jurisdiction)
        if before and not amends:
            raise RefusedError(f"{before[-1].name} is sealed.")
        if amends and not reason:
            raise UsageError("--reason is missing.", hint="An amendment is sealed with its reason.")
        progress(None, "Checking what stands against closing")
        await self._answers.wait("seal")
        if self.fault is not None:
            raise self.fault
        ready = await self.readiness(asked)
        ready.check(f"{asked.jurisdiction.upper()} {asked.year}", reason)
        await asyncio.to_thread(progress, None, "Writing the forms")
        version = len(before) + 1
        parts = tuple(SealedPart(name, books.identity(name, version), books.identity("r", name)) for name in PARTS)
        made = PeriodSeal(
            asked.jurisdiction, asked.year or 0, version, books.identity("seal", asked.year, version),
            books.identity("output", asked.year, version), parts, HEAD, 7, "0.4.0",
            previous=before[-1].seal if before else "", reason=reason, recorded_ns=self._clock.now_ns(),
            record=books.identity("record", version),
        )  # fmt: skip
        self.made.append(made)
        self._events.publish(RecordsAppended(()))
        return made

    async def verify(self, seal: PeriodSeal, progress: Progress) -> Verified:
        await asyncio.to_thread(progress, None, f"Making {seal.name} again")
        await self._answers.wait("verify-seal")
        if self.fault is not None:
            raise self.fault
        if self.differs:
            return Verified(seal, is_reproduced=False, differences=DIFFERENCES, causes=(CAUSE,))
        return Verified(seal, is_reproduced=True)

    async def write(self, seal: PeriodSeal, folder: Path) -> tuple[str, ...]:
        await self._answers.wait("write-seal")
        self.written.append((seal.name, folder))
        return ("year.json", *PARTS)


def sealed(asked: Asked, version: int = 1, *, reason: str = "", at: int = books.NOW) -> PeriodSeal:
    """Return a seal of a year as if it had been made."""
    made = PeriodSeal(
        asked.jurisdiction, asked.year or 0, version, books.identity("seal", asked.year, version),
        books.identity("output", asked.year, version), tuple(SealedPart(one, books.identity(one)) for one in PARTS),
        HEAD, 7, "0.4.0", reason=reason, recorded_ns=at, record=books.identity("record", version),
    )  # fmt: skip
    return replace(made, previous=books.identity("seal", asked.year, version - 1) if version > 1 else "")
