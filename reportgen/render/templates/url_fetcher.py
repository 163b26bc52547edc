"""URL fetcher of templates: files of the template's own folder and data: URIs, nothing else."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

from reportgen.render.templates.source_locations import REFUSED_PREFIX, file_in_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TEMPLATE_URL = "http://template.invalid/"  # base of relative addresses; never requested


class TemplateFetcher(URLFetcher):  # type: ignore[misc]
    """Serves one folder below TEMPLATE_URL; other addresses are refused and recorded."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False)
        self._folder = folder.resolve()
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return the content of a data: URI or of a file of the folder.

        Any other address is appended to ``refused``, and ValueError raised; so is one whose file
        does not exist or cannot be read.
        """
        if url.startswith("data:"):
            return super().fetch(url, headers)
        content = self._read_content(url)
        if content is None:
            self.refused.append(url)
            raise ValueError(f"{REFUSED_PREFIX}{url}")
        media_type = mimetypes.guess_type(urlsplit(url).path)[0] or "application/octet-stream"
        return URLFetcherResponse(url, content, {"Content-Type": media_type})

    def _read_content(self, url: str) -> bytes | None:
        """Return the content of an address, or None if no readable file of the folder has it."""
        try:
            path = self.path(url)
            return path.read_bytes() if path else None
        except OSError:
            return None

    def path(self, url: str) -> Path | None:
        """Return the file that an address names, or None if it is not in the folder."""
        if not url.startswith(TEMPLATE_URL):
            return None
        return file_in_folder(self._folder, unquote(urlsplit(url).path).lstrip("/"))
