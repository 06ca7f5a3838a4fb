"""What brokers reported of a tax year, kept in the vault beside the question of the tax place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Protocol

_NAME = "tax/1099-da"
COUNTRY = "us"
"""Whose brokers file it."""


@dataclass(frozen=True, slots=True)
class BrokerForm:
    """A file of lines of Form 1099-DA, as it was read.

    Attributes:
        file: Its name, to be shown.
    """

    file: str
    text: str


class Settings(Protocol):
    """Where settings of the vault are kept."""

    async def setting(self, name: str) -> str | None:
        """Return a setting; None where it was never made."""

    async def set_setting(self, name: str, value: str) -> None:
        """Keep a setting."""


async def kept(settings: Settings, year: int) -> BrokerForm | None:
    """Return what brokers reported of a year; None where nothing was kept."""
    return read(await settings.setting(setting_name(year)))


def setting_name(year: int) -> str:
    """Return under which name the vault keeps what brokers reported of a year."""
    return f"{_NAME}/{year}"


def read(text: str | None) -> BrokerForm | None:
    """Return what the vault keeps under that name; None where that is nothing."""
    return BrokerForm(**json.loads(text)) if text else None


async def keep(settings: Settings, year: int, form: BrokerForm | None) -> None:
    """Keep what brokers reported of a year, in place of what was kept before; None keeps nothing."""
    text = "" if form is None else json.dumps({"file": form.file, "text": form.text})
    await settings.set_setting(setting_name(year), text)
