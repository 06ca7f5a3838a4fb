"""The methods by which lots are chosen or costs averaged, and the scopes in which they look for lots."""

from __future__ import annotations

from enum import StrEnum


class Method(StrEnum):
    """How the cost of a disposal is found."""

    FIFO = "fifo"
    LIFO = "lifo"
    HIFO = "hifo"
    LOFO = "lofo"
    SPEC_ID = "spec-id"
    SECTION_104 = "section-104"
    ACB = "acb"
    PMP = "pmp"
    TOTAL_AVERAGE = "total-average"
    MOVING_AVERAGE = "moving-average"


class Scope(StrEnum):
    """Where lots are looked for."""

    UNIVERSAL = "universal"
    PER_WALLET = "per-wallet"


BY_LOT = frozenset({Method.FIFO, Method.LIFO, Method.HIFO, Method.LOFO, Method.SPEC_ID})
"""Methods that use up single lots."""

BY_WALLET = BY_LOT | {Method.ACB, Method.MOVING_AVERAGE}
"""Methods that can be kept for each wallet; the others average over everything that a person holds."""
