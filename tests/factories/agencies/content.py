"""Everything that an agency's workbook says, as rows."""

# ruff: noqa: E501 - lists of phrases
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Final

from reportgen.model.scorecard import DataStatus, Direction, RocDate
from tests.factories.agencies import figures, gaps, targets
from tests.factories.agencies.manner import Manner
from tests.factories.agencies.measures import measures
from tests.factories.agencies.outline import outline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.workbook.writing.scorecard_rows import Content, Row, Rows
    from tests.factories.agencies.directory import Entry
    from tests.factories.agencies.gaps import Gaps
    from tests.factories.agencies.measures import Measure
    from tests.factories.agencies.outline import Outline
    from tests.factories.agencies.patterns import Pattern

DATA_YEAR: Final = 112
_STALE: Final = 0.02  # of the agencies that hand in what is of the year before

_TITLES: Final = (
    "策略地圖與平衡計分卡",
    "策略地圖與平衡計分卡",
    "策略地圖暨平衡計分卡",
    "平衡計分卡",
)
_BASES: Final = (
    "{}年度施政計畫", "{}年度施政計畫", "市府列管績效目標", "本機關策略地圖會議決議", "中央主管機關評核標準",
    "近三年平均值加計成長", "{}年度概算編列原則（府授主公字第{}30012345號函）", "",
)  # fmt: skip
_SOURCES: Final = ("{}業務統計", "{}業務統計", "{}年度工作報告", "業務系統報表", "公務統計報表", "")
_REASONS: Final = (
    "配合{year}年度施政計畫修正目標值。", "依市府平衡計分卡審查會議意見修正指標名稱。",
    "原指標連續三年達成率100%，改列更具挑戰性之指標。", "計算方式改以實際完成數認定，避免重複計次。",
    "因組織調整，承辦單位更改。", "配合中央法規修正，公式分母改以應辦理件數計算。", "新增指標，以回應市民關切議題。",
    "資料來源改由業務系統自動產出，並追溯更正前一年度數值。",
)  # fmt: skip
_MEANINGS: Final = (
    "以{}的態度面對每一位服務對象。", "將{}落實於日常工作，並列入同仁考核與獎勵。",
    "堅持{}，持續改善，追求更好的成果。", "{}是本機關一貫的信念。",
)  # fmt: skip
_OFFICES: Final = {"F": ("會計室", "秘書室", "主計室"), "L": ("人事室", "資訊室", "政風室")}
_RARE: Final = ("（含𡍼潭、石𥕢地區）", "（含唭哩岸、𤧟仔里）", "——兼及山仔㘭、𪨧腳聚落")
_LEGAL: Final = (
    "依行政院及所屬各機關施政績效管理要點、臺北市政府及所屬各機關平衡計分卡作業規定與{}年度施政計畫"
    "所定重點工作，由本機關會同相關局處、區公所及民間團體共同推動並逐月列管之"
)
_LIGHTS: Final = (
    (("綠燈", Fraction(1)), ("黃燈", Fraction(8, 10)), ("紅燈", Fraction(0))),
    (("優良", Fraction(1)), ("尚可", Fraction(9, 10)), ("待改善", Fraction(0))),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The rows, and what is told beside them."""

    rows: Rows
    revised: RocDate
    years: tuple[int, ...]
    has_picture: bool
    has_jump: bool  # a digit too many


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """A KPI with its figures; ``names`` are those of its items in this agency."""

    measure: Measure
    names: tuple[str, ...]
    parts: list[figures.Parts]

    @property
    def pattern(self) -> Pattern:
        return self.measure.pattern

    def value(self, year: int) -> Fraction | None:
        if self.pattern.is_milestone:
            return None
        totals = [sum((s[year] for s in each.values()), Fraction(0)) for each in self.parts]
        return targets.value(self.pattern, totals)


def contents(seed: int, entry: Entry, *, upwards: bool) -> Contents:
    """What the agency hands in, by the seed and its name alone.

    ``upwards``: with its parent agency and that one's objectives. Nothing else differs.
    """
    plan = outline(seed, entry)
    chance = Random(f"{seed}/{entry.name}/contents")
    manner = Manner.drawn(chance)
    data_year = DATA_YEAR - (chance.random() < _STALE)
    gap = gaps.drawn(chance, data_year)
    counted = _counted(plan, measures(plan, seed), gap, manner, chance)
    has_jump = chance.random() < 0.02 and gap.status is not DataStatus.DRAFT
    revised = _day(chance, gap)
    rows: dict[str, list[Row]] = {
        "基本資料": _basics(plan, gap, revised, chance),
        "構面": _perspectives(plan),
        "策略主題": [{"代碼": code, "名稱": name} for code, name in plan.themes],
        "策略目標": list(_objectives(plan, chance)),
        "關鍵績效指標": _kpis(plan, counted, manner, data_year, chance),
        "年度資料": list(_figures(plan, counted, gap, chance, jump=has_jump)),
        "目標值": list(_targets(counted, gap, chance)),
        "燈號": _lights(chance),
        "勾稽規則": _checks(counted, chance),
        "經營核心價值": _values(plan, chance),
        "修表紀錄": _revisions(counted, revised, chance),
    }
    if upwards and entry.parent:
        rows["基本資料"].append({"項目": "上級機關", "內容": entry.parent})
        rows["策略目標"] = [
            {**row, "上位目標": plan.parents.get(str(row["代碼"]), "")} for row in rows["策略目標"]
        ]
    return Contents(
        rows=rows,
        revised=revised,
        years=gap.years,
        has_picture=chance.random() < 0.04,
        has_jump=has_jump,
    )


def _day(chance: Random, gap: Gaps) -> RocDate:
    """Handed in in the first quarter of the next year."""
    return RocDate(gap.data_year + 1, chance.randrange(1, 4), chance.randrange(1, 29))


def _counted(
    plan: Outline, chosen: tuple[Measure, ...], gap: Gaps, manner: Manner, chance: Random
) -> list[_Counted]:
    years = range(gap.data_year - 7, gap.data_year + 1)
    known: dict[str, figures.Parts] = {}
    counted = []
    for measure in chosen:
        names = tuple(manner.item(measure.pattern, item.name) for item in measure.pattern.items)
        parts = figures.figures(measure.pattern, known, years, plan.size, chance)
        for item, found in zip(measure.pattern.items, parts, strict=True):
            known[item.name] = found
        counted.append(_Counted(measure=measure, names=names, parts=parts))
    return counted


def _basics(plan: Outline, gap: Gaps, revised: RocDate, chance: Random) -> list[Row]:
    short = plan.entry.short
    words = plan.field.values.split()
    cover = RocDate(revised.year, revised.month + chance.randrange(0, 2), chance.randrange(1, 29))
    core = chance.choice("、、、／．").join(words[: chance.randrange(3, len(words) + 1)] or words)
    vision = chance.choice(plan.field.visions).format(a=short)
    contents: dict[str, Content] = {
        "機關名稱": plan.entry.name,
        "文件名稱": chance.choice(_TITLES),
        "封面日期": max(cover, revised),
        "修表日期": revised,
        "資料年度": gap.data_year,
        "資料狀態": gap.status.value,
        "使命": chance.choice(plan.field.missions).format(a=short),
        "願景": vision.replace("臺北", "台北") if chance.random() < 0.05 else vision,
        "核心價值": core,
        "每頁目標數": chance.choices((2, 3, 1, 4), (70, 18, 6, 6))[0],
    }
    return [{"項目": name, "內容": content} for name, content in contents.items()]


def _perspectives(plan: Outline) -> list[Row]:
    return [
        {
            "代碼": view.code,
            "策略地圖名稱": view.map_name,
            "計分卡名稱": view.card_name,
            "策略地圖順序": view.map_order,
            "計分卡順序": view.card_order,
        }
        for view in plan.views
    ]


def _objectives(plan: Outline, chance: Random) -> Iterator[Row]:
    rare = chance.randrange(len(plan.aims) * 16)  # one agency of some twenty has a rare place name
    for place, aim in enumerate(plan.aims):
        yield {
            "代碼": aim.code,
            "構面": aim.view.code,
            "主題": "、".join(aim.themes),
            "名稱": aim.name + (chance.choice(_RARE) if place == rare and aim.subject else ""),
        }


def _kpis(
    plan: Outline, counted: list[_Counted], manner: Manner, year: int, chance: Random
) -> list[Row]:
    weights = _weights(len(counted), chance)
    long = chance.randrange(len(counted) * 9)  # one agency of nine has a very long name
    return [
        {
            "代碼": each.measure.code,
            "策略目標": each.measure.aim.code,
            "名稱": (_LEGAL.format(year) if place == long else "") + each.pattern.name,
            "計算公式及計量單位": manner.formula(each.pattern, chance),
            "小數位數": 1 if each.pattern.unit == "%" and chance.random() < 0.06 else None,
            "方向": (Direction.LOWER if each.pattern.lower else Direction.HIGHER).value,
            "權重": weights[place],
            "承辦單位": _owner(plan, each, chance),
        }
        for place, each in enumerate(counted)
    ]


def _weights(count: int, chance: Random) -> list[Content]:
    """None, or whole numbers that make 100."""
    if chance.random() < 0.55 or count > 50:
        return [None] * count
    parts = [1] * count
    for place in chance.choices(range(count), k=100 - count):
        parts[place] += 1
    return list(parts)


def _owner(plan: Outline, each: _Counted, chance: Random) -> str:
    offices = _OFFICES.get(each.pattern.side) if each.pattern.is_common else None
    return chance.choice(offices or tuple(plan.field.owners.split()))


def _figures(
    plan: Outline, counted: list[_Counted], gap: Gaps, chance: Random, *, jump: bool
) -> Iterator[Row]:
    """A row for each figure and component, each once."""
    seen: set[str] = set()
    owners = plan.field.owners.split()
    free = [e.names[0] for e in counted if e.pattern.formula == "{0}" and e.pattern.unit == "人次"]
    slip = chance.choice(free) if jump and free else ""
    for each in counted:
        source = chance.choice(_SOURCES).format(chance.choice(owners))
        for item, name, parts in zip(each.pattern.items, each.names, each.parts, strict=True):
            if name in seen:
                continue
            seen.add(name)
            for component, series in parts.items():
                values: dict[int, Content] = dict(series.items())
                if name == slip:
                    values[gap.data_year] = series[gap.data_year] * 10
                if each.pattern.is_milestone:
                    values = dict.fromkeys(gap.years, "-")
                    note = "以核定公文認定，不以數值衡量"
                else:
                    values, note = gap.row(values, chance)
                row: dict[str | int, Content] = {
                    "資料項": name,
                    "組成": component,
                    "單位": item.unit,
                }
                row |= values.items()
                yield row | {"資料來源": source, "備註": note}


def _targets(counted: list[_Counted], gap: Gaps, chance: Random) -> Iterator[Row]:
    """Most KPIs have targets; those with a threshold in their formula need none."""
    years = gap.years if chance.random() < 0.4 else gap.years[-1:]
    for each in counted:
        if each.pattern.threshold or each.pattern.is_milestone or chance.random() < 0.1:
            continue
        found = ((year, each.value(year)) for year in years)
        goals: dict[int, Content] = {
            year: targets.target(each.pattern, actual, chance)
            for year, actual in found
            if actual is not None
        }
        if goals:
            basis = chance.choice(_BASES).format(gap.data_year, gap.data_year)
            row: dict[str | int, Content] = {"KPI代碼": each.measure.code}
            row |= goals.items()
            yield row | {"依據": basis}


def _lights(chance: Random) -> list[Row]:
    """Four of ten agencies have lights of their own."""
    if chance.random() >= 0.4:
        return []
    return [{"燈號": name, "達成率下限": rate} for name, rate in chance.choice(_LIGHTS)]


def _checks(counted: list[_Counted], chance: Random) -> list[Row]:
    """A whole is no less than its part."""
    shares = [
        each
        for each in counted
        if each.pattern.formula == "{1}/{0}×100%" and each.pattern.items[1].high <= 1000
    ]
    chosen = chance.sample(shares, min(len(shares), chance.randrange(0, 4)))
    return [{"規則": f"{each.names[0]} ≥ {each.names[1]}", "說明": ""} for each in chosen]


def _values(plan: Outline, chance: Random) -> list[Row]:
    words = plan.field.values.split()[: chance.randrange(3, 6)]
    has_notes = chance.random() < 0.5
    return [
        {"名稱": word, "說明": chance.choice(_MEANINGS).format(word) if has_notes else ""}
        for word in words
    ]


def _revisions(counted: list[_Counted], revised: RocDate, chance: Random) -> list[Row]:
    """Four of ten agencies tell why they changed something."""
    count = chance.randrange(1, 6) if chance.random() < 0.4 else 0
    chosen = chance.sample(counted, min(count, len(counted)))
    return [
        {
            "日期": revised,
            "項目": each.measure.code,
            "修正說明": chance.choice(_REASONS).format(year=revised.year),
        }
        for each in chosen
    ]
