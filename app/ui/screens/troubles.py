"""What is said when a vault does not open: what is so, what it means, what to do; each fault has its own words."""

from __future__ import annotations

from dataclasses import dataclass

from app.core import errors
from app.ui import hints
from app.ui.traces import trace
from app.ui.words import tr


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a vault did not open.

    Attributes:
        is_inline: It is said beside the field, since the next try is likely to do.
        ways: Ids of the ways out: "retry", "other", "restore", "new", "older".
    """

    what: str
    meaning: str
    ways: tuple[str, ...]
    details: str = ""
    is_inline: bool = False


def trouble(fault: BaseException) -> Trouble:
    """Return the words for a fault."""
    if isinstance(fault, errors.WrongPassphraseError):
        words = tr(
            "This passphrase does not open the vault. The file is sound; check capital letters and keyboard layout."
        )
        return Trouble(words, "", ("retry",), is_inline=True)
    if isinstance(fault, errors.VaultRolledBackError):
        meaning = tr(
            "It holds less than this computer has seen before: an older copy was put in its place, or a backup. "
            "Open the newest copy if there is one. If this is all that is left, go on with it: this computer then "
            "begins a new chain, and what is missing stays missing."
        )
        return Trouble(tr("This is an older copy of the vault."), meaning, ("other", "restore", "older"), _line(fault))
    if isinstance(fault, errors.VaultTooNewError):
        meaning = tr(
            "It was written by a newer version. Nothing was changed. Install the newest version, then open it again."
        )
        return Trouble(tr("This Counterfoil is too old for the vault."), meaning, ("other",), _line(fault))
    if isinstance(fault, errors.ChainBrokenError):
        meaning = tr(
            "A record does not follow from the one before it, so the file was altered. Restore a backup from before."
        )
        return Trouble(tr("The chain of records is broken."), meaning, ("restore", "other"), _line(fault))
    if isinstance(fault, errors.VaultDamagedError):
        meaning = tr("Bytes of the file were changed or lost. Nothing was written to it. Restore the newest backup.")
        return Trouble(tr("The vault is damaged."), meaning, ("restore", "other", "retry"), _line(fault))
    if isinstance(fault, errors.VaultLockedError):
        return Trouble(fault.message, hints.hint(fault), ("other", "new", "retry"), _line(fault))
    if isinstance(fault, errors.CounterfoilError):
        return Trouble(fault.message, hints.hint(fault, tr("Choose another file.")), ("retry", "other"), _line(fault))
    meaning = tr("This is a fault of the program; your books are not affected.")
    return Trouble(tr("The vault could not be opened."), meaning, ("retry", "other"), trace(fault))


def _line(fault: errors.CounterfoilError) -> str:
    return f"{fault.code}   {hints.line(fault)}"
