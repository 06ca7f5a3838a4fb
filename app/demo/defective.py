"""What lies beside a demo vault with defects: the list of what was seeded, and statements that help to mend it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from app.core.ledger.csv_v1 import COLUMNS, rows
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role
from app.demo import statements
from app.demo.events import Event
from app.demo.instruments import symbol
from app.demo.seeding import COINBASE, seeded
from app.demo.world import World

LIST = "defects.json"
STATEMENTS = "statements"


def write(world: World, folder: Path) -> int:
    """Write the list and the statements of a world; returns how many defects there are."""
    defects = seeded(world)
    (folder / STATEMENTS).mkdir(parents=True, exist_ok=True)
    (folder / LIST).write_text(json.dumps([one.document() for one in defects.seeded], indent=2) + "\n", "utf-8")
    (folder / STATEMENTS / f"{COINBASE}.csv").write_text(statements.coinbase(world), "utf-8")
    with (folder / STATEMENTS / "wallet.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for event in defects.late:
            writer.writerows(rows("", _entry(event), {event.base: symbol(event.base)}))
    return len(defects.seeded)


def _entry(event: Event) -> Entry:
    legs = tuple(Leg(event.venue, move.place, move.asset, move.quantity, Role.INTEREST) for move in event.moves)
    return Entry(event.venue, event.at, EntryKind.REWARD, legs, Identity("list", event.native_id), resolution=10**9)
