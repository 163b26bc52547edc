"""Parts that LibreOffice has saved, as .xlsx and as .ods, into editions of both kinds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from reportgen.pipeline import convert_all_to_ods
from reportgen.render.odt import libreoffice
from reportgen.workbook import read_bytes
from reportgen.workbook.parts.owner_part import PART_SHEETS
from tests.factories.owner_parts import (
    blanked,
    contents_of,
    edition,
    filled,
    merged,
    part_workbooks,
    returned,
    sample_card,
    workbook_of,
)

pytestmark = pytest.mark.slow

XLSX, ODS = "Calc MS Excel 2007 XML", "calc8"
FILTERS = {"xlsx": XLSX, "ods": ODS}


def saved(files: list[bytes], suffix: str, target: str) -> list[bytes]:
    """Files as LibreOffice saves them."""
    program = libreoffice.find_program()
    return libreoffice.convert(program, files, suffix, target, FILTERS[target])


@cache
def whole() -> bytes:
    return workbook_of(sample_card())


@cache
def start(kind: str) -> bytes:
    """The edition without this year's figures, but for its first note."""
    content = blanked(sample_card(), whole(), lambda cell: False)
    return content if kind == "xlsx" else saved([content], "xlsx", "ods")[0]


@cache
def parts(kind: str) -> tuple[bytes, ...]:
    """The parts of all units as LibreOffice saves them, filled in."""
    shared = edition(start("xlsx"))
    contents = contents_of(shared, edition(whole()))
    contents["當年度優質學校獲獎校數"]["備註"] = "第一行\n第二行 <&>"
    files = [filled(content, contents) for content in part_workbooks(shared).values()]
    return tuple(saved(files, "xlsx", kind))


@pytest.mark.parametrize("edition_kind", ["xlsx", "ods"])
@pytest.mark.parametrize("part_kind", ["xlsx", "ods"])
def test_they_give_what_was_typed(edition_kind: str, part_kind: str) -> None:
    content = start(edition_kind)
    shared = edition(content, Path(f"105-12-25.{edition_kind}"))
    found = [
        returned(part, f"{number}.{part_kind}") for number, part in enumerate(parts(part_kind))
    ]
    assert {part.signed_by for part in found} == {"王小明"}
    _, update, problems = merged(shared, found)
    assert [problem for problem in problems if problem.code[0] == "E"] == []
    card, _ = read_bytes(update.content)
    expected, _ = read_bytes(whole())
    assert card is not None
    assert expected is not None
    assert [figure.values for figure in card.figures] == [
        figure.values for figure in expected.figures
    ]
    notes = {figure.item.text: figure.note.text for figure in card.figures}
    assert notes["當年度優質學校獲獎校數"] == "第一行\n第二行 <&>"
    assert merged(edition(update.content), found)[1].content == update.content


def test_parts_as_ods_hold_what_those_as_xlsx_hold() -> None:
    made = part_workbooks(edition(start("xlsx")))
    converted, problems = convert_all_to_ods(made, lambda name: name in PART_SHEETS)
    assert problems == ()
    assert list(converted) == list(made)
    for owner, content in made.items():
        first, second = returned(content), returned(converted[owner])
        assert second.part == first.part
        assert second.is_untouched
