"""E2xx: formulas.

Each also carries ``excerpt`` and ``caret``, the lines that point into the text, and
its location the column.
"""

from __future__ import annotations

from reportgen.model.missing_symbols import MissingReason
from reportgen.problems.entry import Entry, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

_NO_FIGURE = MissingReason.NO_FIGURE

_TERM = ("資料項名稱、數字或括號", "a name, a number or a bracket")

_LIMITS: dict[str, Entry] = {
    "E202": Entry(
        E,
        ("公式共 {found} 字，過長。", "the formula is {found} characters long, which is too long."),
        ("至多 {limit} 字", "at most {limit} characters"),
        ("請將說明文字移到「說明」或「備註」欄。", "Move remarks to a column for notes."),
    ),
    "E210": Entry(
        E,
        ("公式的運算符號過多。", "the formula has too many operators."),
        ("至多 {limit} 個運算符號", "at most {limit} operators"),
        (
            "請將部分合計改列為「年度資料」的一個資料項。",
            "Make some of the sums a figure of their own in 年度資料.",
        ),
    ),
    "E211": Entry(
        E,
        ("公式的括號或正負號套了太多層。", "brackets or signs are nested too deeply."),
        ("至多 {limit} 層", "at most {limit} levels"),
        ("請刪去不必要的括號。", "Remove brackets that are not needed."),
    ),
    "E218": Entry(
        E,
        ("公式裡的數字位數過多。", "a number in the formula has too many digits."),
        ("至多 {limit} 位", "at most {limit} digits"),
        ("請確認數字，或改用較大的單位。", "Check the number, or use a larger unit."),
    ),
    "E219": Entry(
        E,
        ("計算結果的位數過多，無法列印。", "the result has too many digits to be printed."),
        ("約 1,200 位以內的數值", "figures of at most some 1,200 digits"),
        (
            "請確認公式與「年度資料」的數值及單位。",
            "Check the formula, the figures and their units.",
        ),
    ),
}

_SYNTAX: dict[str, Entry] = {
    "E201": Entry(
        E,
        ("計算公式空白。", "the formula is blank."),
        ("計算公式及計量單位", "a formula and its unit"),
        ("請填入公式，例如「甲/乙×100%（單位：%）」。", "Enter one, such as 甲/乙×100% (單位：%)."),
    ),
    "E203": Entry(
        E,
        (
            "公式含有無法列印的字元 {found}。",
            "the formula holds the unprintable character {found}.",
        ),
        ("可列印的文字", "printable text"),
        ("請刪去該字元後重新輸入。", "Delete it and type the text again."),
    ),
    "E204": Entry(
        E,
        ("「{found}」之前缺少運算符號。", "an operator is missing before “{found}”."),
        ("+ - × ÷ 或比較符號", "+ - × ÷ or a comparison"),
        (
            "請補上運算符號；說明文字請放在公式之後的括號內。",
            "Add the operator; put remarks into brackets behind the formula.",
        ),
    ),
    "E208": Entry(
        E,
        ("括號「{found}」沒有成對。", "the bracket “{found}” has no partner."),
        ("成對的括號", "brackets in pairs"),
        ("請補上或刪去括號。", "Add the other bracket, or delete this one."),
    ),
    "E209": Entry(
        E,
        ("數字「{found}」的寫法有誤。", "the number “{found}” is malformed."),
        ("例如 1234、1,234 或 0.5", "such as 1234, 1,234 or 0.5"),
        ("請更正千分位逗號或小數點。", "Correct its thousands commas or its decimal point."),
    ),
    "E212": Entry(
        E,
        ("比較符號「{found}」的位置不對。", "the comparison “{found}” stands in the wrong place."),
        (
            "一個公式至多一個比較，在括號之外，左右都有算式",
            "one comparison at most, outside brackets, with a term on either side",
        ),
        (
            "請寫成「甲/乙≥90%」；只有門檻值時請填在「目標值」工作表。",
            "Write 甲/乙≥90%; a threshold alone belongs on the sheet 目標值.",
        ),
    ),
    "E213": Entry(
        E,
        ("「{found}」之前缺少資料項或數字。", "a name or a number is missing before “{found}”."),
        _TERM,
        ("請補上資料項或數字，或刪去多餘的符號。", "Add it, or delete the sign."),
    ),
    "E214": Entry(
        E,
        ("公式在「{found}」之後沒有寫完。", "the formula ends after “{found}”."),
        _TERM,
        ("請把公式寫完。", "Complete the formula."),
    ),
    "E215": Entry(
        E,
        ("「{found}」必須緊接在數字之後。", "“{found}” must stand right behind a number."),
        ("緊接在數字之後的 %，例如 100%", "a % behind a number, such as 100%"),
        ("要以百分比表示請寫「×100%」。", "Write ×100% to state a percentage."),
    ),
    "E216": Entry(
        E,
        ("公式裡不能用「{found}」。", "“{found}” has no meaning in a formula."),
        (
            "資料項、數字、括號、+ - × ÷ % 與比較符號",
            "names, numbers, brackets, + - × ÷ % and comparisons",
        ),
        (
            "說明文字請放在公式之後的括號內；列舉請用頓號「、」。",
            "Put remarks into brackets behind the formula; list things with “、”.",
        ),
    ),
    "E231": Entry(
        E,
        (
            "加減與乘除的先後不清楚（「{found}」）。",
            "it is not clear what is calculated first, at “{found}”.",
        ),
        ("以括號標明的順序", "brackets that show the order"),
        (
            "請以括號標明順序，例如「(甲+乙)÷丙」；用文字也可寫「甲加乙，再除以丙」。",
            "Use brackets, such as (甲+乙)÷丙; in words 甲加乙，再除以丙 is clear, too.",
        ),
    ),
    "E232": Entry(
        E,
        (
            "「{found}」的冒號看不出是比或說明。",
            "the colon in “{found}” may be a ratio or a caption.",
        ),
        ("以 ÷ 寫的比", "a ratio written with ÷"),
        (
            "要相除請把冒號改為「÷」；冒號之前是名稱時，請把冒號改為「＝」。",
            "To divide, replace the colon by ÷; behind a caption, replace it by ＝.",
        ),
    ),
    "E224": Entry(
        E,
        (
            "「{found}」看不出要加總或平均哪些數。",
            "it is not clear what “{found}” is a sum or an average of.",
        ),
        (
            "括號內列出各項，或「年度資料」有分項組成的資料項",
            "a list in brackets, or an item with components in 年度資料",
        ),
        (
            "請把各項寫出來，例如「平均(甲、乙、丙)」「Σ(甲×乙)」；或在「年度資料」以「組成」列出各項。",
            "Write the items out, such as 平均(甲、乙、丙) or Σ(甲×乙), or list them as 組成.",
        ),
    ),
    "E225": Entry(
        E,
        (
            "「{found}」在公式裡出現兩次，括號內的說明不同。",
            "“{found}” stands twice in the formula, with different remarks in brackets.",
        ),
        ("不同的數用不同的資料項名稱", "different names for different figures"),
        (
            "請在「年度資料」以不同的資料項名稱分列，公式用同樣的名稱。",
            "Give each its own row in 年度資料, and use those names in the formula.",
        ),
    ),
    "E226": Entry(
        E,
        (
            "這個 KPI 直接填報，但「年度資料」沒有資料項「{found}」。",
            "the figure of this KPI is entered directly, but 年度資料 has no item “{found}”.",
        ),
        ("名稱與 KPI 相同的資料項", "an item with the KPI's name"),
        (
            "請在「年度資料」新增一列：資料項「{title}」，並填入各年度的數值。",
            "Add the row “{title}” to 年度資料, with its figure of each year.",
        ),
    ),
    "E228": Entry(
        E,
        (
            "這一格有兩個算式，無法確定用哪一個（另一個是「{found}」）。",
            "this cell holds two calculations, and it is not clear which counts (also “{found}”).",
        ),
        ("一格一個算式", "one calculation"),
        (
            "請只保留一個算式，其餘寫成「註：…」或移到其他欄位。",
            "Keep one, and put the others into a remark 註：… or another column.",
        ),
    ),
    "E229": Entry(
        E,
        (
            "這個 KPI 以階段計算進度，但「年度資料」沒有資料項「{found}」。",
            "the progress of this KPI is told by stages, but 年度資料 has no item “{found}”.",
        ),
        ("名稱與 KPI 相同的資料項", "an item with the KPI's name"),
        (
            "請在「年度資料」新增一列：資料項「{title}」，各年度填已完成的階段，例如「{stage}」。",
            "Add the row “{title}” to 年度資料, with the stage reached each year, such as {stage}.",
        ),
    ),
    "E227": Entry(
        E,
        (
            "這段文字沒有可以計算的公式，也沒有用到任何資料項。",
            "this text is no formula that can be calculated, and names no item.",
        ),
        ("公式，或註明直接填報", "a formula, or a note that the figure is entered"),
        (
            (
                "數值不由公式計算時，請在文字最後加上「（直接填報）」，"
                "並在「年度資料」新增一列：資料項「{title}」。"
            ),
            (
                "If it is not calculated, add （直接填報） at the end of the text, "
                "and the row “{title}” to 年度資料."
            ),
        ),
    ),
}

_NAMES: dict[str, Entry] = {
    "E205": Entry(
        E,
        (
            "公式用到「{found}」，但查無此資料項。",
            "the formula uses “{found}”, but there is no such figure.",
        ),
        ("「年度資料」的資料項名稱", "the name of a figure in 年度資料"),
        ("是否為「{nearest}」？", "Do you mean “{nearest}”?"),
    ),
    "E206": Entry(
        E,
        (
            "公式要求各數均含「{component}」，但「{found}」沒有這個組成。",
            "the formula demands the component “{component}”, but “{found}” has none.",
        ),
        (
            "「{found}」有組成「{component}」一列",
            "a row “{found}” with the component “{component}”",
        ),
        (
            (
                "請在「年度資料」新增一列：資料項「{found}」、組成「{component}」；"
                f"{_NO_FIGURE.instruction}。"
            ),
            (
                "Add the row “{found}”, “{component}” to 年度資料; "
                f"without a figure, enter “{_NO_FIGURE.symbol}”."
            ),
        ),
    ),
    "E207": Entry(
        E,
        (
            "「{found}」在「年度資料」只有分項組成，公式卻沒有寫明含哪些組成。",
            "“{found}” has components only, and the formula does not say which it takes.",
        ),
        (
            "公式後註明「(以上各數均含甲及乙)」，或「組成」空白的一列",
            "a note (以上各數均含甲及乙), or a row whose 組成 is blank",
        ),
        (
            "請補上註記，或在「年度資料」新增合計的一列。",
            "Add the note, or a row with the whole to 年度資料.",
        ),
    ),
    "E217": Entry(
        E,
        (
            "公式用到「{found}」，但查無此資料項，也沒有相近的名稱。",
            "the formula uses “{found}”, but there is no such figure, nor one with a similar name.",
        ),
        ("「年度資料」的資料項名稱", "the name of a figure in 年度資料"),
        (
            "請在「年度資料」新增這一列；若是單位或說明，請放在公式之後的括號內。",
            "Add it to 年度資料; put a unit or a remark into brackets behind the formula.",
        ),
    ),
    "E220": Entry(
        E,
        (
            "公式之後的括號是說明，資料項「{found}」因此讀不完整。",
            "brackets behind a formula are a note, which cuts the name “{found}” short.",
        ),
        ("不以括號結尾的資料項名稱", "a name that does not end in a bracket"),
        (
            "請將整個名稱加上括號：「({found})」，或改用沒有括號的名稱。",
            "Put the whole name into brackets, ({found}), or rename it.",
        ),
    ),
}

_DOUBTS: dict[str, Entry] = {
    "W201": Entry(
        W,
        (
            "公式之後的「{found}」視為說明，未列入計算。",
            "“{found}” behind the formula is taken as a note and not calculated.",
        ),
        ("不含運算的說明", "a note without a calculation"),
        (
            "若要計算，請在它之前補上運算符號；只是說明時無須更動。",
            "If it is to count, add an operator before it; nothing to do if it is a remark.",
        ),
    ),
    "W202": Entry(
        W,
        (
            "單位不一致：計算所得為「{found}」，應為「{stated}」；未作單位換算。",
            "units disagree: “{found}” against “{stated}”; nothing was converted.",
        ),
        ("相同的基本單位", "the same base units"),
        (
            "請確認公式的單位與「年度資料」的單位欄。",
            "Check the formula's unit and the units in 年度資料.",
        ),
    ),
    "W203": Entry(
        W,
        (
            "「{found}」沒有填單位，未作單位換算。",
            "“{found}” states no unit; nothing was converted.",
        ),
        ("每個資料項都有單位", "a unit for every figure"),
        ("請填「年度資料」的單位欄。", "Fill in the column 單位 of 年度資料."),
    ),
    "W204": Entry(
        W,
        (
            "單位為 {sign}，門檻值 {found} 視為 {found}{sign}。",
            "as the unit is {sign}, the threshold {found} is read as {found}{sign}.",
        ),
        ("寫明 % 的門檻值，例如 90%", "a threshold with its %, such as 90%"),
        ("若要的是比率，請改寫成百分比。", "If a ratio is meant, write it as a percentage."),
    ),
    "W207": Entry(
        W,
        (
            "「{found}」既是資料項，公式後又說明它代表別的資料項；採用資料項「{found}」。",
            "“{found}” is an item, but the formula gives it another meaning; the item counts.",
        ),
        ("一個代號只代表一個資料項", "a letter that stands for one item"),
        (
            "請刪去「年度資料」的「{found}」，或改用別的代號。",
            "Remove the item “{found}” from 年度資料, or use another letter.",
        ),
    ),
    "W208": Entry(
        W,
        (
            "「{found}」是一個資料項，但各部分也都是資料項；視為算式。",
            "“{found}” is an item, but each of its parts is one too; it is read as a calculation.",
        ),
        ("只有一種讀法的名稱", "names that can be read in one way"),
        (
            "若要用資料項「{found}」，請在「年度資料」與公式把它改成不含運算符號的名稱。",
            "If the item is meant, rename it, in 年度資料 and here, without operators.",
        ),
    ),
    "W209": Entry(
        W,
        (
            "「{found}」在「年度資料」{cell} 填 {entered}，公式算出 {figure}；採用公式的結果。",
            "“{found}” is {entered} in {cell}, but the formula gives {figure}, which counts.",
        ),
        ("公式的結果與所填數值相同", "the same figure by formula and as entered"),
        (
            "請核對兩者；「年度資料」不需要「{found}」這一列時請刪除。",
            "Check both; remove the row “{found}” if it is not needed.",
        ),
    ),
    "W210": Entry(
        W,
        (
            "公式說「{found}」等於「{other}」，但前者是 {first}，後者是 {second}；採用前者。",
            (
                "the formula says that “{found}” is “{other}”, but they are {first} and {second}; "
                "the first counts."
            ),
        ),
        ("兩者相同", "the same figure"),
        ("請核對「年度資料」的數值。", "Check the figures in 年度資料."),
    ),
    "W211": Entry(
        W,
        (
            "「{found}」沒有照做：數值一律四捨五入，不捨去、不設上限。",
            "“{found}” is not followed: figures are rounded half up, never cut or capped.",
        ),
        ("四捨五入的數值", "figures rounded half up"),
        (
            "數值與所述不同時，請改為「直接填報」並填入應有的數值。",
            "If the figure must be another, enter it directly with （直接填報）.",
        ),
    ),
    "W212": Entry(
        W,
        (
            "公式之後的「{found}」可能改變數值，但未列入計算。",
            "“{found}” behind the formula may change the figure, but is not calculated.",
        ),
        ("寫在算式裡的計算", "a calculation within the formula"),
        (
            "要計算的請寫進算式，例如「(甲-乙)/丙」；只是說明時無須更動，請核對數值。",
            (
                "Write what counts into the formula, such as (甲-乙)/丙; "
                "if it is a remark only, check the figure."
            ),
        ),
    ),
    "W213": Entry(
        W,
        (
            "公式以 {found} 表示，單位卻是「{stated}」；數值以「{stated}」列印。",
            "the formula states {found}, but the unit is “{stated}”, which is printed.",
        ),
        ("與公式相符的單位", "a unit that fits the formula"),
        (
            "請將公式的 {found} 與單位改為一致。",
            "Make the {found} of the formula and the unit agree.",
        ),
    ),
    "W214": Entry(
        W,
        (
            "名稱寫「{found}」，公式與單位卻沒有乘以 {factor}。",
            "the name says “{found}”, but neither the formula nor the unit multiplies by {factor}.",
        ),
        ("與名稱相符的公式或單位", "a formula or a unit that fits the name"),
        (
            "請在公式最後加上「×{factor}」，或在單位註明，例如「（單位：人/{scale}人）」。",
            "Add ×{factor} to the formula, or write a unit such as （單位：人/{scale}人）.",
        ),
    ),
    "W215": Entry(
        W,
        (
            "計算結果是 {found}，大於 1,000%；可能重複乘以 100，或單位、權重有誤。",
            (
                "the result is {found}, more than 1,000%; it may be multiplied twice, "
                "or a unit or weight is wrong."
            ),
        ),
        ("合理的百分比", "a plausible percentage"),
        (
            "請核對公式、單位與「年度資料」的數值；確實如此時無須更動。",
            "Check the formula, the unit and the figures; nothing to do if it is right.",
        ),
    ),
    "W216": Entry(
        W,
        (
            "公式寫「{found}」，「年度資料」{cell} 的單位卻是「{stated}」；以後者計算。",
            "the formula says “{found}”, but the unit in {cell} is “{stated}”, which counts.",
        ),
        ("相同的單位", "the same unit"),
        (
            "請將公式括號裡的單位與「年度資料」的單位改為一致。",
            "Make the unit in the formula's bracket and the one in 年度資料 agree.",
        ),
    ),
    "W217": Entry(
        W,
        (
            "公式的「{found}」是 {found} 而不是 {usual}；照所寫的計算。",
            "“{found}” in the formula is not {usual}; it is calculated as written.",
        ),
        ("×{usual}", "×{usual}"),
        (
            "要以百分比或千分比表示，請改為「{usual}」。",
            "Write {usual} if a percentage or permille is meant.",
        ),
    ),
    "W218": Entry(
        W,
        (
            "公式乘以 {factor} 的項和「{found}」（百分比）尺度可能不同；照所寫的計算。",
            (
                "the term times {factor} and “{found}”, a percentage, may differ in scale; "
                "they are calculated as written."
            ),
        ),
        ("×{factor}%", "×{factor}%"),
        (
            "各項都是百分比時，請把「×{factor}」改為「×{factor}%」。",
            "If both are percentages, write ×{factor}% instead of ×{factor}.",
        ),
    ),
    "W219": Entry(
        W,
        (
            "「{found}」減去百分比的資料項：以 {points} 計算，不是 {share}。",
            "a percentage is subtracted from “{found}”, which counts as {points}, not {share}.",
        ),
        ("{points} 或 {share}", "{points} or {share}"),
        (
            "請在公式寫明「{points}」或「{share}」。",
            "Write {points} or {share} in the formula.",
        ),
    ),
    "W205": Entry(
        W,
        ("「單位：」之後空白。", "nothing stands behind 單位：."),
        ("計量單位，例如 %、人次、千元/人", "a unit, such as %, 人次, 千元/人"),
        ("請填入計量單位。", "Enter the unit."),
    ),
    "W206": Entry(
        W,
        (
            "公式註明了不同的單位，採用最後的「{found}」。",
            "several units are stated; the last, “{found}”, counts.",
        ),
        ("一個計量單位", "one unit"),
        ("請只保留一個單位。", "Keep one of them."),
    ),
    "N201": Entry(
        N,
        (
            "單位為 {sign}，公式的「×{factor}」視為「×{factor}{sign}」。",
            "as the unit is {sign}, ×{factor} is read as ×{factor}{sign}.",
        ),
        ("×{factor}{sign}", "×{factor}{sign}"),
        ("無須更動；數值不會再乘 {factor}。", "Nothing to do; the figure is not multiplied twice."),
    ),
    "N203": Entry(
        N,
        (
            "公式裡的單位互相抵銷，數值已換算（乘以 {found}）；舊版沒有換算。",
            (
                "the units of the formula cancel out, and the figure is converted (by {found}); "
                "former versions did not."
            ),
        ),
        ("換算過的比值", "a ratio that is converted"),
        ("正確時無須更動。", "Nothing to do if it is right."),
    ),
    "N202": Entry(
        N,
        (
            "公式已自行換算單位（{found} 倍），不再換算。",
            "the formula converts its unit itself (by {found}); it is not converted again.",
        ),
        ("單位換算一次", "one conversion"),
        ("無須更動。", "Nothing to do."),
    ),
}

ENTRIES: dict[str, Entry] = {**_LIMITS, **_SYNTAX, **_NAMES, **_DOUBTS}
