"""Static check of a template: what would differ between PDF and Word, with file and line.

It judges the files as they are written, without rendering them, so that it also finds what no
edition's data happens to show. What depends on the element (a ``height`` of a row or of a
paragraph) is found by the conversion and located here, by the selectors that match the element.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from reportgen.render.docx.source import css_advice, css_values, supported_css
from reportgen.render.docx.source.css_values import InvalidValueError, Variables
from reportgen.render.docx.source.template_source import DYNAMIC, Declaration, Rule, Tag, read_parts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.problems import Problem
    from reportgen.render.docx.source.supported_css import Support
    from reportgen.render.docx.source.template_source import Part
    from reportgen.render.weasyprint_types import CssValue


def check_template(folder: Path) -> tuple[Problem, ...]:
    """Return a template's tags (E403) and declarations (E404) that would differ in Word.

    What is in ``@media print`` is exempt. Problems come by file name and line. Raises OSError for a
    file that cannot be read.
    """
    return _check_parts(read_parts(folder))


@lru_cache(maxsize=8)
def _check_parts(parts: tuple[Part, ...]) -> tuple[Problem, ...]:
    """Return the problems of a template's parts, without repetitions; cached by the parts."""
    variables = css_values.variables(parts)
    problems = [
        problem for part in parts if (problem := _part_problem(part, variables)) is not None
    ]
    return tuple(dict.fromkeys(problems))


def _part_problem(part: Part, variables: Variables) -> Problem | None:
    """Return E403 for an unsupported tag, E404 for a rule or declaration, or None if supported.

    What is declared for print alone is exempt.
    """
    if isinstance(part, Tag):
        return None if part.name in supported_css.TAGS else css_advice.tag_problem(part.name, part)
    if part.exempt:
        return None
    if isinstance(part, Rule):
        return css_advice.css_problem(part.name, part, is_rule=True)
    finding = _finding(part, variables)
    if finding is None:
        return None
    return css_advice.css_problem(part.text, part, finding=finding)


def _finding(part: Declaration, variables: Variables) -> css_advice.Finding | None:
    """Return why a declaration is not supported, or None if it is.

    None also for custom properties, and for values with a Jinja expression, which are not known
    yet. Of several unsupported properties or values the first counts; margin boxes in corners and
    at the sides are not supported at all.
    """
    table = _supported_properties(part.place)
    if part.name.startswith("--"):
        return None
    if part.place.startswith("@page") or not part.place or part.place in supported_css.MARGIN_BOXES:
        values = css_values.with_variables(part.value, variables)
    else:  # a box in a corner or beside the text
        return css_advice.Finding(part.place, None)
    for value in values:
        if DYNAMIC in value:
            continue
        try:
            found = css_values.longhands(part.name, value)
        except InvalidValueError:
            return css_advice.Finding(part.name, table.get(part.name))
        for name, specified in found:
            support = table.get(name)
            if support is None:
                return css_advice.Finding(name, None)
            if not _is_supported(support, name, specified):
                return css_advice.Finding(
                    name, support, _supported_declaration(part, name, support, specified)
                )
    return None


def _supported_properties(place: str) -> Mapping[str, Support]:
    """Return the supported properties at a place: elements (""), ``@page`` or a margin box.

    It is empty for ``@page :first``.
    """
    if place == "@page":
        return supported_css.PAGE_PROPERTIES
    if place.startswith("@page"):
        return {}
    return supported_css.MARGIN_BOX_PROPERTIES if place else supported_css.PROPERTIES


def _is_supported(support: Support, name: str, value: object) -> bool:
    """Return whether all words of a value are supported; font families are checked elsewhere."""
    if support.values == ("<family>",):  # see missing_families
        return True
    return all(css_values.accepts(support, word) for word in css_values.words(name, value))


def _supported_declaration(part: Declaration, name: str, support: Support, value: CssValue) -> str:
    """Return the declaration with refused values replaced by the nearest supported ones.

    It is "" if nothing can be replaced, or the result would be refused again.
    """
    refused = [
        word for word in css_values.words(name, value) if not css_values.accepts(support, word)
    ]
    pieces = [_replace_refused(piece, name, refused) for piece in part.value.split()]
    new = part._replace(value=" ".join(pieces))
    if new.value == part.value or _finding(new, {}) is not None:
        return ""
    return new.text


def _replace_refused(piece: str, name: str, refused: list[css_values.Word]) -> str:
    """Return a piece of a value, or the nearest supported value if it is a refused one.

    A variable, and a piece that is no value by itself, is returned unchanged.
    """
    if "var(" in piece:
        return piece
    try:
        ((_, specified),) = css_values.longhands(name, piece)
    except (InvalidValueError, ValueError):
        return piece
    word, *others = css_values.words(name, specified)
    return css_advice.nearest(name, word) or piece if not others and word in refused else piece
