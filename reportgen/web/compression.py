"""Compression and revalidation of responses: what is known already is not sent again."""

from __future__ import annotations

import gzip
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from flask import Request, Response

MIN_BYTES: Final = 500  # below, compression saves nothing
# No answer has both the CSRF token and text that another site can choose (BREACH).
_TEXT_TYPES: Final = frozenset(
    {"application/json", "text/html", "text/css", "text/javascript", "image/svg+xml"}
)
_LEVEL: Final = 6


def add_etag(response: Response, request: Request) -> None:
    """Give a JSON answer to GET an ETag, and empty it (304) if the client has it already."""
    is_json = response.mimetype == "application/json" and response.status_code == HTTPStatus.OK
    if is_json and request.method in ("GET", "HEAD"):
        response.add_etag(weak=True)
        response.make_conditional(request)


def compress(response: Response, request: Request) -> None:
    """Compress a text by gzip if the client takes it; its ETag becomes a weak one."""
    if response.mimetype not in _TEXT_TYPES or response.status_code != HTTPStatus.OK:
        return
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0 or response.content_encoding:
        return
    response.direct_passthrough = False  # of a file
    content = response.get_data()
    if len(content) < MIN_BYTES:
        return
    response.set_data(_compressed(content))
    response.content_encoding = "gzip"
    if etag := response.get_etag()[0]:
        response.set_etag(etag, weak=True)


@lru_cache(maxsize=64)
def _compressed(content: bytes) -> bytes:
    """Return content compressed by gzip; without a time, so that it is always the same."""
    return gzip.compress(content, _LEVEL, mtime=0)
