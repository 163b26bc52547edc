"""docxtpl, with a Word template of its own for the same tables, filled from the same strings."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from benchmarks.contenders import environment
from benchmarks.contenders.contender import ROOT, Contender, module
from benchmarks.contenders.talk import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from benchmarks.contenders.talk import Maker

TEMPLATE = environment.FOLDER / "scorecard.docx"
_INK, _HEAD, _BAND = "1B2A41", "E9EDF3", "D3DCE8"
_WIDE = 257  # millimetres between the margins


@contextmanager
def open_maker() -> Iterator[Maker]:
    """Yield docxtpl, imported; it reads its template for each document anew."""
    from docxtpl import DocxTemplate

    def make(source: Path, folder: Path) -> None:
        document = DocxTemplate(TEMPLATE)
        document.render(json.loads(source.read_text("utf-8")), autoescape=True)
        document.save(folder / "out.docx")

    yield make


def write_template(path: str) -> None:
    """Write the template; Jinja's brackets in it are docxtpl's."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = docx.Document()
    font = document.styles["Normal"].font
    font.name, font.size = "Times New Roman", Pt(14)
    font.element.rPr.rFonts.set(qn("w:eastAsia"), "標楷體")
    spacing = document.styles["Normal"].paragraph_format
    spacing.space_after = Pt(0)
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin, page.bottom_margin = Mm(15), Mm(16)
    page.different_first_page_header_footer = True
    footer = page.footer.paragraphs[0]
    footer.alignment = 1
    for text, field in (("第 ", "PAGE"), (" 頁，共 ", "NUMPAGES"), (" 頁", "")):
        footer.add_run(text)
        _field(footer, field)
    _cover(document)
    _map(document)
    _cards(document)
    _values(document)
    document.save(path)


def _cover(document: Any) -> None:
    from docx.shared import Mm

    _line(document, "{{ document.agency }}", 28).paragraph_format.space_before = Mm(46)
    _line(document, "{{ document.title }}", 38)
    _line(document, "{{ document.cover_date }}", 20).paragraph_format.space_before = Mm(30)


def _map(document: Any) -> None:
    _add_title(document, "策略地圖")
    _add_mission(document, "{{ document.mission_in_one_line }}")
    _line(document, "", 6)
    theme = (
        "{%tc for theme in map.themes %}",
        "{{ theme.name }} {{ theme.code }}",
        "{%tc endfor %}",
    )
    objectives = "{% for each in cell.objectives %}{{ each.code }} {{ each.name }}\n{% endfor %}"
    cells = ("{%tc for cell in row.cells %}", objectives, "{%tc endfor %}")
    perspective = "{% if row.perspective %}{{ row.perspective.name }} {{ row.perspective.code }}"
    table = _table(
        document,
        [
            ("策略主題", "", *theme),
            ("{%tr for row in map.rows %}", "", "", "", ""),
            ("{% if loop.first %}策略目標{% endif %}", f"{perspective}{{% endif %}}", *cells),
            ("{%tr endfor %}", "", "", "", ""),
        ],
        (14, 30, 1, 212, 1),
    )
    _heads(table, 1)
    _merge_vertically(table.cell(2, 0), "{{ 'restart' if loop.first else 'continue' }}")
    _merge_vertically(table.cell(2, 1), "{{ 'restart' if row.perspective else 'continue' }}")
    _span_columns(table.cell(2, 3), "{{ cell.span }}")


def _cards(document: Any) -> None:
    document.add_paragraph("{%p for page in pages %}")
    _add_title(document, "平衡計分卡")
    _add_mission(document, "{{ document.mission }}")
    _line(document, "", 6)
    examples = "(公式例：分子/分母、數值、≥)\n(單位例：%、人次、家數、千元/人、公斤/萬人)"
    objective = "{% if loop.first %}{{ objective.code }} {{ objective.name }}{% endif %}"
    table = _table(
        document,
        [
            ("策略目標", "KPI\n(關鍵績效指標)", f"KPI計算公式及計量單位\n{examples}"),
            ("{{ page.perspective }}", "", ""),
            ("{%tr for objective in page.objectives %}", "", ""),
            ("{%tr for kpi in objective.kpis %}", "", ""),
            (objective, "{{ kpi.code }} {{ kpi.name }}", "{{ kpi.formula }}"),
            ("{%tr endfor %}", "", ""),
            ("{%tr endfor %}", "", ""),
        ],
        (67, 72, 118),
    )
    _heads(table, 2)
    band = table.cell(1, 0).merge(table.cell(1, 2))
    for paragraph in band.paragraphs[1:]:
        band._tc.remove(paragraph._p)
    _merge_vertically(table.cell(4, 0), "{{ 'restart' if loop.first else 'continue' }}")
    document.add_paragraph("{%p endfor %}")


def _values(document: Any) -> None:
    _add_title(document, "經營核心價值", dated=False)
    _line(document, "", 60)
    value = ("{%tc for value in row %}", "{{ value.name }}\n{{ value.note }}", "{%tc endfor %}")
    rows = [("{%tr for row in values.rows %}", "", ""), value, ("{%tr endfor %}", "", "")]
    table = _table(document, rows, (1, 255, 1), size=36)
    table.style = "Normal Table"


def _add_title(document: Any, name: str, *, dated: bool = True) -> None:
    heading = document.add_heading(level=1)
    _text(heading, f"{{{{ document.agency }}}} {name}", 23)
    heading.alignment = 1
    heading.paragraph_format.page_break_before = True
    if dated:
        _line(document, "{{ document.revised }} 修表", 12).alignment = 2


def _add_mission(document: Any, mission: str) -> None:
    sayings = (mission, "{{ document.vision }}", "{{ document.core_values }}")
    labels = ("【使命】", "【願景】", "【核心價值】")
    cells = [f"{label}\n{saying}" for label, saying in zip(labels, sayings, strict=True)]
    _table(document, [cells], (140, 53, 64), size=13)


def _line(document: Any, text: str, size: float) -> Any:
    paragraph = document.add_paragraph()
    _text(paragraph, text, size)
    paragraph.alignment = 1
    return paragraph


def _text(paragraph: Any, text: str, size: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    one = paragraph.add_run(text)
    one.font.name, one.font.size, one.font.bold = "Times New Roman", Pt(size), False
    one.font.element.rPr.rFonts.set(qn("w:eastAsia"), "標楷體")
    one.font.color.rgb = RGBColor.from_string(_INK)


def _table(
    document: Any, rows: Sequence[Sequence[str]], widths: Sequence[float], size: float = 14
) -> Any:
    from docx.shared import Mm

    table = document.add_table(len(rows), len(widths), "Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = Mm(width)
            _text(cell.paragraphs[0], text, size)
    return table


def _heads(table: Any, count: int) -> None:
    """Repeat the first rows on each page, shaded."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for number, row in enumerate(table.rows[:count]):
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell in row.cells:
            shade = OxmlElement("w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:fill"), _BAND if number else _HEAD)
            cell._tc.get_or_add_tcPr().append(shade)
            cell.paragraphs[0].alignment = 1


def _merge_vertically(cell: Any, how: str) -> None:
    _set(cell, "w:vMerge", how)


def _span_columns(cell: Any, columns: str) -> None:
    _set(cell, "w:gridSpan", columns)


def _set(cell: Any, name: str, value: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    properties = cell._tc.get_or_add_tcPr()
    properties.insert(1, element)  # after the width


def _field(paragraph: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if name:
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), name)
        paragraph._p.append(field)


@cache
def _absent() -> str:
    if why := environment.absent():
        return why
    code = (
        f"from benchmarks.contenders.docxtpl_word import write_template as w; w({str(TEMPLATE)!r})"
    )
    done = subprocess.run(
        [environment.PYTHON, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stderr.strip().rpartition("\n")[2]


CONTENDERS = (
    Contender(
        name="docxtpl",
        begins="view",
        makes=("docx",),
        lacks="PDF · page headings and merged labels again where a table goes on · phrases kept on"
        " a line · equality with a PDF",
        absent=_absent,
        version=lambda: f"docxtpl {environment.version('docxtpl')}",
        once=lambda source, folder: [*module("docxtpl_word", environment.PYTHON), source, folder],
        stays=lambda: module("docxtpl_word", environment.PYTHON),
        warm_note="one Python process",
    ),
)

if __name__ == "__main__":
    run(open_maker())
