"""Tax years closed under one hash: sealed, made again and compared, amended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from app.core.clock import iso, to_datetime
from app.core.errors import RefusedError, UsageError
from app.core.findings import Finding, Severity
from app.core.lots.undisturbed import undisturbed
from app.core.model.lot_selections import LotSelection
from app.core.model.period_seals import LaterRecord, PeriodSeal, SealedPart
from app.core.model.price_overrides import PriceOverride
from app.core.model.transfer_links import TransferLink
from app.core.model.waivers import Waiver
from app.core.ports import OpenVault, Progress, Runtime
from app.core.seal.causes import Cause, causes
from app.core.seal.differences import Difference, differences
from app.core.seal.engine import ENGINE
from app.core.seal.hashes import canonical, digest, seal_of
from app.core.seal.sections import SealSource, until
from app.core.seal.whole import WholeYear, made_of, read_whole
from app.services import broker_forms
from app.services.broker_forms import BrokerForm
from app.services.events import Events, RecordsAppended
from app.services.reconciliation import ReconciliationService
from app.services.seal_forms import STATEMENT, written_forms
from app.services.seal_readiness import Readiness, blocked, breaks, check_is_over
from app.services.tax_answers import Asked, TaxYear, question_of, words_of
from app.services.tax_years import TaxYears
from app.services.threads import Threads
from app.services.version import own_version

__all__ = ["EVIDENCE", "REPORT", "Seals", "Verified", "question_of", "told"]

EVIDENCE = "evidence.json"
REPORT = "differences.json"
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Verified:
    """A sealed year held against the same year made again."""

    seal: PeriodSeal
    is_reproduced: bool
    differences: tuple[Difference, ...] = ()
    causes: tuple[Cause, ...] = ()


class Seals:
    """Seals tax years of one vault."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        runtime: Runtime,
        vault: OpenVault,
        threads: Threads,
        events: Events,
        tax: TaxYears,
        reconciliation: ReconciliationService,
    ) -> None:
        """Take the books and what computes their years."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._events = events
        self._tax = tax
        self._reconciliation = reconciliation

    async def all(self) -> tuple[PeriodSeal, ...]:
        """Return every version of every sealed year, oldest first."""
        return tuple(await self._threads.read(self._vault.reader.decisions, PeriodSeal))

    async def versions(self, year: int, jurisdiction: str = "") -> tuple[PeriodSeal, ...]:
        """Return the versions of one sealed year, oldest first; none where it is open.

        UsageError where no jurisdiction is named and the year is sealed under several.
        """
        found = [one for one in await self.all() if one.year == year and jurisdiction in ("", one.jurisdiction)]
        countries = sorted({one.jurisdiction for one in found})
        if len(countries) > 1:
            message = f"{year} is sealed under {' and '.join(countries)}."
            raise UsageError(message, hint=f"Name one of them: --jurisdiction {countries[0]}.")
        return tuple(found)

    async def readiness(self, asked: Asked) -> Readiness:
        """Return what stands against closing a year.

        RefusedError where it is not over, or purchases after it can still be matched with its sales.
        """
        year = _year(asked)
        found = await self._tax.recompute(asked)
        check_is_over(found, year, self._runtime.clock.now_ns())
        end = until(found.profile, year)
        entries = await self._threads.read(self._vault.reader.export_entries) if found.is_blocked else ()
        figures = blocked(found, {entry_id: entry.at for entry_id, entry in entries}, end)
        open_, waived = await breaks(self._reconciliation, end)
        return Readiness(found, (*figures, *open_), waived)

    async def seal(self, asked: Asked, progress: Progress, *, reason: str = "", amends: bool = False) -> PeriodSeal:
        """Close a year, or amend it by a new version with a report of what differs; returns the seal as it is kept.

        Raises:
            NotReadyError: Figures are not known or breaks are open.
            RefusedError: It is sealed already, not over yet, or nothing changed since the version that is amended.
            UsageError: The reason is missing where one is needed, or there is nothing to amend.
        """
        before = await self.versions(_year(asked), asked.jurisdiction)
        _check_version(before, asked, reason, amends=amends)
        progress(None, "Checking what stands against closing")
        for _ in range(_ATTEMPTS):
            ready = await self.readiness(asked)
            ready.check(_name(asked), reason)
            made = await self._threads.read(self._made, _year(asked), ready, progress)
            if made is not None:
                draft = _draft(asked, ready.found, made, before, reason)
                return await self._kept(draft, ready.found, made, before, progress)
        raise _never_still(_name(asked))

    async def _kept(
        self,
        draft: PeriodSeal,
        found: TaxYear,
        made: WholeYear,
        before: Sequence[PeriodSeal],
        progress: Progress,
    ) -> PeriodSeal:
        report: dict[str, bytes] = {}
        if before:
            verified = await self._threads.read(self._compared, before[-1], made)
            if verified.is_reproduced:
                message = f"Nothing changed since {before[-1].name}."
                raise RefusedError(message, hint="A year is amended once it comes out differently.")
            report[REPORT] = canonical(told(verified))
        progress(None, "Writing the forms")
        seal, files = await self._threads.read(self._put_together, draft, found, made, report)
        progress(None, "Sealing")
        record = await self._threads.write(self._vault.writer.append_seal, seal, files)
        self._events.publish(RecordsAppended(()))
        return next(one for one in await self.all() if one.record == record)

    def _put_together(
        self, draft: PeriodSeal, found: TaxYear, made: WholeYear, report: Mapping[str, bytes]
    ) -> tuple[PeriodSeal, dict[str, bytes]]:
        """Return the seal over every file, and the files in the order in which they are hashed."""
        on = to_datetime(self._runtime.clock.now_ns()).date()
        forms, unwritten = written_forms(found, draft.year, self._runtime, on, self._reported(found, draft.year))
        evidence = {
            "decisions": self._decided(),
            "engine": str(draft.engine),
            "head": draft.head,
            "jurisdiction": draft.jurisdiction,
            "not_written": unwritten,
            "previous": draft.previous,
            "program": draft.program,
            "question": dict(draft.question),
            "reason": draft.reason,
            "records": dict(self._vault.proofs.records([line[0] for line in made.sections["entries"]["listed"]])),
            "version": str(draft.version),
            "year": str(draft.year),
        }
        files = {**made.files, EVIDENCE: canonical(evidence), **report, **forms}
        parts = tuple(SealedPart(name, digest(content)) for name, content in files.items())
        return replace(draft, seal=seal_of((one.name, one.hash) for one in parts), parts=parts), files

    @undisturbed
    def _made(self, year: int, ready: Readiness, progress: Progress) -> WholeYear | None:
        """Return the canonical output; None where the books have changed since the figures were computed."""
        progress(None, "Putting the year together")
        found, reader = ready.found, self._vault.reader
        entries = reader.export_entries()
        if reader.head() != found.head:
            return None
        figures = found.figures, found.profile, found.findings, found.valuations, found.identified
        waived = [(one.code, one.subject) for one in ready.waived]
        decisions = reader.decisions(TransferLink), reader.decisions(PriceOverride)
        form = self._reported(found, year)
        reported = {} if form is None else {STATEMENT: form.text}
        return made_of(SealSource(year, *figures, entries, waived, found.income_kinds, *decisions, reported))

    def _reported(self, found: TaxYear, year: int) -> BrokerForm | None:
        """Return what brokers reported of a year, where its country has them file it."""
        if found.profile.jurisdiction.code != broker_forms.COUNTRY:
            return None
        return broker_forms.read(self._vault.setting(broker_forms.setting_name(year)))

    def _decided(self) -> dict[str, str]:
        """Return the records of all that was decided on transfers, prices, lots and findings, each with its moment."""
        reader = self._vault.reader
        told: list[LotSelection | PriceOverride | TransferLink | Waiver] = [*reader.decisions(LotSelection)]
        told += [*reader.decisions(PriceOverride), *reader.decisions(TransferLink), *reader.decisions(Waiver)]
        return {one.record: iso(one.recorded_ns) for one in told}

    async def verify(self, seal: PeriodSeal, progress: Progress) -> Verified:
        """Make a sealed year again and compare it byte by byte; ChainBrokenError where a sealed file was changed."""
        for _ in range(_ATTEMPTS):
            found = await self.compare(seal, progress)
            if found is not None:
                return found
        raise _never_still(seal.name)

    async def compare(self, seal: PeriodSeal, progress: Progress) -> Verified | None:
        """Do so once; None where the books went on while the year was made."""
        progress(None, f"Making {seal.name} again")
        waived = await self._threads.read(self._waived, seal)
        found = await self._tax.recompute(question_of(seal))
        made = await self._threads.read(self._made, seal.year, Readiness(found, waived=waived), progress)
        return None if made is None else await self._threads.read(self._compared, seal, made)

    def _waived(self, seal: PeriodSeal) -> tuple[Finding, ...]:
        """Return what was waived when the year was closed: waivers of later are no part of it."""
        waived = self._sealed(seal).sections["findings"]["waived"]
        return tuple(Finding(Severity.INFO, code, "", subject) for code, subject in waived)

    def _compared(self, seal: PeriodSeal, made: WholeYear) -> Verified:
        sealed = self._sealed(seal)
        if sealed.files == made.files:
            return Verified(seal, is_reproduced=True)
        found = differences(sealed.sections, made.sections)
        country = seal.jurisdiction.upper()
        why = causes(seal, found, self._later(seal, sealed, made), own_version(), country)
        return Verified(seal, is_reproduced=False, differences=found, causes=why)

    def _later(self, seal: PeriodSeal, *years: WholeYear) -> list[LaterRecord]:
        """Return what was recorded after the seal, as far as it may concern the year."""
        known = {line[0] for year in years for line in year.sections["entries"]["listed"]}
        end = max(year.end_ns for year in years)
        return [
            one
            for one in self._vault.proofs.later(seal.head)
            if one.at is None or one.at < end or one.entry_id in known
        ]

    def _sealed(self, seal: PeriodSeal) -> WholeYear:
        """Return the canonical output as it was sealed, every file checked against its hash."""
        self._vault.proofs.check_seal(seal)
        read = self._vault.proofs.sealed_file
        return read_whole({one.name: partial(read, one) for one in seal.parts})

    async def files(self, seal: PeriodSeal) -> Mapping[str, bytes]:
        """Return every file under a seal, and the one document, each checked against its hash."""
        return await self._threads.read(self._files, seal)

    async def write(self, seal: PeriodSeal, folder: Path) -> tuple[str, ...]:
        """Write every file under a seal into a new folder, as it was sealed; returns their names."""
        files = await self.files(seal)
        await self._threads.read(self._runtime.files.folder, folder, files)
        return tuple(files)

    def _files(self, seal: PeriodSeal) -> dict[str, bytes]:
        whole, read = self._sealed(seal), self._vault.proofs.sealed_file
        return {"year.json": whole.document, **{one.name: read(one) for one in seal.parts}}


def _draft(asked: Asked, found: TaxYear, made: WholeYear, before: Sequence[PeriodSeal], reason: str) -> PeriodSeal:
    """Return a seal without its hash, for the version after those that there are."""
    return PeriodSeal(
        asked.jurisdiction,
        _year(asked),
        len(before) + 1,
        "",
        digest(made.document),
        (),
        found.head,
        ENGINE,
        own_version(),
        words_of(asked),
        before[-1].seal if before else "",
        reason,
    )


def _check_version(before: Sequence[PeriodSeal], asked: Asked, reason: str, *, amends: bool) -> None:
    if before and not amends:
        message = f"{_name(asked)} is sealed: {before[-1].name}, {before[-1].seal[:16]}."
        raise RefusedError(message, hint="Compare it with tax verify; a new version is made by --amend --reason WORDS.")
    if amends and not before:
        raise UsageError(f"{_name(asked)} is not sealed: there is nothing to amend.", hint="Leave --amend out.")
    if amends and not reason:
        raise UsageError("--reason is missing.", hint="An amendment is sealed with its reason.")


def told(verified: Verified) -> dict[str, object]:
    """Return the report of what differs from a version, as it is sealed with the next one."""
    return {
        "against": {"version": str(verified.seal.version), "seal": verified.seal.seal},
        "causes": [{"code": one.code, "words": one.words, "record": one.record} for one in verified.causes],
        "differences": [
            {
                "part": one.part,
                "subject": one.subject,
                "field": one.field,
                "before": one.before,
                "after": one.after,
                "change": one.change,
            }
            for one in verified.differences
        ],
    }


def _year(asked: Asked) -> int:
    if asked.year is None:
        raise UsageError("--year is missing.", hint="A seal closes one tax year.")
    return asked.year


def _name(asked: Asked) -> str:
    return f"{asked.jurisdiction.upper()} {asked.year}"


def _never_still(name: str) -> RefusedError:
    message = f"The books went on changing while {name} was put together."
    return RefusedError(message, hint="Let the readings that are under way end, and try again.")
