"""What a build is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reportgen.render.fonts.font_set import FontSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a build is asked for."""

    output: Path
    formats: tuple[str, ...] = ("pdf", "docx")
    documents: tuple[str, ...] = ("scorecard",)  # folders of templates
    templates: Path | None = None
    working_folder: Path
    font_folders: tuple[Path, ...]
    fonts: FontSet | None = None  # of these folders, where they are open already
    cores: int = 1  # of the processor, that nobody else has use for
    progress: Callable[[str], None] = lambda stage: None
