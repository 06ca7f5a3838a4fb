"""What the palette finds: assets, actions, places and entries, each with how well it fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.model.views import ConnectionView, EntryView, Position
from app.ui import format as fmt
from app.ui.actions import Commands, written
from app.ui.screens.base import Screen
from app.ui.words import tr

ASSETS, ACTIONS, PLACES, ENTRIES = "assets", "actions", "places", "entries"
PREFIXES = {">": (ACTIONS,), "#": (ENTRIES,), "@": (PLACES,)}
_MOST = {ASSETS: 4, ACTIONS: 6, PLACES: 6, ENTRIES: 6}


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the palette.

    Attributes:
        target: Place for `Shell.go`, or "action:<id>".
        icon: Lucide name, or "@BTC" for a letter avatar.
        keys: Shortcut as it is printed.
        value: Figure at the right.
        also: Further words that are searched.
    """

    group: str
    title: str
    detail: str
    target: str
    icon: str
    keys: str = ""
    value: str = ""
    change: str = ""
    also: str = ""


def group_title(group: str) -> str:
    """Return the heading of a group."""
    return {ASSETS: tr("Assets"), ACTIONS: tr("Actions"), PLACES: tr("Go to"), ENTRIES: tr("Entries")}[group]


def fitness(hit: Hit, words: str) -> int:
    """Return how well a hit fits: 0 is its whole title, 1 the start of it, higher is worse, -1 is not at all."""
    title = hit.title.casefold()
    if not words or title == words:
        return 0
    if title.startswith(words):
        return 1
    if f" {words}" in title:
        return 2
    if words in title:
        return 3
    parts = words.split()
    everything = f"{title} {hit.detail} {hit.also}".casefold()
    return 4 if all(part in everything for part in parts) else -1


def search(hits: Iterable[Hit], asked: str) -> list[Hit]:
    """Return the best hits of each group; a prefix asks for one group only, and then for more of it."""
    prefix, words = asked[:1], asked.strip().casefold()
    groups: Sequence[str] = (ASSETS, ACTIONS, PLACES, ENTRIES)
    if prefix in PREFIXES:
        groups, words = PREFIXES[prefix], asked[1:].strip().casefold()
    ranked = [(fitness(hit, words), index, hit) for index, hit in enumerate(hits) if hit.group in groups]
    ranked = sorted((place for place in ranked if place[0] >= 0), key=_rank)
    found: list[Hit] = []
    for group in groups:
        most = 12 if len(groups) == 1 else _MOST[group]
        found += [hit for _, _, hit in ranked if hit.group == group][:most]
    return found


def _rank(place: tuple[int, int, Hit]) -> tuple[int, int]:
    return place[0], place[1]


def of_positions(positions: Iterable[Position]) -> list[Hit]:
    """Return the assets that are held."""
    made = []
    for position in positions:
        mark = position.mark
        change = mark.change_24h if mark else None
        made.append(
            Hit(
                group=ASSETS,
                title=position.asset.symbol,
                detail=position.asset.name,
                target=f"positions/{position.asset.asset_id}",
                icon=f"@{position.asset.symbol}",
                value=fmt.price(mark.price) if mark else "",
                change=f"{fmt.arrow(change)}{fmt.THIN}{fmt.percent(change, sign=True)}" if change is not None else "",
                also=position.asset.asset_id,
            )
        )
    return made


def of_commands(commands: Commands) -> list[Hit]:
    """Return every action of the window; those that go somewhere are places."""
    made = []
    for action in commands:
        is_going = action.action_id.startswith("go-")
        keys = commands.keys(action.action_id)
        made.append(
            Hit(
                group=PLACES if is_going else ACTIONS,
                title=action.title,
                detail=action.detail or action.group,
                target=f"action:{action.action_id}",
                icon=action.icon,
                keys=written(keys[0]) if keys else "",
                also=action.action_id,
            )
        )
    return made


def of_screens(screens: Iterable[type[Screen]], commands: Commands) -> list[Hit]:
    """Return the tabs of every screen as places, and the screens to which no action goes."""
    known = {action.action_id for action in commands}
    made = []
    for screen in screens:
        title = tr(screen.title)
        if f"go-{screen.place}" not in known:
            made.append(Hit(PLACES, title, "", screen.place, screen.icon, also=screen.place))
        made += [Hit(PLACES, tr(name), title, place, screen.icon, also=place) for place, name in screen.parts]
    return made


def of_connections(connections: Iterable[ConnectionView]) -> list[Hit]:
    """Return the sources as places."""
    return [
        Hit(
            group=PLACES,
            title=view.account_name,
            detail=f"{tr('source')} · {view.connection.venue}",
            target=f"connections/{view.connection.name}",
            icon="plug",
            also=view.connection.name,
        )
        for view in connections
    ]


def of_entries(entries: Iterable[EntryView]) -> list[Hit]:
    """Return entries as hits."""
    made = []
    for entry in entries:
        legs = [
            f"{fmt.quantity(leg.quantity, leg.asset.symbol, sign=True)}"
            for leg in entry.legs
            if leg.role == "principal"
        ]
        made.append(
            Hit(
                group=ENTRIES,
                title=f"{entry.kind.value.capitalize()} {' '.join(legs[:2])}",
                detail=f"{entry.account_name} · {fmt.moment(entry.at)}",
                target=f"activity/{entry.entry_id}",
                icon="arrow-left-right",
            )
        )
    return made
