"""Bundles for accountants: a sealed year with its proofs, read-only, whole or without names and notes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.bundle.redaction import words_of
from app.core.bundle.whole import DIFFERENCES, Bundle, BundleSource, bundle, redacted_bundle
from app.core.errors import InputError, RefusedError, UsageError
from app.core.lots.undisturbed import undisturbed
from app.core.model.period_seals import PeriodSeal
from app.core.ports import OpenVault, Progress, Runtime
from app.services.seals import Seals
from app.services.threads import Threads

SCRIPT = Path(__file__).parents[2] / "resources" / "bundle" / "verify.py"
ARCHIVE = ".zip"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which bundle is wanted.

    Attributes:
        jurisdiction: "" where the year is sealed under one only.
        out: A new folder, or a new file that ends in .zip.
        is_redacted: Without names, ids and notes.
        openings: A file for what opens everything hidden; None writes none.
    """

    year: int
    jurisdiction: str
    out: Path
    is_redacted: bool = False
    openings: Path | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A bundle that was written."""

    seal: PeriodSeal
    out: Path
    made: Bundle


class Bundles:
    """Writes bundles of one vault."""

    def __init__(self, runtime: Runtime, vault: OpenVault, threads: Threads, seals: Seals) -> None:
        """Take the books and their seals."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._seals = seals

    async def write(self, wanted: Wanted, progress: Progress) -> Written:
        """Write a bundle of the newest version of a sealed year.

        Raises:
            RefusedError: The year is not sealed.
            UsageError: It is sealed under several jurisdictions and none is named, or nothing is hidden to be opened.
            InputError: Something is there already, or there is no folder for it.
            ChainBrokenError: A sealed file or a record was changed.
        """
        versions = await self._seals.versions(wanted.year, wanted.jurisdiction)
        if not versions:
            name = f"{wanted.jurisdiction.upper()} {wanted.year}".strip()
            message = f"{name} is not sealed, and a bundle is of a sealed year."
            raise RefusedError(message, hint=f"Close it first: counterfoil tax seal --year {wanted.year}.")
        await self._threads.read(_check_free, wanted)
        progress(None, f"Reading {versions[-1].name}")
        sealed = await self._seals.files(versions[-1])
        return await self._threads.read(self._written, wanted, versions, sealed, progress)

    @undisturbed
    def _written(
        self, wanted: Wanted, versions: Sequence[PeriodSeal], sealed: Mapping[str, bytes], progress: Progress
    ) -> Written:
        progress(None, "Putting the proofs together")
        made = self._made(wanted, versions, sealed)
        progress(None, f"Writing {wanted.out.name}")
        files = self._runtime.files
        if wanted.out.suffix.lower() == ARCHIVE:
            files.archive(wanted.out, made.files)
        else:
            files.folder(wanted.out, made.files)
        if wanted.openings is not None:
            files.whole(wanted.openings, json.dumps(dict(made.openings), ensure_ascii=False, indent=1).encode())
        return Written(versions[-1], wanted.out, made)

    def _made(self, wanted: Wanted, versions: Sequence[PeriodSeal], sealed: Mapping[str, bytes]) -> Bundle:
        proofs, newest = self._vault.proofs, versions[-1]
        records = [*(one.record for one in versions), *(one.record for one in newest.parts)]
        amendments = {
            seal.version: proofs.sealed_file(part)
            for seal in versions[:-1]
            for part in seal.parts
            if part.name == DIFFERENCES
        }
        source = BundleSource(
            versions,
            sealed,
            amendments,
            proofs.chains(),
            {one.hash: one for one in proofs.opened(records)},
            SCRIPT.read_bytes(),
        )
        if not wanted.is_redacted:
            return bundle(source)
        reader = self._vault.reader
        labels = {name for one in reader.accounts() for name in (one.account_id, one.name) if name}
        return redacted_bundle(source, labels, words_of(entry for _, entry in reader.export_entries()))


def _check_free(wanted: Wanted) -> None:
    """Refuse before anything is computed; a folder that is there may be empty."""
    if wanted.openings is not None and not wanted.is_redacted:
        raise UsageError("Nothing is hidden that could be opened.", hint="Leave --openings out, or add --redact.")
    for path in filter(None, (wanted.out if wanted.out.suffix.lower() == ARCHIVE else None, wanted.openings)):
        if path.exists():
            raise InputError(f"{path.name} is there already.", hint="Choose another name.", where=str(path))
