"""Further E1xx problems: effects of Excel, similar programs and many editors on a workbook."""

from __future__ import annotations

from reportgen.model.missing_symbols import MissingReason
from reportgen.problems.entry import Entry, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

_NO_FIGURE, _NOT_YET = MissingReason.NO_FIGURE, MissingReason.NOT_YET

_NUMBER = ("只填數字，例如 1234.5", "a number alone, such as 1234.5")
_SEEN = ("看到的就是儲存格的內容", "a cell that shows what it holds")

_LAYOUT: dict[str, Entry] = {
    "E139": Entry(
        E,
        ("標題「{found}」是西元年。", "the heading “{found}” is a year of the common era."),
        ("民國年，例如 {meant}", "a ROC year, such as {meant}"),
        ("請改填民國年「{meant}」。", "Enter the ROC year {meant}."),
    ),
    "E140": Entry(
        E,
        (
            "「{label}」與 {first} 合併成一格，無法確定這裡的內容。",
            "“{label}” is merged with {first}; what belongs here is not known.",
        ),
        ("每一格各有內容", "a content for each cell"),
        (
            f"請取消合併儲存格，再逐格填寫；沒有數值的填「{_NO_FIGURE.symbol}」。",
            (
                f"Unmerge the cells and fill in each of them, with “{_NO_FIGURE.symbol}” "
                "where there is no figure."
            ),
        ),
    ),
    "E141": Entry(
        E,
        (
            "工作表「{found}」與「{first}」名稱相同，無法確定該讀哪一張。",
            "the sheets “{found}” and “{first}” have the same name; which is meant is not known.",
        ),
        (
            "每個名稱只有一張工作表；空白與全形半形不算不同",
            "one sheet of each name; white space and width make no difference",
        ),
        ("請刪除其中一張，或改成別的名稱。", "Delete one of the two, or rename it."),
    ),
    "W145": Entry(
        W,
        ("年度之間缺少 {found} 年的欄。", "between the years there is no column {found}."),
        ("連續的年度", "years without a gap"),
        ("請確認是否刻意；漏了請補上「{found}」欄。", "Add it, unless it is left out on purpose."),
    ),
    "W153": Entry(
        W,
        (
            "年度的順序是 {found}：{year} 在較晚的年度之後；各年的數值可能對調。",
            "the years stand as {found}: {year} is behind a later one; figures may be exchanged.",
        ),
        ("由小到大（或由大到小）的年度", "years in ascending (or descending) order"),
        (
            "請核對各欄的數值屬於哪一年，再將各欄依年度排列。",
            "See of which year each column's figures are, and put the columns in order.",
        ),
    ),
    "N139": Entry(
        N,
        (
            "未讀取 {found} 欄：有內容，但沒有欄名。",
            "column {found} is not read, for it has no heading.",
        ),
        ("有內容的欄都有欄名", "a heading for each column"),
        (
            "需要時請在標題列補上欄名；旁註不受影響。",
            "Give it a heading if it is needed; remarks beside the table are left alone.",
        ),
    ),
    "N140": Entry(
        N,
        ("未讀取第 {row} 列：看來是{found}。", "row {row} is not read: it looks like {found_en}."),
        ("資料列", "a row of data"),
        (
            "確實如此時不需處理；若是資料，請補齊這一列。",
            "Nothing to do if so; if it is data, fill in the row.",
        ),
    ),
    "N141": Entry(
        N,
        ("未讀取項目「{found}」。", "the item “{found}” is not read."),
        ("規定的項目名稱", "the names of the sheet's own items"),
        (
            "自行增加的項目不受影響；若是改過名稱的項目，請改回原名。",
            "Items of your own are left alone; give an item that was renamed its name back.",
        ),
    ),
}

_CONTENTS: dict[str, Entry] = {
    "E142": Entry(
        E,
        (
            "「{label}」被 Excel 轉成了日期（{found}）。",
            "Excel has made a date of “{label}” ({found}).",
        ),
        ("文字", "a text"),
        (
            "請將儲存格格式改為「文字」，再重新填寫。",
            "Set the cell's format to Text and enter it again.",
        ),
    ),
    "W139": Entry(
        W,
        (
            "「{label}」存成了日期，讀為「{found}」。",
            "“{label}” is stored as a date; it is read as “{found}”.",
        ),
        ("文字", "a text"),
        (
            "若不是日期，請將儲存格格式改為「文字」，再重新填寫。",
            "If it is no date, set the cell's format to Text and enter it again.",
        ),
    ),
    "E143": Entry(
        E,
        (
            "「{label}」的公式「{found}」存成了文字，沒有計算。",
            "“{label}”: the formula “{found}” is stored as text and was never calculated.",
        ),
        _NUMBER,
        (
            "請將儲存格格式改為「通用格式」，在這一格按 F2 再按 Enter；或直接填數字。",
            "Set the cell's format to General, then press F2 and Enter; or enter the number.",
        ),
    ),
    "E144": Entry(
        E,
        (
            "「{label}」的「{found}」是科學記號文字，後面的位數可能已經遺失。",
            "“{label}”: “{found}” is text in scientific notation and may have lost its digits.",
        ),
        _NUMBER,
        ("請填寫完整的數字。", "Enter the whole number."),
    ),
    "E148": Entry(
        E,
        (
            "「{label}」的數字 {found} 太長，Excel 只保留前 15 位。",
            "“{label}”: of the number {found} Excel keeps the first 15 digits only.",
        ),
        ("15 位以內的數字，或文字", "a number of at most 15 digits, or a text"),
        (
            "請將儲存格格式改為「文字」，再重新填寫。",
            "Set the cell's format to Text and enter it again.",
        ),
    ),
    "E146": Entry(
        E,
        (
            "「{label}」是 WPS 放在儲存格裡的圖片，無法讀取。",
            "“{label}” is a picture that WPS Office put into the cell; it cannot be read.",
        ),
        ("文字或數字；圖片放在「經營核心價值」工作表上", "a text or a number"),
        (
            "請刪除這張圖片；要列印的圖片請在 WPS 改為「浮動圖片」後存檔。",
            "Delete it; a picture that is to be printed must float over the sheet.",
        ),
    ),
    "W141": Entry(
        W,
        (
            "「{label}」的公式引用其他活頁簿，讀到的是上次存檔時的數值。",
            "“{label}” refers to another workbook; its value may be out of date.",
        ),
        ("同一個活頁簿裡的內容", "contents of this workbook"),
        (
            "請核對數值，或改填數值。",
            "Check it, or enter the value itself.",
        ),
    ),
    "W142": Entry(
        W,
        (
            "「{label}」顯示為「{shown}」，實際內容是 {taken}，以實際內容為準。",
            "“{label}” is shown as “{shown}” but holds {taken}, which is what counts.",
        ),
        _SEEN,
        (
            "請將儲存格格式改為「通用格式」，確認數字的大小與單位。",
            "Set the cell's format to General and check the number and its unit.",
        ),
    ),
    "N143": Entry(
        N,
        (
            "「{label}」顯示為「{shown}」，以未捨入的 {taken} 計算。",
            "“{label}” is shown as “{shown}”; {taken}, unrounded, is what is calculated with.",
        ),
        _SEEN,
        (
            "要以顯示的數字計算時，請直接填那個數字。",
            "Enter the number that is shown if that is meant.",
        ),
    ),
    "N145": Entry(
        N,
        (
            "「{label}」顯示為 {shown}，單位不是百分比，以 {taken} 計算。",
            "“{label}” is shown as {shown}; as its unit is no percentage, it counts as {taken}.",
        ),
        _NUMBER,
        (
            "是比率時不需處理；是百分比請在「單位」填「%」；是數量請將格式改為「通用格式」，再重新填寫。",
            "Nothing to do for a ratio; else enter % under 單位, or a count in the format General.",
        ),
    ),
    "W143": Entry(
        W,
        (
            "活頁簿設為手動計算，公式的結果可能不是最新的。",
            "the workbook is calculated by hand only; results of formulas may be out of date.",
        ),
        ("自動計算的活頁簿", "a workbook that is calculated automatically"),
        (
            "請在 Excel 按 F9 重新計算並存檔，或在「公式 → 計算選項」改為自動。",
            "Press F9 in Excel and save it, or choose Automatic under Formulas → Options.",
        ),
    ),
}

_DRAWN: dict[str, Entry] = {
    "E161": Entry(
        E,
        (
            "「{label}」的「{found}」裡「{character}」不是數字：是上標、下標、圈號或分數。",
            "“{label}”: in “{found}” “{character}” is no digit: raised, lowered or in a circle.",
        ),
        _NUMBER,
        (
            "請只填數字；註解的編號請移到「備註」欄。",
            "Enter the number alone, and the number of a note in the column 備註.",
        ),
    ),
    "W161": Entry(
        W,
        (
            "「{label}」整格加了刪除線，仍讀為「{found}」。",
            "“{label}” is struck through as a whole; it is read as “{found}” all the same.",
        ),
        ("沒有刪除線的內容", "a content that is not struck through"),
        (
            "不要的內容請刪除；要採用的請取消刪除線。",
            "Delete what is not meant; take the line away from what is.",
        ),
    ),
    "W162": Entry(
        W,
        (
            "「{label}」的「{found}」加了刪除線，沒有採用；讀為「{taken}」。",
            "“{label}”: “{found}” is struck through and left out; it is read as “{taken}”.",
        ),
        ("沒有刪除線的內容", "a content that is not struck through"),
        (
            "確實如此時請刪除加了刪除線的字；要採用的請取消刪除線。",
            "Delete what is struck through, or take the line away if it is meant.",
        ),
    ),
    "W163": Entry(
        W,
        (
            "「{label}」是公式，檔案存檔前沒有重新計算；讀為檔案裡的「{found}」。",
            "“{label}” is a formula that was not calculated before it was saved, as “{found}”.",
        ),
        ("計算過的公式，或數字", "a formula that was calculated, or a number"),
        (
            "請用 Excel 開啟這個檔案並存檔，再檢查一次。",
            "Open the file in Excel, save it, and check it again.",
        ),
    ),
    "W164": Entry(
        W,
        (
            "「{item}」缺少 {found} 年的數值（{cells}），但同一列或同一年度的其他數值都有。",
            "“{item}” lacks {found} ({cells}), though the rest of its row or of the year is there.",
        ),
        ("定稿的每個年度都有內容", "every year of a final edition filled in"),
        (
            f"漏了請補上；{_NO_FIGURE.instruction}，{_NOT_YET.instruction}。",
            (
                f"Enter what is missing; what there is none of is “{_NO_FIGURE.symbol}”, "
                f"what is to come “{_NOT_YET.symbol}”."
            ),
        ),
    ),
}

_RATES: dict[str, Entry] = {
    "E149": Entry(
        E,
        (
            "「{label}」的 {found} 即 {taken}，超出範圍。",
            "“{label}”: {found} stands for {taken}, which is out of range.",
        ),
        ("百分比，例如 90%", "a percentage, such as 90%"),
        ("若是 {found}%，請填「{found}%」。", "If {found} % is meant, enter {found}%."),
    ),
    "W146": Entry(
        W,
        (
            "「{label}」的 {found} 視為 {found}%，但可能是 {other}%。",
            "“{label}”: {found} is read as {found} %, but {other} % may be meant.",
        ),
        ("以 % 為單位的數字，例如 85.5 或 85.5%", "a number in percent, such as 85.5 or 85.5%"),
        (
            "若是 {other}%，請填 {other} 或 {other}%；若確是 {found}%，請填 {found}%。",
            "If {other} % is meant, enter {other} or {other}%; if {found} %, enter {found}%.",
        ),
    ),
    "N147": Entry(
        N,
        (
            "「{label}」的 {found} 視為 {found}%：這一列各年度的數字都小於 1。",
            "“{label}”: {found} is read as {found} %: all figures of the row are below 1.",
        ),
        ("以 % 為單位的數字，例如 85.5 或 85.5%", "a number in percent, such as 85.5 or 85.5%"),
        (
            "確是 {found}% 時不需處理；若是 {other}%，請填 {other} 或 {other}%，整列都比照修改。",
            "Nothing to do if so; else enter {other} or {other}%, and so for the whole row.",
        ),
    ),
    "W147": Entry(
        W,
        (
            "「{label}」以百分比 {shown} 顯示，單位卻是「{unit}」，以 {taken} {unit}計算。",
            "“{label}” is shown as {shown}, but its unit is “{unit}”; it counts as {taken}.",
        ),
        (
            "數量；百分比的單位為「%」",
            "a count; the unit of a percentage is %",
        ),
        (
            "是百分比請將「單位」改為「%」；是數量請將格式改為「通用格式」，再重新填寫。",
            "Enter % under 單位; or, for a count, set the format to General and enter it again.",
        ),
    ),
    "N146": Entry(
        N,
        (
            (
                "「{label}」顯示為 {shown}，讀為 {taken}（單位：{unit}；同列共 {count} 格）；"
                "舊版程式讀為 {before}。"
            ),
            (
                "“{label}”, shown as {shown}, is {taken} (in {unit}); "
                "former versions read {before}. Cells like it in the row: {count}."
            ),
        ),
        ("看到的就是以該列單位計的數字", "what is seen, in the unit of the row"),
        (
            "不需處理；用舊版程式產製過的文件，請核對這個數字。",
            "Nothing to do, but check this figure in documents that a former version made.",
        ),
    ),
    "W148": Entry(
        W,
        (
            "「{label}」的 {found} 視為 {taken}，但可能是 {found}%。",
            "“{label}”: {found} is read as {taken}, but {found} % may be meant.",
        ),
        ("百分比，例如 90%", "a percentage, such as 90%"),
        (
            "若是 {found}%，請填 {found}%；若確是 {taken}，請填 {taken}。",
            "If {found} % is meant, enter {found}%; if {taken}, enter {taken}.",
        ),
    ),
    "W149": Entry(
        W,
        (
            "「{label}」的 {found} 視為 {taken}，但 {first} 填的是 {other}，兩者相差懸殊。",
            "“{label}”: {found} is {taken}, while {first} has {other}: they do not go together.",
        ),
        ("整欄都填數字，或都填百分比", "numbers in the whole column, or percentages in all of it"),
        (
            "請將整欄都改填數字（例如 20），或都改填百分比（例如 20%）。",
            "Enter numbers (such as 20) in the whole column, or percentages (such as 20%).",
        ),
    ),
}

_CHARACTERS: dict[str, Entry] = {
    "E145": Entry(
        E,
        (
            "「{label}」的「{found}」裡有「\ufffd」，原來的字已經遺失。",
            "“{label}”: “{found}” holds “\ufffd”, in place of a character that was lost.",
        ),
        ("完整的文字", "a text without lost characters"),
        ("請重新填寫遺失的字。", "Enter the lost characters again."),
    ),
    "E147": Entry(
        E,
        (
            "「{found}」裡有自造字（{codepoint}），換一台電腦就看不到，也無法列印。",
            "“{found}” holds a private character ({codepoint}), which other machines cannot show.",
        ),
        ("各機關通用的字", "characters that every machine knows"),
        (
            "請到全字庫（www.cns11643.gov.tw）查出這個字的 Unicode 字碼再填，或改用通用的字。",
            "Look it up at www.cns11643.gov.tw and enter its Unicode character, or another one.",
        ),
    ),
    "W140": Entry(
        W,
        (
            "「{found}」的「{character}」（{codepoint}）指定了異體字，字型沒有這個字形，將印成一般字形。",
            "no font has that variant of “{character}” ({codepoint}) in “{found}”.",
        ),
        ("字型所收的字形", "a form that the fonts have"),
        ("請確認可以使用一般字形。", "Check that the usual form will do."),
    ),
    "W144": Entry(
        W,
        (
            "「{found}」的「{character}」（{codepoint}）只有全字庫字型收錄，Word 檔未必看得到。",
            "“{character}” ({codepoint}) in “{found}” is in TW-Kai-Plus alone; Word may lack it.",
        ),
        ("各機關通用的字", "characters that every machine knows"),
        (
            "請核對 PDF 的字形；Word 檔請在裝有全字庫正楷體的電腦開啟。",
            "Check it in the PDF; open the Word file where TW-Kai is installed.",
        ),
    ),
    "N144": Entry(
        N,
        (
            "「{found}」的「{character}」（{codepoint}）是罕用字，Word 檔可能以其他字型顯示。",
            "“{character}” ({codepoint}) in “{found}” is rare; Word may show it in another face.",
        ),
        ("各機關通用的字", "characters that every machine knows"),
        ("PDF 不受影響，不需處理。", "The PDF is right; nothing to do."),
    ),
}

_FILES: dict[str, Entry] = {
    "N142": Entry(
        N,
        (
            "檔案裡有不屬於活頁簿的項目「{found}」，已略過。",
            "the file holds “{found}”, which is no part of a workbook; it is ignored.",
        ),
        ("一般的活頁簿", "an ordinary workbook"),
        (
            "檔案若來自外部，請向寄件人確認。",
            "If it came from outside, ask whoever sent it.",
        ),
    ),
}

ENTRIES: dict[str, Entry] = {**_LAYOUT, **_CONTENTS, **_DRAWN, **_RATES, **_CHARACTERS, **_FILES}
