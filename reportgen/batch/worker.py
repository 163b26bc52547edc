"""What a worker does: one workbook, from its bytes to the bytes of its documents."""

from __future__ import annotations

import gc
import hashlib
import importlib
import os
import pkgutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportgen.atomic_files import safe_file_name
from reportgen.batch.tasks import DOCUMENTS, Order, Outcome, Stage
from reportgen.problems import Severity
from reportgen.provenance.manifest import template_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.batch.tasks import Style
    from reportgen.problems import Problem
    from reportgen.render.fonts.font_set import FontSet

_LATE: Final = (  # what is imported only when it is used first
    *(
        "reportgen.documents",
        "reportgen.exports.results_json",
        "reportgen.pipeline",
        "reportgen.views.results_view",
        "reportgen.compute",
    ),
    *("openpyxl.reader.excel", "openpyxl.packaging.extended", "openpyxl.writer.excel"),
    *("pypdfium2", "segno", "segno.encoder", "segno.writers", "PIL.ImageChops"),
    *("PIL.ImageSequence", "email.policy", "email.contentmanager", "resource", "lxml.html"),
    *("encodings.ascii", "encodings.cp437", "encodings.unicode_escape", "email.mime.text"),
)
_FOLDERS: Final[dict[str, Path]] = {}  # of templates, by their digest


def preload() -> None:
    """Load what every workbook needs, before the first; raises OSError where Pango is missing.

    What is loaded by now is shared with all processes that are forked from here, and is not
    traversed by the garbage collector again.
    """
    import reportgen.render
    import reportgen.workbook
    from reportgen.render.fonts.font_set import font_folders
    from reportgen.render.weasyprint_patches.startup import load_weasyprint

    load_weasyprint()
    for package in (reportgen.workbook, reportgen.render):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(each.name)
    for name in _LATE:
        with suppress(ImportError):  # of another version, or another system
            importlib.import_module(name)

    from PIL import Image

    from reportgen.render.templates.phrase_segmentation import split_phrases

    Image.preinit()
    split_phrases("臺北市政府教育局", whole=1)  # loads what tells phrases apart
    _prepare_templates(open_fonts(font_folders()))
    gc.collect()
    gc.freeze()


def _prepare_templates(fonts: FontSet | None) -> None:
    """What is the same in all documents that are made with the program's own templates."""
    from reportgen.render.document import precompile
    from reportgen.render.templates.template_engine import Template

    own = _own_templates()
    if own and fonts:
        for name in DOCUMENTS:
            precompile(Template(own / name), fonts)


@cache
def _own_templates() -> Path | None:
    """Return the folder of the templates that come with the program."""
    from reportgen.render.templates.template_engine import find_template

    template, _ = find_template(DOCUMENTS[0], None, Path(os.devnull))
    return template.folder.parent if template else None


@cache
def _own_files(document: str) -> Mapping[str, bytes]:
    own = _own_templates()
    return template_files(own / document) if own else {}


@cache
def open_fonts(folders: tuple[Path, ...]) -> FontSet | None:
    """Return the fonts of these folders, opened once; None where one is missing."""
    from reportgen.render.fonts.font_set import FontSet, find_fonts

    found, problems = find_fonts(folders)
    return None if problems else FontSet(found, folders)


def make(order: Order) -> Outcome:
    """Check a workbook and make its documents; whatever is wrong with it is in the outcome."""
    from reportgen.pipeline import Settings, build_checked, check_to_build

    with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
        workbook = Path(folder) / safe_file_name(order.name)
        workbook.write_bytes(order.content)
        settings = Settings(
            output=Path(),
            formats=order.style.formats,
            documents=order.style.documents,
            templates=_templates(order.style),
            working_folder=Path(folder),
            font_folders=order.style.font_folders,
            fonts=open_fonts(order.style.font_folders),
        )
        examined = check_to_build(workbook, settings)
        made, found = build_checked(examined, settings)
        problems = _named((*examined.problems, *found), workbook, order)
        doubtful = any(each.severity is not Severity.NOTICE for each in problems)
        return Outcome(
            stage=Stage.MADE if made else Stage.REFUSED,
            problems=problems,
            files={path.as_posix(): content for path, content in made.contents.items()}
            if made
            else {},
            marked=_marked(workbook, problems, order) if doubtful or not made else None,
            results=examined.results,
        )


def _named(problems: tuple[Problem, ...], workbook: Path, order: Order) -> tuple[Problem, ...]:
    """Return each problem once, its file as who asked for it knows it."""
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
    return problem.in_file(file)


def _marked(workbook: Path, problems: tuple[Problem, ...], order: Order) -> bytes | None:
    from reportgen.pipeline import annotate

    copy = workbook.with_name(f"marked{workbook.suffix}")
    written, _ = annotate(workbook, problems, order.style.language, copy)
    return copy.read_bytes() if written else None


def _templates(style: Style) -> Path | None:
    """Return a folder with the templates; None: those that come with the program."""
    if not style.templates:
        return None
    if all(_own_files(name) == files for name, files in style.templates.items()):
        return _own_templates()  # they are prepared
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


__all__ = ["make", "open_fonts", "preload"]
