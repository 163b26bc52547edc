"""What stands where: orders, labels, merged cells of the map, pages."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.scorecard import (
    CellRef,
    CoreValue,
    DataStatus,
    Direction,
    Kpi,
    Objective,
    Perspective,
    Picture,
    RocDate,
    Scorecard,
    Text,
    Theme,
)
from reportgen.views.scorecard_view import (
    DocumentView,
    LabelView,
    MapCell,
    MapRow,
    PictureView,
    ValueView,
    formula_lines,
    scorecard_view,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

AT = CellRef(sheet="測試", cell="A1")


def text(content: str) -> Text:
    return Text(text=content, at=AT)


def perspectives(*rows: tuple[str, str, str, int, int]) -> tuple[Perspective, ...]:
    return tuple(
        Perspective(
            code=code,
            map_name=text(map_name),
            card_name=text(card_name),
            map_order=map_order,
            card_order=card_order,
            at=AT,
        )
        for code, map_name, card_name, map_order, card_order in rows
    )


def themes(codes: str) -> tuple[Theme, ...]:
    return tuple(Theme(code=code, name=text(f"主題{code}"), at=AT) for code in codes)


def objectives(*rows: tuple[str, str, str]) -> tuple[Objective, ...]:
    """Code, perspective, the themes' letters (none: every theme)."""
    return tuple(
        Objective(
            code=code, perspective=perspective, themes=tuple(named), name=text(f"名{code}"), at=AT
        )
        for code, perspective, named in rows
    )


def kpis(*rows: tuple[str, str]) -> tuple[Kpi, ...]:
    return tuple(
        Kpi(
            code=code,
            objective=objective,
            name=text(f"名{code}"),
            formula=text(f"甲{code}(單位：件)"),
            places=None,
            direction=Direction.HIGHER,
            weight=None,
            owner=text(""),
            at=AT,
        )
        for code, objective in rows
    )


def values(*names: str) -> tuple[CoreValue, ...]:
    return tuple(CoreValue(name=text(name), note=text(f"{name}的說明")) for name in names)


def scorecard(**given: Any) -> Scorecard:
    content: dict[str, Any] = {
        "agency": text("臺北市教師研習中心"),
        "title": text("策略地圖與平衡計分卡"),
        "cover_date": RocDate(106, 3, 29),
        "revised": RocDate(105, 12, 25),
        "data_year": 105,
        "status": DataStatus.SAMPLE,
        "mission": text("建立教育研習支持體系，\n引領教師專業成長。"),
        "vision": text("標竿研習.創新研發"),
        "core_values": text("愛、真理"),
        "objectives_per_page": 2,
        "perspectives": perspectives(("C", "顧客", "顧客構面", 1, 1)),
        "themes": themes("AB"),
        "objectives": (),
        "kpis": (),
        "figures": (),
        "targets": (),
        "lights": (),
        "cross_checks": (),
        "values": (),
        "pictures": (),
        "revisions": (),
    }
    return Scorecard(**(content | given))


def test_document() -> None:
    assert scorecard_view(scorecard()).document == DocumentView(
        agency="臺北市教師研習中心",
        title="策略地圖與平衡計分卡",
        edition="105-12-25",
        cover_date="106年3月29日",
        revised="105年12月25日",
        revised_iso="2016-12-25",
        status="範例",
        mission="建立教育研習支持體系，\n引領教師專業成長。",
        mission_in_one_line="建立教育研習支持體系，引領教師專業成長。",
        vision="標竿研習.創新研發",
        core_values="愛、真理",
    )


@pytest.mark.parametrize(
    ("mission", "line"),
    [
        ("甲", "甲"),
        ("甲，\n乙。", "甲，乙。"),
        ("甲\n乙", "甲\u3000乙"),
        ("甲：\n乙\n丙", "甲：乙\u3000丙"),
    ],
)
def test_mission_in_one_line(mission: str, line: str) -> None:
    assert scorecard_view(scorecard(mission=text(mission))).document.mission_in_one_line == line


FOUR = perspectives(
    ("C", "顧客", "顧客構面", 1, 1),
    ("P", "內部流程", "內部流程構面", 2, 2),
    ("F", "財務", "財務流程", 3, 4),
    ("L", "學習成長", "學習成長構面", 4, 3),
)


def test_perspectives_have_an_order_and_a_name_for_each_place() -> None:
    card = scorecard(
        perspectives=FOUR[::-1],
        objectives=objectives(("L1", "L", ""), ("F1", "F", ""), ("C1", "C", ""), ("P1", "P", "")),
        kpis=kpis(("L1.1", "L1"), ("F1.1", "F1"), ("C1.1", "C1"), ("P1.1", "P1")),
    )
    view = scorecard_view(card)
    assert [row.perspective for row in view.map.rows] == [
        LabelView(code="C", name="顧客"),
        LabelView(code="P", name="內部流程"),
        LabelView(code="F", name="財務"),
        LabelView(code="L", name="學習成長"),
    ]
    assert [(page.perspective, page.bookmark) for page in view.pages] == [
        ("顧客構面", "顧客構面（C1）"),
        ("內部流程構面", "內部流程構面（P1）"),
        ("學習成長構面", "學習成長構面（L1）"),
        ("財務流程", "財務流程（F1）"),
    ]


def drawn(rows: Sequence[MapRow]) -> list[str]:
    """Cells as ``AC1 AC2:1``, codes and span, with * where themes share them."""
    return [
        " | ".join(
            f"{' '.join(each.code for each in cell.objectives)}:{cell.span}{'*' * cell.shared}"
            for cell in row.cells
        )
        for row in rows
    ]


@pytest.mark.parametrize(
    ("columns", "placed", "expected"),
    [
        ("AB", [("C1", "A"), ("C2", "B")], ["C1:1 | C2:1"]),
        ("AB", [("C1", "A"), ("C2", "A")], ["C1 C2:1 | :1"]),
        ("AB", [("C1", "")], ["C1:2*"]),
        ("AB", [("C1", "BA")], ["C1:2*"]),
        ("AB", [("C1", ""), ("C2", "AB")], ["C1 C2:2*"]),
        ("AB", [], [":1 | :1"]),
        ("A", [("C1", "")], ["C1:1"]),
        ("ABC", [("C1", "AB")], ["C1:2* | :1"]),
        ("ABC", [("C1", "BC"), ("C2", "A")], ["C2:1 | C1:2*"]),
        ("ABC", [("C1", "AC")], ["C1:1* | :1 | C1:1*"]),
        ("ABC", [("C1", "AC"), ("C2", "B")], ["C1:1* | C2:1 | C1:1*"]),
        ("AB", [("C1", ""), ("C2", "A")], ["C2:1 | :1", "C1:2*"]),
        ("ABC", [("C1", "AB"), ("C2", "BC")], ["C1:2* | :1", ":1 | C2:2*"]),
        ("ABCD", [("C1", "AB"), ("C2", "CD")], ["C1:2* | C2:2*"]),
    ],
)
def test_map(columns: str, placed: list[tuple[str, str]], expected: list[str]) -> None:
    card = scorecard(
        themes=themes(columns),
        objectives=objectives(*((code, "C", named) for code, named in placed)),
    )
    rows = scorecard_view(card).map.rows
    assert drawn(rows) == expected
    label = LabelView(code="C", name="顧客")
    assert [row.perspective for row in rows] == [label, *[None] * (len(rows) - 1)]
    assert {row.span for row in rows} == {len(rows)}


def test_map_cell_holds_labels_and_its_heading_themes() -> None:
    card = scorecard(objectives=objectives(("C1", "C", "A")))
    view = scorecard_view(card).map
    assert view.themes == (LabelView(code="A", name="主題A"), LabelView(code="B", name="主題B"))
    assert view.rows[0].cells == (
        MapCell(span=1, shared=False, objectives=(LabelView(code="C1", name="名C1"),)),
        MapCell(span=1, shared=False, objectives=()),
    )


@given(
    st.integers(1, 6).flatmap(
        lambda count: st.tuples(
            st.just("ABCDEF"[:count]),
            st.lists(st.sets(st.sampled_from("ABCDEF"[:count])), max_size=8),
        )
    )
)
def test_every_objective_stands_in_its_themes_and_rows_are_full(
    drawn_case: tuple[str, list[set[str]]],
) -> None:
    columns, spreads = drawn_case
    placed = [(f"C{number}", "C", "".join(named)) for number, named in enumerate(spreads)]
    card = scorecard(themes=themes(columns), objectives=objectives(*placed))
    found: dict[str, list[str]] = {}
    for row in scorecard_view(card).map.rows:
        assert sum(cell.span for cell in row.cells) == len(columns)
        column = 0
        for cell in row.cells:
            for each in cell.objectives:
                found.setdefault(each.code, []).extend(columns[column : column + cell.span])
            column += cell.span
    assert found == {code: sorted(named or columns) for code, _, named in placed}


def shown(card: Scorecard) -> list[list[str]]:
    return [[each.code for each in page.objectives] for page in scorecard_view(card).pages]


FIVE = {
    "objectives": objectives(*((f"C{number}", "C", "") for number in range(1, 6))),
    "kpis": kpis(*((f"C{number}.1", f"C{number}") for number in range(1, 6))),
}


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (1, [["C1"], ["C2"], ["C3"], ["C4"], ["C5"]]),
        (2, [["C1", "C2"], ["C3", "C4"], ["C5"]]),
        (5, [["C1", "C2", "C3", "C4", "C5"]]),
        (10, [["C1", "C2", "C3", "C4", "C5"]]),
    ],
)
def test_pages_hold_so_many_objectives(step: int, expected: list[list[str]]) -> None:
    assert shown(scorecard(objectives_per_page=step, **FIVE)) == expected


def test_bookmark_names_the_objectives_of_its_page() -> None:
    pages = scorecard_view(scorecard(**FIVE)).pages
    assert [page.bookmark for page in pages] == [
        "顧客構面（C1、C2）",
        "顧客構面（C3、C4）",
        "顧客構面（C5）",
    ]


def test_objective_without_kpi_stands_on_the_map_alone() -> None:
    card = scorecard(
        perspectives=FOUR[1:2],
        objectives=objectives(("AP1", "P", "A"), ("AP3", "P", "A"), ("BP1", "P", "B")),
        kpis=kpis(("AP3.1", "AP3"), ("BP1.1", "BP1")),
    )
    assert drawn(scorecard_view(card).map.rows) == ["AP1 AP3:1 | BP1:1"]
    assert shown(card) == [["AP3", "BP1"]]


def test_perspective_without_objectives_has_a_row_and_no_page() -> None:
    view = scorecard_view(scorecard(perspectives=FOUR[:1]))
    assert drawn(view.map.rows) == [":1 | :1"]
    assert view.pages == ()


def test_kpis_keep_the_workbooks_order_and_their_formula() -> None:
    card = scorecard(
        objectives=objectives(("C1", "C", "")), kpis=kpis(("C1.2", "C1"), ("C1.1", "C1"))
    )
    ((page),) = scorecard_view(card).pages
    assert [(each.code, each.name, each.formula) for each in page.objectives[0].kpis] == [
        ("C1.2", "名C1.2", "甲C1.2\n(單位：件)"),
        ("C1.1", "名C1.1", "甲C1.1\n(單位：件)"),
    ]


@pytest.mark.parametrize(
    ("formula", "lines"),
    [
        ("總數 (單位：類別數)", ["總數", "(單位：類別數)"]),
        ("總數(單位：人)", ["總數", "(單位：人)"]),
        ("總數\n(單位：人)", ["總數", "(單位：人)"]),
        ("總數 \n\n （ 單位：人）", ["總數", "（ 單位：人）"]),
        (
            "(甲+乙)/(丙)×100% (以上各數均含併決算) (單位: %)",
            ["(甲+乙)/(丙)×100%", "(以上各數均含併決算)", "(單位: %)"],
        ),
        ("獲獎校數/申請校數*100%。(單位：%)", ["獲獎校數/申請校數*100%。", "(單位：%)"]),
        ("(單位：件)", ["(單位：件)"]),
        ("（以上）", ["（以上）"]),
        ("(甲+乙)/丙", ["(甲+乙)/丙"]),
        ("", [""]),
    ],
)
def test_formula_lines(formula: str, lines: list[str]) -> None:
    assert formula_lines(formula).split("\n") == lines


@given(st.text(alphabet="甲乙(（)）單位以上： \n\t\u3000%+", max_size=40))
def test_formula_lines_change_no_letter_and_leave_no_line_empty(formula: str) -> None:
    lines = formula_lines(formula)
    assert "".join(lines.split()) == "".join(formula.split())
    assert all(line.strip() for line in lines.split("\n")) or not formula.strip()
    assert formula_lines(lines) == lines


@pytest.mark.parametrize(
    ("count", "lengths"),
    [
        (0, []),
        (1, [1]),
        (4, [4]),
        (5, [3, 2]),
        (6, [3, 3]),
        (7, [4, 3]),
        (9, [3, 3, 3]),
        (10, [4, 3, 3]),
        (13, [4, 3, 3, 3]),
    ],
)
def test_core_values_stand_in_balanced_rows(count: int, lengths: list[int]) -> None:
    names = [f"值{number}" for number in range(count)]
    rows = scorecard_view(scorecard(values=values(*names))).values.rows
    assert [len(row) for row in rows] == lengths
    assert [each.name for row in rows for each in row] == names


def test_core_value_has_its_note() -> None:
    view = scorecard_view(scorecard(values=values("愛"))).values
    assert view.rows == ((ValueView(name="愛", note="愛的說明"),),)
    assert view.pictures == ()


def picture(width: float, height: float) -> Picture:
    return Picture(
        content=b"\x89PNG",
        media_type="image/png",
        description="四個核心價值",
        width=width,
        height=height,
        at=AT,
    )


@pytest.mark.parametrize(
    ("placed", "printed"),
    [
        ((100.0, 50.0), ("100.00", "50.00")),
        ((220.0, 130.0), ("220.00", "130.00")),
        ((440.0, 100.0), ("220.00", "50.00")),
        ((100.0, 260.0), ("50.00", "130.00")),
        ((880.0, 260.0), ("220.00", "65.00")),
    ],
)
def test_picture_is_scaled_to_fit_but_never_enlarged(
    placed: tuple[float, float], printed: tuple[str, str]
) -> None:
    view = scorecard_view(scorecard(pictures=(picture(*placed),), values=())).values
    assert view.pictures == (
        PictureView(
            source="data:image/png;base64," + base64.b64encode(b"\x89PNG").decode(),
            description="四個核心價值",
            width=printed[0],
            height=printed[1],
        ),
    )
    assert view.rows == ()


def test_pictures_leave_room_for_the_values_below_them() -> None:
    pictures = (picture(200.0, 100.0), picture(200.0, 30.0))
    view = scorecard_view(scorecard(pictures=pictures, values=values("愛"))).values
    assert [each.height for each in view.pictures] == ["30.00", "30.00"]
    assert [[each.name for each in row] for row in view.rows] == [["愛"]]
