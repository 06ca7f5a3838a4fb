"""The one tree of faults: what happened, the value, what to do, and how the process ends.

CounterfoilError
├── UsageError                wrong words on the command line                    exit 2
├── InputError                a file or value is not acceptable, nothing changed  exit 3
├── VaultError
│   ├── VaultLockedError      no passphrase, or the vault is in the wrong state   exit 4
│   ├── WrongPassphraseError  the header is sound, the passphrase is not          exit 4
│   ├── VaultTooNewError      written by a newer Counterfoil                      exit 3
│   ├── VaultDamagedError     bytes of the file were changed or lost              exit 7
│   ├── ChainBrokenError      a record does not follow from the one before        exit 7
│   ├── VaultRolledBackError  older than the anchor outside the file              exit 7
│   └── StorageFullError      the disk took no more; the transaction was undone   exit 3
├── SourceError               a venue, chain or price source                      exit 5
│   ├── RetryableError        try again by itself
│   │   └── RateLimitedError  try again after `retry_after` seconds
│   ├── CredentialsError      the key is wrong, expired or lacks a right
│   ├── ClockSkewError        this computer's clock is off
│   └── BadResponseError      the answer is not what this endpoint gives
├── RefusedError              by law profile, policy or limit                     exit 6
├── VerificationError         a check ran and failed                              exit 1
└── InterruptedByUserError    a person stopped the work                           exit 130
"""

from __future__ import annotations

from typing import ClassVar


class CounterfoilError(Exception):
    """A fault that a person can be told in one line."""

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        """Take the fact with its value, what to do about it, and the place (file, row, venue)."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def line(self) -> str:
        """Return the whole fault as one line."""
        place = f"{self.where}: " if self.where else ""
        fact = self.message if self.message.endswith((".", "!", "?", ":")) else f"{self.message}."
        remedy = f" {self.hint}" if self.hint else ""
        return " ".join(f"{place}{fact}{remedy}".split())

    def as_json(self) -> dict[str, str]:
        """Return the shape that `--json` prints under "error"."""
        return {"code": self.code, "message": self.message, "hint": self.hint, "where": self.where}


class UsageError(CounterfoilError):
    """The command line cannot be understood."""

    code = "usage"
    exit_status = 2


class InputError(CounterfoilError):
    """A file or value is not acceptable; nothing was changed."""

    code = "bad-input"
    exit_status = 3


class VaultError(CounterfoilError):
    """Something about the vault file."""

    code = "vault"
    exit_status = 7


class VaultLockedError(VaultError):
    """The vault is locked, missing, or no passphrase was given."""

    code = "vault-locked"
    exit_status = 4


class WrongPassphraseError(VaultError):
    """The header is sound, so the passphrase is what does not fit."""

    code = "wrong-passphrase"
    exit_status = 4


class VaultTooNewError(VaultError):
    """The vault was written by a newer version."""

    code = "vault-too-new"
    exit_status = 3


class VaultDamagedError(VaultError):
    """Bytes of the vault were changed or lost."""

    code = "vault-damaged"


class ChainBrokenError(VaultError):
    """A record does not follow from the one before it."""

    code = "chain-broken"


class VaultRolledBackError(VaultError):
    """The vault is older than the anchor kept outside the file."""

    code = "vault-rolled-back"


class StorageFullError(VaultError):
    """The disk took no more bytes; the transaction was undone."""

    code = "storage-full"
    exit_status = 3


class SourceError(CounterfoilError):
    """A venue, chain or price source."""

    code = "source"
    exit_status = 5


class RetryableError(SourceError):
    """A fault that usually goes away: time-out, 5xx, dropped connection."""

    code = "source-unreachable"


class RateLimitedError(RetryableError):
    """The source asked to wait `retry_after` seconds."""

    code = "rate-limited"

    def __init__(self, message: str, *, retry_after: float, hint: str = "", where: str = "") -> None:
        """Take the seconds to wait beside the usual parts."""
        super().__init__(message, hint=hint, where=where)
        self.retry_after = retry_after


class CredentialsError(SourceError):
    """The key is wrong, expired or lacks a right."""

    code = "key-refused"


class ClockSkewError(SourceError):
    """This computer's clock and the venue's differ too much."""

    code = "clock-skew"


class BadResponseError(SourceError):
    """The answer is not what this endpoint gives."""

    code = "bad-response"


class RefusedError(CounterfoilError):
    """Refused by a law profile, a policy or a limit."""

    code = "refused"
    exit_status = 6


class VerificationError(CounterfoilError):
    """A check ran and failed."""

    code = "verification-failed"
    exit_status = 1


class InterruptedByUserError(CounterfoilError):
    """A person stopped the work; everything done so far is kept."""

    code = "interrupted"
    exit_status = 130
