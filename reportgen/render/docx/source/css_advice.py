"""Problems of unsupported HTML and CSS: why, what is expected, and a remedy that works."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reportgen.problems import Location, Problem, make_problem
from reportgen.render.docx.source.font_mapping import CJK, LATIN, is_east_asian
from reportgen.render.docx.source.supported_css import PAGE_PROPERTIES, PROPERTIES, Note, Support

if TYPE_CHECKING:
    from reportgen.render.docx.source.css_values import Word
    from reportgen.render.docx.source.template_source import Part


class Finding(NamedTuple):
    """Why a declaration is refused: a property that it sets, and what to write instead."""

    name: str
    support: Support | None  # None: the property is not supported at all
    instead: str = ""  # a declaration in its place; empty: none


# Why something is not supported, for those who look for a way.
_REASONS: dict[str, Note] = {
    "font-family": Note("有字型沒有安裝", "a font is not installed"),
    "font-weight": Note("Word 只有一般與粗體", "Word has only normal and bold"),
    "font-variant-caps": Note("字型沒有小型大寫字母", "the fonts have no small capitals"),
    "float": Note(
        "沒有文繞圖，也沒有註腳", "neither text flowing around a box nor footnotes are supported"
    ),
    "background": Note("Word 的頁面沒有可列印的底色", "a page in Word has no colour that prints"),
    "border-radius": Note("Word 的框線沒有圓角", "borders in Word have no round corners"),
    "border-collapse": Note("各程式的儲存格間距不同", "programs differ in the space between cells"),
    "border-spacing": Note("各程式的儲存格間距不同", "programs differ in the space between cells"),
    "height": Note("Word 的段落沒有固定高度", "a paragraph in Word has no height of its own"),
    "writing-mode": Note("沒有直書", "there is no vertical text"),
    "page": Note("一份文件只有一種版面", "a document has one page setup"),
    "margin": Note("Word 的行內文字沒有邊界", "text within a line has no margins in Word"),
    "padding": Note("Word 的行內文字沒有內距", "text within a line has no padding in Word"),
    "content": Note(
        "前導符號、頁碼參照與連動文字帶不進 Word",
        "leaders, references to pages and running texts are not carried into Word",
    ),
    "@page": Note("一份文件只有一種版面", "a document has one page setup"),
    "@font-face": Note(
        "Word 檔不含字型，請安裝字型", "a Word file does not hold fonts; install the font"
    ),
}


def _reason(name: str) -> Note:
    """Return why a property or a rule is not supported, in both languages; "" if not recorded."""
    parts = name.partition(" ")[0].split("-")
    names = [name, "border-radius" if name.endswith("-radius") else "", parts[0]]
    if name.startswith("@") and name[1:] not in ("font-face", "counter-style"):
        names = ["@page"]
    return next((_REASONS[name] for name in names if name in _REASONS), Note("", ""))


def _describe_supported(name: str, support: Support | None) -> Note:
    """Return what is supported in place of a property, or as its value, in both languages.

    If ``support`` is None, the property itself is not supported.
    """
    if support is None:
        return Note("docs/templates.md 所列的設定", "what docs/templates.md lists")
    if support.values == ("<family>",):
        return Note("已安裝的字型", "installed fonts")
    listed = [value.replace("<", "").replace(">", "") for value in support.values]
    limits = support.limits
    between = f" ({limits[0]:g}–{limits[1]:g} pt)" if limits else ""
    return Note(f"{name}：{'、'.join(listed)}{between}", f"{name}: {', '.join(listed)}{between}")


_NEAREST = {
    "font-style": "italic",
    "list-style-type": "decimal",
    "border-collapse": "collapse",
    "border-spacing": "0",
    "display": "block",
    "break-before": "page",
    "break-after": "page",
    "break-inside": "avoid",
    "text-align-all": "justify",
    "text-decoration-line": "underline",
    "vertical-align": "middle",
    "overflow-wrap": "anywhere",
    "orphans": "2",
    "widows": "2",
    **{f"border-{side}-style": "solid" for side in ("top", "right", "bottom", "left")},
}


def nearest(name: str, word: Word) -> str:
    """Return the supported value that is nearest to an unsupported one, or "" if none is.

    A length beyond the limits becomes the nearer limit, a number of ``font-weight`` 400 or 700;
    keywords have one fixed neighbour for each property.
    """
    text, points = word
    support = PROPERTIES.get(name) or PAGE_PROPERTIES.get(name)
    if name == "font-weight" and points is not None:
        return "700" if float(text) >= 600 else "400"
    if support is not None and support.limits is not None and points:
        smallest, largest = support.limits
        return f"{smallest if points < smallest else largest:g}pt"
    return _NEAREST.get(name, "")


_BLOCK_TAGS = ("center", "details", "dialog", "fieldset", "form", "hgroup", "menu", "search")


def _tag_remedy(found: str) -> Note:
    """Return what to use instead of an unsupported tag or attribute, in both languages."""
    tag, _, rest = found.partition(" ")
    if tag == "img":
        return Note("請改用 PNG、JPEG、GIF 或 SVG 圖檔。", "Use a PNG, JPEG, GIF or SVG file.")
    if tag == "a" and rest:
        return Note(
            "請改用 #、http、https、mailto 或 tel 的位址。",
            "Use an address with #, http, https, mailto or tel.",
        )
    if tag == "table:":
        return Note("請分成欄數較少的表格。", "Split it into tables of fewer columns.")
    if tag == "hr":
        rule = "hr { border: 0; border-top: 1pt solid }"
        return Note(f"請在樣式表加上「{rule}」。", f"Add “{rule}” to the stylesheet.")
    other = "div" if tag in _BLOCK_TAGS else "span"
    return Note(f"請改用 <{other}>。", f"Use <{other}> instead.")


def known_family(family: str) -> str:
    """Return the font that every document has, in place of one that is not installed."""
    return CJK if is_east_asian(family) else LATIN


def tag_problem(found: str, part: Part | Location) -> Problem:
    """Return E403 at a part of a template; ``found`` is a tag, with its attribute if that is it."""
    remedy = _tag_remedy(found)
    return make_problem(
        "E403", _part_location(part), found=found, remedy=remedy.zh, remedy_en=remedy.en
    )


def css_problem(
    found: str,
    part: Part | Location,
    *,
    finding: Finding | None = None,
    is_rule: bool = False,
) -> Problem:
    """Return E404 for a declaration or a rule, with what is supported in its place.

    ``found`` is shown as it is written. The reason and the supported values are looked up by the
    finding's name, or by ``found`` itself. The remedy is to delete a rule (``is_rule``), to write
    the finding's replacement, or to delete the declaration.
    """
    name = finding.name if finding else found
    why = _reason(name)
    values = _describe_supported(name, finding.support if finding else None)
    if is_rule:
        zh, en = "請刪除這條規則。", "Delete this rule."
    elif finding and finding.instead:
        zh, en = f"請改為「{finding.instead}」。", f"Write “{finding.instead}” instead."
    else:
        zh, en = "請刪除這項設定。", "Delete this declaration."
    return make_problem(
        "E404",
        _part_location(part),
        found=found,
        why=f"：{why.zh}" if why.zh else "",
        why_en=f": {why.en}" if why.en else "",
        expected=values.zh,
        expected_en=values.en,
        remedy=zh,
        remedy_en=en,
    )


def _part_location(part: Part | Location) -> Location:
    """Return the file and line of a part of a template; a location is returned unchanged."""
    return part if isinstance(part, Location) else Location(file=part.file, line=part.line)
