"""Notices of alerts on their way out: what is said, and by which way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Security(StrEnum):
    """How a mail server is spoken to."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"
    """Only on this computer."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said.

    Attributes:
        key: The record that it is about: whoever gets it twice can tell.
        fields: The same for programs.
    """

    key: str
    title: str
    text: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MailRoute:
    """A mail server, and from whom to whom it is asked to send."""

    host: str
    port: int
    security: Security
    user: str
    sender: str
    recipients: tuple[str, ...]
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that takes notices as JSON, signed with a secret that both sides know."""

    url: str
    secret: str = field(default="", repr=False)
