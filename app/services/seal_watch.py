"""What was recorded after a tax year was closed, and waits for a person: kept for as long as nothing more comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.errors import ChainBrokenError, RefusedError, UsageError
from app.core.findings import Finding, Severity
from app.core.journal.records import RecordKind
from app.core.model.period_seals import LaterRecord, PeriodSeal
from app.core.ports import OpenVault, Runtime
from app.core.seal.late import DIFFERS, late_findings
from app.core.seal.sections import until
from app.services.sealed_figures import newest, section
from app.services.seals import Seals
from app.services.tax_answers import asked_profile, question_of
from app.services.threads import Threads


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of a closed year.

    Attributes:
        end: The moment before which everything lies that its figures follow from.
        listed: The entries that were sealed one by one.
        money: The asset id of the money of its figures.
        head: Until which record the journal was looked through.
        told: What is to be said of that; None before the year was made again.
    """

    end: int
    listed: frozenset[str]
    money: str
    head: str
    told: tuple[Finding, ...] | None = ()


class SealWatch:
    """Watches the closed years of one vault.

    A year is made again only where something was recorded that may change it: a sync of new trades costs nothing. What
    a price source says of old days by now is told by the tax year and by `tax verify`.
    """

    def __init__(self, runtime: Runtime, vault: OpenVault, threads: Threads, seals: Seals) -> None:
        """Take the books."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._seals = seals
        self._seen: dict[str, _Seen] = {}

    async def findings(self) -> Sequence[Finding]:
        """Return what came after years were closed, once for each year, and openings that no longer follow."""
        found: list[Finding] = []
        for seal in newest(await self._seals.all()).values():
            try:
                found += await self._of(seal)
            except ChainBrokenError as error:
                found.append(_broken(seal, error))
        return found

    async def _of(self, seal: PeriodSeal) -> Sequence[Finding]:
        seen = await self._threads.read(self._look, seal)
        if seen.told is None:
            # Where the books went on meanwhile, their next state is looked at anew.
            seen = replace(seen, told=await self._made_again(seal, seen.money))
        self._seen[seal.record] = seen
        return seen.told or ()

    def _look(self, seal: PeriodSeal) -> _Seen:
        seen = self._seen.get(seal.record) or self._begun(seal)
        head = self._vault.reader.head()
        if head == seen.head:
            return seen
        may_change = any(_concerns(one, seen) for one in self._vault.proofs.later(seen.head))
        return replace(seen, head=head, told=None if may_change else seen.told)

    def _begun(self, seal: PeriodSeal) -> _Seen:
        profile, _ = asked_profile(question_of(seal))
        listed, rules = (section(self._vault, seal, name) for name in ("entries", "rules"))
        money = self._runtime.assets.resolve("", rules["currency"])
        return _Seen(
            until(profile, seal.year),
            frozenset(line[0] for line in listed["listed"]),
            money.asset_id,
            seal.head,
        )

    async def _made_again(self, seal: PeriodSeal, money: str) -> tuple[Finding, ...] | None:
        try:
            found = await self._seals.compare(seal, _silently)
        except (RefusedError, UsageError) as error:
            # Such as orders that cannot be followed together any more: the sealed figures stand all the same.
            message = f"{seal.name} cannot be made again from the books of now: {error.message}"
            return (Finding(Severity.WARNING, DIFFERS, message, f"{seal.jurisdiction}/{seal.year}", error.hint),)
        if found is None:
            return None
        assets = self._runtime.assets
        return tuple(
            late_findings(seal, found.differences, found.causes, money, lambda asset: assets.asset(asset).symbol)
        )


def _concerns(one: LaterRecord, seen: _Seen) -> bool:
    """Tell whether a record may change a closed year; which waivers held is sealed with it."""
    if one.at is None:
        return one.kind != RecordKind.WAIVER.value
    return one.at < seen.end or one.entry_id in seen.listed


def _silently(share: float | None, doing: str) -> None:
    """Tell nobody how far it is: the worklist says when it is read."""


def _broken(seal: PeriodSeal, error: ChainBrokenError) -> Finding:
    return Finding(
        Severity.ERROR, "broken-seal", f"{seal.name}: {error.message}", f"{seal.jurisdiction}/{seal.year}",
        error.hint, "Verify the vault",
    )  # fmt: skip
