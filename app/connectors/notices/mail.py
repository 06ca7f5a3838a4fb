"""E-mail by SMTP: over TLS, on a thread of its own, with nothing of the talk kept or logged."""

from __future__ import annotations

import asyncio
import re
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime

from app.connectors.http import is_loopback
from app.core.clock import to_datetime
from app.core.errors import BadResponseError, CredentialsError, InputError, RetryableError, SourceError
from app.core.model.notices import MailRoute, Notice, Security

_PATIENCE = 20.0
_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")
_LASTING = 500
"""From such an answer on the server refuses for good; below it, for now."""


def check(route: MailRoute) -> None:
    """Raise InputError where a route is none, or would send words in clear over a network."""
    if not route.host or not re.fullmatch(r"[\w.:-]+", route.host):
        raise InputError(f"{route.host!r} is no mail server.", hint="Such as mail.example.org.")
    if not 0 < route.port < 65_536:  # noqa: PLR2004 - ports
        raise InputError(f"{route.port} is no port.", hint="Usually 465 for tls, 587 for starttls.")
    if not route.recipients:
        raise InputError("Nobody is named who shall get the mail.", hint="Give an address such as me@example.org.")
    for address in (route.sender, *route.recipients):
        if not _ADDRESS.fullmatch(address):
            raise InputError(f"{address!r} is no e-mail address.", hint="Such as me@example.org.")
    if route.security is Security.NONE and not is_loopback(route.host):
        raise InputError(
            f"{route.host} is not this computer: mail to it goes over TLS.", hint="Use tls (465) or starttls (587)."
        )


async def send(route: MailRoute, notice: Notice, now_ns: int, certificates: Callable[[], ssl.SSLContext]) -> None:
    """Send a notice; SourceError where the server could not be reached or did not take it."""
    check(route)
    message = _message(route, notice, now_ns)
    await asyncio.to_thread(_send, route, message, certificates)


def _message(route: MailRoute, notice: Notice, now_ns: int) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = " ".join(notice.title.split())
    message["From"] = route.sender
    message["To"] = ", ".join(route.recipients)
    message["Date"] = format_datetime(to_datetime(now_ns))
    # The same for every attempt, so that a mailbox can tell what came twice.
    message["Message-ID"] = f"<{notice.key}@counterfoil.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.text)
    return message


def _send(route: MailRoute, message: EmailMessage, certificates: Callable[[], ssl.SSLContext]) -> None:
    where = route.host
    try:
        with _opened(route, certificates) as server:
            if route.user:
                server.login(route.user, route.password)
            server.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise CredentialsError(
            "The mail server refused user and password.", hint="Set them anew.", where=where
        ) from error
    except ssl.SSLError as error:
        raise _unsafe(where) from error
    except smtplib.SMTPNotSupportedError as error:
        raise BadResponseError("The mail server does not offer what is asked.", hint="Try tls in place of starttls.",
                               where=where) from error  # fmt: skip
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(where, max(code for code, _ in error.recipients.values())) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(where, error.smtp_code) from error
    except (smtplib.SMTPException, OSError) as error:
        raise RetryableError(f"The mail server cannot be reached: {type(error).__name__}.",
                             hint="Check host, port and the network.", where=where) from error  # fmt: skip


def _opened(route: MailRoute, certificates: Callable[[], ssl.SSLContext]) -> smtplib.SMTP:
    if route.security is Security.TLS:
        return smtplib.SMTP_SSL(route.host, route.port, timeout=_PATIENCE, context=certificates())
    server = smtplib.SMTP(route.host, route.port, timeout=_PATIENCE)
    if route.security is Security.STARTTLS:
        try:
            server.starttls(context=certificates())
        except BaseException:
            server.close()
            raise
    return server


def _unsafe(where: str) -> SourceError:
    return BadResponseError("The mail server's certificate is not to be trusted; nothing was sent.",
                            hint="Check the name of the host.", where=where)  # fmt: skip


def _refused(where: str, code: int) -> SourceError:
    # What the server says beside its number may repeat addresses and words of the mail.
    if code >= _LASTING:
        return BadResponseError(f"The mail server refused the mail ({code}).", hint="Check the addresses.", where=where)
    return RetryableError(f"The mail server does not take mail now ({code}).", where=where)
