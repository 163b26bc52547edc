"""Build settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from reportgen.render.fonts.font_set import FontSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The options of a build."""

    output: Path
    formats: tuple[str, ...] = ("pdf", "docx")
    documents: tuple[str, ...] = ("scorecard",)  # folders of templates; (): the defaults
    templates: Path | None = None
    working_folder: Path
    font_folders: tuple[Path, ...]
    fonts: FontSet | None = None  # the fonts of these folders if already open
    cores: int = 1  # of the processor, not used by other builds
    open_data: bool = False  # write the figures as CSV, too
    verify: bool = False  # lay the Word files out by LibreOffice and compare the pages
    approvals: Path | None = None  # the archive whose approvals the 核章欄 prints
    approval_slips: Mapping[str, bytes] = field(default_factory=dict)  # or these, as attached
    progress: Callable[[str], None] = lambda stage: None
