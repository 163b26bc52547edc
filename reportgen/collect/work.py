"""What a worker does: one workbook, from its bytes to the bytes of its documents."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportgen.collect.orders import Order, Outcome, Stage
from reportgen.files import file_name
from reportgen.problems import Severity, StoppedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.collect.orders import Style
    from reportgen.problems import Problem

_FOLDERS: Final[dict[str, Path]] = {}  # of templates, by their digest


def warm_up() -> None:
    """Load what every workbook needs, before the first."""
    from reportgen.render.tuning import load_weasyprint

    load_weasyprint()


def make(order: Order) -> Outcome:
    """Check a workbook and make its documents; whatever is wrong with it is in the outcome."""
    from reportgen.pipeline import Settings, examine, produce

    with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
        workbook = Path(folder) / file_name(order.name)
        workbook.write_bytes(order.content)
        results, problems = examine(workbook, order.style.font_folders)
        settings = Settings(
            output=Path(),
            formats=order.style.formats,
            documents=order.style.documents,
            templates=_templates(order.style),
            working_folder=Path(folder),
            font_folders=order.style.font_folders,
        )
        try:
            made = produce(workbook, settings)
        except StoppedError as stop:
            problems = _named((*problems, *stop.problems), workbook, order)
            marked = _marked(workbook, problems, order)
            return Outcome(stage=Stage.REFUSED, problems=problems, marked=marked, results=results)
        problems = _named((*problems, *made.problems), workbook, order)
        doubtful = any(each.severity is not Severity.NOTICE for each in problems)
        return Outcome(
            stage=Stage.MADE,
            problems=problems,
            files={path.as_posix(): content for path, content in made.contents.items()},
            marked=_marked(workbook, problems, order) if doubtful else None,
            results=results,
        )


def _named(problems: tuple[Problem, ...], workbook: Path, order: Order) -> tuple[Problem, ...]:
    """Each problem once, its file as who asked for it knows it."""
    style = order.style
    templates = _templates(style)
    known = {f"{workbook.parent}/": ""}
    if templates is not None:
        known |= {str(templates / name): place for name, place in style.places.items()}
    return tuple(dict.fromkeys(_elsewhere(each, known) for each in problems))


def _elsewhere(problem: Problem, known: Mapping[str, str]) -> Problem:
    file = problem.where.file
    for here, there in known.items():
        if file.startswith(here):
            file = there + file.removeprefix(here)
    return replace(problem, where=replace(problem.where, file=file))


def _marked(workbook: Path, problems: tuple[Problem, ...], order: Order) -> bytes | None:
    from reportgen.pipeline import annotate

    copy = workbook.with_name(f"marked{workbook.suffix}")
    written, _ = annotate(workbook, problems, order.style.language, copy)
    return copy.read_bytes() if written else None


def _templates(style: Style) -> Path | None:
    """A folder with the templates; None: those that come with the program."""
    if not style.templates:
        return None
    digest = hashlib.sha256()
    for document, files in sorted(style.templates.items()):
        for name, content in sorted(files.items()):
            digest.update(f"{document}/{name}/{len(content)}/".encode() + content)
    name = digest.hexdigest()
    if name not in _FOLDERS:
        _FOLDERS[name] = _written(style.templates)
    return _FOLDERS[name]


def _written(templates: Mapping[str, Mapping[str, bytes]]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="reportgen-templates-"))
    for document, files in templates.items():
        for name, content in files.items():
            place = folder / document / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    return folder


__all__ = ["make", "warm_up"]
