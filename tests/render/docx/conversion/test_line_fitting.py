"""Word is led to the PDF's lines by indents and closer letters, and forced only if all else fails.

A letter is 10 points wide, a Latin one 5.
"""

from __future__ import annotations

import re
from itertools import accumulate, cycle, islice

import pytest

from reportgen.render.docx.conversion.line_fitting import LineFit, fit_lines, indented
from reportgen.render.docx.conversion.word_line_breaking import measure
from reportgen.render.docx.ir import Anchor, Inline, InlineBreak, ParagraphFormat, Run
from reportgen.render.docx.source.computed_style import Font
from tests.readers.word_xml import Word

FONT = Font("Times New Roman", "標楷體", 20)


def advance(letter: str, font: Font) -> float:
    return (5.0 if letter.isascii() else 10.0) + font.spacing / 20


def fit(
    lines: str, width: float, *, phrases: tuple[range, ...] = (), is_ragged_right: bool = True
) -> LineFit:
    """Fit a text whose lines in the PDF end at ``|``, and its paragraphs at line breaks."""
    content: list[Inline] = [Anchor("x")]
    for number, part in enumerate(lines.replace("|", "").split("\n")):
        content += [InlineBreak.BREAK] * bool(number)
        content += [Run(part, FONT)]
    ends, length = [], 0
    for line in re.split(r"[|\n]", lines):
        length += len("".join(line.split()))
        ends.append(length)
    return fit_lines(tuple(content), width, ends, phrases, advance, is_ragged_right=is_ragged_right)


def shown(fitted: LineFit, width: float) -> str:
    """The lines that Word makes of it."""
    texts: list[list[Run]] = [[]]
    for part in fitted.content:
        if isinstance(part, Run):
            texts[-1].append(part)
        elif part is InlineBreak.BREAK:
            texts.append([])
    lines = []
    for runs in texts:
        words = "".join(run.text for run in runs)
        widths = [advance(letter, run.font) for run in runs for letter in run.text]
        measured = measure(words, widths, [10.0] * len(words))
        breaks = measured.lines(width - fitted.indent / 20, 0).breaks
        pairs = zip((0, *breaks), (*breaks, len(words)), strict=True)
        lines.append("|".join(words[start:end] for start, end in pairs))
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("lines", "width"),
    [
        ("一二三四五六", 61),
        ("一二三四|五六", 55),
        ("一二三|四五六", 55),
        ("一二三四|五六七八|九十", 55),
        ("AC1 一二|三四五", 52),
        ("一二三\n四五六|七八", 45),
    ],
)
def test_the_lines_of_the_pdf(lines: str, width: float) -> None:
    fitted = fit(lines, width)
    assert shown(fitted, width) == lines
    assert [part for part in fitted.content if part is InlineBreak.BREAK] == (
        [InlineBreak.BREAK] * lines.count("\n")
    )


WORDS = (
    "專家",
    "執行率",
    "研習班",
    "學校",
    "成果",
    "資料庫",
    "活動",
    "支持",
    "服務",
    "辦公室",
    "資源",
)


@pytest.mark.parametrize("width", range(170, 260, 7))
def test_no_word_is_torn_where_spacing_keeps_it(width: int) -> None:
    """Each line alone may end a letter sooner or later, whatever the width of the others."""
    words = list(islice(cycle(WORDS), 40))
    ends = list(accumulate(map(len, words)))
    lines = [""]
    for word in words:
        if 10 * len(lines[-1] + word) > width:
            lines.append("")
        lines[-1] += word
    phrases = tuple(range(end - len(word) + 1, end) for word, end in zip(words, ends, strict=True))
    fitted = fit("|".join(lines), width, phrases=phrases)
    made = shown(fitted, width).split("|")
    assert InlineBreak.BREAK not in fitted.content
    assert {*accumulate(map(len, made))} <= {*ends}
    assert len(made) <= len(lines)


NARROW = "WYT3 建立|漁業海洋教育|講師人才庫"
NARROW_WORDS = tuple(range(first + 1, first + 2) for first in range(4, 16, 2))


def test_a_gap_at_a_line_s_end_keeps_a_word_whole_in_a_narrow_column() -> None:
    """The first line has room for one letter more: no spacing that nobody sees would fill it."""
    fitted = fit(NARROW, 62, phrases=NARROW_WORDS)
    assert shown(fitted, 62) == NARROW
    gaps = [part for part in fitted.content if isinstance(part, Run) and part.font.spacing > 12]
    assert [part.text for part in gaps] == ["立"]
    assert 62 - 45 - 10 < gaps[0].font.spacing / 20 < 62 - 45  # the letter has no room, the gap has


def test_a_gap_stands_before_the_space_that_ends_a_line() -> None:
    """The space hangs beyond the line, so that a wider one would be of no use."""
    fitted = fit("112-02-06 |資料年度五年", 68, phrases=(range(1, 9), range(10, 15)))
    assert shown(fitted, 68) == "112-02-06 |資料年度五年"
    gaps = [
        part.text for part in fitted.content if isinstance(part, Run) and part.font.spacing > 12
    ]
    assert gaps == ["6"]


def test_centred_lines_have_no_gap_which_would_move_them() -> None:
    fitted = fit(NARROW, 62, phrases=NARROW_WORDS, is_ragged_right=False)
    assert all(part.font.spacing <= 12 for part in fitted.content if isinstance(part, Run))


def test_what_fits_is_left_alone() -> None:
    for lines, width in [("一二三", 40), ("一二三四|五六七八", 45)]:
        fitted = fit(lines, width)
        assert fitted.indent == 0
        assert {part.font for part in fitted.content if isinstance(part, Run)} == {FONT}


@pytest.mark.parametrize("width", [59.4, 59.9, 60.0, 60.3])
def test_a_line_that_fits_by_a_hair_is_set_closer(width: float) -> None:
    fitted = fit("一二三四五六", width)
    (run,) = (part for part in fitted.content if isinstance(part, Run))
    assert -6 <= run.font.spacing < 0
    assert 60 + 6 * run.font.spacing / 20 <= width - 0.6
    assert fitted.indent == 0


def test_where_the_pdf_cannot_be_followed_nothing_stands_alone() -> None:
    """The second line is longer than the first: no width has both."""
    fitted = fit("一二三|四五六七八", 73)
    assert fitted.content.count(InlineBreak.BREAK) == 0
    assert shown(fitted, 73) == "一二三四五六|七八"
    assert shown(fit("一二|三四五六七|八九", 83), 83).count("|") <= 2


def test_phrases_are_torn_as_little_as_possible() -> None:
    phrases = (range(4, 6), range(7, 9))  # 一二三〔四五六〕〔七八九〕
    assert shown(fit("一二三|四五六七八九", 75, phrases=phrases), 75) == "一二三四五六|七八九"


@pytest.mark.parametrize(
    "lines",
    ["(1,340,000+|1,690,000)/|(4,415,400)", "(甲,340,000+|1,690,000)/|(4,415,400)"],
)
def test_a_long_formula_is_broken_where_the_pdf_breaks_it(lines: str) -> None:
    fitted = fit(lines, 65)
    texts = [part.text for part in fitted.content if isinstance(part, Run)]
    assert texts == lines.split("|")
    assert fitted.indent == 0


def test_every_letter_is_kept() -> None:
    for width in range(12, 80):
        fitted = fit("甲(1,340,000+|1,690,000)/乙\n丙丁 戊己庚辛|壬癸", width)
        text = "".join(part.text for part in fitted.content if isinstance(part, Run))
        assert text == "甲(1,340,000+1,690,000)/乙丙丁 戊己庚辛壬癸"


@pytest.mark.parametrize(
    ("align", "left", "right"), [("left", 5, 17), ("both", 5, 17), ("right", 15, 7)]
)
def test_the_indent_is_on_the_ragged_side(align: str, left: int, right: int) -> None:
    look = indented(ParagraphFormat(align=align, left=5, right=7), 10)
    assert (look.left, look.right) == (left, right)


def test_a_centred_text_stays_in_the_middle() -> None:
    look = indented(ParagraphFormat(align="center", left=5, right=7), 11)
    assert (look.left, look.right) == (10, 13)


def test_a_document_is_led() -> None:
    """Ten letters in a cell that holds eight: the PDF keeps a phrase of five, and so does Word."""
    word = Word(
        "<table><tr><td>回收廢棄物<span class=p>漁網具重量</span></table>",
        "td{width:100pt;padding:0} .p{white-space:nowrap} table{table-layout:fixed;width:100pt}"
        "html{font-size:12pt}",
    )
    (indent,) = word.find("//w:tc/w:p/w:pPr/w:ind/@w:right")
    assert 560 < int(indent) <= 800
    assert word.text == "回收廢棄物漁網具重量"
    assert word.problems == ()
