"""A worker's task: one workbook, from its bytes to the bytes of its documents."""

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
from reportgen.batch.tasks import Status, Task, TaskResult
from reportgen.documents import SCORECARD, edition_documents
from reportgen.problems import Severity
from reportgen.provenance.manifest import template_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.batch.tasks import BuildOptions
    from reportgen.problems import Problem
    from reportgen.render.fonts.font_set import FontSet

_LAZY_MODULES: Final = (  # modules that are imported at their first use
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
_TEMPLATE_FOLDERS: Final[dict[str, Path]] = {}  # folders with templates, by digest


def preload() -> None:
    """Load what every workbook needs, before the first; raise OSError if Pango is missing.

    Modules are imported, fonts opened and packaged templates compiled. All of it is shared with the
    processes forked later, and is not traversed by the garbage collector again.
    """
    import reportgen.render
    import reportgen.workbook
    from reportgen.render.weasyprint_patches.startup import load_weasyprint

    load_weasyprint()
    for package in (reportgen.workbook, reportgen.render):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    for name in _LAZY_MODULES:
        with suppress(ImportError):  # missing in other versions or on other systems
            importlib.import_module(name)

    from PIL import Image

    from reportgen.render.templates.phrase_segmentation import split_phrases

    Image.preinit()
    split_phrases("臺北市政府教育局", whole=1)  # loads the segmentation model
    _prepare_templates()
    gc.collect()
    gc.freeze()


def _prepare_templates() -> None:
    """Precompile the packaged templates of the default documents, if there are any."""
    from reportgen.render.document import precompile
    from reportgen.render.templates.template_engine import Template

    folder = _packaged_templates()
    if folder:
        for name in edition_documents():
            precompile(Template(folder / name))


@cache
def _packaged_templates() -> Path | None:
    """Return the folder of the packaged templates, or None if there is none."""
    from reportgen.render.templates.template_engine import find_template

    template, _ = find_template(SCORECARD, None, Path(os.devnull))
    return template.folder.parent if template else None


@cache
def _packaged_files(document: str) -> Mapping[str, bytes]:
    """Return the files of a document's packaged template by name; empty if missing."""
    folder = _packaged_templates()
    return template_files(folder / document) if folder else {}


@cache
def open_fonts(folders: tuple[Path, ...]) -> FontSet | None:
    """Return the fonts of these folders, opened once per process; None if one is missing."""
    from reportgen.render.fonts.font_set import FontSet, find_fonts

    files, problems = find_fonts(folders)
    return None if problems else FontSet(files, folders)


def run_task(task: Task) -> TaskResult:
    """Check a workbook and build its documents in memory; its problems are in the result.

    MADE with files below the edition's folder, or REFUSED. The annotated copy is made if any
    problem is more than a notice. Bugs raise.
    """
    from reportgen.pipeline import Settings, build_checked, check_to_build

    with tempfile.TemporaryDirectory(prefix="reportgen-", ignore_cleanup_errors=True) as folder:
        workbook = Path(folder) / safe_file_name(task.name)
        workbook.write_bytes(task.content)
        settings = Settings(
            output=Path(),
            formats=task.options.formats,
            documents=task.options.documents,
            templates=_template_folder(task.options),
            working_folder=Path(folder),
            font_folders=task.options.font_folders,
            fonts=open_fonts(task.options.font_folders),
        )
        checked = check_to_build(workbook, settings)
        result, build_problems = build_checked(checked, settings)
        problems = _with_known_files((*checked.problems, *build_problems), workbook, task)
        needs_copy = any(problem.severity is not Severity.NOTICE for problem in problems)
        return TaskResult(
            status=Status.MADE if result else Status.REFUSED,
            problems=problems,
            files={path.as_posix(): content for path, content in result.contents.items()}
            if result
            else {},
            annotated_copy=_annotated_copy(workbook, problems, task)
            if needs_copy or not result
            else None,
            results=checked.results,
        )


def _with_known_files(
    problems: tuple[Problem, ...], workbook: Path, task: Task
) -> tuple[Problem, ...]:
    """Return each problem once, in order, with the caller's file names for temporary ones."""
    options = task.options
    templates = _template_folder(options)
    replacements = {f"{workbook.parent}/": ""}
    if templates is not None:
        replacements |= {
            str(templates / name): folder for name, folder in options.template_folders.items()
        }
    return tuple(dict.fromkeys(_with_known_file(problem, replacements) for problem in problems))


def _with_known_file(problem: Problem, replacements: Mapping[str, str]) -> Problem:
    """Return a problem with a prefix of its file's path replaced.

    ``replacements`` maps temporary prefixes to those that the caller knows.
    """
    file = problem.where.file
    for prefix, replacement in replacements.items():
        if file.startswith(prefix):
            file = replacement + file.removeprefix(prefix)
    return problem.in_file(file)


def _annotated_copy(workbook: Path, problems: tuple[Problem, ...], task: Task) -> bytes | None:
    """Return the bytes of a copy of the workbook with the problems marked; None if that fails.

    It is written beside the workbook.
    """
    from reportgen.pipeline import annotate

    copy = workbook.with_name(f"marked{workbook.suffix}")
    written, _ = annotate(workbook, problems, task.options.language, copy)
    return copy.read_bytes() if written else None


def _template_folder(options: BuildOptions) -> Path | None:
    """Return a folder that holds the templates of a build; None if the build states none.

    The packaged folder if all files equal its own, as those are compiled already; else a temporary
    folder, which is written once per process for the same files.
    """
    if not options.templates:
        return None
    if all(_packaged_files(name) == files for name, files in options.templates.items()):
        return _packaged_templates()  # already precompiled
    digest = hashlib.sha256()
    for document, files in sorted(options.templates.items()):
        for name, content in sorted(files.items()):
            digest.update(f"{document}/{name}/{len(content)}/".encode() + content)
    name = digest.hexdigest()
    if name not in _TEMPLATE_FOLDERS:
        _TEMPLATE_FOLDERS[name] = _write_templates(options.templates)
    return _TEMPLATE_FOLDERS[name]


def _write_templates(templates: Mapping[str, Mapping[str, bytes]]) -> Path:
    """Write templates, by document and file name, to a new temporary folder; return it."""
    folder = Path(tempfile.mkdtemp(prefix="reportgen-templates-"))
    for document, files in templates.items():
        for name, content in files.items():
            path = folder / document / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return folder


__all__ = ["open_fonts", "preload", "run_task"]
