"""Exact numbers out of statement cells: currency signs, thousands, decimal commas that can mean only one thing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from app.connectors.files.faults import CellError
from app.core.money import exact

_is_plain = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?").fullmatch
_ENGLISH = re.compile(r"(?:[+-]?[$€£¥]?|[$€£¥][+-])(?:\d{1,3}(?:,\d{3}){0,12}|\d{1,40})(?:\.\d{1,40})?")
"""Nearly every cell of an English report; a shortcut that reads what the long way would read."""
_ENGLISH_PROOF = re.compile(r"[+-]?[$€£¥]?[\d,]*\d\.(?:\d{1,2}|\d{4,})")
_NO_SIGNS = str.maketrans("", "", "$€£¥,")
_NUMBER = re.compile(r"[+-]?(\d[\d.,]*|[.,]\d+)([eE][+-]?\d{1,2})?")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,]\d{3})+")
_SIGNS = re.compile(r"[$€£¥₹₿₩₺\s\xa0\u202f'’]|^[A-Z]{3,5}(?=[\s\d.,+-])|(?<=[\d.,\s])[A-Z]{3,5}$")
_MINUS = str.maketrans({"−": "-", "–": "-"})


class DecimalMark(StrEnum):
    """What separates whole and fraction in a file, as far as its cells prove it."""

    DOT = "."
    COMMA = ","
    UNKNOWN = "?"
    """No cell proves either: a dot is read as the decimal mark, a lone comma before three digits is refused."""


_COMMA = DecimalMark.COMMA


def decimal_mark(cells: Iterable[str]) -> DecimalMark:
    """Return the mark that the cells prove; cells that contradict each other prove nothing."""
    seen = {_witness(cell) for cell in cells} - {None}
    return (seen.pop() or DecimalMark.UNKNOWN) if len(seen) == 1 else DecimalMark.UNKNOWN


def _witness(cell: str) -> DecimalMark | None:
    return DecimalMark.DOT if _ENGLISH_PROOF.fullmatch(cell) else _proved(_bare(cell))


def _bare(cell: str) -> str:
    return _SIGNS.sub("", _SIGNS.sub("", cell.strip().translate(_MINUS)))


def _proved(text: str) -> DecimalMark | None:
    digits = text.lstrip("+-")
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma < 0 and dot < 0:
        return None
    if comma >= 0 and dot >= 0:
        return DecimalMark.COMMA if comma > dot else DecimalMark.DOT
    if _THOUSANDS.fullmatch(digits) is None:
        return DecimalMark.COMMA if comma >= 0 else DecimalMark.DOT
    if digits.count(",") > 1:
        return DecimalMark.DOT
    return DecimalMark.COMMA if digits.count(".") > 1 else None


def number(cell: str, column: str, mark: DecimalMark = DecimalMark.DOT) -> Decimal:
    """Return the number of a cell exactly as written; CellError for anything that can be read in two ways."""
    if mark is not _COMMA and _is_plain(cell):
        return Decimal(cell)
    if mark is DecimalMark.DOT and _ENGLISH.fullmatch(cell):
        return Decimal(cell.translate(_NO_SIGNS))
    if not cell.strip():
        raise CellError(column, cell, "is empty where a number is due")
    text = _bare(cell)
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    if _NUMBER.fullmatch(text) is None:
        raise CellError(column, cell, "is not a number")
    return _exact(_with_dot(text, cell, column, mark), cell, column)


def _with_dot(text: str, cell: str, column: str, mark: DecimalMark) -> str:
    own = _proved(re.split("[eE]", text)[0])
    used = own if own is not None else mark
    if used is DecimalMark.UNKNOWN:
        if "," in text:
            why = "can be read with the comma as decimal mark or as thousands"
            raise CellError(column, cell, why, "Export the file again with a point as decimal mark.")
        used = DecimalMark.DOT
    if mark is not DecimalMark.UNKNOWN and own is not None and own is not mark:
        raise CellError(column, cell, f"does not fit the decimal mark {mark.value!r} of the other rows")
    other = "." if used is DecimalMark.COMMA else ","
    grouped, _, _ = text.partition(used.value)
    if other in grouped and _THOUSANDS.fullmatch(grouped.lstrip("+-")) is None:
        raise CellError(column, cell, "has separators that are no thousands")
    return text.replace(other, "").replace(used.value, ".")


def _exact(text: str, cell: str, column: str) -> Decimal:
    try:
        return exact(text)
    except ValueError as error:
        raise CellError(column, cell, "is not a number") from error
