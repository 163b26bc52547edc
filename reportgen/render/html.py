"""View → HTML: Jinja2 in a sandbox, with every failure located in the template."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportgen.problems import Location, Problem, make
from reportgen.render.phrases import ems, phrases

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGED = Path(__file__).parent.parent / "templates"
CHECKOUT = Path(__file__).parent.parent.parent / "templates"
MAIN = "document.html"


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
        return "\n".join(
            path.read_text("utf-8", "replace") for path in sorted(self.folder.rglob("*.css"))
        )


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
    """The HTML; empty where the template fails, with E401 or E402 at its file and line."""
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(template.folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"phrases": phrases, "ems": ems}
    try:
        return environment.get_template(MAIN).render(context), ()
    except TemplateSyntaxError as error:
        where = Location(file=error.filename or error.name or MAIN, line=error.lineno)
        return "", (make("E401", where, found=error.message or str(error)),)
    except Exception as error:  # a template is a program, which may fail in any way
        found = str(error) or type(error).__name__
        return "", (make("E402", _place(error, template), found=found),)


def _place(error: BaseException, template: Template) -> Location:
    """The innermost line of the template in a traceback; Jinja2 rewrites them to be there."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(template.folder):
            return Location(file=frame.filename, line=frame.lineno)
    return Location(file=str(template.folder / MAIN))
