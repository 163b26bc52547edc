"""The fonts that a template names: which Word would use, and whether the PDF can."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from reportgen.render.docx.source import css_values, supported_css
from reportgen.render.docx.source.css_advice import Finding, css_problem, known_family
from reportgen.render.docx.source.css_values import InvalidValueError, Variables
from reportgen.render.docx.source.font_mapping import GENERIC_FAMILIES, latin_and_cjk_family
from reportgen.render.docx.source.template_source import DYNAMIC, Declaration, Tag, read_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from reportgen.problems import Problem
    from reportgen.render.docx.source.template_source import Part

_MONOSPACE_TAGS: Final = frozenset(("pre", "code", "kbd", "samp"))  # where nothing else is declared


def missing_families(folder: Path, is_available: Callable[[str], bool]) -> tuple[Problem, ...]:
    """Return E404 for each list of fonts whose Latin or East-Asian font is not installed.

    Word uses the first of each kind, so that another one in the PDF would be a difference.
    ``is_available`` is called with a family's name. Problems come by file name and line, without
    repetitions. Raises OSError for a file that cannot be read.
    """
    parts = read_parts(folder)
    if all(map(is_available, _used_families_of(parts))):
        return ()
    variables = css_values.variables(parts)
    return tuple(
        dict.fromkeys(
            problem for part in parts for problem in _family_problems(part, variables, is_available)
        )
    )


def declared_families(folder: Path) -> frozenset[str]:
    """Return the families that Word would use for a template's declarations.

    Raises OSError for a file that cannot be read.
    """
    return _used_families_of(read_parts(folder))


@lru_cache(maxsize=8)
def _used_families_of(parts: tuple[Part, ...]) -> frozenset[str]:
    """Return the families that Word would use for a template's parts; cached by the parts."""
    variables = css_values.variables(parts)
    return frozenset(family for part in parts for family in _used_families(part, variables))


def _used_families(part: Part, variables: Variables) -> Iterator[str]:
    """Yield the Latin and the East-Asian family that Word would use for a tag or a declaration.

    Lists of fonts with a Jinja expression, and invalid ones, yield nothing.
    """
    if isinstance(part, Tag) and part.name in _MONOSPACE_TAGS:
        yield GENERIC_FAMILIES["monospace"]
    if not isinstance(part, Declaration) or part.name not in ("font-family", "font"):
        return
    for value in css_values.with_variables(part.value, variables):
        with suppress(InvalidValueError):
            for name, families in css_values.longhands(part.name, value):
                is_list = name == "font-family" and not isinstance(families, str)
                if is_list and DYNAMIC not in value:
                    yield from latin_and_cjk_family(tuple(families))


def _family_problems(
    part: Part, variables: Variables, is_available: Callable[[str], bool]
) -> Iterator[Problem]:
    """Yield E404 for each family that Word would use and that is not available."""
    for family in _used_families(part, variables):
        if not is_available(family):
            found, instead = f"<{part.name}>: {family}", "<span>"
            if isinstance(part, Declaration):
                found, value = part.text, _with_known_family(part.value, family)
                instead = part._replace(value=value).text if value != part.value else ""
            support = supported_css.PROPERTIES["font-family"]
            yield css_problem(found, part, finding=Finding("font-family", support, instead))


def _with_known_family(value: str, family: str) -> str:
    """Return a list of fonts with ``family`` replaced by a font that every document has.

    It is unchanged if it does not name the family.
    """
    known = known_family(family)
    for written in (f'"{family}"', f"'{family}'", family):
        if written in value:
            return value.replace(written, f'"{known}"')
    return value
