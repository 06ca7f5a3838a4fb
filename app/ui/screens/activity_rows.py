"""Rows and columns of the activity: every entry by day, what went out and in, what it points to, its state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.core.clock import DAY, SECOND, to_datetime
from app.core.ledger.entries import EntryKind, Role
from app.core.model.assets import Asset, AssetKind
from app.core.model.views import EntryView, LegView
from app.core.money import add, plain
from app.ui import format as fmt
from app.ui.models.cells import NOTHING, Cell, Figure, Hash, Heading, Status, Words
from app.ui.models.columns import RIGHT, Column, full_amount, full_quantity
from app.ui.models.rows import Branch
from app.ui.words import tr

KINDS: dict[EntryKind, tuple[str, str]] = {
    EntryKind.TRADE: ("Trade", "arrow-left-right"),
    EntryKind.DEPOSIT: ("Deposit", "arrow-down-left"),
    EntryKind.WITHDRAWAL: ("Withdrawal", "arrow-up-right"),
    EntryKind.MOVE: ("Move", "arrow-right-left"),
    EntryKind.REWARD: ("Reward", "sprout"),
    EntryKind.CONVERSION: ("Conversion", "repeat-2"),
    EntryKind.FEE: ("Fee", "receipt-text"),
    EntryKind.OPENING: ("Opening", "book-open"),
    EntryKind.ADJUSTMENT: ("Adjustment", "pencil"),
    EntryKind.GIFT: ("Gift", "gift"),
    EntryKind.SPENDING: ("Spending", "shopping-cart"),
    EntryKind.THEFT: ("Theft", "shield-alert"),
    EntryKind.LOSS: ("Loss", "circle-x"),
    EntryKind.AIRDROP: ("Airdrop", "cloud-download"),
    EntryKind.FORK: ("Fork", "git-fork"),
    EntryKind.MIGRATION: ("Migration", "replace"),
    EntryKind.WRAP: ("Wrap", "package"),
    EntryKind.LIQUID_STAKING: ("Liquid staking", "droplets"),
    EntryKind.OTHER: ("Other", "circle-dashed"),
}
STATES: dict[str, tuple[str, str, str, bool]] = {
    "recorded": ("recorded", "ok", "check", True),
    "revised": ("revised", "text_3", "pencil", True),
    "provisional": ("provisional", "info", "hourglass", False),
    "void": ("void", "text_3", "ban", False),
}
_MONEY = (AssetKind.FIAT, AssetKind.STABLE)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WRITTEN = ("tx_hash", "address")
_LONG = 24


def kind_word(kind: EntryKind) -> str:
    """Return what a kind is called."""
    return tr(KINDS[kind][0])


def by_day(entries: Iterable[EntryView], *, is_whole: bool) -> list[Branch]:
    """Return the entries under a heading a day; the last day says no count while more of it may come."""
    days: dict[int, list[Branch]] = {}
    for entry in entries:
        days.setdefault(entry.at // DAY, []).append(Branch(entry.entry_id, entry))
    newest_first = list(days)
    return [_day(day, days[day], is_whole=is_whole or day != newest_first[-1]) for day in newest_first]


def _day(day: int, below: Sequence[Branch], *, is_whole: bool) -> Branch:
    at = day * DAY
    name = f"{tr(_DAYS[to_datetime(at).weekday()])}, {fmt.day(at)}"
    count = fmt.counted(len(below), tr("%s entry"), tr("%s entries"))
    return Branch(f"day:{day}", Heading(name, count if is_whole else "", "UTC"), tuple(below), is_heading=True)


# legs --------------------------------------------------------------------------------------------------------------
def principal(entry: EntryView, *, is_out: bool) -> tuple[LegView, ...]:
    """Return what went out or came in, without fees; a fee of its own is what goes out."""
    legs = [leg for leg in entry.legs if leg.role is not Role.FEE] or list(entry.legs)
    return tuple(leg for leg in legs if (leg.quantity < 0) == is_out)


def sums(legs: Iterable[LegView]) -> list[tuple[Asset, Decimal]]:
    """Return one exact sum an asset."""
    found: dict[str, tuple[Asset, Decimal]] = {}
    for leg in legs:
        asset, before = found.get(leg.asset.asset_id, (leg.asset, Decimal(0)))
        found[leg.asset.asset_id] = asset, add(before, leg.quantity)
    return list(found.values())


def shown_quantity(value: Decimal, asset: Asset, *, sign: bool = False) -> str:
    """Return a quantity as people write it: money has at least two places, all else no trailing zeros."""
    if asset.kind not in _MONEY:
        return fmt.quantity(value, asset.symbol, sign=sign)
    places = min(8, max(2, len(plain(value).partition(".")[2])))
    return fmt.quantity(value, asset.symbol, places=places, trim=False, sign=sign)


def side(entry: EntryView, *, is_out: bool) -> str:
    """Return one side of an entry: a quantity, or how many assets."""
    found = sums(principal(entry, is_out=is_out))
    if len(found) > 1:
        return tr("%s assets").replace("%s", fmt.count(len(found)))
    return "".join(shown_quantity(quantity, asset, sign=True) for asset, quantity in found)


def _side_tip(entry: EntryView, *, is_out: bool) -> str:
    lines = []
    for leg in principal(entry, is_out=is_out):
        where = f"{leg.account_name} {leg.sub_place}".strip()
        lines.append(f"{full_quantity(leg.quantity, leg.asset.symbol)} · {where}")
    return "\n".join(lines)


def _side_raw(entry: EntryView, *, is_out: bool) -> str:
    return " ".join(f"{plain(quantity)} {asset.symbol}" for asset, quantity in sums(principal(entry, is_out=is_out)))


def fees(entry: EntryView) -> str:
    """Return the fees in words, "" where there are none or the entry is one."""
    paid = [leg for leg in entry.legs if leg.role is Role.FEE]
    if not paid or len(paid) == len(entry.legs):
        return ""
    texts = [shown_quantity(-quantity, asset) for asset, quantity in sums(paid)]
    return f"{tr('fee')} {' + '.join(texts)}"


def detail(entry: EntryView) -> str:
    """Return what an entry is about: pair and side, places, fee, references."""
    parts = [_pair(entry) if entry.kind is EntryKind.TRADE else "", _places(entry), fees(entry)]
    for name, text in entry.references.items():
        parts.append(hash_text(text, short=True) if name in _WRITTEN else reference_text(name, text))
    return " · ".join(part for part in parts if part)


def reference_text(name: str, text: str) -> str:
    """Return a reference in words; figures in a note are masked as all others."""
    if name in ("order", "trade"):
        return f"{tr(name)} {hash_text(text)}"
    return fmt.prose(text)


def hash_text(text: str, *, short: bool = False) -> str:
    """Return a hash, address or id in groups of four; it tells who one is, so the highest masking hides it."""
    if fmt.mask() is fmt.Mask.EVERYTHING:
        return fmt.MASK
    return fmt.grouped_hash(text, short=short) if len(text) >= _LONG and text.isalnum() else text


def _pair(entry: EntryView) -> str:
    out, into = principal(entry, is_out=True), principal(entry, is_out=False)
    if not out or not into:
        return ""
    given, got = out[0].asset, into[0].asset
    if got.kind in _MONEY and given.kind not in _MONEY:
        return f"{given.symbol}/{got.symbol} · {tr('sell')}"
    return f"{got.symbol}/{given.symbol} · {tr('buy')}"


def _places(entry: EntryView) -> str:
    if entry.kind is not EntryKind.MOVE:
        return ""
    out, into = principal(entry, is_out=True), principal(entry, is_out=False)
    return f"{out[0].sub_place} → {into[0].sub_place}" if out and into else ""


# cells -------------------------------------------------------------------------------------------------------------
def _time(entry: EntryView) -> Cell:
    return Figure(fmt.time(entry.at) if entry.resolution < DAY else tr("day"), "text_2")


def _time_tip(entry: EntryView) -> str:
    step = "" if entry.resolution <= SECOND else f"\n{tr('The source gives it to')} {fmt.age(entry.resolution)}"
    return f"{fmt.moment(entry.at)}\n{fmt.local(entry.at)}{step}"


def _kind(entry: EntryView) -> Cell:
    return Words(kind_word(entry.kind), role="cell_strong", icon=KINDS[entry.kind][1], icon_tone="text_2")


def _record(entry: EntryView) -> Cell:
    return Hash(f"#{fmt.count(entry.record)}")


def _side_cell(entry: EntryView, *, is_out: bool) -> Cell:
    text = side(entry, is_out=is_out)
    return Figure(text) if text else NOTHING


def _stated(entry: EntryView) -> Cell:
    if entry.stated is None:
        return Figure(fmt.UNKNOWN, "text_3")
    return Figure(fmt.amount(entry.stated.amount, entry.stated.currency))


def state_cell(state: str) -> Status:
    """Return the state of an entry: quiet where it is the normal one."""
    word, tone, icon, is_quiet = STATES.get(state, (state, "text_3", "circle-dashed", False))
    return Status(tr(word), tone, icon, is_quiet)


def row_name(entry: EntryView) -> str:
    """Return how an entry is called."""
    return f"{kind_word(entry.kind)} {fmt.date(entry.at)} {fmt.time(entry.at)}"


def columns() -> tuple[Column, ...]:
    """Return the columns of the activity."""
    return (
        Column(
            "time", tr("Time"), lambda entry: fmt.moment(entry.at), _time, priority=100, width=78, can_sort=False,
            tooltip=_time_tip, can_hide=False,
        ),
        Column(
            "kind", tr("Kind"), lambda entry: str(entry.kind), _kind, priority=100, width=106, can_sort=False,
        ),
        Column(
            "out", tr("Out"), lambda entry: _side_raw(entry, is_out=True), lambda entry: _side_cell(entry, is_out=True),
            RIGHT, priority=100, width=90, can_sort=False, tooltip=lambda entry: _side_tip(entry, is_out=True),
        ),
        Column(
            "in", tr("In"), lambda entry: _side_raw(entry, is_out=False), lambda entry: _side_cell(entry, is_out=False),
            RIGHT, priority=100, width=90, can_sort=False, tooltip=lambda entry: _side_tip(entry, is_out=False),
        ),
        Column(
            "account", tr("Account"), lambda entry: entry.account_name, lambda entry: Words(entry.account_name),
            priority=80, width=96, can_sort=False, gives_way=True,
        ),
        Column(
            "detail", tr("Detail"), detail, lambda entry: Words(detail(entry), "text_3"), priority=60, width=110,
            can_sort=False, gives_way=True,
        ),
        Column(
            "stated", tr("Stated value"), lambda entry: entry.stated.amount if entry.stated else None, _stated, RIGHT,
            priority=70, can_sort=False, about=tr("The value that the source itself gave"),
            tooltip=lambda entry: full_amount(entry.stated.amount, entry.stated.currency) if entry.stated else "",
        ),
        Column(
            "state", tr("State"), lambda entry: entry.state, lambda entry: state_cell(entry.state), priority=90,
            width=100, can_sort=False,
        ),
        Column(
            "record", tr("Record"), lambda entry: entry.record, _record, RIGHT, priority=50, can_sort=False,
            about=tr("Number of its record in the journal; the inspector has the hash"),
        ),
    )  # fmt: skip
