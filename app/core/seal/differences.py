"""What differs between two makings of one tax year, part by part, with figures before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.core.money import EXACT, ZERO, plain
from app.core.reports.rounding import nearest
from app.core.seal.hashes import canonical
from app.core.seal.sections import SECTIONS

_Fields = dict[str, str | None]
_TELLING = ("gain", "value", "amount", "cost", "legs", "entries", "price", "is", "hash")
REPORTED = "reported in"
"""Begins the subject of what others reported of the year."""
_ENTRY = ("at", "kind", "account", "legs", "acquired", "state")


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is another now.

    Attributes:
        part: The section.
        subject: What it is about: a row, an entry, a holding, an option.
        field: Which value of it; "" where the subject is only in one of both.
        before: None where it was not there, or not known.
        after: Likewise.
    """

    part: str
    subject: str
    field: str
    before: str | None
    after: str | None

    @property
    def change(self) -> str | None:
        """Return by how much a figure changed; None where it is none or one side is not known."""
        try:
            return plain(EXACT.subtract(Decimal(self.after or ""), Decimal(self.before or "")))
        except ArithmeticError:
            return None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return every difference between two sets of sections: the totals first, then the sections in their order."""
    order = ("totals", *(name for name in SECTIONS if name != "totals"))
    return tuple(one for name in order for one in _of_section(name, before.get(name), after.get(name)))


def _of_section(name: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    # A section that an older generation did not have says nothing.
    was, now = ({} if one is None else _flat(name, one) for one in (before, after))
    for subject in sorted(was.keys() | now.keys()):
        one, other = was.get(subject), now.get(subject)
        if one is None or other is None:
            told = _brief(one or other or {})
            yield Difference(name, subject, "", None if one is None else told, None if other is None else told)
            continue
        for field in sorted(one.keys() | other.keys()):
            if one.get(field) != other.get(field):
                yield Difference(name, subject, field, one.get(field), other.get(field))


def _brief(fields: Mapping[str, str | None]) -> str:
    """Return the figure of what is only in one of both."""
    return next((f"{name} {fields[name]}" for name in _TELLING if fields.get(name)), "there")


def _flat(name: str, section: Any) -> dict[str, _Fields]:
    """Return a section as fields by subject."""
    match name:
        case "entries":
            lines = {line[0]: _texts(dict(zip(_ENTRY, line[1:], strict=True))) for line in section["listed"]}
            before = section["before"].items()
            months = {month: _texts({"entries": count, "hash": hashed}) for month, (count, hashed) in before}
            return {**lines, **months}
        case "valuations":
            return {row: {"amount": amount, "source": source} for row, (amount, source) in section.items()}
        case "disposals" | "income" | "departures":
            return {one["row"]: _texts(one) for one in section}
        case "holdings":
            return {f"{one['asset']}/{one['wallet'] or ''}": _texts(one) for one in section}
        case "findings":
            named = {f"{severity}/{code}": entries for severity, code, entries in section["found"]}
            return {name: _texts({"entries": one}) for name, one in {**named, "waived": section["waived"]}.items()}
        case "totals":
            return {
                "year": _texts({key: one for key, one in section.items() if key != "allowances"}),
                **_named(section),
            }
        case "decisions" | "selections":
            told = section.items() if name == "selections" else _decided(section)
            return {subject: _texts(one) for subject, one in told}
        case _:
            return {"rules": _texts(dict(_leaves("", section)))}


def _decided(section: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for withdrawals, deposits in section["joined"]:
        ids = ", ".join(withdrawals), ", ".join(deposits)
        yield f"one transfer: {ids[0]} → {ids[1]}", {"is": "one transfer"}
    for ids in section["apart"]:
        yield f"no transfer: {', '.join(ids)}", {"is": "no transfer"}
    for asset, day, price, currency in section["prices"]:
        yield f"price of {asset} on {day}", {"price": price, "currency": currency}
    for name, hashed in section["reported"].items():
        yield f"{REPORTED} {name}", {"hash": hashed}


def _named(totals: Mapping[str, Any]) -> dict[str, _Fields]:
    return {one["name"]: _texts(one) for one in totals["allowances"]}


def _leaves(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        yield prefix, value
        return
    for key, inner in value.items():
        yield from _leaves(f"{prefix}.{key}" if prefix else key, inner)


def _texts(fields: Mapping[str, Any]) -> _Fields:
    return {name: _text(value) for name, value in fields.items()}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return canonical(value).decode().strip()


def totals_first(found: Iterable[Difference], fields: Sequence[str] = ("gain", "income")) -> str:
    """Return in words how the totals of a year differ, rounded for reading; "" where they do not."""
    return ", ".join(
        f"{one.field} {shown(one.before)} → {shown(one.after)}{_signed(one.change)}"
        for one in found
        if one.part == "totals" and one.subject == "year" and one.field in fields
    )


def shown(figure: str | None, places: int = 2) -> str:
    """Return a sealed figure as a message tells it."""
    return "unknown" if figure is None else told(Decimal(figure), places)


def told(value: Decimal, places: int = 2) -> str:
    """Return a figure as a message tells it: tables and files have every digit."""
    return plain(nearest(value, places) or ZERO)


def _signed(change: str | None) -> str:
    if change is None:
        return ""
    return f" ({shown(change)})" if change.startswith("-") else f" (+{shown(change)})"
