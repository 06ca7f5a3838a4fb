"""Which account is meant: by id, by name, or a new one; and never one of another venue."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from app.core.errors import InputError
from app.core.model.accounts import Account

BY_HAND = "manual"
FROM_FILE = "statement"
_OPEN = (BY_HAND, FROM_FILE)
"""Accounts that were made without a venue may turn out to be at any."""
_NAME = re.compile(r"[^\W_][\w .-]{0,63}")


def is_name(text: str) -> bool:
    """Tell whether a text can name an account or a connection."""
    return _NAME.fullmatch(text) is not None


def meant(known: Sequence[Account], text: str) -> Account | None:
    """Return the account of an id or a name, however it is capitalised; InputError where there are several."""
    wanted = _plain(text)
    for found in (
        [account for account in known if account.account_id == text],
        [account for account in known if wanted in (_plain(account.account_id), _plain(account.name))],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            message = f"{text!r} names {len(found)} accounts."
            raise InputError(message, hint=f"There are: {listed(found)}.")
    return None


def at_venue(known: Sequence[Account], text: str, venue: str) -> str:
    """Return the id of the account at a venue that is meant, known or new; InputError where it is at another."""
    account = meant(known, text)
    if account is None:
        if not is_name(text):
            message = f"{text!r} cannot be the name of an account."
            raise InputError(message, hint="Use up to 64 letters, digits, spaces, dots, dashes; no dash first.")
        return text
    if venue and account.venue != venue and account.venue not in _OPEN:
        message = f"The account {account.account_id} is at {account.venue}, not at {venue}."
        there = [one for one in known if one.venue == venue]
        raise InputError(message, hint=f"Name another with --account; at {venue} there are: {listed(there)}.")
    return account.account_id


def listed(accounts: Sequence[Account]) -> str:
    """Return the ids of accounts for a person."""
    return ", ".join(account.account_id for account in accounts) or "none yet"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
