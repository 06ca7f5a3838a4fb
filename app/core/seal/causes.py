"""Why a sealed year comes out differently: what was recorded later, which price changed, what the program changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.clock import iso
from app.core.model.period_seals import LaterRecord, PeriodSeal
from app.core.seal.differences import REPORTED, Difference
from app.core.seal.engine import ENGINE, changed_since
from app.core.tax.from_entries import entry_of

_DECIDED = {
    "lot_selection": "a selection of lots",
    "price_override": "a price set by a person",
    "standing_order": "a standing order",
    "transfer_link": "a decision about a transfer",
}
_STANDS_IN = {
    "lot_selection": "disposals",
    "price_override": "decisions",
    "standing_order": "rules",
    "transfer_link": "decisions",
}
"""In which section something differs where such a decision concerns the year."""

_RULES_NAMED = 5


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason.

    Attributes:
        code: Stable name of its kind, such as "entry-later".
        words: With moments, records and values.
        record: The record that caused it; "" where none did.
        entry_id: The entry concerned; "" where there is none.
    """

    code: str
    words: str
    record: str = ""
    entry_id: str = ""


def causes(
    seal: PeriodSeal, found: Sequence[Difference], later: Sequence[LaterRecord], program: str, country: str
) -> tuple[Cause, ...]:
    """Return every cause of differences, in the order in which a person would look for them.

    Args:
        seal: What is compared with.
        found: What differs.
        later: What was recorded after the head that the seal took in, as far as it lies before the end of the year.
        program: The version that runs now.
        country: The name of the country.
    """
    if not found:
        return ()
    entries = {one.entry_id for one in later if one.entry_id}
    told = [
        *_entries(later),
        *_decisions(later, found),
        *_prices(found, entries),
        *_statements(found),
        *_rules(seal, found, program, country),
    ]
    if not told:
        words = (
            f"Books, prices, decisions and rules are those of the seal, and the program gives other figures: it was "
            f"sealed by {seal.program}, this is {program}. Keep the sealed files, and report it."
        )
        told = [Cause("program-changed", words)]
    return tuple(told)


def _entries(later: Sequence[LaterRecord]) -> Iterator[Cause]:
    last: dict[str, LaterRecord] = {}
    first: dict[str, LaterRecord] = {}
    for one in later:
        if one.entry_id:
            last[one.entry_id] = one
            first.setdefault(one.entry_id, one)
    for entry_id, one in last.items():
        is_new = first[entry_id].kind == "entry"
        what = "was recorded" if is_new else "was corrected or voided"
        by = f"by {first[entry_id].source}" if first[entry_id].source else "by a person"
        of = "" if one.at is None else f" of {iso(one.at)}"
        words = f"Entry {entry_id}{of} {what} on {iso(one.recorded_ns)} {by}, record {one.number}."
        yield Cause("entry-later" if is_new else "entry-changed", words, one.record, entry_id)


def _decisions(later: Sequence[LaterRecord], found: Sequence[Difference]) -> Iterator[Cause]:
    """Yield decisions that may concern the year: which of them hold is sealed with it, and tells whether one does."""
    parts = {one.part for one in found}
    for one in later:
        if not one.entry_id and _STANDS_IN.get(one.kind) in parts:
            words = f"On {iso(one.recorded_ns)} {_DECIDED[one.kind]} was recorded, record {one.number}."
            yield Cause("decision-later", words, one.record)


def _prices(found: Sequence[Difference], changed: set[str]) -> Iterator[Cause]:
    by_row: dict[str, dict[str, Difference]] = {}
    for one in found:
        if one.part == "valuations" and one.field:
            by_row.setdefault(one.subject, {})[one.field] = one
    for row, fields in by_row.items():
        entry_id = entry_of(row)
        if entry_id in changed:
            continue
        amount, source = fields.get("amount"), fields.get("source")
        if amount is not None:
            words = f"The value of {row} was {amount.before or 'unknown'} and is {amount.after or 'unknown'}"
            words += f": it came from {source.before}, and comes from {source.after}." if source else "."
            yield Cause("price-changed", words, "", entry_id)
        elif source is not None:
            words = f"The value of {row} is the same, told from elsewhere: {source.before}; now {source.after}."
            yield Cause("price-source-changed", words, "", entry_id)


def _statements(found: Sequence[Difference]) -> Iterator[Cause]:
    for one in found:
        if one.part == "decisions" and one.subject.startswith(REPORTED):
            what = "was added" if one.before is None else "is kept no longer" if one.after is None else "is another"
            yield Cause("statement-changed", f"What brokers {one.subject} {what}.")


def _rules(seal: PeriodSeal, found: Sequence[Difference], program: str, country: str) -> Iterator[Cause]:
    fields = {one.field: one for one in found if one.part == "rules"}
    engine = fields.pop("engine", None)
    if engine is not None:
        words = changed_since(seal.engine) or f"generation {seal.engine} is newer than this program's {ENGINE}"
        yield Cause("engine-changed", f"The program computes in another way than {seal.program} did: {words}.")
    declared = {name: one for name, one in fields.items() if name.startswith("declaration.")}
    if declared:
        named = [f"{name.partition('.')[2]}: {one.before} → {one.after}" for name, one in declared.items()]
        more = f"; and {len(named) - _RULES_NAMED} more" if len(named) > _RULES_NAMED else ""
        told = "; ".join(named[:_RULES_NAMED])
        yield Cause(
            "rules-changed",
            f"The program's rules for {country} were changed between {seal.program} and {program}: {told}{more}.",
        )
    chosen = {name: one for name, one in fields.items() if name not in declared}
    if chosen:
        told = "; ".join(f"{name}: {one.before} → {one.after}" for name, one in chosen.items())
        yield Cause("choice-changed", f"What the figures follow is another: {told}.")
