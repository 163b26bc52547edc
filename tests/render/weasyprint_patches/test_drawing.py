"""Lines that are written as others were: the same words in the same order."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.render.weasyprint_patches.startup import load_weasyprint

if TYPE_CHECKING:
    from types import ModuleType

COLOURS = ("red", "rgb(0 0 0 / 50%)", "lab(30% 20 30)")
LINE = st.tuples(
    st.sampled_from(("solid", "solid", "solid", "dashed", "double", "dotted")),
    st.sampled_from((0, 1, 2)),  # of the colours
    st.sampled_from((0.75, 1.5, 2)),
    st.integers(0, 99),
)
STEP = st.one_of(LINE, st.sampled_from(("colour", "fill", "save", "font")))


@pytest.fixture(scope="module")
def usual() -> ModuleType:
    """WeasyPrint's own module, once more and as it was written."""
    load_weasyprint()
    found = importlib.util.find_spec("weasyprint.draw.border")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def written(steps: list[Any], draw_line: Any, *, tags: bool, plain: bool) -> tuple[Any, ...]:
    from tinycss2.color5 import parse_color
    from weasyprint.pdf.stream import Stream

    resources: dict[str, Any] = {"ExtGState": {}, "ColorSpace": {}}
    stream = Stream({}, None, resources, {}, {} if tags else None, {}, None)
    colours = [parse_color(each) for each in COLOURS]
    for step in steps:
        if step == "colour":
            stream.set_color(colours[0], stroke=True)
        elif step == "fill":
            stream.set_color(colours[1])
        elif step == "font":
            stream._current_font = "a"
        elif step == "save":
            stream.push_state()
        else:
            style, colour, thickness, place = step
            given = (10, place, 50, place, thickness, style, colours[colour])
            if plain:
                draw_line(stream, *given)
            else:
                with stream.artifact(), stream.stacked():
                    draw_line(stream, *given)
    state = {name: value for name, value in vars(stream).items() if name.startswith("_current")}
    return stream.stream, state, sorted(resources["ExtGState"])


@given(st.lists(STEP, max_size=12), st.booleans(), st.booleans())
def test_lines_are_written_as_usual(
    usual: ModuleType, steps: list[Any], tags: bool, plain: bool
) -> None:
    from weasyprint.draw import border

    ours = written(steps, border.draw_line, tags=tags, plain=plain)
    assert ours == written(steps, usual.draw_line, tags=tags, plain=plain)


def test_it_is_our_function_that_draws() -> None:
    load_weasyprint()
    from weasyprint import draw
    from weasyprint.draw import text

    for module in (draw, text):
        assert module.draw_line.__module__ == "reportgen.render.weasyprint_patches.drawing"
