"""The fonts that a template names: which Word would use, and whether the PDF can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.render.docx.source import css_values, supported_css
from reportgen.render.docx.source.css_advice import Finding, css_problem, known_family
from reportgen.render.docx.source.css_values import InvalidValueError, Variables
from reportgen.render.docx.source.font_mapping import latin_and_cjk_family
from reportgen.render.docx.source.template_source import DYNAMIC, Declaration, read_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from reportgen.problems import Problem


def missing_families(folder: Path, is_available: Callable[[str], bool]) -> tuple[Problem, ...]:
    """Return E404 for each list of fonts whose Latin or East-Asian font is not installed.

    Word uses the first of each kind, so that another one in the PDF would be a difference.
    """
    parts = tuple(read_parts(folder))
    variables = css_values.variables(parts)
    return tuple(
        dict.fromkeys(
            problem
            for part in parts
            if isinstance(part, Declaration)
            for problem in _family_problems(part, variables, is_available)
        )
    )


def declared_families(folder: Path) -> frozenset[str]:
    """Return the families that Word would use for a template's declarations."""
    parts = tuple(read_parts(folder))
    variables = css_values.variables(parts)
    return frozenset(
        family
        for part in parts
        if isinstance(part, Declaration)
        for family in _families(part, variables)
    )


def _families(part: Declaration, variables: Variables) -> Iterator[str]:
    if part.name not in ("font-family", "font"):
        return
    for value in css_values.with_variables(part.value, variables):
        try:
            found = [] if DYNAMIC in value else css_values.longhands(part.name, value)
        except InvalidValueError:
            continue
        for name, families in found:
            if name == "font-family" and not isinstance(families, str):
                yield from latin_and_cjk_family(tuple(families))


def _family_problems(
    part: Declaration, variables: Variables, is_available: Callable[[str], bool]
) -> Iterator[Problem]:
    for family in _families(part, variables):
        if not is_available(family):
            instead = part._replace(value=_with_known_family(part.value, family))
            known = instead.text if instead != part else ""
            yield css_problem(
                part.text,
                part,
                finding=Finding("font-family", supported_css.PROPERTIES["font-family"], known),
            )


def _with_known_family(value: str, family: str) -> str:
    known = known_family(family)
    for written in (f'"{family}"', f"'{family}'", family):
        if written in value:
            return value.replace(written, f'"{known}"')
    return value
