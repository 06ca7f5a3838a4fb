"""DAC8 and CARF: what a provider reports of a person in a year, by asset and kind of transaction, read from XML or CSV.

The shape of the XML is from memory of the OECD's schema and not checked against it: names are looked for without
their namespace and whatever their capitals, and what is not known is refused by name rather than passed over.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.core.errors import InputError
from app.core.money import exact
from app.core.statements.xml import Node, parse


class Kind(StrEnum):
    """Kinds of relevant transactions."""

    BOUGHT_FOR_MONEY = "acquired-for-fiat"
    SOLD_FOR_MONEY = "disposed-for-fiat"
    BOUGHT_FOR_CRYPTO = "acquired-for-crypto"
    SOLD_FOR_CRYPTO = "disposed-for-crypto"
    IN = "transfer-in"
    OUT = "transfer-out"
    OUT_TO_WALLET = "transfer-to-wallet"
    RETAIL = "retail-payment"


COLUMNS = ("asset", "kind", "amount", "currency", "units", "transactions")

_ELEMENTS = {
    "cryptotofiatin": Kind.BOUGHT_FOR_MONEY,
    "cryptotofiatout": Kind.SOLD_FOR_MONEY,
    "cryptotocryptoin": Kind.BOUGHT_FOR_CRYPTO,
    "cryptotocryptoout": Kind.SOLD_FOR_CRYPTO,
    "cryptotransferin": Kind.IN,
    "cryptotransferout": Kind.OUT,
    "transferwallet": Kind.OUT_TO_WALLET,
    "rrpt": Kind.RETAIL,
}
_AMOUNTS = ("amountfiat", "amtfiat", "amount")
_YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What is reported of one asset and kind.

    Attributes:
        line: Where it stands.
        type: A kind of transfer that the provider tells apart; "" where it tells none.
        amount: In money; None where none is said, likewise units and transactions.
    """

    line: str
    asset: str
    kind: Kind
    currency: str
    amount: Decimal | None
    units: Decimal | None
    transactions: int | None
    type: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a provider reported; the year is None where the file does not say it."""

    lines: tuple[Aggregate, ...]
    year: int | None = None


def read_statement(text: str) -> Statement:
    """Return a statement; InputError names what cannot be read, with its line."""
    made = _of_xml(parse(text)) if is_xml(text) else Statement(tuple(_of_csv(text)))
    if not made.lines:
        raise InputError("The statement reports no transaction.", hint="Check that it is the right file.")
    return made


def is_xml(text: str) -> bool:
    """Tell whether a file is XML."""
    return text.lstrip("\ufeff \t\r\n").startswith("<")


def is_table(text: str) -> bool:
    """Tell whether a CSV file has the columns of aggregates."""
    heading = next(csv.reader(io.StringIO(text, newline="")), [])
    return {"asset", "kind", "units"} <= {name.strip().casefold() for name in heading}


# XML ----------------------------------------------------------------------------------------------------------------
def _of_xml(root: Node) -> Statement:
    if root.name != "carf_oecd" and root.first("carfbody") is None:
        raise InputError(
            f"The file begins with <{root.tag}> and holds no CARFBody.", hint="Choose a CARF or DAC8 message."
        )
    period = root.first("reportingperiod")
    users = list(root.every("cryptouser"))
    found = [
        one for number, user in enumerate(users, start=1) for one in _of_user(user, str(number) if users[1:] else "")
    ]
    return Statement(tuple(found), None if period is None else _year(period))


def _year(period: Node) -> int:
    start = period.text[:_YEAR_DIGITS]
    if not (start.isdigit() and len(start) == _YEAR_DIGITS):
        raise _bad(period, "is no period such as 2026-12-31")
    return int(start)


def _of_user(user: Node, name: str) -> Iterator[Aggregate]:
    for group in user.every("relevanttransactions"):
        named = group.first("cryptoasset") or group.first("cryptoassetname")
        if named is None or not named.words():
            raise InputError(f"Line {group.line}: RelevantTransactions name no CryptoAsset.", hint="Correct the file.")
        for one in group.children:
            kind = _ELEMENTS.get(one.name)
            if kind is not None:
                yield _aggregate(one, kind, named.words(), name)
            elif one is not named and one.first("numberofunits") is not None:
                raise _bad(one, "is no kind of transaction that is known")


def _aggregate(one: Node, kind: Kind, asset: str, user: str) -> Aggregate:
    amount = next((found for name in _AMOUNTS if (found := one.first(name)) is not None), None)
    units, count, told = one.first("numberofunits"), one.first("numberoftransactions"), one.first("transactiontype")
    return Aggregate(
        f"line {one.line}",
        asset,
        kind,
        "" if amount is None else amount.attributes.get("currcode", "").upper(),
        None if amount is None else _number(amount),
        None if units is None else _number(units),
        None if count is None else _whole(count),
        "" if told is None else told.text,
        user,
    )


def _number(node: Node) -> Decimal:
    try:
        found = exact(node.text)
    except ValueError:
        raise _bad(node, "is no number") from None
    if found < 0:
        raise _bad(node, "is negative")
    return found


def _whole(node: Node) -> int:
    found = _number(node)
    if found != int(found):
        raise _bad(node, "is no whole number")
    return int(found)


def _bad(node: Node, why: str) -> InputError:
    return InputError(f"Line {node.line}: {node.tag} {node.text!r} {why}.", hint="Correct the file.")


# CSV ----------------------------------------------------------------------------------------------------------------
def _of_csv(text: str) -> Iterator[Aggregate]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    reader.fieldnames = [name.strip().casefold() for name in reader.fieldnames or ()]
    missing = [name for name in COLUMNS if name not in reader.fieldnames]
    if missing:
        raise InputError(
            f"The statement has no column {', '.join(missing)}.", hint=f"The columns are {', '.join(COLUMNS)}."
        )
    faults: list[str] = []
    for number, cells in enumerate(reader, start=2):
        told = {name: (cells[name] or "").strip() for name in COLUMNS}
        if not any(told.values()):
            continue
        try:
            yield _row(f"row {number}", told)
        except ValueError as error:
            faults.append(f"row {number}: {error}")
    if faults:
        raise InputError(f"The statement cannot be used: {'; '.join(faults)}.", hint="Correct these cells.")


def _row(line: str, told: Mapping[str, str]) -> Aggregate:
    if not told["asset"]:
        raise ValueError("asset is empty")
    if told["kind"] not in list(Kind):
        raise ValueError(f"kind {told['kind']!r} is none of {', '.join(Kind)}")
    amount, units = (_positive(told[name], name) for name in ("amount", "units"))
    count = _positive(told["transactions"], "transactions")
    if count is not None and count != int(count):
        raise ValueError(f"transactions {told['transactions']!r} is no whole number")
    if amount is not None and not told["currency"]:
        raise ValueError("currency is empty")
    times = None if count is None else int(count)
    return Aggregate(line, told["asset"], Kind(told["kind"]), told["currency"].upper(), amount, units, times)


def _positive(text: str, name: str) -> Decimal | None:
    if not text:
        return None
    found = exact(text)
    if found < 0:
        raise ValueError(f"{name} {text!r} is negative")
    return found
