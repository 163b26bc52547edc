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

from sphinx.search import SearchLanguage

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS: Final = Path(__file__).parent
GUIDE: Final = "使用說明"
IS_CHINESE: Final = tags.has("zh")  # type: ignore[name-defined] # noqa: F821 (Sphinx defines it)

project = "reportgen"
html_title = "reportgen 使用手冊" if IS_CHINESE else "reportgen manual"
language = "zh_TW" if IS_CHINESE else "en"
root_doc = "zh/index" if IS_CHINESE else "index"
include_patterns = ["zh/**", f"{GUIDE}.md"] if IS_CHINESE else ["**"]
exclude_patterns = [] if IS_CHINESE else ["zh/**", f"{GUIDE}.md"]

extensions = ["myst_parser"]
myst_heading_anchors = 4
myst_heading_slug_func = "github"
nitpicky = True
# Lists of pages may name some that a later change adds.
suppress_warnings = ["toc.empty_glob"]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_extra_path = ["_root"] if IS_CHINESE else []
templates_path = ["_templates"]
html_copy_source = False
html_show_copyright = False
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


class ChineseSearch(SearchLanguage):
    """Pairs of neighbouring characters as words, so that no dictionary is needed.

    A text is found by any characters in a row of it; a word of Latin letters by its letters.
    """

    lang = "zh"
    language_name = "Chinese"
    # As split() does, but that a single character counts only where it stands alone.
    js_splitter_code = """
const splitQuery = (query) =>
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


def link_other_language(app: Sphinx, docname: str, content: list[str]) -> None:
    """Make links to pages of the other language's site HTML with their addresses there."""
    own, other = ("", "en/") if IS_CHINESE else ("en/", "")
    folder = posixpath.dirname(docname)

    def link(match: re.Match[str]) -> str:
        page = posixpath.normpath(posixpath.join(folder, match["page"]))
        if page in app.env.found_docs or not (DOCS / f"{page}.md").exists():
            return match[0]
        address = posixpath.relpath(other + page, posixpath.dirname(own + docname) or ".")
        return f'<a href="{address}.html{match["anchor"]}">{match["text"]}</a>'

    pattern = r"(?<!!)\[(?P<text>[^][]+)\]\((?P<page>[^()\s#:]+)\.md(?P<anchor>#[^()\s]*)?\)"
    content[0] = re.sub(pattern, link, content[0])


def add_language_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Tell the templates where the page in the other language is: its own, or the first one."""
    counterpart = pagename.removeprefix("zh/") if IS_CHINESE else f"zh/{pagename}"
    if not (DOCS / f"{counterpart}.md").exists():
        counterpart = "index" if IS_CHINESE else "zh/index"
    own, other = ("", "en/") if IS_CHINESE else ("en/", "")
    folder = posixpath.dirname(own + pagename) or "."
    context["is_chinese"] = IS_CHINESE
    context["counterpart"] = posixpath.relpath(other + counterpart, folder) + ".html"


def setup(app: Sphinx) -> None:
    """Register what the extensions above do."""
    app.add_search_language(ChineseSearch)
    app.connect("source-read", link_other_language)
    app.connect("html-page-context", add_language_context)
