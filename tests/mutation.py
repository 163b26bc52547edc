"""Change the program in small ways, and see that the tests notice: mutation testing.

``make mutate PART=formula``, or ``python -m tests.mutation formula`` where mutmut and coverage are
installed; ``--sample N --seed S`` runs N random mutants, and the score then has its confidence
interval. The operators are mutmut's, and three of our own: a call that is a statement is left out,
a condition is negated, a result is None.

The tests are collected once. For each mutant a child is forked from that process, gets the changed
function, and runs the tests that reach the changed line, the quickest first, until one fails.
Where the change is outside of functions (tables of words, patterns, defaults), the child is forked
before the program is imported, and imports the changed module.

mutmut itself does not change decorated functions and what stands outside of functions, and runs
pytest anew for each mutant.

Each survivor is printed as a diff. Those that change nothing that can be observed are listed in
``tests/equivalent_mutants.toml`` with the reason; they count neither as killed nor as survivors.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import gc
import importlib.abc
import importlib.util
import json
import math
import os
import pickle
import random
import resource
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import _lru_cache_wrapper, cached_property, partial
from itertools import accumulate, islice
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Final

import libcst as cst
import pytest
from coverage import Coverage
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from importlib.machinery import ModuleSpec

    Key = tuple[str, str, str, str]
    Log = Callable[["Outcome"], None]

ROOT: Final = Path(__file__).parents[1]
EXPLAINED: Final = ROOT / "tests/equivalent_mutants.toml"
OWN_PACKAGES: Final = ("reportgen", "tests")
RESULTS: Final = ROOT / ".cache/mutation"
ERROR: Final = 3  # a child's exit code
IMPORTED_BEFORE: Final = "ignore::pytest.PytestAssertRewriteWarning"
# A mutant hangs in a test that takes this much longer than without it.
EXTRA_CPU_S: Final = 3
CPU_FACTOR: Final = 5
WALL_FACTOR: Final = 20  # other processes may take the CPU
IMPORT_S: Final = 60
MAX_MEMORY_BYTES: Final = 4 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Modules to be changed, and the tests that must notice."""

    modules: tuple[str, ...]  # patterns below reportgen/
    tests: tuple[str, ...]
    slow: tuple[str, ...] = ()  # tests that are not run, as they take long
    max_s: float = 10  # CPU time of the tests that are run for one mutant, the quickest first

    @property
    def paths(self) -> list[Path]:
        """The modules' files, sorted."""
        return sorted(
            path for pattern in self.modules for path in (ROOT / "reportgen").glob(pattern)
        )


PARTS: Final = {
    "formula": Part(
        modules=("formula/*.py",),
        tests=("tests/formula",),
        slow=(
            "tests/formula/test_independent.py::test_the_program_reads",
            "tests/formula/test_independent.py::test_hostile",
            "tests/formula/test_independent.py::test_a_vocabulary",
            "tests/formula/test_milestones.py::test_libreoffice",
            "tests/formula/test_direct_entry.py::test_libreoffice",
        ),
    ),
    "compute": Part(modules=("compute/*.py",), tests=("tests/compute",)),
    "compare": Part(modules=("compare/*.py",), tests=("tests/compare",)),
    "archive": Part(  # what a commit passes through
        modules=tuple(
            f"archive/{name}.py"
            for name in (
                *("transaction", "durable_io", "log", "lock", "inventory", "digests"),
                *("identifiers", "storage_layout", "ingest", "submission_package"),
            )
        ),
        tests=("tests/archive",),
        slow=("tests/archive/test_anchor.py",),
        max_s=60,
    ),
}


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    path: Path
    function: str  # qualified name of the outermost function; "" outside of functions
    first_line: int  # of that function, with its decorators
    lines: range  # that are changed, in the unchanged module
    before: str  # the module's text before the statement of the module that is changed
    statement: str
    change: Callable[[], str]  # gives the changed statement
    after: str

    @cached_property
    def changed(self) -> str:
        """The changed statement."""
        return self.change()

    @property
    def source(self) -> str:
        """The changed source of the whole module."""
        return self.before + self.changed + self.after

    @cached_property
    def diff(self) -> str:
        """The change as a unified diff."""
        name = self.path.relative_to(ROOT).as_posix()
        lines = difflib.unified_diff(
            self.path.read_text("utf-8").splitlines(),
            self.source.splitlines(),
            name,
            name,
            lineterm="",
            n=1,
        )
        return "\n".join(lines)

    @property
    def key(self) -> Key:
        """Module, function, and the lines before and after: what explanations name."""
        changed = self.diff.splitlines()[2:]
        was, becomes = (
            "\n".join(line[1:].strip() for line in changed if line[0] == sign) for sign in "-+"
        )
        return self.path.relative_to(ROOT).as_posix(), self.function, was, becomes


# Making mutants


def leave_out_statement(node: cst.Expr) -> Iterator[cst.CSTNode]:
    """Yield ``pass`` in the place of a statement that calls or awaits something."""
    if not isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString, cst.Yield)):
        yield cst.Pass(semicolon=node.semicolon)


def negate_condition(node: cst.If | cst.While) -> Iterator[cst.CSTNode]:
    """Yield the opposite condition."""
    test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    negated = cst.UnaryOperation(cst.Not(), test)
    yield node.with_changes(test=negated)


def return_none(node: cst.Return) -> Iterator[cst.CSTNode]:
    """Yield a return of None in the place of another value; False is left, which None is like."""
    is_like_none = isinstance(node.value, cst.Name) and node.value.value in {"None", "False"}
    if node.value is not None and not is_like_none:
        yield node.with_changes(value=cst.Name("None"))


OPERATORS: Final[Sequence[tuple[type, Callable[[Any], Iterable[cst.CSTNode]]]]] = (
    *mutation_operators,
    (cst.Expr, leave_out_statement),
    (cst.If, negate_condition),
    (cst.While, negate_condition),
    (cst.Return, return_none),
)
GENERIC_TYPES: Final = {"Callable", "Literal", "Mapping", "Sequence", "dict", "list", "tuple"}
NEVER_RUN: Final = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)


class _Changes(cst.CSTVisitor):  # type: ignore[misc,unused-ignore]
    """Collects each node with what may stand in its place, and the node's lines."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, module: cst.Module) -> None:
        super().__init__()
        self._places = {id(statement): place for place, statement in enumerate(module.body)}
        self._place = 0
        self._searched: set[int] = set()
        # The number of the module's statement, the old node, the new one, and the old one's lines.
        self.found: list[tuple[int, cst.CSTNode, cst.CSTNode, range]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Collect the changes of a node; skip what does not run, such as types."""
        self._place = self._places.get(id(node), self._place)
        if isinstance(node, NEVER_RUN) or _is_for_types(node):
            return False
        if isinstance(node, cst.ComparisonTarget) and isinstance(node.operator, cst.In | cst.NotIn):
            self._searched.add(id(node.comparator))  # + is in "XX+-XX" where it is in "+-"
        for kind, operator in OPERATORS:
            if isinstance(node, kind) and not (
                kind is cst.BaseString and id(node) in self._searched
            ):
                place = self.get_metadata(PositionProvider, node, None)
                lines = range(place.start.line, place.end.line + 1) if place else range(0)
                self.found += [(self._place, node, new, lines) for new in operator(node)]
        return True


def _is_for_types(node: cst.CSTNode) -> bool:
    """Return whether a node is ``if TYPE_CHECKING``, ``__all__``, or a name for a type."""
    if isinstance(node, cst.If):
        return isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING"
    if not isinstance(node, cst.Assign):
        return False
    target, value = node.targets[0].target, node.value
    is_all = isinstance(target, cst.Name) and target.value == "__all__"
    if is_all or not isinstance(value, cst.Subscript) or not isinstance(value.value, cst.Name):
        return is_all
    return value.value.value in GENERIC_TYPES


def _functions(body: Iterable[ast.stmt], prefix: str = "") -> Iterator[tuple[str, int, range]]:
    """Yield qualified name, first line and the body's lines of functions and methods."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            first = min((node.lineno, *(decorator.lineno for decorator in node.decorator_list)))
            yield (
                f"{prefix}{node.name}",
                first,
                range(node.body[0].lineno, (node.end_lineno or 0) + 1),
            )
        elif isinstance(node, ast.If):
            yield from _functions((*node.body, *node.orelse), prefix)


def mutants_of(path: Path) -> list[Mutant]:
    """Return the mutants of a module, in the order of its text."""
    source = path.read_text("utf-8")
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    module = wrapper.module
    changes = _Changes(module)
    wrapper.visit(changes)
    functions = tuple(_functions(ast.parse(source).body))
    statements = [module.code_for_node(statement) for statement in module.body]
    ends = [0]
    for statement in statements:
        ends.append(source.index(statement, ends[-1]) + len(statement))
    mutants = []
    for place, old, new, lines in changes.found:
        function = next(
            ((name, first) for name, first, body in functions if lines and lines[0] in body),
            ("", 0),
        )
        text, end = statements[place], ends[place + 1]

        def change(place: int = place, old: cst.CSTNode = old, new: cst.CSTNode = new) -> str:
            return str(module.code_for_node(module.body[place].deep_replace(old, new)))

        before, after = source[: end - len(text)], source[end:]
        mutants.append(Mutant(path, *function, lines, before, text, change, after))
    return mutants


def is_valid(mutant: Mutant) -> bool:
    """Return whether the change gives another program, and one that Python accepts."""
    try:
        changed = ast.parse(mutant.changed)
    except SyntaxError:
        return False
    return ast.dump(changed) != ast.dump(ast.parse(mutant.statement))


# Running tests


@dataclass(frozen=True, slots=True)
class TestRun:
    """What the unchanged program does in a test."""

    seconds: float
    reached: dict[str, frozenset[int]]  # path → lines


def _run(item: pytest.Item, following: pytest.Item | None) -> bool:
    """Run a test with its fixtures; return whether it passed."""
    from _pytest.runner import runtestprotocol

    reports = runtestprotocol(item, log=False, nextitem=following)
    return not any(report.failed for report in reports)


def _hide_output() -> None:
    """Let what tests print be lost."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


def _set_timers(cpu_s: float) -> None:
    """End the process by a signal after some seconds of CPU, or many times as long."""
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, cpu_s * WALL_FACTOR)


def _observe(
    items: Sequence[pytest.Item], paths: Sequence[Path]
) -> tuple[dict[str, TestRun], list[str]]:
    """Run the tests of the unchanged program; return what they do, and the names of failing ones.

    What tests print is lost.
    """
    _hide_output()
    failing = []
    coverage = Coverage(data_file=None, include=[str(path) for path in paths], config_file=False)
    seconds = {}
    coverage.start()
    for item, following in zip(items, (*items[1:], None), strict=True):
        coverage.switch_context(item.nodeid)
        started = time.process_time()
        if _run(item, following):
            seconds[item.nodeid] = time.process_time() - started
        else:
            failing.append(item.nodeid)
    coverage.stop()
    reached: dict[str, dict[str, set[int]]] = {name: {} for name in seconds}
    data = coverage.get_data()
    for path in data.measured_files():
        for line, contexts in data.contexts_by_lineno(path).items():
            for name in contexts:
                if name in reached:
                    reached[name].setdefault(path, set()).add(line)
    runs = {
        name: TestRun(
            seconds[name], {path: frozenset(lines) for path, lines in reached[name].items()}
        )
        for name in seconds
    }
    return runs, failing


def _in_child(work: Callable[[], bool], *, is_limited: bool = True) -> int:
    """Return how a forked child ends that does some work: 0 for True, 1 for False.

    A negative number is the signal that ended it. If it is limited, it must begin a test within a
    minute of CPU time, and what it prints is not seen. Raise SystemExit for an exception.
    """
    messages = os.dup(2)
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        code = ERROR
        try:
            if is_limited:
                _hide_output()
                resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
                _set_timers(IMPORT_S)
            code = 0 if work() else 1
        except BaseException:
            os.write(messages, traceback.format_exc().encode())
        finally:
            sys.stderr.flush()
            sys.stdout.flush()
            os._exit(code)
    os.close(messages)
    _, status = os.waitpid(child, 0)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what its tests have left
    code = os.waitstatus_to_exitcode(status)
    if code == ERROR:
        raise SystemExit("a fault of this program, not of a mutant; see above")
    return code


class Session:
    """A pytest plugin that runs some work in the place of the tests that were collected."""

    def __init__(self, work: Callable[[Sequence[pytest.Item]], bool]) -> None:
        self._work = work
        self.result = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self) -> None:
        """Let each run draw the same examples, and spend no time on smaller ones."""
        from hypothesis import HealthCheck, Phase, settings

        settings.register_profile(
            "mutation",
            database=None,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=tuple(HealthCheck),
        )
        settings.load_profile("mutation")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do the work with the tests."""
        self.result = self._work(session.items)
        return True


def _with_tests(
    names: Sequence[str], folder: Path, work: Callable[[Sequence[pytest.Item]], bool]
) -> bool:
    """Collect tests and return what the work with them returns; False if they have errors.

    What they write lies in ``folder``.
    """
    session = Session(work)
    options = ("-q", "--capture=no", "--tb=no", "-p", "no:cacheprovider", "-W", IMPORTED_BEFORE)
    pytest.main([*options, f"--basetemp={folder}", *names], plugins=[session])
    return session.result


# Changing the program


def _live_functions(paths: Iterable[Path]) -> dict[tuple[str, str, int], list[FunctionType]]:
    """Return the functions of modules by path, qualified name and first line."""
    gc.unfreeze()
    names = {str(path) for path in paths}
    found: dict[tuple[str, str, int], list[FunctionType]] = {}
    for item in gc.get_objects():
        if isinstance(item, FunctionType) and item.__code__.co_filename in names:
            code = item.__code__
            key = (code.co_filename, code.co_qualname, code.co_firstlineno)
            found.setdefault(key, []).append(item)
    return found


def _code(code: CodeType, name: str, first_line: int) -> CodeType | None:
    """Return the code of a function within that of a module."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if (inner.co_qualname, inner.co_firstlineno) == (name, first_line):
                return inner
            found = _code(inner, name, first_line)
            if found is not None:
                return found
    return None


def _live_caches() -> list[_lru_cache_wrapper[Any]]:
    """Return the functions of the program and its tests that remember results."""
    return [
        item
        for item in gc.get_objects()
        if isinstance(item, _lru_cache_wrapper) and item.__module__.startswith(OWN_PACKAGES)
    ]


class _ChangedModule(importlib.abc.MetaPathFinder, importlib.abc.ExecutionLoader):
    """Imports a mutant in the place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        parts = mutant.path.relative_to(ROOT).with_suffix("").parts
        self._is_package = parts[-1] == "__init__"
        self._name = ".".join(parts[:-1] if self._is_package else parts)

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """Return how the module is imported; None for any other."""
        if name != self._name:
            return None
        return importlib.util.spec_from_file_location(
            name,
            self._mutant.path,
            loader=self,
            submodule_search_locations=[str(self._mutant.path.parent)]
            if self._is_package
            else None,
        )

    def get_filename(self, _: str) -> str:
        """Return the path of the unchanged module."""
        return str(self._mutant.path)

    def get_source(self, _: str) -> str:
        """Return the changed source."""
        return self._mutant.source


# The whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a mutant."""

    mutant: Mutant
    exit_code: int  # of the tests' process: 1 if one failed; below 0 the signal that ended it
    test_count: int  # that could have failed

    @property
    def status(self) -> str:
        """Survived, timeout or killed."""
        if self.exit_code in (-signal.SIGPROF, -signal.SIGALRM):
            return "timeout"
        return "survived" if self.exit_code == 0 else "killed"


@dataclass(frozen=True, slots=True)
class Observed:
    """What the tests reach without a change, and how many of them may be run for one mutant."""

    runs: Mapping[str, TestRun]
    max_s: float

    def reaching(self, mutant: Mutant) -> list[str]:
        """Return the tests that reach a mutant, the quickest first, as many as fit in ``max_s``.

        Outside of functions these are all, for a table may be used by other modules.
        """
        path, lines = str(mutant.path), set(mutant.lines)
        names = [
            name
            for name, run in self.runs.items()
            if not mutant.function or run.reached.get(path, frozenset()) & lines
        ]
        names.sort(key=lambda name: self.runs[name].seconds)
        ends = accumulate(self.runs[name].seconds for name in names)
        return [name for name, end in zip(names, ends, strict=True) if end <= self.max_s]

    def fails(self, items: Sequence[pytest.Item]) -> bool:
        """Return whether a test fails; the process ends if one hangs. Then no other is run."""
        try:
            for item, following in zip(items, (*items[1:], None), strict=True):
                _set_timers(EXTRA_CPU_S + CPU_FACTOR * self.runs[item.nodeid].seconds)
                if not _run(item, following):
                    return True
        except BaseException:  # pytest passes on what asks the process to end
            return True
        return False


def _change_function(mutant: Mutant, functions: Sequence[FunctionType]) -> None:
    """Give the live functions the changed code."""
    module = compile(mutant.source, str(mutant.path), "exec", dont_inherit=True)
    code = _code(module, mutant.function, mutant.first_line)
    assert code is not None
    assert functions
    for function in functions:
        function.__code__ = code


def _run_function_mutants(
    mutants: Sequence[Mutant], observed: Observed, items: Sequence[pytest.Item], log: Log
) -> bool:
    """Try mutants of functions, each in a child of this process, which has collected the tests."""
    by_name = {item.nodeid: item for item in items}
    functions = _live_functions({mutant.path for mutant in mutants})
    caches = _live_caches()

    def is_unnoticed(mutant: Mutant, names: Sequence[str]) -> bool:
        place = (str(mutant.path), mutant.function, mutant.first_line)
        _change_function(mutant, functions.get(place, ()))
        for function in caches:  # they remember calls before the change
            function.cache_clear()
        return not observed.fails([by_name[name] for name in names])

    for mutant in mutants:
        names = observed.reaching(mutant)
        work = partial(is_unnoticed, mutant, names)
        code = _in_child(work) if names else 0
        log(Outcome(mutant=mutant, exit_code=code, test_count=len(names)))
    return True


def _is_unnoticed_anew(mutant: Mutant, observed: Observed, folder: Path) -> bool:
    """Import a mutant, program and tests; return whether all tests that reach it pass."""
    sys.meta_path.insert(0, _ChangedModule(mutant))
    order = {name: place for place, name in enumerate(observed.reaching(mutant))}

    def all_pass(items: Sequence[pytest.Item]) -> bool:
        chosen = (item for item in items if item.nodeid in order)
        return not observed.fails(sorted(chosen, key=lambda item: order[item.nodeid]))

    return _with_tests(sorted({name.partition("::")[0] for name in order}), folder, all_pass)


def _run_module_mutants(
    mutants: Sequence[Mutant], observed: Observed, folder: Path, log: Log
) -> None:
    """Try mutants outside of functions, each in a child that imports program and tests anew.

    Raise SystemExit if the tests fail in this way without a change, too.
    """
    if not mutants:
        return
    first = mutants[0]
    unchanged = replace(first, change=lambda: first.statement)
    control = partial(_is_unnoticed_anew, unchanged, observed, folder)
    if _in_child(control) != 0:
        raise SystemExit("the tests fail without a change when they are imported anew")
    for mutant in mutants:
        code = _in_child(partial(_is_unnoticed_anew, mutant, observed, folder))
        count = len(observed.reaching(mutant))
        log(Outcome(mutant=mutant, exit_code=code, test_count=count))


def _print_outcome(outcome: Outcome, known: Container[Key]) -> None:
    """Print a dot for what was noticed or is explained, and else the change."""
    mutant = outcome.mutant
    if outcome.status == "survived" and mutant.key not in known:
        print(f"\n{mutant.diff}\n# {mutant.function}: {outcome.test_count} tests", flush=True)
    else:
        print("T" if outcome.status == "timeout" else ".", end="", flush=True)


def run_mutants(
    part: Part, mutants: Sequence[Mutant], tests: Sequence[str], max_s: float
) -> list[Outcome]:
    """Return what tests make of a part's mutants, in no particular order.

    ``max_s``: CPU time of the tests that are run for one mutant.
    """
    known = explanations()
    numbers = {id(mutant): number for number, mutant in enumerate(mutants)}
    with tempfile.TemporaryDirectory() as name:
        record, outcomes_path, scratch = (
            Path(name) / file for file in ("runs", "outcomes", "scratch")
        )

        def log(outcome: Outcome) -> None:
            with outcomes_path.open("a") as stream:
                stream.write(
                    f"{numbers[id(outcome.mutant)]} {outcome.exit_code} {outcome.test_count}\n"
                )
            _print_outcome(outcome, known)

        def observe(items: Sequence[pytest.Item]) -> bool:
            runs, failing = _observe(items, part.paths)
            modules = [name for name in sys.modules if not name.startswith(OWN_PACKAGES)]
            record.write_bytes(pickle.dumps((runs, modules, failing)))
            return True

        def run_functions(items: Sequence[pytest.Item]) -> bool:
            items = [item for item in items if not item.nodeid.startswith(part.slow)]
            if _in_child(lambda: observe(items), is_limited=False) != 0:
                return False
            runs, _, failing = pickle.loads(record.read_bytes())
            print(*(f"fails without a change: {name}\n" for name in failing), sep="", end="")
            inside = [mutant for mutant in mutants if mutant.function]
            return _run_function_mutants(inside, Observed(runs, max_s), items, log)

        work = partial(_with_tests, tests, scratch, run_functions)
        if _in_child(work, is_limited=False) != 0:
            raise SystemExit("the tests fail without a change")
        runs, modules, _ = pickle.loads(record.read_bytes())
        outside = [mutant for mutant in mutants if not mutant.function]
        for module in modules if outside else ():  # so that no child has to
            with suppress(Exception):
                importlib.import_module(module)
        _run_module_mutants(outside, Observed(runs, max_s), scratch, log)
        print()
        lines = (map(int, line.split()) for line in outcomes_path.read_text().splitlines())
        return [
            Outcome(mutant=mutants[number], exit_code=code, test_count=count)
            for number, code, count in lines
        ]


def wilson_interval(successes: int, total: int) -> tuple[float, float]:
    """Return Wilson's 95 % confidence interval of a share."""
    z = 1.959964
    share, z2 = successes / total, z * z
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = z / (1 + z2 / total) * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return middle - half, middle + half


def explanations() -> dict[Key, str]:
    """Return why each of the listed mutants changes nothing that can be observed."""
    listed = tomllib.loads(EXPLAINED.read_text("utf-8")).get("mutant", ())
    return {
        (entry["module"], entry["function"], entry["was"], entry["becomes"]): entry["why"]
        for entry in listed
    }


def choose(part: Part, only: str, sample: int | None, seed: int) -> tuple[int, list[Mutant]]:
    """Return how many changes there are, and the mutants to be run: a random sample, or all."""
    mutants = [mutant for path in part.paths if only in path.name for mutant in mutants_of(path)]
    count = len(mutants)
    if sample is not None:
        random.Random(seed).shuffle(mutants)
    return count, list(islice(filter(is_valid, mutants), sample))


def print_score(outcomes: Sequence[Outcome], *, is_sample: bool) -> bool:
    """Print the score; return whether every survivor is explained."""
    known = explanations()
    survivors = [outcome for outcome in outcomes if outcome.status == "survived"]
    unexplained = [outcome for outcome in survivors if outcome.mutant.key not in known]
    counts = Counter(outcome.status for outcome in outcomes)
    total = len(outcomes) - (len(survivors) - len(unexplained))
    noticed = total - len(unexplained)
    print(
        f"{len(outcomes)} run: {counts['killed']} killed, {counts['timeout']} timeouts,"
        f" {len(survivors)} survivors, of which {len(survivors) - len(unexplained)} explained"
    )
    if total:
        low, high = wilson_interval(noticed, total)
        interval = f" (95 % interval {low:.1%} to {high:.1%})" if is_sample else ""
        print(f"score {noticed / total:.1%}{interval}")
    return not unexplained


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a part's mutants and print score and survivors; return 1 if one is not explained."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--sample", type=int, metavar="N", help="N random mutants, not all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument(
        "--seconds", type=float, help="of CPU time for the tests of one mutant, the quickest first"
    )
    parser.add_argument("--module", default="", help="only modules with this in their name")
    parser.add_argument(
        "--survivors", action="store_true", help="only what has survived the run before"
    )
    parser.add_argument("--tests", nargs="+", default=(), help="these in the place of the part's")
    given = parser.parse_args(arguments)
    started = time.monotonic()
    count, mutants = choose(PARTS[given.part], given.module, given.sample, given.seed)
    RESULTS.mkdir(parents=True, exist_ok=True)
    kept = RESULTS / f"{given.part}.json"
    if given.survivors:
        keys = {tuple(key) for key in json.loads(kept.read_text("utf-8"))}
        mutants = [mutant for mutant in mutants if mutant.key in keys]
    part = PARTS[given.part]
    outcomes = run_mutants(part, mutants, given.tests or part.tests, given.seconds or part.max_s)
    is_explained = print_score(outcomes, is_sample=given.sample is not None)
    survivors = [outcome.mutant.key for outcome in outcomes if outcome.status == "survived"]
    kept.write_text(json.dumps(survivors, ensure_ascii=False, indent=1), "utf-8")
    print(f"{count} changes are possible; {time.monotonic() - started:.0f} s")
    return 0 if is_explained else 1


if __name__ == "__main__":
    sys.exit(main())
