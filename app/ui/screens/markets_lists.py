"""Watchlists: what is held, and lists of a person's own, kept in the vault as one setting."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.errors import InputError
from app.ui.words import tr

SETTING = "watchlists"
HELD = ""
"""Name of the list of what is held: it is no list of a person's own and cannot be changed."""
LONGEST = 40


def held_words() -> str:
    """Return what the list of what is held is called; no other may take its name."""
    return tr("What I hold")


@dataclass(frozen=True, slots=True)
class Watchlist:
    """Assets under a name, in the order in which they came."""

    name: str
    assets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Watchlists:
    """All lists of a person, and which of them is looked at."""

    lists: tuple[Watchlist, ...] = ()
    current: str = HELD

    @classmethod
    def parsed(cls, text: str | None) -> Watchlists:
        """Read the setting; InputError where it is none."""
        if not text:
            return cls()
        try:
            read = json.loads(text)
            made = tuple(Watchlist(str(one["name"]), tuple(map(str, one["assets"]))) for one in read["lists"])
            current = str(read["current"])
        except (ValueError, KeyError, TypeError) as error:
            message = "The watchlists of this vault cannot be read."
            raise InputError(message, hint="What you hold is shown; a new list takes their place.") from error
        return cls(made, current if current in {one.name for one in made} else HELD)

    def written(self) -> str:
        """Return the setting."""
        lists = [{"name": one.name, "assets": list(one.assets)} for one in self.lists]
        return json.dumps({"lists": lists, "current": self.current}, ensure_ascii=False)

    @property
    def names(self) -> Sequence[str]:
        """Return the names of the person's own lists."""
        return [one.name for one in self.lists]

    @property
    def shown(self) -> Watchlist | None:
        """Return the list that is looked at; None where that is what is held."""
        return next((one for one in self.lists if one.name == self.current), None)

    def watched(self) -> frozenset[str]:
        """Return every asset on any list."""
        return frozenset(asset for one in self.lists for asset in one.assets)

    def looking_at(self, name: str) -> Watchlists:
        """Return the lists with another one looked at."""
        return replace(self, current=name)

    def with_list(self, name: str, assets: Sequence[str] = ()) -> Watchlists:
        """Add a list and look at it."""
        clean = self._free(name)
        return Watchlists((*self.lists, Watchlist(clean, tuple(dict.fromkeys(assets)))), clean)

    def renamed(self, name: str) -> Watchlists:
        """Give the list that is looked at another name."""
        clean = self._free(name, but=self.current)
        made = (replace(one, name=clean) if one.name == self.current else one for one in self.lists)
        return Watchlists(tuple(made), clean)

    def without_list(self) -> Watchlists:
        """Take away the list that is looked at."""
        return Watchlists(tuple(one for one in self.lists if one.name != self.current))

    def with_asset(self, asset: str) -> Watchlists:
        """Add an asset to the list that is looked at; one that is there stays where it is."""
        shown = self.shown
        return self if shown is None else self._with(tuple(dict.fromkeys((*shown.assets, asset))))

    def without_asset(self, asset: str) -> Watchlists:
        """Take an asset off the list that is looked at."""
        shown = self.shown
        return self if shown is None else self._with(tuple(one for one in shown.assets if one != asset))

    def _with(self, assets: tuple[str, ...]) -> Watchlists:
        made = (replace(one, assets=assets) if one.name == self.current else one for one in self.lists)
        return replace(self, lists=tuple(made))

    def _free(self, name: str, but: str = HELD) -> str:
        clean = " ".join(name.split())
        if not clean:
            raise InputError("The list has no name.", hint="Give it one.")
        if len(clean) > LONGEST:
            raise InputError(f"The name has {len(clean)} characters.", hint=f"Use at most {LONGEST}.")
        if clean.casefold() in {one.casefold() for one in (held_words(), *self.names) if one != but}:
            raise InputError(f"There is a list called {clean} already.", hint="Give it another name.")
        return clean
