"""Counts the work of layouts, by the functions of WeasyPrint that do it."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

from reportgen.render.layout import layout_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A page layout is a call of ``make_page``, whether its page is kept or not.
COUNTED = {
    "page layouts": ("weasyprint.layout.page", "make_page"),
    "cascades": ("weasyprint.css", "get_all_computed_styles"),
    "box trees": (layout_engine.__name__, "build_formatting_structure"),
    "elements": ("weasyprint.formatting_structure.build", "element_to_box"),
}


@contextmanager
def count_work() -> Iterator[Counter[str]]:
    """Count page layouts, cascades and box trees within the context, in this process."""
    work: Counter[str] = Counter()
    with ExitStack() as patches:
        for name, (owner, attribute) in COUNTED.items():
            function = getattr(sys.modules[owner], attribute)
            counting = _counting(name, function, work)
            for module in list(sys.modules.values()):
                for alias in [key for key, value in vars(module).items() if value is function]:
                    patches.enter_context(mock.patch.object(module, alias, counting))
        yield work


def _counting(name: str, function: Callable[..., Any], work: Counter[str]) -> Callable[..., Any]:
    def counting(*arguments: Any, **named: Any) -> Any:
        work[name] += 1
        return function(*arguments, **named)

    return counting
