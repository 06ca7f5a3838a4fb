"""Figures of closed years: where what is asked was sealed, the seal answers, whatever the books say by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.core.findings import Finding, Severity
from app.core.lots.undisturbed import undisturbed
from app.core.model.period_seals import PeriodSeal
from app.core.names import AS_TOLD
from app.core.ports import OpenVault
from app.core.seal.differences import told
from app.core.seal.hashes import parsed
from app.core.seal.reading import (
    Clocks,
    follows_the_same,
    free,
    hashes,
    read_figures,
    read_kinds,
    read_valuations,
    sealed_profile,
)
from app.core.seal.whole import section_file
from app.core.tax.figures import Totals
from app.core.tax.profile import Profile
from app.services.tax_answers import Asked, Standing, TaxYear, asked_profile, question_of

AS_SEALED = "as-sealed"
"""Names the finding that figures are those of a seal."""


def newest(seals: Iterable[PeriodSeal]) -> dict[tuple[str, int], PeriodSeal]:
    """Return the version that counts of each closed year, by country and year."""
    return {(one.jurisdiction, one.year): one for one in seals}


@undisturbed
def as_sealed(vault: OpenVault, found: TaxYear, asked: Asked) -> TaxYear:
    """Return an answer as its year was sealed: with the sealed figures where the question is that of the seal."""
    if asked.year is None:
        return found
    seal = newest(vault.reader.decisions(PeriodSeal)).get((asked.jurisdiction, asked.year))
    if seal is None:
        return found
    vault.proofs.check_seal(seal)
    rules = section(vault, seal, "rules")
    if not (_is_asked_alike(asked, seal) or follows_the_same(rules, found.profile, seal.year, found.figures.currency)):
        return _told(found, Standing(seal, is_asked=False), _another(seal, rules))
    sealed = {one.name: one.hash for one in seal.parts}
    now = hashes(found.figures, found.valuations, found.income_kinds)
    if all(sealed.get(section_file(name)) == hashed for name, hashed in now.items()):
        return _told(found, Standing(seal, is_asked=True), _reproduced(seal))
    sections = {name: section(vault, seal, name) for name in now} | {"rules": rules}
    return _held(found, Standing(seal, is_asked=True, is_same=False), sections, asked_profile(asked)[0])


def _is_asked_alike(asked: Asked, seal: PeriodSeal) -> bool:
    """Tell whether the same was asked when the year was sealed; what was ordered since does not matter."""
    before = question_of(seal)
    (one, follows), (other, followed) = asked_profile(asked), asked_profile(before)
    same = (one.method, one.scope, one.options, follows) == (other.method, other.scope, other.options, followed)
    return same and asked.currency.upper() == before.currency.upper()


def section(vault: OpenVault, seal: PeriodSeal, name: str) -> Any:
    """Return a section as it was sealed; ChainBrokenError where its file is not what the seal says."""
    return parsed(vault.proofs.sealed_file(seal.part(section_file(name))))


def _held(found: TaxYear, standing: Standing, sections: Mapping[str, Any], asked: Profile) -> TaxYear:
    profile = sealed_profile(sections["rules"], asked)
    clocks = Clocks({one.row: one for one in found.transactions})
    figures = read_figures(sections, profile.jurisdiction, clocks)
    read = replace(
        found,
        figures=figures,
        profile=profile,
        valuations=read_valuations(sections),
        income_kinds=read_kinds(sections),
        is_blocked=not figures.totals.are_known,
    )
    free(sections)
    return _told(read, standing, _differing(standing.seal, figures.totals, found))


def _told(found: TaxYear, standing: Standing, finding: Finding) -> TaxYear:
    order = list(Severity)
    findings = sorted((finding, *found.findings), key=lambda one: order.index(one.severity))
    return replace(found, standing=standing, findings=tuple(findings))


def _subject(seal: PeriodSeal) -> str:
    return f"{seal.jurisdiction}/{seal.year}"


def _reproduced(seal: PeriodSeal) -> Finding:
    message = f"As sealed on {AS_TOLD.on(seal.recorded_ns)}: {seal.name}. The books of now give the same figures."
    return Finding(Severity.INFO, AS_SEALED, message, _subject(seal))


def _differing(seal: PeriodSeal, sealed: Totals, found: TaxYear) -> Finding:
    totals, currency = found.figures.totals, found.figures.currency
    changed = [
        f"{name} {'unknown' if now is None else f'{told(now)} {currency}'}"
        for name, was, now in (("gain", sealed.gain, totals.gain), ("income", sealed.income, totals.income))
        if was != now
    ]
    would = f"{' and '.join(changed)} in total" if changed else "the same totals, of other parts"
    return Finding(
        Severity.WARNING,
        AS_SEALED,
        f"As sealed on {AS_TOLD.on(seal.recorded_ns)}: {seal.name}. The books of now would give {would}.",
        _subject(seal),
        "Sealed figures stay until the year is amended. What changed since, tax verify names with its causes.",
        "Amend the year, or leave it as it was filed",
        place=f"close/{_subject(seal)}",
    )


def _another(seal: PeriodSeal, rules: Mapping[str, Any]) -> Finding:
    return Finding(
        Severity.INFO,
        "sealed-otherwise",
        f"These are not the figures of {seal.name}: it was sealed by {rules['method']}, {rules['scope']}, "
        f"in {rules['currency']}.",
        _subject(seal),
        "Another question was asked, so it was computed from the books of now.",
    )
