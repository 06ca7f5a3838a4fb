"""Histories made up by hypothesis, and short ones written as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from app.core.clock import SECOND, parse_iso
from app.core.lots.methods import Method, Scope
from app.core.money import add, multiply, plain
from app.core.tax.compute import compute
from app.core.tax.events import Transaction, TransactionType, negative
from app.core.tax.figures import TaxFigures, Term
from app.core.tax.profile import profile
from app.core.tax.transactions import OPTIONAL, REQUIRED, read

HOUR = 3_600 * SECOND
START = parse_iso("2023-01-15T00:00:00Z")[0]
ASSETS = ("BTC", "ETH")
WALLETS = ("hot", "cold")

_CARRIES = (TransactionType.CARRY, TransactionType.CARRY)
_KINDS = ("buy", "buy", "sell", "sell", "sell", "income", "transfer", "split")
# Ratios after which 18 places still do, with the finer unit that an asset has which is split.
_RATIOS = (Decimal(2), Decimal("0.5"), Decimal(3))


def _row(
    wallets: tuple[str, ...], *, splits: bool, carries: bool
) -> st.SearchStrategy[tuple[TransactionType, str, str, int, int]]:
    left_out = {"transfer"} if len(wallets) == 1 else set[str]()
    left_out |= set[str]() if splits else {"split"}
    return st.tuples(
        st.sampled_from(
            [*(TransactionType(kind) for kind in _KINDS if kind not in left_out), *(_CARRIES if carries else ())]
        ),
        st.sampled_from(("BTC", *ASSETS)),
        st.sampled_from(wallets),
        st.integers(1, 10**20),
        st.integers(0, 10**12),
    )


def histories(
    *, wallets: tuple[str, ...] = WALLETS, splits: bool = True, is_covered: bool = False, carries: bool = False
) -> st.SearchStrategy[list[Transaction]]:
    """Return a strategy of transactions in the order of time.

    Args:
        wallets: In which assets lie; with one there are no transfers.
        splits: Some of the rows are splits.
        is_covered: Nothing is sold or moved that is not there.
        carries: Some of the rows turn one asset into the other, or let some of it leave for good.
    """
    rows = st.lists(_row(wallets, splits=splits, carries=carries), min_size=8, max_size=24)
    return rows.map(lambda drawn: _history(drawn, wallets, is_covered=is_covered))


def _history(
    drawn: list[tuple[TransactionType, str, str, int, int]], wallets: tuple[str, ...], *, is_covered: bool
) -> list[Transaction]:
    found: list[Transaction] = []
    held: dict[tuple[str, str], Decimal] = {}
    at = START
    for number, (kind, asset, wallet, units, cents) in enumerate(drawn):
        # The hours between two rows hang on the drawn numbers: none, some, or weeks.
        at += (units % 5) * (cents % 400) * HOUR
        value = Decimal(cents).scaleb(-7)
        quantity = Decimal(units).scaleb(-18)
        there = held.get((asset, wallet), Decimal(0))
        if is_covered and kind in (TransactionType.SELL, TransactionType.TRANSFER, TransactionType.CARRY):
            quantity = min(quantity, there)
            if not quantity:
                continue
        one = Transaction(f"r{number}", at, kind, wallet, asset, quantity, value=value)
        if kind is TransactionType.SPLIT:
            ratio = _RATIOS[units % 3]
            one = replace(one, wallet="", quantity=Decimal(0), value=None, ratio=ratio)
            held = {key: multiply(units, ratio) if key[0] == asset else units for key, units in held.items()}
        elif kind is TransactionType.TRANSFER:
            target = wallets[1 - wallets.index(wallet)]
            one = replace(one, to_wallet=target, value=None)
            held[asset, wallet] = add(there, negative(quantity))
            held[asset, target] = add(held.get((asset, target), Decimal(0)), quantity)
        elif kind is TransactionType.CARRY:
            other = ASSETS[1 - ASSETS.index(asset)]
            units_of_other = Decimal(1 + units * (cents % 3 + 1) // 2).scaleb(-18)
            one = replace(one, value=None)
            held[asset, wallet] = add(there, negative(quantity))
            if cents % 4:
                one = replace(one, to_asset=other, to_quantity=units_of_other)
                held[other, wallet] = add(held.get((other, wallet), Decimal(0)), units_of_other)
        elif kind is TransactionType.SELL:
            # What France divides by: at least what the sale brings.
            one = replace(one, portfolio_value=multiply(value, Decimal(units % 7 + 1)) + 1)
            held[asset, wallet] = add(there, negative(quantity))
        else:
            held[asset, wallet] = add(there, quantity)
        found.append(one)
    return found


def figures(
    transactions: list[Transaction],
    method: Method | None = None,
    scope: Scope | None = None,
    code: str = "generic",
    options: Mapping[str, str] | None = None,
) -> TaxFigures:
    """Compute all transactions."""
    return compute(transactions, profile(code, method=method, scope=scope, options=options), currency="EUR")


def figures_of(
    year: int,
    transactions: list[Transaction],
    method: Method | None = None,
    scope: Scope | None = None,
    code: str = "generic",
) -> TaxFigures:
    """Compute one year."""
    return compute(transactions, profile(code, method=method, scope=scope), currency="EUR", year=year)


def written(text: str) -> list[Transaction]:
    """Read transactions as people write them in a test: `id date type quantity asset [value] [name=cell …]`.

    A date stands for noon in UTC; the wallet is "main" where no cell names one.
    """
    columns = (*REQUIRED, *OPTIONAL)
    lines = [",".join(columns)]
    for line in text.strip().splitlines():
        row, moment, kind, quantity, asset, *rest = line.split()
        cells = {"id": row, "type": kind, "asset": asset, "wallet": "main", "value_currency": "EUR"}
        cells["timestamp"] = moment if "T" in moment else f"{moment}T12:00:00Z"
        cells["quantity"] = quantity.replace("-", "")
        for word in rest:
            name, equals, value = word.partition("=")
            cells[name if equals else "value"] = value if equals else word
        lines.append(",".join(cells.get(column, "") for column in columns))
    return read("\n".join(lines)).transactions


def of(row: str, found: TaxFigures) -> tuple[str, ...]:
    """Return cost, gain and denied of a disposal as texts, "?" for what is not known."""
    one = next(one for one in found.disposals if one.row == row)
    return tuple("?" if value is None else plain(value) for value in (one.cost, one.gain, one.denied))


def lots(row: str, found: TaxFigures) -> list[tuple[str | None, str, str]]:
    """Return lot, rule and quantity of each match of a disposal."""
    one = next(one for one in found.disposals if one.row == row)
    return [(match.lot, match.rule, plain(match.quantity)) for match in one.matches]


def term(acquired: str, sold: str, code: str, options: Mapping[str, str] | None = None) -> Term | None:
    """Return the term of a sale of one lot."""
    text = f"""
    a {acquired} buy  1 BTC 100
    s {sold} sell 1 BTC 300
    """
    return figures(written(text), code=code, options=options).disposals[0].term
