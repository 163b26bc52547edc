"""All contenders, in the order of the tables."""

from __future__ import annotations

from benchmarks.contenders import (
    chromium,
    docxtpl_word,
    libreoffice,
    own,
    pandoc,
    typst_pdf,
    weasyprint_stock,
)

CONTENDERS = (
    *own.CONTENDERS[:3],
    *weasyprint_stock.CONTENDERS,
    *typst_pdf.CONTENDERS,
    *chromium.CONTENDERS,
    *libreoffice.CONTENDERS,
    *pandoc.CONTENDERS[:1],
    *own.CONTENDERS[3:],
    *docxtpl_word.CONTENDERS,
    *pandoc.CONTENDERS[1:],
)
