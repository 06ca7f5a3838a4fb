"""Mail over a real socket: nothing in clear over a network, nothing to a server that is not trusted, no secret told."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from app.connectors.http import trusted
from app.connectors.notices import OutgoingNotices
from app.core.clock import SECOND
from app.core.errors import BadResponseError, CounterfoilError, CredentialsError, InputError, RetryableError
from app.core.model.notices import MailRoute, Notice, Security
from tests.connectors.notices.smtp_server import MailServer, certificate

NOTICE = Notice("ab" * 32, "Counterfoil: alert 3fa1 fired", "Alert 3fa1 fired.\n", {})
NOW = 1_790_000_000 * SECOND


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("mail"))


@pytest.fixture
def server(pem: Path, request: pytest.FixtureRequest) -> Iterator[MailServer]:
    """Return a server; its parameter is what it offers."""
    made = MailServer(pem, **getattr(request, "param", {}))
    yield made
    made.end()


def notices(pem: Path) -> OutgoingNotices:
    """Return notices that trust the server of the test."""
    return OutgoingNotices(lambda: NOW, partial(ssl.create_default_context, cafile=str(pem)))


def route(server: MailServer, security: Security, user: str = "me") -> MailRoute:
    to = ("you@example.org", "she@example.org")
    return MailRoute("127.0.0.1", server.port, security, user, "me@example.org", to, "canary-password")


@pytest.mark.parametrize(
    ("server", "security"), [({"is_tls": True}, Security.TLS), ({}, Security.STARTTLS)], indirect=["server"]
)
async def test_mail_goes_over_tls_after_a_login(server: MailServer, security: Security, pem: Path) -> None:
    await notices(pem).mail(route(server, security), NOTICE)
    (mail,) = server.box.mails

    assert (server.box.secure, server.box.logins) == ([True], [("me", "canary-password")])
    assert "Subject: Counterfoil: alert 3fa1 fired\r\n" in mail
    assert "To: you@example.org, she@example.org\r\n" in mail
    assert f"Message-ID: <{NOTICE.key}@counterfoil.invalid>\r\n" in mail
    assert mail.endswith("\r\n\r\nAlert 3fa1 fired.\r\n")


async def test_on_this_computer_mail_may_go_without_tls_and_without_a_login(server: MailServer, pem: Path) -> None:
    await notices(pem).mail(route(server, Security.NONE, user=""), NOTICE)

    assert (len(server.box.mails), server.box.logins) == (1, [])


@pytest.mark.parametrize(
    ("server", "security"), [({"is_tls": True}, Security.TLS), ({}, Security.STARTTLS)], indirect=["server"]
)
async def test_a_server_that_is_not_trusted_gets_nothing(server: MailServer, security: Security) -> None:
    with pytest.raises(BadResponseError, match="not to be trusted"):
        await OutgoingNotices(lambda: NOW, trusted).mail(route(server, security), NOTICE)

    assert (server.box.logins, server.box.mails) == ([], [])


@pytest.mark.parametrize("server", [{"has_starttls": False}], indirect=True)
async def test_without_starttls_nothing_is_sent_in_clear(server: MailServer, pem: Path) -> None:
    with pytest.raises(BadResponseError, match="does not offer"):
        await notices(pem).mail(route(server, Security.STARTTLS), NOTICE)

    assert (server.box.logins, server.box.mails) == ([], [])


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"AUTH": "535 no such user canary-password"}, CredentialsError),
        ({"RCPT": "550 nobody of that name"}, BadResponseError),
        ({"RCPT": "450 not now"}, RetryableError),
        ({"DATA": "451 not now"}, RetryableError),
        ({"MAIL": "552 too much"}, BadResponseError),
    ],
)
async def test_each_refusal_says_whether_it_lasts_and_tells_no_secret(
    server: MailServer, pem: Path, answers: dict[str, str], fault: type[CounterfoilError]
) -> None:
    server.box.answers = answers
    with pytest.raises(fault) as refused:
        await notices(pem).mail(route(server, Security.STARTTLS), NOTICE)

    assert type(refused.value) is fault
    assert "canary" not in refused.value.line() + repr(route(server, Security.STARTTLS))


async def test_a_server_that_is_not_there_can_be_tried_again(server: MailServer, pem: Path) -> None:
    gone = route(server, Security.TLS)
    server.end()
    with pytest.raises(RetryableError, match="cannot be reached"):
        await notices(pem).mail(gone, NOTICE)


async def test_a_server_that_says_nothing_can_be_tried_again(pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.connectors.notices.mail._PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        to = MailRoute("127.0.0.1", silent.getsockname()[1], Security.NONE, "", "a@b", ("c@d",), "canary-password")
        with pytest.raises(RetryableError) as failed:
            await notices(pem).mail(to, NOTICE)

    assert failed.value.line().startswith("127.0.0.1: The mail server cannot be reached: ")
    assert "canary" not in failed.value.line()


async def test_what_a_title_says_cannot_become_a_header(server: MailServer, pem: Path) -> None:
    odd = Notice("cd" * 32, "fired\r\nBcc: all@example.org", "one\r\n.\r\nRSET\r\n", {})
    await notices(pem).mail(route(server, Security.STARTTLS), odd)
    (mail,) = server.box.mails

    assert "Subject: fired Bcc: all@example.org\r\n" in mail
    assert "\r\nBcc:" not in mail


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (MailRoute("mail.example.org", 25, Security.NONE, "", "a@b", ("c@d",)), "goes over TLS"),
        (MailRoute("", 465, Security.TLS, "", "a@b", ("c@d",)), "no mail server"),
        (MailRoute("mail.example.org", 0, Security.TLS, "", "a@b", ("c@d",)), "no port"),
        (MailRoute("mail.example.org", 465, Security.TLS, "", "a@b", ()), "Nobody is named"),
        (MailRoute("mail.example.org", 465, Security.TLS, "", "a@b", ("c@d\nBcc: e@f",)), "no e-mail address"),
    ],
)
def test_a_route_that_is_none_is_refused(made: MailRoute, said: str, pem: Path) -> None:
    with pytest.raises(InputError, match=said):
        notices(pem).check_mail(made)
