"""Limits on connections and requests: number, size, duration, and who may send large ones.

waitress reads a whole request before the application sees it. So a large upload without a session
is refused by its header, and a slow one is aborted: waitress itself only limits silence. A body
that is too large is thrown away as it arrives: most browsers send all of it before they read an
answer, and a connection that is closed meanwhile takes the answer with it. Where
there are too many connections, those that wait for nothing but their own client are closed, those
with a part of a request first; so whoever sends a request at once is always let in.
"""

from __future__ import annotations

import json
import logging
import os
import select
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, Final

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import create_server
from waitress.utilities import Error, RequestEntityTooLarge

from reportgen.web.security import SECURITY_HEADERS
from reportgen.web.sessions import client_network
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import WSGIApplication

    from reportgen.web.public_url import PublicUrl

MAX_THREADS: Final = 32
MAX_CONNECTIONS: Final = 500
MAX_CLIENT_CONNECTIONS: Final = 64  # of one address, which an office's router may be
IDLE_TIMEOUT_S: Final = 60  # seconds without a byte until a connection is closed
HEAD_TIMEOUT_S: Final = 10.0  # from the first byte of a request to the end of its header
CLEANUP_INTERVAL_S: Final = 1
MAX_HEADER_BYTES: Final = 32 * 1024  # of a request
MAX_ANONYMOUS_BODY_BYTES: Final = 16 * 1024  # without a session, such as the sign-in form


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimits:
    """What a server asks of clients and their requests."""

    max_bytes: int  # of a request
    arrival_s: float  # for a request with a session to arrive, its header excepted
    cookie: str  # of a session
    is_known: Callable[[str], bool]  # whether the cookie's value is that of a session
    is_proxy: Callable[[str], bool] = lambda address: False  # whose connections are not counted


class RefusedRequestError(Error):  # type: ignore[misc]
    """What waitress answers with to a request that it does not pass on."""

    def __init__(self, refusal: HttpError) -> None:
        super().__init__(refusal.code)
        self._refusal = refusal

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status, headers and body: the refusal as JSON."""
        status = self._refusal.status
        kind = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        body = json.dumps(self._refusal.as_json(), ensure_ascii=False).encode()
        return f"{status.value} {status.phrase}", [*SECURITY_HEADERS.items(), *kind.items()], body


class LimitedParser(HTTPRequestParser):  # type: ignore[misc]
    """A request as it arrives, which is refused by its header."""

    limits: RequestLimits
    path = ""  # waitress logs it even for a request whose header it refused
    has_session = False
    error: Error | None = None
    expect_continue = False
    refusal: HttpError | None = None
    unwanted_bytes = 0  # of a body that is too large, still to come

    def received(self, data: bytes) -> int:
        """Take data; return how many bytes of it belong to this request."""
        if self.unwanted_bytes:
            thrown_away = min(len(data), self.unwanted_bytes)
            self.unwanted_bytes -= thrown_away
            self.completed = self.unwanted_bytes == 0
            return thrown_away
        taken: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.refusal = HttpError("too large", limit=self.limits.max_bytes // 1024**2)
            if self.expect_continue:
                self.expect_continue = False  # or waitress would say that it may go on
            elif not self.chunked:
                self.unwanted_bytes = self.content_length
                self.completed = False
        if self.refusal is not None:
            self.error = RefusedRequestError(self.refusal)
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Parse a header.

        Raise ParsingError for a large body from a client without a session.
        """
        super().parse_header(header_plus)
        cookie = _cookie_value(self.headers.get("COOKIE", ""), self.limits.cookie)
        self.has_session = self.limits.is_known(cookie)
        is_large = self.chunked or self.content_length > MAX_ANONYMOUS_BODY_BYTES
        if is_large and not self.has_session:
            self.refusal = HttpError("closed")
            raise ParsingError("no session")


class LimitedChannel(HTTPChannel):  # type: ignore[misc]
    """A connection, which is closed when a request takes too long to arrive."""

    limits: RequestLimits
    receive_start = 0.0

    def __init__(
        self, server: Any, sock: socket.socket, addr: Any, adj: Any, **options: Any
    ) -> None:
        self.client = client_network(str(addr[0]))
        self.is_counted = not self.limits.is_proxy(str(addr[0]))
        has_room = _make_room(server.active_channels.values(), self)
        super().__init__(server, sock, addr, adj, **options)
        self.will_close = not has_room

    def received(self, data: bytes) -> bool:
        """Receive data; close the connection and return False if a request takes too long."""
        before, now = self.request, time.monotonic()
        if self.is_overdue(now):
            self.will_close = True
            return False
        accepted: bool = super().received(data)
        if self.request is not before:
            self.receive_start = now
        return accepted

    @property
    def is_uploading(self) -> bool:
        """True while the body of a request with a session arrives."""
        request = self.request
        return request is not None and request.headers_finished and request.has_session

    def is_overdue(self, now: float) -> bool:
        """Return whether a request takes too long to arrive; ``now`` is monotonic seconds."""
        patience = self.limits.arrival_s if self.is_uploading else HEAD_TIMEOUT_S
        return self.request is not None and now - self.receive_start > patience

    def is_spare(self, now: float) -> bool:
        """Return whether only its own client is waited for; ``now`` is seconds since 1970."""
        is_stuck = self.last_activity < now - HEAD_TIMEOUT_S
        is_sending = self.total_outbufs_len > 0 and not is_stuck
        return not (self.requests or self.is_uploading or is_sending)


def make_server(
    app: WSGIApplication,
    listening: socket.socket,
    limits: RequestLimits,
    public: PublicUrl | None = None,
) -> Any:
    """Return a waitress server for a listening socket, not running yet.

    The caller calls ``run()``, and ``close()`` afterwards. The header of a request, and all of it
    without a session, must arrive within HEAD_TIMEOUT_S; a body of more than
    MAX_ANONYMOUS_BODY_BYTES needs a session. An address has MAX_CLIENT_CONNECTIONS. The prefix of
    ``public`` may be in a request's path or not. Headers of proxies are left to the app. Sets
    waitress's log level.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(
        app,
        sockets=[listening],
        threads=MAX_THREADS,
        connection_limit=MAX_CONNECTIONS + 100,  # never reached: a channel makes room before
        asyncore_use_poll=hasattr(select, "poll"),  # select() has 1024 file numbers at most
        channel_timeout=IDLE_TIMEOUT_S,
        cleanup_interval=CLEANUP_INTERVAL_S,
        channel_request_lookahead=1,  # detects clients that have disconnected
        max_request_body_size=limits.max_bytes + 1,  # which waitress refuses
        max_request_header_size=MAX_HEADER_BYTES,
        ident=None,
        clear_untrusted_proxy_headers=False,
        url_prefix=public.prefix if public else "",
        url_scheme=public.scheme if public else "http",
        expose_tracebacks=False,
    )
    parser = type("Parser", (LimitedParser,), {"limits": limits})
    server.channel_class = type(
        "Channel", (LimitedChannel,), {"limits": limits, "parser_class": parser}
    )
    close_idle = server.maintenance

    def maintenance(now: float) -> None:
        """Close connections that are idle, and those whose request takes too long."""
        close_idle(now)
        for channel in server.active_channels.values():
            if channel.is_overdue(time.monotonic()):
                channel.will_close = True

    server.maintenance = maintenance
    return server


def _make_room(channels: Iterable[Any], newcomer: Any) -> bool:
    """Close a connection if there are too many, of the newcomer's client or in all.

    Of those that are spare, one with a part of a request goes first, then the oldest. Return False
    if none is spare.
    """
    known = [channel for channel in channels if not channel.will_close]
    crowd = [channel for channel in known if channel.client == newcomer.client]
    if not newcomer.is_counted or len(crowd) < MAX_CLIENT_CONNECTIONS:
        if len(known) < MAX_CONNECTIONS:
            return True
        crowd = known
    now = time.time()
    spare = [channel for channel in crowd if channel.is_spare(now)]
    if not spare:
        return False
    victim = min(spare, key=lambda channel: (channel.request is None, channel.creation_time))
    victim.handle_close()
    return True


def _cookie_value(header: str, name: str) -> str:
    """Return the value of a cookie in a Cookie header; empty if missing or invalid."""
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


@contextmanager
def open_listener(host: str, port: int) -> Iterator[socket.socket]:
    """Yield a listening socket, closed afterwards; raise OSError if the address is not available.

    ``port`` 0 is any free one.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
        yield listener
    finally:
        listener.close()


__all__ = ["RequestLimits", "make_server", "open_listener"]
