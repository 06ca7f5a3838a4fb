"""Breaks, readings and a worklist for tests and pictures: what services would answer on the made-up books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.findings import Finding, Severity
from app.core.ledger.entries import EntryKind, Leg
from app.core.model.breaks import Action, Cause, Course, LikelyCause, Proposal
from app.core.model.ledger_rows import Compared
from app.core.model.views import Reconciliation
from app.core.model.waivers import Waiver
from app.core.money import ZERO, add, multiply, plain
from app.core.reconciliation import courses, finding, with_causes, with_courses
from app.core.worklist import FindingGroup, group_name, groups
from app.services.events import Events, RecordsAppended
from tests.ui import made_up_books as books
from tests.ui import made_up_views as views
from tests.ui.fake_services import Answers, FakeRest

READINGS = 26


def _readings(row: Reconciliation) -> list[Compared]:
    """Return weekly readings of a place; its difference began five weeks ago, and grew once where it is DOT."""
    if row.read_at_ns is None or row.difference is None or row.reported is None:
        return []
    made = []
    for back in range(READINGS):
        at = row.read_at_ns - back * 7 * DAY
        difference = row.difference if back < 5 else ZERO
        if row.asset.asset_id == "polkadot" and 2 <= back < 5:
            difference = row.difference / 2
        held = row.ledger * (Decimal(100) - Decimal(back % 9)) / 100
        made.append(Compared(row.account_id, row.sub_place, row.asset.asset_id, at, held, add(held, difference)))
    return made


@lru_cache(maxsize=1)
def all_courses() -> tuple[Course, ...]:
    """Return the course of every place."""
    return courses([one for row in views.reconciliations(()) for one in _readings(_turned(row))])


def _turned(row: Reconciliation) -> Reconciliation:
    """Return a row whose difference is what the ledger has too much, as the services tell it."""
    if not row.difference or row.reported is None:
        return row
    return replace(row, difference=row.ledger - row.reported)


def _causes(rows: Sequence[Reconciliation]) -> dict[tuple[str, str, str], tuple[LikelyCause, ...]]:
    made: dict[tuple[str, str, str], tuple[LikelyCause, ...]] = {}
    entry = books.entries()[12]
    for row in rows:
        if not row.difference:
            continue
        place = row.account_id, row.sub_place, row.asset.asset_id
        since = books.NOW - 35 * DAY
        page = LikelyCause(
            Cause.MISSING_PAGE,
            "events between 2026-10-12 09:14 and 2026-10-19 09:14 are missing: a page of history, or a kind not read",
            ("nothing is known between 2026-10-13 02:11 and 2026-10-15 17:40, which is unusually long",),
            45,
            row.difference,
            proposal=Proposal(Action.READ_AGAIN, "Read the history again", row.account_id, at=since),
        )
        leg = Leg(row.account_id, row.sub_place, row.asset.asset_id, -row.difference)
        growth = LikelyCause(
            Cause.GROWTH,
            f"{row.asset.symbol} grows by itself: rewards or a rebase that no entry tells of",
            ("in 3 stretches between readings it grew each time, never by more than 5 %",),
            62,
            row.difference,
            proposal=Proposal(
                Action.ADD, "Record the growth", row.account_id, "", (leg,), EntryKind.REWARD, since, ZERO
            ),
        )
        twice = LikelyCause(
            Cause.DUPLICATE,
            f"the deposit of +{plain(row.difference)} {row.asset.symbol} on 2026-10-14 is here twice",
            ("two entries have equal legs, at the same time, under another id", "the difference is one of them"),
            95,
            row.difference,
            (entry.entry_id,),
            Proposal(Action.VOID, "Void the second entry", row.account_id, entry.entry_id, difference_after=ZERO),
        )
        made[place] = (twice, page) if row.difference > 0 else (growth, page)
    return made


class FakeBreaks(FakeRest):
    """The worklist and the reconciliation, with waivers that hold while the workspace lives."""

    def __init__(self, answers: Answers, events: Events, *, empty: bool) -> None:
        super().__init__(answers, empty=empty)
        self._events = events
        self.waived: dict[tuple[str, str], str] = {}
        self.decided: list[tuple[str, str]] = []

    async def everything(self) -> tuple[Finding, ...]:
        await self._answers.wait("findings")
        if self._is_empty:
            return ()
        told = [finding(row) for row in self._rows(()) if row.is_break]
        others = [one for one in views.findings() if one.code != "break"]
        rows = [
            Finding(
                Severity.WARNING, "quarantined-row", f"Row {number} of the ledger has no amount.",
                f"kraken-desk/{number}",
                "It stays in its page, and counts in no balance.", "Read the page", (), "connections/kraken-desk",
                source="kraken-desk",
            )
            for number in range(2, 193)
        ]  # fmt: skip
        found = [*told, *others, *rows]
        return tuple(replace(one, waived=self.waived.get((one.code, one.subject), "")) for one in found)

    async def headlines(self) -> tuple[Finding, ...]:
        return await self.all()

    async def groups(self, *, with_waived: bool = False) -> tuple[FindingGroup, ...]:
        found = await self.everything()
        return groups([one for one in found if with_waived or not one.waived], self.effect)

    def effect(self, found: Finding) -> Decimal | None:
        mark = books.marks(books.NOW, 0, ()).get(found.asset)
        if found.quantity is None:
            return None
        if found.asset == "usd-coin":
            return found.quantity
        return None if mark is None else multiply(found.quantity, mark.price)

    async def waivers(self) -> tuple[Waiver, ...]:
        found = {(one.code, one.subject): one for one in await self.everything()}
        return tuple(
            Waiver(*key, found[key].figure, reason, is_taken_back=not reason)
            for key, reason in self.waived.items()
            if key in found
        )

    async def waive(self, name: str, reason: str) -> tuple[Finding, ...]:
        return await self._decide(name, reason, kept=reason)

    async def take_back(self, name: str, reason: str) -> tuple[Finding, ...]:
        return await self._decide(name, reason, kept="")

    async def _decide(self, name: str, reason: str, *, kept: str) -> tuple[Finding, ...]:
        await self._answers.wait("waive")
        found = tuple(one for one in await self.everything() if name in (one.name, group_name(one)))
        if not found:
            message = f"No finding has the name {name!r}."
            raise InputError(message)
        self.decided.append((name, reason))
        self.waived.update({(one.code, one.subject): kept for one in found})
        self._events.publish(RecordsAppended(()))
        return found

    def _rows(self, accounts: Sequence[str]) -> tuple[Reconciliation, ...]:
        rows = [_turned(row) for row in views.reconciliations(accounts)]
        told = with_causes(with_courses(rows, all_courses()), _causes(rows))
        kept = [replace(row, waived=self.waived.get(("break", row.subject), "")) for row in told]
        return tuple(sorted(kept, key=lambda row: (not row.is_break, row.account_name, row.asset.symbol)))

    async def reconcile(self, accounts: Sequence[str] = ()) -> tuple[Reconciliation, ...]:
        await self._answers.wait("reconcile")
        return () if self._is_empty else self._rows(accounts)

    async def courses(self, accounts: Sequence[str] = ()) -> tuple[Course, ...]:
        await self._answers.wait("courses")
        return tuple(one for one in all_courses() if not accounts or one.account in accounts)
