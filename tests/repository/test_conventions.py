"""What the house promises about itself: words, pins, commands, and nothing of one machine."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest
from packaging.requirements import Requirement

from reportgen.problems import CATALOGUE, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "reportgen").rglob("*.py"))
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PIN_FILES = sorted((ROOT / ".ci").glob("requirements*.txt"))
SEVERITIES = {"E": Severity.ERROR, "W": Severity.WARNING, "N": Severity.NOTICE}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCES:
        yield path, ast.parse(path.read_text("utf-8"))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_problem_has_its_words_in_both_languages(code: str) -> None:
    entry = CATALOGUE[code]
    assert re.fullmatch(r"[EWN][1-7]\d\d", code)
    assert entry.severity is SEVERITIES[code[0]]
    assert all((*entry.message, *entry.expected, *entry.fix))
    chinese, english = zip(entry.message, entry.expected, entry.fix, strict=True)
    told = {name.removesuffix("_en") for name in fields("".join(english))}
    assert told == fields("".join(chinese))
    assert entry.message[0].endswith("。")
    assert entry.message[1].endswith(".")


@pytest.mark.slow
def test_problems_are_made_with_every_field_of_their_words() -> None:
    wrong, checked = [], set()
    for path, tree in trees():
        for call in ast.walk(tree):
            if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") == "make_problem"):
                continue
            match call.args:
                case [ast.Constant(value=str(code)), *_]:
                    checked.add(code)
                    given = {keyword.arg for keyword in call.keywords}
                    known = code in CATALOGUE
                    missing = CATALOGUE[code].names() - given if known and None not in given else ()
                    if missing or not known:
                        wrong.append(f"{path.name}:{call.lineno}: {code} {sorted(missing)}")
    assert wrong == []
    assert len(checked) > len(CATALOGUE) / 3  # the others' codes are passed on as values


@pytest.mark.slow
def test_every_problem_is_one_that_can_happen() -> None:
    catalogue = ROOT / "reportgen/problems"
    named = {
        node.value
        for path, tree in trees()
        if not path.is_relative_to(catalogue)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(CATALOGUE.keys() - named) == []


def pins(name: str) -> dict[str, str]:
    text = (ROOT / ".ci" / name).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ("requirements.txt", PYPROJECT["project"]["dependencies"]),
        ("requirements.txt", PYPROJECT["build-system"]["requires"]),
        ("requirements-dev.txt", PYPROJECT["project"]["dependencies"]),
        ("requirements-dev.txt requirements-sdist.txt", PYPROJECT["dependency-groups"]["dev"]),
        ("requirements-coverage.txt", PYPROJECT["dependency-groups"]["coverage"]),
    ],
)
def test_pins_keep_to_pyproject(files: str, wanted: list[str]) -> None:
    pinned = {name: version for file in files.split() for name, version in pins(file).items()}
    for text in wanted:
        requirement = Requirement(text)
        assert pinned[requirement.name.lower()] in requirement.specifier, "run: make pins"


def test_development_pins_agree_with_those_that_users_get() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


@pytest.mark.parametrize("path", PIN_FILES, ids=lambda path: path.name)
def test_every_pin_has_a_hash(path: Path) -> None:
    text = path.read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines
    assert [line for line in lines if not re.search(r"--hash=sha256:[0-9a-f]{64}", line)] == []


@pytest.mark.parametrize("name", ["run", "setup", "pins"])
def test_nothing_is_installed_without_its_hash(name: str) -> None:
    """Or whoever can replace a file of an index runs what they like here."""
    script = (ROOT / ".ci" / name).read_text("utf-8").replace("\\\n", " ")
    installs = re.findall(r"pip install .*", script)
    assert installs
    for command in installs:
        assert "--no-index" in command or "--require-hashes --only-binary :all:" in command


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_documented_make_commands_exist() -> None:
    guides = [ROOT / "README.md", *ROOT.glob("*/*.md")]
    named = {
        target
        for guide in guides
        for target in re.findall(r"(?:^|`|\$ )make ([a-z]+)", guide.read_text("utf-8"), re.M)
    }
    assert {"report", "test"} <= named <= make_targets()


def test_variables_of_the_environment_are_documented() -> None:
    named = {
        name
        for path in SOURCES
        for name in re.findall(r"\bREPORTGEN_[A-Z_]+\b", path.read_text("utf-8"))
    }
    for page in ("docs/commands.md", "docs/zh/commands.md"):
        documented = re.findall(r"^\| `(REPORTGEN_\w+)`", (ROOT / page).read_text("utf-8"), re.M)
        assert set(documented) == named


def test_the_gate_calls_the_readmes_test_command() -> None:
    assert re.search(r"^make test\b", (ROOT / "README.md").read_text("utf-8"), re.M)
    assert re.search(r"^section .* make test$", (ROOT / ".ci/run").read_text("utf-8"), re.M)


def test_no_file_names_a_path_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    path_of_a_machine = re.compile(r"(?<![\w.~}])/(?:work|root|home|Users|farm)/\w")
    found = []
    for name in filter(None, listed.stdout.decode().split("\0")):
        try:
            text = (ROOT / name).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        found += [f"{name}: {line}" for line in text.splitlines() if path_of_a_machine.search(line)]
    assert found == []


def test_set_up_says_what_to_install(tmp_path: Path) -> None:
    """With an empty search path the programs are missing; the libraries are still found."""
    said = subprocess.run(
        [sys.executable, ROOT / ".ci/machine.py", "check", "--advice"],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert "這台電腦缺少以下套件" in said
    assert "This machine lacks some packages" in said
    assert re.search(r"Debian, Ubuntu: +apt-get install .*poppler-utils", said)
    assert re.search(r"Fedora: +dnf install .*poppler-utils", said)
    assert re.search(r"macOS \(Homebrew\): +brew install [^-]*poppler", said)
    assert re.search(r"Debian, Ubuntu: +apt-get install .*chromium", said)


def test_set_up_knows_its_levels() -> None:
    done = subprocess.run([ROOT / ".ci/setup", "nonsense"], capture_output=True, check=False)
    assert done.returncode == 2


@pytest.mark.slow
def test_every_zip_entry_is_of_the_same_system() -> None:
    """Or a file that is made on Windows has other bytes than the same one made elsewhere."""
    wrong = []
    for path, tree in trees():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                nodes = list(ast.walk(function))
                is_made = any(
                    isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ZipInfo"
                    for node in nodes
                )
                is_set = any(
                    isinstance(node, ast.Attribute)
                    and isinstance(node.ctx, ast.Store)
                    and node.attr == "create_system"
                    for node in nodes
                )
                if is_made and not is_set:
                    wrong.append(f"{path.name}: {function.name}")
    assert wrong == []
