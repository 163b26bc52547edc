"""Archiving of an edition: the output of a build with everything that it was built from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen import __version__
from reportgen.archive import SubmissionPackage, archive_submission
from reportgen.archive.environment import environment
from reportgen.archive.submission_package import DOCUMENTS, REPORTS, SOURCE, TEMPLATES
from reportgen.pipeline import render_edition
from reportgen.provenance.manifest import read_seal, template_files
from reportgen.provenance.seal import print_code

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from reportgen.archive import ArchiveReceipt
    from reportgen.archive.stored_schema import ArchivedProblem
    from reportgen.pipeline import BuildResult, Settings
    from reportgen.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionArchiveOptions:
    """The archive, and the terms under which an edition is archived."""

    archive: Path
    printed: date
    reprint: bool = False
    user: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveResult:
    """The outcome of archiving: the receipt or problems, and the build's problems."""

    receipt: ArchiveReceipt | None
    archive_problems: tuple[Problem, ...]  # the archive's
    problems: tuple[Problem, ...]  # the workbook's


def archive_edition(
    workbook: Path, settings: Settings, options: EditionArchiveOptions
) -> ArchiveResult:
    """Make an edition's documents and archive them; nothing is written elsewhere.

    Return the receipt, or None with the archive's reasons. Raise StoppedError, with all problems,
    when the documents cannot be made.
    """
    result = render_edition(workbook, settings)
    settings.progress("archiving")
    receipt, refusals = archive_submission(
        options.archive, make_submission(result, settings, options)
    )
    return ArchiveResult(receipt=receipt, archive_problems=refusals, problems=result.problems)


def make_submission(
    result: BuildResult, settings: Settings, options: EditionArchiveOptions
) -> SubmissionPackage:
    """Return the submission for a build: workbook, documents, templates, problems as JSON.

    Nothing is archived. Raise StoppedError (E303) for a template's file that cannot be read.
    """
    card = result.source.scorecard
    files = {f"{SOURCE}/{result.source.name}": result.source.content}
    files |= {f"{DOCUMENTS}/{path.name}": content for path, content in result.contents.items()}
    for template in result.templates:
        files |= {
            f"{TEMPLATES}/{template.name}/{name}": content
            for name, content in template_files(template.folder).items()
        }
    files[f"{REPORTS}/problems.json"] = _problems_json(result.problems)
    seals = {
        path.name: seal
        for path, content in result.contents.items()
        if path.suffix == ".pdf" and (seal := read_seal(content))
    }
    fonts = [(font.face.family, font.path) for font in result.fonts.found]
    return SubmissionPackage(
        agency=str(card.agency),
        edition=card.revised,
        title=str(card.title),
        status=card.status,
        files=files,
        environment=environment(__version__, fonts),
        parameters={
            "documents": [template.name for template in result.templates],
            "formats": list(settings.formats),
            "data_year": card.data_year,
            "seals": seals,
            "codes": {name: print_code(seal) for name, seal in seals.items()},
        },
        reprint=options.reprint,
        printed=options.printed,
        user=options.user,
    )


def _problems_json(problems: tuple[Problem, ...]) -> bytes:
    """Return the problems of a build as JSON, with code, severity and both languages."""
    reports: list[ArchivedProblem] = [
        {
            "code": problem.code,
            "severity": problem.severity.value,
            "zh-TW": problem.line("zh-TW"),
            "en": problem.line("en"),
        }
        for problem in problems
    ]
    return (json.dumps(reports, ensure_ascii=False, indent=1) + "\n").encode()
