"""Let coverage guide random input into the formula, the workbook and the archive reader.

``make fuzz TARGET=formula MINUTES=60``, or ``python -m tests.coverage_fuzz formula --minutes 60``
where atheris is installed. What must hold for every input:

- ``formula``: a formula, or exactly one error; printed and read again it is the same formula; its
  figure can be calculated or is missing, and printed with its substitution;
- ``workbook``: a part of a sample's package is changed. A scorecard or problems come of it, each of
  which has its texts in both languages, and the results can be calculated;
- ``archive``: a file of an archive is changed, cut or extended. Opening and verifying name it.

Inputs that find new branches are kept in ``.cache/fuzz/TARGET`` and used again. A failing input is
written there as ``crash-…``, and ``--again FILE`` repeats it.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import zlib
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile

import atheris

with atheris.instrument_imports(include=["reportgen"]):
    from reportgen.archive import open_archive, verify_archive
    from reportgen.compute import compute, plausibility_problems
    from reportgen.formula import evaluate, parse_formula, substitution, unparse
    from reportgen.formula.syntax_tree import names_in
    from reportgen.workbook import read_bytes

from tests.factories.archives import add
from tests.factories.bad.editing import bare
from tests.factories.formula_table import vocabulary, year

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT: Final = Path(__file__).parents[1]
CORPUS: Final = ROOT / ".cache/fuzz"
MAX_INPUT_BYTES: Final = {"formula": 2_000, "workbook": 1_000_000, "archive": 100_000}
SECONDS_PER_INPUT: Final = 30
MEMORY_MB: Final = 3_000

# Names with signs, digits and brackets, components, every kind of value, and last year's.
FIGURES: Final = (
    "甲 17 校 去年 16; 乙/併決算 5 千元 去年 0; 乙/單位決算 2 千元; 丙 空白 件 去年 3; 丁 - 件;"
    " 65歲以上人數 12 人; 教師數(專任) 120 人; AC1.1 0.5 %; 件數 0 件; 小時 1.25 小時"
)
FORMULAS: Final = (
    "甲/65歲以上人數×100%（單位：%）",
    "(甲+乙)÷教師數(專任)",
    "破獲率＝甲除以件數，再乘以100%",
    "(本年度甲-上年度甲)/上年度甲×100%",
    "乙（併決算+單位決算）",
    "分子：甲\n分母：小時\n單位：千元/人",
    "A/B×1000‰（A：甲，B：小時）",
    "Σ(甲、乙)，四捨五入至小數點後2位",
    "甲≧AC1.1",
    "完成工作項目（規劃30%、設計60%、完工100%）",
    "件數（直接填報）",
    "平均(甲、乙、丙)",
)
# What mutations insert: names, signs, and the words and figures that the reader knows.
WORDS: Final = (
    *"甲乙丙丁AB+-×÷*/%‰()（）[]【】：:＝=≥≤><、，。；,.~～∑Σ½㎡\n\t 　",
    *("65歲以上人數", "教師數(專任)", "AC1.1", "件數", "小時", "乙（併決算）", "（單位：%）"),
    *("除以", "乘以", "再乘以", "加", "減", "占", "之比率", "平均", "分子：", "分母：", "上年度"),
    *("本年度", "去年", "前年", "×100%", "×1000‰", "10萬", "1,000", "0.5", "365天", "百分之"),
    *("（直接填報）", "四捨五入至小數點後2位", "（規劃30%、完工100%）", "計算公式：", "A：甲"),
    *(
        "大於等於",
        "以上",
        "不超過",
        "達成",
        "各",
        "總和",
        "合計",
        "加總",
        "人次",
        "千元/人",
        "註：",
    ),
)


class BrokenPromiseError(AssertionError):
    """An input for which a reader does what it must never do."""


def check_formula(content: bytes) -> None:
    """Raise BrokenPromiseError if reading, printing or calculating a formula goes wrong."""
    text = content.decode("utf-8", "replace")
    names, figures = vocabulary(FIGURES), year(FIGURES)
    formula, problems = parse_formula(text, vocabulary=names)
    errors = [problem for problem in problems if problem.code.startswith("E")]
    for problem in problems:
        problem.line(), problem.line("en")
    if formula is None:
        if len(errors) != 1 or len(problems) != 1:
            raise BrokenPromiseError(f"no formula, and {problems}")
        return
    if errors:
        raise BrokenPromiseError(f"a formula, and {errors}")
    substitution(evaluate(formula, figures))
    if any(name.key not in names.items for name in names_in(formula.tree)):
        return  # how an unknown name is read depends on the words around it
    printed = unparse(formula.tree)
    again, again_problems = parse_formula(printed, vocabulary=names, is_rule=True)
    if again is None or unparse(again.tree) != printed:
        raise BrokenPromiseError(f"printed {printed!r}, which is read as {again_problems or again}")


def check_workbook(content: bytes) -> None:
    """Raise BrokenPromiseError if neither a scorecard nor an error comes of a workbook."""
    scorecard, problems = read_bytes(content, file="105-12-25.xlsx")
    for problem in problems:
        problem.line(), problem.line("en")
    errors = [problem for problem in problems if problem.code.startswith("E")]
    if scorecard is None and not errors:
        raise BrokenPromiseError("neither a scorecard nor an error")
    if scorecard is not None and not errors:
        results, _ = compute(scorecard)
        plausibility_problems(results)


def check_archive(content: bytes) -> None:
    """Raise BrokenPromiseError if an altered archive is opened and verified without a problem."""
    files = unpack(content)
    original = archive_files()
    with tempfile.TemporaryDirectory(dir=_memory_folder()) as name:
        folder = Path(name) / "archive"
        for path, file_content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(file_content)
        archive, problems = open_archive(folder)
        if archive is not None:
            problems = (*problems, *verify_archive(archive)[1])
        for problem in problems:
            problem.line(), problem.line("en")
        if not problems and files != original:
            changed = [path for path in original if files.get(path) != original[path]]
            raise BrokenPromiseError(f"altered without a problem: {changed}")


CHECKS: Final[dict[str, Callable[[bytes], None]]] = {
    "formula": check_formula,
    "workbook": check_workbook,
    "archive": check_archive,
}


@cache
def archive_files() -> dict[str, bytes]:
    """Return the files of an archive of three editions by their paths, the same in each run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "archive"
        add(folder)
        add(folder, reprint=True)
        add(folder, "105-12-26", pdf=b"the next")
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _memory_folder() -> str | None:
    """Return a folder in memory, where files cost little; None where there is none."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def pack(files: dict[str, bytes]) -> bytes:
    """Return files as an uncompressed zip, in which changes of a part remain changes of it."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as package:
        for path, content in files.items():
            package.writestr(path, content)
    return target.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip; {} for any other content."""
    try:
        with ZipFile(BytesIO(content)) as package:
            return {name: package.read(name) for name in package.namelist()}
    except (BadZipFile, zlib.error, NotImplementedError, OSError, ValueError, EOFError):
        return {}


def mutate_a_part(content: bytes, max_size: int, seed: int) -> bytes:
    """Return a zip with one of its parts changed by the engine; now and then one is removed."""
    files = unpack(content)
    if not files:
        return bytes(atheris.Mutate(content, max_size))
    chance = random.Random(seed)
    path = chance.choice(sorted(files))
    if chance.random() < 0.01:
        del files[path]
    else:
        files[path] = bytes(atheris.Mutate(files[path], len(files[path]) + 200))
    return pack(files)


def mutate_formula(content: bytes, max_size: int, seed: int) -> bytes:
    """Return a formula with some characters or words inserted, removed, doubled or exchanged.

    The engine's own changes of bytes would seldom leave Chinese text.
    """
    chance = random.Random(seed)
    text = content.decode("utf-8", "replace")
    for _ in range(chance.randint(1, 3)):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.randint(0, 6))
        piece = chance.choice(WORDS) if chance.random() < 0.8 else chr(chance.randint(1, 0xFFFF))
        text = chance.choice(
            (
                text[:start] + piece + text[start:],
                text[:start] + piece + text[end:],
                text[:start] + text[end:],
                text[:end] + text[start:],
                text[:start] + text[start:end][::-1] + text[end:],
            )
        )
    return text.encode("utf-8", "replace")[:max_size]


def seeds(target: str) -> list[bytes]:
    """Return the inputs to begin with."""
    if target == "formula":
        return [text.encode() for text in FORMULAS]
    return [pack(unpack(bare()) if target == "workbook" else archive_files())]


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz a target for some minutes; the engine ends the process, with 0 without a failure."""
    parser = argparse.ArgumentParser(prog="python -m tests.coverage_fuzz", description=__doc__)
    parser.add_argument("target", choices=CHECKS)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--again", type=Path, metavar="FILE", help="check one input alone")
    given = parser.parse_args(arguments)
    check = CHECKS[given.target]
    if given.again:
        check(given.again.read_bytes())
        return 0
    corpus = CORPUS / given.target
    corpus.mkdir(parents=True, exist_ok=True)
    if given.target == "archive":  # times differ from run to run, so former inputs fit no more
        shutil.rmtree(corpus)
        corpus.mkdir()
    for number, content in enumerate(seeds(given.target)):
        (corpus / f"seed-{number}").write_bytes(content)
    engine_arguments = [
        sys.argv[0],
        str(corpus),
        f"-max_total_time={round(given.minutes * 60)}",
        f"-max_len={MAX_INPUT_BYTES[given.target]}",
        f"-timeout={SECONDS_PER_INPUT}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-artifact_prefix={CORPUS / given.target}-",
        "-print_final_stats=1",
    ]
    mutator = mutate_formula if given.target == "formula" else mutate_a_part
    atheris.Setup(engine_arguments, check, custom_mutator=mutator)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
