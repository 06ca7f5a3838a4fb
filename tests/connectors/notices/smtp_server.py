"""A mail server on loopback: as much of SMTP as it takes to send one mail, over TLS, after STARTTLS or in clear."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path) -> Path:
    """Write a certificate for 127.0.0.1 that is its own authority, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of a test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@dataclass
class Mailbox:
    """What the server took, and how it answers.

    Attributes:
        answers: By the command that they answer: "RCPT": "550 nobody of that name".
    """

    mails: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer
    timeout = 10

    def setup(self) -> None:
        self.is_secure = self.server.is_tls
        if self.server.is_tls:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        # What TLS was put around is another socket than the one that the server closes.
        self.request.close()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()

    def handle(self) -> None:
        self.say("220 mail of a test")
        while line := self.rfile.readline().decode().strip():
            command = line.split()[0].upper()
            if command in self.server.box.answers:
                self.say(self.server.box.answers[command])
            elif not self.answered(command, line):
                return

    def answered(self, command: str, line: str) -> bool:
        box = self.server.box
        match command:
            case "EHLO":
                offers = [] if self.is_secure or not self.server.has_starttls else ["STARTTLS"]
                lines = ["here", "AUTH PLAIN", *offers]
                for number, offer in enumerate(lines, 1):
                    self.say(f"250{' ' if number == len(lines) else '-'}{offer}")
            case "STARTTLS":
                self.say("220 go on")
                self.rfile.close()
                self.request = self.server.context.wrap_socket(self.request, server_side=True)
                self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")
                self.is_secure = True
            case "AUTH":
                _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
                box.logins.append((user, password))
                self.say("235 welcome")
            case "DATA":
                self.say("354 go on")
                lines = []
                while (text := self.rfile.readline().decode()) != ".\r\n":
                    lines.append(text)
                box.mails.append("".join(lines))
                box.secure.append(self.is_secure)
                self.say("250 taken")
            case "QUIT":
                self.say("221 bye")
                return False
            case _:
                self.say("250 fine")
        return True


class MailServer(socketserver.ThreadingTCPServer):
    """One mail server on a free port of loopback."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, pem: Path, *, is_tls: bool = False, has_starttls: bool = True) -> None:
        self.box, self.is_tls, self.has_starttls = Mailbox(), is_tls, has_starttls
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(pem)
        super().__init__(("127.0.0.1", 0), _Talk)
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust the certificate hangs up: that is what is tested."""

    def end(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
