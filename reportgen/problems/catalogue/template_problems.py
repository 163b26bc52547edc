"""E4xx: templates, their HTML and CSS."""

from __future__ import annotations

from reportgen.problems.entry import Entry, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

ENTRIES: dict[str, Entry] = {
    "E401": Entry(
        E,
        ("範本語法有誤：{found}。", "the template does not parse: {found}."),
        ("Jinja2 語法", "Jinja2 syntax"),
        ("請修正範本的這一行。", "Mend that line of the template."),
    ),
    "E402": Entry(
        E,
        ("範本執行失敗：{found}。", "the template failed: {found}."),
        (
            "範本只能使用程式提供的名稱",
            "only the names that the program hands to a template",
        ),
        (
            "請對照 docs/templates.md 所列的名稱修正。",
            "Compare with the names in docs/templates.md.",
        ),
    ),
    "E403": Entry(
        E,
        (
            "Word 無法呈現 HTML 標籤 <{found}>。",
            "the HTML tag <{found}> has no counterpart in Word.",
        ),
        ("docs/templates.md 所列的標籤", "a tag listed in docs/templates.md"),
        ("修改方式：{remedy}", "{remedy_en}"),
    ),
    "E404": Entry(
        E,
        (
            "CSS 設定「{found}」在 PDF 與 Word 無法相同{why}。",
            "the CSS “{found}” cannot be the same in PDF and Word{why_en}.",
        ),
        ("可用的寫法：{expected}", "{expected_en}"),
        ("修改方式：{remedy}", "{remedy_en}"),
    ),
    "E405": Entry(
        E,
        (
            "找不到範本「{found}」，已找過：{places}。",
            "there is no template “{found}”; looked for: {places}.",
        ),
        ("{places}", "{places}"),
        (
            "請確認 --templates 所指的資料夾，或改用內建範本。",
            "Check the folder given with --templates, or use the packaged templates.",
        ),
    ),
    "E406": Entry(
        E,
        ("範本資料夾裡沒有「{found}」。", "“{found}” is not in the template's folder."),
        ("範本資料夾裡的檔案", "a file in the template's own folder"),
        ("請將檔案放進範本資料夾。", "Put the file into the template's folder."),
    ),
    "E407": Entry(
        E,
        ("排版程式不接受：{found}。", "the layout engine does not accept: {found}."),
        ("有效的 HTML 與 CSS", "valid HTML and CSS"),
        ("請修正範本的這一處。", "Mend that place in the template."),
    ),
    "W408": Entry(
        W,
        (
            "第 {page} 頁的文字「{found}」超出欄位或頁面，或與其他文字重疊。",
            "on page {page} the text “{found}” leaves its column or page, or lies on other text.",
        ),
        ("每段文字都在自己的欄位裡", "every text within its own column"),
        (
            "請縮短文字，或在範本中加寬欄位、縮小字級。",
            "Shorten the text, or widen the column or set a smaller size in the template.",
        ),
    ),
    "E409": Entry(
        E,
        (
            "產製這份文件用掉了過多的{found}，已中止。",
            "making this document took too much {found_en} and was stopped.",
        ),
        ("很快就能完成的範本", "a template that is soon done"),
        (
            (
                "請檢查範本（尤其是該行）有沒有停不下來的迴圈、不斷引用自己的 include 或 macro，"
                "或過大的表格。"
            ),
            (
                "Look in the template, first at that line, for a loop without an end, a macro "
                "or include of itself, or a table that is far too large."
            ),
        ),
    ),
    "E410": Entry(
        E,
        (
            "排版程式處理不了這份範本（{found}）。",
            "the layout engine cannot cope with this template ({found}).",
        ),
        ("排版程式能處理的 HTML 與 CSS", "HTML and CSS that the layout engine can lay out"),
        (
            "請還原最近修改的地方再試；若用的是內建範本，請將活頁簿與本訊息交給維護人員。",
            (
                "Undo your latest changes and try again; with a packaged template, send the "
                "workbook and this message to the maintainer."
            ),
        ),
    ),
    "E411": Entry(
        E,
        (
            "「{found}」在{output}看不到：{reason}。",
            "“{found}” cannot be seen in {output}: {reason_en}.",
        ),
        (
            "範本寫出的資料都看得到",
            "all data that the template writes can be seen",
        ),
        (
            "請修正範本的 CSS；若這項資料不必列印，請從範本刪去，不要只是隱藏。",
            (
                "Mend the template's CSS; if it is not to be printed, take it out of the template "
                "instead of hiding it."
            ),
        ),
    ),
    "E412": Entry(
        E,
        ("另有 {count} 處資料也看不到。", "and {count} more cannot be seen."),
        (
            "範本寫出的資料都看得到",
            "all data that the template writes can be seen",
        ),
        ("請先修正上列各項，再重新產製。", "Mend those above first, then build again."),
    ),
    "E413": Entry(
        E,
        (
            "做好的檔案讀回核對，{output}的文字與資料不符（在「{found}」附近），因此未存檔。",
            (
                "the finished file was read back: the text of {output_en} differs near “{found}”, "
                "so it was not saved."
            ),
        ),
        ("讀回的文字與排版完全相同", "the very text that was laid out"),
        (
            "請改寫該處的文字或範本後再試；若仍發生，請將活頁簿與本訊息交給維護人員。",
            (
                "Change the text or the template there and try again; if it happens again, send "
                "the workbook and this message to the maintainer."
            ),
        ),
    ),
    "E414": Entry(
        E,
        (
            "文件「{found}」與「{other}」的檔名會相同。",
            "the documents “{found}” and “{other}” would have the same file name.",
        ),
        ("檔名各不相同的文件", "documents with names of their own"),
        ("請把自訂範本的資料夾改名。", "Give the template's folder another name."),
    ),
    "E421": Entry(
        E,
        (
            "第 {page} 頁重複的標題與欄名太高，表格的內容沒有地方可放；其中以「{found}」佔最多。",
            (
                "the headings repeated on page {page} leave no room for a row of the table; "
                "“{found}” takes most of it."
            ),
        ),
        (
            "標題、宗旨與欄名以外，頁面還容得下一列",
            "room for a row below the headings and statements of a page",
        ),
        (
            "請縮短這段文字；或在範本中縮小其字級，或不要在每一頁重複。",
            (
                "Shorten that text, or set it smaller in the template, or do not repeat it on "
                "every page."
            ),
        ),
    ),
    "W422": Entry(
        W,
        (
            "第 {page} 頁接續前頁的內容，但沒有標題與欄名（「{found}」）。",
            "page {page} goes on without title and column headings (“{found}”).",
        ),
        ("每一頁都有標題與欄名", "title and column headings on every page"),
        (
            "請把長的內容放進該頁最後一個表格，或縮短文字。",
            "Put what is long into the last table of its page, or shorten the text.",
        ),
    ),
    "W423": Entry(
        W,
        (
            "Word 檔由 LibreOffice 排成 {found} 頁，PDF 為 {other} 頁。",
            "LibreOffice lays the Word file out on {found} pages; the PDF has {other}.",
        ),
        ("兩種格式頁數相同", "as many pages in both formats"),
        (
            "請確認已安裝文件所用的字型；若仍不同，請縮短最長的文字，或改用較鬆的範本。",
            (
                "Check that the document's fonts are installed; if they still differ, shorten the "
                "longest text or leave more space in the template."
            ),
        ),
    ),
    "E424": Entry(
        E,
        (
            "Word 檔排版後，「{found}」附近有文字不在任何一頁上。",
            "when the Word file is laid out, text near “{found}” is on no page.",
        ),
        ("每個字都印在某一頁上", "every letter on a page"),
        (
            "請縮短該處的文字，或在範本中加寬欄位；若仍發生，請將活頁簿與本訊息交給維護人員。",
            (
                "Shorten the text there, or widen its column in the template; if it happens again, "
                "send the workbook and this message to the maintainer."
            ),
        ),
    ),
    "N425": Entry(
        N,
        (
            (
                "小於 8 點的字有 {small} 個（頁：{small_pages}），只有一字的行有 {lone} 行"
                "（頁：{lone_pages}），表格只有一列的頁有 {rows} 頁（頁：{row_pages}）。"
            ),
            (
                "{small} characters are under 8 pt (pages {small_pages}), {lone} lines have one "
                "character (pages {lone_pages}), {rows} pages have a single row of a table that is "
                "longer (pages {row_pages})."
            ),
        ),
        (
            "至少 8 點、行末不只剩一字、表格的一列不單獨在一頁",
            "at least 8 pt, no line of one character, and no row alone on its page",
        ),
        (
            "請縮短該頁的文字，或在範本中加寬欄位、放大字級。",
            "Shorten the text on these pages, or widen its column or set it larger.",
        ),
    ),
}
