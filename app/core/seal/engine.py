"""Which generation of the computation makes canonical output, and what each one changed."""

from __future__ import annotations

ENGINE = 3
"""Counted up with every change after which the same books give other figures, or the same figures in another form."""

CHANGES: dict[int, str] = {
    1: "the first that seals years",
    2: (
        "what a source states in the money of the books counts in every country's money, reports name the days of "
        "findings and leave out those of later years, and US gifts, the French portfolio and Irish repurchases follow "
        "their law's edges"
    ),
    3: "what persons decided about transfers and prices, what brokers reported and kinds of income are sealed too",
}
"""What each generation changed, in words for a person whose sealed year comes out differently."""


def changed_since(engine: int) -> str:
    """Return in words what was changed after a generation; "" where nothing was."""
    return "; ".join(f"{number}: {CHANGES[number]}" for number in sorted(CHANGES) if number > engine)
