"""Build results: contents by path, their sources, and the files written."""

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
    """The input of a build: workbook name, file content and scorecard."""

    name: str
    content: bytes  # empty for an intermediate document: it gets no seal
    scorecard: Scorecard
    beside: Mapping[str, bytes] = field(default_factory=dict)  # the older edition's, if compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The result of a build before writing: contents by path, with their inputs."""

    source: Source
    contents: dict[Path, bytes]
    templates: tuple[Template, ...]
    fonts: FontSet
    problems: tuple[Problem, ...]

    def finished(self) -> Finished:
        """Return the contents to write and the problems to report."""
        return Finished(
            edition=self.source.scorecard.edition,
            contents=self.contents,
            templates=tuple(template.folder for template in self.templates),
            problems=self.problems,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The contents of a build by path, ready to be written."""

    edition: str
    contents: Mapping[Path, bytes]
    templates: tuple[Path, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The written files of a build and its problems."""

    edition: str
    files: tuple[Written, ...]
    templates: tuple[Path, ...]
    problems: tuple[Problem, ...]


def write(made: Finished, settings: Settings) -> Built:
    """Write the contents; raise StoppedError with all problems if a file cannot be written."""
    settings.progress("write")
    written, unwritten = write_files(made.contents)
    problems = (*made.problems, *unwritten)
    stop_on_errors(problems)
    return Built(edition=made.edition, files=written, templates=made.templates, problems=problems)
