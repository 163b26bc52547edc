"""What of docs/ is made from the program; ``python -m tests.generated_docs`` renews it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from reportgen.cli.published_schemas import FORMS, file_name, published_schemas
from reportgen.model.missing_symbols import BY_RANK, SYMBOLS, MissingReason
from reportgen.problems import CATALOGUE, Problem
from reportgen.render.docx.source.supported_css import (
    MARGIN_BOX_PROPERTIES,
    MARGIN_BOXES,
    PAGE_PROPERTIES,
    PROPERTIES,
    TAGS,
    Support,
)
from tests.examples import examples

DOCS = Path(__file__).parent.parent / "docs"
STAGES = {
    "1": "活頁簿 · workbook",
    "2": "公式 · formulas",
    "3": "檔案 · files",
    "4": "範本 · templates",
    "5": "執行環境 · environment",
    "6": "封存 · archive",
    "7": "分送與併入 · sharing and merging",
}


def contents() -> dict[Path, str]:
    """Each generated file as it should be."""
    return {
        DOCS / "templates.md": _templates(),
        DOCS / "problems.md": _problems(),
        DOCS / "formula.md": _formula(),
        DOCS / "使用說明.md": _guide(),
        DOCS / "schemas/README.md": _schema_index(),
        **{
            DOCS / "schemas" / file_name(name): _schema_text(schema)
            for name, schema in published_schemas().items()
        },
    }


def _schema_text(schema: dict[str, object]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _schema_index() -> str:
    """The table of the schemas, with the first sentence of each."""
    schemas = published_schemas()
    rows = [
        f"| `{name}` | [{file_name(name)}]({file_name(name)}) | {_purpose(schemas[name])} |"
        for name in FORMS
    ]
    table = "\n".join(["| form | schema | what it is |", "|---|---|---|", *rows])
    before = (DOCS / "schemas/README.md").read_text("utf-8")
    return re.sub(
        r"(?s)(<!-- generated: schemas -->\n).*(<!-- end -->)",
        lambda found: f"{found[1]}{table}\n{found[2]}",
        before,
    )


def _purpose(schema: dict[str, str]) -> str:
    return schema["description"].replace("``", "`")


def _formula() -> str:
    """The ranks of missing figures."""
    ranks = ", ".join(
        reason.symbol if reason is MissingReason.BLANK else f"`{reason.symbol}`"
        for reason in BY_RANK
    )
    before = (DOCS / "formula.md").read_text("utf-8")
    return re.sub(r"(the result gives the first of ).*?(\. A zero)", rf"\1{ranks}\2", before)


def _guide() -> str:
    """The rows of the symbols, at the head of 填寫的約定."""
    rows = "".join(f"| {reason.description} | `{reason.symbol}` |\n" for reason in SYMBOLS)
    before = (DOCS / "使用說明.md").read_text("utf-8")
    return re.sub(
        r"(\| 要表達 \| 請填 \|\n\|---\|---\|\n)(?:.*\n)*?(?=\| 還沒填 )",
        lambda found: f"{found[1]}{rows}",
        before,
    )


def _templates() -> str:
    before = (DOCS / "templates.md").read_text("utf-8")
    boxes = ", ".join(f"`{box}`" for box in MARGIN_BOXES)
    tables = "\n\n".join(
        [
            _table("tag", {f"`<{name}>`": note.en for name, note in TAGS.items()}),
            _properties("property", PROPERTIES),
            _properties("of `@page`", PAGE_PROPERTIES),
            _properties(f"of {boxes}", MARGIN_BOX_PROPERTIES),
        ]
    )
    return re.sub(
        r"(?s)(<!-- generated: supported -->\n).*(<!-- end -->)",
        lambda found: f"{found[1]}{tables}\n{found[2]}",
        before,
    )


def _properties(head: str, supported: dict[str, Support]) -> str:
    """Properties with the same values and note share a row."""
    rows: dict[Support, list[str]] = {}
    for name, support in supported.items():
        rows.setdefault(support, []).append(f"`{name}`")
    lines = [f"| {head} | values | in Word |", "|---|---|---|"]
    for (values, note, limits), names in rows.items():
        listed = " ".join(f"`{value}`" for value in values)
        between = f", {limits[0]:g}–{limits[1]:g} pt" if limits else ""
        lines.append(f"| {' '.join(names)} | {listed}{between} | {note.en} |")
    return "\n".join(lines)


def _table(head: str, notes: dict[str, str]) -> str:
    """Names with the same note share a row."""
    rows: dict[str, list[str]] = {}
    for name, note in notes.items():
        rows.setdefault(note, []).append(name)
    lines = [f"| {head} | in Word |", "|---|---|"]
    lines += [f"| {' '.join(names)} | {note} |" for note, names in rows.items()]
    return "\n".join(lines)


def _problems() -> str:
    met = examples()
    lines = [
        "# 問題代碼 · Problem codes",
        "E 是錯誤，改好才會產製；W 是提醒；N 是說明。",
        "E is an error, nothing is made before it is mended; W a warning; N a notice.",
        "",
        "`{…}` 是訊息中會填入的內容；例子都是測試中真正出現過的。",
        "What stands in braces is filled in; every example is one that a test has really met.",
    ]
    for stage, name in STAGES.items():
        codes = sorted(code for code in CATALOGUE if code[1] == stage)
        if codes:
            lines += [
                "",
                f"## {name}",
                "| 代碼 | 訊息 · message | 應為 · expected | 怎麼改 · remedy | 例 · example |",
            ]
            lines += ["|---|---|---|---|---|", *(_row(code, met.get(code)) for code in codes)]
    return "\n".join(lines) + "\n"


def _row(code: str, met: Problem | None) -> str:
    entry = CATALOGUE[code]
    cells = [
        f"{_plain(zh)}<br>{_plain(en)}" for zh, en in (entry.message, entry.expected, entry.fix)
    ]
    cells.append(_plain(f"{met.where.text()} {met.message()}".strip()) if met else "")
    return f"| {code} | {' | '.join(cells)} |"


def _plain(text: str) -> str:
    text = text.replace("{{", "{").replace("}}", "}")
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


if __name__ == "__main__":
    for path, text in contents().items():
        path.write_text(text, "utf-8")
