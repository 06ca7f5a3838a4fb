"""The one way out: an HTTP and WebSocket session that may only reach a venue's own hosts or one loopback address."""

from __future__ import annotations

import functools
import ipaddress
import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import certifi
import yarl

from app.core.errors import InputError

if TYPE_CHECKING:
    import aiohttp

_SECURE = {"http": "https", "ws": "wss", "https": "https", "wss": "wss"}
_PLAIN = {"https": "http", "wss": "ws", "http": "http", "ws": "ws"}


def loopback(endpoint: str) -> yarl.URL:
    """Return the origin of another address than the venue's own; InputError where it is not on this computer."""
    try:
        url = yarl.URL(endpoint)
        port = url.port
    except ValueError:
        url, port = yarl.URL(), None
    hint = "Give an address such as http://127.0.0.1:8080, or none for the venue itself."
    if url.scheme not in {"http", "https"} or not url.host or port is None:
        message = f"{endpoint!r} is not an http address."
        raise InputError(message, hint=hint)
    if not is_loopback(url.host):
        message = f"{url.host} is not this computer: an address other than the venue's own must be loopback."
        raise InputError(message, hint=hint)
    if url.path not in {"", "/"} or url.query_string or url.user:
        message = f"{endpoint!r} has more than a host and a port."
        raise InputError(message, hint=hint)
    return url.origin()


def is_loopback(host: str) -> bool:
    """Tell whether a host is this computer."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class HttpSession:
    """What ccxt gets as its `session`, and what prices are fetched with.

    Where an endpoint is set, scheme, host and port of every request are replaced by it; path and query stay as they
    were signed, byte for byte. Nothing is logged, no redirect is followed, certificates are verified, and proxies of
    the environment are not used.

    Attributes:
        headers: Headers for every request; ccxt reads them.
        calls: Requests sent so far, and WebSockets opened.
    """

    def __init__(self, endpoint: str = "") -> None:
        """Take the loopback address to use instead of the real hosts, "" for none."""
        self.headers: dict[str, str] = {}
        self.calls = 0
        self._origin = loopback(endpoint) if endpoint else None
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False

    @property
    def closed(self) -> bool:
        """Tell whether the session was closed."""
        return self._is_closed

    @property
    def cookie_jar(self) -> aiohttp.abc.AbstractCookieJar:
        """Return the jar of the inner session; cookies live no longer than it does."""
        return self._inner().cookie_jar

    def address(self, url: object) -> yarl.URL:
        """Return where a request really goes; InputError for a real host without TLS."""
        # Quoting again would break signatures.
        asked = yarl.URL(str(url), encoded=True)
        if self._origin is not None:
            is_socket = asked.scheme in {"ws", "wss"}
            is_plain = self._origin.scheme == "http"
            scheme = (_PLAIN if is_plain else _SECURE)["ws" if is_socket else "http"]
            authority = str(self._origin).partition("://")[2].rstrip("/")
            return yarl.URL(f"{scheme}://{authority}{asked.raw_path_qs}", encoded=True)
        if asked.scheme not in {"https", "wss"}:
            message = f"{asked.host} was to be asked without TLS."
            raise InputError(message, hint="This is a fault of the program, or of its configuration.")
        return asked

    def request(self, method: str, url: object, **how: Any) -> aiohttp.client._RequestContextManager:
        """Send a request; use as a context manager."""
        where = self.address(url)
        self.calls += 1
        # A redirect could carry a signed request to another host.
        how["allow_redirects"] = False
        return self._inner().request(method, where, **how)

    def get(self, url: object, **how: Any) -> aiohttp.client._RequestContextManager:
        """Send GET."""
        return self.request("GET", url, **how)

    def post(self, url: object, **how: Any) -> aiohttp.client._RequestContextManager:
        """Send POST."""
        return self.request("POST", url, **how)

    def put(self, url: object, **how: Any) -> aiohttp.client._RequestContextManager:
        """Send PUT."""
        return self.request("PUT", url, **how)

    def delete(self, url: object, **how: Any) -> aiohttp.client._RequestContextManager:
        """Send DELETE."""
        return self.request("DELETE", url, **how)

    def patch(self, url: object, **how: Any) -> aiohttp.client._RequestContextManager:
        """Send PATCH."""
        return self.request("PATCH", url, **how)

    def ws_connect(self, url: object, **how: Any) -> aiohttp.client._WSRequestContextManager:
        """Open a WebSocket; use as a context manager."""
        where = self.address(url)
        self.calls += 1
        if self._origin is not None:
            # A venue has several hosts for its sockets; who stands in for all of them must tell them apart.
            how["headers"] = {**(how.get("headers") or {}), "X-Forwarded-Host": yarl.URL(str(url)).host or ""}
        return self._inner().ws_connect(where, **how)

    async def close(self) -> None:
        """Close all sockets; nothing can be sent any more."""
        self._is_closed = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _inner(self) -> aiohttp.ClientSession:
        """Return the session, made at first use: it belongs to the running loop."""
        if self._is_closed:
            message = "the session was closed"
            raise RuntimeError(message)
        if self._session is None:
            # Most commands of the program send nothing, and it takes 0.2 s to import.
            import aiohttp  # noqa: PLC0415

            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=trusted(), limit_per_host=16),
                timeout=aiohttp.ClientTimeout(total=30, sock_connect=10, sock_read=20),
                trust_env=False,
            )
        return self._session


@functools.cache
def trusted() -> ssl.SSLContext:
    """Return the certificates that we trust; reading them takes 15 ms, so once, and not on a loop's thread."""
    return ssl.create_default_context(cafile=certifi.where())


def lower_names(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers by their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}
