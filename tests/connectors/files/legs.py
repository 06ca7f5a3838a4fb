"""Entries as short texts that a test can compare."""

from __future__ import annotations

from app.core.clock import iso
from app.core.ledger.entries import Entry
from app.core.model.pages import Page
from app.core.money import plain


def words(entry: Entry) -> str:
    """Return kind, moment, legs and identity of an entry in one line."""
    legs = " ".join(f"{leg.sub_place}/{leg.asset}:{plain(leg.quantity)}:{leg.role.value}" for leg in entry.legs)
    identity = f"{entry.identity.space}:{entry.identity.native_id}"
    return f"{iso(entry.at, entry.resolution)} {entry.kind.value} {legs} [{identity}]"


def entries(page: Page) -> list[str]:
    """Return all entries of a page."""
    return [words(candidate.entry) for candidate in page.candidates]
