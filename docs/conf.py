"""Sphinx's configuration: one site for each language, from the same folder.

``make site`` builds both: Chinese with the tag ``zh`` into ``dist/site``, English into
``dist/site/en``. A page of the other language is linked as a file (``../formula.md``), as on any
host that shows Markdown; ``link_other_language`` makes it an address of the other site.
"""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.search import SearchLanguage
from sphinx.transforms import SphinxTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS: Final = Path(__file__).parent
GUIDE: Final = "使用說明"
IS_CHINESE: Final = tags.has("zh")  # type: ignore[name-defined] # noqa: F821 (Sphinx defines it)

project = "reportgen"
html_title = "reportgen"
language = "zh_TW" if IS_CHINESE else "en"
root_doc = "zh/index" if IS_CHINESE else "index"
include_patterns = ["zh/**", f"{GUIDE}.md"] if IS_CHINESE else ["**"]
exclude_patterns = [] if IS_CHINESE else ["zh/**", f"{GUIDE}.md"]

extensions = ["myst_parser"]
myst_heading_anchors = 4
myst_heading_slug_func = "github"
nitpicky = True
smartquotes = False  # --format is an option, no dash
# The navigation may name a page before it is there; a page that it does not name is a warning.
suppress_warnings = ["toc.not_readable"]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_extra_path = ["_root"] if IS_CHINESE else []
templates_path = ["_templates"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_use_index = False
html_domain_indices = False
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}


# What the theme's pages lack for readers of screens, and its words that have no translation.
THEME_CHANGES: Final = {
    ' role="heading"': "",  # without a level
    '<aside class="sidebar-drawer"': '<aside class="sidebar-drawer" aria-label="Navigation"',
    '<aside class="toc-drawer': '<aside aria-label="On this page" class="toc-drawer',
}
CHINESE_THEME: Final = {
    'aria-label="Navigation"': 'aria-label="網站導覽"',
    'aria-label="On this page"': 'aria-label="本頁內容"',
    "Toggle site navigation sidebar": "開關網站導覽",
    "Toggle table of contents sidebar": "開關本頁內容",
    "Toggle Light / Dark / Auto color theme": "切換淺色、深色、自動",
    "Toggle navigation of": "展開或收合",
    "Skip to content": "跳到內容",
    "On this page\n": "本頁內容\n",
    "<span>Back to top</span>": "<span>回到頁首</span>",
    "<span>Next</span>": "<span>下一頁</span>",
    "<span>Previous</span>": "<span>上一頁</span>",
    ">Home</div>": ">首頁</div>",
    "Made with ": "版面：",
    "<title>Contents</title>": "<title>本頁內容</title>",
    "<title>Menu</title>": "<title>選單</title>",
    "<title>Expand</title>": "<title>展開</title>",
    "<title>Light mode</title>": "<title>淺色</title>",
    "<title>Dark mode</title>": "<title>深色</title>",
    "Auto light/dark, in light mode": "自動，現為淺色",
    "Auto light/dark, in dark mode": "自動，現為深色",
}


class ChineseSearch(SearchLanguage):
    """Pairs of neighbouring characters as words, so that no dictionary is needed.

    A text is found by any characters in a row of it; a word of Latin letters by its letters.
    """

    lang = "zh"
    language_name = "Chinese"
    # As split() does, but that a single character counts only where it stands alone.
    js_splitter_code = """
var splitQuery = (query) =>
  (query.match(/[㐀-鿿]+|[A-Za-z0-9_]+/g) ?? []).flatMap((run) =>
    run.length > 1 && run[0] >= "㐀"
      ? Array.from(run.slice(1), (character, index) => run[index] + character)
      : [run]);
"""

    def split(self, text: str) -> list[str]:
        """Return the characters and the pairs of neighbours of Chinese runs, and other words."""
        words: list[str] = []
        for run in re.findall(r"[㐀-鿿]+|[A-Za-z0-9_]+", text):
            is_chinese = run[0] >= "㐀"
            words += [*run, *map("".join, pairwise(run))] if is_chinese else [run]
        return words


class SlugsFirst(SphinxTransform):
    """Make the anchors in tables of contents those of links: #公式怎麼寫 rather than #id3."""

    default_priority = 705  # after MyST's AddSlugIds

    def apply(self, **_: object) -> None:
        """Apply the transform."""
        for section in self.document.findall(nodes.section):
            slug = section.get("slug")
            if slug in section["ids"]:
                section["ids"] = [slug, *(name for name in section["ids"] if name != slug)]


class MarkCommands(SphinxTransform):
    """Give code of ASCII signs a class: unlike a Chinese formula it breaks at spaces alone."""

    default_priority = 705

    def apply(self, **_: object) -> None:
        """Apply the transform."""
        for code in self.document.findall(nodes.literal):
            if code.astext().isascii():
                code["classes"].append("command")


def link_other_language(app: Sphinx, docname: str, content: list[str]) -> None:
    """Make links to pages of the other language's site HTML with their addresses there."""
    own, other = ("", "en/") if IS_CHINESE else ("en/", "")
    folder = posixpath.dirname(docname)

    def link(match: re.Match[str]) -> str:
        page = posixpath.normpath(posixpath.join(folder, match["page"]))
        is_ours = not page.startswith("..") and (DOCS / f"{page}.md").exists()
        if page in app.env.found_docs or not is_ours:
            return match[0]
        address = posixpath.relpath(other + page, posixpath.dirname(own + docname) or ".")
        return f'<a href="{address}.html{match["anchor"] or ""}">{match["text"]}</a>'

    pattern = r"(?<!!)\[(?P<text>[^][]+)\]\((?P<page>[^()\s#:]+)\.md(?P<anchor>#[^()\s]*)?\)"
    content[0] = re.sub(pattern, link, content[0])


def change_theme(html: str) -> str:
    """Return a page of the theme with our changes."""
    for old, new in (THEME_CHANGES | (CHINESE_THEME if IS_CHINESE else {})).items():
        html = html.replace(old, new)
    return html


def add_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Add what our templates need: the page in the other language, or that language's first."""
    counterpart = pagename.removeprefix("zh/") if IS_CHINESE else f"zh/{pagename}"
    if counterpart == pagename or not (DOCS / f"{counterpart}.md").exists():
        counterpart = "index" if IS_CHINESE else "zh/index"
    own, other = ("", "en/") if IS_CHINESE else ("en/", "")
    folder = posixpath.dirname(own + pagename) or "."
    context["is_chinese"] = IS_CHINESE
    context["counterpart"] = posixpath.relpath(other + counterpart, folder) + ".html"
    context["change_theme"] = change_theme


def setup(app: Sphinx) -> None:
    """Register what is above."""
    app.add_search_language(ChineseSearch)
    app.add_transform(SlugsFirst)
    app.add_transform(MarkCommands)
    app.connect("source-read", link_other_language)
    app.connect("html-page-context", add_context)
