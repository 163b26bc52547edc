"""Rows → the scorecard that a reader of their workbook finds, with every cell."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import (
    CellRef,
    CoreValue,
    CrossCheck,
    DataStatus,
    Direction,
    Figure,
    Known,
    Kpi,
    Light,
    Missing,
    Objective,
    Perspective,
    Revision,
    RocDate,
    Scorecard,
    Target,
    Text,
    Theme,
    YearValue,
)
from reportgen.workbook.schema.cell_refs import column_letters
from reportgen.workbook.schema.sheet_grid import FIRST_ROW, grid_columns
from reportgen.workbook.schema.sheets import ITEMS, SHEET_BY_NAME
from reportgen.workbook.writing.scorecard_rows import Percentage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.model.scorecard import Picture, Value
    from reportgen.workbook.writing.scorecard_rows import Content, Row, Rows

_SYMBOLS: Final = {each.symbol: each for each in MissingReason}


class _Line:
    """A row of a sheet where the writer puts it."""

    def __init__(self, sheet: str, number: int, row: Row, columns: dict[str | int, str]) -> None:
        self._sheet = sheet
        self._number = number
        self._columns = columns
        self.row = row

    def at(self, name: str | int) -> CellRef:
        return CellRef(sheet=self._sheet, cell=f"{self._columns[name]}{self._number}")

    def text(self, name: str | int) -> Text:
        content = self.row.get(name)
        return Text(text="" if content is None else str(content), at=self.at(name))

    def plain(self, name: str) -> str:
        return str(self.row[name])

    def number(self, name: str) -> Fraction | None:
        content = self.row.get(name)
        return Fraction(content) if isinstance(content, int | Fraction) else None

    def integer(self, name: str) -> int:
        content = self.row[name]
        assert isinstance(content, int)
        return content


def _lines(rows: Rows, sheet: str, years: tuple[int, ...]) -> Iterator[_Line]:
    fields = grid_columns(SHEET_BY_NAME[sheet], years if SHEET_BY_NAME[sheet].years else ())
    columns = {field.heading: column_letters(field.number) for field in fields}
    for number, row in enumerate(rows[sheet], start=FIRST_ROW):
        yield _Line(sheet, number, row, columns)


def scorecard(rows: Rows, years: tuple[int, ...], pictures: tuple[Picture, ...]) -> Scorecard:
    """The scorecard of a whole workbook's rows without an error in them."""

    def lines(sheet: str) -> Iterator[_Line]:
        return _lines(rows, sheet, years)

    basics = {row["項目"]: row["內容"] for row in rows["基本資料"]}
    places = {item.name: number for number, item in enumerate(ITEMS, start=FIRST_ROW)}

    def basic(name: str) -> Text:
        at = CellRef(sheet="基本資料", cell=f"B{places[name]}")
        return Text(text=str(basics[name]), at=at)

    return Scorecard(
        agency=basic("機關名稱"),
        title=basic("文件名稱"),
        cover_date=_day(basics["封面日期"]),
        revised=_day(basics["修表日期"]),
        data_year=int(str(basics["資料年度"])),
        status=DataStatus(basics["資料狀態"]),
        mission=basic("使命"),
        vision=basic("願景"),
        core_values=basic("核心價值"),
        objectives_per_page=int(str(basics["每頁目標數"])),
        perspectives=tuple(
            Perspective(
                code=line.plain("代碼"),
                map_name=line.text("策略地圖名稱"),
                card_name=line.text("計分卡名稱"),
                map_order=line.integer("策略地圖順序"),
                card_order=line.integer("計分卡順序"),
                at=line.at("代碼"),
            )
            for line in lines("構面")
        ),
        themes=tuple(
            Theme(code=line.plain("代碼"), name=line.text("名稱"), at=line.at("代碼"))
            for line in lines("策略主題")
        ),
        objectives=tuple(
            Objective(
                code=line.plain("代碼"),
                perspective=line.plain("構面"),
                themes=tuple(each for each in line.plain("主題").split("、") if each),
                name=line.text("名稱"),
                at=line.at("代碼"),
                parents=tuple(
                    Text(text=code, at=line.at("上位目標"))
                    for code in str(line.row.get("上位目標", "")).split("、")
                    if code
                ),
            )
            for line in lines("策略目標")
        ),
        kpis=tuple(_kpi(line) for line in lines("關鍵績效指標")),
        figures=tuple(_figure(line, years) for line in lines("年度資料")),
        targets=tuple(each for line in lines("目標值") for each in _targets(line, years)),
        lights=tuple(
            Light(name=line.text("燈號"), at_least=line.number("達成率下限") or Fraction(0))
            for line in lines("燈號")
        ),
        cross_checks=tuple(
            CrossCheck(rule=line.text("規則"), note=line.text("說明")) for line in lines("勾稽規則")
        ),
        values=tuple(
            CoreValue(name=line.text("名稱"), note=line.text("說明"))
            for line in lines("經營核心價值")
        ),
        pictures=pictures,
        parent=basic("上級機關") if "上級機關" in basics else None,
        revisions=tuple(
            Revision(day=_day(line.row["日期"]), item=line.text("項目"), note=line.text("修正說明"))
            for line in lines("修表紀錄")
        ),
    )


def _day(content: Content) -> RocDate:
    assert isinstance(content, RocDate)
    return content


def _kpi(line: _Line) -> Kpi:
    places = line.row["小數位數"]
    return Kpi(
        code=line.plain("代碼"),
        objective=line.plain("策略目標"),
        name=line.text("名稱"),
        formula=line.text("計算公式及計量單位"),
        places=places if isinstance(places, int) else None,
        direction=Direction(line.plain("方向")),
        weight=line.number("權重"),
        owner=line.text("承辦單位"),
        at=line.at("代碼"),
    )


def _figure(line: _Line, years: tuple[int, ...]) -> Figure:
    return Figure(
        item=line.text("資料項"),
        component=line.text("組成"),
        unit=line.text("單位"),
        values=tuple(
            YearValue(year=year, value=_value(line.row[year]), at=line.at(year)) for year in years
        ),
        source=line.text("資料來源"),
        note=line.text("備註"),
        at=line.at("資料項"),
    )


def _value(content: Content) -> Value:
    if content is None:
        return Missing(reason=MissingReason.BLANK)
    if isinstance(content, str):
        return Missing(reason=_SYMBOLS[content])
    assert not isinstance(content, RocDate | Percentage)
    return Known(value=Fraction(content))


def _targets(line: _Line, years: tuple[int, ...]) -> Iterator[Target]:
    for year in years:
        if line.row.get(year):
            yield Target(
                kpi=line.plain("KPI代碼"), year=year, goal=line.text(year), basis=line.text("依據")
            )
