"""The task of a worker process for the readers of a link: a PDF's pages without its attachments."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reportgen.web.worker_tasks import StateChanges


def pages_only(report: Callable[[StateChanges], None], path: Path) -> bytes:
    """Return the pages of a PDF as a PDF of their own.

    The PDF carries the workbook, its figures and the templates, of which nothing is taken along; so
    it is not the file that is handed in or archived.
    """
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document, pypdfium2.PdfDocument.new() as pages:
        pages.import_pages(document)
        target = io.BytesIO()
        pages.save(target)
    return target.getvalue()


__all__ = ["pages_only"]
