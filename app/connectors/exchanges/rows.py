"""Rows of a venue's answer: fields read strictly, and what is odd about a row told instead of guessed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from app.core.clock import MILLISECOND, parse_iso
from app.core.errors import SourceError
from app.core.findings import Finding, Severity
from app.core.ledger.entries import Entry, Leg, Role
from app.core.model.pages import Candidate
from app.core.money import exact

_SHOWN = 600


class RowError(Exception):
    """A row that cannot become an entry; never leaves this package."""


class Place(Protocol):
    """Where rows are read; a reader is one."""

    @property
    def account(self) -> str:
        """Return the account that entries belong to."""

    @property
    def source(self) -> str:
        """Return the name of the connection, for findings."""

    def asset(self, native_id: str) -> str:
        """Return our id of the venue's asset."""


def leg(
    place: Place, native_id: str, quantity: Decimal, role: Role = Role.PRINCIPAL, *, sub_place: str = "spot"
) -> Leg:
    """Return a leg of the venue's asset."""
    return Leg(place.account, sub_place, place.asset(native_id), quantity, role)


class Row:
    """One object of an answer; a field that is missing or of another kind is a RowError that names it."""

    __slots__ = ("raw",)

    def __init__(self, raw: Any) -> None:
        """Take the object as the answer has it."""
        if not isinstance(raw, Mapping):
            message = f"it is {_shown(raw)}, not an object"
            raise RowError(message)
        self.raw: Mapping[str, Any] = raw

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; numbers count as the text they are written as."""
        value = self.raw.get(key)
        if value is None or value == "":
            if default is not None:
                return default
            message = f"its {key} is missing"
            raise RowError(message)
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            message = f"its {key} {_shown(value)} is not a text"
            raise RowError(message)
        return str(value)

    def quantity(self, key: str, default: Decimal | None = None) -> Decimal:
        """Return an exact number; a float already lost what was written and is refused."""
        value = self.raw.get(key)
        if (value is None or value == "") and default is not None:
            return default
        try:
            return exact(value)
        except (TypeError, ValueError) as error:
            message = f"its {key} {_shown(value)} is not an exact number"
            raise RowError(message) from error

    def positive(self, key: str) -> Decimal:
        """Return an exact number above zero."""
        number = self.quantity(key)
        if number <= 0:
            message = f"its {key} {_shown(self.raw.get(key))} is not above zero"
            raise RowError(message)
        return number

    def milliseconds(self, key: str) -> int:
        """Return the nanoseconds of a field in milliseconds since 1970."""
        value = self.text(key)
        if not value.isdecimal():
            message = f"its {key} {_shown(value)} is not a time in milliseconds"
            raise RowError(message)
        return int(value) * MILLISECOND

    def moment(self, key: str) -> tuple[int, int]:
        """Return (nanoseconds, resolution) of a field in ISO 8601."""
        try:
            return parse_iso(self.text(key))
        except ValueError as error:
            raise RowError(f"its {key} {error}") from error

    def flag(self, key: str) -> bool:
        """Return a truth value, which some answers spell as a text."""
        value = self.raw.get(key)
        if value in (True, "true"):
            return True
        if value in (False, "false"):
            return False
        message = f"its {key} {_shown(value)} is neither true nor false"
        raise RowError(message)

    def child(self, key: str) -> Row:
        """Return the object inside a field."""
        try:
            return Row(self.raw.get(key))
        except RowError as error:
            raise RowError(f"its {key}: {error}") from error

    def references(self, **keys: str) -> dict[str, str]:
        """Return references by their name here from fields by their name there; empty ones are left out."""
        found = {name: self.text(key, "") for name, key in keys.items()}
        return {name: value for name, value in found.items() if value}


@dataclass(slots=True)
class Read:
    """What was read in the rows of one page."""

    candidates: list[Candidate] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    pending: list[Row] = field(default_factory=list)
    """Rows that the venue has not settled: read again later."""


class Pending(Exception):  # noqa: N818 - no fault: the venue is not done with the row
    """A row that is not settled; never leaves this package."""


Normaliser = Callable[[Row], Entry | None]
"""Returns the entry of a row; None where another stream is the authority on it."""


def read_rows(rows: Sequence[Any], place: Place, stream: str, normalise: Normaliser) -> Read:
    """Return the entries of rows; a row that cannot be read becomes a finding with its text."""
    read = Read()
    for index, raw in enumerate(rows):
        try:
            row = Row(raw)
            entry = normalise(row)
        except Pending:
            read.pending.append(Row(raw))
        except RowError as error:
            read.findings.append(quarantined(place, stream, index, raw, str(error)))
        else:
            if entry is not None:
                read.candidates.append(Candidate(index, entry))
    return read


def quarantined(place: Place, stream: str, index: int, raw: Any, why: str) -> Finding:
    """Return what a person is told about a row that could not become an entry."""
    return Finding(
        severity=Severity.ERROR,
        code="quarantined-row",
        message=f"Row {index} of {stream} cannot become an entry: {why}.",
        subject=f"{place.source}/{stream}/{_name(raw, index)}",
        detail=_shown(raw),
        fix="Enter it by hand, or read again after an update",
        place=f"connections/{place.source}",
    )


def unread(place: Place, stream: str, error: SourceError) -> Finding:
    """Return what a person is told about a history that the venue does not offer this account."""
    return Finding(
        severity=Severity.WARNING,
        code="unread-history",
        message=f"The venue does not give the history {stream} to this key.",
        subject=f"{place.source}/{stream}",
        detail=error.line(),
        fix="Import the venue's statement if there were such events",
        place=f"connections/{place.source}",
    )


def is_refused(error: SourceError) -> bool:
    """Tell whether a venue does not offer what was asked, so that asking again does not help."""
    return type(error) is SourceError


def moving(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """Return the legs that move something: a fee of zero is no leg."""
    return tuple(leg for leg in legs if leg.quantity)


def _name(raw: Any, index: int) -> str:
    """Return the row's own id where it has one, so that the finding stays the same when it is read again."""
    if isinstance(raw, Mapping):
        for key in ("id", "trade_id", "orderId", "transId", "tranId", "txId"):
            if raw.get(key):
                return str(raw[key])
    return str(index)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, default=str, separators=(",", ":"))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
