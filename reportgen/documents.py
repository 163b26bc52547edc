"""The registry of document kinds: what each prints, and the files that go with it.

A document is a folder of templates. A folder that is not registered prints what the scorecard
prints. The command line, the batch, the web page and the archive know the kinds from here alone.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from reportgen.compute.result_types import Results
    from reportgen.model.scorecard import CellRef, Scorecard, Text
    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.rollup import RollUp

SCORECARD, RESULTS, REVIEW, COMPARISON, ROLLUP = (
    "scorecard",
    "results",
    "review",
    "comparison",
    "rollup",
)
TRACKED = "平衡計分卡追蹤修訂"
DOCUMENT_NAME: Final = re.compile(r"[\w-]{1,60}")  # a template's folder, and part of a file's name

Format = Literal["pdf", "docx", "html", "odt", "ods"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document's names for its template, and the files that go with it."""

    name: str  # the template's folder
    title: str
    context: Mapping[str, Any]
    texts: tuple[Text, ...]  # what it prints of the workbook, for the glyph check
    sidecar_files: Mapping[str, bytes]  # file name's ending → content
    attachments: Mapping[str, bytes]  # what travels in its PDF: file name → content

    @property
    def file_name(self) -> str:
        """Its part of the files' names."""
        return document_kind(self.name).file_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The content that a document prints, without its accompanying files."""

    title: str
    context: Mapping[str, Any]
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The computed results of an edition, shared by all its documents."""

    results: Results
    problems: tuple[Problem, ...]
    json: bytes  # ``results.json``; empty where a formula cannot be computed


def compute_figures(scorecard: Scorecard) -> Figures:
    """Compute an edition; the problems are those of its formulas, the JSON is empty with errors."""
    from reportgen.compute import compute
    from reportgen.exports.results_json import results_json
    from reportgen.problems import has_errors

    results, problems = compute(scorecard)
    return Figures(results, problems, b"" if has_errors(problems) else results_json(results))


def document_content(name: str, results: Results) -> Content:
    """Return the content that a document of an edition prints; an unknown name is a scorecard.

    Raise ValueError for a document that is not made of one edition.
    """
    content = document_kind(name).content
    if content is None:
        raise ValueError(f"{name} is not made of one edition")
    return content(results)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """All that a kind of document has of its own; an entry of :data:`DOCUMENT_KINDS`."""

    name: str  # the folder of its templates
    file_name: str  # its part of the files' names
    label: Mapping[Language, str]  # for people
    content: Callable[[Results], Content] | None  # None: not made of one edition
    sidecar_files: Callable[[Figures, tuple[str, ...]], Mapping[str, bytes]] | None = None
    reports_formula_problems: bool = False  # beside what checking the workbook reports
    other_problems: Callable[[Results], tuple[Problem, ...]] | None = None  # likewise
    is_default: bool = False  # made by collect, the archive and the page without being asked for
    is_default_with_words: bool = False  # likewise, if the workbook has words or initiatives


def document_kind(name: str) -> DocumentKind:
    """Return a kind by the folder of its templates; an unknown one prints the scorecard."""
    known = DOCUMENT_KINDS.get(name)
    return known or replace(
        DOCUMENT_KINDS[SCORECARD], name=name, file_name=name, label={"zh-TW": name, "en": name}
    )


def edition_documents(scorecard: Scorecard | None = None) -> tuple[str, ...]:
    """Return the names of the documents of an edition that are made by default.

    Without a scorecard (None) all that an edition may have.
    """
    has_words = scorecard is None or bool(scorecard.commentaries or scorecard.initiatives)
    return tuple(
        name
        for name, kind in DOCUMENT_KINDS.items()
        if kind.is_default or (kind.is_default_with_words and has_words)
    )


def needs_template(name: str) -> bool:
    """Return whether a default document must have a template.

    One that only some editions have is left out where a folder of templates lacks it.
    """
    return not document_kind(name).is_default_with_words


def edition_document(
    name: str, scorecard: Scorecard, figures: Figures | None = None, formats: tuple[str, ...] = ()
) -> tuple[Document, tuple[Problem, ...]]:
    """Return what a document of an edition prints and brings along, and problems to report.

    ``figures`` are computed if not given. With "ods" among ``formats`` the results are beside the
    document as .ods. Problems are those of the
    formulas and words that it prints.
    """
    kind = document_kind(name)
    figures = figures or compute_figures(scorecard)
    content = document_content(name, figures.results)
    document = Document(
        name=name,
        title=content.title,
        context=content.context,
        texts=content.texts,
        sidecar_files=kind.sidecar_files(figures, formats) if kind.sidecar_files else {},
        attachments={"results.json": figures.json} if figures.json else {},
    )
    problems = figures.problems if kind.reports_formula_problems else ()
    others = kind.other_problems(figures.results) if kind.other_problems else ()
    return document, (*problems, *others)


def comparison_document(
    old: Scorecard, new: Scorecard
) -> tuple[Document, tuple[Problem, ...], tuple[Problem, ...]]:
    """Return the table of changes from one edition to another, with the changes as JSON.

    Texts of both editions are checked for glyphs. The problems are those of figures bound in the
    words that the table prints, of the old and of the new edition.
    """
    from reportgen.compare import compare_scorecards, comparison_json, printed_cells
    from reportgen.views.comparison_view import comparison_view
    from reportgen.views.printed_texts import printed_texts, texts_in_view
    from reportgen.views.results_view import BANNERS

    (printed_old, old_problems), (printed_new, new_problems) = map(_with_bound_figures, (old, new))
    comparison = compare_scorecards(printed_old, printed_new)
    old_cells, new_cells = printed_cells(comparison)
    data = comparison_json(comparison)
    view = comparison_view(comparison, BANNERS[new.status])
    listed = tuple(
        text
        for card in (old, new)
        for text in (*printed_texts(card, figures=True), *_remarks(card))
    )
    document = Document(
        name=COMPARISON,
        title=f"{new.agency} {new.title}修正對照表（{old.edition} 至 {new.edition}）",
        context=_names(view),
        texts=(
            *listed,
            *(text for card in (old, new) for text in texts_in_view(view, card, listed)),
        ),
        sidecar_files={"json": data},
        attachments={"comparison.json": data},
    )
    return (
        document,
        tuple(problem for problem in old_problems if _is_at(problem, old_cells)),
        tuple(problem for problem in new_problems if _is_at(problem, new_cells)),
    )


def _with_bound_figures(card: Scorecard) -> tuple[Scorecard, tuple[Problem, ...]]:
    """Return a scorecard with the figures in its words as printed, and the problems of these."""
    from reportgen.compute import compute
    from reportgen.views.review_view import scorecard_as_printed

    if not (card.commentaries or card.initiatives):
        return card, ()
    return scorecard_as_printed(compute(card)[0])


def _is_at(problem: Problem, cells: frozenset[CellRef]) -> bool:
    """Return whether a problem is of one of some cells."""
    return any(
        (problem.where.sheet, problem.where.cell) == (cell.sheet, cell.cell) for cell in cells
    )


def rollup_document(rolled: RollUp) -> Document:
    """Return the roll-up document of many agencies; its figures are :func:`rollup_numbers`.

    It has no texts to check for glyphs: whoever renders it replaces such characters.
    """
    from reportgen.views.rollup import rollup_view

    view = rollup_view(rolled)
    return Document(
        name=ROLLUP,
        title=f"{view.year and f'{view.year}年度'}各機關平衡計分卡彙整",
        context=_names(view),
        texts=(),
        sidecar_files={},
        attachments={},
    )


def rollup_numbers(rolled: RollUp) -> bytes:
    """Return the figures of a roll-up as the bytes of an .xlsx."""
    from reportgen.views.rollup.missed_view import missed_kpis
    from reportgen.workbook.export.rollup_xlsx import write_rollup

    numbers = io.BytesIO()
    write_rollup(rolled, numbers, missed_kpis(rolled))
    return numbers.getvalue()


def rollup_open_document(rolled: RollUp) -> bytes:
    """Return the figures of a roll-up as the bytes of an .ods, made without LibreOffice."""
    from reportgen.views.rollup.missed_view import missed_kpis
    from reportgen.workbook.export.rollup_xlsx import rollup_as_ods

    return rollup_as_ods(rolled, missed_kpis(rolled))


def _remarks(card: Scorecard) -> Iterator[Text]:
    """Yield the texts that only a table of changes prints: reasons, sources, offices, words."""
    texts = (
        *(text for revision in card.revisions for text in (revision.item, revision.note)),
        *(text for figure in card.figures for text in (figure.source, figure.note)),
        *(target.basis for target in card.targets),
        *(kpi.owner for kpi in card.kpis),
        *(text for commentary in card.commentaries for text in commentary.texts),
        *(
            text
            for initiative in card.initiatives
            for text in (initiative.name, initiative.owner, initiative.progress)
        ),
    )
    yield from (text for text in texts if text)


def _scorecard_content(results: Results) -> Content:
    """Return title, template names and texts of the scorecard."""
    from reportgen.views.scorecard_view import scorecard_view

    scorecard = results.scorecard
    view = scorecard_view(scorecard)
    return Content(
        title=f"{scorecard.agency} {scorecard.title}（{scorecard.edition} 修表）",
        context=_names(view),
        texts=_texts(view, scorecard),
    )


def scorecard_texts(scorecard: Scorecard) -> tuple[Text, ...]:
    """Return the texts whose characters the scorecard document needs glyphs for."""
    from reportgen.views.scorecard_view import scorecard_view

    return _texts(scorecard_view(scorecard), scorecard)


def _texts(view: Any, scorecard: Scorecard, *, figures: bool = False) -> tuple[Text, ...]:
    """Return every text of a scorecard that a view prints, with its cell, for the glyph check.

    With ``figures`` those of the figures' sheets too. A text may occur more than once.
    """
    from reportgen.views.printed_texts import printed_texts, texts_in_view

    listed = tuple(printed_texts(scorecard, figures=figures))
    return (*listed, *texts_in_view(view, scorecard, listed))


def _results_files(figures: Figures, formats: tuple[str, ...]) -> dict[str, bytes]:
    """Return extension → content of the results as JSON and .xlsx, and as .ods if requested."""
    from reportgen.workbook.export.results_xlsx import results_as_ods, write_results

    xlsx = io.BytesIO()
    write_results(figures.results, xlsx)
    files = {"json": figures.json, "xlsx": xlsx.getvalue()}
    return files | {"ods": results_as_ods(figures.results)} if "ods" in formats else files


def _results_content(results: Results) -> Content:
    """Return title, template names and texts of the annual results."""
    from reportgen.views.results_view import results_view
    from reportgen.views.review_view import reviewed_texts, words_in_results

    card = results.scorecard
    view = results_view(results)
    words, word_symbols = words_in_results(results)
    return Content(
        title=f"{card.agency} {card.data_year}年度平衡計分卡執行成果（{card.edition} 修表）",
        context=_names(view) | {"words": words, "word_symbols": word_symbols},
        texts=(*_texts(view, card, figures=True), *(reviewed_texts(results) if words else ())),
    )


def _results_problems(results: Results) -> tuple[Problem, ...]:
    """Return the problems of figures in the words that the results print."""
    from reportgen.views.review_view import bound_figure_problems

    return bound_figure_problems(results) if results.scorecard.has_words_in_results else ()


def _review_content(results: Results) -> Content:
    from reportgen.views.review_view import review_view, reviewed_texts

    card = results.scorecard
    view = review_view(results)
    return Content(
        title=f"{card.agency} {card.data_year}年度績效檢討報告（{card.edition} 修表）",
        context=_names(view),
        texts=(*_texts(view, card, figures=True), *reviewed_texts(results)),
    )


def commentary_problems(results: Results) -> tuple[Problem, ...]:
    """Return the problems of the words on an edition's KPIs, and of its initiatives."""
    from reportgen.compute.commentary_findings import commentary_findings
    from reportgen.views.review_view import bound_figure_problems

    return (*bound_figure_problems(results), *commentary_findings(results))


def _review_problems(results: Results) -> tuple[Problem, ...]:
    from reportgen.compute.commentary_findings import lowered_target_problems

    return (*commentary_problems(results), *lowered_target_problems(results))


def _names(view: Any) -> dict[str, Any]:
    """Return the top-level names of a view for a template.

    The seal is a placeholder; it is known only when the document is made.
    """
    from reportgen.provenance.seal import NO_SEAL

    return {name: getattr(view, name) for name in view.__dataclass_fields__} | {"seal": NO_SEAL}


_KINDS = (
    DocumentKind(
        name=SCORECARD,
        file_name="平衡計分卡",
        label={"zh-TW": "策略地圖與平衡計分卡", "en": "Strategy map and scorecard"},
        content=_scorecard_content,
        is_default=True,
    ),
    DocumentKind(
        name=RESULTS,
        file_name="執行成果",
        label={"zh-TW": "執行成果", "en": "Annual results"},
        content=_results_content,
        sidecar_files=_results_files,
        reports_formula_problems=True,
        other_problems=_results_problems,
        is_default=True,
    ),
    DocumentKind(
        name=REVIEW,
        file_name="年度績效檢討報告",
        label={"zh-TW": "年度績效檢討報告", "en": "Annual review"},
        content=_review_content,
        reports_formula_problems=True,
        other_problems=_review_problems,
        is_default_with_words=True,
    ),
    DocumentKind(
        name=COMPARISON,
        file_name="修正對照表",
        label={"zh-TW": "修正對照表", "en": "Table of changes"},
        content=None,
    ),
    DocumentKind(
        name=ROLLUP, file_name="彙整", label={"zh-TW": "彙整", "en": "Roll-up"}, content=None
    ),
)
DOCUMENT_KINDS: Final[dict[str, DocumentKind]] = {kind.name: kind for kind in _KINDS}
