"""The syntax error of lexer and parser. Never leaves this package."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.formula.syntax_tree import Span

MAX_FORMULA_CHARS = 2000  # characters of a formula's text
MAX_DEPTH = 50  # brackets and signs within each other
MAX_OPERATORS = 200  # of one formula
MAX_DIGITS = 40  # of one number


class FormulaError(Exception):
    """A problem of the catalogue by its code, and the place in the text.

    What was found is the text at that place, unless ``fields`` say otherwise.
    """

    def __init__(self, code: str, span: Span, **fields: object) -> None:
        self.code = code
        self.span = span
        self.fields = fields
        super().__init__(code)
