"""Checks of every request, and headers of every response.

A page of another site can make a browser send requests here. They are recognised by their Host
(DNS rebinding), by Origin and Sec-Fetch-Site (cross-site requests), and by a token that only our
page knows (OWASP, Cross-Site Request Forgery Prevention).
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.web.public_url import PublicUrl
    from reportgen.web.sessions import Session

TOKEN_HEADER: Final = "X-Reportgen"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none, a browser hides the Origin of our own forms
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}


class RequestGuard:
    """The checks of a request's host and origin; ``public`` is the URL at a reverse proxy."""

    def __init__(self, host: str, port: int, public: PublicUrl | None = None) -> None:
        self._port, self._public = port, public
        self._loopback = is_loopback(host)
        self._names = {"localhost"} if self._loopback else {"localhost", host.lower()}
        if not self._loopback:
            self._names |= {socket.gethostname().lower(), socket.getfqdn().lower()}

    def check_host(self, host: str) -> None:
        """Raise HttpError("foreign") for a Host header that does not name this server."""
        if not self._is_own_host(host):
            raise HttpError("foreign")

    def check_same_site(self, method: str, headers: Mapping[str, str]) -> None:
        """Raise HttpError("foreign") for a request from a page of another site.

        Links from elsewhere may be followed: a GET that navigates. A browser that sends neither
        Origin nor Sec-Fetch-Site is let through; the token stops it.
        """
        origin = headers.get("Origin", "")
        is_public = self._public is not None and origin.lower() == self._public.origin
        if origin and not is_public:
            scheme, _, name = origin.partition("://")
            is_same_host = name.lower() == headers.get("Host", "").lower()
            if scheme != "http" or not is_same_host or not self._is_own_address(name):
                raise HttpError("foreign")
        site = headers.get("Sec-Fetch-Site", "same-origin")
        is_top_navigation = method in SAFE_METHODS and headers.get("Sec-Fetch-Mode") == "navigate"
        if site not in ("same-origin", "none") and not is_top_navigation:
            raise HttpError("foreign")

    def _is_own_host(self, host: str) -> bool:
        """Return whether a Host header names this server, directly or by its public URL.

        A proxy may leave out the port of the public URL.
        """
        if self._public is None:
            return self._is_own_address(host)
        try:
            parts = urlsplit(f"//{host}")
            is_public = parts.hostname == self._public.host and (parts.port or 1) > 0
        except ValueError:
            return False
        is_plain = "@" not in host and not parts.path
        return (is_public and is_plain) or self._is_own_address(host)

    def _is_own_address(self, host: str) -> bool:
        """Return whether a Host header names this server: its port, and a name or address of it.

        Any address is accepted if the server listens on more than loopback.
        """
        try:
            parts = urlsplit(f"//{host}")
            name, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if (port or 80) != self._port or "@" in host or parts.path:
            return False
        if name in self._names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or not self._loopback


def check_token(session: Session, token: str) -> None:
    """Raise HttpError("stale page") unless the token is the session's.

    They are compared in constant time.
    """
    if not hmac.compare_digest(token.encode(), session.csrf.encode()):
        raise HttpError("stale page")


def is_loopback(host: str) -> bool:
    """Return whether a host is reached from this machine alone; False for names but "localhost"."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


__all__ = [
    "SAFE_METHODS",
    "SECURITY_HEADERS",
    "TOKEN_HEADER",
    "RequestGuard",
    "check_token",
    "is_loopback",
]
