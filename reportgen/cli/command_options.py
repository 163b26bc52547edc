"""The options of a command, as they were parsed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.web.public_url import PublicUrl


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOptions:
    """The options of a command."""

    command: str
    workbooks: tuple[str, ...] = ()
    kpi: str = ""
    year: int | None = None  # ROC; None: the data year
    source: str = ""  # the previous edition of a new workbook
    revised: str = ""
    replace: bool = False
    refresh: bool = False
    kind: str = ""  # suffix of a new workbook without the dot; empty: that of its name
    output: Path = Path("output")
    formats: tuple[str, ...] = ("pdf", "docx")
    documents: tuple[str, ...] = ("scorecard",)
    templates: Path | None = None
    fonts: Path | None = None
    archive: Path = Path("archive")
    approvals: bool = False  # print the approvals of the archive in the 核章欄
    host: str = "127.0.0.1"
    port: int = 0  # 0: any that is free
    public_url: PublicUrl | None = None
    proxy: str = ""  # network of trusted proxies; empty: this machine
    state: Path | None = None
    user_header: str = ""
    archivists: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    audit_log: Path | None = None
    browser: bool = True
    folder: Path = Path()
    shell: str = ""
    jobs: int = 0  # workbooks at once; 0: one per core
    roster: Path | None = None
    scheduler: str = ""  # address of a Dask cluster; empty: this machine
    force: bool = False
    open_data: bool = False  # the figures as CSV, with their descriptions
    verify: bool = False  # count the pages of Word, too
    annotate: bool = False
    beside: Path | None = None  # folder of the annotated copy; None: that of the workbook
    json: bool = False
    verbose: bool = False
    quiet: bool = False
