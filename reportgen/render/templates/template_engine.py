"""Templates to HTML: Jinja2 in a sandbox, with every failure located in the template."""

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

from reportgen.problems import Location, Problem, make_problem
from reportgen.processes.call_errors import DeadlineExceededError, lines_of
from reportgen.render import limits
from reportgen.render.templates.phrase_segmentation import phrases, width_in_ems
from reportgen.render.templates.source_locations import MAIN_FILE, file_in_folder, read_stylesheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jinja2 import Environment
    from jinja2.bccache import Bucket

    from reportgen.processes.call_errors import TracebackLine

PACKAGED_TEMPLATES = Path(__file__).parents[2] / "templates"
CHECKOUT_TEMPLATES = Path(__file__).parents[3] / "templates"
MAX_PRODUCT_LENGTH = 10_000_000  # characters, or items, of a product
MAX_POWER_BITS = 10_000  # bits of a power
MAX_COMPILED_TEMPLATES = 50  # templates that are remembered
MAX_MESSAGE_CHARS = 200  # characters of what an exception says


@dataclass(frozen=True, slots=True)
class Template:
    """A document's folder: its HTML, its CSS and the files they refer to."""

    folder: Path

    @property
    def name(self) -> str:
        """The document's name, such as ``scorecard``."""
        return self.folder.name

    def stylesheets(self) -> str:
        """Return the text of all its stylesheets."""
        return read_stylesheets(self.folder)


def find_template(
    document: str, explicit: Path | None, working_folder: Path
) -> tuple[Template | None, tuple[Problem, ...]]:
    """Return the template of a document, or None with E405, which lists where it was looked for.

    With ``explicit`` (``--templates``) it must be there; else it is in ``templates`` of the working
    folder, in the package, or in the checkout. Only the main file's existence is checked.
    """
    places = (
        [explicit]
        if explicit
        else [working_folder / "templates", PACKAGED_TEMPLATES, CHECKOUT_TEMPLATES]
    )
    for place in places:
        if (place / document / MAIN_FILE).is_file():
            return Template(place / document), ()
    shown = "、".join(str(place / document / MAIN_FILE) for place in places)
    return None, (make_problem("E405", found=document, places=shown),)


def render_template(
    template: Template, context: Mapping[str, Any]
) -> tuple[str, tuple[Problem, ...]]:
    """Return the HTML, or "" with one problem at the template's file and line.

    E401: a syntax error. E409: out of time or memory. E402: whatever else a template raises.
    """
    environment = _new_environment(template)
    try:
        return environment.get_template(MAIN_FILE).render(context), ()
    except TemplateSyntaxError as error:
        where = Location(file=error.filename or error.name or MAIN_FILE, line=error.lineno)
        return "", (make_problem("E401", where, found=error.message or str(error)),)
    except DeadlineExceededError as error:  # Jinja2 has not rewritten its traceback
        place = locate_in_template(lines_of(error), template)
        return "", (limits.limit_problem(limits.OUT_OF_TIME, place),)
    except MemoryError as error:
        return "", (limits.limit_problem(limits.OUT_OF_MEMORY, _location_of(error, template)),)
    except Exception as error:  # a template is a program, which may fail in any way
        found = (str(error) or type(error).__name__)[:MAX_MESSAGE_CHARS]
        return "", (make_problem("E402", _location_of(error, template), found=found),)


def compile_template(template: Template) -> None:
    """Compile a template into the cache of this process and those forked from it.

    Raises TemplateSyntaxError or TemplateNotFound.
    """
    _new_environment(template).get_template(MAIN_FILE)


def locate_in_template(places: Iterable[TracebackLine], template: Template) -> Location:
    """Return the template's line for the first of ``places`` that is in the template's folder.

    ``places`` are of a traceback, innermost first, with line numbers of the programs that Jinja2
    has compiled. If none of them is the template's, it is the main file without a line.
    """
    for place in places:
        path = Path(place.file)
        if path.is_relative_to(template.folder):
            name = path.relative_to(template.folder).as_posix()
            compiled = _new_environment(template).get_template(name)
            line = compiled.get_corresponding_lineno(place.line)
            return Location(file=place.file, line=line)
    return Location(file=str(template.folder / MAIN_FILE))


class _Generator(CodeGenerator):
    """A code generator without constant folding, which would fail before lines are known."""

    def _output_child_to_const(self, node: Any, frame: Any, finalize: Any) -> str:
        """Return the constant for literal text; raises ``Impossible`` for any expression."""
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


class _Sandbox(ImmutableSandboxedEnvironment):
    """An environment that refuses, before computing them, products that no document needs."""

    code_generator_class = _Generator
    intercepted_binops = frozenset(("*", "**"))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Return the result of ``*`` or ``**``, the operators that are intercepted.

        Raises OverflowError, before computing it, for a power of more than 10,000 bits, and for a
        repeated text or list of more than 10 million characters or items.
        """
        if operator == "**" and _bit_length(left) * abs(right) > MAX_POWER_BITS:
            raise OverflowError(f"{operator}: number too large")
        if operator == "*" and _product_length(left, right) > MAX_PRODUCT_LENGTH:
            raise OverflowError(f"{operator}: text too long")
        return super().call_binop(context, operator, left, right)


def _bit_length(number: Any) -> int:
    """Return the bits of an integer; 1 for anything else."""
    return number.bit_length() if isinstance(number, int) else 1


def _product_length(left: Any, right: Any) -> int:
    """Return the length of a repeated text or list, the product's; 0 for a product of numbers."""
    for one, times in ((left, right), (right, left)):
        if isinstance(one, Sized) and isinstance(times, int):
            return len(one) * times
    return 0


class _Loader(FileSystemLoader):
    """A loader for files of one folder; a link that leads out of it is no file."""

    def get_source(self, environment: Environment, template: str) -> Any:
        """Return a template's source; raises TemplateNotFound if it is not in the folder."""
        folder = Path(self.searchpath[0])
        if os.path.lexists(folder / template) and file_in_folder(folder, template) is None:
            raise TemplateNotFound(template)
        return super().get_source(environment, template)


class _CompiledTemplates(BytecodeCache):
    """A cache of compiled templates in this process, by their text."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load the code that the same text was compiled to."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store the code, and evict the oldest beyond MAX_COMPILED_TEMPLATES."""
        self._codes[bucket.key, bucket.checksum] = bucket.code
        while len(self._codes) > MAX_COMPILED_TEMPLATES:
            del self._codes[next(iter(self._codes))]


_COMPILED_TEMPLATES = _CompiledTemplates()


def _new_environment(template: Template) -> Environment:
    """Return a sandboxed Jinja2 environment for a template's folder, with our filters.

    Undefined names raise, values are escaped, and compiled templates are cached in the process.
    """
    environment = _Sandbox(
        bytecode_cache=_COMPILED_TEMPLATES,
        loader=_Loader(template.folder),
        autoescape=True,
        undefined=StrictUndefined,
        optimized=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"phrases": phrases, "ems": width_in_ems}
    return environment


def _location_of(error: BaseException, template: Template) -> Location:
    """Return the innermost line of the template in a traceback that Jinja2 has rewritten.

    If there is none, the location is the main file.
    """
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(template.folder):
            return Location(file=frame.filename, line=frame.lineno)
    return Location(file=str(template.folder / MAIN_FILE))
