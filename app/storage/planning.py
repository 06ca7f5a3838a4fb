"""The plan of a page: what its candidates are to the books, decided before anything is written."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from app.core.findings import Finding
from app.core.journal.bodies import EntryEncoder, content_digest, same_moment
from app.core.ledger.dedupe import (
    Claim,
    Held,
    Second,
    SecondInBooks,
    edge_seconds,
    is_weak,
    judge,
    second_of,
    weak_identity,
)
from app.core.ledger.entries import Entry, entry_id
from app.core.ledger.validate import Scale, fault, quarantined
from app.core.model.pages import AppendResult, Page
from app.storage.known import ALIAS, Books, Known
from app.storage.projections import State


class Prepared(NamedTuple):
    """A candidate with what its record will need."""

    row: int
    entry: Entry
    entry_id: bytes
    legs: list[bytes]
    content: bytes


@dataclass(slots=True)
class Plan:
    """What a page would do to the books."""

    new: list[Prepared] = field(default_factory=list)
    revised: list[tuple[Prepared, Known]] = field(default_factory=list)
    claims: list[tuple[Prepared, Claim]] = field(default_factory=list)
    linked: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    """Rows without ids that other entries already hold, with those entries."""
    seen: int = 0
    quarantine: list[Finding] = field(default_factory=list)

    def result(self, head: str = "") -> AppendResult:
        """Return the numbers of the plan."""
        return AppendResult(
            recorded=len(self.new),
            seen=self.seen,
            revised=len(self.revised),
            evidence=len(self.claims) + len(self.linked),
            quarantined=len(self.quarantine),
            head=head,
            findings=tuple(self.quarantine),
        )


class Planner:
    """Plans pages of one book; keeps nothing between pages but encoded words."""

    def __init__(self, book: str) -> None:
        """Take the id of the book."""
        self._book = book
        self.encoder = EntryEncoder()

    def prepare(self, row: int, entry: Entry) -> Prepared:
        """Return an entry with its id and encoded legs."""
        identity = weak_identity(entry) if is_weak(entry.identity) else entry.identity
        legs = self.encoder.legs(entry)
        known_as = entry_id(self._book, entry.account, identity)
        return Prepared(row, entry, known_as, legs, content_digest(entry, legs))

    def plan(self, source: str, page: Page, books: Books, now: int, scale: Scale) -> Plan:
        """Return what the page would do."""
        plan = Plan()
        strong: list[Prepared] = []
        weak: list[tuple[int, Entry]] = []
        for candidate in page.candidates:
            why = fault(candidate.entry, now, scale)
            if why:
                plan.quarantine.append(quarantined(source, page.stream, candidate.row, candidate.entry, why))
            elif is_weak(candidate.entry.identity):
                weak.append((candidate.row, candidate.entry))
            else:
                strong.append(self.prepare(candidate.row, candidate.entry))
        if strong:
            self._plan_strong(strong, books, plan)
            plan.quarantine.extend(_contradictions(source, page.stream, strong))
        if weak:
            self._plan_weak(weak, strong, books, plan, is_complete=page.is_complete)
        return plan

    def _plan_strong(self, strong: Sequence[Prepared], books: Books, plan: Plan) -> None:
        known = books.known([one.entry_id for one in strong])
        fresh = [one for one in strong if one.entry_id not in known]
        held = books.seconds({second_of(one.entry) for one in fresh}, weak_only=True) if fresh else {}
        planned: dict[bytes, Prepared] = {}
        for one in strong:
            there = known.get(one.entry_id)
            if one.entry_id in planned or there is ALIAS:
                plan.seen += 1
            elif there is not None:
                self._compare(one, there, books, plan)
            else:
                planned[one.entry_id] = one
                here = held.get(second_of(one.entry)) if held else None
                claim = None if here is None else here.claim(one.entry)
                if claim is None:
                    plan.new.append(one)
                else:
                    plan.claims.append((one, claim))

    def _compare(self, one: Prepared, there: Known, books: Books, plan: Plan) -> None:
        """Compare a reading with what is known by its id.

        A version that the entry had before is not news: an old page read again must not undo a newer one, nor a
        person's correction. What a person voided stays void.
        """
        entry = one.entry
        is_same = one.content == there.content and same_moment(entry.at, entry.resolution, there.at, there.resolution)
        if is_same or there.state == State.VOID or self._was(one, there, books):
            plan.seen += 1
        else:
            plan.revised.append((one, there))

    def _was(self, one: Prepared, there: Known, books: Books) -> bool:
        entry = one.entry
        return any(
            content_digest(version, self.encoder.legs(version)) == one.content
            and same_moment(entry.at, entry.resolution, version.at, version.resolution)
            for version in books.versions(there.n)
        )

    def _plan_weak(
        self,
        weak: Sequence[tuple[int, Entry]],
        strong: Sequence[Prepared],
        books: Books,
        plan: Plan,
        *,
        is_complete: bool,
    ) -> None:
        by_second: dict[Second, list[tuple[int, Entry]]] = {}
        for row, entry in weak:
            by_second.setdefault(second_of(entry), []).append((row, entry))
        cut = edge_seconds((second for _, second in by_second), is_complete=is_complete)
        held = books.seconds(by_second, weak_only=False)
        beside = _by_second(strong, by_second)
        fresh = _fresh(plan, by_second)
        excess: list[tuple[int, Entry]] = []
        for where, rows in by_second.items():
            if where[1] in cut:
                continue
            here = held.get(where) or SecondInBooks()
            here.held.extend(fresh.get(where, ()))
            verdicts = judge([entry for _, entry in rows], beside.get(where, {}), here)
            for (row, _), verdict in zip(rows, verdicts, strict=True):
                if verdict.excess is not None:
                    excess.append((row, verdict.excess))
                elif verdict.is_own:
                    plan.seen += 1
                else:
                    plan.linked.append((row, verdict.known_as))
        plan.new.extend(self._with_free_ids(excess, books))

    def _with_free_ids(self, excess: Sequence[tuple[int, Entry]], books: Books) -> list[Prepared]:
        """Return weak entries under ids that no other has: equal rows differ by their ordinal."""
        prepared = [self.prepare(row, entry) for row, entry in excess]
        taken = set(books.known([one.entry_id for one in prepared]))
        for place, one in enumerate(prepared):
            free = one
            while free.entry_id in taken:
                ordinal = str(int(free.entry.identity.part or "0") + 1)
                identity = replace(free.entry.identity, part=ordinal)
                free = self.prepare(one.row, replace(free.entry, identity=identity))
                if free.entry_id not in taken:
                    taken.update(books.known([free.entry_id]))
            taken.add(free.entry_id)
            prepared[place] = free
        return prepared


def _contradictions(source: str, stream: str, strong: Sequence[Prepared]) -> list[Finding]:
    """Return a finding for each row that gives other content under the id of a row before it: the first one counts."""
    first: dict[bytes, Prepared] = {}
    why = "another row before it has the same id and other content, which counts"
    return [
        # The books get the first one: that it is there settles nothing.
        replace(quarantined(source, stream, one.row, one.entry, why), awaits=())
        for one in strong
        if first.setdefault(one.entry_id, one).content != one.content
    ]


def _by_second(strong: Sequence[Prepared], wanted: Container[Second]) -> dict[Second, dict[str, Entry]]:
    """Return a page's entries with ids by the second in which it also has rows without."""
    found: dict[Second, dict[str, Entry]] = {}
    for one in strong:
        where = second_of(one.entry)
        if where in wanted:
            found.setdefault(where, {})[one.entry_id.hex()] = one.entry
    return found


def _fresh(plan: Plan, wanted: Container[Second]) -> dict[Second, list[Held]]:
    """Return what the plan adds with ids to seconds in which the page also has rows without."""
    found: dict[Second, list[Held]] = {}
    for one in plan.new:
        where = second_of(one.entry)
        if where in wanted:
            found.setdefault(where, []).append(Held(one.entry_id.hex(), is_weak=False, legs=one.entry.legs))
    return found
