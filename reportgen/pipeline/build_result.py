"""What a build makes: bytes for places, and what they were made of; and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reportgen.atomic_files import Written, write_files
from reportgen.pipeline.exit_codes import stop_on_errors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.model.scorecard import Scorecard
    from reportgen.pipeline.settings import Settings
    from reportgen.problems import Problem
    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.templates.template_engine import Template


@dataclass(frozen=True, slots=True)
class Source:
    """What a build is made of: the workbook's name, the bytes that were read, what they say."""

    name: str
    content: bytes  # empty for what is no document of its own: it gets no seal
    scorecard: Scorecard
    beside: Mapping[str, bytes] = field(default_factory=dict)  # the older edition's, if compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a build has made before it is written: place → bytes; and of what it made it."""

    source: Source
    contents: dict[Path, bytes]
    templates: tuple[Template, ...]
    fonts: FontSet
    problems: tuple[Problem, ...]

    def finished(self) -> Finished:
        """What there is to write, and to say."""
        return Finished(
            edition=self.source.scorecard.edition,
            contents=self.contents,
            templates=tuple(template.folder for template in self.templates),
            problems=self.problems,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a build has made, ready to be written: place → bytes."""

    edition: str
    contents: Mapping[Path, bytes]
    templates: tuple[Path, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build has made, and what it had to say."""

    edition: str
    files: tuple[Written, ...]
    templates: tuple[Path, ...]
    problems: tuple[Problem, ...]


def write(made: Finished, settings: Settings) -> Built:
    """Write what was made; raises StoppedError, with all problems, where it cannot be."""
    settings.progress("write")
    written, unwritten = write_files(made.contents)
    problems = (*made.problems, *unwritten)
    stop_on_errors(problems)
    return Built(edition=made.edition, files=written, templates=made.templates, problems=problems)
