"""Limits on requests: size, duration, and who may send large ones.

waitress reads a whole request before the application sees it. So a large upload without a session
is refused by its header, and a slow one is aborted: waitress itself only limits silence.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from contextlib import contextmanager
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, Final

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import create_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from wsgiref.types import WSGIApplication

    from reportgen.web.public_url import PublicUrl

MAX_THREADS: Final = 32
MAX_CONNECTIONS: Final = 200
IDLE_TIMEOUT_S: Final = 60  # seconds without a byte until a connection is closed
MAX_HEADER_BYTES: Final = 32 * 1024  # of a request
MAX_ANONYMOUS_BODY_BYTES: Final = 16 * 1024  # without a session, such as the sign-in form


def make_server(
    app: WSGIApplication,
    listening: socket.socket,
    *,
    limit: int,
    seconds: float,
    is_known: Callable[[str], bool],
    cookie: str,
    public: PublicUrl | None = None,
) -> Any:
    """Return a waitress server for a listening socket, not running yet.

    The caller calls ``run()``, and ``close()`` afterwards. A request may have ``limit`` bytes and
    take ``seconds`` to arrive, else it is refused or its connection closed. A body of more than
    MAX_ANONYMOUS_BODY_BYTES needs a ``cookie`` whose value ``is_known``. The prefix of ``public``
    may be in a request's path or not. Headers of proxies are left to the app. Sets waitress's log
    level.
    """

    class Parser(HTTPRequestParser):  # type: ignore[misc]
        path = ""  # waitress logs it even for a request whose header it refused

        def parse_header(self, header_plus: bytes) -> None:
            """Parse a header.

            Raise ParsingError for a large body from a client without a session.
            """
            super().parse_header(header_plus)
            is_large = self.chunked or self.content_length > MAX_ANONYMOUS_BODY_BYTES
            if is_large and not is_known(_cookie_value(self.headers.get("COOKIE", ""), cookie)):
                raise ParsingError("no session")

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = Parser
        receive_start = 0.0

        def received(self, data: bytes) -> bool:
            """Receive data; close the connection and return False if a request takes too long."""
            if self.request is None:
                self.receive_start = time.monotonic()
            elif time.monotonic() - self.receive_start > seconds:
                self.will_close = True
                return False
            accepted: bool = super().received(data)
            return accepted

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(
        app,
        sockets=[listening],
        threads=MAX_THREADS,
        connection_limit=MAX_CONNECTIONS,
        channel_timeout=IDLE_TIMEOUT_S,
        cleanup_interval=10,
        channel_request_lookahead=1,  # detects clients that have disconnected
        max_request_body_size=limit,
        max_request_header_size=MAX_HEADER_BYTES,
        ident=None,
        clear_untrusted_proxy_headers=False,
        url_prefix=public.prefix if public else "",
        url_scheme=public.scheme if public else "http",
        expose_tracebacks=False,
    )
    server.channel_class = Channel
    return server


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


__all__ = ["make_server", "open_listener"]
