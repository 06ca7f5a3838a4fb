"""A bundle for an accountant: the files of a sealed year, its amendments, proofs, an index and a script that checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.bundle.index import readme
from app.core.bundle.proofs import SEALS, chain_files, opening, seals_file, secret
from app.core.bundle.redacted import redacted_differences, redacted_files, sections_in
from app.core.bundle.redaction import Redaction, labels_of
from app.core.model.period_seals import PeriodSeal
from app.core.model.proofs import ChainProof, RecordProof
from app.core.seal.hashes import canonical, digest

_README, _SCRIPT, _MANIFEST, _REDACTION = "README.txt", "verify.py", "manifest.sha256", "redaction.json"
DIFFERENCES = "differences.json"


@dataclass(frozen=True, slots=True)
class BundleSource:
    """What a bundle is made of.

    Attributes:
        seals: Every version of the year, oldest first; the bundle is of the newest.
        sealed: The files under it, and the one document.
        amendments: The report of differences of each earlier version that has one, by its number.
        opened: The records of the seals and of their files, by hash.
        script: What checks a bundle.
    """

    seals: Sequence[PeriodSeal]
    sealed: Mapping[str, bytes]
    amendments: Mapping[int, bytes]
    chains: Sequence[ChainProof]
    opened: Mapping[str, RecordProof]
    script: bytes

    @property
    def seal(self) -> PeriodSeal:
        """Return the version that is given out."""
        return self.seals[-1]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle.

    Attributes:
        files: By name, in the order in which they are written.
        left_out: What is not in it, with the reason.
        openings: What opens everything hidden, for its owner only; empty where nothing is hidden.
    """

    files: Mapping[str, bytes]
    left_out: Mapping[str, str]
    openings: Mapping[str, Sequence[str]]


def bundle(source: BundleSource) -> Bundle:
    """Return everything as it was sealed."""
    files = {**source.sealed, SEALS: seals_file(source.seals, source.opened)}
    files |= {_amendment(version): content for version, content in source.amendments.items()}
    return Bundle(_closed(source, files, {}, is_redacted=False), {}, {})


def redacted_bundle(source: BundleSource, labels: set[str], words: set[str]) -> Bundle:
    """Return a bundle without names, ids and notes.

    Args:
        source: What is given out.
        labels: How the accounts of the books are called, besides those of the year.
        words: What the entries of the books tell that is to be hidden: see `redaction.words_of`.
    """
    salt, _ = secret(source.opened[source.seal.record])
    redaction = Redaction(salt, labels | labels_of(sections_in(source.sealed)), words)
    files, left_out = redacted_files(source.sealed, redaction)
    files |= {
        _amendment(version): redacted_differences(content, redaction) for version, content in source.amendments.items()
    }
    unchanged = [one for one in source.seal.parts if files.get(one.name) == source.sealed[one.name]]
    files[_REDACTION] = canonical(
        {
            "record": source.seal.record,
            "unchanged": {one.name: opening(source.opened[one.record]) for one in unchanged},
            "hidden": redaction.hidden(),
            "left_out": left_out,
        }
    )
    return Bundle(_closed(source, files, left_out, is_redacted=True), left_out, redaction.openings())


def _amendment(version: int) -> str:
    return f"amendments/{version}/{DIFFERENCES}"


def _closed(
    source: BundleSource, files: Mapping[str, bytes], left_out: Mapping[str, str], *, is_redacted: bool
) -> dict[str, bytes]:
    """Return the files with proofs, script, index and manifest."""
    made = {**files, **chain_files(source.chains), _SCRIPT: source.script}
    names = (*made, _README, _MANIFEST)
    made[_README] = readme(source.seal, names, left_out, is_redacted=is_redacted)
    lines = "\n".join(f"{digest(made[name])}  {name}" for name in sorted(made)).encode()
    made[_MANIFEST] = lines + f"\n# {digest(lines)}\n".encode()
    return {name: made[name] for name in sorted(made)}
