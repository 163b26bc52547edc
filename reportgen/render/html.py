"""View → HTML: Jinja2 in a sandbox, with every failure located in the template."""

from __future__ import annotations

import os
import traceback
from collections.abc import Sized
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import (
    BytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.compiler import CodeGenerator
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportgen.problems import Location, Problem, make
from reportgen.processes.call_errors import DeadlineExceededError, lines_of
from reportgen.render import limits
from reportgen.render.phrases import ems, phrases
from reportgen.render.sources import MAIN, inside, stylesheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jinja2 import Environment
    from jinja2.bccache import Bucket

    from reportgen.processes.call_errors import TracebackLine

PACKAGED = Path(__file__).parent.parent / "templates"
CHECKOUT = Path(__file__).parent.parent.parent / "templates"
LONGEST_TEXT = 10_000_000  # characters, or items, of a product
LONGEST_NUMBER = 10_000  # bits of a power
COMPILED = 50  # templates that are remembered
MESSAGE = 200  # characters of what an exception says


@dataclass(frozen=True, slots=True)
class Template:
    """A document's folder: its HTML, its CSS and what they refer to."""

    folder: Path

    @property
    def name(self) -> str:
        """The document's name, such as ``scorecard``."""
        return self.folder.name

    def stylesheets(self) -> str:
        """The text of all its stylesheets."""
        return stylesheets(self.folder)


def find_template(
    document: str, explicit: Path | None, working_folder: Path
) -> tuple[Template | None, tuple[Problem, ...]]:
    """The folder of a document: in ``--templates``, else ``./templates``, else packaged."""
    places = [explicit] if explicit else [working_folder / "templates", PACKAGED, CHECKOUT]
    for place in places:
        if (place / document / MAIN).is_file():
            return Template(place / document), ()
    shown = "、".join(str(place / document / MAIN) for place in places)
    return None, (make("E405", found=document, places=shown),)


def render(template: Template, context: Mapping[str, Any]) -> tuple[str, tuple[Problem, ...]]:
    """The HTML; empty where the template fails, with E401, E402 or E409 at its file and line."""
    environment = _environment(template)
    try:
        return environment.get_template(MAIN).render(context), ()
    except TemplateSyntaxError as error:
        where = Location(file=error.filename or error.name or MAIN, line=error.lineno)
        return "", (make("E401", where, found=error.message or str(error)),)
    except DeadlineExceededError as error:  # Jinja2 has not rewritten its traceback
        place = in_template(lines_of(error), template)
        return "", (limits.exceeded(limits.TIME, place),)
    except MemoryError as error:
        return "", (limits.exceeded(limits.SPACE, _place(error, template)),)
    except Exception as error:  # a template is a program, which may fail in any way
        found = (str(error) or type(error).__name__)[:MESSAGE]
        return "", (make("E402", _place(error, template), found=found),)


def compile_all(template: Template) -> None:
    """Compile a template for all that this process, and those forked from it, make of it."""
    _environment(template).get_template(MAIN)


def in_template(places: Iterable[TracebackLine], template: Template) -> Location:
    """The innermost line of the template among lines of Jinja2's own programs."""
    for place in places:
        path = Path(place.file)
        if path.is_relative_to(template.folder):
            name = path.relative_to(template.folder).as_posix()
            compiled = _environment(template).get_template(name)
            line = compiled.get_corresponding_lineno(place.line)
            return Location(file=place.file, line=line)
    return Location(file=str(template.folder / MAIN))


class _Generator(CodeGenerator):
    """Computes nothing while a template is compiled, where no line is known yet."""

    def _output_child_to_const(self, node: Any, frame: Any, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Refuses, before they are computed, products that no document needs."""

    code_generator_class = _Generator
    intercepted_binops = frozenset(("*", "**"))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """A product; raises OverflowError where it is too large."""
        if operator == "**" and _size(left) * abs(right) > LONGEST_NUMBER:
            raise OverflowError(f"{operator}: number too large")
        if operator == "*" and _length(left, right) > LONGEST_TEXT:
            raise OverflowError(f"{operator}: text too long")
        return super().call_binop(context, operator, left, right)


def _size(number: Any) -> int:
    return number.bit_length() if isinstance(number, int) else 1


def _length(left: Any, right: Any) -> int:
    """How long a text or list becomes by repetition; 0 for numbers that are no such thing."""
    for one, times in ((left, right), (right, left)):
        if isinstance(one, Sized) and isinstance(times, int):
            return len(one) * times
    return 0


class _Loader(FileSystemLoader):
    """Files of the folder; a link that leads out of it is no file."""

    def get_source(self, environment: Environment, template: str) -> Any:
        """The text of a template; raises TemplateNotFound where it is no file of the folder."""
        folder = Path(self.searchpath[0])
        if os.path.lexists(folder / template) and inside(folder, template) is None:
            raise TemplateNotFound(template)
        return super().get_source(environment, template)


class _Compiled(BytecodeCache):
    """Templates that this process has compiled, by their text."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What the same text was compiled to."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember it; of many, the oldest is forgotten."""
        self._codes[bucket.key, bucket.checksum] = bucket.code
        while len(self._codes) > COMPILED:
            del self._codes[next(iter(self._codes))]


_COMPILED = _Compiled()


def _environment(template: Template) -> Environment:
    environment = _Sandbox(
        bytecode_cache=_COMPILED,
        loader=_Loader(template.folder),
        autoescape=True,
        undefined=StrictUndefined,
        optimized=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"phrases": phrases, "ems": ems}
    return environment


def _place(error: BaseException, template: Template) -> Location:
    """The innermost line of the template in a traceback; Jinja2 rewrites them to be there."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(template.folder):
            return Location(file=frame.filename, line=frame.lineno)
    return Location(file=str(template.folder / MAIN))


__all__ = [
    "CHECKOUT",
    "MAIN",
    "PACKAGED",
    "Template",
    "compile_all",
    "find_template",
    "in_template",
    "render",
]
