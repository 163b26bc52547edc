"""Where a template causes what a conversion found: the declaration that applies to the element."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from reportgen.problems import Location, Problem
from reportgen.render.docx.source import css_values, supported_css
from reportgen.render.docx.source.css_advice import Finding, css_problem, tag_problem
from reportgen.render.docx.source.css_values import InvalidValueError, Variables
from reportgen.render.docx.source.template_source import Declaration, Part, Rule, Tag, read_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from xml.etree.ElementTree import Element


class Unsupported(NamedTuple):
    """What a conversion found: a tag (E403), or a property of an element, a page or a box (E404).

    ``element`` and ``pseudo`` are those of the box, to find the declaration that applies to it.
    """

    code: str
    name: str
    value: str = ""
    element: Element | None = None
    pseudo: str = ""


def locate_unsupported(
    unknown: Iterable[Unsupported], folder: Path, root: Element
) -> tuple[Problem, ...]:
    """Return problems of a conversion, each at the place in the template that causes it.

    What the template declares for print alone is no problem. What no part of the template explains
    is located at its folder. Equal problems are returned once, in the order of ``unknown``.
    """
    unknown = tuple(unknown)
    parts = read_parts(folder) if unknown and folder.is_dir() else ()
    variables = css_values.variables(parts)
    problems: dict[Problem, None] = {}
    for item in unknown:
        matches = [part for part in parts if _may_cause(part, item, variables)]
        if item.element is not None:
            matches = _matching_declarations(matches, item, root) or matches
        if matches and all(not isinstance(part, Tag) and part.exempt for part in matches):
            continue
        chosen = [part for part in matches if isinstance(part, Tag) or not part.exempt]
        # Of declarations, the last one counts; of tags, the first is shown.
        part = (chosen[-1] if item.element is not None else chosen[0]) if chosen else None
        problems[_located_problem(item, part, folder)] = None
    return tuple(problems)


def _located_problem(item: Unsupported, part: Part | None, folder: Path) -> Problem:
    """Return E403 or E404 for an unsupported item, at the part of the template that causes it.

    If ``part`` is None, it is located at the template's folder.
    """
    where: Part | Location = part or Location(file=folder.name)
    text = f"{item.name}: {item.value}" if item.value else item.name
    if item.code == "E403":
        return tag_problem(text, where)
    if isinstance(part, Declaration):
        text = part.text
    support = supported_css.PROPERTIES.get(item.name)
    return css_problem(
        text, where, finding=Finding(item.name, support), is_rule=isinstance(part, Rule)
    )


def _may_cause(part: Part, item: Unsupported, variables: Variables) -> bool:
    """Return whether a part of a template may have caused an unsupported tag or property.

    A tag may by its name, a declaration if it sets the property itself or by a shorthand, a rule or
    margin box by its name. Which elements it matches is not looked at.
    """
    if isinstance(part, Tag):
        return item.code == "E403" and part.name == item.name.partition(" ")[0]
    if item.code == "E403" or isinstance(part, Rule) or part.place == item.name:
        return item.code != "E403" and item.name in (part.name, getattr(part, "place", ""))
    return part.name == item.name or item.name in _properties_set(part, variables)


def _properties_set(part: Declaration, variables: Variables) -> frozenset[str]:
    """Return the properties that a declaration sets, with all values that its variables may have.

    It is empty for pages, custom properties and invalid declarations.
    """
    names: set[str] = set()
    if not part.place and not part.name.startswith("--"):
        for value in css_values.with_variables(part.value, variables):
            with suppress(InvalidValueError):
                names |= {name for name, _ in css_values.longhands(part.name, value)}
    return frozenset(names)


def _matching_declarations(parts: Sequence[Part], item: Unsupported, root: Element) -> list[Part]:
    """Return the declarations that match the item's element and pseudo-element, strongest last.

    Those in ``style`` attributes count if the element's own attribute names the property. The
    result is empty if the element is not below ``root``; invalid selectors match nothing.
    """
    import cssselect2

    wrapper = next(
        (
            wrapper
            for wrapper in cssselect2.ElementWrapper.from_html_root(root).iter_subtree()
            if wrapper.etree_element is item.element
        ),
        None,
    )
    if wrapper is None:
        return []
    ranked: list[tuple[tuple[int, int, int], int, Part]] = []
    for index, part in enumerate(parts):
        if not isinstance(part, Declaration):
            continue
        if not part.selector:
            style = wrapper.etree_element.get("style", "")
            if not part.place and part.name in style and not item.pseudo:
                ranked.append(((9, 0, 0), index, part))
            continue
        try:
            selectors = cssselect2.compile_selector_list(part.selector)
        except cssselect2.SelectorError:
            continue
        ranked += [
            (selector.specificity, index, part)
            for selector in selectors
            if (selector.pseudo_element or "") == item.pseudo and selector.test(wrapper)
        ]
    return [part for _, _, part in sorted(ranked, key=lambda entry: entry[:2])]
