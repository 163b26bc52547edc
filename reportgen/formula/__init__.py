"""The formula language: the printed text is the executed formula.

::

    formula, problems = parse_formula("(實支數+應付未付數)/預算數×100% (單位: %)", where)
    outcome = evaluate(formula, YearFigures.of(scorecard.figures, 105), where=where)
    substitution(outcome)  # "(100+7)÷120×100% = 89.17%"

Nothing here reads or writes files, and nothing raises for bad input: problems are
returned. The language is described in docs/formula.md.
"""

from reportgen.formula.calculation_text import exact_value_text, substitution, value_text
from reportgen.formula.diagnostics import excerpt_with_caret
from reportgen.formula.evaluator import Outcome, evaluate
from reportgen.formula.figures import FigureCell, Lookup, YearFigures
from reportgen.formula.formula_reader import Formula, FormulaKind, parse_formula
from reportgen.formula.name_resolution import Evidence, EvidenceCell, MissingInput
from reportgen.formula.rounding import exact_text, figure_text, round_half_up
from reportgen.formula.trailing_notes import Note
from reportgen.formula.units import Unit, parse_unit
from reportgen.formula.unparser import unparse
from reportgen.formula.vocabulary import Vocabulary
from reportgen.text.name_matching import name_key

__all__ = [
    "Evidence",
    "EvidenceCell",
    "FigureCell",
    "Formula",
    "FormulaKind",
    "Lookup",
    "MissingInput",
    "Note",
    "Outcome",
    "Unit",
    "Vocabulary",
    "YearFigures",
    "evaluate",
    "exact_text",
    "exact_value_text",
    "excerpt_with_caret",
    "figure_text",
    "name_key",
    "parse_formula",
    "parse_unit",
    "round_half_up",
    "substitution",
    "unparse",
    "value_text",
]
