"""Kraken's ledger: rows of one refid are one event, as in its ledgers CSV. Pure: rows in, candidates out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.connectors.exchanges.rows import Place, Read, Row, RowError, quarantined
from app.connectors.kraken_words import SPACE, held_as, kind_of, legs
from app.core.clock import SECOND
from app.core.findings import Finding, Severity
from app.core.ledger.entries import Entry, EntryKind, Identity
from app.core.model.pages import Candidate
from app.core.money import ZERO, exact

STREAM = "ledger"
_EPOCH_DIGITS = 9

Rows = Mapping[str, Any]
"""Rows by their ledger id, newest first, as the venue sends them."""

References = Mapping[str, Mapping[str, str]]
"""Transaction hash, network and address of deposits and withdrawals by refid."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One readable row; `index` is its place in the answer."""

    index: int
    refid: str
    at: int
    resolution: int
    kind: EntryKind
    word: str
    sub_place: str
    asset: str
    amount: Decimal
    fee: Decimal

    @property
    def is_reversal(self) -> bool:
        """Tell whether it takes back an earlier row of the same refid, which may lie on another page."""
        if self.kind is EntryKind.WITHDRAWAL:
            return self.amount > 0
        return self.kind is EntryKind.DEPOSIT and self.amount < 0


def key_of(ledger_id: str, raw: Any) -> str:
    """Return what rows of one event share."""
    refid = raw.get("refid") if isinstance(raw, Mapping) else None
    return str(refid).strip() if refid else ledger_id


def moment(value: Any) -> tuple[int, int]:
    """Return (nanoseconds, resolution) of seconds since 1970 with a fraction."""
    try:
        number = exact(value if isinstance(value, Decimal | int) else str(value))
    except (TypeError, ValueError) as error:
        raise RowError(f"its time {value!r} is not a moment") from error
    exponent = int(number.as_tuple().exponent)
    digits = min(max(-exponent, 0), _EPOCH_DIGITS)
    return int(number * SECOND), int(10 ** (_EPOCH_DIGITS - digits))


def place_of(asset: str, wallet: str, place: Place) -> tuple[str, str]:
    """Return (sub-place, asset id) of Kraken's name of an asset."""
    sub_place, native_id = held_as(asset, wallet)
    return sub_place, place.asset(native_id)


def read_rows(rows: Rows, place: Place, references: References, without: Iterable[str] = ()) -> Read:
    """Return one entry per refid; an event with a row that cannot be read is left out whole and told."""
    read = Read()
    groups, broken = _groups(rows, place, read)
    left_out = {*without, *broken}
    for refid, group in groups.items():
        if refid in left_out:
            continue
        entry = entry_of(place.account, refid, group, references)
        if entry.legs:
            read.candidates.append(Candidate(min(row.index for row in group), entry))
    return read


def _groups(rows: Rows, place: Place, read: Read) -> tuple[dict[str, list[LedgerRow]], set[str]]:
    groups: dict[str, list[LedgerRow]] = {}
    broken: set[str] = set()
    for index, (ledger_id, raw) in enumerate(rows.items()):
        refid = key_of(ledger_id, raw)
        try:
            row = read_row(index, refid, raw, place)
        except RowError as error:
            broken.add(refid)
            told = quarantined(place, STREAM, index, {"id": ledger_id, "row": raw}, str(error))
            read.findings.append(replace(told, awaits=((place.account, SPACE, refid, ""),)))
            continue
        if kind_of(row.word, _subtype(raw)) is None:
            read.findings.append(_unknown(place, row.word))
        groups.setdefault(refid, []).append(row)
    return groups, broken


def read_row(index: int, refid: str, raw: Any, place: Place) -> LedgerRow:
    """Return a row; RowError names its bad field."""
    row = Row(raw)
    at, resolution = moment(row.raw.get("time"))
    word = row.text("type").strip().lower()
    sub_place, asset = place_of(row.text("asset").strip(), row.text("wallet", ""), place)
    return LedgerRow(
        index=index,
        refid=refid,
        at=at,
        resolution=resolution,
        kind=kind_of(word, _subtype(raw)) or EntryKind.OTHER,
        word=word,
        sub_place=sub_place,
        asset=asset,
        amount=row.quantity("amount"),
        fee=row.quantity("fee", ZERO),
    )


def _subtype(raw: Mapping[str, Any]) -> str:
    return str(raw.get("subtype") or "").strip().lower()


def entry_of(account: str, refid: str, rows: Sequence[LedgerRow], references: References) -> Entry:
    """Return the entry of all rows of one refid."""
    ordered = sorted(rows, key=lambda row: (row.at, -row.index))
    return Entry(
        account=account,
        at=ordered[0].at,
        kind=ordered[0].kind,
        legs=legs(account, ordered),
        identity=Identity(SPACE, refid),
        resolution=max(row.resolution for row in ordered),
        references=references.get(refid, {}),
    )


def _unknown(place: Place, word: str) -> Finding:
    return Finding(
        severity=Severity.INFO,
        code="unknown-operation",
        message=f"Kraken's ledger has rows of a type that is new to us: {word!r}.",
        subject=f"{place.source}/{STREAM}:{word}",
        detail="They count in the balances and are shown as other.",
        fix="Look at them in the activity",
        place=f"connections/{place.source}",
    )
