"""Pictures: what is damaged is named by its cell; what has no description is given one."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageFile

from reportgen.workbook import read_bytes
from reportgen.workbook.reading.embedded_images import MAX_PIXELS
from tests.factories.samples import second_agency, workbook
from tests.factories.workbooks import part, read_scorecard, with_parts

if TYPE_CHECKING:
    from reportgen.problems import Problem

DRAWING, MEDIA = "xl/drawings/drawing1.xml", "xl/media/image1.png"
LINKS = "xl/drawings/_rels/drawing1.xml.rels"
CELL = ("經營核心價值", "B12")


def with_picture(content: bytes) -> bytes:
    return with_parts({MEDIA: content}, workbook(second_agency))


def with_drawing(pattern: str, replacement: str) -> bytes:
    base = workbook(second_agency)
    drawing, changes = re.subn(pattern, replacement, part(DRAWING, base).decode())
    assert changes == 1
    return with_parts({DRAWING: drawing.encode()}, base)


def found(content: bytes) -> list[Problem]:
    """What is wrong with the sheet of the picture."""
    return [each for each in read_bytes(content)[1] if each.where.sheet == CELL[0]]


def encoded(kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    target = BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(target, kind)
    return target.getvalue()


def test_the_sample_picture_is_taken() -> None:
    assert found(workbook(second_agency)) == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "MPO"])
def test_ordinary_pictures_are_taken(kind: str) -> None:
    content = encoded(kind)
    assert found(with_picture(content)) == []
    assert read_scorecard(with_picture(content)).pictures[0].content == content


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
@pytest.mark.parametrize("kept", [0.02, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("lenient", [False, True], ids=["", "after WeasyPrint"])
def test_a_cut_picture_is_named_by_its_cell(
    monkeypatch: pytest.MonkeyPatch, kind: str, kept: float, lenient: bool
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    content = encoded(kind)
    (problem,) = found(with_picture(content[: int(len(content) * kept)]))
    assert (problem.code, problem.where.sheet, problem.where.cell) == ("E128", *CELL)
    assert "PNG" in problem.fix()


def test_a_signature_is_no_picture() -> None:
    content = b"\x89PNG\r\n\x1a\n" + bytes(200)
    (problem,) = found(with_picture(content))
    assert problem.message() == "這張圖片無法列印：檔案不完整或已損壞。"
    bare = with_parts(
        {
            MEDIA: content,
            DRAWING: re.sub(rb"<(?:\w+:)?ext [^>]*/>", b"", part(DRAWING, workbook(second_agency))),
        },
        workbook(second_agency),
    )
    assert [each.code for each in found(bare)] == ["E128"]


@pytest.mark.parametrize("content", [b"", b"BM no bitmap", b"<svg/>", b"II*\x00"])
def test_other_formats_are_refused(content: bytes) -> None:
    (problem,) = found(with_picture(content))
    assert problem.message() == "這張圖片無法列印：格式不是 PNG、JPEG 或 GIF。"


@pytest.mark.parametrize("side", [7_200, 14_000])  # Pillow itself warns, or refuses, later
def test_too_many_pixels_are_never_decoded(side: int) -> None:
    assert side * side > MAX_PIXELS
    target = BytesIO()
    Image.new("1", (side, side)).save(target, "PNG")
    (problem,) = found(with_picture(target.getvalue()))
    assert problem.message() == "這張圖片無法列印：超過 5,000 萬像素。"


@pytest.mark.parametrize(
    "extent",
    [
        'cx="0" cy="360000"',
        'cx="360000" cy="0"',
        'cx="0" cy="0"',
        'cx="-5" cy="360000"',
        'cx="360000"',
        'cx="x" cy="y"',
        'cx="1" cy="1"',
        f'cx="{"9" * 5000}" cy="1"',
        'cx="360000000" cy="36000"',
    ],
)
def test_a_picture_without_an_extent_is_refused(extent: str) -> None:
    (problem,) = found(with_drawing(r'cx="\d+" cy="\d+"', extent))
    assert problem.code == "E128"
    assert "寬或高" in problem.message()


@pytest.mark.parametrize("words", ["", ' descr=""', ' descr=" \u3000 "', ' descr="\u200b"'])
def test_a_picture_without_a_description_is_given_one(words: str) -> None:
    content = with_drawing(r' descr="[^"]*"', words)
    (problem,) = found(content)
    assert (problem.code, problem.where.sheet, problem.where.cell) == ("W135", *CELL)
    assert problem.line() == (
        "〔W135〕「經營核心價值」B12 這張圖片沒有替代文字，暫以「經營核心價值」代替。"
        "請在圖片上按右鍵，選「編輯替代文字」填寫圖片的內容。"
    )
    assert read_scorecard(content).pictures[0].description == "經營核心價值"


def test_a_picture_without_a_size_has_that_of_its_pixels() -> None:
    """Some programs leave the size of a picture between two cells open, as 0 × 0."""
    base = workbook(second_agency)
    drawing = part(DRAWING, base).decode()
    drawing = re.sub(r"<(\w+:)?ext [^>]*/>", "", drawing)
    drawing = re.sub(
        r"(<(?:\w+:)?spPr>)",
        r'\1<a:xfrm xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        r'<a:ext cx="0" cy="0"/></a:xfrm>',
        drawing,
    )
    content = with_parts({DRAWING: drawing.encode(), MEDIA: encoded("PNG", (96, 48))}, base)
    assert found(content) == []
    (picture,) = read_scorecard(content).pictures
    assert (round(picture.width, 1), round(picture.height, 1)) == (25.4, 12.7)


def with_pictures(contents: list[bytes]) -> bytes:
    """The picture's anchor once for each of them, one below the other."""
    base = workbook(second_agency)
    drawing, links = part(DRAWING, base).decode(), part(LINKS, base).decode()
    before, anchor, after = re.split("(<oneCellAnchor>.*</oneCellAnchor>)", drawing)
    link = re.findall("<Relationship .*?/>", links)[0]
    numbers = range(1, len(contents) + 1)
    anchors = (
        anchor.replace('"rId1"', f'"rId{number}"').replace("<row>11", f"<row>{10 + number}")
        for number in numbers
    )
    added = "".join(
        link.replace("rId1", f"rId{number}").replace("image1", f"image{number}")
        for number in numbers
    )
    media = {f"xl/media/image{n}.png": each for n, each in zip(numbers, contents, strict=True)}
    parts = {DRAWING: f"{before}{''.join(anchors)}{after}", LINKS: links.replace(link, added)}
    return with_parts({**media, **{name: each.encode() for name, each in parts.items()}}, base)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_no_flipped_byte_of_a_picture_raises(kind: str) -> None:
    """Each byte's picture is taken, or refused by its own cell."""
    source = encoded(kind)
    flipped = []
    for place in range(0, len(source), max(1, len(source) // 40)):
        content = bytearray(source)
        content[place] ^= 0x55
        flipped.append(bytes(content))
    scorecard, problems = read_bytes(with_pictures(flipped))
    refused = {each.where.cell for each in problems if each.code == "E128"}
    assert {each.where.cell for each in problems if each.where.sheet == CELL[0]} == refused
    cells = [f"B{11 + number}" for number in range(1, len(flipped) + 1)]
    assert refused
    assert refused <= set(cells)
    sound = [each for cell, each in zip(cells, flipped, strict=True) if cell not in refused]
    assert scorecard is not None
    assert [each.content for each in scorecard.pictures] == sound
