"""The public URL of a server behind a reverse proxy, and what it says of host, scheme and path."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK_NETWORKS = ("127.0.0.0/8", "::1/128")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicUrl:
    """The address under which a reverse proxy publishes the server."""

    scheme: str  # http or https
    host: str  # in lower case, IPv6 addresses without brackets
    port: int
    prefix: str  # "/reportgen", or "" at the root

    @property
    def origin(self) -> str:
        """The origin as browsers send it: without the scheme's own port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def address(self) -> str:
        """The whole URL, with a slash at its end."""
        return f"{self.origin}{self.prefix}/"

    @property
    def is_secure(self) -> bool:
        """True if browsers come by HTTPS."""
        return self.scheme == "https"


def parse_public_url(text: str) -> PublicUrl | None:
    """Return the parts of ``https://host/path/``; None for what is no such URL.

    The path may have letters, digits and ``._~-``. User, query and fragment are not allowed.
    """
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host or "@" in parts.netloc:
        return None
    if parts.query or parts.fragment or not re.fullmatch(r"(/[\w.~-]+)*/?", parts.path, re.ASCII):
        return None
    if not re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:.]+", host):
        return None
    if {"..", "."} & set(parts.path.split("/")):
        return None
    return PublicUrl(
        scheme=parts.scheme,
        host=host,
        port=port or _DEFAULT_PORTS[parts.scheme],
        prefix=parts.path.rstrip("/"),
    )


class ProxyHeaders:
    """A WSGI middleware that believes a proxy's headers, and removes those of all others.

    From a trusted peer the last address of ``X-Forwarded-For`` becomes REMOTE_ADDR. ``user_header``
    is the name of the header in which the proxy sends the user's name, "" for none.
    """

    def __init__(
        self, app: WSGIApplication, networks: Iterable[str], user_header: str = ""
    ) -> None:
        self._app, self._behind_proxy = app, ProxyFix(app, x_for=1, x_proto=0)
        self._networks = tuple(ipaddress.ip_network(network) for network in networks)
        self._user_key = f"HTTP_{user_header.upper().replace('-', '_')}" if user_header else ""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on, as PEP 3333 says."""
        if self.is_trusted(environ.get("REMOTE_ADDR", "")):
            return self._behind_proxy(environ, start_response)
        for key in [key for key in environ if key.startswith("HTTP_X_FORWARDED")]:
            del environ[key]
        environ.pop(self._user_key, None)
        return self._app(environ, start_response)

    def is_trusted(self, address: str) -> bool:
        """Return whether a peer's address is a trusted proxy's."""
        try:
            peer = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in self._networks)


__all__ = ["LOOPBACK_NETWORKS", "ProxyHeaders", "PublicUrl", "parse_public_url"]
