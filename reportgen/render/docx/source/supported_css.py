"""Supported HTML and CSS: the one list used by the converter, the check and the docs.

A tag that is not in ``TAGS`` is E403. A property that is not in ``PROPERTIES``, or a value that
``VALUES`` does not list, is E404, unless it is inside ``@media print`` (WeasyPrint prints, so it
applies such rules; Word need not) or ``@page``.
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


class Note(NamedTuple):
    """What a tag or a property becomes in Word, in Taiwan's Chinese and in English."""

    zh: str
    en: str


_TEXT = Note("一般文字，樣式依 CSS", "plain text, formatted by CSS")
_BLOCK = Note("段落，樣式依 CSS", "a paragraph, formatted by CSS")
_GROUP = Note("群組，本身不成段落", "a group; no paragraph of its own")
_HEAD = Note("不列印", "not printed")
_TABLE = Note("表格的一部分", "a part of a table")

_INLINE = (
    *("span", "strong", "b", "em", "i", "u", "s", "del", "ins", "small", "sup", "sub", "mark"),
    *("code", "kbd", "samp", "var", "cite", "q", "abbr", "dfn", "time", "data"),
)

TAGS: dict[str, Note] = {
    "html": _GROUP,
    "head": _HEAD,
    "title": _HEAD,
    "meta": _HEAD,
    "link": _HEAD,
    "style": _HEAD,
    "base": _HEAD,
    "body": _GROUP,
    "section": _GROUP,
    "article": _GROUP,
    "main": _GROUP,
    "nav": _GROUP,
    "aside": _GROUP,
    "header": _GROUP,
    "footer": _GROUP,
    "div": Note("群組、段落或（display: table）表格", "a group, a paragraph or a table"),
    "p": _BLOCK,
    **dict.fromkeys(
        ("h1", "h2", "h3", "h4", "h5", "h6"),
        Note("標題 1–6，可用功能窗格瀏覽", "Heading 1-6, shown in the navigation pane"),
    ),
    "blockquote": _BLOCK,
    "address": _BLOCK,
    "figure": _GROUP,
    "figcaption": _BLOCK,
    "pre": Note("保留空白的段落", "a paragraph that keeps its spaces"),
    "hr": Note("橫線", "a line across the page"),
    "br": Note("換行", "a line break"),
    "wbr": Note("可斷行處", "a place where a line may break"),
    **dict.fromkeys(_INLINE, _TEXT),
    "a": Note("超連結", "a hyperlink"),
    "ul": Note("項目符號清單", "a bulleted list"),
    "ol": Note("編號清單", "a numbered list"),
    "li": Note("清單項目", "a list's item"),
    "dl": _GROUP,
    "dt": _BLOCK,
    "dd": _BLOCK,
    "table": Note("表格", "a table"),
    "caption": Note("表格上方或下方的段落", "a paragraph above or below the table"),
    **dict.fromkeys(("colgroup", "col", "tbody", "tfoot", "tr", "th", "td"), _TABLE),
    "thead": Note("每頁重複的標題列", "rows repeated on every page"),
    "img": Note("圖片：PNG、JPEG、GIF、SVG", "a picture: PNG, JPEG, GIF, SVG"),
    "svg": Note("圖片，其內容不另檢查", "a picture; what is in it is not looked at"),
}

_LAYOUT = Note("由 PDF 排版算出結果，Word 取用", "worked out by the layout that Word follows")
_BOTH = Note("兩種輸出相同", "the same in both outputs")
_PDF = Note("只與 PDF 有關，Word 不需要", "the PDF's alone; Word has no need of it")
_WORD = Note("Word 自行處理", "Word does so by itself")
_SPACE = Note("段落間距或縮排；儲存格為邊界", "space and indents of paragraphs; margins of cells")
_BORDER = Note("段落、儲存格或文字的框線", "borders of paragraphs, cells or text")

_SIDES = ("top", "right", "bottom", "left")

# Of background pictures, which have no counterpart.
_OF_PICTURES_BEHIND = tuple(
    f"background-{part}" for part in ("attachment", "clip", "origin", "position", "repeat", "size")
)
_OF_PDF = (
    *("bookmark-level", "bookmark-label", "bookmark-state", "string-set", "anchor", "lang"),
    *("image-rendering", "image-resolution", "box-decoration-break", "margin-break"),
    *("font-kerning", "font-feature-settings", "font-language-override", "font-stretch"),
    *(f"font-variant-{part}" for part in ("ligatures", "numeric", "east-asian", "alternates")),
    *("font-variant-position", "hyphenate-character", "hyphenate-limit-chars"),
    *("hyphenate-limit-zone", "color-scheme", "clear"),
)

PROPERTIES: dict[str, Note] = {
    # Text
    "color": _BOTH,
    "font-family": Note("第一個西文字型與第一個中文字型", "first Latin and first CJK family"),
    "font-size": _BOTH,
    "font-style": _BOTH,
    "font-weight": Note("600 以上為粗體", "bold from 600"),
    "font-variant-caps": _BOTH,
    "letter-spacing": _BOTH,
    "text-transform": _BOTH,
    "text-decoration-line": Note("底線、刪除線", "underline and line-through"),
    "text-decoration-style": _BOTH,
    "text-decoration-color": Note("Word 用文字顏色", "Word takes the text's colour"),
    "text-decoration-thickness": _WORD,
    "text-underline-offset": _WORD,
    "white-space": Note(
        "換行與空白兩者相同；禁止斷行（nowrap）在 Word 以縮排盡量達成，寬過欄位的 .phrase 仍會斷行",
        "line ends and spaces are the same; what is not to break (nowrap) is kept together in Word "
        "by indents as far as they can, and a .phrase wider than its column breaks all the same",
    ),
    "overflow-wrap": Note("Word 一律斷開過長的字", "Word always breaks a word that is too long"),
    "word-break": _WORD,
    "hyphens": _WORD,
    "tab-size": _WORD,
    "content": Note("::before、::after 與頁首頁尾的文字", "::before, ::after, margin boxes"),
    "quotes": _BOTH,
    "counter-reset": _BOTH,
    "counter-set": _BOTH,
    "counter-increment": _BOTH,
    # Paragraphs
    "text-align-all": _BOTH,
    "text-align-last": _BOTH,
    "text-indent": _BOTH,
    "line-height": Note("最小行高", "line spacing, at least so much"),
    **{f"margin-{side}": _SPACE for side in _SIDES},
    **{f"padding-{side}": _SPACE for side in _SIDES},
    **{f"border-{side}-{part}": _BORDER for side in _SIDES for part in ("width", "style", "color")},
    "background-color": Note("段落、儲存格或文字的網底", "shading of paragraphs, cells or text"),
    "background-image": _BOTH,
    **dict.fromkeys(_OF_PICTURES_BEHIND, _PDF),
    "break-before": Note("page：段落前分頁", "page: a page break before the paragraph"),
    "break-after": Note("page：分頁；avoid：與下段同頁", "page: a break; avoid: keep with next"),
    "break-inside": Note("avoid：同頁；列不跨頁", "avoid: kept on one page; rows are not cut"),
    "orphans": Note("1：不控制孤行", "1: single lines are allowed"),
    "widows": Note("1：不控制孤行", "1: single lines are allowed"),
    # Lists
    "list-style-type": _BOTH,
    "list-style-position": _BOTH,
    "list-style-image": _BOTH,
    # Tables
    "display": _BOTH,
    "border-collapse": _BOTH,
    "border-spacing": _BOTH,
    "caption-side": _BOTH,
    "empty-cells": _BOTH,
    "table-layout": _LAYOUT,
    "vertical-align": Note("儲存格對齊；上標、下標", "alignment in cells; super- and subscript"),
    # Sizes
    "width": _LAYOUT,
    "min-width": _LAYOUT,
    "max-width": _LAYOUT,
    "height": Note("列高與圖片高度", "the height of rows and pictures"),
    "min-height": Note("圖片高度", "the height of pictures"),
    "max-height": Note("圖片高度", "the height of pictures"),
    "box-sizing": _LAYOUT,
    "object-fit": _BOTH,
    # Positioning, which Word lacks: only the values without effect
    **dict.fromkeys(("float", "position", "overflow", "visibility", "direction"), _BOTH),
    "opacity": _BOTH,
    # PDF only
    **dict.fromkeys(_OF_PDF, _PDF),
    # Custom properties of this program: html element, paragraphs
    "--watermark": Note(
        "html 的浮水印（Word 可由「移除浮水印」刪除）",
        "of html: a word behind every page, which Word's Remove Watermark knows",
    ),
    "--word-style": Note("Word 段落樣式的名稱", "the name of the paragraph's style"),
}

# Shorthand → longhands that stand for all it sets.
SHORTHANDS: dict[str, tuple[str, ...]] = {
    "margin": tuple(f"margin-{side}" for side in _SIDES),
    "padding": tuple(f"padding-{side}" for side in _SIDES),
    "border": tuple(f"border-{side}-width" for side in _SIDES),
    **{f"border-{side}": (f"border-{side}-width",) for side in _SIDES},
    **{f"border-{part}": (f"border-top-{part}",) for part in ("width", "style", "color")},
    "background": ("background-color", "background-image"),
    "font": ("font-family", "font-size"),
    "font-variant": ("font-variant-caps",),
    "list-style": ("list-style-type",),
    "text-align": ("text-align-all",),
    "text-decoration": ("text-decoration-line",),
    "word-wrap": ("overflow-wrap",),
    "page-break-before": ("break-before",),
    "page-break-after": ("break-after",),
    "page-break-inside": ("break-inside",),
}

# The only values of a property that can be mapped; the CSS-wide ones always can.
VALUES: dict[str, frozenset[str]] = {
    "display": frozenset(
        (
            *("none", "block", "inline", "list-item", "flow-root", "table", "table-row"),
            *("table-row-group", "table-header-group", "table-footer-group", "table-cell"),
            *("table-column", "table-column-group", "table-caption"),
        )
    ),
    "float": frozenset(("none",)),
    "position": frozenset(("static",)),
    "overflow": frozenset(("visible",)),
    "visibility": frozenset(("visible",)),
    "direction": frozenset(("ltr",)),
    "opacity": frozenset(("1",)),
    "background-image": frozenset(("none",)),
    "list-style-image": frozenset(("none",)),
    "empty-cells": frozenset(("show",)),
    "font-variant-caps": frozenset(("normal", "small-caps")),
    "text-align-last": frozenset(("auto",)),
    "object-fit": frozenset(("fill",)),
    "list-style-type": frozenset(("none", "disc", "circle", "square", *FORMATS)),
}
CSS_WIDE = frozenset(("inherit", "initial", "unset", "revert"))
