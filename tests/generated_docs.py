"""What of docs/ is made from the program; ``python -m tests.generated_docs`` renews it."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reportgen.cli.argument_parser import make_parser
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
from tests.man_page import man_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.problems.problem import Language

DOCS = Path(__file__).parent.parent / "docs"
AREAS: dict[str, dict[Language, str]] = {
    "1": {"zh-TW": "活頁簿", "en": "Workbook"},
    "2": {"zh-TW": "公式", "en": "Formulas"},
    "3": {"zh-TW": "檔案", "en": "Files"},
    "4": {"zh-TW": "範本", "en": "Templates"},
    "5": {"zh-TW": "執行環境", "en": "Environment"},
    "6": {"zh-TW": "封存", "en": "Archive"},
    "7": {"zh-TW": "分送與併入", "en": "Sharing and merging"},
}


class ProblemWords(NamedTuple):
    """What the page of problems says in one language."""

    title: str
    introduction: tuple[str, ...]
    expected: str
    remedy: str
    example: str


PROBLEM_WORDS: dict[Language, ProblemWords] = {
    "zh-TW": ProblemWords(
        "問題代碼",
        (
            "每個訊息都以代碼開頭，例如 `〔E102〕`。在這一頁用 Ctrl-F 尋找代碼，就有說明與改法。",
            "",
            "- E 是錯誤：改好才會產製。",
            "- W 是提醒：請看一眼，確認沒有寫錯。",
            "- N 是說明：程式已經處理好了。",
            "",
            "`{…}` 是訊息中會填入的內容；例子都是測試中真正出現過的。",
        ),
        "應為：",
        "怎麼改：",
        "例：",
    ),
    "en": ProblemWords(
        "Problem codes",
        (
            "Each message begins with a code, such as `[E102]`. Look for it on this page.",
            "",
            "- E is an error: nothing is made before it is mended.",
            "- W is a warning: check whether it is meant.",
            "- N is a notice: the program has dealt with it.",
            "",
            "What stands in braces is filled in. Every example is one that a test has met.",
        ),
        "Expected: ",
        "Remedy: ",
        "Example: ",
    ),
}


ENVIRONMENT: dict[str, dict[Language, str]] = {
    "REPORTGEN_LANG": {"zh-TW": "訊息語言：zh-TW 或 en", "en": "language of messages: zh-TW or en"},
    "REPORTGEN_ODF": {
        "zh-TW": "設為 1 時，預設格式改為 ODF，如同每次都加 --odf",
        "en": "1 makes ODF the default format, as --odf does",
    },
    "REPORTGEN_FONTS": {
        "zh-TW": "先於系統字型尋找的字型資料夾",
        "en": "folders in which fonts are looked for before those of the system",
    },
    "REPORTGEN_PASSWORD": {
        "zh-TW": "serve --host 開放給其他電腦時的密碼",
        "en": "the password of serve --host for other machines",
    },
    "REPORTGEN_KEY_PASSPHRASE": {
        "zh-TW": "archive sign 的金鑰的密碼",
        "en": "the passphrase of the key of archive sign",
    },
}


class CommandWords(NamedTuple):
    """What the page of commands says in one language."""

    title: str
    introduction: str
    shared: str
    argument: str
    meaning: str
    environment: str
    variable: str
    exit_codes: str
    code: str


COMMAND_WORDS: dict[Language, CommandWords] = {
    "zh-TW": CommandWords(
        "指令",
        "`reportgen 指令 --help` 顯示同樣的說明。",
        "每個指令都有的選項",
        "選項",
        "說明",
        "環境變數",
        "變數",
        "結束代碼",
        "代碼",
    ),
    "en": CommandWords(
        "Commands",
        "`reportgen COMMAND --help` shows the same.",
        "Options of every command",
        "argument",
        "meaning",
        "Environment variables",
        "variable",
        "Exit codes",
        "code",
    ),
}


def contents() -> dict[Path, str]:
    """Each generated file as it should be."""
    return {
        DOCS / "templates.md": _templates(),
        DOCS / "problems.md": _problems("en"),
        DOCS / "zh/problems.md": _problems("zh-TW"),
        DOCS / "commands.md": _commands("en"),
        DOCS / "zh/commands.md": _commands("zh-TW"),
        DOCS / "formula.md": _formula(),
        DOCS / "使用說明.md": _guide(),
        DOCS / "reportgen.1": man_page(),
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


def _problems(language: Language) -> str:
    """Every code under a heading of its own, so that it can be linked and searched."""
    met = examples()
    words = PROBLEM_WORDS[language]
    lines = [f"# {words.title}", *words.introduction, ""]
    for area, names in AREAS.items():
        lines += [f"## {names[language]}", ""]
        for code in sorted(code for code in CATALOGUE if code[1] == area):
            lines += [*_problem(code, met.get(code), language), ""]
    return "\n".join(lines)


def _problem(code: str, met: Problem | None, language: Language) -> Iterator[str]:
    entry = CATALOGUE[code]
    words = PROBLEM_WORDS[language]
    message, expected, remedy = (
        _plain(text[language == "en"]) for text in (entry.message, entry.expected, entry.fix)
    )
    yield f"### {code}"
    yield f"{message}"
    yield ""
    yield f"- {words.expected}{expected}"
    yield f"- {words.remedy}{remedy}"
    if met:
        example = f"{met.where.text()} {met.message(language)}".strip()
        yield f"- {words.example}{_plain(example)}"


def _plain(text: str) -> str:
    """Text that Markdown takes as it stands; a hint is not part of every message."""
    text = re.sub(r" ?\{hint(_en)?\}", "", text).replace("_en}", "}")
    text = text.replace("{{", "{").replace("}}", "}").replace("\n", " ")
    return re.sub(r"([\\`*\[\]<>|])", r"\\\1", text)


def _commands(language: Language) -> str:
    """The arguments of every command, from the parser; those of all commands once."""
    words = COMMAND_WORDS[language]
    parser = make_parser(language)
    commands = dict(_commands_below(parser, ""))
    shared = set.intersection(
        *({action.dest for action in command._actions} for command in commands.values())
    )
    doctor = [action for action in commands["doctor"]._actions if action.dest in shared]
    lines = [f"# {words.title}", words.introduction, "", f"## {words.shared}"]
    lines += _arguments(doctor, words)
    for name, command in commands.items():
        own = [action for action in command._actions if action.dest not in shared]
        places = [f" {_place(action)}" for action in own if action.required or action.nargs]
        lines += ["", f"## {name}", f"`reportgen {name}{''.join(places)}`", ""]
        description = _plain(command.description or "")
        lines += [description[:1].upper() + description[1:], "", *_arguments(own, words)]
    lines += ["", f"## {words.environment}", f"| {words.variable} | {words.meaning} |", "|---|---|"]
    lines += [f"| `{name}` | {meaning[language]} |" for name, meaning in ENVIRONMENT.items()]
    exit_codes = re.findall(r"(\d) (.+?)(?=[、,] ?\d|$)", " ".join((parser.epilog or "").split()))
    lines += ["", f"## {words.exit_codes}", f"| {words.code} | {words.meaning} |", "|---|---|"]
    lines += [f"| {code} | {_plain(meaning.strip())} |" for code, meaning in exit_codes]
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def _commands_below(
    parser: argparse.ArgumentParser, name: str
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield each command that has no commands below it, by its full name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for part, command in action.choices.items():
                yield from _commands_below(command, f"{name} {part}".strip())
            return
    yield name, parser


def _place(action: argparse.Action) -> str:
    """An argument as in a usage line."""
    name = " ".join([*action.option_strings[-1:], str(action.metavar)])
    several = {"?": f"[{name}]", "*": f"[{name} ...]", "+": f"{name} [{name} ...]"}
    return several.get(str(action.nargs), name)


def _arguments(actions: Iterable[argparse.Action], words: CommandWords) -> Iterator[str]:
    """Yield the rows of a table: what must be given first."""
    rows = []
    for action in sorted(actions, key=lambda action: not action.required):
        value = ",".join(action.choices) if action.choices else action.metavar
        names = [", ".join(f"`{name}`" for name in action.option_strings)]
        names += [f"`{value}`"] if value and action.nargs != 0 else []
        rows.append(f"| {' '.join(filter(None, names))} | {_plain(action.help or '')} |")
    if rows:
        yield from (f"| {words.argument} | {words.meaning} |", "|---|---|", *rows)


if __name__ == "__main__":
    for path, text in contents().items():
        path.write_text(text, "utf-8")
