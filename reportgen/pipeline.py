"""The way through the house: workbook → scorecard → document → HTML → PDF and Word.

Only composes the stages. Nothing is written before every stage has been heard and none of
them has found an error.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from reportgen.files import Written, file_name, write_files
from reportgen.model import ROC_OFFSET
from reportgen.names import name_key
from reportgen.problems import ExitCode, Location, Problem, StoppedError, has_errors, make
from reportgen.problems.entry import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from reportgen.documents import Document, Figures
    from reportgen.model import Scorecard, Text
    from reportgen.problems.problem import Language
    from reportgen.render.document import Job
    from reportgen.render.fonts import FontSet
    from reportgen.render.html import Template
    from reportgen.results import Results

FORMATS = ("pdf", "docx", "html", "odt")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build has made, and what it had to say."""

    edition: str
    files: tuple[Written, ...]
    templates: tuple[Path, ...]
    problems: tuple[Problem, ...]


def check(
    workbook: Path, font_folders: tuple[Path, ...]
) -> tuple[Scorecard | None, tuple[Problem, ...]]:
    """All that can be said of a workbook without a template: cells, formulas, figures, glyphs."""
    results, problems = examine(workbook, font_folders)
    return (None if results is None else results.scorecard), problems


def examine(
    workbook: Path, font_folders: tuple[Path, ...]
) -> tuple[Results | None, tuple[Problem, ...]]:
    """The same, with the results that were computed for it."""
    from reportgen.workbook.bounded import start

    scorecard, problems = start(workbook).result()
    if scorecard is None:
        return None, problems
    fonts, no_fonts = _fonts(font_folders)
    results, found = examine_read(scorecard, workbook, fonts)
    return results, (*problems, *found, *no_fonts)


def examine_read(
    scorecard: Scorecard, workbook: Path, fonts: FontSet | None
) -> tuple[Results, tuple[Problem, ...]]:
    """The results of what was read from a workbook, and what is to be said of it from there on."""
    from reportgen.compute import compute

    results, problems = compute(scorecard)
    return results, (*problems, *_findings(results, workbook, fonts))


def _findings(results: Results, workbook: Path, fonts: FontSet | None) -> tuple[Problem, ...]:
    from reportgen.compute import findings
    from reportgen.workbook import printed_texts

    card = results.scorecard
    glyphs = () if fonts is None else _glyphs(printed_texts(card), fonts)
    return (*findings(results), *glyphs, *_early(card, workbook))


def annotate(
    workbook: Path,
    problems: tuple[Problem, ...],
    language: Language,
    copy: Path,
) -> tuple[Written | None, tuple[Problem, ...]]:
    """Write ``copy``: the workbook with its problems marked; None and why if it cannot be."""
    from reportgen.workbook.annotate import annotate as marked_copy
    from reportgen.workbook.reading import load

    content, unread = load(workbook)
    if content is None:
        return None, unread
    marked, problems = marked_copy(content, problems, language, workbook.name)
    if marked is None:
        return None, problems
    written, unwritten = write_files({copy: marked})
    return next(iter(written), None), problems + unwritten


def calculate(workbook: Path) -> tuple[Results | None, tuple[Problem, ...]]:
    """The results of a workbook, and every problem of its cells, formulas and targets."""
    from reportgen.compute import compute
    from reportgen.workbook.bounded import start

    scorecard, problems = start(workbook).result()
    if scorecard is None:
        return None, problems
    results, found = compute(scorecard)
    return results, problems + found


def build(workbook: Path, settings: Settings) -> Built:
    """The documents of an edition, written below ``settings.output``.

    Raises StoppedError, with all problems found up to there, when nothing was written.
    """
    return write(produce(workbook, settings).finished(), settings)


def produce(workbook: Path, settings: Settings) -> Made:
    """The documents of an edition, as bytes; raises StoppedError where there are none."""
    reading = _read(workbook, settings)
    if reading.scorecard is None:
        raise StoppedError(reading.problems, exit_code(reading.problems))
    from reportgen.documents import figures

    return _produced(reading, figures(reading.scorecard), settings)


def examine_and_produce(
    workbook: Path, settings: Settings
) -> tuple[Results | None, tuple[Problem, ...], Made | None]:
    """What :func:`examine` and :func:`produce` tell of a workbook, read and computed once.

    The documents are None where there are none; the problems say why.
    """
    from reportgen.documents import figures

    reading = _read(workbook, settings)
    if reading.scorecard is None:
        return None, reading.problems, None
    computed = figures(reading.scorecard)
    found = _findings(computed.results, workbook, reading.fonts)
    problems = (*reading.problems, *computed.problems, *found)
    try:
        made = _produced(reading, computed, settings)
    except StoppedError as stop:
        return computed.results, (*problems, *stop.problems), None
    return computed.results, (*problems, *made.problems), made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A workbook that was read, and what its documents are made with."""

    workbook: Path
    content: bytes
    scorecard: Scorecard | None
    templates: tuple[Template, ...]
    fonts: FontSet | None
    problems: tuple[Problem, ...]


def _read(workbook: Path, settings: Settings) -> _Reading:
    from reportgen.workbook.bounded import start

    settings.progress("read")
    with start(workbook) as reading:  # beside it, what takes its time is made ready
        templates, missing = _templates(settings)
        fonts, no_fonts = (settings.fonts, ()) if settings.fonts else _fonts(settings.font_folders)
        _warm_up()
        scorecard, problems = reading.result()
    return _Reading(
        workbook=workbook,
        content=reading.content or b"",
        scorecard=scorecard,
        templates=templates,
        fonts=fonts,
        problems=(*problems, *missing, *no_fonts),
    )


def _produced(reading: _Reading, figures: Figures, settings: Settings) -> Made:
    """The documents of what was read; raises StoppedError where there are none."""
    scorecard, fonts, problems = figures.results.scorecard, reading.fonts, reading.problems
    if fonts is None:
        raise StoppedError(problems, exit_code(problems))
    source = Source(reading.workbook.name, reading.content, scorecard)
    documents, found = _documents(figures, settings, fonts)
    problems += (*found, *_early(scorecard, reading.workbook), *_without_office(settings))
    _stop_on_errors(problems)
    settings.progress("render")
    contents, found = _render(documents, reading.templates, source, fonts, settings)
    problems += found
    _stop_on_errors(problems)
    contents, found = _with_odt(contents, settings)
    problems += found
    _stop_on_errors(problems)
    return Made(
        source=source,
        contents=contents,
        templates=reading.templates,
        fonts=fonts,
        problems=problems,
    )


def compare(old: Path, new: Path, settings: Settings) -> Built:
    """The table of changes from one edition to another, and the scorecard with them tracked.

    Raises StoppedError, with all problems found up to there, when nothing was written.
    """
    return write(produce_comparison(old, new, settings).finished(), settings)


def produce_comparison(old: Path, new: Path, settings: Settings) -> Made:
    """The same, as bytes."""
    from reportgen.documents import COMPARISON, SCORECARD, comparison_document, document
    from reportgen.workbook.bounded import start

    settings.progress("read")
    with start(old) as earlier, start(new) as later:
        cards = (SCORECARD,) if "docx" in settings.formats else ()  # for the tracked one
        wanted = replace(settings, documents=(COMPARISON, *cards))
        templates, missing = _templates(wanted)
        fonts, no_fonts = _fonts(settings.font_folders)
        _warm_up()
        (before, found), (after, found_after) = earlier.result(), later.result()
    problems = (*in_file(found, old), *in_file(found_after, new), *missing, *no_fonts)
    if before is None or after is None or fonts is None or later.content is None:
        raise StoppedError(problems, exit_code(problems))
    made = comparison_document(before, after)
    problems += (*_unlikely(before, after), *_glyphs(made.texts, fonts))
    problems += _without_office(settings)
    _stop_on_errors(problems)
    settings.progress("render")
    source = Source(new.name, later.content, after, _older(old, new, earlier.content))
    contents, found = _render((made,), templates[:1], source, fonts, settings)
    problems += found
    if "docx" in _rendered(settings):
        editions = [
            (document(SCORECARD, card)[0], Source(path.name, b"", card))
            for path, card in ((old, before), (new, after))
        ]
        tracked, found = _tracked(editions, templates[1], fonts, settings)
        contents |= tracked
        problems += found
    _stop_on_errors(problems)
    contents, found = _with_odt(contents, settings)
    problems += found
    _stop_on_errors(problems)
    return Made(
        source=source, contents=contents, templates=templates, fonts=fonts, problems=problems
    )


def _older(old: Path, new: Path, content: bytes | None) -> dict[str, bytes]:
    """The older workbook under a name of its own."""
    name = old.name if old.name != new.name else f"old_{old.name}"
    return {name: content or b""}


def _tracked(
    cards: list[tuple[Document, Source]], template: Template, fonts: FontSet, settings: Settings
) -> tuple[dict[Path, bytes], tuple[Problem, ...]]:
    """The newer scorecard as a Word file in which what differs from the older one is tracked."""
    from reportgen.documents import TRACKED
    from reportgen.render.bounded import start
    from reportgen.render.docx.tracked import track

    with ExitStack() as stack:
        word = replace(settings, formats=("docx",))
        renderings = [
            stack.enter_context(start(_job(document, template, source, word, fonts), fonts))
            for document, source in cards
        ]
        results = [rendering.result() for rendering in renderings]
    problems = tuple(dict.fromkeys(problem for _, found in results for problem in found))
    files = [made["docx"] for made, _ in results if "docx" in made]
    if len(files) < len(cards):
        return {}, problems
    card = cards[1][1].scorecard
    content = track(*files, author=str(card.agency), day=card.revised.to_date())
    stem = f"{file_name(str(card.agency))}_{TRACKED}_{card.edition}"
    return {settings.output / card.edition / f"{stem}.docx": content}, problems


def _unlikely(old: Scorecard, new: Scorecard) -> tuple[Problem, ...]:
    """What makes one doubt that these are an agency's older and newer edition, in this order."""
    problems = []
    agencies = {name_key(str(card.agency)) for card in (old, new) if card.agency}
    if len(agencies) > 1:
        problems.append(make("W310", found=str(old.agency), other=str(new.agency)))
    if old.revised >= new.revised:
        problems.append(make("W311", found=old.edition, other=new.edition))
    return tuple(problems)


def in_file(problems: Iterable[Problem], workbook: Path) -> tuple[Problem, ...]:
    """Problems that say which of several workbooks they are in."""
    return tuple(
        replace(each, where=replace(each.where, file=each.where.file or workbook.name))
        for each in problems
    )


def write(made: Finished, settings: Settings) -> Built:
    """Write what was made; raises StoppedError, with all problems, where it cannot be."""
    settings.progress("write")
    written, unwritten = write_files(made.contents)
    problems = (*made.problems, *unwritten)
    _stop_on_errors(problems)
    return Built(edition=made.edition, files=written, templates=made.templates, problems=problems)


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


def exit_code(problems: Iterable[Problem]) -> ExitCode:
    """What the first error means to the shell."""
    stages = {"1": ExitCode.WORKBOOK, "2": ExitCode.WORKBOOK, "3": ExitCode.FILE}
    stages |= {"4": ExitCode.TEMPLATE, "5": ExitCode.ENVIRONMENT, "6": ExitCode.ARCHIVE}
    errors = (each.code[1] for each in problems if each.severity is Severity.ERROR)
    return next((stages[stage] for stage in errors), ExitCode.DONE)


def _today() -> date:
    return datetime.now().astimezone().date()


def _early(scorecard: Scorecard, workbook: Path) -> tuple[Problem, ...]:
    """N506 where an edition is of a day that is yet to come: a slip, or a clock that is wrong."""
    today = _today()
    if scorecard.revised.to_date() <= today:
        return ()
    where = Location(file=workbook.name)
    shown = f"{today.year - ROC_OFFSET}-{today:%m-%d}"
    return (make("N506", where, revised=scorecard.edition, today=shown),)


def _stop_on_errors(problems: tuple[Problem, ...]) -> None:
    if has_errors(problems):
        raise StoppedError(problems, exit_code(problems))


def _templates(settings: Settings) -> tuple[tuple[Template, ...], tuple[Problem, ...]]:
    from reportgen.render.html import find_template

    found = [
        find_template(document, settings.templates, settings.working_folder)
        for document in settings.documents
    ]
    return (
        tuple(template for template, _ in found if template),
        tuple(problem for _, problems in found for problem in problems),
    )


def _fonts(folders: tuple[Path, ...]) -> tuple[FontSet | None, tuple[Problem, ...]]:
    from reportgen.render.fonts import FontSet, find_fonts

    found, problems = find_fonts(folders)
    return (None if problems else FontSet(found)), problems


def _warm_up() -> None:
    """Load what every build needs; where Pango is missing, the rendering says so."""
    from reportgen.render.tuning import load_weasyprint

    with suppress(OSError):
        load_weasyprint()


def _documents(
    figures: Figures, settings: Settings, fonts: FontSet
) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    from reportgen.documents import document

    card = figures.results.scorecard
    made = [document(name, card, figures) for name in settings.documents]
    texts = dict.fromkeys(text for each, _ in made for text in each.texts)
    problems = (problem for _, problems in made for problem in problems)
    return tuple(each for each, _ in made), (*problems, *_glyphs(texts, fonts))


def _glyphs(texts: Iterable[Text], fonts: FontSet) -> tuple[Problem, ...]:
    from reportgen.render.glyphs import glyph_problems

    return glyph_problems(texts, fonts)


def _render(
    documents: tuple[Document, ...],
    templates: tuple[Template, ...],
    source: Source,
    fonts: FontSet,
    settings: Settings,
) -> tuple[dict[Path, bytes], tuple[Problem, ...]]:
    """The files of all documents, which are made beside each other: name → bytes."""
    from reportgen.render.bounded import start

    contents: dict[Path, bytes] = {}
    problems: tuple[Problem, ...] = ()
    with ExitStack() as stack:
        renderings = [
            stack.enter_context(start(_job(document, template, source, settings, fonts), fonts))
            for document, template in zip(documents, templates, strict=True)
        ]
        for document, rendering in zip(documents, renderings, strict=True):
            made, found = rendering.result()
            files = {**made, **(document.beside if made else {})}
            contents |= _named(files, document, source.scorecard, settings)
            problems += found
    return contents, problems


def _job(
    document: Document, template: Template, source: Source, settings: Settings, fonts: FontSet
) -> Job:
    from reportgen.render.document import Job
    from reportgen.seal import UNSEALED
    from reportgen.sealing import sealed

    mark = UNSEALED
    made_of: dict[str, bytes] = {}
    if source.content:
        workbooks = {source.name: source.content, **source.beside}
        mark, made_of = sealed(source.scorecard.edition, document.name, template, workbooks, fonts)
    return Job(
        template=template,
        context={**document.context, "seal": mark},
        texts=document.texts,
        formats=_rendered(settings),
        title=document.title,
        author=str(source.scorecard.agency),
        day=source.scorecard.revised.to_date(),
        source_name=source.name,
        source=source.content,
        beside={**source.beside, **document.within, **made_of},
        in_haste=settings.cores > len(settings.documents),
    )


def _rendered(settings: Settings) -> tuple[str, ...]:
    """The formats that are laid out: an ODT is made of the Word file."""
    others = tuple(each for each in settings.formats if each != "odt")
    return others if others == settings.formats else tuple(dict.fromkeys((*others, "docx")))


def _without_office(settings: Settings) -> tuple[Problem, ...]:
    """E507 where ODT is asked for and LibreOffice is not there: said before the work is done."""
    if "odt" not in settings.formats:
        return ()
    from reportgen.render.odt import missing

    return missing()


def _with_odt(
    contents: dict[Path, bytes], settings: Settings
) -> tuple[dict[Path, bytes], tuple[Problem, ...]]:
    """The files, each Word file as ODT beside it, or in its place where no Word was asked for."""
    if "odt" not in settings.formats:
        return contents, ()
    from reportgen.render.odt import convert

    settings.progress("odt")
    word = {path.name: path for path in contents if path.suffix == ".docx"}
    made, problems = convert({name: contents[path] for name, path in word.items()})
    for name, content in made.items():
        contents[word[name].with_suffix(".odt")] = content
    if "docx" not in settings.formats:
        for path in word.values():
            del contents[path]
    return contents, problems


def _named(
    files: Mapping[str, bytes], document: Document, scorecard: Scorecard, settings: Settings
) -> dict[Path, bytes]:
    """Files by their paths, of which the endings are given."""
    stem = f"{file_name(str(scorecard.agency))}_{document.file_name}_{scorecard.edition}"
    folder = settings.output / scorecard.edition
    return {folder / f"{stem}.{ending}": content for ending, content in files.items()}


__all__ = [
    "FORMATS",
    "Built",
    "Finished",
    "Settings",
    "build",
    "calculate",
    "check",
    "compare",
    "examine",
    "examine_and_produce",
    "examine_read",
    "exit_code",
    "produce",
    "write",
]
