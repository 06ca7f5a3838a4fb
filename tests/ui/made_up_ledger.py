"""Made-up general ledgers: what was asked for is remembered, and nothing is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app.core.general_ledger.journal import Journal
from app.core.ports import Progress
from app.services.general_ledger import Format, Wanted, Written
from tests.ui.fake_services import Answers

UNKNOWN = Journal(0, date(2026, 1, 2), "deposit", "ab" * 16, (), "the cost of dust")


class FakeGeneralLedger:
    """Exports in two steps, the second once a test lets it."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.asked: list[tuple[Wanted, Format, Path]] = []
        self.unknown: tuple[Journal, ...] = ()

    async def export(self, wanted: Wanted, how: Format, path: Path, progress: Progress) -> Written:
        progress(None, "costs, gains and income of all entries")
        await self._answers.wait("general_ledger")
        self.asked.append((wanted, how, path))
        return Written((path, path.with_name(f"{path.stem}-trail.csv")), 1_204, self.unknown, "USD", "fifo (us)")
