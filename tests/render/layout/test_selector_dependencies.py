"""What selectors look at: elements that they cannot tell apart are styled once, and the same."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.render.layout.layout_cache import LayoutCache, use_cache
from reportgen.render.layout.selector_dependencies import (
    UNSUPPORTED_ELEMENTS,
    USER_AGENT_ATTRIBUTES,
    attributes_matched_on,
)
from reportgen.render.templates.url_fetcher import TEMPLATE_URL
from reportgen.render.weasyprint_patches.startup import load_weasyprint

if TYPE_CHECKING:
    from collections.abc import Iterable

MORE = None


@pytest.mark.parametrize(
    ("css", "asked"),
    [
        ("", set()),
        ("p { color: red }", set()),
        ("td.a, th#b > p::before, tr:last-child td { color: red }", set()),
        ("td[data-kind], [ rowspan = '2' ] { color: red }", {"data-kind", "rowspan"}),
        ("[A|='b'] { color: red } [c~=d], [e^='f'], [g$='h'], [i*='j'] { top: 0 }", set("acegi")),
        ("@media print { [x] { color: red } } @page :first { margin: 0 }", {"x"}),
        ("@font-face { src: url(a) } /* [x] + p */ p { content: '[y] + p {' }", set()),
        ("p + p { color: red }", MORE),
        ("p ~ p { color: red }", MORE),
        ("p:nth-child(2) { color: red }", MORE),
        ("p:not(.a) { color: red }", MORE),
        ("p:is(.a, .b) { color: red }", MORE),
        ("p:lang(zh) { color: red }", MORE),
        ("p:first-of-type { color: red }", MORE),
        ("p:only-child { color: red }", MORE),
        ("p:empty { color: red }", MORE),
        ("p:unheard-of { color: red }", MORE),
        ("@media print { p + p { color: red } }", MORE),
        ("p { color: red; & + & { color: blue } }", MORE),
        ("p { b { color: blue } }", MORE),
        ("@scope (.a) { p { color: red } }", MORE),
        ("@import 'other.css';", MORE),
        ("svg|rect[svg|x] { color: red }", MORE),
        ("[] { color: red }", MORE),
        ("} p { color: red }", MORE),
    ],
)
def test_what_a_stylesheet_asks_for(css: str, asked: set[str] | None) -> None:
    found = attributes_matched_on(css, "<p>甲")
    assert found == (None if asked is None else USER_AGENT_ATTRIBUTES | asked)


@pytest.mark.parametrize(
    "html", ["<style>p + p {}</style>", "<style>p {}", "<SELECT>", "<p><textarea\n>"]
)
def test_what_stands_in_the_html_may_ask_for_more(html: str) -> None:
    assert attributes_matched_on("", html) is None


def test_a_stylesheet_in_the_html_is_looked_through() -> None:
    html = "<style>@page { margin: 0 }</style><STYLE media=print>p[data-x] {}</STYLE>"
    assert attributes_matched_on("", html) == USER_AGENT_ATTRIBUTES | {"data-x"}


def test_what_weasyprint_asks_for_itself() -> None:
    """Its stylesheet is not looked through: this holds what is known of it."""
    from weasyprint.html import UA

    plain = re.sub(r"/\*.*?\*/", "", UA, flags=re.DOTALL)
    preludes = [each.rpartition("}")[2] for each in plain.split("{")[:-1]]
    assert len(preludes) > 100
    names = {name for each in preludes for name in re.findall(r"\[\s*([-\w]+)", each)}
    assert names
    assert names <= USER_AGENT_ATTRIBUTES
    for prelude in preludes:
        asks = re.search(r"[+~]|(?<!:):(?!:|is\(|not\(|before|link|visited)[-\w]+", prelude)
        if asks:
            assert (
                set(re.findall(r"(?<![-\w:\[])[a-z]+(?![-\w(=])", prelude)) & UNSUPPORTED_ELEMENTS
            ), prelude


COMPOUNDS = (
    *("p", "b", "div", "td", "*", ".a", ".b", "#x", "[data-a]", "[data-a='1']", "[title]"),
    *("p:first-child", "p:last-child", ":root", "td.a:last-child", "div[class~=b]"),
)
SELECTOR = st.lists(st.sampled_from(COMPOUNDS), min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([" ".join(parts), " > ".join(parts)])
)
ASKED = ("class", "title", "data-a", "data-b", "id")
ATTRIBUTES = st.dictionaries(
    st.sampled_from((*ASKED, "lang", "style", "rowspan")),
    st.sampled_from(("a", "b", "a b", "1", "x", "color: rgb(250, 0, 0)")),
    max_size=2,
)


def written(name: str, attributes: dict[str, str], children: list[str]) -> str:
    told = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{told}>文{''.join(children)}</{name}>"


TREE = st.recursive(
    st.builds(written, st.sampled_from(("p", "b", "div")), ATTRIBUTES, st.just([])),
    lambda within: st.builds(
        written, st.sampled_from(("div", "section")), ATTRIBUTES, st.lists(within, max_size=4)
    ),
    max_leaves=20,
)
TABLE = "<table><tr><td class=a>甲<td data-a=1>乙<td>丙<tr><td class=a>丁<td>戊</table>"
TOLD = ("color", "margin_left", "display", "font_size")


def is_the_same(html: str, css: str) -> bool:
    """Whether all styles are those of a cascade that matches each element."""
    asked = attributes_matched_on(css, html)
    assert asked is not None
    shared = LayoutCache(matched_attributes=asked)
    one = styles(html, css, LayoutCache())
    first = styles(html, css, shared)
    again = styles(html, css, shared)  # with all that was found out
    assert 0 < len(shared.rules_by_shape) <= len(one)
    return first == one == again


def declared(selectors: Iterable[str]) -> str:
    return "".join(
        f"{selector} {{ color: rgb({number % 256}, {number // 256}, 2); margin-left: {number}px }}"
        for number, selector in enumerate(selectors, 1)
    )


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(body=st.lists(TREE, max_size=5), selectors=st.lists(SELECTOR, min_size=1, max_size=8))
def test_styles_are_the_same_as_where_each_element_is_matched(
    body: list[str], selectors: list[str]
) -> None:
    html = f"<!DOCTYPE html><html><body>{''.join(body)}{TABLE}{''.join(body)}</body></html>"
    assert is_the_same(html, declared(selectors))


@pytest.mark.parametrize("around", [None, "div", ".a", "[title]", "section:last-child"])
@pytest.mark.parametrize("compound", COMPOUNDS)
def test_each_kind_of_selector(compound: str, around: str | None) -> None:
    """Held against elements of which two are alike but for what it asks for."""
    attributes = ({}, *({name: value} for name in ASKED for value in ("a", "1", "x")))
    leaves = [written(name, each, []) for name in ("p", "b") for each in attributes]
    within = "".join((leaves[0], *leaves, leaves[0], leaves[0]))
    sections = [
        written(name, each, [within]) for name in ("div", "section") for each in attributes[:5]
    ]
    selectors = [compound if around is None else f"{around} > {compound}"]
    pseudo = f"{selectors[0]}::before {{ content: 'a' }}"
    html = f"<!DOCTYPE html><html><body>{''.join(sections)}{TABLE}</body></html>"
    assert is_the_same(html, declared(selectors) + pseudo)


@cache
def fonts() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def styles(html: str, css: str, memory: LayoutCache) -> list[dict[str, Any]]:
    """What is told of each element and its pseudo-elements, in the document's order."""
    load_weasyprint()
    from weasyprint import CSS, HTML
    from weasyprint.css import get_all_computed_styles
    from weasyprint.css.counters import CounterStyle

    with use_cache(memory):
        document = HTML(string=html, base_url=TEMPLATE_URL)
        sheet = CSS(string=css) if css not in SHEETS else SHEETS[css]
        SHEETS[css] = sheet
        style_for = get_all_computed_styles(
            document,
            user_stylesheets=[sheet],
            font_config=fonts(),
            counter_style=CounterStyle(),
        )
        found = []
        for element in document.etree_element.iter():
            for pseudo in (None, "before", "after"):
                style = style_for(element, pseudo)
                if style is not None:
                    style["display"]  # a style of which nothing was asked is taken for none
                    style = style_for(element, pseudo)
                found.append({} if style is None else {name: style[name] for name in TOLD})
    return found


SHEETS: dict[str, Any] = {}
