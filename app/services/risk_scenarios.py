"""Stress scenarios of a person: written as text for a setting of the vault, and read back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from app.core.errors import InputError
from app.core.risk.stress.hypothetical import (
    BridgeLoss,
    Depeg,
    Gap,
    Hypothesis,
    VenueDefault,
    VolatilityUp,
)
from app.core.risk.stress.shocks import CLASSES, Shock

SETTING = "risk/scenarios"
"""Name under which the vault keeps them."""

LONGEST_NAME = 60
"""Letters that a name may have: it stands in a column."""

KINDS: Mapping[str, type[Hypothesis]] = {
    "venue": VenueDefault,
    "depeg": Depeg,
    "bridge": BridgeLoss,
    "gap": Gap,
    "shock": Shock,
    "volatility": VolatilityUp,
}

_MOVE = re.compile(r"(?P<name>[^=]+)=\s*(?P<sign>[+\u2212-]?)(?P<percent>\d{1,4}(?:\.\d+)?)\s*%?", re.ASCII)


@dataclass(frozen=True, slots=True)
class OwnScenario:
    """A scenario with the name that a person gave it; the name is its identity."""

    name: str
    hypothesis: Hypothesis


def written(scenarios: Iterable[OwnScenario]) -> str:
    """Return scenarios as text."""
    kinds = {kind: word for word, kind in KINDS.items()}
    return json.dumps(
        [{"name": one.name, "kind": kinds[type(one.hypothesis)], **asdict(one.hypothesis)} for one in scenarios],
        ensure_ascii=False,
        sort_keys=True,
    )


def read(text: str | None) -> tuple[OwnScenario, ...]:
    """Return the scenarios of a text; InputError where it is none."""
    if not text:
        return ()
    try:
        return tuple(_of(line) for line in json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"The saved scenarios cannot be read: {error}.", hint="Save one anew; it takes the place of them."
        ) from error


def _of(line: dict[str, Any]) -> OwnScenario:
    kind = KINDS[line["kind"]]
    known = {field.name for field in fields(kind)}
    given = {name: _frozen(value) for name, value in line.items() if name not in ("name", "kind")}
    if unknown := given.keys() - known:
        raise KeyError(f"{line['kind']} has no {', '.join(sorted(unknown))}")
    for field in fields(kind):
        if isinstance(field.default, float) and not isinstance(given.get(field.name, 0.0), int | float):
            raise TypeError(f"{field.name} of {line['name']} is no number")
    return OwnScenario(str(line["name"]), kind(**given))


def _frozen(value: Any) -> Any:
    """Return a value of JSON as the dataclasses have it: lists become tuples."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def checked(name: str, taken: Iterable[str] = ()) -> str:
    """Return a name as it is kept; InputError for none, a long one, or one that a stress of the program has."""
    found = " ".join(name.split())
    if not found:
        raise InputError("The scenario has no name.", hint="Give it one, under which it is found again.")
    if len(found) > LONGEST_NAME:
        raise InputError(
            f"The name of the scenario has {len(found)} letters.", hint=f"Give it one of {LONGEST_NAME} or fewer."
        )
    other = next((one for one in taken if _is_same(one, found)), None)
    if other is not None:
        raise InputError(f"A stress of the program is named {other}.", hint="Give the scenario another name.")
    return found


def kept(scenarios: Iterable[OwnScenario], changed: OwnScenario, taken: Iterable[str] = ()) -> tuple[OwnScenario, ...]:
    """Return scenarios with one more, or with another in the place of the one of its name, whatever its capitals."""
    name = checked(changed.name, taken)
    return (*without(scenarios, name), OwnScenario(name, changed.hypothesis))


def without(scenarios: Iterable[OwnScenario], name: str) -> tuple[OwnScenario, ...]:
    """Return scenarios without the one of a name."""
    return tuple(one for one in scenarios if not _is_same(one.name, name))


def _is_same(name: str, other: str) -> bool:
    return " ".join(name.split()).casefold() == " ".join(other.split()).casefold()


def shock_of(words: Sequence[str], factor: str, named: Callable[[str], str]) -> Shock:
    """Return the shock that words such as BTC=-30% or crypto=-50% tell; InputError where one tells none.

    Args:
        words: An asset or a class of assets each, with the move of its price in percent.
        factor: Whose move all others follow by their beta; "" where they stand still.
        named: Returns the asset that a word means.
    """
    moves: dict[str, float] = {}
    classes: dict[str, float] = {}
    for word in words:
        told = _MOVE.fullmatch(word.strip())
        if told is None:
            raise InputError(f"{word!r} is no move of a price.", hint="Example: BTC=-30% or crypto=-50%")
        name, move = told["name"].strip(), float(Decimal(told["percent"]).scaleb(-2))
        move = -move if told["sign"] in ("-", "\u2212") else move
        key, of = (name.casefold(), classes) if name.casefold() in CLASSES else (named(name), moves)
        if key in of:
            raise InputError(f"{name} is given twice.", hint="Give each asset and each class one move.")
        of[key] = move
    return Shock(tuple(moves.items()), tuple(classes.items()), named(factor) if factor else "")
