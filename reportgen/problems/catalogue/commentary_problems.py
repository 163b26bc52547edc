"""E26x, W26x, N26x, E162: words on KPIs, figures bound in them, and initiatives."""

from __future__ import annotations

from reportgen.problems.entry import Entry, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

_READING: dict[str, Entry] = {
    "E162": Entry(
        E,
        (
            "「{label}」{found} 早於開始日期 {start}。",
            "“{label}”: {found} is before the start, {start}.",
        ),
        ("不早於開始日期的日期", "a date that is not before the start"),
        ("請更正其中一個日期。", "Correct one of the two dates."),
    ),
}

_BOUND_FIGURES: dict[str, Entry] = {
    "E261": Entry(
        E,
        (
            "「{label}」引用 {found}，但查無「{name}」。",
            "“{label}” refers to {found}, but there is no “{name}”.",
        ),
        (
            "KPI 代碼或資料項，例如 ｛F1.1｝、｛F1.1 目標值｝、｛F1.1 104｝",
            "the code of a KPI or a 資料項, such as ｛F1.1｝, ｛F1.1 目標值｝, ｛F1.1 104｝",
        ),
        (
            "請改為「關鍵績效指標」的代碼或「年度資料」的資料項。{hint}",
            "Use a code of 關鍵績效指標 or an item of 年度資料. {hint_en}",
        ),
    ),
    "E262": Entry(
        E,
        (
            "「{label}」引用 {found}，但{year}年沒有「{name}」。",
            "“{label}” refers to {found}, but there is no “{name}” in {year}.",
        ),
        ("該年度有的數字", "a figure that there is in that year"),
        (
            "請改引用其他年度或其他數字，或補填「年度資料」與「目標值」。",
            "Refer to another year or figure, or fill in 年度資料 and 目標值.",
        ),
    ),
    "E263": Entry(
        E,
        (
            "「{label}」的大括號不成對：{found}。",
            "“{label}”: a brace without its pair: {found}.",
        ),
        ("成對的大括號，例如 ｛F1.1｝", "braces in pairs, such as ｛F1.1｝"),
        (
            "請補上缺少的大括號；要印出大括號本身，請連打兩個：｛｛ 與 ｝｝。",
            "Add the missing brace; for a brace in print type it twice: ｛｛ and ｝｝.",
        ),
    ),
    "N261": Entry(
        N,
        (
            "「{label}」的 {found} 是直接輸入的數字，與本版次任何數值都不相同。",
            "“{label}”: {found} was typed by hand and equals no figure of this edition.",
        ),
        ("引用的數字，例如 ｛F1.1｝", "a figure that is referred to, such as ｛F1.1｝"),
        (
            "若是 KPI 或資料項的數值，請改用大括號引用；確為其他數字時不需處理。",
            "If it is of a KPI or 資料項, refer to it in braces; nothing to do if it is not.",
        ),
    ),
}

_FINDINGS: dict[str, Entry] = {
    "W261": Entry(
        W,
        (
            "{kpi} {year}年未達成，但「執行說明」沒有{found}。",
            "{kpi} is missed in {year}, and 執行說明 does not give {found}.",
        ),
        ("未達成原因與因應策略", "the reason, and the measures that are taken"),
        (
            "請在「執行說明」填寫 {kpi} {year}年的{found}。",
            "Fill in {found} of {kpi} for {year} in 執行說明.",
        ),
    ),
    "W262": Entry(
        W,
        (
            "{kpi} {year}年的目標值 {found} 比{since}年的 {before} 寬鬆，沒有說明理由。",
            "the {year} target of {kpi}, {found}, is easier than {before} in {since}; no reason.",
        ),
        (
            "「修表紀錄」提到該 KPI，或「執行說明」的目標調整理由",
            "an entry of 修表紀錄 that names the KPI, or 目標調整理由 in 執行說明",
        ),
        (
            (
                "請在「修表紀錄」加一列，「項目」填 {kpi} 並說明；"
                "或填寫「執行說明」{since}年的目標調整理由。"
            ),
            "Add {kpi} and the reason to 修表紀錄, or 目標調整理由 of {since} to 執行說明.",
        ),
    ),
    "N262": Entry(
        N,
        (
            "行動方案「{found}」應於 {end} 結束，修表日期 {revised} 時的辦理階段為{stage}。",
            "the initiative “{found}” was to end on {end}; its stage on {revised} is {stage}.",
        ),
        ("已完成、停止辦理，或較晚的結束日期", "已完成, 停止辦理, or a later end"),
        (
            "請更新「辦理階段」或「結束日期」；確實逾期時不需處理。",
            "Update 辦理階段 or 結束日期; nothing to do if it is late indeed.",
        ),
    ),
    "N263": Entry(
        N,
        (
            "{kpi} 的說明屬於 {found} 年，{year}年度的報告不會列印。",
            "the words on {kpi} are of {found}; the review of {year} does not print them.",
        ),
        ("資料年度，或以前有數值的年度", "the data year, or an earlier year with figures"),
        (
            "年度填錯時請更正；否則不需處理。",
            "Correct the year if it is wrong; else nothing to do.",
        ),
    ),
}

ENTRIES: dict[str, Entry] = {**_READING, **_BOUND_FIGURES, **_FINDINGS}
