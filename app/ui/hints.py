"""What to do about a fault, in the window's words: hints of the core may name words of the command line."""

from __future__ import annotations

from app.core.errors import CounterfoilError
from app.ui.words import tr

_COMMAND_LINE = ("--", "counterfoil ")


def shown(hint: str, here: str = "") -> str:
    """Return a hint as the window may show it; where it is meant for the command line, what can be done `here`."""
    return here if any(words in hint for words in _COMMAND_LINE) else hint


def hint(fault: CounterfoilError, here: str = "") -> str:
    """Return what to do about a fault."""
    return shown(fault.hint, here or _usual(fault.code))


def line(fault: CounterfoilError, here: str = "") -> str:
    """Return a whole fault as one line."""
    return CounterfoilError(fault.message, hint=hint(fault, here), where=fault.where).line()


def _usual(code: str) -> str:
    """Return what mostly helps in the window against a kind of fault; "" where that depends on the screen."""
    return {
        "refused": tr("Make a key that can only read."),
        "vault": tr("Restore a backup, or open another copy."),
        "vault-damaged": tr("Restore a backup, or open another copy."),
        "chain-broken": tr("Restore a backup, or open another copy."),
        "vault-rolled-back": tr("Open the newest copy of the vault."),
        "vault-locked": tr("Lock the window and unlock it again."),
    }.get(code, "")
