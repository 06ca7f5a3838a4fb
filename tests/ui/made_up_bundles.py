"""Made-up bundles: what was asked for is kept, and nothing is written."""

from __future__ import annotations

from app.core.bundle.whole import Bundle
from app.core.errors import RefusedError
from app.core.ports import Progress
from app.services.bundle import Wanted, Written
from tests.ui.fake_services import Answers
from tests.ui.made_up_seals import FakeSeals

FILES = dict.fromkeys(("README.txt", "verify.py", "year.json"), b"")
LEFT_OUT = {"forms/us-8949.pdf": "it tells places"}


class FakeBundles:
    """Writes no bundle of a sealed made-up year."""

    def __init__(self, answers: Answers, seals: FakeSeals) -> None:
        self._answers, self._seals = answers, seals
        self.asked: list[Wanted] = []

    async def write(self, wanted: Wanted, progress: Progress) -> Written:
        progress(None, "Reading")
        await self._answers.wait("bundle")
        versions = await self._seals.versions(wanted.year, wanted.jurisdiction)
        if not versions:
            raise RefusedError("It is not sealed.", hint="Seal it first.")
        self.asked.append(wanted)
        return Written(versions[-1], wanted.out, Bundle(FILES, LEFT_OUT if wanted.is_redacted else {}, {}))
