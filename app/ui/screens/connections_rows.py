"""Rows and columns of the connections: quiet where all is well, loud where a person is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.clock import DAY, to_datetime
from app.core.model.accounts import ConnectionState, KeyScope
from app.core.model.venues import VenueInfo
from app.core.model.views import ConnectionView
from app.ui import format as fmt
from app.ui.models.cells import Actions, Cell, Figure, Heading, Named, Share, Status, Words
from app.ui.models.columns import RIGHT, Column
from app.ui.models.rows import Branch
from app.ui.words import tr

STALE_AFTER = DAY
"""A healthy source that was not read for longer is stale."""
TIGHT = 80
"""Percent of the request budget from which on it is close to its limit."""
_WEEK = 6
_GROUPS = {"exchange": "Exchanges", "chain": "Chains and wallets", "wallet": "Chains and wallets"}
_REST = "Devices, prices, files"
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_READ = (ConnectionState.OK, ConnectionState.READING, ConnectionState.WAITING)
_STATES = {
    ConnectionState.NEW: ("not read yet", "info", "circle-dashed"),
    ConnectionState.READING: ("reading", "accent", "loader-circle"),
    ConnectionState.WAITING: ("waiting", "warn", "hourglass"),
    ConnectionState.FAILED: ("failed", "danger", "circle-x"),
    ConnectionState.PAUSED: ("paused", "text_3", "pause"),
}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One connection with the names and the moment that its line needs."""

    view: ConnectionView
    venue: str
    kind: str
    now_ns: int
    is_simulated: bool

    @property
    def name(self) -> str:
        """Return the name of the connection."""
        return self.view.connection.name

    @property
    def is_paused(self) -> bool:
        """Tell whether it is paused."""
        return self.view.state is ConnectionState.PAUSED

    @property
    def stale_ns(self) -> int | None:
        """Return the age of a healthy source that was not read for long, else None."""
        last = self.view.last_read_ns
        if self.view.state is not ConnectionState.OK or last is None or self.now_ns - last <= STALE_AFTER:
            return None
        return self.now_ns - last

    @property
    def may_withdraw(self) -> bool:
        """Tell whether its key may withdraw funds."""
        scope = self.view.connection.scope
        return scope is not None and scope.may_withdraw is True

    @property
    def needs_person(self) -> bool:
        """Tell whether somebody should look at it."""
        return (
            self.view.state is ConnectionState.FAILED
            or self.view.breaks > 0
            or self.stale_ns is not None
            or self.may_withdraw
        )

    @property
    def endpoint_word(self) -> str:
        """Return the badge of an endpoint that is not the venue's own."""
        if not self.view.connection.endpoint:
            return ""
        return tr("simulated") if self.is_simulated else tr("loopback")


def grouped(
    views: Iterable[ConnectionView], venues: Mapping[str, VenueInfo], now_ns: int, *, is_simulated: bool
) -> list[Branch]:
    """Return the connections under a heading a kind."""
    groups: dict[str, list[Branch]] = {}
    for view in views:
        info = venues.get(view.connection.venue)
        kind = "exchange" if info is None else info.kind
        title = view.connection.venue if info is None else info.name
        row = SourceRow(view, title, kind, now_ns, is_simulated)
        groups.setdefault(_GROUPS.get(kind, _REST), []).append(Branch(row.name, row))
    order = [*dict.fromkeys(_GROUPS.values()), _REST]
    return [
        Branch(f"group:{name}", Heading(tr(name), fmt.count(len(groups[name]))), tuple(groups[name]), is_heading=True)
        for name in order
        if name in groups
    ]


# words -------------------------------------------------------------------------------------------------------------
def when(at: int | None, now_ns: int) -> str:
    """Return a moment as short as its age allows: 14:31:52, Thu 22:10, 2024-12-31."""
    if at is None:
        return fmt.UNKNOWN
    days = now_ns // DAY - at // DAY
    if days <= 0:
        return fmt.time(at)
    if days <= _WEEK:
        return f"{tr(_WEEKDAYS[to_datetime(at).weekday()])} {fmt.time(at)[:5]}"
    return fmt.date(at)


def state_cell(row: SourceRow) -> Status:
    """Return the state: quiet where it is healthy."""
    if row.stale_ns is not None:
        return Status(tr("stale"), "warn", "clock-alert")
    if row.view.state is ConnectionState.OK:
        return Status(tr("ok"), "ok", "check", is_quiet=True)
    word, tone, icon = _STATES[row.view.state]
    return Status(tr(word), tone, icon)


def scope_words(scope: KeyScope | None) -> str:
    """Return what a key may do."""
    return tr("not asked yet") if scope is None else tr(scope.words)


def _scope(row: SourceRow) -> Cell:
    scope = row.view.connection.scope
    words = scope_words(scope)
    if scope is None or scope.may_withdraw is None:
        return Words(words, "text_3")
    if scope.may_withdraw:
        return Words(words, "danger", icon="shield-alert", icon_tone="danger")
    if scope.may_trade:
        return Words(words, "text_2")
    return Words(words, "text_2", icon="shield-check", icon_tone="ok")


def _last_read(row: SourceRow) -> Cell:
    is_failed = row.view.state is ConnectionState.FAILED
    tone = "danger" if is_failed else "warn" if row.stale_ns is not None else "text"
    return Figure(when(row.view.last_read_ns, row.now_ns), tone if row.view.last_read_ns is not None else "text_3")


def _moment_tip(at: int | None) -> str:
    return "" if at is None else f"{fmt.moment(at)}\n{fmt.local(at)}"


def history_words(row: SourceRow) -> str:
    """Return from when to when the history was read."""
    first, last = row.view.history_from_ns, row.view.last_read_ns
    if first is None:
        return fmt.UNKNOWN
    is_read = row.view.state in _READ
    is_now = is_read and last is not None and row.now_ns - last <= STALE_AFTER
    end = tr("now") if is_now else fmt.UNKNOWN if last is None else fmt.date(last)
    return f"{fmt.date(first)} – {end}"


def _history(row: SourceRow) -> Cell:
    return Words(history_words(row), "text_2" if row.view.history_from_ns is not None else "text_3")


def _budget(row: SourceRow) -> Cell:
    used = row.view.budget_used
    if used is None:
        return Share(None, fmt.UNKNOWN)
    is_tight = used * 100 >= TIGHT
    return Share(float(used), fmt.percent(used, places=0), "warn" if is_tight else "accent")


def _breaks(row: SourceRow) -> Cell:
    count = row.view.breaks
    return Figure(fmt.count(count), "danger" if count else "text_3", "cell_strong" if count else "cell")


def note_words(row: SourceRow) -> str:
    """Return what there is to say, with its figures masked where they must be."""
    if row.view.note:
        return fmt.prose(row.view.note)
    if row.stale_ns is not None:
        return tr("%s old").replace("%s", fmt.age(row.stale_ns))
    return tr("key may withdraw") if row.may_withdraw else ""


def _note(row: SourceRow) -> Cell:
    if row.view.state is ConnectionState.FAILED or (row.may_withdraw and not row.view.note):
        return Words(note_words(row), "danger")
    is_loud = row.stale_ns is not None or row.view.state is ConnectionState.WAITING
    return Words(note_words(row), "warn" if is_loud else "text_2")


def _actions(row: SourceRow) -> Cell:
    first = ("resume", "play", tr("Resume")) if row.is_paused else ("pause", "pause", tr("Pause"))
    return Actions((first, ("more", "ellipsis", tr("More"))))


def _source(row: SourceRow) -> Cell:
    return Named(row.venue, row.venue, row.name, is_square=True, badge=row.endpoint_word)


def search_text(row: SourceRow) -> str:
    """Return what the filter looks into."""
    return f"{row.venue} {row.name} {row.view.account_name} {state_cell(row).text} {row.view.note}"


def row_name(row: SourceRow) -> str:
    """Return how a source is called."""
    return f"{row.venue} {row.name}"


def columns() -> tuple[Column, ...]:
    """Return the columns of the connections."""
    return (
        Column(
            "source", tr("Source"), lambda row: row.name, _source, sort_key=lambda row: f"{row.venue} {row.name}",
            priority=100, width=170, gives_way=True, can_hide=False,
        ),
        Column(
            "state", tr("State"), lambda row: str(row.view.state), state_cell, priority=100, width=112,
        ),
        Column(
            "scope", tr("Key may"), lambda row: scope_words(row.view.connection.scope), _scope, priority=90, width=118,
        ),
        Column(
            "read", tr("Last read"), lambda row: fmt.moment(row.view.last_read_ns) if row.view.last_read_ns else None,
            _last_read, RIGHT, sort_key=lambda row: row.view.last_read_ns, priority=80, width=84,
            tooltip=lambda row: _moment_tip(row.view.last_read_ns),
        ),
        Column(
            "history", tr("History"), history_words, _history, sort_key=lambda row: row.view.history_from_ns,
            priority=40, width=130, about=tr("From the first entry to the last reading"),
        ),
        Column(
            "budget", tr("Request budget"), lambda row: row.view.budget_used, _budget, priority=50, width=132,
            about=tr("How much of what the venue allows is used up now"),
        ),
        Column(
            "records", tr("Records"), lambda row: row.view.records, lambda row: Figure(fmt.count(row.view.records)),
            RIGHT, priority=60, width=70,
        ),
        Column(
            "breaks", tr("Breaks"), lambda row: row.view.breaks, _breaks, RIGHT, priority=70,
            about=tr("Unexplained differences between ledger and reported balance"),
        ),
        Column("note", tr("Note"), note_words, _note, priority=65, width=110, gives_way=True, can_sort=False),
        Column(
            "actions", "", lambda _row: None, _actions, RIGHT, priority=100, width=64, can_sort=False, can_hide=False,
            is_copied=False,
        ),
    )  # fmt: skip
