"""What a person says of deposits and withdrawals: that they are one transfer, or that they are none."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TransferLink:
    """One word on a group of ends; a later one on the same ends, or on some of them, replaces it.

    Attributes:
        withdrawals: Entry ids of what left.
        deposits: Entry ids of what arrived.
        is_transfer: They belong together; or (False) they do not, whatever hash or amount may say; None takes back what
            was said of them before.
        reason: In the words of the person, or those of the proposal that was accepted.
        recorded_ns: When the journal sealed it; 0 before.
        record: The hash of its record; "" before.
        device: The computer on which it was recorded, as its chain is called; "" before.
    """

    withdrawals: tuple[str, ...]
    deposits: tuple[str, ...]
    is_transfer: bool | None
    reason: str
    recorded_ns: int = 0
    record: str = ""
    device: str = field(default="", compare=False)

    @property
    def ids(self) -> frozenset[str]:
        """Return all entries that it speaks of."""
        return frozenset((*self.withdrawals, *self.deposits))
