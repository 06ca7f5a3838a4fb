"""What a person should look at before the figures are used, each with what to do."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from decimal import Context, Decimal
from operator import attrgetter
from zoneinfo import ZoneInfo

from app.core.clock import DAY
from app.core.findings import Finding, Severity
from app.core.lots.methods import Method, Scope
from app.core.lots.results import ASSET, LOT, Matched, WrongChoice
from app.core.money import plain
from app.core.names import AS_TOLD, Names, counted, sentence
from app.core.tax.calendar import Calendar
from app.core.tax.events import Transaction, TransactionType, Units
from app.core.tax.profile import Profile

_CENT, _WIDE = Decimal("0.01"), Context(prec=400)
_DATED = (TransactionType.SELL, TransactionType.INCOME)
_WITHOUT_VALUE = (TransactionType.TRANSFER, TransactionType.SPLIT, TransactionType.CARRY)


def findings_of(  # noqa: PLR0913, PLR0917 - the matching with all that it follows from
    found: Matched,
    transactions: Sequence[Transaction],
    units: Units,
    profile: Profile,
    currency: str,
    names: Names = AS_TOLD,
) -> tuple[Finding, ...]:
    """Return every finding, the most pressing first."""
    return (
        *_unknown_values(transactions, names),
        *_wrong_choices(found, transactions, units, names),
        *_sold_beyond(found, units, names),
        *_moved_beyond(found, transactions, units, names),
        *(_portfolio(found, transactions, names) if profile.method is Method.PMP else ()),
        *_splits(transactions, profile, names),
        *_unnamed_wallets(transactions, profile, names),
        *_set_aside(found, units, profile, currency, names),
        *_unidentified(found, profile),
        *_years_elsewhere(transactions, profile, names),
        *_foreign_currency(profile, currency),
    )


def _called(transactions: Sequence[Transaction], rows: Collection[str], names: Names) -> dict[str, str]:
    """Return how rows are called, by row; they are looked for only where something is to be said of them."""
    if not rows:
        return {}
    known = {one.row: one for one in transactions if one.row in rows}
    return {row: names.row(row, *((known[row].at, known[row].wallet) if row in known else (None,))) for row in rows}


def _unknown_values(transactions: Sequence[Transaction], names: Names) -> Iterator[Finding]:
    for one in transactions:
        if one.value is not None or one.type in _WITHOUT_VALUE:
            continue
        is_sale = one.type is TransactionType.SELL
        what = "what was received for it" if is_sale else "what it cost"
        yield Finding(
            Severity.ERROR,
            "missing-proceeds" if is_sale else "missing-basis",
            f"{sentence(names.row(one.row, one.at, one.wallet))}, {names.amount(one.quantity, one.asset)}: {what} is "
            "not known, and neither is any gain on it.",
            one.row,
            "" if is_sale else "Where prices rank lots, a lot without a cost is used last.",
            "Enter the value; 0 only where it was nothing.",
            entries=(one.row,),
        )


def reason_of(one: WrongChoice, lot: Transaction | None, units: Units, names: Names = AS_TOLD) -> str:
    """Return why a selection of lots cannot be followed, with what could be selected where that is the matter.

    Args:
        one: The selection.
        lot: The acquisition that is the matter; None where there is none.
        units: Of the assets.
        names: How lots and assets are called.
    """
    called = names.lot(one.lot, *((None,) if lot is None else (lot.at, lot.wallet)))
    reason = one.reason.replace(LOT, called).replace(ASSET, names.symbol(one.asset))
    if not one.held:
        return reason
    return f"{reason}, which is {names.amount(units.assets[one.asset].number(one.held), one.asset)} at most"


def _wrong_choices(
    found: Matched, transactions: Sequence[Transaction], units: Units, names: Names
) -> Iterator[Finding]:
    if not found.wrong_choices:
        return
    known = {one.row: one for one in transactions}
    for one in found.wrong_choices:
        sale = known[one.row]
        yield Finding(
            Severity.ERROR,
            "wrong-lot-selection",
            f"The selection of lots for {names.row(one.row, sale.at, sale.wallet)} cannot be followed any more: it "
            f"{reason_of(one, known.get(one.lot), units, names)}. No gain on this sale is known.",
            one.row,
            "Until it is replaced, the units count as taken by the method that would apply without it.",
            "Select the lots of this sale anew, or take the selection back.",
            (one.row,),
        )


def _sold_beyond(found: Matched, units: Units, names: Names) -> Iterator[Finding]:
    for one in found.disposals:
        if one.missing:
            missing = names.amount(units.assets[one.asset].number(one.missing), one.asset)
            yield Finding(
                Severity.ERROR,
                "missing-basis",
                f"{sentence(names.row(one.row, one.at, one.wallet))} sells {missing} more than was acquired before it: "
                "no gain is known.",
                one.row,
                "An acquisition is missing, stands later, or lies in another wallet.",
                "Add the missing acquisition or the transfer into this wallet.",
                one.rows or (one.row,),
            )


def _moved_beyond(found: Matched, transactions: Sequence[Transaction], units: Units, names: Names) -> Iterator[Finding]:
    for one in found.overdrawn:
        missing = names.amount(units.assets[one.asset].number(one.quantity), one.asset)
        yield Finding(
            Severity.ERROR,
            "overdrawn-wallet",
            f"At the safe-harbour date {names.account(one.wallet)} had given {missing} more than it received: lots "
            "were dealt out wrongly.",
            f"{one.wallet}/{one.asset}",
            fix="Add the transfers into this wallet that are missing.",
        )
    called = _called(transactions, {one.row for one in found.shortages}, names)
    for one in found.shortages:
        missing = names.amount(units.assets[one.asset].number(one.quantity), one.asset)
        if not one.wallet:
            yield Finding(
                Severity.ERROR,
                "lot-without-wallet",
                f"{missing} of the lot {called[one.row]} lie in no wallet at the safe-harbour date.",
                one.row,
                "A wallet has given more than it ever received.",
                "Add the transfers that are missing.",
                (one.row,),
            )
            continue
        yield Finding(
            Severity.ERROR,
            "missing-basis",
            f"{sentence(called[one.row])} moves {missing} more than {names.account(one.wallet)} held: these units "
            "arrive without lots.",
            one.row,
            "Figures of that asset in the wallets concerned are not to be used.",
            "Add the missing acquisition or the transfer into this wallet.",
            (one.row,),
        )


def _portfolio(found: Matched, transactions: Sequence[Transaction], names: Names) -> Iterator[Finding]:
    by_row = {one.row: one for one in transactions}
    for disposal in found.disposals:
        one = by_row[disposal.row]
        if one.portfolio_value is None:
            fact = "has no value of the whole portfolio just before it"
        elif one.price is not None and not 0 <= one.price <= one.portfolio_value:
            fact = f"brings {plain(one.price)}, which is no part of the portfolio's {plain(one.portfolio_value)}"
        else:
            continue
        yield Finding(
            Severity.ERROR,
            "missing-portfolio-value",
            f"{sentence(names.row(one.row, one.at, one.wallet))} {fact}: its gain and every later one are not known.",
            one.row,
            fix="Enter the column portfolio_value.",
            entries=(one.row,),
        )
    if found.neutral:
        yield Finding(
            Severity.INFO,
            "neutral-exchange",
            counted(
                len(found.neutral),
                "exchange of one asset for another is neutral and no disposal.",
                "exchanges of one asset for another are neutral and no disposals.",
            ),
            found.neutral[0],
            "Sales without a portfolio value, beside a purchase of another asset at the same moment and value.",
            entries=tuple(found.neutral),
        )


def _splits(transactions: Sequence[Transaction], profile: Profile, names: Names) -> Iterator[Finding]:
    if profile.scope is Scope.PER_WALLET:
        return
    seen: dict[str, Transaction] = {}
    for one in transactions:
        if one.type is not TransactionType.SPLIT:
            continue
        before = seen.setdefault(one.asset, one)
        if before.wallet != one.wallet and before.ratio == one.ratio:
            yield Finding(
                Severity.WARNING,
                "split-twice",
                f"{sentence(names.row(before.row, before.at))} and {names.row(one.row, one.at)} both split all "
                f"{names.symbol(one.asset)}, though they name different wallets.",
                one.row,
                "Under the scope universal a split concerns all that is held.",
                "Keep one row for each split.",
                (before.row, one.row),
            )


def _unnamed_wallets(transactions: Sequence[Transaction], profile: Profile, names: Names) -> Iterator[Finding]:
    harbor = profile.safe_harbor
    if harbor is None:
        return
    at = profile.calendar.start_of(harbor.day)
    used = {wallet for one in transactions if one.at < at for wallet in (one.wallet, one.to_wallet) if wallet}
    unnamed = sorted(used - {*harbor.order})
    if unnamed:
        yield Finding(
            Severity.WARNING,
            "wallet-order-incomplete",
            f"The wallet order does not name {', '.join(map(names.account, unnamed))}; they were served last, in the "
            "order of their use.",
            ",".join(unnamed),
            fix="Name every wallet that held something at the safe-harbour date.",
        )


def _set_aside(found: Matched, units: Units, profile: Profile, currency: str, names: Names) -> Iterator[Finding]:
    if not profile.has("four-week-rule"):
        return
    for one in found.disposals:
        if one.denied:
            amount = plain(units.money.number(one.denied).quantize(_CENT, context=_WIDE))
            yield Finding(
                Severity.WARNING,
                "loss-set-aside",
                f"{amount} {currency} of the loss of {names.row(one.row, one.at, one.wallet)} may only be deducted "
                f"from a gain on the {names.symbol(one.asset)} bought again within four weeks; that deduction is not "
                "made here.",
                one.row,
                fix="Deduct it by hand when what was bought again is sold.",
                entries=(one.row,),
            )


def _unidentified(found: Matched, profile: Profile) -> Iterator[Finding]:
    if profile.method is not Method.SPEC_ID or not profile.has("unidentified", "fifo"):
        return
    rows = tuple(one.row for one in found.disposals if any(match[1] == Method.FIFO.value for match in one.matches))
    if rows:
        yield Finding(
            Severity.INFO,
            "unidentified-sales",
            f"For {counted(len(rows), 'sale')} no lots are selected: the oldest were taken.",
            rows[0],
            fix="Select lots where the law still lets you.",
            entries=rows,
        )


def _years_elsewhere(transactions: Sequence[Transaction], profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield that something falls into another tax year where most people of the country live."""
    rules, calendar = profile.jurisdiction, profile.calendar
    if not transactions or not rules.usual_zone or calendar.zone.key != rules.zone:
        return
    local = Calendar(ZoneInfo(rules.usual_zone), calendar.starts, calendar.is_named_by_end)
    first, last = (calendar.year_of(transactions[place].at) for place in (0, -1))
    rows: list[str] = []
    for year in range(first, last + 2):
        turn = calendar.start_of(calendar.bounds(year)[0])
        begin, end = (bisect_left(transactions, turn + shift, key=attrgetter("at")) for shift in (-DAY, DAY))
        rows += [
            one.row
            for one in transactions[begin:end]
            if one.type in _DATED and calendar.year_of(one.at) != local.year_of(one.at)
        ]
    if rows:
        called = _called(transactions, {rows[0]}, names)
        belong = "belongs" if len(rows) == 1 else "belong"
        yield Finding(
            Severity.WARNING,
            "other-tax-year",
            f"{len(rows):,} of the sales and receipts, first {called[rows[0]]}, {belong} to another tax year in "
            f"{rules.usual_zone} than in {rules.zone}, whose days count here.",
            rules.code,
            f"{rules.name} has several time zones; the days of {rules.zone} count until you name yours.",
            f"Name your zone: --option day-zone={rules.usual_zone}, or another of the country.",
            tuple(rows),
        )


def _foreign_currency(profile: Profile, currency: str) -> Iterator[Finding]:
    wanted = profile.jurisdiction.currency
    if wanted and currency and currency != wanted:
        yield Finding(
            Severity.WARNING,
            "foreign-currency",
            f"{profile.jurisdiction.name} taxes in {wanted}; these figures are in {currency}.",
            currency,
            fix=f"State every value in {wanted} at the rate of its day.",
        )
