"""Build results: contents by path, their sources, and the files written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reportgen.atomic_files import WrittenFile, write_files
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
class BuildSource:
    """The input of a build: workbook name, file content and scorecard."""

    name: str
    content: bytes  # empty for an intermediate document: it gets no seal
    scorecard: Scorecard
    sidecar_files: Mapping[str, bytes] = field(
        default_factory=dict
    )  # the older edition's, if compared


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """The result of a build before writing: contents by path, with their inputs."""

    source: BuildSource
    contents: dict[Path, bytes]
    templates: tuple[Template, ...]
    fonts: FontSet
    problems: tuple[Problem, ...]

    def to_output(self) -> BuildOutput:
        """Return the part that is written and reported; unlike this one it can be pickled."""
        return BuildOutput(
            edition=self.source.scorecard.edition,
            contents=self.contents,
            templates=tuple(template.folder for template in self.templates),
            problems=self.problems,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOutput:
    """The contents of a build by path, ready to be written."""

    edition: str
    contents: Mapping[Path, bytes]
    templates: tuple[Path, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenBuild:
    """The written files of a build and its problems."""

    edition: str
    files: tuple[WrittenFile, ...]
    templates: tuple[Path, ...]
    problems: tuple[Problem, ...]


def write_build(output: BuildOutput, settings: Settings) -> WrittenBuild:
    """Write the contents and return the files, some perhaps under another name.

    Raise StoppedError with all problems, those of the build first, if one is an error.
    """
    settings.progress("write")
    written, unwritten = write_files(output.contents)
    problems = (*output.problems, *unwritten)
    stop_on_errors(problems)
    return WrittenBuild(
        edition=output.edition, files=written, templates=output.templates, problems=problems
    )
