"""Supported HTML and CSS: the one list used by the converter, the check and the docs.

A tag that is not in ``TAGS`` is E403. A declaration is supported by property *and* value: what
``PROPERTIES``, or ``PAGE_PROPERTIES`` within ``@page``, does not list is E404, unless it is inside
``@media print`` (WeasyPrint prints, so it applies such rules; Word need not).

A value is listed as a keyword, or by its kind: ``<length>``, ``<percentage>``, ``<number>``,
``<color>``, ``<string>``, ``<family>``, ``<counter>``, or a function such as ``attr()``.
"""

from __future__ import annotations

from typing import NamedTuple

# CSS's list-style-type → Word's number format.
FORMATS = {
    "decimal": "decimal",
    "decimal-leading-zero": "decimalZero",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "cjk-heavenly-stem": "ideographTraditional",
    "cjk-earthly-branch": "ideographZodiac",
    "trad-chinese-informal": "taiwaneseCountingThousand",
    "trad-chinese-formal": "ideographLegalTraditional",
}


SLOTS = ("left", "center", "right")  # of a header or footer


class Note(NamedTuple):
    """What a tag or a property becomes in Word, in Taiwan's Chinese and in English."""

    zh: str
    en: str


_GROUPS = (
    *("html", "body", "section", "article", "main", "nav", "aside", "header", "footer"),
    *("figure", "dl"),
)
_INLINE = (
    *("span", "strong", "b", "em", "i", "u", "s", "del", "ins", "small", "sup", "sub", "mark"),
    *("code", "kbd", "samp", "var", "cite", "q", "abbr", "dfn", "time", "data"),
)

TAGS: dict[str, Note] = {
    **dict.fromkeys(_GROUPS, Note("群組，本身不成段落", "a group; no paragraph of its own")),
    **dict.fromkeys(
        ("head", "title", "meta", "link", "style", "base"), Note("不列印", "not printed")
    ),
    "div": Note("群組、段落或（display: table）表格", "a group, a paragraph or a table"),
    **dict.fromkeys(
        ("p", "blockquote", "address", "figcaption", "dt", "dd"),
        Note("段落，樣式依 CSS", "a paragraph, formatted by CSS"),
    ),
    **dict.fromkeys(
        ("h1", "h2", "h3", "h4", "h5", "h6"),
        Note("標題 1–6，可用功能窗格瀏覽", "Heading 1-6, shown in the navigation pane"),
    ),
    "pre": Note("保留空白的段落", "a paragraph that keeps its spaces"),
    "hr": Note("橫線", "a line across the page"),
    "br": Note("換行", "a line break"),
    "wbr": Note("可斷行處", "a place where a line may break"),
    **dict.fromkeys(_INLINE, Note("一般文字，樣式依 CSS", "plain text, formatted by CSS")),
    "a": Note("超連結", "a hyperlink"),
    "ul": Note("項目符號清單", "a bulleted list"),
    "ol": Note("編號清單", "a numbered list"),
    "li": Note("清單項目", "a list's item"),
    "table": Note("表格", "a table"),
    "caption": Note("表格上方或下方的段落", "a paragraph above or below the table"),
    **dict.fromkeys(
        ("colgroup", "col", "tbody", "tfoot", "tr", "th", "td"),
        Note("表格的一部分", "a part of a table"),
    ),
    "thead": Note("每頁重複的標題列", "rows repeated on every page"),
    "img": Note("圖片：PNG、JPEG、GIF、SVG", "a picture: PNG, JPEG, GIF, SVG"),
    "svg": Note("圖片，其內容不另檢查", "a picture; what is in it is not looked at"),
}

_LAYOUT = Note("由 PDF 排版算出結果，Word 取用", "worked out by the layout that Word follows")
_BOTH = Note("兩種輸出相同", "the same in both outputs")
_NO_EFFECT = Note("兩者皆無作用", "no effect in either")
_NO_PICTURE = Note("沒有背景圖片，無作用", "no effect without a picture")
_PDF = Note("只與 PDF 有關，Word 不需要", "the PDF's alone; Word has no need of it")
_BOOKMARK = Note("PDF 的書籤與 Word 的功能窗格", "bookmarks of the PDF, Word's navigation pane")
_SPACE = Note("段落間距或縮排；儲存格為邊界", "space and indents of paragraphs; margins of cells")
_BORDER = Note("段落、儲存格或文字的框線", "borders of paragraphs, cells or text")
_HEIGHT = Note("列、圖片與空白區塊的高度", "the height of rows, pictures and empty blocks")
_PICTURE_HEIGHT = Note("圖片高度", "the height of pictures")


_BORDER_WIDTHS = ("thin", "medium", "thick", "<length>")
_BORDER_STYLES = ("none", "hidden", "solid", "double", "dashed", "dotted")
_SIZE = ("<length>", "<percentage>")
_FONT_SIZES = (
    *("xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large"),
    *("smaller", "larger"),
)
_BREAKS = ("auto", "page", "always", "avoid", "avoid-page")
_CONTENT = (
    *("normal", "none", "<string>", "attr()", "counter()", "counters()"),
    *("open-quote", "close-quote", "no-open-quote", "no-close-quote"),
)


class Support(NamedTuple):
    """The values of a property that are the same in both outputs, and what Word makes of them.

    Lengths that are not 0 are within ``limits``, in points, if it has any.
    """

    values: tuple[str, ...]
    note: Note = _BOTH
    limits: tuple[float, float] | None = None


def _sides(name: str, support: Support) -> dict[str, Support]:
    """Return the support of a property of each side; ``name`` has ``{}`` in place of the side."""
    return {name.format(side): support for side in ("top", "right", "bottom", "left")}


_FONT: dict[str, Support] = {
    "color": Support(("<color>",)),
    "font-family": Support(
        ("<family>",),
        Note("第一個西文字型與第一個中文字型", "first Latin and first CJK family"),
    ),
    "font-size": Support((*_SIZE, *_FONT_SIZES)),
    "font-style": Support(
        ("normal", "italic"),
        Note("西文字母為斜體；中文字不傾斜", "of Latin letters; Chinese characters stand upright"),
    ),
    "font-weight": Support(("normal", "bold", "400", "700")),
    "letter-spacing": Support(("normal", "<length>")),
    "text-decoration-line": Support(("none", "underline", "line-through")),
    "text-decoration-style": Support(
        ("solid", "double", "dotted", "dashed", "wavy"), Note("底線的樣式", "of an underline")
    ),
    "line-height": Support(
        ("normal", "<number>", *_SIZE), Note("最小行高", "line spacing, at least so much")
    ),
    "white-space": Support(
        ("normal", "nowrap", "pre", "pre-wrap", "pre-line"),
        Note(
            "換行與空白兩者相同；禁止斷行（nowrap）在 Word 以縮排盡量達成，"
            "寬過欄位的 .phrase 仍會斷行",
            "line ends and spaces are the same; what is not to break (nowrap) is kept together in "
            "Word by indents as far as they can, and a .phrase wider than its column breaks all "
            "the same",
        ),
    ),
}

PROPERTIES: dict[str, Support] = {
    # Text
    **_FONT,
    "text-transform": Support(("none", "uppercase", "lowercase", "capitalize", "full-width")),
    "overflow-wrap": Support(
        ("normal", "anywhere", "break-word"),
        Note("Word 一律斷開過長的字", "Word always breaks a word that is too long"),
    ),
    "hyphens": Support(("manual", "none")),
    "content": Support(_CONTENT, Note("::before、::after 的文字", "the text of ::before, ::after")),
    "quotes": Support(("auto", "none", "<string>")),
    **dict.fromkeys(
        ("counter-reset", "counter-set", "counter-increment"),
        Support(("none", "<counter>"), Note("文字中的編號", "numbers within text")),
    ),
    # Paragraphs
    "text-align-all": Support(("start", "left", "end", "right", "center", "justify")),
    "text-align-last": Support(("auto",)),
    "text-indent": Support(_SIZE),
    **_sides("margin-{}", Support(("auto", *_SIZE), _SPACE)),
    **_sides("padding-{}", Support(_SIZE, _SPACE)),
    **_sides("border-{}-width", Support(_BORDER_WIDTHS, _BORDER, (0.25, 12))),
    **_sides("border-{}-style", Support(_BORDER_STYLES, _BORDER)),
    **_sides("border-{}-color", Support(("<color>",), _BORDER)),
    "background-color": Support(
        ("<color>",), Note("段落、儲存格或文字的網底", "shading of paragraphs, cells or text")
    ),
    "break-before": Support(
        _BREAKS, Note("page：段落前分頁", "page: a page break before the paragraph")
    ),
    "break-after": Support(
        _BREAKS, Note("page：分頁；avoid：與下段同頁", "page: a break; avoid: keep with next")
    ),
    "break-inside": Support(
        ("auto", "avoid", "avoid-page"),
        Note("avoid：同頁；列不跨頁", "avoid: kept on one page; rows are not cut"),
    ),
    **dict.fromkeys(
        ("orphans", "widows"),
        Support(("1", "2"), Note("1：不控制孤行", "1: single lines are allowed")),
    ),
    # Lists
    "list-style-type": Support(("none", "disc", "circle", "square", *FORMATS)),
    "list-style-position": Support(("outside", "inside")),
    # Tables
    "display": Support(
        (
            *("none", "block", "inline", "list-item", "flow-root", "table", "table-row"),
            *("table-row-group", "table-header-group", "table-footer-group", "table-cell"),
            *("table-column", "table-column-group", "table-caption"),
        )
    ),
    "border-collapse": Support(("collapse",)),
    "border-spacing": Support(("0",)),
    "caption-side": Support(("top", "bottom")),
    "empty-cells": Support(("show",), _NO_EFFECT),
    "table-layout": Support(("fixed", "auto"), _LAYOUT),
    "vertical-align": Support(
        ("baseline", "top", "middle", "bottom", "super", "sub", "<length>", "<percentage>"),
        Note(
            "儲存格：top、middle、bottom；文字：baseline、super、sub、長度",
            "of cells: top, middle, bottom; of text: baseline, super, sub, a length",
        ),
    ),
    # Sizes
    "width": Support(("auto", *_SIZE), _LAYOUT),
    "min-width": Support(("auto", *_SIZE), _LAYOUT),
    "max-width": Support(("none", *_SIZE), _LAYOUT),
    "height": Support(("auto", "<length>"), _HEIGHT),
    "min-height": Support(("auto", "<length>"), _PICTURE_HEIGHT),
    "max-height": Support(("none", "<length>"), _PICTURE_HEIGHT),
    "box-sizing": Support(("content-box", "border-box"), _LAYOUT),
    "object-fit": Support(("fill",), _NO_EFFECT),
    # Positioning, which Word lacks: only the values without effect
    **{
        name: Support((value,), _NO_EFFECT)
        for name, value in (
            *(("float", "none"), ("clear", "none"), ("position", "static")),
            *(("overflow", "visible"), ("visibility", "visible"), ("direction", "ltr")),
            *(("opacity", "1"), ("background-image", "none"), ("list-style-image", "none")),
            *(("font-variant-caps", "normal"), ("word-break", "normal")),
        )
    },
    **{
        f"background-{part}": Support(("<any>",), _NO_PICTURE)
        for part in ("attachment", "clip", "origin", "position", "repeat", "size")
    },
    # PDF only
    "bookmark-level": Support(("none", "<number>"), _BOOKMARK),
    "bookmark-label": Support(("<string>", "attr()", "content()", "counter()"), _BOOKMARK),
    "bookmark-state": Support(("open", "closed"), _PDF),
    # Custom properties of this program: html element, paragraphs
    "--watermark": Support(
        ("<string>", "none"),
        Note(
            "html 的浮水印（Word 可由「移除浮水印」刪除）",
            "of html: a word behind every page, which Word's Remove Watermark knows",
        ),
    ),
    "--word-style": Support(
        ("<string>",), Note("Word 段落樣式的名稱", "the name of the paragraph's style")
    ),
}

_PAGE = Note("版面設定", "page setup")
_EDGE = Note("頁首、頁尾", "header and footer")

PAGE_PROPERTIES: dict[str, Support] = {  # of @page
    "size": Support(("auto", "<length>"), _PAGE, (7.2, 1584)),
    **_sides("margin-{}", Support(_SIZE, _PAGE)),
}
MARGIN_BOXES = tuple(f"@{edge}-{slot}" for edge in ("top", "bottom") for slot in SLOTS)
MARGIN_BOX_PROPERTIES: dict[str, Support] = {  # of @page's header and footer boxes
    **{name: support._replace(note=_EDGE) for name, support in _FONT.items()},
    "content": Support(
        ("normal", "none", "<string>", "counter(page)", "counter(pages)"),
        Note("頁首、頁尾的文字與頁碼", "the text of header and footer, page numbers"),
    ),
    "vertical-align": Support(
        ("top", "middle", "bottom"), Note("頁首、頁尾的高低", "where it stands in the margin")
    ),
    "padding-top": Support(("<length>",), Note("同上", "the same")),
    "padding-bottom": Support(("<length>",), Note("同上", "the same")),
}

CSS_WIDE = frozenset(("inherit", "initial"))
