"""E4xx: templates, their HTML and CSS."""

from __future__ import annotations

from reportgen.problems.entry import Entry, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

ENTRIES: dict[str, Entry] = {
    "E401": Entry(
        E,
        ("範本語法有誤：{found}。", "the template does not parse: {found}."),
        ("Jinja2 語法", "Jinja2 syntax"),
        ("請修正該行。", "Mend that line."),
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
        ("請改用支援的標籤。", "Use a supported tag."),
    ),
    "E404": Entry(
        E,
        (
            "Word 無法呈現 CSS 設定「{found}」。",
            "the CSS declaration “{found}” has no counterpart in Word.",
        ),
        ("docs/templates.md 所列的 CSS 屬性", "a property listed in docs/templates.md"),
        (
            "請改用支援的屬性；只用於 PDF 者，請放進 @media print {{ }}。",
            "Use a supported one; what is meant for the PDF alone goes into @media print {{ }}.",
        ),
    ),
    "E405": Entry(
        E,
        (
            "找不到範本「{found}」，找過：{places}。",
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
        ("請修正範本。", "Mend the template."),
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
}
