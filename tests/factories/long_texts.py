"""Editions with texts of any length and any number of KPIs and themes: what pages must hold."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, Final

from reportgen.model.scorecard import DataStatus
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.samples import scorecard as sample_scorecard
from tests.factories.samples import second_agency, teachers_center

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from reportgen.model.scorecard import RocDate, Scorecard, Text
    from reportgen.workbook.writing.scorecard_rows import Row, Rows

KINDS: Final = (
    *("formula", "note", "goal", "KPI name", "theme", "perspective", "mission", "value", "reason"),
)
YEARS: Final = (104, 105)
_PASSAGE: Final = (
    "推動教育研習與教師專業成長之支持體系，結合學校、家長及社區資源，逐年檢討課程內容與實施成效，"
    "並依年度預算及人力配置情形滾動修正；辦理成果以服務人次、滿意度與後續追蹤結果呈現，"
    "作為次年度規劃之依據。"
)


def text(length: int, start: str = "") -> str:
    """Return a text that begins so, of this many characters or as many as its start has."""
    return start + "".join(islice(cycle(_PASSAGE), max(0, length - len(start))))


def long_rows(
    kinds: Collection[str] = (),
    length: int | Mapping[str, int] = 0,
    *,
    kpis: int = 9,
    themes: int = 2,
) -> Rows:
    """The rows of an edition in which each text of these kinds has ``length`` characters.

    ``length`` may be another for each kind.
    """

    def written(kind: str, usual: str) -> str:
        if kind not in kinds:
            return usual
        characters = length if isinstance(length, int) else length[kind]
        return text(characters, usual[:characters])

    theme_codes = [chr(ord("A") + number) for number in range(themes)]
    perspectives = "UVWX"
    objectives = [
        (f"{theme}{perspective}1", perspective, theme)
        for theme in theme_codes
        for perspective in perspectives[:3]
    ] + [("X1", "X", "")]
    owners = list(islice(cycle(code for code, *_ in objectives), kpis))
    basics = teachers_center.BASICS | {"使命": written("mission", "引領教師專業成長。")}
    return {
        "基本資料": [{"項目": name, "內容": content} for name, content in basics.items()],
        "構面": [
            {
                "代碼": code,
                "策略地圖名稱": written("perspective", name),
                "計分卡名稱": written("perspective", f"{name}構面"),
                "策略地圖順序": number,
                "計分卡順序": number,
            }
            for number, (code, name) in enumerate(
                zip(perspectives, ("顧客", "內部流程", "財務", "學習成長"), strict=True), 1
            )
        ],
        "策略主題": [
            {"代碼": code, "名稱": written("theme", f"主題{code}研習")} for code in theme_codes
        ],
        "策略目標": [
            {
                "代碼": code,
                "構面": perspective,
                "主題": theme,
                "名稱": written("goal", f"目標{code}增進研習"),
            }
            for code, perspective, theme in objectives
        ],
        "關鍵績效指標": [_kpi(code, number, written) for number, code in enumerate(owners, 1)],
        "年度資料": [
            {"資料項": f"{code}.{number}", "單位": "件", **dict.fromkeys(YEARS, number)}
            for number, code in enumerate(owners, 1)
        ],
        "經營核心價值": [
            {"名稱": name, "說明": written("value", f"{name}之說明")}
            for name in ("愛", "真理", "智慧", "卓越")
        ],
        "修表紀錄": [
            {
                "日期": teachers_center.REVISED,
                "項目": f"{code}.{number}",
                "修正說明": written("reason", "配合修正。"),
            }
            for number, code in enumerate(owners[:3], 1)
        ],
    }


def _kpi(code: str, number: int, written: Any) -> Row:
    name = f"{code}.{number}"
    formula = written("formula", f"{name}研習")
    note = written("note", "")
    return {
        "代碼": name,
        "策略目標": code,
        "名稱": written("KPI name", f"{name}研習件數"),
        "計算公式及計量單位": formula + (f"\n(以上{note})" if note else "") + "\n(單位：件)",
        "填報方式": "直接填報",
    }


def long_workbook(
    kinds: Collection[str] = (),
    length: int | Mapping[str, int] = 0,
    *,
    kpis: int = 9,
    themes: int = 2,
    revised: RocDate = teachers_center.REVISED,
) -> bytes:
    """The workbook of :func:`long_rows`."""
    target = BytesIO()
    rows = dict(long_rows(kinds, length, kpis=kpis, themes=themes))
    rows["基本資料"] = [
        {**row, "內容": revised} if row["項目"] == "修表日期" else row for row in rows["基本資料"]
    ]
    write_rows(rows, target, modified=revised, years=YEARS)
    return target.getvalue()


@cache
def long_agency(*, revised: RocDate | None = None) -> Scorecard:
    """The invented agency as a draft to be signed, its texts as long as agencies write them.

    Formulas have notes of about 200 to 400 characters, names and objectives about 100; figures
    are those of the sample, so that everything is computed.
    """
    card = sample_scorecard(second_agency)

    def longer(written: Text, characters: int) -> Text:
        return replace(written, text=text(characters, f"{written.text}，"))

    def annotated(written: Text, characters: int) -> Text:
        formula, bracket, unit = written.text.rpartition("（單位")
        note = f"（說明：{text(characters)}）"
        return replace(written, text=f"{formula}{note}{bracket}{unit}")

    return replace(
        card,
        status=DataStatus.DRAFT,
        revised=revised or card.revised,
        agency=replace(card.agency, text="行政院農業委員會漁業署澄海縣海岸資源管理處及所屬機關"),
        mission=longer(card.mission, 200),
        perspectives=tuple(
            replace(perspective, map_name=longer(perspective.map_name, 20))
            for perspective in card.perspectives
        ),
        themes=tuple(replace(theme, name=longer(theme.name, 40)) for theme in card.themes),
        objectives=tuple(
            replace(objective, name=longer(objective.name, 60 + 20 * (number % 4)))
            for number, objective in enumerate(card.objectives)
        ),
        kpis=tuple(
            replace(
                kpi,
                name=longer(kpi.name, 60 + 20 * (number % 4)),
                formula=annotated(kpi.formula, 200 + 50 * (number % 5)),
            )
            for number, kpi in enumerate(card.kpis)
        ),
        values=tuple(replace(value, note=longer(value.note, 300)) for value in card.values),
        revisions=tuple(
            replace(revision, note=longer(revision.note, 300)) for revision in card.revisions
        ),
        signatories=tuple(
            replace(card.agency, text=post) for post in ("承辦人", "單位主管", "主計", "機關首長")
        ),
    )
