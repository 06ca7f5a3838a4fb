"""What was recorded after a tax year was closed, and waits for a person: kept for as long as nothing more comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.core.clock import DAY
from app.core.errors import ChainBrokenError, RefusedError, UsageError
from app.core.findings import Finding, Severity
from app.core.model.lot_selections import LotSelection
from app.core.model.period_seals import LaterRecord, PeriodSeal
from app.core.model.price_overrides import PriceOverride
from app.core.model.standing_orders import StandingOrder
from app.core.model.transfer_links import TransferLink
from app.core.names import counted
from app.core.ports import OpenVault, Progress, Runtime
from app.core.seal.differences import differences
from app.core.seal.late import DIFFERS, Later, coming, late_findings
from app.core.seal.sections import until
from app.services.events import ClosedYearsCompared, Events
from app.services.jobs import Jobs
from app.services.sealed_figures import newest, section
from app.services.seals import Seals
from app.services.tax_answers import asked_profile, question_of
from app.services.tax_years import TaxYears
from app.services.threads import Threads


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of a closed year.

    Attributes:
        end: The moment before which everything lies that its figures follow from.
        listed: The entries that were sealed one by one.
        money: The asset id of the money of its figures.
        outcome: The sections that tell what it came to.
        head: Until which record the journal was looked through.
        later: What was found there that counts for the year.
        told: What is to be said of that; None before the year was computed again.
    """

    end: int
    listed: frozenset[str]
    money: str
    outcome: Mapping[str, Any]
    head: str
    later: Later = field(default_factory=Later)
    told: tuple[Finding, ...] | None = ()


class SealWatch:
    """Watches the closed years of one vault.

    A year is computed again only where something was recorded that counts for it: a sync of new trades costs a look at
    their moments. Until that is done, in a job, what came is told without its effect, so that no list waits for it.
    What a price source says of old days by now is told by the tax year and by `tax verify`.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        runtime: Runtime,
        vault: OpenVault,
        threads: Threads,
        events: Events,
        jobs: Jobs,
        tax: TaxYears,
        seals: Seals,
    ) -> None:
        """Take the books, and who computes."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._events = events
        self._jobs = jobs
        self._tax = tax
        self._seals = seals
        self._seen: dict[str, _Seen] = {}
        self._asked_for: set[str] = set()

    async def findings(self) -> Sequence[Finding]:
        """Return what came after years were closed, once for each year, and openings that no longer follow."""
        found: list[Finding] = []
        waiting: set[str] = set()
        for seal in newest(await self._seals.all()).values():
            try:
                seen = await self._look(seal)
            except ChainBrokenError as error:
                found.append(_broken(seal, error))
                continue
            if seen.told is None:
                waiting.add(f"{seal.record}/{seen.head}")
            found += [coming(seal, seen.later)] if seen.told is None else seen.told
        if waiting - self._asked_for:
            # A job that failed or was stopped is not begun again for the same.
            self._asked_for |= waiting
            self._jobs.start("Compare closed years with the books", self._work)
        return found

    async def _work(self, progress: Progress) -> str:
        count = await self.settle(progress)
        return f"{counted(count, 'closed year')} compared"

    async def settle(self, progress: Progress) -> int:
        """Compute what closed years come to by now, where something counts for them; returns how many were computed."""
        count = 0
        for seal in newest(await self._seals.all()).values():
            progress(None, seal.name)
            try:
                while (seen := await self._look(seal)).told is None:
                    told = await self._computed(seal, seen)
                    if told is not None:
                        self._seen[seal.record] = replace(seen, told=told)
                        count += 1
            except ChainBrokenError:
                # Nothing of it can be compared: the list of findings says so.
                continue
        self._events.publish(ClosedYearsCompared())
        return count

    async def _look(self, seal: PeriodSeal) -> _Seen:
        seen = self._seen[seal.record] = await self._threads.read(self._looked, seal)
        return seen

    def _looked(self, seal: PeriodSeal) -> _Seen:
        seen = self._seen.get(seal.record) or self._begun(seal)
        head = self._vault.reader.head()
        if head == seen.head:
            return seen
        records = self._vault.proofs.later(seen.head)
        entries = [one for one in records if one.at is not None and (one.at < seen.end or one.entry_id in seen.listed)]
        decisions = self._decisions([one for one in records if one.at is None], seal, seen.end)
        if not entries and not decisions:
            return replace(seen, head=head)
        return replace(seen, head=head, later=seen.later.joined(entries, decisions), told=None)

    def _begun(self, seal: PeriodSeal) -> _Seen:
        self._vault.proofs.check_seal(seal)
        profile, _ = asked_profile(question_of(seal))
        read = {name: section(self._vault, seal, name) for name in ("rules", "entries", "holdings", "totals")}
        return _Seen(
            until(profile, seal.year),
            frozenset(line[0] for line in read["entries"]["listed"]),
            self._runtime.assets.resolve("", read["rules"]["currency"]).asset_id,
            {name: read[name] for name in ("holdings", "totals")},
            seal.head,
        )

    def _decisions(self, records: Sequence[LaterRecord], seal: PeriodSeal, end: int) -> int:
        """Return how many of later decisions count for the year; which waivers held is sealed with it."""
        wanted, reader = {one.record for one in records}, self._vault.reader
        if not wanted:
            return 0
        prices = [one for one in reader.decisions(PriceOverride) if one.record in wanted and one.day * DAY < end]
        lots = [
            one
            for one in reader.decisions(LotSelection)
            # One ahead is for sales after it, and so after the year.
            if one.record in wanted and one.jurisdiction == seal.jurisdiction and one.disposal
            if reader.entry(one.disposal).entry.at < end
        ]
        links = [one for one in reader.decisions(TransferLink) if one.record in wanted]
        moments = {entry_id: entry.at for entry_id, entry in reader.moves()} if links else {}
        links = [one for one in links if any(moments.get(end_of, 0) < end for end_of in one.ids)]
        since = min(one.recorded_ns for one in records)
        orders = [
            one
            for one in reader.decisions(StandingOrder)
            if one.recorded_ns >= since and one.jurisdiction == seal.jurisdiction and one.year <= seal.year
        ]
        return len(prices) + len(lots) + len(links) + len(orders)

    async def _computed(self, seal: PeriodSeal, seen: _Seen) -> tuple[Finding, ...] | None:
        try:
            found = differences(seen.outcome, await self._tax.outcome(question_of(seal)))
            if not found:
                # Nothing that counts, or what was taken back again: only all of the year tells.
                whole = await self._seals.compare(seal, _silently)
                if whole is None or whole.is_reproduced:
                    return None if whole is None else ()
        except ChainBrokenError as error:
            return (_broken(seal, error),)
        except (RefusedError, UsageError) as error:
            # Such as orders that cannot be followed together any more: the sealed figures stand all the same.
            message = f"{seal.name} cannot be made again from the books of now: {error.message}"
            return (Finding(Severity.WARNING, DIFFERS, message, _subject(seal), error.hint),)
        names = await self._threads.read(self._tax.names)
        return tuple(late_findings(seal, seen.later, found, seen.money, names))


def _silently(share: float | None, doing: str) -> None:
    """Tell nobody how far it is: the worklist says when it is read."""


def _subject(seal: PeriodSeal) -> str:
    return f"{seal.jurisdiction}/{seal.year}"


def _broken(seal: PeriodSeal, error: ChainBrokenError) -> Finding:
    message = f"{seal.name}: {error.message}"
    return Finding(Severity.ERROR, "broken-seal", message, _subject(seal), error.hint, "Verify the vault")
