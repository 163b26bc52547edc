"""E22x, W22x, N22x: results, and valid input that the agency should check."""

from __future__ import annotations

from reportgen.problems.entry import Entry, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

_ASKED: dict[str, Entry] = {
    "E221": Entry(
        E,
        ("勾稽規則「{found}」沒有比較符號。", "the rule “{found}” compares nothing."),
        ("例如「預算數 ≥ 資本門預算數」", "such as 預算數 ≥ 資本門預算數"),
        ("請補上 ≥、≤、>、< 或 =，左右各一個算式。", "Add ≥, ≤, >, < or = between two terms."),
    ),
    "E222": Entry(
        E,
        ("查無 KPI「{found}」。", "there is no KPI “{found}”."),
        ("「關鍵績效指標」的一個代碼", "a code of the sheet 關鍵績效指標"),
        ("代碼有 {codes}。{hint}", "The codes are {codes}. {hint_en}"),
    ),
    "E223": Entry(
        E,
        ("「年度資料」沒有 {found} 年。", "年度資料 has no year {found}."),
        ("有資料的民國年", "a ROC year with figures"),
        ("有資料的年度是 {years}。", "The years are {years}."),
    ),
}

_TARGETS: dict[str, Entry] = {
    "W221": Entry(
        W,
        (
            "{kpi} 的方向是「{direction}」，目標值卻是「{found}」。",
            "{kpi} is stated as {direction}, but its target is “{found}”.",
        ),
        ("方向與目標值的符號一致", "a direction and a sign that agree"),
        (
            "已依目標值的符號判定；請更正「方向」或目標值。",
            "The target's sign was followed; correct 方向 or the target.",
        ),
    ),
    "W222": Entry(
        W,
        (
            "{kpi} 的單位是 %，目標值「{found}」視為 {found}%。",
            "the unit of {kpi} is %, so its target “{found}” is read as {found}%.",
        ),
        ("寫明 % 的目標值，例如 90%", "a target with its %, such as 90%"),
        ("若要的是比率，請改寫成百分比。", "If a ratio is meant, write it as a percentage."),
    ),
    "W223": Entry(
        W,
        (
            "{kpi} 的單位是「{unit}」，無法與目標值「{found}」比較，視為沒有目標值。",
            "the unit of {kpi} is “{unit}”; its target “{found}” cannot be compared, and is none.",
        ),
        ("以 KPI 的單位填寫的目標值", "a target in the KPI's unit"),
        ("請以該單位改填目標值，或更正公式的單位。", "State it in that unit, or mend the unit."),
    ),
    "W224": Entry(
        W,
        (
            "{kpi} 的目標值是「{found}」，公式的門檻卻是「{threshold}」。",
            "the target of {kpi} is “{found}”, but its formula says “{threshold}”.",
        ),
        ("相同的門檻，或不另填目標值", "the same threshold, or no target"),
        (
            "已依公式判定達成與否、依目標值計算達成率；請統一。",
            "The formula decides, the rate follows the target; make them agree.",
        ),
    ),
    "W235": Entry(
        W,
        (
            "{kpi} 沒有註明單位，公式乘以 {factor}：目標值「{found}」不換算，直接與數值比較。",
            "{kpi} states no unit and multiplies by {factor}: “{found}” is taken as it stands.",
        ),
        ("公式註明（單位：{sign}）", "a formula that states （單位：{sign}）"),
        ("請在公式最後加上（單位：{sign}）。", "Add （單位：{sign}） behind the formula."),
    ),
    "W236": Entry(
        W,
        (
            "{kpi} 沒有註明單位，無法與目標值「{found}」比較，視為沒有目標值。",
            "{kpi} states no unit; its target “{found}” cannot be compared, and is none.",
        ),
        ("公式註明單位，例如（單位：件）", "a formula that states its unit, such as （單位：件）"),
        (
            "請在公式最後註明 KPI 的單位，並以同一單位填寫目標值。",
            "State the KPI's unit behind the formula, and the target in that unit.",
        ),
    ),
    "W237": Entry(
        W,
        (
            "{kpi} 的數值是比率 {actual}，目標值「{found}」卻像是百分比。",
            "{kpi} is the ratio {actual}, but its target “{found}” seems to be a percentage.",
        ),
        ("同為百分比，或同為比率", "both as percentages, or both as ratios"),
        (
            "若是百分比，請在公式加上 ×100% 並註明（單位：%）；確為比率時不需處理。",
            "If it is one, add ×100% and （單位：%） to the formula; nothing to do for a ratio.",
        ),
    ),
}

_FIGURES: dict[str, Entry] = {
    "W225": Entry(
        W,
        (
            "{year}年與勾稽規則「{rule}」不符：左邊 {left}，右邊 {right}。",
            "{year} breaks the rule “{rule}”: {left} on the left, {right} on the right.",
        ),
        ("符合規則的數值", "figures that follow the rule"),
        ("請核對「年度資料」的數值，或修正規則。", "Check the figures in 年度資料, or the rule."),
    ),
    "W226": Entry(
        W,
        (
            "資料項「{found}」沒有公式或勾稽規則使用。",
            "no formula and no rule uses the figure “{found}”.",
        ),
        ("公式用到的資料項", "a figure that a formula uses"),
        (
            "請確認名稱與公式一致；不需要時可刪除這一列。",
            "Check its name against the formulas, or delete the row.",
        ),
    ),
    "W227": Entry(
        W,
        (
            "「{found}」的組成「{component}」沒有列入任何公式。",
            "no formula counts the component “{component}” of “{found}”.",
        ),
        ("公式註明的組成", "a component that the formula names"),
        (
            "請確認公式的「以上各數均含…」是否漏列；不需要時可刪除這一列。",
            "Check the formula's note 以上各數均含…, or delete the row.",
        ),
    ),
    "W228": Entry(
        W,
        (
            "代碼 {code} 表示主題與構面為 {found}，該列卻填 {stated}。",
            "the code {code} says theme and perspective {found}, but its row {stated}.",
        ),
        ("主題代碼加構面代碼加號碼", "the theme's letter, the perspective's letter, a number"),
        ("請確認代碼，或「構面」「主題」欄。", "Check the code, or the columns 構面 and 主題."),
    ),
    "W229": Entry(
        W,
        (
            "KPI 代碼 {found} 不是以所屬策略目標 {objective} 開頭。",
            "the KPI's code {found} does not begin with its objective's, {objective}.",
        ),
        ("例如 {objective}.1", "such as {objective}.1"),
        ("請確認代碼，或「策略目標」欄。", "Check the code, or the column 策略目標."),
    ),
    "W230": Entry(
        W,
        (
            "{kpi} 的公式乘以 {rate}，單位卻是「{found}」；數值以「{shown}」列印。",
            (
                "the formula of {kpi} multiplies by {rate}, but its unit is “{found}”; "
                "the figure is printed in “{shown}”."
            ),
        ),
        ("與公式相符的單位", "a unit that fits the formula"),
        ("請將單位改為 {sign}，或刪去 ×{rate}。", "Make the unit {sign}, or take ×{rate} away."),
    ),
    "W231": Entry(
        W,
        (
            "{kpi} 的公式註明「{found}」，計算用的卻是 {year} 年的數值。",
            "the formula of {kpi} notes “{found}”, but is calculated with the figures of {year}.",
        ),
        ("註明的年度與資料年度相同", "a note of the data year"),
        (
            "請改註明的年度；要用他年的數值時，請在「年度資料」另立一列並用其名稱。",
            "Correct the note, or give that year's figures a row of 年度資料 with another name.",
        ),
    ),
}

_NOTICES: dict[str, Entry] = {
    "N224": Entry(
        N,
        (
            "{kpi} 的公式自己寫明以 {sign} 表示：{year} 年為 {figure}（舊版印為 {former}）。",
            (
                "the formula of {kpi} states {sign} itself: {figure} in {year} "
                "(former versions printed {former})."
            ),
        ),
        ("單位為 {sign} 的數值", "a figure in {sign}"),
        (
            "正確時無須更動；也可在公式之後註明「（單位：{sign}）」。",
            "Nothing to do if it is right; （單位：{sign}） behind the formula says it too.",
        ),
    ),
    "N221": Entry(
        N,
        (
            "寫法不一：此處用「{found}」（共 {count} 處），其他多用「{usual}」（{others} 處）。",
            "“{found}” here ({count} in all), where others have “{usual}” ({others}).",
        ),
        ("全文一致的寫法", "one way of writing throughout"),
        ("已照原文列印；是否統一請自行決定。", "It is printed as written; decide as you like."),
    ),
    "N222": Entry(
        N,
        (
            "構面名稱「{found}」不像其他構面以「{usual}」結尾。",
            "the perspective “{found}” does not end in “{usual}” as the others do.",
        ),
        ("一致的構面名稱", "names that follow one pattern"),
        ("已照原文列印；是否統一請自行決定。", "It is printed as written; decide as you like."),
    ),
    "N223": Entry(
        N,
        (
            "{year}年「{item}」為 {found}，與以前年度（{earlier}）相差逾 {factor} 倍。",
            "{year} “{item}” is {found}, over {factor} times off the years before ({earlier}).",
        ),
        ("與以前年度相近的數值", "a figure near those of earlier years"),
        (
            "請核對位數與單位；數值正確時不需處理。",
            "Check digits and unit; nothing to do if right.",
        ),
    ),
}

_ROUNDED: dict[str, Entry] = {
    "W251": Entry(
        W,
        (
            "{kpi} {year}年印為 {shown}，判定為{verdict}：{note}。",
            "{kpi} is printed as {shown} in {year}, and judged as {verdict}: {note}.",
        ),
        ("印出的數字與判定一致", "a printed figure that agrees with its verdict"),
        (
            "請增加「小數位數」；判定以未進位的數字為準，說明印在計算明細。",
            "Give it more decimal places; verdicts are those of the unrounded figure.",
        ),
    ),
}

ENTRIES: dict[str, Entry] = {**_ROUNDED, **_ASKED, **_TARGETS, **_FIGURES, **_NOTICES}
